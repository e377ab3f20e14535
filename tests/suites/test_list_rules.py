"""The rules of lists that no lie of the suites' own table reaches."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from golive.checks.expect import Expect, expect
from golive.checks.findings import FindingsError
from golive.contract.document import Contract
from golive.contract.outcomes import (
    CouldNotTellError,
    NotClaimedError,
    SuiteError,
    ThinDataError,
)
from golive.contract.places import Places
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from golive.redaction import REDACTOR
from suites.common.answers import for_each
from suites.common.lists import PAGE, member, names_each_once, same_json
from suites.messages import list_rules as rules
from suites.messages.bounds import at_its_bounds, holds_around, zoned_item
from suites.messages.lists import item_of, message, overlap, some_items
from suites.messages.recognise import is_cut
from suites.messages.sending import new_subject
from suites.messages.status_choice import other_entries
from suites.messages.steadiness import differ, pairs, unless_unsteady

CONTRACT = Contract(resources() / "schemas")
NOW = datetime(2026, 3, 29, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _shows_nothing_but_the_contract_s_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(REDACTOR, "shows_data", False)
    monkeypatch.setattr(REDACTOR, "public", CONTRACT.words)


def item(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    time = {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}", "timeZone": "UTC"}
    return {"id": str(number), "createDateTime": time, **more}


def listing(*found: dict[str, Any], query: str = "patientId=1") -> Exchange:
    url = f"http://127.0.0.1/tenant/message/20241001/patientMessages/inboxItems?{query}"
    response = Response(200, Headers(), json.dumps({"items": found}).encode())
    return Exchange("some_list", Request("GET", url), response, NOW, 0.1)


def test_a_page_in_place_of_a_list_is_named_before_what_is_missing_in_it() -> None:
    made = listing()
    page = replace(made, response=replace(made.response, body=b"<!doctype html><p>Sign in</p>"))
    with pytest.raises(CouldNotTellError) as raised:
        some_items(page)
    assert raised.value.cause == (
        "some_list: the body is an HTML page, not JSON, so nothing can be read in it"
    )
    assert "golive learn" not in raised.value.next_step
    with pytest.raises(CouldNotTellError, match="the inferred member items is absent"):
        some_items(replace(made, response=replace(made.response, body=b"{}")))


def test_bounds_are_read_back_from_the_request() -> None:
    made = listing(query=f"{rules.LOWER}=2026-01-02T03:04:05Z")
    assert rules.bound(made, rules.LOWER) == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    with pytest.raises(SuiteError, match="was asked for without"):
        rules.bound(made, rules.UPPER)


def test_inner_bounds_are_times_of_items_with_others_on_both_sides() -> None:
    made = listing(*(item(n, NOW - timedelta(hours=n, milliseconds=1)) for n in range(5)))
    lower, upper = rules.inner_bounds(made)
    assert (lower, upper) == (
        NOW - timedelta(hours=3, seconds=1),
        NOW - timedelta(hours=1, seconds=1),
    )


def test_inner_bounds_need_five_different_times() -> None:
    with pytest.raises(CouldNotTellError, match="fewer than five"):
        rules.inner_bounds(listing(*(item(n, NOW) for n in range(9))))


def test_an_item_within_the_second_of_the_upper_bound_is_not_outside() -> None:
    made = listing(item(1, NOW + timedelta(milliseconds=999)))
    with expect(made) as it:
        rules.injects_within(it, upper=NOW, what="not after now")


def test_times_of_messages_are_not_shown_where_data_may_not_be() -> None:
    made = listing(item(1, NOW), item(2, NOW - timedelta(days=2)))
    with pytest.raises(FindingsError) as caught, expect(made) as it:
        rules.injects_within(it, NOW - timedelta(days=1), what="of today")
    (finding,) = caught.value.findings
    assert finding.at == "/items/1/createDateTime"
    words = "1 of 2 items outside, the first at a string of 20 characters (date and time) [value "
    assert finding.actual.startswith(words)


def test_a_reminder_is_selected_by_its_show_up_date() -> None:
    shows_up = {"dateTime": "2026-01-01T00:00:00Z", "timeZone": "UTC"}
    made = listing(item(1, NOW, remindDateTime=shows_up), item(2, NOW))
    first, second = made.json["items"]
    assert rules.shown(made, first) == (datetime(2026, 1, 1, tzinfo=UTC),)
    assert rules.shown(made, second) == (NOW,)


def test_a_full_page_may_lack_items() -> None:
    full = listing(*(item(n, NOW) for n in range(PAGE)))
    with pytest.raises(CouldNotTellError, match="full page"):
        rules.whole(full)


def test_lists_are_not_compared_near_the_edges_of_the_window() -> None:
    edge = NOW - rules.WINDOW
    usual = listing(item(1, NOW - timedelta(days=3)), item(2, edge + timedelta(minutes=1)))
    other = listing(item(1, NOW - timedelta(days=3)), item(3, NOW - timedelta(minutes=1)))
    with expect(usual) as it:
        rules.same_items(it, other)


def test_the_later_request_sets_the_far_edge_and_the_earlier_one_the_near_edge() -> None:
    later = replace(listing(), sent_at=NOW + timedelta(hours=5))
    since, until = rules.is_settled_between(listing(), later)
    assert since == NOW + timedelta(hours=5) - rules.WINDOW + rules.EDGE
    assert until == NOW - rules.SKEW


def test_bounds_without_an_item_on_them_show_nothing_about_the_edge() -> None:
    query = f"{rules.LOWER}=2026-01-02T03:04:05Z&{rules.UPPER}=2026-01-03T03:04:05Z"
    with pytest.raises(CouldNotTellError, match="at the very second"):
        at_its_bounds(expect(listing(query=query)), listing(item(1, NOW)))


def test_the_findings_of_several_answers_are_raised_at_once_and_before_a_doubt() -> None:
    def names_some(it: Expect) -> None:
        names_each_once(it, some_items(it.exchange))

    twice = listing(item(1, NOW), item(1, NOW))
    with pytest.raises(FindingsError) as caught:
        for_each(names_some, listing(), twice, twice)
    assert [finding.at for finding in caught.value.findings] == ["relation:unique-ids"] * 2
    with pytest.raises(CouldNotTellError, match="no items"):
        for_each(names_some, listing(), listing(item(1, NOW)))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1, True),
        (1, True, False),
        (False, 0, False),
        (True, True, True),
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, True),
        ({"a": [1]}, {"a": [True]}, False),
        ({"a": 1}, {"a": 1, "b": None}, False),
        ([1, 2], [1], False),
        ("1", 1, False),
    ],
)
def test_json_values_are_compared_as_json(one: object, other: object, same: bool) -> None:
    assert same_json(one, other) is same


def test_a_list_item_is_found_by_the_decoded_id_of_the_request() -> None:
    url = "http://127.0.0.1/tenant/message/20241001/patientMessages/1%2F2.prsnl?x=1"
    read = replace(listing(), request=Request("GET", url))
    assert message(read) == {"items": []}
    found = item_of(read, listing({"id": "1"}, {"id": "1/2.prsnl"}))
    assert found == {"id": "1/2.prsnl"}
    with pytest.raises(CouldNotTellError, match="no item with the id"):
        item_of(read, listing({"id": "1"}))


@pytest.mark.parametrize("answer", [b"[]", b"<html>"])
def test_what_is_no_object_is_no_message(answer: bytes) -> None:
    made = replace(listing(), response=Response(200, Headers(), answer))
    with pytest.raises(CouldNotTellError, match="without a message"):
        message(made)


def zoned(number: int, local: str, zone: str) -> dict[str, Any]:
    return {"id": str(number), "createDateTime": {"dateTime": local, "timeZone": zone}}


def test_bounds_are_set_around_an_item_of_the_other_half_of_summer_time() -> None:
    summer, winter = "2026-06-01T12:00:00.000", "2026-01-10T12:00:00.000"
    zone = "Europe/Berlin"
    found = [zoned(1, summer, "UTC"), zoned(2, "2026-04-01T12:00:00.000", zone)]
    made = listing(*found, zoned(3, winter, zone))
    made = replace(made, sent_at=datetime(2026, 7, 1, 12, 0, 0, tzinfo=UTC))
    assert zoned_item(made)["id"] == "3"  # the one whose offset is another one today
    same = listing(*found)
    assert zoned_item(replace(same, sent_at=made.sent_at))["id"] == "2"
    with pytest.raises(ThinDataError, match="another zone than UTC"):
        zoned_item(listing(found[0]))


def test_where_times_are_instants_bounds_are_set_around_an_item_of_half_a_year_ago() -> None:
    found = [zoned(n, f"2026-0{n}-01T12:00:00", "UTC") for n in (6, 2, 4)]
    made = replace(listing(*found), sent_at=datetime(2026, 7, 20, 12, 0, 0, tzinfo=UTC))
    instants = frozenset({"/items/*/createDateTime/dateTime"})
    assert zoned_item(replace(made, places=Places(instants=instants)))["id"] == "2"


def test_nothing_is_claimed_of_a_member_that_the_mapping_calls_absent() -> None:
    absent = Places(absent={"/items/*/priority/value": "priority"})
    with pytest.raises(NotClaimedError, match=r"mapping\.yaml: roles\.priority\.places\."):
        member(replace(listing(), places=absent), {}, "priority", "value")
    with pytest.raises(CouldNotTellError):
        member(replace(listing(), places=absent), {}, "status")


def test_an_item_that_is_missing_around_its_own_time_is_found() -> None:
    made = listing(zoned(2, "2026-04-01T12:00:00.000", "Europe/Berlin"))
    holds_around(Expect(made), made)
    it = Expect(listing())
    holds_around(it, made)
    assert [found.at for found in it.findings] == ["relation:zone-and-bounds-agree"]


def asked(name: str, *found: dict[str, Any]) -> Exchange:
    return replace(listing(*found), name=name)


STEADY = [item(n, NOW - timedelta(days=n)) for n in range(1, 5)]


def _blamed(askings: Steps) -> None:
    with unless_unsteady(askings), expect(asked("another", *STEADY[:2])) as it:
        rules.same_items(it, askings["first"])


def test_a_list_that_differs_is_found_where_the_same_question_has_one_answer() -> None:
    three = Steps({name: asked(name, *STEADY) for name in ("first", "midway", "last")})
    with pytest.raises(FindingsError):
        _blamed(three)


def test_a_list_that_differs_shows_nothing_where_the_same_question_has_two_answers() -> None:
    three = Steps({name: asked(name, *STEADY) for name in ("first", "midway")})
    three["last"] = asked("last", *STEADY[1:])
    with pytest.raises(CouldNotTellError, match=r"same question is answered differently \(last\)"):
        _blamed(three)


def test_a_request_that_is_answered_in_another_way_when_it_is_repeated_shows_the_same() -> None:
    three = Steps({name: asked(name, *STEADY) for name in ("first", "midway", "last")})
    three["another"], three["again: another"] = (
        asked("another", *STEADY[:2]),
        asked("again", *STEADY),
    )
    with pytest.raises(CouldNotTellError, match=r"answered differently \(again\)"):
        _blamed(three)
    assert [after.name for _, after in pairs(three)] == ["midway", "last", "again"]


def test_a_list_without_times_differs_from_none() -> None:
    bare = asked("bare", {"id": "1"})
    assert not differ(bare, asked("other", *STEADY))
    assert differ(asked("one", *STEADY), asked("other", *STEADY[1:]))


def test_of_two_pages_the_one_that_lacks_an_item_within_both_is_found() -> None:
    found = [item(number, NOW - timedelta(hours=number)) for number in range(20)]
    whole, later = listing(*found[:15]), listing(*found[3:])
    cut = listing(*found[:9], *found[10:15])
    since, until = NOW - timedelta(hours=14), NOW - timedelta(hours=3)
    assert overlap(whole, later, since, until) == set()
    assert overlap(later, whole, since, until) == set()
    assert overlap(later, cut, since, until) == {"9"}


def test_a_subject_is_cut_only_where_its_beginning_sets_it_apart() -> None:
    sent = f"{new_subject()} and more of it"
    assert is_cut(sent[:-3], sent)
    assert is_cut(f"{sent[:-3]}...", sent)
    assert not is_cut(sent, sent)
    assert not is_cut("golive", sent)
    assert not is_cut(None, sent)


def test_an_update_of_many_names_each_message_once_and_those_that_change_nothing_first() -> None:
    versions = {"notificationVersion": 1, "recipientNotificationVersion": 2}
    first, *others = (
        item(number, NOW, status=status, **versions)
        for number, status in enumerate(["OPENED", "OPENED", "UNREAD", "UNREAD"])
    )
    inbox = listing(first, *others, others[0], item(9, NOW, status="UNREAD"))
    named = [entry["id"] for entry in other_entries(inbox, first, "UNREAD")]
    assert named == ["2", "3", "1"]


TWICE = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
"""The first of the two instants of 01:30 in Chicago."""


def at_night(number: int, minute: int = 30) -> dict[str, Any]:
    time = {"dateTime": f"2025-11-02T01:{minute}:00.000", "timeZone": "America/Chicago"}
    return {"id": str(number), "createDateTime": time}


@pytest.mark.parametrize(
    ("since", "until", "inside"),
    [(-1, 2, True), (-1, 0.5, True), (0.5, 2, True), (0.25, 0.75, False), (2, 3, False)],
)
def test_a_time_that_comes_twice_is_outside_where_neither_is_inside(since, until, inside) -> None:
    it = Expect(listing(at_night(1)))
    lower, upper = (TWICE + timedelta(hours=each) for each in (since, until))
    rules.injects_within(it, lower, upper, what="within")
    assert (it.findings == []) is inside


def test_a_time_that_comes_twice_is_missing_only_where_both_are_inside() -> None:
    usual, hour = listing(at_night(1), item(2, TWICE)), timedelta(hours=1)
    assert rules.settled(usual, TWICE - hour, TWICE + 2 * hour) == {"1", "2"}
    assert rules.settled(usual, TWICE - hour, TWICE + hour / 2) == {"2"}
    assert rules.settled(usual, TWICE + hour / 2, TWICE + 2 * hour) == set()
    assert overlap(usual, listing(), TWICE - hour, TWICE + hour / 2) == {"2"}


def test_no_bound_is_a_time_that_comes_twice() -> None:
    days = (0, 1, 2, 4, 5)
    made = listing(
        at_night(9),
        at_night(8, 31),
        *(item(n, TWICE + timedelta(days=n - 2, hours=5)) for n in days),
    )
    lower, upper = rules.inner_bounds(made)
    assert (lower, upper) == tuple(TWICE + timedelta(days=n, hours=5) for n in (-1, 2))
    long = listing(*(at_night(n) for n in range(38)), *(item(n, TWICE) for n in range(38, 102)))
    assert rules.shifted_bound(long) == TWICE
    with pytest.raises(ThinDataError, match="names one instant"):
        rules.shifted_bound(listing(*(at_night(n) for n in range(102))))


def test_times_that_have_no_fraction_are_not_said_to_have_one() -> None:
    query = f"{rules.LOWER}=2026-03-29T12:00:00Z&{rules.UPPER}=2026-03-29T13:00:00Z"
    usual = listing(item(1, NOW + timedelta(minutes=5)))
    with pytest.raises(ThinDataError) as raised:
        at_its_bounds(Expect(listing(query=query)), usual)
    assert "milliseconds" not in raised.value.cause
    fine = listing(item(1, NOW + timedelta(milliseconds=5)))
    with pytest.raises(ThinDataError, match="milliseconds"):
        at_its_bounds(Expect(listing(query=query)), fine)
