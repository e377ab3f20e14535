"""golive's verdict about honest servers of another hand: nothing deciding is found, and GO rests on proofs.

`make test` judges every tenth personality; `.ci/run` judges the others in a step of its own (`-m every_stranger`).
"""

import pytest

from golive.checks.verdict import ExitCode

from . import PERSONALITIES
from .judging import MODES, READING, judged

pytestmark = pytest.mark.whole_run


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    "personality",
    [
        pytest.param(name, marks=() if number % 10 == 0 else pytest.mark.every_stranger)
        for number, name in enumerate(PERSONALITIES)
    ],
)
def test_an_honest_stranger_gets_no_finding_and_is_not_waved_through(personality, mode) -> None:
    verdict = judged(personality, mode)
    assert verdict.faults == []
    assert verdict.findings == []
    allowed = {ExitCode.GO, ExitCode.NOTHING_PROVEN}
    if any("answered 429" in cause for _, cause in verdict.open):
        allowed.add(ExitCode.COULD_NOT_TELL)  # a write that is throttled is not repeated
    assert verdict.exit_code in allowed, verdict.meaning
    if verdict.exit_code == ExitCode.GO:
        assert all(verdict.proofs[operation] for operation in READING)
