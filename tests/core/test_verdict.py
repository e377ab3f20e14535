"""Outcomes in, verdict out."""

import itertools

import pytest

from golive.checks.verdict import MEANINGS, TITLES, Ending, ExitCode, Outcome, decide

PROOF = Ending(Outcome.PASSED, against_success=True)


def test_a_proven_pass_is_go() -> None:
    assert decide([PROOF]) is ExitCode.GO


@pytest.mark.parametrize(
    "endings",
    [
        [],
        [Ending(Outcome.NOT_CLAIMED)],
        [Ending(Outcome.PASSED, against_success=False)],
        [Ending(Outcome.PASSED, deciding=False, against_success=True)],
        [Ending(Outcome.ADVICE, against_success=True)],
        [Ending(Outcome.COULD_NOT_TELL, unsettled_shape=True)],
        [Ending(Outcome.COULD_NOT_TELL, deciding=False)],
    ],
)
def test_without_a_deciding_pass_against_a_success_nothing_is_proven(endings: list[Ending]) -> None:
    assert decide(endings) is ExitCode.NOTHING_PROVEN


@pytest.mark.parametrize(
    ("ending", "code"),
    [
        (Ending(Outcome.FAILED), ExitCode.NO_GO),
        (Ending(Outcome.ADVICE), ExitCode.GO),
        (Ending(Outcome.NOT_CLAIMED), ExitCode.GO),
        (Ending(Outcome.COULD_NOT_TELL), ExitCode.COULD_NOT_TELL),
        (Ending(Outcome.COULD_NOT_TELL, deciding=False), ExitCode.GO),
        (Ending(Outcome.COULD_NOT_TELL, unsettled_shape=True), ExitCode.GO),
        (Ending(Outcome.COULD_NOT_TELL, configuration=True), ExitCode.CONFIGURATION),
        (Ending(Outcome.COULD_NOT_TELL, deciding=False, configuration=True), ExitCode.GO),
        (Ending(Outcome.INTERNAL_ERROR), ExitCode.INTERNAL_ERROR),
    ],
)
def test_one_other_ending_beside_a_proof(ending: Ending, code: ExitCode) -> None:
    assert decide([PROOF, ending]) is code


def test_a_known_deviation_decides_nothing_and_proves_nothing() -> None:
    known = Ending(Outcome.KNOWN_DEVIATION, against_success=True)
    assert decide([PROOF, known], fail_on_advice=True) is ExitCode.GO
    assert decide([known]) is ExitCode.NOTHING_PROVEN


@pytest.mark.parametrize(
    ("ending", "given", "code"),
    [
        (PROOF, {"stale": True}, ExitCode.STALE_DEVIATION),
        (PROOF, {"cut_short": True}, ExitCode.COULD_NOT_TELL),
        (Ending(Outcome.FAILED), {"cut_short": True}, ExitCode.NO_GO),
        (PROOF, {"lacking": True}, ExitCode.NOTHING_PROVEN),
        (PROOF, {"lacking": True, "stale": True}, ExitCode.NOTHING_PROVEN),
        (Ending(Outcome.FAILED), {"lacking": True, "stale": True}, ExitCode.NO_GO),
        (Ending(Outcome.COULD_NOT_TELL), {"lacking": True, "stale": True}, ExitCode.COULD_NOT_TELL),
    ],
)
def test_what_is_stale_or_lacking_has_its_place_in_the_order(ending, given, code) -> None:
    assert decide([PROOF, ending], **given) is code


def test_advice_decides_only_when_asked_to() -> None:
    assert (
        decide([PROOF, Ending(Outcome.ADVICE, deciding=False)], fail_on_advice=True)
        is ExitCode.NO_GO
    )


def test_precedence_is_the_documented_order() -> None:
    precedence = [ExitCode(number) for number in (130, 3, 4, 1, 6, 5, 7)]
    reach = {
        ExitCode.INTERRUPTED: {"interrupted": True},
        ExitCode.INTERNAL_ERROR: {"internal": True},
        ExitCode.CONFIGURATION: {"stop": ExitCode.CONFIGURATION},
        ExitCode.STALE_DEVIATION: {"stop": ExitCode.STALE_DEVIATION},
    }
    outcomes = {ExitCode.NO_GO: Outcome.FAILED, ExitCode.COULD_NOT_TELL: Outcome.COULD_NOT_TELL}
    for first, second in itertools.combinations(precedence, 2):
        endings = [] if ExitCode.NOTHING_PROVEN in (first, second) else [PROOF]
        endings += [Ending(outcomes[code]) for code in (first, second) if code in outcomes]
        options = {k: v for code in (second, first) for k, v in reach.get(code, {}).items()}
        assert decide(endings, **options) is first, (first, second)  # type: ignore[arg-type]


def test_every_code_has_a_title_and_a_sentence() -> None:
    assert set(TITLES) == set(MEANINGS) == set(ExitCode)
    assert all(meaning.endswith(".") for meaning in MEANINGS.values())
