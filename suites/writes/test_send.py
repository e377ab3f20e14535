"""A message that is sent: it is accepted, it appears among the sent items, and it is what was sent."""

from __future__ import annotations

import json
import re
from typing import Any

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Steps,
    check,
    counted,
    expect,
)
from suites.common.lists import items
from suites.messages.citations import MESSAGE, SEND, SENT_ITEMS
from suites.messages.recognise import (
    answered_id,
    is_of_sending,
    listed_as,
    listed_id,
    located_id,
    participants,
    plain_text,
)
from suites.writes.accepted import demand_no_guess, is_accepted

ANSWER = "contract-facts §2.4, §7.2, §9: the answer is in no public text"
AFTER_ENCOUNTER = "contract-facts §2.3, §9: members past the end of the public text"
CREATED = 201


@check("send-is-accepted", level="must", basis="documented", source=SEND)
def test_a_valid_message_is_accepted(sent_message: Exchange, contract: Contract) -> None:
    """A message from the patient to a known recipient, with complete XHTML, is accepted."""
    is_accepted(sent_message, contract)


@check("send-status-is-200-or-201", level="should", basis="inferred", source=ANSWER)
def test_sending_is_answered_200_or_201(sent_message: Exchange, contract: Contract) -> None:
    """A message that is accepted is answered with 200 or 201."""
    demand_no_guess(sent_message, contract)
    with expect(sent_message) as it:
        it.status(200, 201)


@check("send-answer-keeps-its-schema", level="should", basis="inferred", source=ANSWER)
def test_the_answer_to_a_message_names_its_id(sent_message: Exchange, contract: Contract) -> None:
    """The answer to a message that is accepted is JSON and gives the message's id."""
    demand_no_guess(sent_message, contract)
    with expect(sent_message) as it:
        it.media_type()
        it.schema(contract, "messages-20241001/sent-item-created")


@check(
    "send-answer-has-request-id", level="must", basis="inferred", source="contract-facts §1, §2.4"
)
def test_the_answer_to_a_message_has_a_request_id(sent_message: Exchange) -> None:
    """The answer to a message carries opc-request-id, as every answer that the pages describe."""
    with expect(sent_message) as it:
        it.header("opc-request-id")


@check("send-item-is-listed-once", level="must", basis="documented", source=f"{SENT_ITEMS}; {SEND}")
def test_a_sent_message_appears_once_among_the_sent_items(sending: Steps) -> None:
    """A message that was sent is among the patient's sent items, once."""
    answer = sending["listed"]
    with expect(answer) as it:
        it.that(answer.succeeded, "status", "any 2xx", str(answer.status))
    listed = items(answer)
    if listed and not any("subject" in item for item in listed):
        raise CouldNotTellError(
            "sent items have no subject (an inferred member) to find a message by",
            unsettled_shape=True,
        )
    count = len(listed_as(sending["sent"], answer))
    with expect(answer) as it:
        it.that(
            count == 1,
            "relation:sent-message-is-listed",
            "one item with the subject of the message just sent",
            f"{count} of {counted(len(listed), 'item')}",
        )


@check("send-detail-is-readable", level="must", basis="documented", source=MESSAGE)
def test_a_sent_message_can_be_read_by_its_id(sending: Steps) -> None:
    """A sent item can be read by its id, with 200 and as JSON; an id in the answer is that id."""
    read = _read(sending)
    answered, listed = answered_id(sending["sent"]), listed_id(sending["sent"], sending["listed"])
    sent = expect(sending["sent"])
    if answered and listed:
        expected = "the id by which the sent items list the message"
        sent.that(answered == listed, "/id", expected, "another one", advice=True)
    with expect(read) as it:
        it.findings += sent.findings
        it.status(200)
        it.media_type()
        it.json()


