"""JSON pointers (RFC 6901): written, read, and followed into a value to look, to replace or to remove.

Also every node of a value, for what looks at all of them.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Steps = Sequence[str | int]

REMOVE = object()
"""Stands for the value of a place that is to be gone."""


def escape(step: object) -> str:
    """Write one step (RFC 6901 §3)."""
    return str(step).replace("~", "~0").replace("/", "~1")


def written(steps: Iterable[object]) -> str:
    """Write steps as a pointer; none are `""`, the whole."""
    return "".join(f"/{escape(step)}" for step in steps)


def steps_of(pointer: str) -> list[str]:
    """Return the steps of a pointer."""
    return [one.replace("~1", "/").replace("~0", "~") for one in pointer.split("/")[1:]]


def nodes(value: Any) -> Iterator[Any]:
    """Yield a JSON value and everything that stands in it, in the order in which it stands there."""
    todo = [value]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, dict):
            todo.extend(reversed(node.values()))
        elif isinstance(node, list):
            todo.extend(reversed(node))


def members(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield what stands directly in a mapping or a list, each with the step to it; nothing for any other value."""
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def value_at(value: Any, steps: Steps) -> Any:
    """Return what stands there; raises LookupError where nothing does."""
    for step in steps:
        value = value[_place(value, step)]
    return value


def found_at(value: Any, pointer: str) -> Any:
    """Return what stands at a pointer, None where nothing does."""
    try:
        return value_at(value, steps_of(pointer))
    except LookupError:
        return None


def with_value(value: Any, steps: Steps, new: Any) -> Any:
    """Return a copy in which this place holds another value, or is gone (`REMOVE`).

    Only the way to the place is copied. Raises LookupError where a parent is not there.
    """
    if not steps:
        return new
    top = node = copy.copy(value)
    for step in steps[:-1]:
        place = _place(node, step)
        node[place] = copy.copy(node[place])
        node = node[place]
    if new is REMOVE:
        del node[_place(node, steps[-1])]
    else:
        node[_place(node, steps[-1])] = new
    return top


def _place(node: Any, step: str | int) -> str | int:
    """Return the key or the index by which a step is taken from a node."""
    if isinstance(node, dict):
        return step
    if isinstance(node, list) and (isinstance(step, int) or step.isdecimal()):
        return int(step)
    raise LookupError(step)
