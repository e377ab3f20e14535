"""How a run ends: outcomes of checks, the verdict over them, and the exit code of the verdict.

The verdict is worked out in one place from what was learnt, so that the terminal, the summary file and
the exit code can't disagree. `decide` is pure: outcomes in, verdict out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class ExitCode(IntEnum):
    """The process's exit code; the number is public and stable."""

    GO = 0
    NO_GO = 1
    INTERNAL_ERROR = 3
    CONFIGURATION = 4
    NOTHING_PROVEN = 5
    COULD_NOT_TELL = 6
    STALE_DEVIATION = 7
    INTERRUPTED = 130


TITLES = {
    ExitCode.GO: "GO",
    ExitCode.NO_GO: "NO-GO",
    ExitCode.INTERNAL_ERROR: "INTERNAL ERROR",
    ExitCode.CONFIGURATION: "CONFIGURATION",
    ExitCode.NOTHING_PROVEN: "NOTHING PROVEN",
    ExitCode.COULD_NOT_TELL: "COULD NOT TELL",
    ExitCode.STALE_DEVIATION: "STALE DEVIATION",
    ExitCode.INTERRUPTED: "INTERRUPTED",
}

MEANINGS = {
    ExitCode.GO: "Every deciding check passed.",
    ExitCode.NO_GO: "The contract is broken.",
    ExitCode.INTERNAL_ERROR: "The suite itself failed; this says nothing about the API.",
    ExitCode.CONFIGURATION: "The environment file, an option or the credential is wrong.",
    ExitCode.NOTHING_PROVEN: "No deciding check passed against a real success with content.",
    ExitCode.COULD_NOT_TELL: "The service was unreachable, throttled or too slow to judge.",
    ExitCode.STALE_DEVIATION: "An entry among the known deviations is out of date.",
    ExitCode.INTERRUPTED: "The run was stopped before its end.",
}

PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.INTERNAL_ERROR,
    ExitCode.CONFIGURATION,
    ExitCode.NO_GO,
    ExitCode.COULD_NOT_TELL,
    ExitCode.NOTHING_PROVEN,
    ExitCode.STALE_DEVIATION,
)


class Outcome(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN_DEVIATION = "known deviation"
    ADVICE = "advice"
    COULD_NOT_TELL = "could not tell"
    NOT_CLAIMED = "not claimed"
    INTERNAL_ERROR = "internal error"


@dataclass(frozen=True)
class Ending:
    """What a decision needs to know of one check.

    `deciding`: the check is a `must` with a firm basis. `against_success`: it read at least one real
    2xx answer. `unsettled_shape`: a could-not-tell that comes from an inferred member that is absent,
    which leaves the question open but is no fault of the service. `configuration`: one that the set-up is to blame for.
    """

    outcome: Outcome
    deciding: bool = True
    against_success: bool = False
    unsettled_shape: bool = False
    configuration: bool = False


def decide(
    endings: Iterable[Ending],
    *,
    stop: ExitCode | None = None,
    interrupted: bool = False,
    internal: bool = False,
    fail_on_advice: bool = False,
    lacking: bool = False,
    stale: bool = False,
) -> ExitCode:
    """Return the exit code of a run, by the fixed order of precedence.

    `stop` is where preflight ended, if it did. `lacking`: fewer proofs than the environment
    demands, or none of an operation that the run was to judge. `stale`: an entry among its known
    deviations is out of date.
    """
    endings = list(endings)
    outcomes = {ending.outcome for ending in endings}
    reached: set[ExitCode] = set()
    if interrupted:
        reached.add(ExitCode.INTERRUPTED)
    if internal or Outcome.INTERNAL_ERROR in outcomes:
        reached.add(ExitCode.INTERNAL_ERROR)
    if stop is not None:
        reached.add(stop)
    if Outcome.FAILED in outcomes or (fail_on_advice and Outcome.ADVICE in outcomes):
        reached.add(ExitCode.NO_GO)
    reached |= {
        ExitCode.CONFIGURATION if ending.configuration else ExitCode.COULD_NOT_TELL
        for ending in endings
        if ending.outcome is Outcome.COULD_NOT_TELL
        and ending.deciding
        and not ending.unsettled_shape
    }
    proven = any(
        ending.outcome is Outcome.PASSED and ending.deciding and ending.against_success
        for ending in endings
    )
    if lacking or not proven:
        reached.add(ExitCode.NOTHING_PROVEN)
    if stale:
        reached.add(ExitCode.STALE_DEVIATION)
    return next((code for code in PRECEDENCE if code in reached), ExitCode.GO)
