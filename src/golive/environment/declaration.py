"""How a key of an environment file is declared: once, as a field of its section's class.

The field's type says what may be written there; `key()` adds the description, the limits and what of the value may be
shown. The JSON Schema, the values, the redacted view and the secrets to protect all come from that (`schema`, `build`,
`redacted`).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from golive.environment.secret import Secret

Schema = dict[str, Any]

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", Path: "string"}
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

    `show` makes of a value what may be shown, `protect` what must not be; without them, a Secret is hidden and
    everything else is shown. `named` are the keys of a mapping with their descriptions, where they are fixed.
    """

    name: str
    kind: Any
    description: str
    default: Any
    required: bool
    limits: Schema
    show: Callable[[Any], object] | None
    protect: Callable[[Any], tuple[str, ...]] | None
    named: Mapping[str, str]


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
    """Declare a field as a key of the file.

    `derived`: the file may leave it out, and `build` finds its value. Limits are `minimum`, `above`, `maximum`,
    `min_items` and `unique`.
    """
    described = {
        "description": description,
        "derived": derived,
        "show": show,
        "protect": protect,
        "named": named or {},
        "limits": {_KEYWORDS[name]: value for name, value in limits.items()},
    }
    if default == {}:
        return field(default_factory=dict, metadata=described)
    return field(default=default, metadata=described)


@cache
def keys_of(section: type) -> tuple[Key, ...]:
    """Give the declared keys of a section's class; fields without a declaration are no keys of the file."""
    return tuple(
        Key(
            name=one.name,
            kind=one.type,
            description=one.metadata["description"],
            default=None if one.default is MISSING else one.default,
            required=one.default is MISSING
            and one.default_factory is MISSING
            and not one.metadata["derived"],
            limits=one.metadata["limits"],
            show=one.metadata["show"],
            protect=one.metadata["protect"],
            named=one.metadata["named"],
        )
        for one in fields(section)
        if one.metadata
    )


def choices(kind: Any) -> tuple[Any, ...]:
    """Give the types that a value may have: those of a union, without None."""
    if get_origin(kind) in (Union, UnionType):
        return tuple(one for one in get_args(kind) if one is not NoneType)
    return (kind,)


def section_schema(section: type, *, editors: bool) -> Schema:
    """Give the JSON Schema of a section; that for editors lets a variable stand for a number or a word."""
    declared = keys_of(section)
    schema: Schema = {"type": "object", "additionalProperties": False}
    required = [one.name for one in declared if one.required]
    if required:
        schema["required"] = required
    schema["properties"] = {one.name: _key_schema(one, editors=editors) for one in declared}
    return schema


def _key_schema(one: Key, *, editors: bool) -> Schema:
    about: Schema = {"description": one.description} if one.description else {}
    if isinstance(one.default, str | int | float | tuple):
        about["default"] = list(one.default) if isinstance(one.default, tuple) else one.default
    schema = _schema(one.kind, one, editors=editors)
    # Beside anyOf limits would hold for a reference, too, so they stand within its first branch.
    return {**about, **schema}


def _schema(kind: Any, one: Key, *, editors: bool) -> Schema:
    possible = choices(kind)
    if len(possible) > 1 and all(map(is_dataclass, possible)):
        return _alternatives(possible, editors=editors)
    if len(possible) > 1:
        return {"anyOf": [_schema(each, one, editors=editors) for each in possible]}
    kind, origin = possible[0], get_origin(possible[0])
    if kind is Secret and one.protect is None:
        return dict(SECRET) if editors else {"type": "string", "secret": True}
    if is_dataclass(kind):
        return section_schema(kind, editors=editors)  # type: ignore[arg-type]
    if origin is tuple:
        item = get_args(kind)[0]
        items = section_schema(item, editors=editors) if is_dataclass(item) else {"type": "string"}  # type: ignore[arg-type]
        return {"type": "array", **one.limits, "items": items}
    if origin is Mapping:
        return _mapping(get_args(kind)[1], one, editors=editors)
    if kind is date:
        return {"type": "string", "format": "date"}
    if origin is Literal:
        scalar: Schema = {"type": "string", "enum": list(get_args(kind))}
    else:
        scalar = {"type": "string" if kind is Secret else _TYPES[kind], **one.limits}
    plain = not editors or scalar == {"type": "string"}
    return scalar if plain else {"anyOf": [scalar, dict(REFERENCE)]}


def _mapping(member: Any, one: Key, *, editors: bool) -> Schema:
    if not is_dataclass(member):
        limits = {**one.limits, "type": _TYPES.get(member, "string")}
        number = editors and member is int
        schema = {"anyOf": [limits, dict(REFERENCE)]} if number else limits
        return {"type": "object", "properties": {}, "additionalProperties": schema}
    section = section_schema(member, editors=editors)  # type: ignore[arg-type]
    named = {name: {"description": described, **section} for name, described in one.named.items()}
    return {"type": "object", "additionalProperties": False, "properties": named}


def _alternatives(sections: tuple[type, ...], *, editors: bool) -> Schema:
    """Give the schema of a mapping that is one of several: all their keys, and for editors the choice."""
    parts = [section_schema(section, editors=editors) for section in sections]
    properties: Schema = {}
    for part in parts:
        properties |= part["properties"]
    schema: Schema = {"type": "object", "additionalProperties": False, "properties": properties}
    if (
        editors
    ):  # a failed oneOf can't be explained to a person: golive says the same in its own words
        schema["oneOf"] = [
            {
                "required": part["required"],
                "properties": {
                    name: False for name in properties if name not in part["properties"]
                },
            }
            for part in parts
        ]
    return schema
