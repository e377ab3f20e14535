"""Where an instance breaks a schema of the contract, in words, and how firmly each rule is known.

jsonschema-rs finds the violations, and the way through the schema to each; the nearest node on it that is marked
(`x-basis`, `x-source`) says how the rule is known. Before a violation may decide, jsonschema must see it, too.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urldefrag, urljoin

from golive.contract.label import Basis
from golive.contract.outcomes import SuiteError
from golive.kit.json_schema import SecondOpinion
from golive.kit.pointers import escape, steps_of, value_at, written
from golive.redaction.rendering import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from jsonschema_rs import Registry, ValidationError, Validator

MOST = 1000
"""Violations of one instance that are explained; a report shows some twenty of them."""

LONGEST = 2000
"""Items of a list that are explained, twice as many as any list may have."""

NULL = "null"
"""How a violation shows the value."""

REFERENCES = frozenset({"$ref", "$dynamicRef"})
ONE_SAYS_NO = "(jsonschema, the second validator, does not object)"

_twice: ContextVar[bool] = ContextVar("twice", default=False)


@contextmanager
def judged_twice() -> Iterator[None]:
    """Within, jsonschema judges what jsonschema-rs found in order, too; an objection is the suite's own fault."""
    token = _twice.set(True)
    try:
        yield
    finally:
        _twice.reset(token)


@dataclass(frozen=True)
class Violation:
    """One place where an instance breaks a schema. `at` is a JSON pointer, `""` for the whole.

    `basis` and `source` are those of the nearest marked node; a source is None where no node names one.
    """

    at: str
    expected: str
    actual: str
    basis: Basis
    source: str | None = None


class Schemas:
    """Schemas by their addresses, ready to judge instances."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self.documents = documents
        self._validators: dict[str, Validator] = {}
        self._second = SecondOpinion(documents)

    @cached_property
    def _registry(self) -> Registry:
        import jsonschema_rs

        return jsonschema_rs.Registry(list(self.documents.items()))

    def resolve(self, base: str, reference: str) -> tuple[str, Any]:
        """Return the address of the document that a reference in `base` leads to, and what stands there."""
        address, fragment = urldefrag(urljoin(base, reference))
        if fragment and not fragment.startswith("/"):  # an `$anchor`
            return address, self._registry.resolver(base).lookup(reference).contents
        return address, value_at(self.documents[address], steps_of(unquote(fragment)))

    def members_at(self, base: str, node: Any, steps: Sequence[str | int]) -> set[str]:
        """Return the members that a schema of the document `base` knows at the place where these steps lead."""
        found = {*node.get("properties", {})} if not steps else set()
        inner = [(base, one) for name in ("allOf", "anyOf", "oneOf") for one in node.get(name, ())]
        nested = [*inner, *(self.resolve(base, node[name]) for name in REFERENCES & node.keys())]
        for at, one in nested:
            found |= self.members_at(at, one, steps)
        below = [node.get("items"), node.get("properties", {}).get(steps[0])] if steps else ()
        for one in below:
            found |= self.members_at(base, one, steps[1:]) if isinstance(one, dict) else set()
        return found

    def violations(self, address: str, instance: Any) -> list[Violation]:
        """Return what in the instance breaks the schema at this address, each once.

        `null` for «no value» is as good as an absent optional member, and recorded as advice (contract-facts §9); a
        required member that is null is as wrong as one that is absent.
        """
        found = self._violations(address, instance)
        if all(one.actual != NULL for one in found):
            return found
        smaller = without_nulls(instance)
        if smaller == instance:  # no null of a member
            return found
        still = {one.at for one in self._violations(address, smaller)}
        return [
            replace(one, basis=Basis.INFERRED)
            if one.actual == NULL and one.at not in still
            else one
            for one in found
        ]

    def keeps(self, address: str, instance: Any) -> bool:
        """Return whether an instance keeps the schema at this address; nothing is explained."""
        try:
            return self._accepts(address, instance)
        except UnicodeEncodeError:
            return self._accepts(address, _in_whole_characters(instance))

    def _violations(self, address: str, instance: Any) -> list[Violation]:
        try:
            return self._found(address, instance)
        except UnicodeEncodeError:
            return self._found(address, _in_whole_characters(instance))

    def _accepts(self, address: str, instance: Any) -> bool:
        if not self._validator(address).is_valid(instance):
            return False
        if _twice.get() and not self._second.accepts(address, instance):
            raise SuiteError(f"{address}: jsonschema sees a violation, jsonschema-rs none")
        return True

    def _found(self, address: str, instance: Any) -> list[Violation]:
        if self._accepts(address, instance):
            return []
        validator = self._validator(address)
        short = _shortened(instance)
        # Each error takes kilobytes: of a list that is far too long, its beginning is enough.
        if short is not instance and not validator.is_valid(short):
            instance = short
        errors = islice(validator.iter_errors(instance), MOST)
        return list(dict.fromkeys(self._explained(error, address, instance) for error in errors))

    def _validator(self, address: str) -> Validator:
        import jsonschema_rs

        if address not in self._validators:
            self._validators[address] = jsonschema_rs.validator_for(
                {"$ref": address}, registry=self._registry, validate_formats=True
            )
        return self._validators[address]

    def _explained(self, error: ValidationError, address: str, instance: Any) -> Violation:
        way = list(error.evaluation_path)
        if (
            error.kind.name == "propertyNames"
        ):  # it is reported at the object, and goes on into the rule for a name
            del way[len(way) - way[::-1].index("propertyNames") :]
        # A member whose schema is `false` is reported at itself, superfluous members at their object.
        alone = error.kind.name == "falseSchema" and way[-1:] != ["additionalProperties"]
        keyword = None if alone else str(way.pop())
        node: Any = {"$ref": address}
        base, basis, source = address, Basis.DOCUMENTED, None
        for step in way:
            base, node = (
                self.resolve(base, node[step]) if step in REFERENCES else (base, node[step])
            )
            if isinstance(node, dict):
                basis = Basis(node.get("x-basis", basis))
                source = node.get("x-source", source)
        # Not `error.instance`: its members come sorted.
        value = value_at(instance, error.instance_path)
        at, expected, actual = written(error.instance_path), expectation(keyword, node), show(value)
        if keyword == "required" and isinstance(error.kind, error.kind.Required):
            at = f"{at}/{escape(error.kind.property)}"
            expected, actual = "present", "absent"
        if basis is not Basis.INFERRED and not self._second.sees(base, node, keyword, value):
            expected, basis = f"{expected} {ONE_SAYS_NO}", Basis.INFERRED
        return Violation(at, expected, actual, basis, source)


def _in_whole_characters(instance: Any) -> Any:
    """Replace each half of a character, which jsonschema-rs can't take in."""
    return json.loads(json.dumps(instance, ensure_ascii=False).encode("utf-8", "replace"))


