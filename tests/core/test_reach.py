"""How far a run reaches: which faults of the kill matrix it could have detected, and what kept it from the others."""

import pytest

from golive.checks.kill_matrix import Group, Killer, KillMatrix
from golive.checks.reach import EMPTY, Known, Obstacle, Why, reach
from golive.report.reach import not_tested, out_of_reach, sentence

NEEDS = {
    "token": frozenset(),
    "inbox": frozenset({"messages"}),
    "detail": frozenset({"messages"}),
    "send": frozenset({"messages", "writes"}),
    "lookup": frozenset({"code-system"}),
    "every-answer": frozenset(),
}
READERS = {"inbox_items": "inbox", "sent_message": "send"}


def group(*by, faults=("it",), area="inbox", deciding=True, in_items=False, source="defect"):
    return Group(source, area, deciding, in_items, tuple(map(Killer.of, by)), tuple(faults))


def reached(*groups, results=(), answers=(), mode=("messages",), over_budget=()):
    matrix = KillMatrix("0", NEEDS, READERS, {}, groups)
    by_id = {one["id"]: one for one in results}
    known = Known(by_id, set(answers), frozenset(mode), frozenset(over_budget))
    return reach(matrix, known)


def result(check, outcome="passed", **more):
    return {"id": check, "outcome": outcome, **more}


def not_claimed(check, key):
    return result(check, "not claimed", reason=f"not claimed by the environment: {key}")


@pytest.mark.parametrize(
    ("outcome", "within"),
    [
        ("passed", True),
        ("failed", True),
        ("advice", True),
        ("known deviation", True),
        ("could not tell", False),
        ("not claimed", False),
        ("internal error", False),
    ],
)
def test_a_fault_is_within_reach_where_a_check_that_detects_it_came_to_a_verdict(outcome, within):
    found = reached(group("inbox"), results=[result("inbox", outcome, reason="", cause="")])
    assert found.reached["defect", True] == within
    assert found.of_mode["defect", True] == found.all["defect", True] == 1


def test_one_check_that_came_to_a_verdict_is_enough():
    ended = [not_claimed("detail", "test_data.message"), result("inbox")]
    found = reached(group("detail", "inbox"), results=ended)
    assert found.reached["defect", True] == 1
    assert not found.missing


def test_an_empty_list_shows_no_fault_of_an_item():
    empty = result("inbox", proves={"listInboxItems": "envelope"})
    groups = [group("inbox", faults=["of an item"], in_items=True), group("inbox")]
    found = reached(*groups, results=[empty])
    assert (found.reached["defect", True], found.all["defect", True]) == (1, 2)
    assert found.missing[0].obstacle == Obstacle(Why.COULD_NOT_TELL, EMPTY)
    full = result("inbox", proves={"listInboxItems": "full"})
    assert reached(*groups, results=[full]).reached["defect", True] == 2


def test_a_check_of_every_answer_reaches_the_answers_that_came():
    of_both = [group("every-answer@inbox_items"), group("every-answer@sent_message", faults=["b"])]
    ended = [result("every-answer"), result("inbox"), not_claimed("send", "safety.writes")]
    found = reached(*of_both, results=ended, answers=["inbox_items"])
    assert found.reached["defect", True] == 1
    assert [one.obstacle for one in found.missing] == [Obstacle(Why.NOT_CLAIMED, "safety.writes")]


def test_what_was_selected_and_has_no_result_did_not_run():
    matrix = KillMatrix("0", NEEDS, READERS, {}, (group("inbox"),))
    found = reach(matrix, Known({}, set(), frozenset({"messages"}), whole=True))
    assert [one.obstacle for one in found.missing] == [Obstacle(Why.NOT_RUN)]


@pytest.mark.parametrize(
    ("by", "mode", "ended", "obstacle"),
    [
        ("send", ["messages"], None, Obstacle(Why.NOT_CLAIMED, "safety.writes")),
        ("lookup", ["messages"], None, Obstacle(Why.NOT_CLAIMED, "apis.code-system")),
        ("inbox", ["messages"], None, Obstacle(Why.NOT_SELECTED)),
        ("token", [], not_claimed("token", "token.form"), Obstacle(Why.NOT_CLAIMED, "token.form")),
        (
            "inbox",
            ["messages"],
            result("inbox", "could not tell", cause="the inbox is empty"),
            Obstacle(Why.COULD_NOT_TELL, "the inbox is empty"),
        ),
    ],
)
def test_what_is_out_of_reach_says_why(by, mode, ended, obstacle):
    found = reached(group(by), results=[ended] if ended else [], mode=mode)
    assert [one.obstacle for one in found.missing] == [obstacle]
    assert found.missing[0].defects == ("it",)


