"""What the checks of every list take for a fault, and what they let pass because it is none."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from suite_files import checks_of

from golive import (
    CouldNotTellError,
    Exchange,
    FindingsError,
    Request,
    Steps,
    ThinDataError,
)
from golive.exchanges.headers import Headers
from golive.exchanges.model import Response
from golive.redaction import REDACTOR
from suites.messages.list_rules import LOWER, UPPER
from suites.messages.status_choice import kept_aside, status_entry
from suites.writes.conditional import BY_DATE, BY_TAG, is_given_anew

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
URL = "https://api.cernermillennium.com/t/message/20241001/patientMessages/"
PATHS = {"listInboxItems": "inboxItems", "listSentItems": "sentItems"}
TITLE = "/items/*/subject"


@pytest.fixture(autouse=True)
def _synthetic(monkeypatch):
    monkeypatch.setattr(REDACTOR, "shows_data", True)


EVERY, ONE = checks_of("messages/test_every_list"), checks_of("messages/test_one_patient")
SELECTION = checks_of("messages/test_every_selection")


def item(number, days=1.0, **more):
    at = NOW - timedelta(days=days)
    time = {"dateTime": f"{at:%Y-%m-%dT%H:%M:%S.000}", "timeZone": "UTC"}
    known = {"id": f"{number}.1", "subject": f"Subject {number}", "createDateTime": time}
    return {**known, "status": "OPENED", "notificationType": "MESSAGE", **more}


def asked(*items, patient="1", operation="listInboxItems", status=200, name="made", **query):
    pairs = [f"{key}={value}" for key, value in {"patientId": patient, **query}.items()]
    url = f"{URL}{PATHS[operation]}?{'&'.join(pairs)}"
    request = Request("GET", url, Headers(()), operation=operation)
    body = json.dumps({"items": list(items)}).encode()
    return Exchange(name, request, Response(status, Headers(()), body), NOW, 0.1)


def places(check, *arguments):
    try:
        check(*arguments)
    except FindingsError as error:
        return [(found.at, found.advice) for found in error.findings]
    return []


def of_inbox(check, *answers):
    return places(getattr(EVERY, check), list(answers), asked(item(9, days=2)))


ORDER = "test_every_inbox_is_sorted_newest_first_by_default"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({LOWER: "2026-11-01T00:00:00Z"}, [("/items/*/createDateTime", False)]),
        ({"notificationType": "MESSAGE"}, [("/items/*/createDateTime", False)]),
        ({"notificationType": "REMINDER"}, []),  # which are sorted by another time
        ({"sortOrder": "ASC"}, []),
        ({"sortBy": "priority"}, []),
        ({"page": "2"}, []),  # a value that nobody was given
    ],
)
def test_the_order_is_that_of_lists_for_which_none_was_asked(query, found):
    assert of_inbox(ORDER, asked(item(1, days=3), item(2, days=1), **query)) == found


@pytest.mark.parametrize(
    ("items", "query", "found"),
    [
        ([item(1, days=89)], {}, []),
        ([item(1, days=91)], {}, ["/items/*/createDateTime"]),
        ([item(1, days=-1)], {}, ["/items/*/createDateTime"]),
        ([item(1, days=91)], {"sortBy": "priority"}, ["/items/*/createDateTime"]),
        ([item(1, days=91)], {LOWER: "2026-01-01T00:00:00Z"}, []),
        ([item(1, days=91)], {UPPER: "2026-11-20T00:00:00Z"}, ["/items/*/createDateTime"]),
        ([item(1)], {UPPER: "2026-11-20T00:00:00Z"}, ["/items/*/createDateTime"]),
        ([item(1, days=-1)], {UPPER: "2026-12-20T00:00:00Z"}, ["/items/*/createDateTime"]),
        # A bound that the service may refuse, or take as it likes.
        ([item(1)], {UPPER: "2026-11-20T00:00:00.000Z"}, []),
        ([item(1)], {UPPER: "2026-11-20T00:00:00Z", LOWER: "2026-11-25T00:00:00Z"}, []),
        # A reminder is selected by its show-up, which a list need not show.
        ([item(1, days=200)], {"notificationType": "REMINDER"}, []),
        (
            [item(1, remindDateTime=item(1, days=200)["createDateTime"])],
            {"notificationType": "REMINDER"},
            ["/items/*/createDateTime"],
        ),
    ],
)
def test_the_window_is_that_of_the_bounds_or_of_90_days(items, query, found):
    told = of_inbox("test_every_inbox_keeps_its_window", asked(*items, **query))
    assert told == [(at, False) for at in found]


def test_an_entry_twice_is_the_very_same_one_with_its_id():
    check = "test_no_inbox_lists_an_entry_twice"
    assert of_inbox(check, asked(item(1), item(1))) == [("relation:unique-entries", False)]
    assert of_inbox(check, asked(item(1), item(1, subject="Another"))) == []
    unnamed = {name: value for name, value in item(1).items() if name != "id"}
    assert of_inbox(check, asked(unnamed, unnamed)) == []


def test_a_message_is_the_same_wherever_it_is_listed_as_far_as_two_lists_show_it():
    def told(first, other, sent=None):
        check, askings = EVERY.test_every_list_shows_the_same_message, Steps(first=first)
        known = sent or asked(operation="listSentItems")
        return places(check, [other], askings, known)

    sender = {"id": "7", "type": "PERSONNEL"}
    assert told(asked(item(1)), asked(item(1), name="other")) == []
    assert told(asked(item(1)), asked(item(1, subject="Other"))) == [(TITLE, False)]
    assert told(asked(item(1, sender=sender)), asked(item(1))) == []
    shown = asked(item(1, sender={**sender, "display": "X"}))
    assert told(asked(item(1, sender=sender)), shown) == []
    assert told(asked(item(1)), asked(item(1, subject=None))) == []
    # A sent item may have the id of a received one: the two lists are not compared.
    sent = asked(item(1, subject="Other"), operation="listSentItems")
    with pytest.raises(ThinDataError, match="no message is in two lists"):
        told(asked(item(1)), sent, sent)


@pytest.mark.parametrize(
    ("first", "last", "between", "found"),
    [
        ({}, {}, {}, []),
        ({}, {}, {"status": "UNREAD"}, [("/items/*/status", True)]),
        ({}, {"status": "UNREAD"}, {"status": "UNREAD"}, []),  # somebody has changed it
        ({"status": None}, {"status": None}, {"status": "UNREAD"}, [("/items/*/status", True)]),
    ],
)
def test_a_status_that_did_not_change_is_shown_alike(first, last, between, found):
    versions = {"notificationVersion": 1, "recipientNotificationVersion": 1}
    for more, sure in (({}, False), (versions, True)):
        ends = [asked(item(1, **more, **one)) for one in (first, first, last)]
        askings = Steps(dict(zip(("first", "midway", "last"), ends, strict=True)))
        one = asked(item(1, **more, **between), notificationType="MESSAGE")
        told = places(EVERY.test_every_inbox_shows_the_same_status, [one], askings)
        assert told == [(at, not sure) for at, _ in found]


def test_a_message_belongs_to_the_lists_of_one_patient():
    def told(*answers):
        check = EVERY.test_no_message_is_in_the_lists_of_two_patients
        sent = asked(operation="listSentItems")
        return places(check, list(answers), asked(item(8)), sent, asked(item(9), patient="2"))

    assert told(asked(item(1)), asked(item(1), patient="2")) == [("relation:no-common-item", False)]
    assert told(asked(item(1)), asked(item(2), patient="2")) == []
    assert told(asked(item(1)), asked(item(1), patient="1,2")) == []
    assert told(asked(item(1)), asked(item(1), patient="2", status=404)) == []
    empty = asked(operation="listSentItems")
    with pytest.raises(ThinDataError, match="no message"):
        EVERY.test_no_message_is_in_the_lists_of_two_patients([], asked(), empty, asked(item(1)))


def test_two_ids_open_no_two_lists_and_empty_lists_show_nothing():
    one, other = asked(item(1)), asked(item(2), patient="2")

    def told(*items, status=200, own=one):
        answer = asked(*items, patient="1,2", status=status)
        return places(ONE.test_a_patients_id_is_no_list, answer, own, other)

    assert told(item(1), item(2)) == [("relation:no-common-item", False)]
    assert told(item(1)) == told(item(2)) == [("relation:no-common-item", False)]
    assert told(item(3)) == told() == told(status=400) == []
    for status in (200, 400):
        with pytest.raises(ThinDataError):
            told(status=status, own=asked())


def test_a_list_that_can_not_be_read_decides_nothing():
    unnamed = asked({"subject": "No id"})
    with pytest.raises(CouldNotTellError):
        places(ONE.test_a_patients_id_is_no_list, asked(item(1)), unnamed, unnamed)
    with pytest.raises(CouldNotTellError):
        of_inbox(ORDER, asked({"id": "1", "createDateTime": "yesterday"}))


TAG, DATE = '"1"', "Thu, 26 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    ("condition", "value", "status", "found"),
    [
        (BY_TAG, TAG, 304, [("status", False)]),
        (BY_TAG, TAG, 200, []),
        (BY_TAG, TAG, 412, []),
        (BY_TAG, f"W/{TAG}", 304, [("status", True)]),  # it may outlive a change
        (BY_DATE, "Thu, 26 Nov 2026 08:00:00 GMT", 304, [("status", False)]),
        (BY_DATE, DATE, 304, []),  # changed within that second
        (BY_DATE, "yesterday", 304, []),
    ],
)
def test_what_has_changed_is_not_called_unmodified(condition, value, status, found):
    request = Request("GET", URL, Headers(((condition, value),)), operation="getMessage")
    one = Exchange("made", request, Response(status, Headers(()), b""), NOW, 0.1)
    changed = Exchange("change", request, Response(200, Headers((("Date", DATE),)), b""), NOW, 0.1)
    assert places(is_given_anew, [one], changed) == found


def test_a_message_is_kept_aside_that_neither_a_refused_update_nor_a_reply_names():
    many = [item(number) for number in range(8)]
    assert kept_aside(many)[0] is many[-2]  # the last one is what refused updates name
    assert kept_aside(many[:6]) == []
    # Only the first two are OPENED: one is what refused updates name, the other may be replied to.
    unread = [*many[:2], *({**one, "status": "UNREAD"} for one in many[2:])]
    assert kept_aside(unread)[0] is unread[-1]
    answerable = [*many[:-2], item(20, encounter={"id": "9"}), many[-1]]
    assert kept_aside(answerable)[0] is answerable[-3]
    mute = [{**one, "canReply": False} for one in many[:3]]
    assert kept_aside(mute)[0] is mute[1]
    assert kept_aside([{**one, "status": "DELETED"} for one in many]) == []


@pytest.mark.parametrize("kind", [{"a": 1}, ["MESSAGE"], 7, None])
def test_a_type_that_is_no_text_is_no_type_that_was_not_asked_for(kind):
    one = asked(item(1, notificationType=kind), notificationType="MESSAGE")
    assert places(SELECTION.test_every_inbox_has_the_types_asked_for, [one], one) == []
    assert places(SELECTION.test_every_inbox_keeps_the_order_asked_for, [one], one) == []


@pytest.mark.parametrize(
    "patient", ["A%2F1", "urn:oid:1.2.840.1", "A+1", "A%201", "A%2B1", "A%C3%A9"]
)
def test_a_patient_s_id_may_have_any_characters(patient):
    upside_down = asked(item(1, 9), item(2, 3), patient=patient)
    with pytest.raises(FindingsError):
        EVERY.test_every_inbox_is_sorted_newest_first_by_default([upside_down], upside_down)
    rightly = asked(item(2, 3), item(1, 9), patient=patient)
    EVERY.test_every_inbox_is_sorted_newest_first_by_default([rightly], rightly)


@pytest.mark.parametrize("patient", ["1,2", "127%25", "12*", "1;2", "1%7C2", "%20", ""])
def test_a_list_or_a_pattern_of_ids_is_no_patient_but_where_it_is_the_id_that_was_named(patient):
    upside_down, plain = asked(item(1, 9), item(2, 3), patient=patient), asked(item(9, 2))
    EVERY.test_every_inbox_is_sorted_newest_first_by_default([upside_down], plain)
    named = pytest.raises(FindingsError if patient else ThinDataError)
    with named:
        EVERY.test_every_inbox_is_sorted_newest_first_by_default([upside_down], upside_down)


def test_versions_are_whole_numbers_however_they_are_written():
    found = json.loads(
        '{"id": "1", "notificationVersion": 3.0, "recipientNotificationVersion": 3e0}'
    )
    sent = json.dumps(status_entry(found))
    assert sent == '{"id": "1", "notificationVersion": 3, "recipientNotificationVersion": 3}'


@pytest.mark.parametrize("version", ["3.5", "true", '"3"', "null", "1e999"])
def test_what_is_no_whole_number_is_no_version(version):
    found = json.loads(
        f'{{"id": "1", "notificationVersion": {version}, "recipientNotificationVersion": 3}}'
    )
    with pytest.raises(CouldNotTellError):
        status_entry(found)
