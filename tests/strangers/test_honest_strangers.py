"""golive's verdict about honest servers of another hand: nothing deciding is found, and GO rests on proofs.

`make test` judges a mixture of Messages and one of its neighbours. `.ci/run` judges all in a step of its own
(`-m exhaustive`): mixed where they can be, alone where they would hide what others choose; the night judges each alone.
"""

import os

import pytest

from golive.checks.verdict import ExitCode

from . import PERSONALITIES
from .judging import MODES, READING, judge_all, modes_of
from .mixed import HIDING, MIXED, OF_NEIGHBOURS, choices, members_of

pytestmark = pytest.mark.whole_run

ALL, TOGETHER = [*PERSONALITIES], [*MIXED, *sorted(HIDING)]
OF_MESSAGES = next(iter(MIXED))
BESIDE = next(name for name in MIXED if OF_NEIGHBOURS[0] in members_of(name))


@pytest.mark.parametrize(
    ("names", "modes"),
    [
        pytest.param(
            [OF_MESSAGES, BESIDE], ("writing", "neighbours"), id="some", marks=pytest.mark.by_day
        ),
        pytest.param(
            TOGETHER, ("writing", "neighbours"), id="together", marks=pytest.mark.exhaustive
        ),
        pytest.param([*MIXED], ("reading",), id="reading", marks=pytest.mark.exhaustive),
        pytest.param(ALL, MODES, id="each", marks=pytest.mark.night),
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


def test_every_personality_is_mixed_with_others_or_stays_alone() -> None:
    mixed = [one for name in MIXED for one in members_of(name)]
    assert len(mixed) == len({*mixed})
    assert {*mixed} | HIDING == {*ALL}
    assert HIDING.isdisjoint(mixed)


def test_a_mixture_chooses_what_its_members_choose() -> None:
    for name, mixture in MIXED.items():
        chosen = [
            one for member in members_of(name) for one in choices(PERSONALITIES[member]).items()
        ]
        assert choices(mixture).items() == {**dict(chosen)}.items()
        assert len(chosen) == len(dict(chosen)), "two of them choose of the same thing"
