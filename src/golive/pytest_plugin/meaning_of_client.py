"""What a verdict about a client's requests means, in a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.verdict import MEANINGS, ExitCode, Outcome
from golive.report.text import counted, some

if TYPE_CHECKING:
    from golive.pytest_plugin.state import Run

NAMED = 3


def meaning_of_client(run: Run, verdict: ExitCode) -> str:
    """Return the verdict in its sentences: what it rests on, what is advised, what the client never did."""
    said = [_reason(run, verdict)]
    advised = [one for one in run.results if one["outcome"] == Outcome.ADVICE]
    if verdict is not ExitCode.NO_GO and advised:
        said.append(f"{counted(len(advised), 'check')} advised something, which does not decide.")
    unseen = sum(one["outcome"] == Outcome.NOT_SEEN for one in run.results)
    if unseen and verdict in (ExitCode.GO, ExitCode.NO_GO, ExitCode.NOTHING_PROVEN):
        them = counted(unseen, "check")
        said.append(f"{them} had nothing to judge: the client never did what they are about.")
    return " ".join(said)


def _reason(run: Run, verdict: ExitCode) -> str:
    match verdict:
        case ExitCode.NO_GO:
            failed = [one["id"] for one in run.results if one["outcome"] == Outcome.FAILED]
            return f"The client's requests are not as they must be ({some(failed, NAMED)})."
        case ExitCode.NOTHING_PROVEN:
            return _nothing_proven(run)
    return MEANINGS[verdict]


def _nothing_proven(run: Run) -> str:
    if lacking := run.lacking:
        place, missing = lacking
        return f"The client did less than {place} demands: {missing}."
    unproven = [one.operation for one in run.proofs if one.unproven]
    if unproven:
        return f"No request of the client's succeeded that asked for {some(unproven, NAMED)}."
    return "No request of the client's for an operation succeeded."
