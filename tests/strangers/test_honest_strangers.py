"""golive's verdict about honest servers of another hand: nothing deciding is found, and GO rests on proofs.

`make test` judges every sixtieth personality, and every thirtieth that differs in the neighbours of Messages alone;
`.ci/run` judges all in a step of its own (`-m exhaustive`), each fourth that is read and written to by a run that only
reads as well, and the night each.
"""

import os

import pytest

from golive.checks.verdict import ExitCode

from . import PERSONALITIES
from .judging import MODES, READING, judge_all, modes_of

pytestmark = pytest.mark.whole_run

ALL = [*PERSONALITIES]
ALONE = [name for name in PERSONALITIES if modes_of(name) == ("neighbours",)]
SOME = [*[name for name in PERSONALITIES if name not in ALONE][::60], *ALONE[::30]]


@pytest.mark.parametrize(
    ("names", "modes"),
    [
        pytest.param(SOME, MODES, id="some"),
        pytest.param(ALL, ("writing", "neighbours"), id="all", marks=pytest.mark.exhaustive),
        pytest.param(ALL[::4], ("reading",), id="reading", marks=pytest.mark.exhaustive),
        pytest.param(ALL, ("reading",), id="all-reading", marks=pytest.mark.night),
    ],
)
def test_an_honest_stranger_gets_no_finding_and_is_not_waved_through(names, modes) -> None:
    # Strangers take their time over an answer, so there is something to do for more runs than processors.
    verdicts = list(judge_all(names, modes, jobs=2 * (os.cpu_count() or 1)))
    assert len(verdicts) == sum(len({*modes} & {*modes_of(name)}) for name in names)
    wrong = {
        f"{one.personality}, {one.mode}": found for one in verdicts if (found := objections(one))
    }
    assert wrong == {}


def objections(verdict) -> list[object]:
    """What is wrong with golive's verdict about a server that is right."""
    allowed = {ExitCode.GO, ExitCode.NOTHING_PROVEN}
    if any("answered 429" in cause for _, cause in verdict.open):
        allowed.add(ExitCode.COULD_NOT_TELL)  # a write that is throttled is not repeated
    wanted = verdict.proofs if verdict.mode == "neighbours" else READING
    unproven = [one for one in wanted if not verdict.proofs.get(one)]
    return [
        *verdict.faults,
        *verdict.findings,
        *([] if verdict.exit_code in allowed else [verdict.exit_code, verdict.meaning]),
        *(unproven if verdict.exit_code == ExitCode.GO else []),
    ]
