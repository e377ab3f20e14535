"""JSON Schema by two validators that know nothing of each other.

jsonschema-rs is fast, decides, and says where an instance breaks a schema. jsonschema takes 0.2 s to be imported and is
slow: it is the second opinion on what was found. The two read a pattern differently where Python's `re` and ECMA-262
do: here, as there, the closing `$` does not let a line feed follow, and a digit is one of ASCII.
"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jsonschema import Draft202012Validator, ValidationError
    from referencing import Registry

FORMATS = frozenset(
    {
        "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
        "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time",
        "uri", "uri-reference", "uri-template", "uuid",
    }
)  # fmt: skip
DRAFT = "https://json-schema.org/draft/2020-12/"
A_SCHEMA = {"$dynamicRef": "#meta"}
SCHEMAS_IN_A_LIST = {"$ref": "#/$defs/schemaArray"}
"""How the draft says that the value of a keyword is a schema, or a list of them."""

CLOSING = re.compile(r"(?<!\\)\$$")


@cache
def form_of(name: str) -> Any:
    """Return what knows the form of one of golive's own files, by its name below `schemas`."""
    import jsonschema_rs

    rules = json.loads((resources() / "schemas" / name).read_text(encoding="utf-8"))
    return jsonschema_rs.validator_for(rules, validate_formats=True)


def keeps(schema: dict[str, Any], instance: Any) -> bool:
    """Say quickly that an instance keeps a schema; where this says no, jsonschema may know better."""
    import jsonschema_rs

    try:
        return jsonschema_rs.is_valid(schema, instance)
    except ValueError:  # it holds what JSON does not have, such as a date
        return False


@cache
def keywords() -> dict[str, Any]:
    """Return each keyword of draft 2020-12 with the draft's own rule for its value."""
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    parts = [DRAFT + part["$ref"] for part in REGISTRY.contents(f"{DRAFT}schema")["allOf"]]
    found = {k: v for one in parts for k, v in REGISTRY.contents(one)["properties"].items()}
    return found | {"definitions": found["$defs"]}  # the older name can still be referred to


def mistakes_in(schema: Any) -> list[tuple[tuple[str | int, ...], str]]:
    """Return what makes a schema itself wrong, as draft 2020-12 reads it: the way to each place, and words about it."""
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(  # with formats: a pattern has to be a regular expression
        Draft202012Validator.META_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    errors = validator.iter_errors(
        schema
    )  # each vocabulary of the draft says that the whole is no object
    return list(dict.fromkeys((tuple(one.absolute_path), one.message) for one in errors))


def subschemas(
    schema: Any, way: tuple[str | int, ...] = ()
) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Yield a schema and each one within it, with the way to it; those that are only `true` or `false` are left out."""
    if not isinstance(schema, dict):
        return
    yield way, schema
    for key, value in schema.items():
        inner: Iterable[tuple[Any, Any]] = ()
        rule = keywords().get(key)
        named = isinstance(rule, dict) and rule.get("additionalProperties") == A_SCHEMA
        if rule == A_SCHEMA:
            yield from subschemas(value, (*way, key))
        elif rule == SCHEMAS_IN_A_LIST and isinstance(value, list):
            inner = enumerate(value)
        elif named and isinstance(value, dict):
            inner = value.items()
        for step, one in inner:
            yield from subschemas(one, (*way, key, step))


class SecondOpinion:
    """What jsonschema says; `documents` are all schemas by their addresses."""

    def __init__(self, documents: Mapping[str, Any]) -> None:
        self._documents = documents
        self._validators: dict[str, Draft202012Validator] = {}

    def accepts(self, address: str, instance: Any) -> bool:
        """Say whether an instance keeps the whole schema at this address."""
        return self._validator(address).is_valid(instance)

    def sees(self, base: str, node: Any, keyword: str | None, instance: Any) -> bool:
        """Say whether an instance breaks one keyword of a schema, a node of the document at `base`.

        The keyword is asked alone, so that a long list costs nothing where only its length is wrong. None stands for
        the schema `false`.
        """
        validator = self._validator(base)
        one = validator.VALIDATORS.get(keyword or "")
        if one is None:
            return any(True for _ in validator.descend(instance, node))
        return any(True for _ in one(validator, node[keyword], instance, node) or ())

    def _validator(self, address: str) -> Draft202012Validator:
        if address not in self._validators:
            kind = _of_ecma()
            document = self._documents[address]
            # With its address, so that a node's relative references are read from there.
            schema = {**document, "$id": address} if isinstance(document, dict) else document
            self._validators[address] = kind(
                schema, registry=self._registry, format_checker=kind.FORMAT_CHECKER
            )
        return self._validators[address]

    @cached_property
    def _registry(self) -> Registry[Any]:
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resources(
            (address, DRAFT202012.create_resource(document))
            for address, document in self._documents.items()
        )


def _of_ecma() -> type[Draft202012Validator]:
    from jsonschema import Draft202012Validator, ValidationError
    from jsonschema.validators import extend

    def pattern(_: Any, expression: str, instance: Any, __: Any) -> Iterator[ValidationError]:
        closed = CLOSING.sub(r"\\Z", expression)
        if isinstance(instance, str) and not re.search(closed, instance, re.ASCII):
            yield ValidationError(f"{instance!r} does not match {expression!r}")

    kind: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"pattern": pattern}
    )
    return kind
