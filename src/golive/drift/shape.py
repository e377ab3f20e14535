"""The shape of a JSON value: which places it has and what stands there, over all of its items at once.

A place tells its JSON types, whether every object that could hold it does, whether that was seen often
enough to mean something, and, where the schema enumerates, which of the values came. No value gets here
that is not one of the contract's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golive.drift import names

if TYPE_CHECKING:
    from golive.drift.promise import Promises

Place = dict[str, Any]
"""`types`: sorted names; `presence`: always or sometimes; `evidence`: few or many; `values`: of an enumeration."""

Shape = dict[str, Place]
"""A place by its path, `""` for the whole value."""

MANY = 20
"""So many objects without a member, where so many had it, are no matter of chance."""

DEEPEST = 16
"""Steps; what lies deeper is not recorded."""

LARGEST = 40
"""An object with more unknown members than this is a map, whatever its keys look like."""

UNKNOWN = "(other)"
"""Stands for a value that the contract does not know where it enumerates values."""


@dataclass
class _Seen:
    types: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    times: int = 0
    objects: int = 0


def kind_of(value: object) -> str:
    """Name the JSON type of a value; a number without a fraction is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case _:
            return "object"


def shape_of(value: object, promises: Promises) -> Shape:
    """Return the shape of a JSON value."""
    seen: dict[str, _Seen] = {}
    todo: list[tuple[str, object, int]] = [("", value, 0)]
    while todo:
        path, one, depth = todo.pop()
        here = seen.setdefault(path, _Seen())
        here.types.add(kind_of(one))
        _note_value(here, one, promises.at(path).values, promises.contract.words)
        if depth == DEEPEST:
            continue
        if isinstance(one, list):
            todo.extend((f"{path}/{names.ITEM}", item, depth + 1) for item in one)
        elif isinstance(one, dict):
            here.objects += 1
            for child, members in _members(path, one, promises).items():
                seen.setdefault(child, _Seen()).times += 1
                todo.extend((child, member, depth + 1) for member in members)
    return {path: _place(path, one, seen) for path, one in sorted(seen.items())}


def _members(path: str, value: dict[str, Any], promises: Promises) -> dict[str, list[Any]]:
    """Return an object's members by their path; names that may be data share one."""
    known = {name for name in value if promises.at(promises.child(path, name)).known}
    crowded = len(value) - len(known) > LARGEST
    found: dict[str, list[Any]] = {}
    for name, member in value.items():
        shown = name if name in known else names.OTHER if crowded else names.member(name)
        found.setdefault(promises.child(path, shown), []).append(member)
    return found


def _note_value(
    here: _Seen, value: object, allowed: frozenset[str] | None, words: frozenset[str]
) -> None:
    if allowed is not None and isinstance(value, str):
        here.values.add(value if value in allowed or value in words else UNKNOWN)


def _place(path: str, one: _Seen, seen: dict[str, _Seen]) -> Place:
    place: Place = {"types": sorted(one.types)}
    parent, _, step = path.rpartition("/")
    if path and step != names.ITEM:
        holders = seen[parent].objects
        place["presence"] = "always" if one.times >= holders else "sometimes"
        place["evidence"] = "many" if holders >= MANY else "few"
    if one.values:
        place["values"] = sorted(one.values)
    return place


def merged(first: Shape, second: Shape) -> Shape:
    """Return the shape of what both were seen on."""
    return {
        path: _merged_place(path, first, second) for path in sorted(first.keys() | second.keys())
    }


def _merged_place(path: str, first: Shape, second: Shape) -> Place:
    found = [shape[path] for shape in (first, second) if path in shape]
    place: Place = {"types": sorted(set().union(*(one["types"] for one in found)))}
    if "presence" in found[0]:
        parent = path.rpartition("/")[0]
        missing = any(
            path not in shape and "object" in shape.get(parent, {}).get("types", ())
            for shape in (first, second)
        )
        always = not missing and all(one["presence"] == "always" for one in found)
        place["presence"] = "always" if always else "sometimes"
        place["evidence"] = "many" if any(o["evidence"] == "many" for o in found) else "few"
    values = set().union(*(one.get("values", ()) for one in found))
    if values:
        place["values"] = sorted(values)
    return place
