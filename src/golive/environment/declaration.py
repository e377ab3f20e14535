"""How a key of an environment file is declared: once, as a field of its section's class.

The field's type says what may be written there; `key()` adds the description, the limits and what of the value may be
shown. The JSON Schema, the values, the redacted view and the secrets to protect all come from that (`schema`, `build`,
`redacted`).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from golive.environment.secret import Secret

Schema = dict[str, Any]

_TYPES = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    Path: "string",
    Secret: "string",
}
_KEYWORDS = {
    "minimum": "minimum",
    "above": "exclusiveMinimum",
    "maximum": "maximum",
    "min_items": "minItems",
    "unique": "uniqueItems",
}
REFERENCE: Schema = {"$ref": "#/$defs/reference"}
SECRET: Schema = {"$ref": "#/$defs/secret"}


@dataclass(frozen=True)
class Key:
    """What is declared of a key besides its type.

    `derived`: the file may leave it out, and `build` finds its value. `show` makes of a value what may be shown,
    `protect` what must not be; without them, a Secret is hidden and everything else is shown. `named` are the keys of
    a mapping with their descriptions, where they are fixed.
    """

    description: str
    limits: Schema
    derived: bool
    show: Callable[[Any], object] | None
    protect: Callable[[Any], tuple[str, ...]] | None
    named: Mapping[str, str] | None
    name: str = ""
    kind: Any = None
    default: Any = None
    required: bool = False


def key(
    description: str,
    *,
    default: Any = MISSING,
    derived: bool = False,
    show: Callable[[Any], object] | None = None,
    protect: Callable[[Any], tuple[str, ...]] | None = None,
    named: Mapping[str, str] | None = None,
    **limits: Any,
) -> Any:
    """Declare a field as a key of the file, see `Key`.

    Limits are `minimum`, `above`, `maximum`, `min_items` and `unique`.
    """
    of_schema = {_KEYWORDS[name]: value for name, value in limits.items()}
    metadata = {"key": Key(description, of_schema, derived, show, protect, named)}
    if default == {}:
        return field(default_factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


@cache
def keys_of(section: type) -> tuple[Key, ...]:
    """Give the declared keys of a section's class; fields without a declaration are no keys of the file."""
    return tuple(
        replace(
            one.metadata["key"],
            name=one.name,
            kind=one.type,
            default=None if one.default is MISSING else one.default,
            required=one.default is one.default_factory is MISSING
            and not one.metadata["key"].derived,
        )
        for one in fields(section)
        if one.metadata
    )


def choices(kind: Any) -> tuple[Any, ...]:
    """Give the types that a value may have: those of a union, without None."""
    if get_origin(kind) in (Union, UnionType):
        return tuple(one for one in get_args(kind) if one is not NoneType)
    return (kind,)


def section_schema(section: type) -> Schema:
    """Give the JSON Schema of a section.

    Two keywords are golive's: a text that is `secret`, and the `alternatives` of a mapping that is one of several (a
    failed oneOf can't be explained to a person, so golive says the same in its own words).
    """
    declared = keys_of(section)
    schema: Schema = {"type": "object", "additionalProperties": False}
    required = [one.name for one in declared if one.required]
    if required:
        schema["required"] = required
    schema["properties"] = {one.name: _key_schema(one) for one in declared}
    return schema


def for_editors(node: Any) -> Any:
    """Give a schema as editors need it: a variable may stand for a number or a word, and alone for a secret."""
    if isinstance(node, list):
        return [for_editors(one) for one in node]
    if not isinstance(node, dict):
        return node
    about = {name: node[name] for name in ("description", "default") if name in node}
    rest = {name: for_editors(one) for name, one in node.items() if name not in about}
    if "properties" in rest:
        rest["properties"] = {name: for_editors(one) for name, one in node["properties"].items()}
    if "secret" in rest:
        return about | SECRET
    if "alternatives" in rest:
        rest["oneOf"] = rest.pop("alternatives")
    # Beside anyOf limits would hold for a reference, too, so they stand within its first branch.
    fillable = "enum" in rest or rest.get("type") in ("integer", "number", "boolean")
    return about | ({"anyOf": [rest, dict(REFERENCE)]} if fillable else rest)


def _key_schema(one: Key) -> Schema:
    about: Schema = {"description": one.description} if one.description else {}
    if isinstance(one.default, str | int | float | tuple):
        about["default"] = list(one.default) if isinstance(one.default, tuple) else one.default
    return about | _schema(one.kind, one)


def _schema(kind: Any, one: Key) -> Schema:
    possible = choices(kind)
    if len(possible) > 1 and all(map(is_dataclass, possible)):
        return _alternatives(possible)
    if len(possible) > 1:
        return {"anyOf": [_schema(each, one) for each in possible]}
    kind, origin = possible[0], get_origin(possible[0])
    if is_dataclass(kind):
        return section_schema(kind)  # type: ignore[arg-type]
    if origin is tuple:
        item = get_args(kind)[0]
        items = section_schema(item) if is_dataclass(item) else {"type": "string"}  # type: ignore[arg-type]
        return {"type": "array", **one.limits, "items": items}
    if origin is Mapping:
        return _mapping(get_args(kind)[1], one)
    if origin is Literal:
        return {"type": "string", "enum": list(get_args(kind))}
    if kind is date:
        return {"type": "string", "format": "date"}
    if kind is Secret and one.protect is None:
        return {"type": "string", "secret": True}
    return {"type": _TYPES[kind], **one.limits}


def _mapping(member: Any, one: Key) -> Schema:
    if not is_dataclass(member):
        value = {**one.limits, "type": _TYPES.get(member, "string")}
        return {"type": "object", "properties": {}, "additionalProperties": value}
    section = section_schema(member)  # type: ignore[arg-type]
    if one.named is None:
        return {"type": "object", "properties": {}, "additionalProperties": section}
    named = {name: {"description": words, **section} for name, words in one.named.items()}
    return {"type": "object", "additionalProperties": False, "properties": named}


def _alternatives(sections: tuple[type, ...]) -> Schema:
    """Give the schema of a mapping that is one of several: all their keys, and the choice."""
    parts = [section_schema(section) for section in sections]
    properties: Schema = {}
    for part in parts:
        properties |= part["properties"]
    allowed = [
        {
            "required": part["required"],
            "properties": dict.fromkeys(_others(properties, part), False),
        }
        for part in parts
    ]
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**schema, "alternatives": allowed}


def _others(properties: Schema, part: Schema) -> list[str]:
    return [name for name in properties if name not in part["properties"]]
