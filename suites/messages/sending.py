"""Requests that write, and the chains of them: send, reply, change a status.

Every function that sends is an exchange (`suites/conftest.py` registers them). Each first demands that the environment
allows writing and claims what it needs. All of them touch one patient only,
`test_data.write_patient`, whom no reading check looks at; the tour of statuses leaves that
patient's messages as it found them, and nothing is sent twice but the one message of which that is the question.

`status_changed` and `write_inbox` are parts of the tour: they cost no request, and a check that takes
`write_inbox` comes after every change, so the versions in it are current.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Patience,
    Steps,
)
from suites.messages.lists import some_items
from suites.messages.status_choice import spared, status_entry, versions, with_versions
from suites.messages.status_cycle import StatusCycle
from suites.messages.status_steps import AFTER, REFUSALS, RESTORED, moves

if TYPE_CHECKING:
    from collections.abc import Mapping

    from suites.common.lists import Item

SUBJECT_PREFIX = "golive "
"""What every subject of a test message begins with, so that people can distinguish them from real ones."""

JUST_BEFORE = timedelta(hours=1)
"""How far before a sending the list begins that shall show it; covers clocks that differ."""

ODD_TEXT = (
    "Zo\u00eb, e\u0301 & \u65e5\u672c \U0001f600 <a>"
    " \u0416\u03a9\u05d0 \u20ac\u201c\u2019\u201d\u2013 %41+\\${'\"};#"
)
"""What breaks on its way: Latin beyond ASCII, a letter in two characters, signs of markup, ideographs, an emoji,
letters of other scripts, signs that Windows has where Latin-1 has none, and what programs take for their own signs."""

LONG_PARAGRAPHS = [
    *(f"Paragraph {number} of 60: {'lorem ipsum ' * 8}" for number in range(1, 60)),
    r"""Paragraph 60 of 60: "quoted", it's got a backslash \ in it""",
]
"""More than 6,000 characters, each paragraph another: longer than a column of 255, 2,000, 4,000 or 4,096 is.

The last one has what JSON escapes."""

LONG_TEXT = "and what a subject may hold besides, to its very end. " * 5
LONG_SUBJECT = 200
"""Characters of a long subject: less than the 255 that a column often has. No limit is documented (§3)."""

SEND = "sendMessage"
VALIDATE = "validateRecipients"

XHTML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Test message</title></head>'
    "<body>{paragraphs}</body></html>"
)
"""The only form of content that is known to have been accepted (contract-facts §2.4)."""


def require_writes(environment: Environment, *operations: str) -> str:
    """Return the patient for writing; raise NotClaimedError unless these operations may be used."""
    if not environment.may_write:
        raise NotClaimedError("safety.writes")
    if not set(operations) <= set(environment.claims.operations):
        raise NotClaimedError("claims.operations")
    patient: str | None = environment.test_data.write_patient
    if patient is None:
        raise NotClaimedError("test_data.write_patient", operation=operations[0])
    return patient


def new_subject() -> str:
    """Return a subject that no other message has."""
    return f"{SUBJECT_PREFIX}{uuid.uuid4()}"


def xhtml(*paragraphs: str) -> str:
    """Return a complete XHTML 1.0 Transitional document of these plain texts."""
    return XHTML.format(paragraphs="".join(f"<p>{escape(text)}</p>" for text in paragraphs))


def valid_send_body(environment: Environment, subject: str | None = None) -> dict[str, Any]:
    """Return the body of a plain message from the patient for writing to the test recipient.

    Without a subject it gets a new one. Raises NotClaimedError where one of the two is absent.
    """
    patient, recipient = environment.test_data.write_patient, environment.test_data.recipient
    if patient is None:
        raise NotClaimedError("test_data.write_patient", operation=SEND)
    if recipient is None:
        raise NotClaimedError("test_data.recipient", operation=SEND)
    subject = subject or new_subject()
    return {
        "patientId": patient,
        "messageSender": {"id": patient, "type": "PERSON"},
        "recipients": [{"id": recipient.id, "type": recipient.type}],
        "subject": subject,
        "content": xhtml("This is a test by golive. Please ignore it.", subject),
    }


