"""Decides quickly whether an instance keeps a schema, and explains slowly where it does not.

jsonschema-rs decides: an honest list of 1,000 messages costs it a few milliseconds. jsonschema explains,
because its errors name the schema node whose basis counts, but it is led past the array items in which
jsonschema-rs saw nothing wrong. The two read a pattern's closing `$` differently; here, as in ECMA-262,
it does not let a line feed follow.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache, cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonschema import Draft202012Validator, ValidationError
    from referencing import Registry


WITHIN = frozenset({"anyOf", "oneOf", "not", "if", "contains"})
"""Keywords whose errors jsonschema-rs reports at the outside although they lie anywhere below."""

MOST = 1000
"""Errors of one instance that are explained; a report shows some twenty of them."""

LONGEST = 2000
"""Items of a list that are explained, twice as many as any list may have."""

CLOSING = re.compile(r"(?<!\\)\$$")

_broken: ContextVar[set[int] | None] = ContextVar("broken", default=None)
"""The identities of the parts of the instance that lie on the way to an error; None where all may."""


def keeps(schema: dict[str, Any], instance: Any) -> bool:
    """Tell quickly that an instance keeps a schema; where this says no, jsonschema may know better."""
    import jsonschema_rs

    try:
        return jsonschema_rs.is_valid(schema, instance)
    except ValueError:  # it holds what is no JSON, such as a date
        return False


class SchemaCheck:
    """One schema, ready to be asked about instances.

    `address` is that of the schema, `documents` every document by its address, `registry` the same for
    jsonschema.
    """

    def __init__(self, address: str, documents: Mapping[str, Any], registry: Registry[Any]) -> None:
        import jsonschema_rs

        self.root = {"$ref": address}
        self._fast = jsonschema_rs.validator_for(
            self.root,
            registry=jsonschema_rs.Registry(list(documents.items())),
            validate_formats=True,
        )
        self._registry = registry

    @cached_property
    def _full(self) -> Draft202012Validator:
        explainer = _explainer()
        return explainer(
            self.root, registry=self._registry, format_checker=explainer.FORMAT_CHECKER
        )

    def errors(self, instance: Any) -> list[ValidationError]:
        """Return jsonschema's errors, none where the instance keeps the schema."""
        try:
            if self._fast.is_valid(instance):
                return []
            short = _shortened(instance)
            # Each error takes kilobytes: of a list that is far too long, its beginning is enough.
            if short is not instance and not self._fast.is_valid(short):
                instance = short
            broken = self._on_the_way(instance)
        except ValueError:
            # What jsonschema-rs can't take in (NaN, a deep nesting) is for jsonschema alone.
            broken = None
        token = _broken.set(broken)
        try:
            return list(islice(self._full.iter_errors(instance), MOST))
        finally:
            _broken.reset(token)

    def _on_the_way(self, instance: Any) -> set[int] | None:
        found: set[int] = set()
        for error in islice(self._fast.iter_errors(instance), MOST):
            if WITHIN.intersection(error.schema_path):
                return None
            node = instance
            for step in error.instance_path:
                node = node[step]
                found.add(id(node))
        return found


def _shortened(instance: Any) -> Any:
    """Return a copy whose lists, as members of the whole, are cut; the instance itself where none is so long."""
    if isinstance(instance, list):
        return instance[:LONGEST] if len(instance) > LONGEST else instance
    if not isinstance(instance, dict):
        return instance
    long = {n: v for n, v in instance.items() if isinstance(v, list) and len(v) > LONGEST}
    return instance | {n: v[:LONGEST] for n, v in long.items()} if long else instance


@cache
def _explainer() -> type[Draft202012Validator]:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    every_item = Draft202012Validator.VALIDATORS["items"]

    def items(
        validator: Any, schema_of_items: Any, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        broken = _broken.get()
        whole = schema_of_items is False or "prefixItems" in schema
        if broken is None or whole or not isinstance(instance, list):
            yield from every_item(validator, schema_of_items, instance, schema)
            return
        for index, item in enumerate(instance):
            if id(item) in broken:
                yield from validator.descend(item, schema_of_items, path=index)

    def pattern(
        validator: Any, expression: str, instance: Any, schema: Any
    ) -> Iterator[ValidationError]:
        closed = CLOSING.sub(r"\\Z", expression)
        yield from Draft202012Validator.VALIDATORS["pattern"](validator, closed, instance, schema)

    extended: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"items": items, "pattern": pattern}
    )
    return extended
