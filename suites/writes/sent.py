"""Chains of a message and what became of it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    TokenClient,
    demand_accepted,
    exchange,
)
from suites.common.lists import identifier
from suites.common.other_tokens import asked_with, with_scope_alone
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.recognise import answered_id, listed_as, listed_id, located_id
from suites.messages.recorded import recorded_sending
from suites.messages.status_choice import status_entry
from suites.writes.reading import (
    accepted_like,
    list_since,
    lists,
    read_back,
    read_one,
    sent_items_after,
)

MESSAGE = "message"
"""What the step of each message that was accepted begins with."""

AFTERWARDS = ("listed again", "listed a third time")
"""The steps of the sent items at the end, asked for once more right away."""

LATER = ("listed later", "listed later again", "listed later a third time")
"""And once more where one of those lacks what was listed: when no replica may be behind any more."""

PUT_TO = "DELETED"
"""A status that a sent message has for no other reason than that it was put there."""


@partial(exchange, recorded=recorded_sending)
def sending(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Steps:
    """The plain message, the sent items from just before it, and the message by its id.

    Steps `sent`, `listed` and, where an id is known, `read`. Both are read again for a while where they do not show
    the message. `located` is the message to which Location leads, where that is none of the two ids.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    demand_accepted(contract, sent_message)
    steps = _followed(api, environment, sent_message, "sending")
    _read_astray(api, steps, "sending")
    located = located_id(contract, sent_message)
    known = answered_id(sent_message), listed_id(sent_message, steps["listed"])
    if located is not None and located not in known:
        steps["located"] = read_one(api, "sending: located", located)
    return steps


def _followed(
    api: MessagesApi, environment: Environment, sent: Exchange, name: str, times: int = 1
) -> Steps:
    """List the sent items after a message, and read it by the id that they or its answer give."""
    patience = writing.patience_of(api, environment)
    listed = sent_items_after(api, environment, patience, sent, times)
    steps = Steps(sent=sent, listed=listed)
    one = listed_id(sent, listed) or answered_id(sent)
    if one is not None:
        steps["read"] = read_back(api, patience, f"{name}: read", one, sent)
    return steps


def _read_astray(api: MessagesApi, steps: Steps, name: str) -> None:
    """Read the message to which an answer's id leads, where the sent items list what was sent by other ids."""
    listed = {identifier(item) for item in listed_as(steps["sent"], steps["listed"])}
    for step in ("sent", "again"):
        answered = answered_id(steps[step]) if step in steps else None
        if listed and answered is not None and answered not in listed:
            steps[f"answered {step}"] = read_one(api, f"{name}: answered {step}", answered)


