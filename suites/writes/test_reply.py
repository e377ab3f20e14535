"""A reply: it is accepted, belongs to the message before it, and carries forward what that one had."""

from __future__ import annotations

import json
from typing import Any

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    FindingsError,
    NotClaimedError,
    NotRecordedError,
    Steps,
    ThinDataError,
    check,
    expect,
    guess_to_blame,
    show,
)
from suites.common.lists import same_json
from suites.messages.citations import MESSAGE, SEND, STATUSES
from suites.messages.lists import moment
from suites.messages.sending import JUST_BEFORE, participants
from suites.messages.status_cycle import VERSIONS

REPLY = f"{SEND} (previousMessageId)"
COPIES = "carbonCopyRecipients"
MEMBERS = "contract-facts §2.3, §9: how a message shows it is in no public text"
PREPARE_REPLY = "Give the patient for writing a message that can be replied to."
PREPARE = "Give the patient for writing a message that has one."


@check("reply-is-accepted", level="must", basis="documented", source=REPLY)
def test_a_reply_is_accepted(replying: Steps, sent_message: Exchange, contract: Contract) -> None:
    """A reply to a message of the same patient's inbox is accepted."""
    _accepted(replying, sent_message, contract)


@check(
    "copy-is-accepted", level="must", basis="documented", source=f"{SEND} (carbonCopyRecipients)"
)
def test_a_copy_is_accepted(replying: Steps, sent_message: Exchange, contract: Contract) -> None:
    """A reply that also goes to a carbonCopyRecipients is accepted."""
    if "copied" not in replying:
        _copies(replying)
    _accepted(replying, sent_message, contract)
    if "copied" in replying:
        refused = replying["copied"]
        with expect(refused) as it:
            it.that(refused.succeeded, "status", "any 2xx, as without a copy", str(refused.status))


@check(
    "copy-is-shown",
    level="must",
    basis="inferred",
    source=f"{SEND} (carbonCopyRecipients); {MEMBERS}",
)
def test_a_copy_is_shown(replying: Steps) -> None:
    """A message that is read has the carbonCopyRecipients that it was sent with."""
    sent = participants(_copies(replying))
    shown = _message(replying, "read").get(COPIES)
    actual = None if shown is None else participants(shown)
    _compare(replying["read"], COPIES, actual, sent)


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
    before, after = _message(replying, "original"), _message(replying, "original_after")
    with expect(replying["original_after"]) as it:
        old, new = _present(before, "status"), _present(after, "status")
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
    body = _message(replying, "read")
    _compare(
        replying["read"],
        "previousMessageId",
        str(_present(body, "previousMessageId")),
        json.loads(replying["reply"].request.body)["previousMessageId"],
    )


@check(
    "reply-stays-in-the-conversation", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}"
)
def test_a_reply_stays_in_the_conversation(replying: Steps) -> None:
    """A reply has the conversationId of the message before it."""
    before = _present(_message(replying, "original"), "conversationId")
    actual = _message(replying, "read").get("conversationId")
    _compare(replying["read"], "conversationId", actual, before)


@check("reply-was-created-when-sent", level="must", basis="documented", source=f"{MESSAGE}; {SEND}")
def test_a_reply_was_created_when_it_was_sent(replying: Steps) -> None:
    """The creation of a reply is the time at which it was sent, and not that of the message before it."""
    body, reply = _message(replying, "read"), replying["reply"]
    apart = abs(moment(replying["read"], body) - reply.sent_at)
    with expect(replying["read"]) as it:
        actual = f"{round(apart.total_seconds() / 60)} minutes from it"
        expected = "the time at which it was sent"
        it.that(apart <= JUST_BEFORE, "/createDateTime", expected, actual)


@check("reply-goes-to-its-recipients", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}")
def test_a_reply_goes_to_its_recipients(replying: Steps) -> None:
    """A reply that is read has the recipients that it was sent to, and no others."""
    actual = participants(_present(_message(replying, "read"), "recipients"))
    sent = participants(json.loads(replying["reply"].request.body)["recipients"])
    _compare(replying["read"], "recipients", actual, sent)


