"""What counts as detected; `golive prove` judges every mutant, by both validators."""

import pytest

from golive.checks.findings import Finding, FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.contract.requirements import load
from golive.mutation.defects import expectations, names
from golive.mutation.judge import Mutant, Result, judge_mutant, matches
from golive.mutation.matrix import Fault, Matrix, contradictions
from golive.mutation.record import Case

pytestmark = pytest.mark.whole_run


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


def test_a_fault_contradicts_each_requirement_and_its_check_detects_it(recording, mutants):
    """By the defects' rows, which `golive prove` verifies, and by the mutants themselves."""
    ids = [case.check.id for case in recording.cases]
    results = {
        name: Result(detected_by=[one for one in ids if any(names(by, one) for by in row["by"])])
        for name, row in expectations().items()
    }
    named = {*contradictions().values()} - results.keys()
    for mutant in mutants:
        if mutant.id in named:
            results[mutant.id] = judge_mutant(recording, mutant, recording.readers(mutant.key))
    rows = {row.id: row.checks for row in load(recording.contract.folder) if row.checks}
    faults = [Fault.of(name, "any", "any", "", one, deciding=True) for name, one in results.items()]
    assert Matrix(requirements=rows, faults=faults).unheld() == []
    assert not contradictions().keys() - rows.keys()
