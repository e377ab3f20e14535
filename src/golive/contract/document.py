"""The contract as data: every file under `schemas/`, and the question «what violates it, and how firmly?».

Each schema file has the address `https://golive.invalid/` plus its path below `schemas/`, so references between files
are relative. A node may carry `x-basis` and `x-source`; the nearest marked ancestor says how a violation
is known, and a node that nobody marked is documented.
"""

from __future__ import annotations

import json
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from golive.contract import project
from golive.contract.apis import read_document
from golive.contract.descriptions import operations_in
from golive.contract.label import GUESS
from golive.contract.learnt import overlaid, worded
from golive.contract.mapping import mapping_of
from golive.contract.operations import (
    ADDRESS,
    OPENAPI,
    SCHEMA,
    Operation,
    Place,
    operation_at,
    unknown_operation,
)
from golive.contract.outcomes import SuiteError
from golive.contract.personal import marked_members, personal_marks
from golive.contract.project import own_schemas
from golive.contract.validation import Schemas
from golive.kit.files import resources
from golive.kit.json_schema import mistakes_in
from golive.kit.pointers import nodes, steps_of, written

if TYPE_CHECKING:
    from pathlib import Path

    from golive.contract.label import Label
    from golive.contract.mapping import Mapping
    from golive.contract.validation import Violation
    from golive.redaction.personal import PersonalMarks


EXAMPLES = frozenset({"example", "examples"})
TYPES: dict[str, list[type]] = {
    "array": [list],
    "boolean": [bool],
    "integer": [int],
    "number": [int, float],
    "string": [str],
}
"""What each type of JSON Schema that a parameter may have is in Python."""


