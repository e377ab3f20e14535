"""One message, of the inbox or sent, asked for by its id."""

from __future__ import annotations

from golive import Contract, Exchange, ThinDataError, check, expect, show
from suites.common.lists import member, same_json
from suites.messages.citations import (
    CHOICES,
    COMMON,
    MESSAGE,
    SAFE_METHODS,
    SECRECY,
    TENANTS,
)
from suites.messages.lists import item_of, message

SCHEMA = "messages-20241001/patient-message"


@check("message-status-is-200", level="must", basis="documented", source=MESSAGE)
def test_a_message_is_answered_with_200(one_message: Exchange) -> None:
    """A message that the inbox lists can be read by its id, with status 200."""
    with expect(one_message) as it:
        it.status(200)


@check("message-is-json", level="must", basis="documented", source=COMMON)
def test_a_message_is_json(one_message: Exchange) -> None:
    """A message comes as a JSON text with media type application/json."""
    with expect(one_message) as it:
        it.media_type()
        it.json()


@check("message-has-request-id", level="must", basis="documented", source=COMMON)
def test_a_message_carries_a_request_id(one_message: Exchange) -> None:
    """The answer with one message carries an opc-request-id."""
    with expect(one_message) as it:
        it.header("opc-request-id")


@check("message-keeps-its-schema", level="must", basis="documented", source=MESSAGE)
def test_a_message_keeps_its_schema(one_message: Exchange, contract: Contract) -> None:
    """A message has the form that the contract gives; what is only inferred is advice."""
    with expect(one_message) as it:
        it.schema(contract, SCHEMA)


@check("message-belongs-to-the-patient", level="must", basis="inferred", source=CHOICES)
def test_a_message_belongs_to_the_patient(inbox_items: Exchange, one_message: Exchange) -> None:
    """A message of a patient's inbox names that patient."""
    with expect(one_message) as it:
        asked = dict(inbox_items.request.query).get("patientId")
        found = member(one_message, message(one_message), "patientId")
        it.that(str(found) == asked, "/patientId", "the patient whose inbox lists it", show(found))


@check("message-keeps-the-token", level="must", basis="standard", source=SECRECY)
def test_a_message_does_not_repeat_the_token(one_message: Exchange) -> None:
    """Nothing in the answer with one message repeats the token or the credential."""
    with expect(one_message) as it:
        it.keeps_secrets()


@check("message-reads-the-same-twice", level="must", basis="inferred", source=SAFE_METHODS)
def test_a_message_reads_the_same_twice(one_message: Exchange, one_message_again: Exchange) -> None:
    """Reading a message changes nothing in it: the second answer's body is the first one's."""
    with expect(one_message_again) as it:
        before, after = message(one_message), message(one_message_again)
        for name in sorted(before.keys() | after.keys()):
            same = same_json(before.get(name), after.get(name))
            it.that(same, f"/{name}", "as it was read before", "another value")


@check("message-stays-in-its-tenant", level="must", basis="documented", source=TENANTS)
def test_a_message_is_not_shown_under_another_tenant(
    one_message: Exchange, message_in_another_tenant: Exchange
) -> None:
    """By the id of a message, an account of another tenant reads nothing of it under that tenant's path."""
    with expect(message_in_another_tenant) as it:
        if not it.exchange.succeeded:
            return
        found, own = message(it.exchange), message(one_message)
        same = [
            name
            for name in ("subject", "content", "createDateTime")
            if name in own and same_json(own[name], found.get(name))
        ]
        # Another tenant may have a message of its own by that id.
        it.that(
            len(same) < 2, "status", "a refusal", f"{it.exchange.status}, and this very message"
        )


@check("message-stays-unread", level="must", basis="inferred", source=SAFE_METHODS)
def test_an_unread_message_stays_unread(
    inbox_items: Exchange, one_message: Exchange, one_message_again: Exchange
) -> None:
    """An unread message that was read by id is still UNREAD."""
    with expect(one_message_again) as it:
        before = member(inbox_items, item_of(one_message, inbox_items), "status")
        if before != "UNREAD":
            raise ThinDataError(
                "the message that was read by id was not unread before",
                next_step="Choose an unread message as test_data.message.",
            )
        after = member(one_message_again, message(one_message_again), "status")
        it.that(after == "UNREAD", "/status", "UNREAD", show(after))


@check("sent-message-status-is-200", level="must", basis="documented", source=MESSAGE)
def test_a_sent_message_is_answered_with_200(one_sent_message: Exchange) -> None:
    """A sent item can be read by its id, with status 200."""
    with expect(one_sent_message) as it:
        it.status(200)


@check("sent-message-has-request-id", level="must", basis="documented", source=COMMON)
def test_a_sent_message_carries_a_request_id(one_sent_message: Exchange) -> None:
    """The answer with one sent item carries an opc-request-id."""
    with expect(one_sent_message) as it:
        it.header("opc-request-id")


@check("sent-message-keeps-its-schema", level="must", basis="documented", source=MESSAGE)
def test_a_sent_message_keeps_its_schema(one_sent_message: Exchange, contract: Contract) -> None:
    """A sent item, read by its id, has the form that the contract gives for a message."""
    with expect(one_sent_message) as it:
        it.media_type()
        it.schema(contract, SCHEMA)
