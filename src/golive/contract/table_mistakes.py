"""What in a project's table breaks the table's JSON Schema, in words that say what to write: one mistake, one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from golive.kit.pointers import steps_of, value_at
from golive.kit.problems import any_of, did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

    Mistake = tuple[list[str | int], str, str]

KINDS = {
    "array": "a list",
    "integer": "a whole number",
    "object": "keys with values",
    "string": "text",
}
IN_OTHER_WORDS = "none of the forms that may stand here"


def mistakes(rules: dict[str, Any], content: Any) -> Iterator[Mistake]:
    """Yield the way to each mistake, what is wrong there, and the cure."""
    validator = Draft202012Validator(rules)
    errors: list[Any] = list(validator.iter_errors(content))
    meant = {
        (*one.absolute_path, near)
        for one in errors
        if one.validator == "additionalProperties"
        for _, near in _unknown(one)
    }
    seen: set[tuple[str | int, ...]] = set()
    for error in errors:
        way = [*error.absolute_path, *_forbidden(error, content)]
        if error.validator == "additionalProperties":
            for key, near in _unknown(error):
                cure = f'Did you mean "{near}"?' if near else _known(error)
                yield [*way, key], "unknown key.", cure
        elif error.validator == "required":
            for key in error.validator_value:
                if key not in error.instance and (*way, key) not in meant | seen:
                    seen.add((*way, key))
                    yield way, f"the key {key} is missing.", _about(error.schema, key)
        elif tuple(way) not in seen:
            seen.add(tuple(way))
            yield way, *_wrong(validator, error, rules)


def _forbidden(error: Any, content: Any) -> list[str]:
    """Return the key that the schema `false` forbids, which is missing in the way to it."""
    parent = value_at(content, list(error.absolute_path)) if error.validator is None else None
    keys = parent.items() if isinstance(parent, dict) else ()
    return [key for key, value in keys if value is error.instance][:1]


def _unknown(error: Any) -> Iterator[tuple[str, str]]:
    """Yield each key that the schema does not have, with the one that is most likely meant."""
    known = list(error.schema.get("properties", {}))
    for key in error.instance:
        if key not in known:
            yield str(key), nearest(str(key), known)


def _known(error: Any) -> str:
    return f"Known here: {', '.join(error.schema.get('properties', {}))}."


def _about(schema: Any, key: str) -> str:
    return str(schema.get("properties", {}).get(key, {}).get("description", ""))


def _wrong(validator: Any, error: Any, rules: dict[str, Any]) -> tuple[str, str]:
    """Say what is wrong with one value, without quoting it, and what to write instead."""
    value, schema = error.instance, error.schema if isinstance(error.schema, dict) else {}
    described = str(schema.get("description", ""))
    if quoted := _about_quotes(validator, value, schema):
        return quoted
    match error.validator, error.validator_value:
        case "pattern", pattern:
            return f"it must be {schema.get('x-form', f'of the form {pattern}')}.", described
        case "enum", choices:
            near = did_you_mean(value, map(str, choices)) if isinstance(value, str) else ""
            return f"it must be {any_of(map(str, choices))}.", near or described or _of_branch(
                error, rules
            )
        case "const", wanted:
            return f'it must be "{wanted}".', _of_branch(error, rules)
        case "type", kind:
            return f"it must be {KINDS.get(str(kind), kind)}.", described
        case None, _:
            return "this key does not go with the rest of the row.", _of_branch(error, rules)
        case "anyOf" | "oneOf", _:
            return f"it has {IN_OTHER_WORDS}.", described
    return f"{error.message.rstrip('.')}.", described


def _about_quotes(validator: Any, value: Any, schema: dict[str, Any]) -> tuple[str, str] | None:
    """Say so where the value would be right with quotation marks, or without."""

    def fits(other: object) -> bool:
        return bool(validator.evolve(schema=schema).is_valid(other))

    if isinstance(value, int | float) and not isinstance(value, bool) and fits(str(value)):
        return "a number stands here, where text belongs.", f'Write it in quotes: "{value}".'
    if isinstance(value, str) and value.isdecimal() and fits(int(value)):
        return "text stands here, where a number belongs.", "Write it without quotes."
    return None


def _of_branch(error: Any, rules: dict[str, Any]) -> str:
    """Return what the schema says of the case that applies here, the innermost that says anything."""
    found, node = "", rules  # type: str, Any
    for step in error.absolute_schema_path:  # which leaves out each $ref that was followed
        while isinstance(node, dict) and step not in node:
            node = value_at(rules, steps_of(node["$ref"]))
        node = node[step]
        if isinstance(node, dict):
            found = str(node.get("description", found))
    return found
