"""The kill matrix: columns, scores, and what makes a proof fail."""

import pytest

from golive.mutation.judge import Result
from golive.mutation.matrix import Fault, Matrix, areas, equivalents


def fault(lie_id="a lie", source="mutant", *, deciding=True, area="area", **result):
    found = Result(**{name: [value] for name, value in result.items()})
    return Fault.of(lie_id, source, area, "It says so.", found, deciding=deciding)


EQUIVALENT = "key_set: media type text/html"


@pytest.mark.parametrize(
    ("injected", "killed", "undetected"),
    [
        (fault(detected_by="one"), True, False),
        (fault(advised_by="one"), False, True),
        (fault(advised_by="one", deciding=False), True, False),
        (fault(detected_by="one", deciding=False), True, False),
        (fault(failed_elsewhere="one"), False, True),
        (fault(crashed="one"), False, True),
        (fault(EQUIVALENT), False, False),
        (fault(), False, True),
    ],
)
def test_a_fault_is_detected_in_its_own_column_only(injected, killed, undetected):
    assert (injected.killed, injected.undetected) == (killed, undetected)


def test_each_column_of_each_source_has_its_own_score():
    faults = [
        fault(detected_by="one"),
        fault(),
        fault(EQUIVALENT),
        fault(advised_by="two", deciding=False),
        fault(source="defect", detected_by="one"),
    ]
    matrix = Matrix(faults=faults)
    assert matrix.score("mutant", deciding=True) == (1, 1, 3)
    assert matrix.score("mutant", deciding=False) == (1, 0, 1)
    assert matrix.score("defect", deciding=True) == (1, 0, 1)
    assert matrix.score("defect", deciding=False) == (0, 0, 0)


GOOD = {"checks": {"one": True}, "faults": [fault(detected_by="one")], "complete": True}


@pytest.mark.parametrize(
    ("change", "passed"),
    [
        ({}, True),
        ({"complete": False}, False),
        ({"faults": [fault(detected_by="one"), fault()]}, False),
        ({"faults": [fault(detected_by="one", crashed="two")]}, False),
        ({"faults": [fault(detected_by="one", missed_by="two")]}, False),
        ({"checks": {"one": True, "idle": True}}, False),
        ({"checks": {"one": True, "idle advice": False}}, True),
        ({"false_alarms": ["seed 2: one failed"]}, False),
        ({"requirements": {"common-date": ("one",)}}, False),
    ],
)
def test_a_proof_passes_only_where_nothing_is_left_open(change, passed):
    assert Matrix(**{**GOOD, **change}).passed is passed


def test_a_check_without_a_kill_is_named():
    matrix = Matrix(
        checks={"one": True, "two": False, "three": True},
        faults=[fault(detected_by="one", advised_by="two", failed_elsewhere="three")],
    )
    assert matrix.without_kill() == ["three"]


@pytest.mark.parametrize(
    ("row", "checks", "faults", "why"),
    [
        ("common-date", ["one"], [fault("answers-lack-date", detected_by="one")], []),
        ("common-date", ["*-date"], [fault("answers-lack-date", advised_by="has-date")], []),
        (
            "common-date",
            ["one"],
            [fault("answers-lack-date", detected_by="two")],
            ["common-date: no check of its row detects answers-lack-date"],
        ),
        ("common-date", ["one"], [], ["common-date: no such fault: answers-lack-date"]),
        (
            "a-new-row",
            ["one"],
            [fault(detected_by="one")],
            ["a-new-row: no fault in src/golive/mutation/contradictions.yaml"],
        ),
    ],
)
def test_a_requirement_is_held_where_its_check_detects_what_contradicts_it(
    row, checks, faults, why
):
    assert Matrix(requirements={row: tuple(checks)}, faults=faults).unheld() == why


def test_faults_are_grouped_by_area_in_the_order_of_the_areas():
    first, second, third = fault(area="b"), fault(area="a"), fault(area="b")
    assert areas([first, second, third]) == {"b": [first, third], "a": [second]}


def test_whatever_violates_nothing_has_its_reason():
    assert all(len(reason) > 30 and "§" in reason for reason in equivalents().values())
