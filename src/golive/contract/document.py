"""The contract as data: every file under `schemas/`, and the question «what violates it, and how firmly?».

Each schema file has the address `https://golive.invalid/` plus its path below `schemas/`, so references between files
are relative. A node may carry `x-basis` and `x-source`; the nearest marked ancestor says how a violation
is known, and a node that nobody marked is documented.
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin

from golive.contract.label import Basis
from golive.contract.operations import (
    ADDRESS,
    OPENAPI,
    SCHEMA,
    Operation,
    operation_at,
    operations_in,
)
from golive.contract.personal import marked_members, personal_marks
from golive.contract.validation import Violation, as_absent
from golive.redaction.rendering import show

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jsonschema import ValidationError
    from referencing import Registry

    from golive.kit.json_schema import SchemaCheck
    from golive.redaction.marks import PersonalMarks

EXAMPLES = frozenset({"example", "examples"})
Marks = tuple[Basis, str | None]
UNMARKED: Marks = (Basis.DOCUMENTED, None)
MISSING = re.compile(r"^'(.+)' is a required property$", re.DOTALL)


class Contract:
    """Everything under a `schemas/` folder, loaded when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._checks: dict[str, SchemaCheck] = {}

    @cached_property
    def apis(self) -> dict[str, dict[str, Any]]:
        """The OpenAPI description of each API, by the folder in which it lies (`NAME-VERSION`)."""
        return {file.parent.name: _read(file) for file in sorted(self.folder.glob(f"*/{OPENAPI}"))}

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation of every API by its operationId."""
        return operations_in(self.apis)

    def operation_of(self, method: str, url: str) -> Operation | None:
        """Return the operation that a request asks for, None where it is none of the contract's."""
        return operation_at(self.operations.values(), method, url)

    def named(self, name: str) -> Operation | None:
        """Return the operation of this short name (`x-golive-name`), None where there is none."""
        return next((one for one in self.operations.values() if one.name == name), None)

    @cached_property
    def personal(self) -> PersonalMarks:
        """What is marked as personal in any API: parameters, and members of bodies."""
        return personal_marks(self.operations.values(), marked_members(self._documents.values()))

    @cached_property
    def _documents(self) -> dict[str, Any]:
        files = [*self.folder.rglob(f"*{SCHEMA}"), *self.folder.glob(f"*/{OPENAPI}")]
        return {
            ADDRESS + file.relative_to(self.folder).as_posix(): _without_dialect(_read(file))
            for file in files
        }

    @cached_property
    def examples(self) -> frozenset[str]:
        """Every text that stands as an example, or inside one, anywhere in the contract."""
        found: set[str] = set()
        todo: list[tuple[Any, bool]] = [(node, False) for node in self._documents.values()]
        while todo:
            node, shown = todo.pop()
            if isinstance(node, dict):
                todo.extend((v, shown or k in EXAMPLES) for k, v in node.items())
            elif isinstance(node, list):
                todo.extend((one, shown) for one in node)
            elif shown and isinstance(node, str):
                found.add(node)
        return frozenset(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """The contract's own words: names of members and parameters, and enumerated values."""
        found: set[str] = set()
        todo: list[Any] = list(self._documents.values())
        while todo:
            match todo.pop():
                case dict() as node:
                    found.update(
                        node, *([node["enum"]] if isinstance(node.get("enum"), list) else [])
                    )
                    found.update(node[k] for k in ("const", "name") if isinstance(node.get(k), str))
                    todo.extend(node.values())
                case list() as nodes:
                    todo.extend(nodes)
        return frozenset(word for word in found if isinstance(word, str))

    @cached_property
    def _registry(self) -> Registry[Any]:
        from referencing import Registry, Resource
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resources(
            (address, Resource.from_contents(document, default_specification=DRAFT202012))
            for address, document in self._documents.items()
        )

    def schema(self, name: str) -> dict[str, Any]:
        """Return a schema by its path below `schemas/`, less `.schema.json`."""
        return dict(self._registry.contents(self.address(name)))

    def address(self, name: str) -> str:
        """Return the address of the schema `name` (`folder/name`)."""
        return f"{ADDRESS}{name}{SCHEMA}"

    def violations(self, name: str, instance: object) -> list[Violation]:
        """Return what in the instance violates the schema `name` (`folder/name`)."""
        check = self._checks.get(name)
        if check is None:
            from golive.kit.json_schema import SchemaCheck

            check = SchemaCheck(self.address(name), self._documents, self._registry)
            self._checks[name] = check
        found = dict.fromkeys(self._explain(error, check.root) for error in check.errors(instance))
        return as_absent(list(found), instance, lambda other: self.violations(name, other))

    def _explain(self, error: ValidationError, root: Any) -> Violation:
        pointer = "".join(f"/{_escape(part)}" for part in error.absolute_path)
        missing = MISSING.match(error.message) if error.validator == "required" else None
        if missing:
            at, actual = f"{pointer}/{_escape(missing[1])}", "absent"
            return Violation(at, "present", actual, *self._marks(error, root))
        return Violation(
            pointer, _expectation(error), show(error.instance), *self._marks(error, root)
        )

    def _marks(self, error: ValidationError, root: Any) -> Marks:
        """Follow the path that the validator took and keep the last marks on it."""
        parts = list(error.absolute_schema_path)
        return next(self._follow(ADDRESS, root, parts, UNMARKED, error.schema), UNMARKED)

    def _follow(
        self, base: str, node: Any, parts: list[Any], marks: Marks, target: Any
    ) -> Iterator[Marks]:
        """Yield the basis and the source of each way along the path that ends in the schema `target`.

        The validator leaves references out of its paths, so a step may lead through one.
        """
        if isinstance(node, dict):
            basis, source = marks
            marks = Basis(node.get("x-basis", basis)), node.get("x-source", source)
        if len(parts) <= 1 and (node is target or node == target):
            yield marks
        listed = isinstance(node, list) and parts and isinstance(parts[0], int)
        if listed or (parts and isinstance(node, dict) and parts[0] in node):
            yield from self._follow(base, node[parts[0]], parts[1:], marks, target)
        if isinstance(node, dict) and "$ref" in node:
            base, node = self.resolve(base, node["$ref"])
            yield from self._follow(base, node, parts, marks, target)

    def resolve(self, base: str, reference: str) -> tuple[str, Any]:
        """Return the address and the contents that a reference in `base` leads to."""
        target = urljoin(base, reference)
        resolved = self._registry.resolver(base_uri=base).lookup(reference)
        return urldefrag(target).url, resolved.contents


def _expectation(error: ValidationError) -> str:
    """Say in words what the violated keyword demands."""
    rule: Any = error.validator_value
    match error.validator:
        case None:
            return "absent"
        case "type":
            return " or ".join([rule] if isinstance(rule, str) else rule)
        case "enum":
            return f"one of {', '.join(map(str, rule))}"
        case "const":
            return json.dumps(rule)
        case "format":
            return f"format {rule}"
        case "pattern":
            return f"a string that matches {rule}"
        case "additionalProperties" | "unevaluatedProperties":
            return "no other members"
        case "anyOf" | "oneOf":
            return "one of the forms that the contract allows"
        case "not" if rule == {}:
            return "absent"
        case "not":
            return f"not {json.dumps(rule, sort_keys=True)}"
        case keyword:
            return f"{keyword} {json.dumps(rule)}"


def _escape(part: object) -> str:
    """Write one reference token of a JSON pointer (RFC 6901 §3)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _without_dialect(document: Any) -> Any:
    """Leave out `$schema`: all are of one dialect, and there jsonschema would leave an extended validator."""
    if not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if name != "$schema"}


@lru_cache(maxsize=128)
def _read(file: Path) -> Any:
    if file.suffix == ".json":
        return json.loads(file.read_text(encoding="utf-8"))
    from golive.kit.files import read_yaml

    return read_yaml(file)
