"""A reply: it is accepted, belongs to the message before it, and carries forward what that one had."""

from __future__ import annotations

import json

from golive import (
    Contract,
    Exchange,
    Expect,
    FindingsError,
    NotRecordedError,
    Steps,
    check,
    expect,
    show,
)
from suites.common.lists import same_json
from suites.messages.citations import MEMBERS, MESSAGE, SEND, STATUSES
from suites.messages.lists import moments
from suites.messages.recognise import participants
from suites.messages.status_choice import VERSIONS
from suites.writes.accepted import demand_no_guess, reply_is_accepted, was_created_when_sent
from suites.writes.replied import compare, message_of, original_has, present

REPLY = f"{SEND} (previousMessageId)"


@check("reply-is-accepted", level="must", basis="documented", source=REPLY)
def test_a_reply_is_accepted(replying: Steps, sent_message: Exchange, contract: Contract) -> None:
    """A reply to a message of the same patient's inbox is accepted."""
    reply_is_accepted(replying, sent_message, contract)


@check("reply-is-readable", level="must", basis="documented", source=MESSAGE)
def test_a_reply_and_what_it_answers_can_be_read(replying: Steps) -> None:
    """The message that is answered, and the reply to it, can be read by their ids."""
    findings = []
    if "answered" in replying:
        it = Expect(replying["reply"])
        expected = "the id of the message that was sent"
        it.violated("/id", expected, "the id of another message", advice=True)
        findings += it.findings
    for step in ("original", "read", "original_after"):
        if step in replying:
            it = Expect(replying[step])
            it.status(200)
            findings += it.findings
    if findings:
        raise FindingsError(findings)


@check(
    "reply-leaves-the-message-before-it",
    level="must",
    basis="documented",
    source=f"{STATUSES}; {REPLY}",
)
def test_a_reply_changes_nothing_of_the_message_before_it(replying: Steps) -> None:
    """A message that was replied to is not deleted by that, nor unread again; that the rest stays is advice."""
    before, after = message_of(replying, "original"), message_of(replying, "original_after")
    with expect(replying["original_after"]) as it:
        old, new = present(before, "status"), present(after, "status")
        # That a reply opens the message is said nowhere, and may be meant.
        opened = (old, new) == ("UNREAD", "OPENED")
        it.that(
            old == new, "/status", f"{show(old)}, as before the reply", show(new), advice=opened
        )
        for name in sorted((before.keys() | after.keys()) - {"status", *VERSIONS}):
            same = same_json(before.get(name), after.get(name))
            it.that(same, f"/{name}", "as before the reply", "another value", advice=True)


@check(
    "reply-names-the-message-before", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}"
)
def test_a_reply_names_the_message_before_it(replying: Steps) -> None:
    """A reply that is read has the id of the message before it in previousMessageId."""
    body = message_of(replying, "read")
    compare(
        replying["read"],
        "previousMessageId",
        str(present(body, "previousMessageId")),
        json.loads(replying["reply"].request.body)["previousMessageId"],
    )


@check(
    "reply-stays-in-the-conversation", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}"
)
def test_a_reply_stays_in_the_conversation(replying: Steps) -> None:
    """A reply has the conversationId of the message before it."""
    before = present(message_of(replying, "original"), "conversationId")
    actual = message_of(replying, "read").get("conversationId")
    compare(replying["read"], "conversationId", actual, before)


@check("reply-was-created-when-sent", level="must", basis="documented", source=f"{MESSAGE}; {SEND}")
def test_a_reply_was_created_when_it_was_sent(replying: Steps) -> None:
    """The creation of a reply is the time at which it was sent, and not that of the message before it."""
    body, reply = message_of(replying, "read"), replying["reply"]
    created = moments(replying["read"], body)
    with expect(replying["read"]) as it:
        was_created_when_sent(it, reply, created)


@check("reply-goes-to-its-recipients", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}")
def test_a_reply_goes_to_its_recipients(replying: Steps) -> None:
    """A reply that is read has the recipients that it was sent to, and no others."""
    actual = participants(present(message_of(replying, "read"), "recipients"))
    sent = participants(json.loads(replying["reply"].request.body)["recipients"])
    compare(replying["read"], "recipients", actual, sent)


@check("reply-carries-the-encounter-forward", level="must", basis="documented", source=REPLY)
def test_a_reply_carries_the_encounter_forward(replying: Steps) -> None:
    """A reply without an encounter of its own has that of the message before it."""
    before = original_has(replying, "encounter")
    actual = message_of(replying, "read").get("encounter")
    if isinstance(before, dict) and isinstance(actual, dict) and before != actual:
        # Encounter's members are in no public text: two views of the same one may differ in the rest.
        before, actual = present(before, "id"), actual.get("id")
    compare(replying["read"], "encounter", actual, before)


@check("reply-carries-the-responsible-forward", level="must", basis="documented", source=REPLY)
def test_a_reply_carries_the_responsible_personnel_forward(replying: Steps) -> None:
    """A reply that names no responsible personnel has that of the message before it."""
    name = "responsiblePersonnelId"
    before = original_has(replying, name)
    compare(replying["read"], name, message_of(replying, "read").get(name), before)


@check("reply-keeps-its-priority", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}")
def test_an_urgent_reply_stays_urgent(
    replying: Steps, sent_message: Exchange, contract: Contract
) -> None:
    """A reply that was sent with priority HIGH is read with priority HIGH."""
    if "guessed" in replying:
        demand_no_guess(replying["guessed"], contract, sent_message)
    if json.loads(replying["reply"].request.body).get("priority") != {"value": "HIGH"}:
        raise NotRecordedError("a reply that is urgent")
    priority = present(message_of(replying, "read"), "priority")
    compare(replying["read"], "priority/value", present(priority, "value"), "HIGH")