@exchange
def sending_of_text(
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    sent_message: Exchange,
) -> Steps:
    """A message with characters that are lost in transit more often than others, sent twice, listed and read.

    It is long, has line feeds and tabs between its paragraphs, and goes to both recipients that the test data name.

    Steps `sent`, `again` (the very same message, with a token of the one scope), `listed`, and `read` where an id is
    known. One that was refused is `long`, as it may have been too long: `sent` is then a short one in one line. One
    that was refused with two recipients is `shared`: `sent` is then one to the first.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    demand_accepted(contract, sent_message)
    subject = f"{writing.new_subject()} {writing.ODD_TEXT}"
    members: dict[str, Any] = {
        "subject": f"{subject} {writing.LONG_TEXT}"[: writing.LONG_SUBJECT],
        "content": writing.xhtml("Test message", subject, *writing.LONG_PARAGRAPHS).replace(
            "</p><p>", "</p>\n\t<p>"
        ),
    }

    def send(name: str, **more: Any) -> Exchange:
        return writing.send_message(api, environment, name, members={**members, **more})

    steps = Steps()
    first, other = environment.test_data.recipient, environment.test_data.copy_recipient
    both = [one for one in (first, other) if one is not None and one.type != "EMAIL"]
    shared = [{"id": one.id, "type": one.type} for one in both]
    together = {"recipients": shared} if len(both) == 2 and first != other else {}
    sent = send("sending_of_text: sent", **together)
    if 400 <= sent.status < 500:
        steps["long"] = sent
        members.update(subject=subject, content=writing.xhtml("Test message", subject))
        sent = send("sending_of_text: sent", **together)
    if 400 <= sent.status < 500 and together:
        steps["shared"], together = sent, {}
        sent = send("sending_of_text: sent")
    steps["sent"] = sent
    if sent.succeeded:
        one = with_scope_alone("sendMessage", tokens, environment, contract)
        again = asked_with(one, api, sent.request, "sending_of_text: again", steps)
        steps["again"] = again
        steps.update(_followed(api, environment, sent, "sending_of_text", 1 + again.succeeded))
        _read_astray(api, steps, "sending_of_text")
    return steps


@exchange
def sent_at_once(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Steps:
    """Two messages, sent at the same time: `one` and `other`, and `listed`, the sent items afterwards.

    There is no list where one of the two was refused.
    """
    demand_thorough(environment)
    writing.require_writes(environment, "sendMessage", "listSentItems")
    demand_accepted(contract, sent_message)
    if environment.safety.concurrency < 2:
        raise NotClaimedError("safety.concurrency")

    def send(step: str) -> Exchange:
        return writing.send_message(api, environment, f"sent_at_once: {step}")

    with ThreadPoolExecutor(2, "at once") as pool:
        steps = Steps(zip(("one", "other"), pool.map(send, ("one", "other")), strict=True))
    if all(one.succeeded for one in steps.values()):
        patience = writing.patience_of(api, environment)
        for one in [*steps.values()]:
            if "listed" not in steps or not listed_as(one, steps["listed"]):
                steps["listed"] = sent_items_after(api, environment, patience, one)
    return steps


@exchange
def sent_message_put_to_deleted(
    api: MessagesApi, environment: Environment, sending: Steps, replying: Steps
) -> Steps:
    """A change of status that names the plain message, which is no message of the inbox: the one step `change`.

    There is none where nothing may be changed, or the message as it was read shows no versions. It comes after the
    reply, and before the messages are read again when the run ends.
    """
    demand_thorough(environment)
    shown = sending["read"].json_or_none if "read" in sending else None
    if "updateMessageStatus" not in environment.claims.operations or not replying:
        return Steps()
    try:
        entry = status_entry(shown if isinstance(shown, dict) else {})
    except CouldNotTellError:
        return Steps()
    patient = writing.require_writes(environment, "updateMessageStatus")
    body = {"patientId": patient, "messages": [entry], "status": PUT_TO}
    name = "a status for a sent message"
    return Steps(change=api.call("updateMessageStatus", name=name, body=body))


@partial(exchange, last=True)
def sent_items_at_the_end(
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
    sending: Steps,
    replying: Steps,
    sent_message_put_to_deleted: Steps,
) -> Steps:
    """The reply and the plain message when the run ends: the sent items, and the message by its id once more.

    Steps `reply` and `read` of the reply, `sent` and `first` (as it was read then) of the plain message, `listed`, and
    `again` where the message's id is known. Each message that was accepted by then is a step of its number, `message
    1` and so on; the sent items are read again for a while where they do not show each, and then `AFTERWARDS`.
    """
    demand_thorough(environment)
    reply = replying["reply"]
    if not reply.succeeded:
        raise CouldNotTellError(f"the reply was answered {reply.status}")
    steps = Steps(sent=sending["sent"], reply=reply)
    if "read" in replying:
        steps["read"] = replying["read"]
    # By their names, since messages that are sent at once are accepted in any order.
    sent = sorted(accepted_like(api, contract, sending["sent"]), key=lambda one: one.name)
    steps.update({f"{MESSAGE} {number}": one for number, one in enumerate(sent, 1)})
    steps["listed"] = writing.patience_of(api, environment).read(
        reply,
        lambda: list_since(api, environment, sending["sent"]),
        lambda made: all(lists(one, made) for one in sent),
    )
    known = listed_id(sending["sent"], steps["listed"])
    _list_again(api, environment, steps, sent)
    if "read" in sending and known is not None:
        steps["first"] = sending["read"]
        steps["again"] = read_one(api, "sending: read at the end", known)
    return steps


def messages_of(at_the_end: Steps) -> list[Exchange]:
    """Return the messages of a run that were accepted, from the steps of `sent_items_at_the_end`."""
    return [one for name, one in at_the_end.items() if name.startswith(f"{MESSAGE} ")]


def _list_again(
    api: MessagesApi, environment: Environment, steps: Steps, sent: list[Exchange]
) -> None:
    """Ask for the sent items at the end twice more and, where one lacks what they had, thrice after a while."""
    listed = steps["listed"]
    there = [one for one in sent if lists(one, listed)]
    for name in AFTERWARDS:
        steps[name] = api.send(listed.request, f"sent items {name}")
    if not all(lists(one, steps[name]) for one in there for name in AFTERWARDS):
        time.sleep(environment.safety.visible_within)
        for name in LATER:
            steps[name] = api.send(listed.request, f"sent items {name}")
