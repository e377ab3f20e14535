"""Proofs: which success a check has read, and how many passes there are of each operation."""

from dataclasses import replace

import pytest

from golive.checks.coverage import counted, never_read, proves
from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import find, load
from golive.exchanges.model import Steps
from golive.kit.files import resources

CONTRACT = Contract(resources() / "schemas")


@pytest.fixture
def answer(make_exchange):
    def make(operation, body, **more):
        made = make_exchange(body, **more)
        return replace(made, request=replace(made.request, operation=operation))

    return make


@pytest.mark.parametrize(
    ("operation", "body", "more", "strength"),
    [
        ("listInboxItems", {"items": [{}]}, {}, "full"),
        ("listSentItems", {"items": []}, {}, "envelope"),
        ("listSentItems", {"other": [1]}, {}, None),  # the items may stand elsewhere
        ("listSentItems", {"items": None}, {}, None),
        ("getMessage", {"id": "1"}, {}, "full"),
        ("sendMessage", b"", {"status": 201}, "full"),
        ("getMessage", b"<html>", {}, None),
        ("listInboxItems", [1], {}, None),
        ("listInboxItems", {"items": [{}]}, {"status": 400}, None),
        ("listInboxItems", {"items": [{}]}, {"broken": "cut off"}, None),
        ("", {"access_token": "x"}, {}, None),
    ],
)
def test_what_an_answer_proves(answer, operation, body, more, strength) -> None:
    expected = {operation: strength} if strength else {}
    found = proves([answer(operation, body, **more), "no exchange"], CONTRACT)
    assert found == expected


@pytest.mark.parametrize("turned", [False, True])
def test_one_list_with_an_item_is_enough(answer, turned: bool) -> None:
    lists = [answer("listInboxItems", {"items": found}) for found in ([], [{}])]
    chain = Steps({"changed": answer("updateMessageStatus", b"")})
    found = proves([*(reversed(lists) if turned else lists), chain], CONTRACT)
    assert found == {"listInboxItems": "full", "updateMessageStatus": "full"}


def test_deciding_passes_count_for_each_operation_that_is_claimed() -> None:
    environment = replace(
        load(find("twin"), variables={}), demands={"listInboxItems": 2, "listSentItems": 1}
    )
    results = [
        {"outcome": outcome, "deciding": deciding, "proves": found, "operations": list(found)}
        for outcome, deciding, found in [
            ("passed", True, {"listInboxItems": "full", "getMessage": "full"}),
            ("passed", True, {"listSentItems": "envelope", "notClaimed": "full"}),
            ("passed", False, {"listInboxItems": "full"}),
            ("failed", True, {"listInboxItems": "full"}),
            ("known deviation", True, {"listInboxItems": "full"}),
        ]
    ]
    found = {one.operation: one for one in counted(environment, [*results, {**results[0]}])}
    assert list(found) == list(environment.claims.operations)
    assert [(one.full, one.envelope_only) for one in found.values()][:3] == [(2, 0), (0, 1), (2, 0)]
    assert [one.operation for one in found.values() if one.lacking] == ["listSentItems"]
    assert found["sendMessage"].as_dict() == {
        "operation": "sendMessage",
        "proofs": 0,
        "envelope_only": 0,
        "demanded": None,
        "lacking": False,
        "selected": False,
        "unproven": False,
    }
    assert [one.operation for one in found.values() if one.unproven] == ["listSentItems"]


def test_an_operation_that_could_not_be_asked_is_not_proven_and_says_why() -> None:
    environment = load(find("twin"), variables={})
    asked = {"deciding": True, "operations": ["listSentItems"]}
    results = [
        {**asked, "outcome": "not claimed", "reason": "the patient is not named"},
        {**asked, "outcome": "could not tell", "cause": "no list came"},
        {**asked, "outcome": "not claimed", "reason": "x", "operations": ["getMessage"]},
        {**asked, "outcome": "could not tell", "operations": ["sendMessage"], "deciding": False},
    ]
    found = [one for one in counted(environment, results) if one.unproven]
    assert [(one.operation, one.reason) for one in found] == [
        ("listSentItems", "the patient is not named"),
        ("getMessage", "x"),
    ]


@pytest.mark.parametrize(
    ("results", "unread"),
    [
        ([("a", 404)], {"a": "it answered 404"}),
        ([("a", 404), ("a", 200)], {}),
        ([("a", 503), ("a", 404), ("b", 201)], {"a": "it answered 503"}),
    ],
)
def test_an_operation_that_was_asked_and_never_answered_with_success_is_unread(
    answer, results, unread
) -> None:
    made = {
        (str(number), ()): answer(operation, b"", status=status)
        for number, (operation, status) in enumerate(results)
    }
    assert never_read(made, {}) == unread


def test_what_could_not_be_asked_is_unread_with_its_reason() -> None:
    made = {
        ("lost", ()): CouldNotTellError("no answer came"),
        ("absent", ()): NotClaimedError("test_data.set", operation="b"),
        ("wrong", ()): SuiteError("x"),
    }
    asked = {
        ("lost", ()): frozenset("a"),
        ("absent", ()): frozenset("b"),
        ("wrong", ()): frozenset("c"),
    }
    assert never_read(made, asked) == {
        "a": "no answer came",
        "b": "the environment does not say test_data.set",
    }


def test_advice_alone_proves_nothing_of_an_operation_that_a_whole_run_never_read() -> None:
    environment = load(find("twin"), variables={})
    advice = {
        "deciding": False,
        "operations": ["getMessage"],
        "outcome": "advice",
    }
    of = {one.operation: one for one in counted(environment, [advice], {"getMessage": "why"})}
    assert (of["getMessage"].unproven, of["getMessage"].reason) == (True, "why")
    assert not of["listInboxItems"].unproven
    assert not [one for one in counted(environment, [advice]) if one.unproven]
