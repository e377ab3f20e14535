"""golive's verdict about honest servers of another hand: nothing deciding is found, and GO rests on proofs.

`make test` judges every tenth personality, and every fifth of those that differ in the neighbours of Messages alone;
`.ci/run` judges the others in a step of its own (`-m every_stranger`).
"""

import pytest

from golive.checks.verdict import ExitCode

from . import PERSONALITIES
from .judging import READING, judged, modes_of

pytestmark = pytest.mark.whole_run


def judgements():
    """Every personality in each of its modes; most are marked as those that `.ci/run` alone judges."""
    alone = [name for name in PERSONALITIES if modes_of(name) == ("neighbours",)]
    others = [name for name in PERSONALITIES if name not in alone]
    for names, every in ((others, 10), (alone, 5)):
        for number, name in enumerate(names):
            marks = () if number % every == 0 else pytest.mark.every_stranger
            yield from (pytest.param(name, mode, marks=marks) for mode in modes_of(name))


@pytest.mark.parametrize(("personality", "mode"), [*judgements()])
def test_an_honest_stranger_gets_no_finding_and_is_not_waved_through(personality, mode) -> None:
    verdict = judged(personality, mode)
    assert verdict.faults == []
    assert verdict.findings == []
    allowed = {ExitCode.GO, ExitCode.NOTHING_PROVEN}
    if any("answered 429" in cause for _, cause in verdict.open):
        allowed.add(ExitCode.COULD_NOT_TELL)  # a write that is throttled is not repeated
    assert verdict.exit_code in allowed, verdict.meaning
    if verdict.exit_code == ExitCode.GO:
        proven = verdict.proofs if mode == "neighbours" else READING
        assert all(verdict.proofs[operation] for operation in proven)