def without_nulls(value: Any) -> Any:
    """Return a copy of a JSON value without the members that are null; arrays keep every item."""
    match value:
        case dict():
            return {k: without_nulls(v) for k, v in value.items() if v is not None}
        case list():
            return [without_nulls(one) for one in value]
    return value


def _shortened(instance: Any) -> Any:
    """Return a copy whose lists, as members of the whole, are cut; the instance itself where none is so long."""
    if isinstance(instance, list):
        return instance[:LONGEST] if len(instance) > LONGEST else instance
    if not isinstance(instance, dict):
        return instance
    long = {n: v for n, v in instance.items() if isinstance(v, list) and len(v) > LONGEST}
    return instance | {n: v[:LONGEST] for n, v in long.items()} if long else instance


WORDS = {
    "format": "format",
    "pattern": "a string that matches",
    "minProperties": "members, at least",
}


def expectation(keyword: str | None, node: Any) -> str:
    """Say in words what a keyword of a schema demands; None stands for the schema `false`."""
    rule: Any = node[keyword] if keyword else False
    match keyword:
        case None:
            return "absent"
        case "type":
            return " or ".join([rule] if isinstance(rule, str) else rule)
        case "enum":
            return f"one of {', '.join(map(str, rule))}"
        case "const":
            return json.dumps(rule)
        case "format" | "pattern" | "minProperties":
            return f"{WORDS[keyword]} {rule}"
        case "additionalProperties" | "unevaluatedProperties":
            return "no other members"
        case "anyOf" | "oneOf":
            return "one of the forms that the contract allows"
        case "minimum" | "maximum" if node.get("minimum") == node.get("maximum"):
            return f"{json.dumps(rule)} and no other number"
        case "not":
            return f"not {json.dumps(rule, sort_keys=True)}" if rule else "absent"
    return f"{keyword} {json.dumps(rule)}"
