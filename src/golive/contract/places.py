"""Answers read by roles: what stands at the place where a deployment has it is moved to where the checks look for it.

A check that reads `/items/*/id` reads a message's id, wherever the answer really has it, and a finding names the real
place again. Where nothing is elsewhere, there are no `Places`, and an answer is read as it came.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from golive.contract.times import from_instant, to_instant
from golive.kit.pointers import steps_of, written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

EACH = "*"
"""Stands for each item of a list in a place."""

HEADER = "header:"
NOWHERE = "absent"
"""Stands in place of a place where answers do not have the role."""

_ABSENT = object()
_Steps = tuple[str, ...]


@dataclass(frozen=True)
class Places:
    """Where one operation's answers have what the checks read elsewhere.

    `moved` leads from the place that checks read to the real one, outer places first; `words` from a place to the
    contract's word for each word that stands there; `instants` are the times that name an instant by themselves,
    `local` those to which a Z at the end means nothing; `absent` leads from a place that is not there to its role.
    """

    moved: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    instants: frozenset[str] = frozenset()
    local: frozenset[str] = frozenset()
    absent: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(vars(self)[one.name] for one in fields(self))

    @cached_property
    def _moves(self) -> tuple[tuple[_Steps, _Steps], ...]:
        """Pairs of the real place, as it is when the outer ones were moved, and the place that is read."""
        moves: list[tuple[_Steps, _Steps]] = []
        for read, real in self._inner:
            steps = real
            for before, after in moves:
                if (*after, EACH) == read[: len(after) + 1]:
                    steps = (*after, *steps[len(before) :])
            if steps != read:
                moves.append((steps, read))
        return tuple(moves)

    @cached_property
    def _inner(self) -> tuple[tuple[_Steps, _Steps], ...]:
        """The places in bodies as steps, those that hold others first, and wrapping before adding."""
        pairs = [
            (_steps(read), _steps(real))
            for read, real in self.moved.items()
            if not real.startswith(HEADER)
        ]
        return tuple(
            sorted(pairs, key=lambda pair: (len(pair[0]), pair[1] != pair[0][: len(pair[1])]))
        )

    @cached_property
    def _from_headers(self) -> tuple[tuple[_Steps, str], ...]:
        """The places that are read in a body and really are a header."""
        return tuple(
            (_steps(read), real.removeprefix(HEADER))
            for read, real in self.moved.items()
            if real.startswith(HEADER)
        )

    def header(self, name: str) -> str:
        """Return the name that a header has in the answers."""
        return self.headers.get(name.lower(), name)

    def absent_role(self, member: str) -> str | None:
        """Return the role that these answers do not have, of a member (`a/b`) of an item or of the answer itself."""
        for place, role in self.absent.items():
            tail = place.rpartition(f"/{EACH}")[2]
            if f"{tail}/".startswith(f"/{member}/"):
                return role
        return None

    def read(self, body: Any, header: Callable[[str], str | None]) -> Any:
        """Return an answer's body as the checks read it; the body given is changed."""
        for real, read in self._moves:
            body = _moved(body, real, read)
        for steps, name in self._from_headers:
            said = header(name)
            if said is not None and isinstance(body, dict):
                _put(body, steps, _value(said))
        for place, words in self.words.items():
            body = _changed(body, _steps(place), partial(_word, words))
        for place in self.instants:
            body = _changed(body, _steps(place)[:-1], from_instant)
        for place in self.local:
            body = _changed(
                body, _steps(place), lambda v: v.removesuffix("Z") if isinstance(v, str) else v
            )
        return body

    def served(self, body: Any) -> tuple[Any, dict[str, str]]:
        """Return a body as the answers really have it, of one as the checks read it, and what goes into headers.

        The body given is changed.
        """
        for place in self.instants:
            keep = f"{place.rpartition('/')[0]}/timeZone" in self.moved
            body = _changed(body, _steps(place)[:-1], partial(to_instant, keep=keep))
        for place in self.local:
            body = _changed(body, _steps(place), lambda v: f"{v}Z" if isinstance(v, str) else v)
        for place, words in self.words.items():
            back = {word: said for said, word in words.items()}
            body = _changed(body, _steps(place), partial(_word, back))
        for place in self.absent:
            body = _changed(body, _steps(place)[:-1], partial(_without, _steps(place)[-1:]))
        headers = {}
        for steps, name in self._from_headers:
            found = _taken(body, steps)
            if found is not _ABSENT:
                headers[name] = found if isinstance(found, str) else json.dumps(found)
        for real, read in reversed(self._moves):
            body = _moved(body, read, real)
        return body, headers

    def real(self, at: str) -> str:
        """Return the real place of a finding's: a pointer, or `header:NAME`."""
        if at.startswith(HEADER):
            return HEADER + self.header(at.removeprefix(HEADER))
        if not at.startswith("/"):
            return at
        steps = tuple(steps_of(at))
        for read, place in sorted(self.moved.items(), key=lambda pair: -len(_steps(pair[0]))):
            pattern = _steps(read)
            pairs = list(zip(pattern, steps, strict=False))
            if len(pairs) < len(pattern) or any(want not in (EACH, step) for want, step in pairs):
                continue
            if place.startswith(HEADER):
                return place
            items = iter([step for want, step in pairs if want == EACH])
            way = [next(items, EACH) if step == EACH else step for step in _steps(place)]
            return written((*way, *steps[len(pattern) :])) or "body"
        return at


def _steps(pointer: str) -> _Steps:
    return tuple(steps_of(pointer))


def _moved(value: Any, source: _Steps, target: _Steps) -> Any:
    """Return the value with what stands at one place at the other; what is not there is not moved."""
    if source and target and source[0] == target[0]:
        step, source, target = source[0], source[1:], target[1:]
        if step == EACH:
            return [_moved(one, source, target) for one in value] if _is_list(value) else value
        if isinstance(value, dict) and step in value:
            value[step] = _moved(value[step], source, target)
        return value
    if not source:  # the value itself is what stands inside an object elsewhere
        return value if value is None or isinstance(value, dict) else _put({}, target, value)
    if not target:
        found = _taken(value, source)
        return value if found is _ABSENT else found
    if not isinstance(value, dict):
        return value
    found = _taken(value, source)
    # A member of that name is something else here; where the role is absent, it must not be taken for it.
    _taken(value, target)
    return value if found is _ABSENT else _put(value, target, found)


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _taken(value: Any, steps: _Steps) -> Any:
    for step in steps[:-1]:
        value = value.get(step, _ABSENT) if isinstance(value, dict) else _ABSENT
    if not steps or not isinstance(value, dict):
        return _ABSENT
    return value.pop(steps[-1], _ABSENT)


def _put(value: dict[str, Any], steps: _Steps, found: Any) -> dict[str, Any]:
    node = value
    for step in steps[:-1]:
        below = node.get(step)
        if not isinstance(below, dict):
            below = node[step] = {}
        node = below
    node[steps[-1]] = found
    return value


def _changed(value: Any, steps: _Steps, change: Callable[[Any], Any]) -> Any:
    if not steps:
        return change(value)
    step, rest = steps[0], steps[1:]
    if step == EACH:
        return [_changed(one, rest, change) for one in value] if _is_list(value) else value
    if isinstance(value, dict) and step in value:
        value[step] = _changed(value[step], rest, change)
    return value


def _without(steps: _Steps, value: Any) -> Any:
    _taken(value, steps)
    return value


def _word(words: Mapping[str, str], value: Any) -> Any:
    return words.get(value, value) if isinstance(value, str) else value


def _value(text: str) -> Any:
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, bool | int) else text
