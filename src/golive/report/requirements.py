"""What a run says of each requirement of the contract: that it is held, violated or open, or that nothing looked."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.contract.requirements import Held, load
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.report.summary import Data

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
