"""The chain of a reply to a message.

It takes the inbox that was read after the tour of statuses, so the two never touch the patient's messages at the
same time.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    Steps,
    ThinDataError,
    demand_accepted,
    exchange,
    guess_to_blame,
    unsettled,
)
from suites.common.lists import identifier, identifiers
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.lists import some_items
from suites.messages.recognise import answered_id, is_of_sending, listed_id
from suites.messages.recorded import recorded_reply
from suites.messages.status_choice import may_be_answered, to_answer
from suites.writes.newest import LONG_ZONE
from suites.writes.reading import read_back, read_one, sent_items_after

COPIES = "carbonCopyRecipients"


@partial(exchange, recorded=recorded_reply)
def replying(
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
    sent_message: Exchange,
    sending_of_text: Steps,
    write_inbox: Exchange,
) -> Steps:
    """A message that was received, an urgent reply to it (with a copy), and the reply by its id.

    It has the odd characters that a plain message was accepted with, unescaped.

    Steps `original`, `reply` and, where the reply was accepted and its id is known, `read`. A reply that was refused
    while it used a guessed name is `guessed`, one that was refused with a copy `copied`: `reply` is then one without.
    `answered` is the message to which the answer's id leads, where that is another one. `original_after` is the
    message that was answered, read again.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    demand_accepted(contract, sent_message)
    before, original = _answerable(api, write_inbox)
    members: dict[str, Any] = {
        "previousMessageId": before,
        "subject": f"Re: {writing.new_subject()}",
        "priority": {"value": "HIGH"},
    }
    if sending_of_text["sent"].succeeded:
        members["subject"] += f" {writing.ODD_TEXT}"
        members["content"] = writing.xhtml("Test message", members["subject"])
    copied = environment.test_data.copy_recipient
    if copied is not None:
        members[COPIES] = [{"id": copied.id, "type": copied.type}]

    def send() -> Exchange:
        return writing.send_message(
            api, environment, "replying: reply", members=members, unescaped=True
        )

    steps = Steps(original=original)
    reply = send()
    if guess_to_blame(contract, reply, sent_message):
        steps["guessed"] = reply
        for path in unsettled(contract, reply.request, sent_message):
            members.pop(path.partition("/")[0], None)
        reply = send()
    if 400 <= reply.status < 500 and COPIES in members:
        steps["copied"] = reply
        del members[COPIES]
        reply = send()
    steps["reply"] = reply
    if reply.succeeded:
        _look_up(api, environment, reply, steps)
        steps["original_after"] = read_one(api, "replying: original afterwards", before)
    return steps


@exchange
def sent_after_the_reply(api: MessagesApi, environment: Environment, replying: Steps) -> Steps:
    """A message with the subject of a forwarded one right after the reply: `sent` and, where its id is known, `read`.

    The reply had more members. Where the newest generation is claimed it has a time zone whose name has three parts;
    one that was refused with it is `zoned`, and `sent` is then one without.
    """
    demand_thorough(environment)
    if not replying["reply"].succeeded:
        raise CouldNotTellError(f"the reply was answered {replying['reply'].status}")
    forwarded = {"subject": f"Fw: {writing.new_subject()}"}
    newest = environment.claims.generation == "new"
    zone = {"oh-content-time-zone": LONG_ZONE} if newest else {}

    def send(headers: dict[str, str]) -> Exchange:
        name = "sent_after_the_reply"
        return writing.send_message(api, environment, name, members=forwarded, headers=headers)

    steps, sent = Steps(), send(zone)
    if zone and 400 <= sent.status < 500:
        steps["zoned"], sent = sent, send({})
    steps["sent"] = sent
    one = answered_id(sent)
    if sent.succeeded and one is not None:
        patience = writing.patience_of(api, environment)
        steps["read"] = read_back(api, patience, "sent_after_the_reply: read", one, sent)
    return steps


def _look_up(api: MessagesApi, environment: Environment, reply: Exchange, steps: Steps) -> None:
    """Read a reply by the id of its answer or, where that is none or another message's, by the list's."""
    patience = writing.patience_of(api, environment)
    one = answered_id(reply)
    if one is not None:
        read = read_back(api, patience, "replying: read", one, reply)
        shown = read.json_or_none
        if not read.succeeded or not isinstance(shown, dict) or is_of_sending(reply, shown):
            steps["read"] = read
            return
        steps["answered"] = read
    steps["listed"] = sent_items_after(api, environment, patience, reply)
    one = listed_id(reply, steps["listed"])
    if one is not None:
        steps["read"] = read_back(api, patience, "replying: read", one, reply)


def _answerable(api: MessagesApi, inbox: Exchange) -> tuple[str, Exchange]:
    """Return a message to reply to, its id and itself: with an encounter if there is one."""
    if all(identifier(item) is None for item in some_items(inbox)):
        raise CouldNotTellError(
            f"{inbox.request.operation}: no item has an id to reply to", unsettled_shape=True
        )
    for message_id in identifiers(inbox, to_answer(some_items(inbox))):
        original = read_one(api, "replying: original", message_id)
        shown = original.json_or_none
        if not isinstance(shown, dict) or may_be_answered(shown):
            return message_id, original
    raise ThinDataError(
        f"{inbox.name} shows no message that can be replied to, only reminders or canReply: false",
        next_step="Give the patient for writing a message that can be replied to.",
    )
