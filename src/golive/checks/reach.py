"""How far a run reaches: which known faults it could have detected, and what would bring the others within reach.

A fault is within reach where at least one check that detects it came to a verdict. A mode is what an environment lets a
run do: which APIs there are, and whether it may write. `reach` is pure: the shipped kill matrix and results in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from golive.checks.coverage import Strength
from golive.checks.kill_matrix import WRITES
from golive.checks.verdict import Outcome
from golive.contract.outcomes import NOT_CLAIMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Set

    from golive.checks.kill_matrix import Group, Killer, KillMatrix

DECIDED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.KNOWN_DEVIATION, Outcome.ADVICE})
WORST_FIRST = (
    "API access",
    "access token",
    "token errors",
    "token success",
    "send",
    "status update",
)
"""Areas whose faults weigh most: who may read and write as whom, then what is sent; the others by their number."""

WRITES_KEY, API_KEY = "safety.writes", "apis."
"""The keys that would make another mode of a run's."""

EMPTY = "the lists that were read are empty"


class Why(StrEnum):
    """What kept a check from a verdict."""

    NOT_CLAIMED = "not claimed"
    COULD_NOT_TELL = "could not tell"
    OVER_BUDGET = "over budget"
    NOT_SELECTED = "not selected"
    NOT_RUN = "not run"


@dataclass(frozen=True)
class Obstacle:
    """Why a check has no verdict. `key` is the YAML key that would give it one, else the cause in words."""

    why: Why
    key: str = ""


@dataclass(frozen=True)
class Missing:
    """Faults out of reach for one obstacle: without it, `adds` of them would be within reach.

    `adds_of_mode` are those that the run's mode can show; `defects` are the names of the defects among all.
    """

    obstacle: Obstacle
    adds: int
    adds_of_mode: int
    defects: tuple[str, ...]

    def as_dict(self) -> dict[str, object]:
        """Return it as it stands in `summary.json`."""
        return {
            "why": str(self.obstacle.why),
            "key": self.obstacle.key,
            "adds": self.adds,
            "adds_of_mode": self.adds_of_mode,
            "defects": list(self.defects),
        }


@dataclass
class Reach:
    """The faults of the kill matrix: within reach of a run, of those that its mode can show, of all.

    Each is counted by (source, whether it decides). `missing` is in the order in which it matters.
    """

    reached: Counter[tuple[str, bool]] = field(default_factory=Counter)
    of_mode: Counter[tuple[str, bool]] = field(default_factory=Counter)
    all: Counter[tuple[str, bool]] = field(default_factory=Counter)
    missing: list[Missing] = field(default_factory=list)

    @property
    def percent(self) -> int:
        """The share of the deciding faults of the mode, rounded down."""
        return 100 * _deciding(self.reached) // max(1, _deciding(self.of_mode))

    def lacks(self, demanded: int | None) -> bool:
        """Whether the share is less than so many per cent."""
        return demanded is not None and self.percent < demanded

    def as_dict(self) -> dict[str, object]:
        """Return the reach as it stands in `summary.json`."""
        counts = {"reached": self.reached, "of_mode": self.of_mode, "all": self.all}

        def each(*columns: tuple[str, bool]) -> dict[str, int]:
            return {name: sum(one[column] for column in columns) for name, one in counts.items()}

        return {
            "percent": self.percent,
            **{name: _deciding(counter) for name, counter in counts.items()},
            "defects": each(("defect", True)),
            "mutants": each(("mutant", True)),
            "advice": each(("defect", False), ("mutant", False)),
            "missing": [one.as_dict() for one in self.missing],
        }


@dataclass(frozen=True)
class Known:
    """What is known of a run: its results by check, the names of the answers that it has, and what it may do.

    `over_budget` are the checks that a budget left out, `whole` says that every other one was selected.
    """

    results: Mapping[str, Mapping[str, Any]]
    answers: Set[str]
    mode: Set[str]
    over_budget: Set[str] = frozenset()
    whole: bool = False


