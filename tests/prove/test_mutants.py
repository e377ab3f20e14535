"""What counts as detected; `golive prove` judges every mutant, by both validators."""

import pytest

from golive.checks.findings import Finding, FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.mutation.judge import Mutant, judge_mutant, matches
from golive.mutation.record import Case, record

pytestmark = pytest.mark.whole_run


@pytest.fixture(scope="module")
def recording():
    return record()


def test_a_fault_free_recording_raises_nothing(recording):
    for case in recording.cases:
        case.call(recording.made)


@pytest.mark.parametrize(
    ("at", "places", "right"),
    [
        ("status", ("status",), True),
        ("/items/0", ("/items/0/id",), True),
        ("body", ("/items/0/id",), True),
        ("/items/1", ("/items/0/id",), False),
        ("/items/0/id", ("/items/0",), False),
        ("relation:order", ("relation:*",), True),
        ("header:Pragma", ("header:Cache-Control",), False),
    ],
)
def test_only_the_place_and_its_ancestors_count(at, places, right):
    assert matches(at, places) is right


def _raising(error):
    def function(**_):
        raise error

    return function


@pytest.mark.parametrize("kind", ["elsewhere", "crash", "doubt"])
def test_a_check_that_fails_for_another_reason_detects_nothing(kind, recording):
    key = ("token_granted", ())
    made = recording.made[key]
    finding = Finding.of(made, "status", expected="200", actual="500", next_step="none")
    error = {
        "elsewhere": FindingsError([finding]),
        "crash": KeyError("items"),
        "doubt": CouldNotTellError("no answer"),
    }[kind]
    case = Case(recording.cases[0].check, _raising(error), {}, {"made": key})
    mutant = Mutant("m", "area", key, made, ("/scope",), deciding=True, violation="none")
    result = judge_mutant(recording, mutant, [case])
    assert not result.detected_by
    assert not result.advised_by
    assert bool(result.crashed) is (kind == "crash")
    assert bool(result.failed_elsewhere) is (kind == "elsewhere")