def test_what_a_budget_left_out_is_not_called_a_selection():
    found = reached(group("token"), group("inbox"), over_budget=["inbox"])
    assert [one.obstacle.why for one in found.missing] == [Why.OVER_BUDGET, Why.NOT_SELECTED]


def test_the_worst_area_comes_first_and_then_the_largest_number():
    found = reached(
        group("inbox", faults=["a"], area="inbox"),
        group("detail", faults=["b", "c"], area="one message"),
        group("token", faults=["d"], area="API access"),
        results=[
            not_claimed("inbox", "test_data.patient"),
            not_claimed("detail", "test_data.message"),
            not_claimed("token", "claims.accounts.other_tenant"),
        ],
    )
    keys = [one.obstacle.key for one in found.missing]
    assert keys == ["claims.accounts.other_tenant", "test_data.message", "test_data.patient"]


def said(found, *, writes=False, apis=("messages",)):
    return {**found.as_dict(), "mode": {"writes": writes, "apis": list(apis)}}


def test_a_run_says_in_words_how_far_it_reaches_and_what_would_bring_the_rest():
    found = reached(
        group("inbox", faults=["a", "b"]),
        group("detail", faults=["c"], source="mutant"),
        group("send", faults=["d", "f"]),
        group("detail", faults=["e"], deciding=False),
        results=[result("inbox"), not_claimed("detail", "claims.accounts.other_tenant")],
    )
    data = said(found)
    assert sentence(data) == (
        "could have detected 2 of 3 known faults that a read-only run of messages can show (66 %; defects: 2 of 2), "
        "and of 5 in all"
    )
    assert out_of_reach(data) == [
        "another tenant's token: `claims.accounts.other_tenant` adds 1",
        "sending and changing messages: `safety.writes` adds 2",
    ]
    assert not_tested(data) == (
        "Not tested: sending and changing messages (this run was read-only); another tenant's token."
    )


@pytest.mark.parametrize("cure", ["--profile nightly", "safety.access_rules: everywhere"])
def test_what_a_run_left_out_is_named_with_what_asks_it(cure):
    found = reached(
        group("inbox", faults=["a"]),
        group("detail", faults=["b"]),
        results=[result("inbox"), not_claimed("detail", "safety.access_rules")],
    )
    data = said(found)
    data["missing"] = [one | {"cure": cure} for one in data["missing"]]
    what = "each access rule at each operation, and what varies another question"
    assert out_of_reach(data) == [f"{what}: `{cure}` adds 1"]
    assert not_tested(data) == f"Not tested: {what} (`{cure}`)."


def test_of_what_could_not_be_decided_the_first_cause_stands_for_all():
    checks = ("inbox", "detail", "token")
    undecided = [result(one, "could not tell", cause=f"no {one}") for one in checks]
    found = reached(*(group(one, faults=[one]) for one in checks), results=undecided)
    assert len(found.missing) == 3
    first = found.missing[0].obstacle.key
    assert out_of_reach(said(found)) == [
        f"what could not be decided ({first}): a verdict adds 1; 2 more causes"
    ]


def test_the_apis_of_a_mode_are_listed_as_people_list_them():
    data = said(
        reached(group("inbox"), group("send")), apis=("code-system", "messages", "recipient")
    )
    assert "a read-only run of code-system, messages and recipient can show" in sentence(data)


def test_a_run_that_reaches_everything_left_nothing_untested():
    data = said(reached(group("inbox"), results=[result("inbox")]))
    assert sentence(data) == "could have detected 1 of 1 known faults (100 %)"
    assert not out_of_reach(data)
    assert not not_tested(data)


def test_the_share_is_rounded_down_so_that_a_demand_is_not_met_by_rounding():
    faults = [
        group("inbox", faults=[str(n) for n in range(849)]),
        group("token", faults=["x"] * 151),
    ]
    found = reached(*faults, results=[result("inbox")])
    assert (found.percent, found.lacks(85), found.lacks(84), found.lacks(None)) == (
        84,
        True,
        False,
        False,
    )
