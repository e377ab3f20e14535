"""Places that may be a role's although they are not its own: what stands there, and how well the name fits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from golive.contract.places import EACH
from golive.drift.promises import ITEM, OTHER
from golive.kit.pointers import steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from golive.contract.roles import Role
    from golive.drift.traits import Traits
    from golive.learning.evidence import Evidence

SPEAKS_FOR_ITSELF = frozenset({"zone", "instant", "local-time", "word"})
"""Forms that so few members have that one alone needs no name that says what it is."""

DEEPEST = 2
NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@dataclass(frozen=True)
class Candidate:
    """A place that may be a role's; `score` is the share of its name that speaks for it, and how many words do.

    `named` says that its name, or its form alone, speaks for the role.
    """

    role: Role
    path: str
    score: tuple[float, int]
    named: bool = True


def path_of(place: str) -> str:
    """Return the path of a place as shapes write it."""
    return place.replace(f"/{EACH}", f"/{ITEM}")


def place_of(path: str) -> str:
    """Return the place of a path."""
    return path.replace(f"/{ITEM}", f"/{EACH}")


def rebased(path: str, moved: Mapping[str, str]) -> str:
    """Return where a path below a list is, by where the lists are."""
    for read, real in moved.items():
        if path.startswith(f"{read}/{ITEM}"):
            return real + path.removeprefix(read)
    return path


def container_of(role: Role, operation: str, moved: Mapping[str, str]) -> str:
    """Return the path of the item, or of the answer, that holds the role."""
    own = rebased(path_of(role.places[operation]), moved)
    return f"{own.rpartition(f'/{ITEM}/')[0]}/{ITEM}" if f"/{ITEM}/" in own else ""


def looks_like(role: Role, kinds: frozenset[str], traits: Traits, *, strict: bool) -> bool:
    """Return whether what stands at a place may be the role; `strict` where it is not the role's own place."""
    looks = role.looks
    if not kinds or not kinds <= set(looks.get("types", kinds)):
        # At its own place, one wrong type among others is a fault and no other place.
        return bool(not strict and kinds & set(looks.get("types", ())))
    if not strict:
        return True
    if looks.get("distinct") == "each" and traits.get("repeats"):
        return False
    forms = looks.get("form")
    return not forms or "string" not in kinds or traits.get("form") in forms


def candidates(
    role: Role,
    operation: str,
    seen: Evidence,
    unknown: Callable[[str], bool],
    moved: Mapping[str, str],
) -> Iterator[Candidate]:
    """Yield the places where something like the role stands, `moved` being where the lists really are."""
    own = rebased(path_of(role.places[operation]), moved)
    container = container_of(role, operation, moved)
    fitting: list[Candidate] = []
    for path in seen.shape:
        if not (path.startswith(f"{container}/") or (not container and not path)):
            continue
        below = steps_of(path.removeprefix(container))
        if (
            ITEM in below
            or OTHER in below
            or len(below) > DEEPEST
            or (2 * seen.seen(path) < seen.seen(container) and not role.looks.get("seldom"))
        ):
            continue
        whole = own.startswith(f"{path}/") and "object" not in seen.kinds(path)
        if not (whole or unknown(path)) or seen.mixed(path):
            continue
        if not looks_like(role, seen.kinds(path), seen.traits.get(path, {}), strict=True):
            continue
        if "array" in seen.kinds(path) and "object" not in seen.kinds(f"{path}/{ITEM}"):
            continue
        words = [word.lower() for step in below for word in NAME.findall(step)]
        said = sum(word in role.looks.get("names", ()) for word in words)
        score = (1.0, 99) if whole else (said / len(words) if words else 0.0, said)
        fitting.append(Candidate(role, path, score))
    forms = {seen.traits.get(one.path, {}).get("form") for one in fitting}
    sure = len(fitting) == 1 and (
        forms <= SPEAKS_FOR_ITSELF or "array" in role.looks.get("types", ())
    )
    yield from (replace(one, named=bool(one.score[1] or sure)) for one in fitting)
