"""What in a file breaks the JSON Schema of such files, in words that say what to write: one mistake, one line.

No value is quoted: it may be a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.kit.json_schema import keeps
from golive.kit.pointers import steps_of, value_at
from golive.kit.problems import any_of, did_you_mean, nearest
from golive.kit.wire import whole_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from jsonschema.exceptions import ValidationError

    Way = tuple[str | int, ...]

UNKNOWN, MISSING = "unknown key.", "this key is missing."
KINDS = {
    "object": "a mapping of keys",
    "array": 'a list, such as ["…", "…"]',
    "string": "a text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
}
LIMITS = {
    "minimum": "be at least {}",
    "exclusiveMinimum": "be more than {}",
    "maximum": "be at most {}",
    "minItems": "hold at least one item",
    "pattern": "have the form {}",
    "uniqueItems": "not hold the same item twice",
    "minProperties": "name at least one",
}
YES_AND_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}
IN_QUOTES, AS_DIGITS = "Write it in quotes.", "Write it as digits, without quotes."


@dataclass(frozen=True)
class Mistake:
    """One mistake: where, what is wrong (`UNKNOWN`, `MISSING`, or a sentence about the value), and the cure.

    `about` is what the schema says of the place, `meant` the known key that is close to an unknown one.
    """

    way: Way
    message: str
    cure: str
    about: str = ""
    meant: str = ""
    value: Any = None


def mistakes(
    schema: dict[str, Any], data: Any, belongs_elsewhere: Callable[[str], object] = lambda _: False
) -> Iterator[Mistake]:
    """Yield each mistake once; an unknown key close to one that is missing is taken for it.

    Unless that key `belongs_elsewhere`. Of `anyOf`, the branch counts that is for a value of this type.
    """
    if keeps(schema, data):
        return
    from jsonschema import Draft202012Validator  # slow, and a file that is in order does without

    validator = Draft202012Validator(schema)
    errors = [one for error in validator.iter_errors(data) for one in _leaves(error)]
    unknown = [one for error in errors for one in _unknown(error, belongs_elsewhere)]
    seen = {(*one.way[:-1], one.meant) for one in unknown if one.meant}
    for error in errors:
        if error.validator == "additionalProperties":
            yield from _unknown(error, belongs_elsewhere)
            continue
        lacking = error.validator == "required"
        for one in _missing(error) if lacking else [_wrong(error, validator, data)]:
            if one.way not in seen:
                seen.add(one.way)
                yield one


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """Give the errors that say something: those of the branch that the value was meant for, if one can be seen."""
    choices: Any = error.validator_value if error.validator == "anyOf" else ()
    types = [one.get("type") for one in choices]
    wanted = "object" if isinstance(error.instance, dict) else "string"
    if wanted not in types:
        yield error
        return
    for inner in error.context or ():
        if inner.schema_path[0] == types.index(wanted):
            yield from _leaves(inner)


def _unknown(error: Any, belongs_elsewhere: Callable[[str], object]) -> Iterator[Mistake]:
    if error.validator != "additionalProperties":
        return
    known = list(error.schema.get("properties", {}))
    for name in map(str, error.instance):
        if name not in known:
            near = "" if belongs_elsewhere(name) else nearest(name, known)
            cure = did_you_mean(name, known) or f"Known here: {', '.join(known)}."
            meant = near if near not in error.instance else ""
            yield Mistake((*error.absolute_path, name), UNKNOWN, cure, meant=meant)


def _missing(error: Any) -> Iterator[Mistake]:
    for name in error.validator_value:
        if name not in error.instance:
            about = error.schema.get("properties", {}).get(name, {}).get("description", "")
            yield Mistake((*error.absolute_path, name), MISSING, "", str(about))


def _wrong(error: Any, validator: Any, data: Any) -> Mistake:
    message, cure = _words(error, validator)
    schema = error.schema if isinstance(error.schema, dict) else {}
    about = str(schema.get("description", "")) or _of_branch(error, validator.schema)
    way = (*error.absolute_path, *_forbidden(error, data))
    return Mistake(way, message, cure, about, value=error.instance)


def _words(error: Any, validator: Any) -> tuple[str, str]:
    """Say what is wrong with one value, and what to do about it: most often it is about quotation marks."""
    value, wanted, keyword = error.instance, error.validator_value, error.validator
    is_text, is_number = isinstance(value, str), isinstance(value, int | float)

    def fits(other: object) -> bool:
        return keyword is not None and validator.evolve(schema=error.schema).is_valid(other)

    if is_number and (wanted == "string" or (not isinstance(value, bool) and fits(str(value)))):
        return f"it must be {KINDS['string']}.", IN_QUOTES
    if keyword != "type" and is_text and fits(whole_number(value)):
        return f"it must be {KINDS['number']}.", AS_DIGITS
    cure = ""
    match keyword:
        case None:
            return "this key does not go with the rest of the row.", ""
        case "type":
            must = f"be {KINDS[wanted]}"
            if wanted == "boolean" and is_text and value.casefold() in YES_AND_NO:
                cure = f"Write {YES_AND_NO[value.casefold()]}."
            elif wanted in ("number", "integer") and is_text:
                cure = AS_DIGITS
        case "enum" | "const":
            known = list(map(str, wanted if keyword == "enum" else [wanted]))
            must = f"be {any_of(known)}"
            cure = did_you_mean(value, known) if is_text and len(known) > 1 else ""
        case "pattern" if "x-form" in error.schema:
            must = f"be {error.schema['x-form']}"
        case "anyOf" | "oneOf":
            must = "have one of the forms that may stand here"
        case _:
            must = LIMITS.get(keyword, f"keep {keyword} {{}}").format(wanted)
    return f"it must {must}.", cure


def _forbidden(error: Any, data: Any) -> list[str]:
    """Return the key that the schema `false` forbids, which is missing in the way to it."""
    parent = value_at(data, list(error.absolute_path)) if error.validator is None else None
    keys = parent.items() if isinstance(parent, dict) else ()
    return [key for key, value in keys if value is error.instance][:1]


def _of_branch(error: Any, schema: Any) -> str:
    """Return what the schema says of the case that applies here, the innermost that says anything."""
    found, node = "", schema
    for step in error.absolute_schema_path:  # which leaves out each $ref that was followed
        while isinstance(node, dict) and step not in node:
            node = value_at(schema, steps_of(node["$ref"]))
        node = node[step]
        if isinstance(node, dict):
            found = str(node.get("description", found))
    return found
