"""What belongs together in every report: checks of one area, of one cause, of one requirement, with the same finding.

A cause that fifty checks share is one thing to read and to mend, on a terminal as in a pull request.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from golive.checks.verdict import Outcome
from golive.contract.outcomes import NOT_CLAIMED, NOT_SEEN
from golive.contract.requirements import Held, load
from golive.exchanges.failures import IN_A_ROW
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence

    from golive.report.summary import Data

    Item = TypeVar("Item")
    Key = TypeVar("Key", bound=Hashable)


LEAVES_OUT = "safety.access_rules"


@dataclass(frozen=True)
class Cause:
    """Why some checks were not decided, and what to do; `next_step` is empty where nothing is known."""

    outcome: Outcome
    why: str
    next_step: str
    checks: list[Data]

    @property
    def reason(self) -> str:
        """Why, without the words with which the outcome's own name says it, too."""
        return self.why.removeprefix(NOT_CLAIMED).removeprefix(NOT_SEEN)

    @property
    def is_left_out(self) -> bool:
        """Whether the run left it to one that asks everything, on purpose."""
        return self.why == f"{NOT_CLAIMED}{LEAVES_OUT}"

    @property
    def follows(self) -> bool:
        """Whether a host was not asked any more: what came of the requests before that says more."""
        return IN_A_ROW in self.why

    @property
    def ids(self) -> list[str]:
        """The ids of the checks."""
        return [check["id"] for check in self.checks]


def grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, list[Item]]:
    """Return the items by their key, both in the order in which they first came."""
    groups: dict[Key, list[Item]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def with_outcome(checks: Iterable[Data], *outcomes: Outcome) -> list[Data]:
    """Return the checks that came to one of these outcomes."""
    return [check for check in checks if check["outcome"] in outcomes]


def by_cause(checks: Iterable[Data], *outcomes: Outcome) -> list[Cause]:
    """Return the checks of these outcomes, which found nothing, by what kept them from it.

    What only follows from requests without an answer comes last.
    """

    def cause(check: Data) -> tuple[str, str, str]:
        why = check.get("cause") or check.get("reason") or ""
        return check["outcome"], why, check.get("next_step") or ""

    groups = grouped(with_outcome(checks, *outcomes), cause)
    found = [
        Cause(Outcome(outcome), why, step, members)
        for (outcome, why, step), members in groups.items()
    ]
    return sorted(found, key=lambda one: one.follows)


def by_exchange(findings: Iterable[Data]) -> list[tuple[Data, list[Data]]]:
    """Return each exchange with the findings that it shows."""

    def sent(finding: Data) -> tuple[str, ...]:
        exchange = finding["exchange"]
        return exchange["sent_at"], exchange["method"], exchange["url"]

    return [(places[0]["exchange"], places) for places in grouped(findings, sent).values()]


def by_area(checks: Iterable[Data]) -> dict[str, Counter[str]]:
    """Return how many checks of each area came to each outcome, the areas in alphabetical order."""
    areas = grouped(checks, lambda check: str(check["area"]))
    return {area: Counter(one["outcome"] for one in areas[area]) for area in sorted(areas)}


HELD, UNTESTABLE = "held", "not testable"
ORDER = ("violated", "advice", "could not tell", HELD, "not run", UNTESTABLE)


def requirements_of(checks: Sequence[Data]) -> dict[str, Any]:
    """Each requirement: those that the run shows to hold, and those of which it says something else."""
    outcome_of = {check["id"]: check["outcome"] for check in checks}
    rows = []
    of_clients = load(resources() / "schemas", of_clients=True)
    judged = any(check in outcome_of for row in of_clients for check in row.checks)
    for row in of_clients if judged else load(resources() / "schemas"):
        outcomes = {outcome_of[check] for check in row.checks if check in outcome_of}
        rows.append((row, _state(row.held, outcomes)))
    rows.sort(key=lambda one: ORDER.index(one[1]))
    return {
        "held": [row for row, state in rows if state == HELD],
        "rows": [one for one in rows if one[1] not in (HELD, UNTESTABLE)],
        "counts": Counter(state for _, state in rows),
    }


def _state(held: Held, outcomes: set[str]) -> str:
    if held is not Held.TESTED:
        return UNTESTABLE if held is Held.UNTESTABLE else "not run"
    if outcomes & {Outcome.FAILED, Outcome.KNOWN_DEVIATION}:
        return "violated"
    if Outcome.ADVICE in outcomes:
        return "advice"
    if outcomes & {Outcome.COULD_NOT_TELL, Outcome.INTERNAL_ERROR}:
        return "could not tell"
    return HELD if Outcome.PASSED in outcomes else "not run"
