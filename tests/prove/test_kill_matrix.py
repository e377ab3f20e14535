"""The kill matrix that golive ships is this version's: of its checks, its faults and the exchanges of its suites."""

import pytest

from golive import __version__
from golive.checks.kill_matrix import FILE, Group, Killer, KillMatrix, grouped, load, shipped
from golive.exchanges.registry import shown_key
from golive.kit.files import resources
from golive.mutation.defects import INJECTED
from golive.mutation.judge import Result
from golive.mutation.matrix import Fault, Matrix, equivalents

RENEW = "`make kill-matrix` measures it again"


def faults_of(source):
    return [name for one in shipped().groups if one.source == source for name in one.faults]


def test_the_shipped_matrix_is_of_this_version():
    assert shipped().golive_version == __version__, RENEW


def test_its_defects_are_those_that_the_twin_can_inject():
    assert sorted(faults_of("defect")) == sorted(INJECTED), RENEW


@pytest.mark.whole_run
def test_its_checks_and_exchanges_are_those_of_the_suites(recording):
    assert shipped().needs == {case.check.id: case.needs for case in recording.cases}, RENEW
    assert shipped().requests.keys() == {shown_key(key) for key in recording.made}, RENEW


@pytest.mark.whole_run
def test_its_mutants_are_those_that_are_made(mutants):
    made = {mutant.id for mutant in mutants}
    assert set(faults_of("mutant")) - equivalents().keys() == made - equivalents().keys(), RENEW


def test_whatever_detects_a_fault_is_a_check_of_the_matrix():
    matrix = shipped()
    killers = [killer for group in matrix.groups for killer in group.by]
    assert {killer.check for killer in killers} <= matrix.needs.keys()
    assert {killer.exchange for killer in killers} - {""} <= matrix.readers.keys(), RENEW


def test_the_file_is_what_was_read_from_it():
    text = (resources() / "schemas" / FILE).read_text(encoding="utf-8")
    assert shipped().as_text() == text


def fault(name, *, places=(), deciding=True, **by):
    result = Result(places=list(places), **by)
    return Fault.of(name, "mutant", "area", "It says so.", result, deciding=deciding)


def test_a_fault_is_detected_by_the_checks_of_its_own_column():
    matrix = Matrix(
        faults=[
            fault("decides", detected_by=["one"], advised_by=["two"]),
            fault("advises", detected_by=["one"], advised_by=["two"], deciding=False),
            fault("by nobody", advised_by=["two"]),
        ]
    )
    found = {group.faults: tuple(map(str, group.by)) for group in matrix.for_runs().groups}
    assert found == {("decides",): ("one",), ("advises",): ("one", "two"), ("by nobody",): ()}


def test_a_check_of_every_answer_is_named_with_the_answer_that_shows_the_fault():
    places = [("one", "header:Date", "sent_items"), ("two", "header:Date", "sent_items")]
    matrix = Matrix(
        faults=[fault("no date", places=places, detected_by=["one", "two"])],
        read_all={"one"},
        readers={"sent_items": "two"},
    )
    [group] = matrix.for_runs().groups
    assert group.by == (Killer("one", "sent_items"), Killer("two"))


@pytest.mark.parametrize(
    ("places", "in_items"),
    [
        (["/items/0/subject"], True),
        (["/items/3", "/items/0"], True),
        (["/items/0/subject", "status"], False),
        (["/items"], False),
        (["/subject"], False),
    ],
)
def test_a_fault_that_shows_in_items_alone_is_known_as_one(places, in_items):
    found = fault("it", places=[("one", at, "inbox_items") for at in places], detected_by=["one"])
    assert found.in_items is in_items


def test_faults_that_the_same_checks_detect_stand_together_and_come_back_from_the_file(tmp_path):
    single = [
        Group("defect", "inbox", True, False, (Killer("b"), Killer("a", "sent_items")), ("x",)),
        Group("defect", "inbox", True, False, (Killer("a", "sent_items"), Killer("b")), ("y",)),
        Group("defect", "inbox", False, True, (Killer("b"),), ("z",)),
    ]
    needs = {"a": frozenset(), "b": frozenset({"messages", "writes"})}
    matrix = KillMatrix("0.0.1", needs, {"sent_items": "b"}, {"sent_items": 1}, grouped(single))
    assert [one.faults for one in matrix.groups] == [("x", "y"), ("z",)]
    file = tmp_path / FILE
    file.write_text(matrix.as_text(), encoding="utf-8")
    again = load(file)
    assert (again.needs, again.readers, again.requests) == (needs, matrix.readers, matrix.requests)
    assert set(again.groups) == set(matrix.groups)
