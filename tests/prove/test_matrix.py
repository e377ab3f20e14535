"""The kill matrix: columns, scores, and what makes a proof fail."""

import pytest

from golive.mutation.judge import Result
from golive.mutation.matrix import Lie, Matrix, areas, equivalents


def lie(lie_id="a lie", source="mutant", *, deciding=True, area="area", **result):
    found = Result(**{name: [value] for name, value in result.items()})
    return Lie.of(lie_id, source, area, "It says so.", found, deciding=deciding)


EQUIVALENT = "key_set: media type text/html"


@pytest.mark.parametrize(
    ("told", "killed", "survived"),
    [
        (lie(noticed_by="one"), True, False),
        (lie(as_advice_by="one"), False, True),
        (lie(as_advice_by="one", deciding=False), True, False),
        (lie(noticed_by="one", deciding=False), True, False),
        (lie(beside_the_point="one"), False, True),
        (lie(crashed="one"), False, True),
        (lie(EQUIVALENT), False, False),
        (lie(), False, True),
    ],
)
def test_a_lie_is_killed_in_its_own_column_only(told, killed, survived):
    assert (told.killed, told.survived) == (killed, survived)


def test_each_column_of_each_source_has_its_own_score():
    lies = [
        lie(noticed_by="one"),
        lie(),
        lie(EQUIVALENT),
        lie(as_advice_by="two", deciding=False),
        lie(source="defect", noticed_by="one"),
    ]
    matrix = Matrix(lies=lies)
    assert matrix.score("mutant", deciding=True) == (1, 1, 3)
    assert matrix.score("mutant", deciding=False) == (1, 0, 1)
    assert matrix.score("defect", deciding=True) == (1, 0, 1)
    assert matrix.score("defect", deciding=False) == (0, 0, 0)


GOOD = {"checks": {"one": True}, "lies": [lie(noticed_by="one")], "complete": True}


@pytest.mark.parametrize(
    ("change", "passed"),
    [
        ({}, True),
        ({"complete": False}, False),
        ({"lies": [lie(noticed_by="one"), lie()]}, False),
        ({"lies": [lie(noticed_by="one", crashed="two")]}, False),
        ({"lies": [lie(noticed_by="one", missed_by="two")]}, False),
        ({"checks": {"one": True, "idle": True}}, False),
        ({"checks": {"one": True, "idle advice": False}}, True),
        ({"false_alarms": ["seed 2: one failed"]}, False),
    ],
)
def test_a_proof_passes_only_where_nothing_is_left_open(change, passed):
    assert Matrix(**{**GOOD, **change}).passed is passed


def test_a_check_without_a_kill_is_named():
    matrix = Matrix(
        checks={"one": True, "two": False, "three": True},
        lies=[lie(noticed_by="one", as_advice_by="two", beside_the_point="three")],
    )
    assert matrix.without_kill() == ["three"]


def test_lies_are_grouped_by_area_in_the_order_of_the_areas():
    first, second, third = lie(area="b"), lie(area="a"), lie(area="b")
    assert areas([first, second, third]) == {"b": [first, third], "a": [second]}


def test_whatever_violates_nothing_has_its_reason():
    assert all(len(reason) > 30 and "§" in reason for reason in equivalents().values())
