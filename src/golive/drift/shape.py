"""The shape of a JSON value: which places it has and what stands there, over all of its items at once.

A place holds its JSON types, whether every object that could hold it does, whether that was seen often
enough to mean something, and, where the schema enumerates, which of the values came. No value gets here
that is not one of the contract's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from golive.drift import promises as names

if TYPE_CHECKING:
    from golive.drift.promises import Promises

Place = dict[str, Any]
"""`types`: sorted names; `presence`: always or sometimes; `evidence`: few or many; `values`: of an enumeration."""

Shape = dict[str, Place]
"""A place by its path, `""` for the whole value."""

MANY = 20
"""So many objects without a member, where so many had it, are no matter of chance."""

DEEPEST = 16
"""Steps; what is deeper is not recorded."""

LARGEST = 40
"""An object with more unknown members than this is a map, whatever its keys look like."""

UNKNOWN = "(other)"
"""Stands for a value that the contract does not know where it enumerates values."""


_KINDS = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
}


@dataclass
class Seen:
    """What stands at one place: all its values, and how many of the objects that could hold it do."""

    found: list[Any] = field(default_factory=list)
    times: int = 0
    depth: int = 0
    values: set[str] = field(default_factory=set)

    @cached_property
    def types(self) -> list[str]:
        """The names of the JSON types that stand here, sorted."""
        return sorted({kind_of(one) for one in self.found})

    @cached_property
    def objects(self) -> list[dict[str, Any]]:
        """The objects among what stands here."""
        return [one for one in self.found if isinstance(one, dict)]


def kind_of(value: object) -> str:
    """Name the JSON type of a value as `json` reads it."""
    return _KINDS.get(type(value), "object")


def shape_of(value: object, promises: Promises) -> Shape:
    """Return the shape of a JSON value."""
    return shape_of_places(places_in(value, promises))


def shape_of_places(seen: dict[str, Seen]) -> Shape:
    """Return the shape of a JSON value, by what stands at each place in it."""
    return {path: _place(path, one, seen) for path, one in sorted(seen.items())}


def places_in(value: object, promises: Promises) -> dict[str, Seen]:
    """Return what stands at each place of a JSON value, over all of its items at once."""
    seen = {"": Seen([value])}
    todo = [""]
    while todo:  # a place at a time, with everything that stands there: lists are long
        path = todo.pop()
        here = seen[path]
        here.values = _enumerated(here.found, promises.at(path).values, promises.contract.words)
        if here.depth == DEEPEST:
            continue
        below = _members(path, here.objects, promises)
        items = [item for one in here.found if isinstance(one, list) for item in one]
        if items:
            below[f"{path}/{names.ITEM}"] = Seen(items)
        for one in below.values():
            one.depth = here.depth + 1
        seen |= below
        todo += below
    return seen


def _members(path: str, objects: list[dict[str, Any]], promises: Promises) -> dict[str, Seen]:
    """Return what the objects at one place hold, by its path; names that may be data share one."""
    paths: dict[str, str] = {}  # of each name that came; most objects of a list have the same ones
    unknown: set[str] = set()
    found: dict[str, Seen] = {}
    for one in objects:
        for name in [name for name in one if name not in paths]:
            paths[name] = promises.child(path, name)
            if not promises.at(paths[name]).known:
                unknown.add(name)
                paths[name] = promises.child(path, names.member(name))
        crowded = len(unknown) > LARGEST and sum(name in unknown for name in one) > LARGEST
        here = set()
        for name, member in one.items():
            child = (
                promises.child(path, names.OTHER) if crowded and name in unknown else paths[name]
            )
            known = found.get(child)
            if known is None:
                known = found[child] = Seen()
            known.found.append(member)
            here.add(child)
        for child in here:
            found[child].times += 1
    return found


def _enumerated(
    found: list[Any], allowed: frozenset[str] | None, words: frozenset[str]
) -> set[str]:
    """Return which of the enumerated values came, where the contract enumerates them."""
    if allowed is None:
        return set()
    texts = {one for one in found if isinstance(one, str)}
    return {one if one in allowed or one in words else UNKNOWN for one in texts}


def _place(path: str, one: Seen, seen: dict[str, Seen]) -> Place:
    place: Place = {"types": one.types}
    parent, _, step = path.rpartition("/")
    if path and step != names.ITEM:
        holders = len(seen[parent].objects)
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