def status_body(environment: Environment, item: Item, status: str) -> dict[str, Any]:
    """Return the body that moves one inbox item of the patient for writing to a status.

    Raises CouldNotTellError where the item lacks its id or a version (inferred members).
    """
    patient: str | None = environment.test_data.write_patient
    if patient is None:
        raise NotClaimedError("test_data.write_patient", operation="updateMessageStatus")
    return {"patientId": patient, "messages": [status_entry(item)], "status": status}


def patience_of(api: MessagesApi, environment: Environment) -> Patience:
    """Return the patience of one chain of requests that looks for what it wrote."""
    return Patience(environment.safety.visible_within, api.visibility)


def send_message(
    api: MessagesApi,
    environment: Environment,
    name: str,
    *,
    members: Mapping[str, object] | None = None,
    headers: Mapping[str, str] | None = None,
    unescaped: bool = False,
) -> Exchange:
    """Send one valid message with a subject of its own and these members besides; never again.

    What is not ASCII is escaped in its JSON text or, where `unescaped`, UTF-8 as it is (RFC 8259 §8.1).
    """
    require_writes(environment, "sendMessage")
    body = {**valid_send_body(environment), **(members or {})}
    if unescaped:
        request = api.request("sendMessage", body=body, headers=headers)
        written = json.dumps(body, ensure_ascii=False).encode()
        return api.send(replace(request, body=written), name)
    return api.call("sendMessage", name=name, body=body, headers=headers)


def recipient_validation(api: MessagesApi, environment: Environment) -> Steps:
    """Ask whether the recipient of the test data can receive messages, as Oracle recommends before a sending.

    The one step `validated`; none where the environment does not claim it, or the recipient is an e-mail address,
    which can't be asked about (contract-facts §2.8). It is a POST, and no page says that it changes nothing.
    """
    if VALIDATE not in environment.claims.operations or not environment.may_write:
        return Steps()
    recipient = environment.test_data.recipient
    if recipient is None or recipient.type == "EMAIL":
        return Steps()
    named = [{"id": recipient.id, "recipientType": recipient.type}]
    body = {"category": "MESSAGES", "recipients": named}
    return Steps(validated=api.call(VALIDATE, name="validation", body=body))


def sent_message(
    api: MessagesApi, environment: Environment, recipient_validation: Steps
) -> Exchange:
    """Send a plain message: what is required, and a subject. Refused ones are changed from it.

    The validation of its recipient comes before it; whatever that said, the message is sent.
    """
    return send_message(api, environment, "sent_message")


def status_tour(api: MessagesApi, environment: Environment) -> Steps:
    """Lead one message through all six changes of status, a second one through three; see `StatusCycle`."""
    patient = require_writes(environment, "listInboxItems", "updateMessageStatus")
    read_one = "getMessage" in environment.claims.operations
    patience = patience_of(api, environment)
    return StatusCycle(api, patient, may_read_one=read_one, patience=patience).run()


def status_changed(status_tour: Steps) -> Exchange:
    """Return the first change of status in the tour that succeeded, or else the first one tried."""
    tried = [move.change for move in moves(status_tour)]
    if not tried:
        raise CouldNotTellError("status_tour changed no status")
    return next((change for change in tried if change.succeeded), tried[0])


def write_inbox(status_tour: Steps) -> Exchange:
    """Return the inbox of the patient for writing as it was read after every change of status."""
    return status_tour.get(RESTORED) or status_tour[AFTER]


def refused_item(inbox: Exchange, status_tour: Steps) -> Item:
    """Return the item of that inbox which updates name that must be refused, with its versions."""
    item = spared(some_items(inbox))
    return with_versions(item, lambda one: status_tour.get(versions(one, REFUSALS)))