@check(
    "send-location-leads-to-the-message",
    level="must",
    basis="standard",
    source="RFC 9110 §15.3.2",
)
def test_location_leads_to_the_message(sending: Steps, contract: Contract) -> None:
    """Where the answer with 201 has a Location that leads to a message, it is the one that was sent."""
    sent = sending["sent"]
    if sent.status == CREATED and sent.header("Location") and located_id(contract, sent) is None:
        raise CouldNotTellError(
            "the Location of the message is no URL of a single message",
            next_step="Follow the Location by hand.",
            unsettled_shape=True,
        )
    if sent.status == CREATED and "located" in sending:
        located = sending["located"]
        body = located.json_or_none
        is_there = located.succeeded and isinstance(body, dict)
        with expect(sent) as it:
            it.that(
                is_there and is_of_sending(sent, body),
                "header:Location",
                "the URL of the message that was sent",
                "that of another message" if is_there else f"one that answers {located.status}",
            )


@check("send-detail-keeps-its-schema", level="must", basis="documented", source=MESSAGE)
def test_a_sent_message_keeps_the_schema(sending: Steps, contract: Contract) -> None:
    """A sent item that is read by its id keeps the schema of a message."""
    _member(sending)
    with expect(_read(sending)) as it:
        it.schema(contract, "messages-20241001/patient-message")


@check("send-detail-has-the-text", level="must", basis="documented", source=f"{SEND}; {MESSAGE}")
def test_a_sent_message_has_the_text_that_was_sent(sending: Steps) -> None:
    """Each paragraph that was sent is in the content of the message that is read.

    The texts are compared, not the markup: the service converts it (contract-facts §5 row 21).
    """
    content = _member(sending, "content")
    shown = plain_text(content) if isinstance(content, str) else ""
    sent = re.findall(r"<p>([^<]*+)</p>", _sent_body(sending)["content"])
    missing = [text for text in map(plain_text, sent) if text not in shown]
    with expect(_read(sending)) as it:
        it.that(
            not missing,
            "/content",
            f"the {len(sent)} paragraphs that were sent",
            f"{len(missing)} of them missing",
        )


@check("send-detail-has-the-subject", level="must", basis="inferred", source=AFTER_ENCOUNTER)
def test_a_sent_message_has_the_subject_that_was_sent(sending: Steps) -> None:
    """The message that is read has the subject that was sent."""
    _same(sending, "subject", _member(sending, "subject"), _sent_body(sending)["subject"])


@check("send-detail-has-the-recipients", level="must", basis="inferred", source=AFTER_ENCOUNTER)
def test_a_sent_message_has_the_recipients_that_were_sent(sending: Steps) -> None:
    """The message that is read has the recipients that it was sent to, and no others."""
    actual = participants(_member(sending, "recipients"))
    _same(sending, "recipients", actual, participants(_sent_body(sending)["recipients"]))


@check("send-detail-has-the-sender", level="must", basis="inferred", source=AFTER_ENCOUNTER)
def test_a_sent_message_has_the_patient_as_its_sender(sending: Steps) -> None:
    """The message that is read has the patient as its sender."""
    actual = participants([_member(sending, "sender")])
    _same(sending, "sender", actual, participants([_sent_body(sending)["messageSender"]]))


def _sent_body(steps: Steps) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(steps["sent"].request.body)
    return body


def _read(steps: Steps) -> Exchange:
    if "read" not in steps:
        raise CouldNotTellError(
            "neither the answer to the message nor the sent items give an id to read it by",
            unsettled_shape=True,
        )
    return steps["read"]


def _member(steps: Steps, *names: str) -> Any:
    """Return a member of the message that was read; CouldNotTellError where there is none."""
    read = _read(steps)
    body = read.json_or_none
    if not read.succeeded or not isinstance(body, dict):
        raise CouldNotTellError(f"{read.name} was answered {read.status} without a message")
    for name in names:
        if body.get(name) is None:
            raise CouldNotTellError(f"{read.name} has no {name}", unsettled_shape=True)
        body = body[name]
    return body


def _same(steps: Steps, name: str, actual: object, expected: object) -> None:
    with expect(_read(steps)) as it:
        it.that(actual == expected, f"/{name}", f"the {name} that was sent", "something else")
