"""The smallest violations of a JSON Schema in an instance that keeps it.

The schema and the instance are traversed side by side. At each node each keyword gives a few wrong values, and
the contract itself is asked whether the result is really a violation, and how firm its basis is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis
from golive.contract.operations import ADDRESS
from golive.kit.pointers import REMOVE, with_value, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.contract.document import Contract

LONGEST = 40
"""Items of an array that are visited; the first that has a node stands for all."""

WRONG = {
    "string": 7,
    "integer": "seven",
    "number": "seven",
    "boolean": "yes",
    "array": "no array",
    "object": "no object",
    "null": "not null",
}


@dataclass(frozen=True)
class Violated:
    """An instance with one violation: where, of which kind, at which schema node, on which basis."""

    at: str
    kind: str
    node: str
    instance: Any
    basis: Basis


def violated(
    contract: Contract, name: str, instance: Any, known: set[tuple[Any, ...]] | None = None
) -> Iterator[Violated]:
    """Yield every smallest violation of the schema `name` that the instance can be made to show.

    `known` goes from one instance to the next: what violates a node by the same way as in one before is left out.
    """
    tried: set[tuple[str, str]] = set()
    before = set() if known is None else known
    mutator = _Mutator(contract)
    for node, pointer, kind, value in mutator.mutate(
        f"{ADDRESS}{name}.schema.json", contract.schema(name), instance, (), "#"
    ):
        if (node, kind) in tried:
            continue
        tried.add((node, kind))
        way = name, node, kind, tuple("*" if isinstance(one, int) else one for one in pointer)
        if way in before:
            continue
        changed = with_value(instance, pointer, value)
        at = written(pointer)
        found = [
            v
            for v in contract.violations(name, changed)
            if at == v.at or at.startswith(f"{v.at}/") or not v.at
        ]
        if found:
            firm = [v.basis for v in found if v.basis is not Basis.INFERRED]
            before.add(way)
            yield Violated(at, kind, node, changed, firm[0] if firm else Basis.INFERRED)


class _Mutator:
    def __init__(self, contract: Contract) -> None:
        self._contract = contract

    def mutate(
        self, base: str, schema: Any, value: Any, pointer: tuple[Any, ...], where: str
    ) -> Iterator[tuple[str, tuple[Any, ...], str, Any]]:
        """Yield (schema node, pointer, kind, wrong value) below a schema and the value it judges."""
        if not isinstance(schema, dict):
            return
        node = f"{base}{where}"
        for kind, wrong in _wrong_values(schema, value):
            yield node, pointer, kind, wrong
        if "$ref" in schema:
            target, resolved = self._contract.resolve(base, schema["$ref"])
            yield from self.mutate(target, resolved, value, pointer, _fragment(schema["$ref"]))
        for index, part in enumerate(schema.get("allOf", ())):
            yield from self.mutate(base, part, value, pointer, f"{where}/allOf/{index}")
        if "then" in schema:  # where its condition does not hold, nothing is found to be violated
            yield from self.mutate(base, schema["then"], value, pointer, f"{where}/then")
        if isinstance(value, dict):
            yield from self._members(base, schema, value, pointer, where)
        elif isinstance(value, list):
            for index, item in enumerate(value[:LONGEST]):
                yield from self.mutate(
                    base, schema.get("items"), item, (*pointer, index), f"{where}/items"
                )

    def _members(
        self,
        base: str,
        schema: dict[str, Any],
        value: dict[str, Any],
        pointer: tuple[Any, ...],
        where: str,
    ) -> Iterator[tuple[str, tuple[Any, ...], str, Any]]:
        for name in schema.get("required", ()):
            if name in value:
                yield f"{base}{where}/required/{name}", (*pointer, name), "missing", REMOVE
        for name, sub in schema.get("properties", {}).items():
            if sub is False:
                yield f"{base}{where}/properties/{name}", (*pointer, name), "forbidden", "x"
            elif name in value:
                yield from self.mutate(
                    base, sub, value[name], (*pointer, name), f"{where}/properties/{name}"
                )
        if schema.get("additionalProperties") is False:
            yield f"{base}{where}/additionalProperties", (*pointer, "surplus"), "extra", "x"


def _wrong_values(schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    kinds = schema.get("type", [])
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        yield "wrong type", WRONG[kind]
    if kinds and "null" not in kinds:
        yield "null", None
    if "enum" in schema or "const" in schema:
        yield "outside the enum", "no-such-value"
    if isinstance(value, str):
        if {"pattern", "format"} & schema.keys():
            yield "broken format", "☃ of another form"
        if schema.get("minLength"):
            yield "empty", ""
    if isinstance(value, list) and schema.get("minItems"):
        yield "empty", []
    if isinstance(value, list) and "maxItems" in schema and value:
        yield "too many", (value * (schema["maxItems"] // len(value) + 2))[: schema["maxItems"] + 1]
    if "minimum" in schema and isinstance(value, int | float):
        yield "too small", schema["minimum"] - 1
    if "anyOf" in schema or "oneOf" in schema:
        yield "no allowed form", True


def _fragment(reference: str) -> str:
    return f"#{reference.split('#', 1)[1]}" if "#" in reference else "#"


def encoded(instance: Any) -> bytes:
    """Write an instance as the body of a response."""
    return json.dumps(instance, ensure_ascii=False).encode()
