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


PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.INTERNAL_ERROR,
    ExitCode.CONFIGURATION,
    ExitCode.NO_GO,
    ExitCode.COULD_NOT_TELL,
    ExitCode.NOTHING_PROVEN,
    ExitCode.STALE_DEVIATION,
)
"""What decides where several are so, of a run as of many runs; GO is where none is."""

TITLES = {code: code.name.replace("_", " ") for code in ExitCode} | {ExitCode.NO_GO: "NO-GO"}

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


def closing_words(code: ExitCode) -> str:
    """Return what is printed as the last thing of a run that ended before its reports could say so."""
    return f"\n{TITLES[code]}: {MEANINGS[code]}\nexit code {int(code)}"


class Outcome(StrEnum):
    """What became of one check."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN_DEVIATION = "known deviation"
    ADVICE = "advice"
    COULD_NOT_TELL = "could not tell"
    NOT_CLAIMED = "not claimed"
    NOT_SEEN = "not seen"
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
    cut_short: bool = False,
    internal: bool = False,
    fail_on_advice: bool = False,
    lacking: bool = False,
    stale: bool = False,
) -> ExitCode:
    """Return the exit code of a run, by the fixed order of precedence.

    `stop` is where preflight ended, if it did. `cut_short`: not every check was judged, as the run was to end
    after so many that are no success. `lacking`: fewer proofs than the environment
    demands, or none of an operation that the run was to judge. `stale`: an entry among its known
    deviations is out of date.
    """
    endings = list(endings)
    outcomes = {ending.outcome for ending in endings}
    deciding = [ending for ending in endings if ending.deciding]
    unclear = [one for one in deciding if one.outcome is Outcome.COULD_NOT_TELL]
    blamed = {one.configuration for one in unclear if not one.unsettled_shape}
    proven = any(one.outcome is Outcome.PASSED and one.against_success for one in deciding)
    reached = {
        ExitCode.INTERRUPTED: interrupted,
        ExitCode.INTERNAL_ERROR: internal or Outcome.INTERNAL_ERROR in outcomes,
        ExitCode.CONFIGURATION: True in blamed,
        ExitCode.NO_GO: Outcome.FAILED in outcomes
        or (fail_on_advice and Outcome.ADVICE in outcomes),
        ExitCode.COULD_NOT_TELL: False in blamed or cut_short,
        ExitCode.NOTHING_PROVEN: lacking or not proven,
        ExitCode.STALE_DEVIATION: stale,
    }
    return next((code for code in PRECEDENCE if reached[code] or code is stop), ExitCode.GO)