@check("reply-carries-the-encounter-forward", level="must", basis="documented", source=REPLY)
def test_a_reply_carries_the_encounter_forward(replying: Steps) -> None:
    """A reply without an encounter of its own has that of the message before it."""
    before = _original_has(replying, "encounter")
    actual = _message(replying, "read").get("encounter")
    if isinstance(before, dict) and isinstance(actual, dict) and before != actual:
        # Encounter's members are in no public text: two views of the same one may differ in the rest.
        before, actual = _present(before, "id"), actual.get("id")
    _compare(replying["read"], "encounter", actual, before)


@check("reply-carries-the-responsible-forward", level="must", basis="documented", source=REPLY)
def test_a_reply_carries_the_responsible_personnel_forward(replying: Steps) -> None:
    """A reply that names no responsible personnel has that of the message before it."""
    name = "responsiblePersonnelId"
    before = _original_has(replying, name)
    _compare(replying["read"], name, _message(replying, "read").get(name), before)


@check("reply-keeps-its-priority", level="must", basis="inferred", source=f"{REPLY}; {MEMBERS}")
def test_an_urgent_reply_stays_urgent(
    replying: Steps, sent_message: Exchange, contract: Contract
) -> None:
    """A reply that was sent with priority HIGH is read with priority HIGH."""
    if "guessed" in replying:
        _refuse_to_guess(contract, replying["guessed"], sent_message)
    if json.loads(replying["reply"].request.body).get("priority") != {"value": "HIGH"}:
        raise NotRecordedError("a reply that is urgent")
    priority = _present(_message(replying, "read"), "priority")
    _compare(replying["read"], "priority/value", _present(priority, "value"), "HIGH")


def _accepted(steps: Steps, sent_message: Exchange, contract: Contract) -> None:
    """Raise a finding unless the reply was accepted: the plainest of those that were tried."""
    reply = steps["reply"]
    _refuse_to_guess(contract, reply, sent_message)
    shown = steps["original"].json_or_none
    may_be = shown.get("canReply") if isinstance(shown, dict) else None
    if 400 <= reply.status < 500 and may_be is not True:
        raise CouldNotTellError(
            f"the reply was answered {reply.status}, and the message before it does not say canReply: true",
            next_step=PREPARE_REPLY,
            unsettled_shape=True,
        )
    with expect(reply) as it:
        it.that(reply.succeeded, "status", "any 2xx", str(reply.status))


def _refuse_to_guess(contract: Contract, made: Exchange, sent_message: Exchange) -> None:
    doubt = guess_to_blame(contract, made, sent_message)
    if doubt is not None:
        raise doubt


def _message(steps: Steps, name: str) -> dict[str, Any]:
    """Return a message that was read; CouldNotTellError where there is none."""
    if not steps["reply"].succeeded:
        raise CouldNotTellError(
            f"the reply was answered {steps['reply'].status}, so there is nothing to look at",
            next_step="Fix the finding about the reply first.",
        )
    if name not in steps:
        raise CouldNotTellError(
            "neither the answer to the reply nor the sent items give an id to read it by",
            unsettled_shape=True,
        )
    made = steps[name]
    body = made.json_or_none
    if not made.succeeded or not isinstance(body, dict):
        raise CouldNotTellError(f"{made.name} was answered {made.status} without a message")
    return body


def _copies(replying: Steps) -> Any:
    copies = json.loads(replying["reply"].request.body).get(COPIES)
    if copies is None and "copied" in replying:
        raise CouldNotTellError(
            "the reply was accepted only without a copy",
            next_step="Fix the finding about the copy first.",
        )
    if copies is None:
        raise NotClaimedError("test_data.copy_recipient")
    return copies


def _original_has(steps: Steps, name: str) -> Any:
    """Return what the message before the reply has, without which nothing can be carried forward."""
    value = _message(steps, "original").get(name)
    if value is None:
        raise ThinDataError(
            f"the message that was replied to shows no {name}",
            next_step=PREPARE,
        )
    return value


def _present(body: object, name: str) -> Any:
    if not isinstance(body, dict) or body.get(name) is None:
        raise CouldNotTellError(f"a message has no {name} (inferred)", unsettled_shape=True)
    return body[name]


def _compare(made: Exchange, at: str, actual: object, expected: object) -> None:
    with expect(made) as it:
        it.that(
            actual == expected,
            f"/{at}",
            "what was sent or, for what is carried forward, what the message before has",
            "absent" if actual is None else "something else",
        )