def reach(matrix: KillMatrix, known: Known) -> Reach:
    """Return how far a run reaches."""
    found = Reach()
    out: dict[Obstacle, list[tuple[Group, bool]]] = defaultdict(list)
    for group in matrix.groups:
        column, number = (group.source, group.deciding), len(group.faults)
        of_mode = any(_needs(matrix, killer) <= known.mode for killer in group.by)
        obstacles = [_obstacle(matrix, known, one, in_items=group.in_items) for one in group.by]
        found.all[column] += number
        found.of_mode[column] += number * of_mode
        if None in obstacles:
            found.reached[column] += number
        elif group.deciding:
            for obstacle in dict.fromkeys(filter(None, obstacles)):
                out[obstacle].append((group, of_mode))
    found.missing = [_missing(*one) for one in sorted(out.items(), key=_weight)]
    return found


def _weight(one: tuple[Obstacle, list[tuple[Group, bool]]]) -> tuple[bool, bool, int, int]:
    """Sort what matters most to the front.

    That is what a budget gave up, then what this mode could show; there the worst area, then the number of faults.
    """
    obstacle, out = one
    groups = [group for group, _ in out]
    ranks = (WORST_FIRST.index(group.area) for group in groups if group.area in WORST_FIRST)
    return (
        obstacle.why is not Why.OVER_BUDGET,
        obstacle.key == WRITES_KEY or obstacle.key.startswith(API_KEY),
        min(ranks, default=len(WORST_FIRST)),
        -sum(len(group.faults) for group in groups),
    )


def _missing(obstacle: Obstacle, out: list[tuple[Group, bool]]) -> Missing:
    return Missing(
        obstacle,
        sum(len(group.faults) for group, _ in out),
        sum(len(group.faults) for group, of_mode in out if of_mode),
        tuple(name for group, _ in out if group.source == "defect" for name in group.faults),
    )


def _needs(matrix: KillMatrix, killer: Killer) -> frozenset[str]:
    """Return what a run must be able to do for this check to detect the fault."""
    of_answer = matrix.needs.get(matrix.readers.get(killer.exchange, ""), frozenset())
    return matrix.needs.get(killer.check, frozenset()) | of_answer


def _obstacle(
    matrix: KillMatrix, known: Known, killer: Killer, *, in_items: bool
) -> Obstacle | None:
    """Return what kept this check from detecting the fault, None where nothing did."""
    absent = sorted(_needs(matrix, killer) - known.mode, key=lambda need: need == WRITES)
    if absent:
        key = WRITES_KEY if absent[0] == WRITES else f"{API_KEY}{absent[0]}"
        return Obstacle(Why.NOT_CLAIMED, key)
    stopped = _of_check(known, killer.check, in_items=in_items)
    if stopped or not killer.exchange or killer.exchange in known.answers:
        return stopped
    reader = matrix.readers.get(killer.exchange, "")
    return _of_check(known, reader, in_items=False) or Obstacle(Why.NOT_RUN)


def _of_check(known: Known, check: str, *, in_items: bool) -> Obstacle | None:
    result = known.results.get(check)
    if result is None:
        if check in known.over_budget:
            return Obstacle(Why.OVER_BUDGET)
        return Obstacle(Why.NOT_RUN if known.whole else Why.NOT_SELECTED)
    read = set(result.get("proves", {}).values())
    if result["outcome"] in DECIDED:
        empty = in_items and read == {Strength.ENVELOPE}
        return Obstacle(Why.COULD_NOT_TELL, EMPTY) if empty else None
    if result["outcome"] == Outcome.NOT_CLAIMED:
        return Obstacle(Why.NOT_CLAIMED, result["reason"].removeprefix(NOT_CLAIMED))
    cause = result.get("cause", "")
    could_not_tell = result["outcome"] == Outcome.COULD_NOT_TELL
    return Obstacle(Why.COULD_NOT_TELL if could_not_tell else Why.NOT_RUN, cause)


def _deciding(counter: Counter[tuple[str, bool]]) -> int:
    return sum(number for (_, deciding), number in counter.items() if deciding)
