"""What several runs saw of each operation's successful answers, over all situations, and which places may be a role's.

A place that is not the role's own may be it: by what stands there, and by how well the name fits.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from golive.contract.places import EACH
from golive.drift.promises import ITEM, OTHER
from golive.drift.shape import merged
from golive.drift.traits import Traits, merged_traits
from golive.kit.pointers import steps_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from golive.contract.roles import Role
    from golive.drift.fingerprint import Fingerprint
    from golive.drift.shape import Shape
    from golive.drift.traits import Traits


@dataclass
class Evidence:
    """What was seen of one operation: `answers` with a JSON body, of which `runs`, in which places and of which types.

    `types` counts the answers in which exactly these types stood at a place; `headers` and `statuses` count answers.
    """

    answers: int = 0
    shape: Shape = field(default_factory=dict)
    traits: dict[str, Traits] = field(default_factory=dict)
    types: dict[str, Counter[tuple[str, ...]]] = field(default_factory=dict)
    headers: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    runs: set[str] = field(default_factory=set)
    words: dict[str, Counter[tuple[str, bool]]] = field(default_factory=dict)
    """By the role of a word in requests: how often each word was asked with, and whether that succeeded."""

    def seen(self, path: str) -> int:
        """Return in how many answers something stood at this place."""
        return sum(self.types.get(path, Counter()).values())

    def mixed(self, path: str) -> bool:
        """Return whether different types stood at this place, within an answer or from answer to answer."""
        kinds = {kind for types in self.types.get(path, ()) for kind in types if kind != "null"}
        return len(kinds) > 1

    def kinds(self, path: str) -> frozenset[str]:
        """Return the types that stood at this place, null left out."""
        return frozenset(k for types in self.types.get(path, ()) for k in types if k != "null")


def evidence(runs: Iterable[Fingerprint], operations: Iterable[str]) -> Mapping[str, Evidence]:
    """Return what the runs saw of each of these operations' successes, by operationId."""
    found = {name: Evidence() for name in operations}
    for run in runs:
        for _, one in sorted(run.situations.items()):
            here = found.get(one["operation"])
            if here is None:
                continue
            succeeded = 200 <= one["status"] < 300
            for role, word in one.get("asked", {}).items():
                here.words.setdefault(role, Counter())[word, succeeded] += 1
            if not succeeded:
                continue
            here.statuses[one["status"]] += 1
            here.headers.update(one["headers"])
            here.runs.add(run.run or run.started.isoformat())
            if "body" not in one["shapes"]:
                continue
            shape = one["shapes"]["body"]
            here.answers += 1
            here.shape = merged(here.shape, shape) if here.shape else shape
            for path, place in shape.items():
                here.types.setdefault(path, Counter())[tuple(place["types"])] += 1
            for path, traits in one.get("traits", {}).items():
                here.traits[path] = merged_traits(here.traits.get(path, {}), traits)
    return {name: one for name, one in found.items() if one.statuses}


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
