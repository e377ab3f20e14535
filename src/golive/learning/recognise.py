"""Recognises roles in what was seen: at the place where golive looks, or at another one that looks like it.

Another place is a role's where the role is at none of its own, and what stands there has its types, the form of its
texts, and a name made of its words, better than any other place and for no other role better. Where two places are
as good, or nothing in the name speaks for it, the question stays open, and both are named.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from golive.contract.places import EACH, HEADER, NOWHERE
from golive.learning.evidence import (
    candidates,
    container_of,
    looks_like,
    path_of,
    place_of,
    rebased,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from golive.contract.mapping import Mapping as Roles
    from golive.contract.roles import Role
    from golive.drift.promises import Promises
    from golive.learning.evidence import Evidence

FEWEST = 3
"""Answers in which a place must have been seen to be learnt from."""

MANY, RUNS = 20, 2
"""Answers with content, and runs, none of which has a role, for that to be the rule."""


BESIDE_A_ZONE = (
    "a zone stands beside texts with Z or an offset; write form: instant into schemas/mapping.yaml where they name "
    "the instant, form: local where the zone rules"
)


class Standing(StrEnum):
    """How a question about a role at one operation stands."""

    SETTLED = "settled"
    CONTRADICTED = "contradicted"
    OPEN = "open"


@dataclass(frozen=True)
class Answer:
    """What is known of a role at one operation: the place, in how many answers, and what is in doubt.

    `words` leads from each documented word to the one that was seen instead; `instant` says that a time is a text
    that names an instant. `why` is a sentence where the question is not settled.
    """

    role: str
    operation: str
    standing: Standing
    place: str = ""
    seen: int = 0
    words: Mapping[str, str] = field(default_factory=dict)
    instant: bool = False
    why: str = ""


def recognise(
    operation: str, seen: Evidence, mapping: Roles, promises: Promises
) -> Iterator[Answer]:
    """Yield the answer for each role that the answers of an operation may have in their bodies."""
    roles = [one for one in mapping.roles.values() if operation in one.places]
    lists = [one for one in roles if f"{one.places[operation]}/{EACH}/" in _held(roles, operation)]
    known: dict[str, Answer] = {}
    for one in lists:
        known |= _found([one], operation, seen, _unknown_at(promises, {}))
    moved = {
        path_of(one.places[operation]): path_of(known[one.name].place)
        for one in lists
        if known[one.name].standing is Standing.SETTLED
    }
    rest = [
        one
        for one in roles
        if one not in lists
        and not any(  # without the list, nothing can be said of what is in it
            one.places[operation].startswith(f"{outer.places[operation]}/{EACH}/")
            and known[outer.name].standing is not Standing.SETTLED
            for outer in lists
        )
    ]
    known |= _found(rest, operation, seen, _unknown_at(promises, moved), moved)
    for one in roles:
        answer = known.get(one.name) or _open(one, operation, "the list that holds it is not known")
        zone = known.get(one.name.replace("-time", "-zone"))
        if answer.instant and zone and zone.place not in ("", NOWHERE):
            answer = replace(answer, instant=False)
            if not one.form:
                yield replace(answer, standing=Standing.OPEN, why=BESIDE_A_ZONE)
        yield answer


def _held(roles: list[Role], operation: str) -> str:
    return " ".join(one.places[operation] for one in roles)


def _unknown_at(promises: Promises, moved: Mapping[str, str]) -> Callable[[str], bool]:
    """Return what says whether the contract knows nothing of a path, by where the lists really are."""
    back = {real: read for read, real in moved.items()}
    return lambda path: not promises.at(rebased(path, back)).known


def _found(
    roles: list[Role],
    operation: str,
    seen: Evidence,
    unknown: Callable[[str], bool],
    moved: Mapping[str, str] | None = None,
) -> dict[str, Answer]:
    known: dict[str, Answer] = {}
    absent: list[Role] = []
    taken: set[str] = set()
    for role in roles:
        real = role.real[operation]
        if real in (NOWHERE, role.places[operation]):
            path = rebased(path_of(role.places[operation]), moved or {})
        else:
            path = path_of(real)
        if looks_like(role, seen.kinds(path), seen.traits.get(path, {}), strict=False):
            known[role.name] = _settled(role, operation, path, seen)
            taken.add(path)
        else:
            absent.append(role)
    near = [
        one for role in absent for one in candidates(role, operation, seen, unknown, moved or {})
    ]
    found = sorted(
        (one for one in near if one.named),
        key=lambda one: (-one.score[0], -one.score[1], one.path),
    )
    for one in found:
        if one.role.name in known or one.path in taken:
            continue
        rivals = [
            other
            for other in found
            if other.role is one.role and other.score == one.score and other.path not in taken
        ]
        if len(rivals) > 1:
            places = " and ".join(place_of(rival.path) for rival in rivals)
            why = f"{places} look like it, and nothing says which of them is"
            known[one.role.name] = _open(one.role, operation, why)
            continue
        taken.add(one.path)
        known[one.role.name] = _settled(one.role, operation, one.path, seen)
    for role in absent:
        if role.name not in known:
            any_near = any(one.role is role and one.path not in taken for one in near)
            count = seen.seen(container_of(role, operation, moved or {}))
            known[role.name] = _absent(role, operation, count, len(seen.runs), any_near=any_near)
    return known


def _absent(role: Role, operation: str, count: int, runs: int, *, any_near: bool) -> Answer:
    """Return the answer for a role that none of `count` answers with content had."""
    if role.looks.get("always") and not any_near and count >= MANY and runs >= RUNS:
        return Answer(role.name, operation, Standing.SETTLED, NOWHERE, count)
    return _open(role, operation, "no answer had it, nor anything that looks like it")


def _open(role: Role, operation: str, why: str) -> Answer:
    return Answer(role.name, operation, Standing.OPEN, why=why)


def _settled(role: Role, operation: str, path: str, seen: Evidence) -> Answer:
    """Return the answer for a role that stands at this path, or what contradicts it."""
    count, place = seen.seen(path), place_of(path)
    if count < FEWEST:
        many = f"only {count} {'answer has' if count == 1 else 'answers have'} it"
        return replace(_open(role, operation, many), place=place, seen=count)
    traits = seen.traits.get(path, {})
    if seen.mixed(path):
        kinds = " and ".join(sorted(seen.kinds(path)))
        why = f"{kinds} stand there, and nothing says which of them is the rule"
        return Answer(role.name, operation, Standing.CONTRADICTED, place, count, why=why)
    words = {
        role.seen_words[one]: one
        for one in (
            word if word in role.seen_words else word.upper() for word in traits.get("words", ())
        )
        if one in role.seen_words and role.seen_words[one] != one
    }
    instant = traits.get("form") == "instant" and "instant" in role.looks.get("form", ())
    return Answer(role.name, operation, Standing.SETTLED, place, count, words, instant)


def header_answers(role: Role, found: Mapping[str, Evidence]) -> Answer:
    """Return the answer for a role that is a header, over all operations' answers."""
    counts = sum((one.headers for one in found.values()), Counter[str]())
    if own := counts.get(role.real_header.lower()):
        return Answer(role.name, "", Standing.SETTLED, HEADER + role.real_header.lower(), own)
    wanted = set(role.looks.get("names", ()))
    near = [name for name in counts if wanted <= set(name.split("-"))]
    if len(near) == 1:
        return Answer(role.name, "", Standing.SETTLED, HEADER + near[0], counts[near[0]])
    why = (
        "no answer had it: none had a second page"
        if not near
        else f"{' and '.join(sorted(near))} look like it"
    )
    return _open(role, "", why)


def word_answers(role: Role, found: Mapping[str, Evidence]) -> Iterator[Answer]:
    """Yield the answer for a role that is a word of requests, for each operation that was asked with one."""
    for operation, one in found.items():
        counts = one.words.get(role.name, Counter())
        taken = [word for word in role.askable if counts.get((word, True))]
        if taken:
            seen = counts[taken[0], True]
            yield Answer(role.name, operation, Standing.SETTLED, taken[0], seen)
        elif counts:
            refused = ", ".join(sorted({word for word, _ in counts}))
            why = f"refused: {refused}; write the right word into schemas/mapping.yaml"
            yield _open(role, operation, why)
