"""What several runs saw of each operation's successful answers, over all situations."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from golive.drift.shape import merged
from golive.drift.traits import Traits, merged_traits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.drift.fingerprint import Fingerprint
    from golive.drift.shape import Shape


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
