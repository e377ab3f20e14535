"""A status that moved in another patient's inbox: golive's own change shows in it twice, another person's does not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from suite_files import checks_of

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.model import Exchange, Headers, Request, Response, Steps
from suites.writes.around import mirrored, moved_statuses, read_along

CHECKS = checks_of("writes/test_other_patients")


def exchange(body: object, asked: object = None) -> Exchange:
    request = Request("POST", "https://api.example/inboxItems", body=json.dumps(asked).encode())
    response = Response(
        200, Headers.of({"Content-Type": "application/json"}), json.dumps(body).encode()
    )
    return Exchange("inbox_items", request, response, datetime.now(UTC), 0.1)


def inbox(*statuses: str) -> Exchange:
    return exchange({"items": [{"id": str(n), "status": one} for n, one in enumerate(statuses)]})


def to(status: str) -> Exchange:
    return exchange({}, {"status": status})


def around(first: Exchange, last: Exchange, *more: tuple[str, Exchange]) -> Steps:
    """The steps around changes: golive's own message goes to DELETED and back to UNREAD."""
    steps = Steps(first=first, last=last)
    changes = ("there", "back", "there again", "back again")
    for change, (status, after) in zip(changes, more, strict=False):
        steps[change], steps[f"after {change}"] = to(status), after
    return steps


BEFORE, MOVED = inbox("OPENED", "OPENED"), inbox("OPENED", "UNREAD")
AWAY, BACK = ("DELETED", inbox("OPENED", "DELETED")), ("UNREAD", inbox("OPENED", "UNREAD"))
ELSEWHERE = ("DELETED", inbox("OPENED", "OPENED"))


def judged(steps: Steps) -> None:
    CHECKS.test_the_inbox_of_another_patient_keeps_its_statuses(steps)


def test_a_message_that_moves_along_twice_is_a_finding():
    with pytest.raises(FindingsError) as raised:
        judged(around(BEFORE, MOVED, AWAY, BACK))
    assert not raised.value.findings[0].advice
    assert "1 moved along with two changes more" in raised.value.findings[0].actual


def test_a_first_round_that_another_change_of_the_run_fell_into_is_made_again():
    with pytest.raises(FindingsError):
        judged(around(BEFORE, MOVED, ELSEWHERE, BACK, AWAY, BACK))


@pytest.mark.parametrize(
    "more",
    [
        (),  # the change was refused
        (AWAY,),
        (("DELETED", MOVED), ("UNREAD", MOVED)),
        (AWAY, ("UNREAD", inbox("OPENED", "OPENED"))),
        (("DELETED", inbox("DELETED", "UNREAD")), ("UNREAD", inbox("DELETED", "OPENED"))),
    ],
)
def test_what_does_not_move_along_may_be_somebody_elses_doing(more):
    with pytest.raises(CouldNotTellError, match="somebody else may have changed them"):
        judged(around(BEFORE, MOVED, *more))


def test_what_stayed_is_fine_and_what_was_opened_is_advice():
    judged(around(BEFORE, replace(BEFORE)))
    with pytest.raises(FindingsError) as raised:
        judged(around(MOVED, inbox("OPENED", "OPENED")))
    assert raised.value.findings[0].advice


def test_a_message_that_is_no_longer_listed_or_shows_no_status_has_not_moved():
    assert moved_statuses(BEFORE, inbox("OPENED")) == {}
    assert moved_statuses(BEFORE, exchange({"items": [{"id": "0"}, {"id": "1"}]})) == {}
    assert read_along({})
    assert mirrored(around(BEFORE, MOVED)) == set()


def named(status: str, *ids: str) -> Exchange:
    return exchange({}, {"status": status, "messages": [{"id": one} for one in ids]})


def tour_of(*after: Exchange) -> Steps:
    """A tour that moves message 0 from UNREAD to OPENED, and to DELETED."""
    first, *_ = after
    steps = Steps({"inbox before any change": first})
    for name, inbox_after in zip(
        ("unread-to-opened", "opened-to-deleted"), after[1:], strict=False
    ):
        steps[name] = named(name.rpartition("-")[2].upper(), "0")
        steps[f"inbox after {name}"] = inbox_after
    return steps


MANY = tuple(f"m{n}" for n in range(100))


def test_one_of_many_that_somebody_else_may_have_changed_is_no_finding():
    judge = checks_of("writes/test_status_of_many").test_a_hundred_messages_change_in_one_call

    def many(reached: int) -> Exchange:
        listed = [
            {"id": one, "status": "UNREAD" if n < reached else "OPENED"}
            for n, one in enumerate(MANY)
        ]
        return exchange({"items": listed})

    def with_many(steps: Steps, reached: int) -> Steps:
        steps["as many messages as a call may name"] = named("UNREAD", *MANY)
        steps["inbox after many"] = many(reached)
        return steps

    alone = (inbox("UNREAD", "OPENED"), inbox("OPENED", "OPENED"), inbox("DELETED", "OPENED"))
    others = (inbox("UNREAD", "OPENED"), inbox("OPENED", "UNREAD"), inbox("DELETED", "UNREAD"))
    judge(with_many(tour_of(*others), 100))
    with pytest.raises(CouldNotTellError, match="99 of 100"):
        judge(with_many(tour_of(*others), 99))
    for steps, reached in ((alone, 99), (others, 50)):
        with pytest.raises(FindingsError):
            judge(with_many(tour_of(*steps), reached))


def refused_then(before: Exchange, listed: Exchange, *ids: str) -> Steps:
    """An update to UNREAD of these messages that was refused, between two readings of the inbox."""
    asked = named("UNREAD", *ids)
    steps = Steps(refused=replace(asked, response=replace(asked.response, status=400)))
    for name, one in (("before", before), ("listed", listed)):
        steps[name] = replace(one, request=replace(one.request, method="GET"))
    return steps


def test_what_was_refused_and_is_done_may_be_somebody_elses_doing():
    judge = checks_of("errors/test_after_refusals").test_no_refused_change_of_status_is_made
    before, done = inbox(*["OPENED"] * 9), inbox("UNREAD", *["OPENED"] * 8)
    by_others = inbox("UNREAD", "DELETED", *["OPENED"] * 7)
    with pytest.raises(FindingsError):
        judge(refused_then(before, done, "0"))
    with pytest.raises(CouldNotTellError, match="somebody else may have changed them"):
        judge(refused_then(before, by_others, "0"))
    every = [str(number) for number in range(9)]
    judge(refused_then(before, done, *every))  # one of many, which somebody else may have moved
    with pytest.raises(FindingsError):
        judge(refused_then(before, inbox(*["UNREAD"] * 9), *every))
