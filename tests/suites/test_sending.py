"""The bodies that write are valid, name only the patient for writing, and are complete XHTML."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree import ElementTree as Xml

import pytest

from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import find, load
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from suites.messages import sending as writing
from suites.messages import status_cycle as tour

ITEM = {"id": "1.1.5.prsnl", "notificationVersion": 3, "recipientNotificationVersion": 2}


@pytest.fixture(scope="module")
def environment():
    return load(find("twin"), variables={})


@pytest.fixture(scope="module")
def contract():
    return Contract(resources() / "schemas")


def lacking(environment, name):
    return replace(environment, test_data=replace(environment.test_data, **{name: None}))


def made(name, status=200, ids=()):
    body = json.dumps({"messages": [{"id": one} for one in ids]}).encode()
    request = Request("POST", "https://api.cernermillennium.com/t", body=body)
    return Exchange(name, request, Response(status), datetime(2026, 1, 1, tzinfo=UTC), 0.1)


def test_the_plain_message_keeps_the_contract(environment, contract):
    body = writing.valid_send_body(environment)
    assert contract.violations("messages-20241001/create-sent-item-details", body) == []
    assert body["messageSender"] == {"id": "12700400", "type": "PERSON"}
    assert body["recipients"] == [{"id": "4463007", "type": "PERSONNEL"}]


def test_each_message_has_a_subject_of_its_own(environment):
    subjects = {writing.valid_send_body(environment)["subject"] for _ in range(5)}
    assert len(subjects) == 5
    assert all(subject.startswith(writing.SUBJECT_PREFIX) for subject in subjects)


def test_a_given_subject_is_kept(environment):
    assert writing.valid_send_body(environment, "golive 1")["subject"] == "golive 1"


def test_content_is_a_complete_document_of_paragraphs(environment):
    content = writing.valid_send_body(environment, "1 < 2 & 3")["content"]
    document = Xml.fromstring(content)
    space = "{http://www.w3.org/1999/xhtml}"
    assert [part.tag for part in document.iter()] == [
        space + name for name in ("html", "head", "title", "body", "p", "p")
    ]
    assert document.findall(f".//{space}p")[-1].text == "1 < 2 & 3"
    assert "XHTML 1.0 Transitional" in content


def test_the_status_update_keeps_the_contract(environment, contract):
    body = writing.status_body(environment, {**ITEM, "subject": "x"}, "OPENED")
    assert contract.violations("messages-20241001/modify-messages-status-details", body) == []
    assert body == {"patientId": "12700400", "messages": [ITEM], "status": "OPENED"}


@pytest.mark.parametrize("name", ["write_patient", "recipient"])
def test_a_message_needs_its_test_data(environment, name):
    with pytest.raises(NotClaimedError) as caught:
        writing.valid_send_body(lacking(environment, name))
    assert caught.value.key == f"test_data.{name}"


def test_a_status_update_needs_the_patient(environment):
    with pytest.raises(NotClaimedError) as caught:
        writing.status_body(lacking(environment, "write_patient"), ITEM, "OPENED")
    assert caught.value.key == "test_data.write_patient"


def test_a_message_is_sent_with_its_members_and_headers(environment):
    calls = []
    api = SimpleNamespace(call=lambda operation, **given: calls.append((operation, given)))
    writing.send_message(
        api, environment, "urgent", members={"priority": {"value": "HIGH"}}, headers={"a": "b"}
    )
    [(operation, given)] = calls
    assert (operation, given["name"], given["headers"]) == ("sendMessage", "urgent", {"a": "b"})
    assert given["body"]["priority"] == {"value": "HIGH"}


def test_the_status_that_changed_is_the_first_that_was_accepted():
    steps = Steps(
        {
            tour.FIRST: made("first"),
            "unread-to-opened": made("refused", 400, ["1"]),
            tour.seen("unread-to-opened"): made("second"),
            "unread-to-deleted": made("accepted", 200, ["1"]),
            tour.seen("unread-to-deleted"): made("third"),
        }
    )
    assert writing.status_changed(steps).name == "accepted"


def test_where_nothing_was_accepted_the_first_refusal_is_the_control():
    steps = Steps(
        {
            tour.FIRST: made("first"),
            "unread-to-opened": made("refused", 400, ["1"]),
            tour.seen("unread-to-opened"): made("second"),
        }
    )
    assert writing.status_changed(steps).name == "refused"


def test_without_any_change_there_is_no_control():
    with pytest.raises(CouldNotTellError):
        writing.status_changed(Steps({tour.FIRST: made("first")}))


def test_the_inbox_for_writing_is_the_last_one_read():
    steps = Steps({tour.AFTER: made("after")})
    assert writing.write_inbox(steps).name == "after"
    assert writing.write_inbox(Steps({**steps, tour.RESTORED: made("back")})).name == "back"
