"""Each bad habit is found by the check that names it and by no other, and good clients are free of findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from golive.client import habits as samples
from golive.client.habits import exchanges_of, good_clients, habits, judged
from golive.client.judging import rules
from golive.mutation import proof
from golive.mutation.matrix import Matrix
from golive.mutation.proof import result_of
from golive.twin.scenarios import SCENARIOS

from .conftest import CONTRACT

SLOW = {"slow", "throttled-until-date", "unavailable"}
"""Those for which a client waits several seconds."""

FAILURES_IN_PUBLIC = {
    "token-of-the-other-cloud": "Take the token from authorization.cerner.com",
    "assertion-as-bearer": "Send the assertion as client_assertion in the form",
    "stray-character-in-the-tenant": "Trim the setting that holds the tenant",
    "scopes-with-commas": "Join the scopes by one space",
    "fragment-as-content": "Put the text into <p> of a whole document",
    "polls-without-a-bound": "Keep the time of the last list that succeeded",
}


@pytest.mark.parametrize("good", good_clients(), ids=lambda one: one.name)
def test_a_good_client_is_free_of_findings(good):
    found = judged(good, CONTRACT)
    assert {one.check.id: str(one.found) for one in found if one.found} == {}
    assert sum(not one.unseen for one in found) > 50


OF_EACH_KIND = {one.does: one for one in habits()}
SOME = [one for one in habits() if one in OF_EACH_KIND.values() or one.name in FAILURES_IN_PUBLIC]
"""One of each thing that a client does; `golive prove` lets every habit work, and demands the same of it."""


@pytest.mark.parametrize("habit", SOME, ids=lambda one: one.name)
def test_a_bad_habit_is_found_by_the_checks_that_name_it_and_by_no_other(habit):
    found = judged(habit, CONTRACT)
    result = result_of(habit, found)
    assert (result.missed_by, result.failed_elsewhere) == ([], [])
    cure = FAILURES_IN_PUBLIC.get(habit.name)
    if cure:
        finding = next(one.found.findings[0] for one in found if one.check.id == habit.by[0])
        assert finding.next_step.startswith(cure)


def test_a_check_that_finds_a_habit_and_is_not_named_by_its_row_is_a_false_positive(monkeypatch):
    habit, other = habits()[0], habits()[-1]
    monkeypatch.setattr(proof, "habits", lambda: (replace(habit, by=other.by),))
    monkeypatch.setattr(proof, "good_clients", tuple)
    matrix = Matrix()
    proof.let_clients_work(matrix, CONTRACT, lambda *_: None)
    [alarm] = matrix.false_alarms
    assert alarm.startswith(f"client «{habit.name}», which does nothing against it: {habit.by[0]} ")
    assert not matrix.clean


@pytest.mark.parametrize("scenario", sorted(SCENARIOS.keys() - SLOW))
def test_a_good_client_is_free_of_findings_on_each_bad_day(scenario):
    good = replace(good_clients()[0], twin={"scenario": scenario}, crowded=False)
    assert {one.check.id: str(one.found) for one in judged(good, CONTRACT) if one.found} == {}


def test_every_check_has_a_habit_that_it_finds():
    named = {name for habit in habits() for name in habit.by}
    assert named == {rule.check.id for rule in rules()}
    assert len(habits()) >= 60
    assert set(FAILURES_IN_PUBLIC) <= {habit.name for habit in habits()}


def test_a_sample_client_asks_nobody_but_this_machine(monkeypatch):
    offered = samples._offered
    elsewhere = {"GOLIVE_TOKEN_URL": "https://authorization.cerner.com/x"}
    monkeypatch.setattr(samples, "_offered", lambda *given: offered(*given) | elsewhere)
    with pytest.raises(
        ValueError, match=r"authorization\.cerner\.com is no address of this machine"
    ):
        exchanges_of(good_clients()[0], CONTRACT)
