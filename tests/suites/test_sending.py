"""The bodies that write are valid, name only the patient for writing, and are complete XHTML."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from xml.etree import ElementTree as Xml

import forked
import pytest
import yaml

from golive.contract.document import Contract
from golive.contract.outcomes import CouldNotTellError, NotClaimedError
from golive.environment import find, load
from golive.exchanges.model import Exchange, Request, Response, Steps
from golive.kit.files import resources
from golive.twin import Twin
from suites.messages import sending as writing
from suites.messages import status_steps as tour

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


def validated(environment):
    """Return what was asked about the recipient before a sending."""
    calls = []

    def call(operation, **given):
        calls.append((operation, given))
        return made(given["name"])

    steps = writing.recipient_validation(SimpleNamespace(call=call), environment)
    assert len(steps) == len(calls)
    return calls


def test_the_recipient_of_a_message_is_validated_as_the_contract_says(environment, contract):
    [(operation, given)] = validated(environment)
    assert operation == "validateRecipients"
    assert (
        contract.violations("recipient-20241001/validate-recipients-details", given["body"]) == []
    )
    assert given["body"]["recipients"] == [{"id": "4463007", "recipientType": "PERSONNEL"}]


def test_nothing_is_asked_where_the_validation_is_not_claimed(environment):
    claims = environment.claims
    others = [one for one in claims.operations if one != "validateRecipients"]
    assert validated(replace(environment, claims=replace(claims, operations=others))) == []


def test_nothing_is_asked_where_writing_is_forbidden_or_there_is_nobody_to_ask_about(environment):
    locked = replace(environment, safety=replace(environment.safety, test_tenants=()))
    assert validated(locked) == []
    assert validated(lacking(environment, "recipient")) == []
    address = replace(environment.test_data.recipient, id="a@example.org", type="EMAIL")
    data = replace(environment.test_data, recipient=address)
    assert validated(replace(environment, test_data=data)) == []


@pytest.mark.whole_run
@pytest.mark.parametrize("claimed", [True, False], ids=["claimed", "not-claimed"])
def test_the_validation_comes_before_the_first_message(tmp_path, claimed):
    with Twin() as twin:
        text = (resources() / "environments" / "twin.yaml").read_text(encoding="utf-8")
        document = yaml.safe_load(text.replace("{twin}", twin.address))
        del document["twin"], document["claims"]["accounts"], document["claims"]["expired_token"]
        if not claimed:
            document["claims"]["operations"].remove("validateRecipients")
        account = twin.accounts["system"]
        document["token"]["credential"] = {
            "client_id": "${GOLIVE_ID}",
            "client_secret": "${GOLIVE_SECRET}",
        }
        file = tmp_path / "own.yaml"
        file.write_text(yaml.safe_dump(document), encoding="utf-8")
        done = forked.run(
            [sys.executable, "-m", "golive", "run", str(file), "-k", "send-recipient-was-valid"],
            cwd=tmp_path,
            env={
                **os.environ,
                "GOLIVE_ID": account.client_id,
                "GOLIVE_SECRET": str(account.client_secret),
            },
            capture_output=True,
            text=True,
            check=False,
        )
        posts = [one.path.rpartition("/")[2] for one in twin.requests if one.method == "POST"]
    before = ["validateRecipients"] if claimed else []
    assert posts[1:] == [*before, "sentItems"], done.stdout  # the first asks for the token