class Contract:
    """Everything under a `schemas/` folder, golive's own where none is named, loaded when it is first asked for."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or resources() / "schemas"
        self.own = own_schemas(self.folder)

    @cached_property
    def apis(self) -> dict[str, dict[str, Any]]:
        """The OpenAPI description of each API, by its folder (`NAME-VERSION`)."""
        found = {
            file.parent.name: read_document(file)
            for file in sorted(self.folder.glob(f"*/{OPENAPI}"))
        }
        if self.own is None:
            return found
        found = {
            name: worded(overlaid(one, self.own, name), self.mapping) for name, one in found.items()
        }
        return found | project.api_documents(self.own)

    @cached_property
    def operations(self) -> dict[str, Operation]:
        """Every operation of every API by its operationId."""
        return operations_in(self.apis)

    def operation(self, operation_id: str) -> Operation:
        """Return the operation of this operationId; raises InvalidRequestError where there is none."""
        found = self.operations.get(operation_id)
        if found is None:
            raise unknown_operation(operation_id, self.operations)
        return found

    def operation_of(self, method: str, url: str) -> Operation | None:
        """Return the operation that a request asks for, None where it is none of the contract's."""
        return operation_at(self.operations.values(), method, url)

    @cached_property
    def mapping(self) -> Mapping:
        """Where the answers have what the checks read."""
        return mapping_of(self.folder, self.own)

    def header_label(self, method: str, url: str, status: int, name: str) -> Label:
        """Return how firmly it is known that the answer of this status to a request has a header."""
        operation = self.operation_of(method, url)
        return operation.header_label(status, name) if operation else GUESS

    def named(self, name: str) -> Operation | None:
        """Return the operation of this short name (`x-golive-name`), None where there is none."""
        return next((one for one in self.operations.values() if one.name == name), None)

    @cached_property
    def personal(self) -> PersonalMarks:
        """What is marked as personal in any API: parameters, and members of bodies."""
        return personal_marks(self.operations.values(), marked_members(self._documents.values()))

    @cached_property
    def _documents(self) -> dict[str, Any]:
        schemas = list(self.folder.rglob(f"*{SCHEMA}"))
        if self.folder != resources() / "schemas":  # golive's own are held by its tests
            for file in schemas:
                for way, words in mistakes_in(_read(file)):
                    name, place = file.relative_to(self.folder), written(way) or "the whole"
                    raise SuiteError(
                        f"{name} is not a JSON Schema (draft 2020-12): {place}: {words}"
                    )
        documents = {
            ADDRESS + file.relative_to(self.folder).as_posix(): _without_dialect(_read(file))
            for file in schemas
        }
        if self.own:
            documents = project.extended(documents, self.own)
        apis = {f"{ADDRESS}{folder}/{OPENAPI}": one for folder, one in self.apis.items()}
        return {**documents, **apis}

    @cached_property
    def examples(self) -> frozenset[str]:
        """Every text that stands as an example, or inside one, anywhere in the contract."""
        maps = (node for node in nodes([*self._documents.values()]) if isinstance(node, dict))
        shown = (one[name] for one in maps for name in EXAMPLES & one.keys())
        return frozenset(text for text in nodes([*shown]) if isinstance(text, str))

    @cached_property
    def words(self) -> frozenset[str]:
        """The contract's own words: names of members and parameters, and enumerated values."""
        found: set[str] = set()
        todo: list[Any] = list(self._documents.values())
        while todo:
            match todo.pop():
                case {"x-basis": "own"} as node:
                    found.update(project.member_names(node))
                case dict() as node:
                    found.update(
                        node, *([node["enum"]] if isinstance(node.get("enum"), list) else [])
                    )
                    found.update(node[k] for k in ("const", "name") if isinstance(node.get(k), str))
                    todo.extend(node.values())
                case list() as nodes:
                    todo.extend(nodes)
        found.update(self.mapping.names)
        return frozenset(word for word in found if isinstance(word, str))

    @cached_property
    def _schemas(self) -> Schemas:
        parameters = {
            f"{ADDRESS}{one.folder}/{one.operation_id}": one.parameter_schemas
            for one in self.operations.values()
        }
        return Schemas({**self._documents, **parameters})

    def schema(self, name: str) -> dict[str, Any]:
        """Return a schema by its path below `schemas/`, less `.schema.json`."""
        return dict(self._documents[self.address(name)])

    def address(self, name: str) -> str:
        """Return the address of the schema `name` (`folder/name`)."""
        return f"{ADDRESS}{name}{SCHEMA}"

    def violations(self, name: str, instance: object) -> list[Violation]:
        """Return what in the instance violates the schema `name` (`folder/name`)."""
        return self._schemas.violations(self.address(name), instance)

    def members_beside(self, name: str, at: str) -> set[str]:
        """Return the members that the schema `name` knows in the object of the member at a JSON pointer."""
        return self._schemas.members_at("", {"$ref": self.address(name)}, steps_of(at)[:-1])

    def value_violations(
        self, operation: Operation, place: Place, texts: list[str]
    ) -> list[Violation]:
        """Return what violates the schema of a parameter in its value, given as the texts that stand in the URL.

        A text may be the number or the truth value that it reads as, and one alone an array of one.
        """
        described = operation.parameter(place)
        if "schema" not in described:
            return []
        if described.get("explode") is False:
            texts = [part for one in texts for part in one.split(",")]
        address = f"{ADDRESS}{operation.folder}/{operation.operation_id}#{quote(written(place))}"
        readings = _readings(texts)
        if any(self._schemas.keeps(address, one) for one in readings):
            return []
        found = [(type(one), self._schemas.violations(address, one)) for one in readings]
        node: Any = {"$ref": address}
        while "$ref" in node:
            address, node = self._schemas.resolve(address, node["$ref"])
        kinds = TYPES.get(str(node.get("type")), [])
        return next((said for kind, said in found if kind in kinds), found[0][1])

    def resolve(self, base: str, reference: str) -> tuple[str, Any]:
        """Return the address and the contents that a reference in `base` leads to."""
        return self._schemas.resolve(base, reference)


def _readings(texts: list[str]) -> list[Any]:
    """Return what the texts of a parameter may stand for."""
    typed = [_scalar(text) for text in texts]
    alone = [texts[0], typed[0]] if len(texts) == 1 else []
    return [*alone, texts, typed]


def _scalar(text: str) -> Any:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    return value if isinstance(value, bool | int | float) else text


def _without_dialect(document: Any) -> Any:
    """Leave out `$schema`: all are of one dialect, and there jsonschema would leave an extended validator."""
    if not isinstance(document, dict):
        return document
    return {name: value for name, value in document.items() if name != "$schema"}


@lru_cache(maxsize=128)
def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
