"""Items, times and order of a list."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError
from suites.common import lists as common
from suites.messages import lists as listing
from suites.messages.steadiness import gone_and_added


def test_items_are_read_and_an_empty_list_is_a_list(make_exchange) -> None:
    assert common.items(make_exchange({"items": [{"id": "1"}]})) == [{"id": "1"}]
    assert common.items(make_exchange({"items": []})) == []


@pytest.mark.parametrize(
    ("many", "why"), [(999, None), (1000, "may be a full page"), (1001, None), (1500, None)]
)
def test_what_is_larger_than_a_page_was_cut_by_none(make_exchange, many: int, why: Any) -> None:
    """No public text says that sent items are cut, and one says that they are not (contract-facts §2.2)."""
    assert common.why_cut(make_exchange({"items": [{"id": str(n)} for n in range(many)]})) == why


@pytest.mark.parametrize("body", [{}, {"items": {}}, {"items": [1]}, [], None])
def test_a_body_without_a_list_of_objects_leaves_the_question_open(
    make_exchange, body: Any
) -> None:
    with pytest.raises(CouldNotTellError, match="inferred member items") as raised:
        common.items(make_exchange(body))
    assert raised.value.unsettled_shape


def test_an_answer_that_is_no_success_is_a_finding_about_the_service(make_exchange) -> None:
    with pytest.raises(CouldNotTellError, match="made answered 500, not a list") as raised:
        common.items(make_exchange({"items": []}, status=500))
    assert not raised.value.unsettled_shape


def test_a_question_about_items_needs_some(make_exchange) -> None:
    assert listing.some_items(make_exchange({"items": [{}]})) == [{}]
    with pytest.raises(CouldNotTellError, match="has no items") as raised:
        listing.some_items(make_exchange({"items": []}))
    assert raised.value.next_step == "Choose test data that has messages."


def test_a_list_of_another_api_speaks_of_no_messages(make_exchange) -> None:
    assert common.some_items(make_exchange({"items": [{}]})) == [{}]
    with pytest.raises(CouldNotTellError, match="has no items") as raised:
        common.some_items(make_exchange({"items": []}))
    assert raised.value.next_step == "Choose test data that has items."
    full = make_exchange({"items": [{}] * common.PAGE})
    with pytest.raises(CouldNotTellError, match="full page") as cut:
        common.whole(full)
    assert cut.value.next_step == common.SMALLER
    assert not {"messages", "patient"} & set(common.SMALLER.split())


def test_members_are_read_by_path(make_exchange) -> None:
    exchange = make_exchange()
    assert common.member(exchange, {"a": {"b": False}}, "a", "b") is False
    assert common.identifiers(exchange, [{"id": "1"}, {"id": 2}]) == ["1", "2"]


@pytest.mark.parametrize("item", [{}, {"a": None}, {"a": {}}, {"a": 1}, {"a": {"b": None}}])
def test_an_absent_member_leaves_the_question_open(make_exchange, item: Any) -> None:
    with pytest.raises(CouldNotTellError, match="a/b") as raised:
        common.member(make_exchange({"items": [item]}), item, "a", "b")
    assert raised.value.unsettled_shape


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        (
            {"dateTime": "2026-03-01T10:00:00", "timeZone": "America/Chicago"},
            (2026, 3, 1, 16, 0, 0, 0),
        ),
        (
            {"dateTime": "2026-07-01T10:00:00", "timeZone": "America/Chicago"},
            (2026, 7, 1, 15, 0, 0, 0),
        ),
        (
            {"dateTime": "2026-03-01T10:00:00:123Z", "timeZone": "UTC"},
            (2026, 3, 1, 10, 0, 0, 123000),
        ),
        (
            {"dateTime": "2026-03-01T10:00:00.1234567Z", "timeZone": "UTC"},
            (2026, 3, 1, 10, 0, 0, 123456),
        ),
        (
            {"dateTime": "2026-01-01T10:00:00Z", "timeZone": "Europe/London"},
            (2026, 1, 1, 10, 0, 0, 0),
        ),
        (
            {"dateTime": "2016-12-31T23:59:60", "timeZone": "UTC"},
            (2016, 12, 31, 23, 59, 59, 0),
        ),
    ],
)
def test_a_time_is_read_leniently_with_its_zone(
    make_exchange, value: Any, instant: tuple[int, ...]
) -> None:
    read = listing.moment(make_exchange(), {"createDateTime": value})
    assert read == datetime(*instant, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01T10:00:00Z",
        {},
        {"dateTime": 1},
        {"dateTime": "2026-03-01"},
        {"dateTime": "2026-03-01T10:00:00+01:00"},
        {"dateTime": "2026-03-01T10:00:00"},
        {"dateTime": "2026-03-01T10:00:00", "timeZone": ""},
        {"dateTime": "2026-03-01T10:00:00", "timeZone": 1},
        {"dateTime": "2026-03-01T10:00:00Z"},
        {"dateTime": "2026-03-01T10:00:00Z", "timeZone": ""},
        {"dateTime": "2026-03-01T10:00:00Z", "zoneId": "UTC"},
        {"dateTime": "2026-03-01T10:00:00Z", "timeZone": "America/Chicago"},
        {"dateTime": "2026-07-01T10:00:00Z", "timeZone": "Europe/London"},
        {"dateTime": "2026-03-01", "timeZone": "UTC"},
        {"dateTime": "2026-03-01T10:00", "timeZone": "UTC"},
        {"dateTime": "0001-01-01T00:00:00", "timeZone": "Asia/Tokyo"},
        {"dateTime": "9999-12-31T23:59:59", "timeZone": "America/Chicago"},
    ],
)
def test_a_time_without_a_sure_meaning_is_never_guessed(make_exchange, value: Any) -> None:
    with pytest.raises(CouldNotTellError) as raised:
        listing.moment(make_exchange(), {"createDateTime": value})
    assert raised.value.unsettled_shape


@pytest.mark.parametrize("text", ["2026-02-30T10:00:00", "2026-02-29T10:00:00Z", "2026-03-01T25:00:00",
                                  "10:00:00", "", "yesterday"])  # fmt: skip
def test_a_time_that_is_there_and_broken_is_a_finding(make_exchange, text: str) -> None:
    good = {"createDateTime": {"dateTime": "2026-03-01T10:00:00", "timeZone": "UTC"}}
    bad = {"createDateTime": {"dateTime": text, "timeZone": "UTC"}}
    made = make_exchange({"items": [good, bad]})
    with pytest.raises(FindingsError) as raised:
        listing.moment(made, common.items(made)[1])
    assert [one.at for one in raised.value.findings] == ["/items/1/createDateTime/dateTime"]
    assert not raised.value.advice


@pytest.mark.parametrize(
    "zone", ["Nowhere/Land", "../../etc/passwd", "America", "Central Standard Time", "+24:00", "-6"]
)
def test_a_zone_that_nobody_knows_is_a_doubt_and_one_cause(make_exchange, zone: str) -> None:
    causes = set()
    for name in ("inbox_items", "sent_items"):
        body = {"createDateTime": {"dateTime": "2026-03-01T10:00:00", "timeZone": zone}}
        made = make_exchange(body, name=name)
        with pytest.raises(
            CouldNotTellError, match="neither a name of IANA's nor an offset"
        ) as raised:
            listing.moment(made, made.json)
        assert raised.value.unsettled_shape
        causes.add(raised.value.cause)
    assert len(causes) == 1


@pytest.mark.parametrize(
    ("zone", "hour"),
    [("-06:00", 16), ("-0600", 16), ("UTC+02:00", 8), ("GMT-06", 16), ("+00:00", 10)],
)
def test_an_offset_names_an_instant_as_a_zone_does(make_exchange, zone: str, hour: int) -> None:
    value = {"dateTime": "2026-03-01T10:00:00", "timeZone": zone}
    at = listing.moment(make_exchange(), {"createDateTime": value})
    assert at == datetime(2026, 3, 1, hour, tzinfo=UTC)


def test_lists_of_the_same_items_are_the_same_whatever_their_times_say(make_exchange) -> None:
    when = {"dateTime": "2026-03-01T10:00:00", "timeZone": "Central Standard Time"}
    one, two, other = (
        make_exchange({"items": [{"id": n, "createDateTime": when} for n in ids]})
        for ids in ("12", "21", "13")
    )
    assert gone_and_added(one, two) == (set(), set())
    with pytest.raises(CouldNotTellError):
        gone_and_added(one, other)


def test_one_form_is_one_cause_however_many_answers_have_it(make_exchange) -> None:
    causes = set()
    for name in ("inbox_items", "inbox_newest_first"):
        with pytest.raises(CouldNotTellError) as raised:
            common.items(make_exchange({"messages": []}, name=name, operation="listInboxItems"))
        causes.add(raised.value.cause)
    assert len(causes) == 1
    assert "listInboxItems" in causes.pop()


def test_an_id_is_a_text_or_a_whole_number() -> None:
    given = ["7.1", "", 7, 0, 7.5, True, None, {}]
    read = [common.identifier({"id": one}) for one in given]
    assert read == ["7.1", None, "7", "0", None, None, None, None]


def test_another_member_can_hold_the_time(make_exchange) -> None:
    item = {"remindDateTime": {"dateTime": "2026-03-01T10:00:00Z", "timeZone": "UTC"}}
    assert listing.moment(make_exchange(), item, "remindDateTime").hour == 10


NIGHT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2026-11-01T01:30:00", "America/Chicago", [6.5, 7.5]),  # clocks go back
        ("2026-11-01T00:59:59", "America/Chicago", [5 + 3599 / 3600]),
        ("2026-11-01T02:00:00", "America/Chicago", [8]),
        ("2026-11-01T01:30:00", "UTC", [1.5]),
        ("2026-11-01T01:30:00Z", "UTC", [1.5]),
        ("2026-04-05T01:45:00", "Australia/Lord_Howe", [-5049.25, -5048.75]),  # by half an hour
        ("2026-03-08T02:30:00", "America/Chicago", [-5704.5, -5703.5]),  # a time that is left out
    ],
)
def test_a_time_may_name_two_instants_where_clocks_change(
    make_exchange, text: str, zone: str, hours: list[float]
) -> None:
    made, item = make_exchange(), {"createDateTime": {"dateTime": text, "timeZone": zone}}
    expected = tuple(NIGHT + timedelta(hours=each) for each in hours)
    assert listing.moments(made, item) == expected
    if len(expected) == 1:
        assert listing.moment(made, item) == expected[0]
        assert listing.sure_moments(made, [item]) == [(item, expected[0])]
        return
    with pytest.raises(CouldNotTellError, match="names two instants"):
        listing.moment(made, item)
    assert listing.sure_moments(made, [item]) == []


def test_a_time_that_names_two_instants_and_has_a_z_is_never_guessed(make_exchange) -> None:
    value = {"dateTime": "2026-10-25T01:30:00Z", "timeZone": "Europe/London"}
    with pytest.raises(CouldNotTellError, match="a Z beside"):
        listing.moments(make_exchange({}), {"createDateTime": value})


@pytest.mark.parametrize(
    ("minutes", "descending", "index"),
    [
        # Each time is that minute of the hour that comes twice; None is a time after it, and -1 one before.
        ([10, 30, 50, 5, 15, 45], False, None),
        ([45, 15, 5, 50, 30, 10], True, None),
        ([-1, 10, 5, None], False, None),
        ([None, 5, 10, -1], True, None),
        ([50, 30, 10], False, 2),
        ([10, 30, 50], True, 2),
        ([None, 10], False, 1),
        ([10, -1], False, 1),
        ([-1, 10], True, 1),
        ([10, None], True, 1),
    ],
)
def test_an_order_is_broken_only_where_no_reading_keeps_it(
    minutes: list[int | None], descending: bool, index: int | None
) -> None:
    def read(minute: int | None) -> tuple[datetime, ...]:
        first = NIGHT + timedelta(hours=6)
        if minute is None:
            return (first + timedelta(hours=2),)
        if minute < 0:
            return (first - timedelta(minutes=1),)
        return tuple(first + timedelta(hours=hour, minutes=minute) for hour in (0, 1))

    assert listing.disorder([read(one) for one in minutes], descending=descending) == index


@pytest.mark.parametrize(
    ("values", "descending", "index"),
    [([], True, None), ([1], True, None), ([3, 2, 2, 1], True, None), ([3, 1, 2], True, 2),
     ([1, 2, 2], False, None), ([1, 3, 2], False, 2)],
)  # fmt: skip
def test_the_first_value_out_of_order_is_named(
    values: list[int], descending: bool, index: int | None
) -> None:
    times = [(NIGHT + timedelta(hours=value),) for value in values]
    assert listing.disorder(times, descending=descending) == index


def test_one_message_is_an_object_of_a_success(make_exchange) -> None:
    assert listing.message(make_exchange({"id": "1"})) == {"id": "1"}
    for wrong in (make_exchange([]), make_exchange({"id": "1"}, status=404), make_exchange(b"")):
        with pytest.raises(CouldNotTellError, match="without a message"):
            listing.message(wrong)


def test_the_list_item_of_a_message_is_found_by_the_id_in_its_url(make_exchange) -> None:
    listed = make_exchange({"items": [{"id": "1"}, {"id": "a/b", "subject": "S"}]}, name="listed")
    asked = make_exchange({"id": "a/b"}, url="https://h/patientMessages/a%2Fb?x=1")
    assert listing.item_of(asked, listed)["subject"] == "S"
    other = make_exchange({"id": "c"}, url="https://h/patientMessages/c", name="detail")
    with pytest.raises(
        CouldNotTellError, match="listed has no item with the id that detail asked for"
    ):
        listing.item_of(other, listed)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}, True),
        ({"a": 1}, {"a": 1, "b": 2}, False),
        ([1, 2], [1], False),
        ([1, 2], [2, 1], False),
        (1, True, False),
        (0, False, False),
        (1, 1.0, True),
        ("1", 1, False),
        (None, None, True),
        ({}, [], False),
    ],
)
def test_json_values_are_compared_as_json_does(one: Any, other: Any, same: bool) -> None:
    assert common.same_json(one, other) is same
