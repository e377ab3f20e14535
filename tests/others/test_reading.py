"""Reading from services that are honest and chose otherwise than the twin, and from some that are broken."""

from __future__ import annotations

import json

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError, NotClaimedError

from .conftest import INBOX, SENT, Service

pytestmark = pytest.mark.whole_run

ALL = ("inbox", "sent-items", "message-", "sent-message", "empty-", "crowded-", "other-inbox")


def _each_item(change):
    """Return a service that changes each message that it shows, in lists and alone."""

    def answered(one, status, body):
        if status != 200 or not isinstance(body, dict) or one.place in ("token", "jwk"):
            return body
        if "items" in body:
            return {**body, "items": [change(item) for item in body["items"]]}
        return change(body) if "createDateTime" in body else body

    return Service(answered=answered)


def _times(change):
    return _each_item(lambda item: {**item, "createDateTime": change(item["createDateTime"])})


def _not_passed(found):
    return {one: outcome for one, outcome in found.items() if outcome not in ("passed", "open")}


@pytest.mark.parametrize(
    "change",
    [
        lambda time: {"dateTime": f"{time['dateTime']}Z", "zoneId": time["timeZone"]},
        lambda time: {"dateTime": time["dateTime"], "zoneId": time["timeZone"]},
        lambda time: {"dateTime": f"{time['dateTime']}Z"},
    ],
)
def test_times_whose_zone_is_not_known_leave_the_questions_about_time_open(deployed, change):
    found = deployed(_times(change)).outcomes("inbox", "sent-items")
    assert "failed" not in found.values()
    for check_id in ("inbox-newest-first", "inbox-window-ends-now", "sent-items-newest-first"):
        assert found[check_id] == "open"


def test_a_date_that_does_not_exist_is_a_finding_where_it_stands(deployed):
    service = deployed(_times(lambda time: {**time, "dateTime": "2026-02-30T10:00:00.000"}))
    for check_id in ("inbox-newest-first", "inbox-window-ends-now"):
        with pytest.raises(FindingsError) as caught:
            service.call(check_id)
        assert [one.at for one in caught.value.findings] == ["/items/0/createDateTime/dateTime"]
        assert not caught.value.advice
    with pytest.raises(CouldNotTellError, match="inbox_between can't be asked for"):
        service.call("inbox-lower-bound-holds")


def test_a_zone_that_is_none_is_one_doubt_and_never_passes(deployed):
    service = deployed(_times(lambda time: {**time, "timeZone": "Central Standard Time"}))
    found = service.outcomes("inbox", "sent-items")
    assert "failed" not in found.values()
    for one in ("inbox-newest-first", "sent-items-newest-first", "inbox-sorts-oldest-first"):
        assert found[one] == "open"
    assert found["inbox-window-is-90-days"] == "open"


def test_null_for_an_optional_member_is_its_absence(deployed):
    given = dict.fromkeys(
        ("encounter", "organization", "remindDateTime", "dueDateTime", "attachments")
    )
    service = deployed(_each_item(lambda item: {**given, **item}))
    found = service.outcomes(*ALL)
    assert set(_not_passed(found).values()) <= {"advice"}
    assert set(_not_passed(found)) == {
        one for one in found if one.endswith(("keeps-its-schema", "keep-their-schema", "keep-the-schema"))
        and not one.startswith("empty")
    }  # fmt: skip


def test_null_for_a_required_member_is_a_finding(deployed):
    service = deployed(_each_item(lambda item: {**item, "content": None}))
    with pytest.raises(FindingsError) as caught:
        service.call("message-keeps-its-schema")
    assert [(one.at, one.actual, one.advice) for one in caught.value.findings] == [
        ("/content", "null", False)
    ]


