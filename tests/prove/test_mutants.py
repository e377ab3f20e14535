"""Every violation that the contract knows, told on an honest recording, is noticed for its own reason."""

import pytest
from jsonschema import Draft202012Validator

from golive.checks.findings import Finding, FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.kit.json_schema import SchemaCheck
from golive.mutation.judge import Mutant, hunt, matches
from golive.mutation.matrix import equivalents
from golive.mutation.record import Case, record
from golive.mutation.refusals import refusal_mutants, token_mutants
from golive.mutation.responses import success_mutants


def own_faults(recording):
    return recording.own_faults


@pytest.fixture(scope="module")
def recording():
    return record()


@pytest.mark.parametrize(
    "make",
    [success_mutants, token_mutants, refusal_mutants, own_faults],
    ids=lambda f: f.__name__,
)
def test_every_mutant_is_noticed_where_it_is(make, recording):
    survivors, crashed = [], []
    mutants = list(make(recording))
    for mutant in mutants:
        result = hunt(recording, mutant, recording.readers(mutant.key))
        crashed += result.crashed
        advised = not mutant.deciding and result.as_advice_by
        if not (result.noticed_by or advised or mutant.id in equivalents()):
            survivors.append(mutant.id)
    assert len(mutants) >= 30
    assert not survivors
    assert not crashed


def test_what_decides_and_what_explains_agree_on_every_mutant(recording, monkeypatch):
    asked, differing = [], []
    quick = SchemaCheck.errors

    def both(self, instance):
        found = quick(self, instance)
        registry = recording.contract._registry
        formats = Draft202012Validator.FORMAT_CHECKER
        plain = Draft202012Validator(self.root, registry=registry, format_checker=formats)
        known = [(list(e.absolute_path), e.validator) for e in plain.iter_errors(instance)]
        asked.append(bool(known))
        if known != [(list(error.absolute_path), error.validator) for error in found]:
            differing.append((self.root, known))
        return found

    monkeypatch.setattr(SchemaCheck, "errors", both)
    for make in (success_mutants, token_mutants, refusal_mutants):
        for mutant in make(recording):
            hunt(recording, mutant, recording.readers(mutant.key))
    assert not differing
    assert sum(asked) > 300


def test_an_honest_recording_raises_nothing(recording):
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
def test_a_check_that_fails_for_another_reason_notices_nothing(kind, recording):
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
    result = hunt(recording, mutant, [case])
    assert not result.noticed_by
    assert not result.as_advice_by
    assert bool(result.crashed) is (kind == "crash")
    assert bool(result.beside_the_point) is (kind == "elsewhere")