LISTS = {
    "another-name": lambda items: {"messages": items},
    "an-array": lambda items: items,
    "nested": lambda items: {"items": {"page": items}},
}
NOT_ABOUT_ITEMS = {
    "inbox-status-is-200", "inbox-is-json", "inbox-has-request-id", "inbox-keeps-the-token",
    "inbox-limit-1000-is-accepted",
    "sent-items-limit-1000-is-accepted", "inbox-future-bound-is-accepted", "sent-items-future-bound-is-accepted",
    "inbox-answers-every-option",
    "inbox-answers-every-order", "empty-inbox-status-is-200", "sent-items-status-is-200",
    "sent-items-are-json", "sent-items-have-request-id", "sent-items-keep-the-token",
    "sent-items-answer-every-option", "other-inbox-is-answered", "crowded-lists-are-answered",
    "inbox-takes-no-pattern",  # it is refused
}  # fmt: skip


@pytest.mark.parametrize("shape", LISTS)
def test_no_check_passes_over_a_list_that_it_could_not_read(deployed, shape):
    def answered(one, status, body):
        is_list = one.place in (INBOX, SENT) and "items" in body
        return LISTS[shape](body["items"]) if is_list else body

    service = deployed(Service(answered=answered))
    found = service.outcomes(*ALL)
    assert "failed" not in found.values()
    assert {one for one, outcome in found.items() if outcome == "passed"} <= NOT_ABOUT_ITEMS
    causes = set()
    for check_id in (
        "inbox-newest-first",
        "inbox-lists-messages-by-default",
        "inbox-sorts-by-priority",
    ):
        with pytest.raises(CouldNotTellError) as caught:
            service.call(check_id)
        assert caught.value.unsettled_shape
        causes.add(caught.value.cause)
    assert causes == {"listInboxItems: the inferred member items is absent or of another form"}


def test_no_wildcard_asks_for_the_messages_of_real_patients(deployed):
    queries = []
    service = Service(lambda one: queries.append(one.query))
    deployed(service).call("inbox-takes-no-pattern")
    assert [one for one in queries if "%25" in one]
    queries.clear()
    with pytest.raises(NotClaimedError, match="data"):
        deployed(service, data="phi").call("inbox-takes-no-pattern")
    assert not [one for one in queries if "%25" in one]


def test_a_list_that_is_empty_is_thin_data_and_not_of_another_form(deployed):
    def answered(one, status, body):
        return {**body, "items": []} if one.place in (INBOX, SENT) and "items" in body else body

    service = deployed(Service(answered=answered))
    with pytest.raises(CouldNotTellError, match="inbox_items has no items to look at"):
        service.call("inbox-newest-first")


def test_one_cause_in_many_items_is_one_finding_with_its_number(deployed):
    service = deployed(_each_item(lambda item: {**item, "subject": 7, "status": "NEW"}))
    with pytest.raises(FindingsError) as caught:
        service.call("inbox-keeps-its-schema")
    found = {one.at: one.actual for one in caught.value.findings}
    assert set(found) == {"/items/0/subject", "/items/0/status"}
    number = len(json.loads(service.made("inbox_items").response.body)["items"])
    assert found["/items/0/subject"] == f"7, in {number} items"


def test_an_id_of_any_characters_is_written_into_a_url_once(deployed):
    odd = "7/20 5.1%.prsnl"
    real = {}

    def asked(one):
        one.place = real.get(one.place, one.place)

    def answered(one, status, body):
        if one.place == INBOX and "items" in body:
            first, *rest = body["items"]
            real["7%2F20%205.1%25.prsnl"] = first["id"]
            return {**body, "items": [{**first, "id": odd}, *rest]}
        return body

    service = deployed(Service(asked, answered))
    read = service.made("one_message").request.url
    assert read.endswith("/7%2F20%205.1%25.prsnl")
    assert service.made("refused", row="message-without-token").request.url == read
    several = service.made("refused", row="message-several-ids").request.url
    assert several.endswith("/7%2F20%205.1%25.prsnl,7%2F20%205.1%25.prsnl")
