"""Chains that write: a message and what became of it, a reply to a message, the newest ways to send.

The tour of statuses is shared with the error contracts and is in `suites.messages.status_cycle`. The
reply takes the inbox that was read after that tour, so the two never touch the patient's messages
at the same time.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Patience,
    Steps,
    ThinDataError,
    demand_accepted,
    exchange,
    guess_to_blame,
    instant,
    unsettled,
)
from suites.common.lists import identifier, identifiers, items
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages import status_cycle
from suites.messages.lists import some_items
from suites.messages.recorded import recorded_reply, recorded_sending
from suites.messages.status_choice import (
    kept_aside,
    may_be_answered,
    other_status,
    status_entry,
    to_answer,
    with_versions,
)
from suites.messages.status_cycle import moves, shown_status
from suites.writes.conditional import asked_again

if TYPE_CHECKING:
    import pytest

    from suites.common.lists import Item

ADDRESS = "nobody@example.org"
"""An address of a domain that is reserved for examples: mail to it reaches nobody (RFC 2606 §3)."""

TIME_ZONE = "America/Phoenix"
"""A zone that is neither UTC nor the system's zone by chance, and has no summer time."""

COPIES = "carbonCopyRecipients"
PUT_TO = "DELETED"
"""A status that a sent message has for no other reason than that it was put there."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("writes")
            item.add_marker("messages")


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
    located = writing.located_id(contract, sent_message)
    known = writing.answered_id(sent_message), writing.listed_id(sent_message, steps["listed"])
    if located is not None and located not in known:
        steps["located"] = _one(api, "sending: located", located)
    return steps


def _followed(
    api: MessagesApi, environment: Environment, sent: Exchange, name: str, times: int = 1
) -> Steps:
    """List the sent items after a message, and read it by the id that they or its answer give."""
    patience = writing.patience_of(api, environment)
    listed = _listed(api, environment, patience, sent, times)
    steps = Steps(sent=sent, listed=listed)
    one = writing.listed_id(sent, listed) or writing.answered_id(sent)
    if one is not None:
        steps["read"] = _read(api, patience, f"{name}: read", one, sent)
    return steps


def _read_astray(api: MessagesApi, steps: Steps, name: str) -> None:
    """Read the message to which an answer's id leads, where the sent items list what was sent by other ids."""
    listed = {identifier(item) for item in writing.listed_as(steps["sent"], steps["listed"])}
    for step in ("sent", "again"):
        answered = writing.answered_id(steps[step]) if step in steps else None
        if listed and answered is not None and answered not in listed:
            steps[f"answered {step}"] = _one(api, f"{name}: answered {step}", answered)


@exchange
def sending_of_text(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Steps:
    """A message with characters that are lost in transit more often than others, sent twice, listed and read.

    It is long and goes to both recipients that the test data name. Steps `sent`, `again` (the very same message),
    `listed`, and `read` where an id is known. One that was refused is `long`, as it may have been too long: `sent` is
    then a short one. One that was refused with two recipients is `shared`: `sent` is then one to the first.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    demand_accepted(contract, sent_message)
    subject = f"{writing.new_subject()} {writing.ODD_TEXT}"
    members: dict[str, Any] = {
        "subject": f"{subject} {writing.LONG_TEXT}"[: writing.LONG_SUBJECT],
        "content": writing.xhtml("Test message", subject, *writing.LONG_PARAGRAPHS),
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
        steps["again"] = send("sending_of_text: again", **together)
        times = 1 + steps["again"].succeeded
        steps.update(_followed(api, environment, sent, "sending_of_text", times))
        _read_astray(api, steps, "sending_of_text")
    return steps


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

    It has the odd characters that a plain message was accepted with.

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
        return writing.send_message(api, environment, "replying: reply", members=members)

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
        steps["original_after"] = _one(api, "replying: original afterwards", before)
    return steps


def _look_up(api: MessagesApi, environment: Environment, reply: Exchange, steps: Steps) -> None:
    """Read a reply by the id of its answer or, where that is none or another message's, by the list's."""
    patience = writing.patience_of(api, environment)
    one = writing.answered_id(reply)
    if one is not None:
        read = _read(api, patience, "replying: read", one, reply)
        shown = read.json_or_none
        if not read.succeeded or not isinstance(shown, dict) or writing.is_of_sending(reply, shown):
            steps["read"] = read
            return
        steps["answered"] = read
    steps["listed"] = _listed(api, environment, patience, reply)
    one = writing.listed_id(reply, steps["listed"])
    if one is not None:
        steps["read"] = _read(api, patience, "replying: read", one, reply)


@exchange
def sent_to_address(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Exchange:
    """A message to one e-mail address."""
    _demand_newest(environment)
    demand_accepted(contract, sent_message)
    recipients = [{"id": ADDRESS, "type": "EMAIL"}]
    return writing.send_message(
        api, environment, "sent_to_address", members={"recipients": recipients}
    )


@exchange
def sent_from_zone(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Exchange:
    """A message that says in which time zone it was created."""
    _demand_newest(environment)
    demand_accepted(contract, sent_message)
    zone = {"oh-content-time-zone": TIME_ZONE}
    return writing.send_message(api, environment, "sent_from_zone", headers=zone)


@exchange
def shown_in_zone(api: MessagesApi, environment: Environment, sent_from_zone: Exchange) -> Exchange:
    """The message that said its time zone, read by the id that its answer gives."""
    writing.require_writes(environment, "getMessage")
    known = writing.answered_id(sent_from_zone)
    if not sent_from_zone.succeeded or known is None:
        raise CouldNotTellError(
            "the message with a time zone was answered without an id to read it by",
            unsettled_shape=True,
        )
    patience = writing.patience_of(api, environment)
    return _read(api, patience, "shown_in_zone", known, sent_from_zone)


@partial(exchange, last=True)
def inboxes_around_changes(
    api: MessagesApi, environment: Environment, inbox_askings: Steps, write_inbox: Exchange
) -> Steps:
    """The inbox of the reading patient as it was `first`, and `last`: after all changes of another's messages."""
    _demand_two_patients(environment, write_inbox)
    first, last = inbox_askings["first"], inbox_askings["last"]
    if last.sent_at < write_inbox.sent_at:
        last = api.send(last.request, "inbox_after_changes")
    return Steps(first=first, last=last)


def _demand_two_patients(environment: Environment, write_inbox: Exchange) -> None:
    if environment.test_data.patient == environment.test_data.write_patient:
        raise ThinDataError(
            f"{write_inbox.name} is the inbox of the patient that the reading checks look at, too",
            next_step="Choose another patient as test_data.write_patient.",
        )


@partial(exchange, last=True)
def message_after_changes(
    api: MessagesApi, environment: Environment, message_askings: Steps, write_inbox: Exchange
) -> Exchange:
    """A message of the reading patient, read again after all changes of another's messages."""
    _demand_two_patients(environment, write_inbox)
    last = message_askings["last"]
    if last.sent_at > write_inbox.sent_at:
        return last
    return api.send(last.request, "message_after_changes")


@exchange
def inbox_asked_conditionally(api: MessagesApi, status_tour: Steps, write_inbox: Exchange) -> Steps:
    """The inbox of the patient for writing, asked for as it was in the middle of the tour, where it had validators.

    Steps `change` (the last one after that) and each condition that was sent; none where the inbox has no validators,
    or never showed another status than after all changes.
    """
    for move in moves(status_tour)[::-1]:
        now, then = (status_cycle.item_of(one, move.ids[0]) for one in (write_inbox, move.after))
        if now and then and now.get("status") != then.get("status"):
            steps = asked_again(api, move.after, "inbox_asked_conditionally")
            return Steps(steps, change=moves(status_tour)[-1].change) if steps else steps
    return Steps()


@exchange
def lasting_change(api: MessagesApi, environment: Environment, write_inbox: Exchange) -> Steps:
    """A change of one message's status that is taken back only when the run ends.

    Steps `inbox` and `before` (the message by its id), both from before the `change`, and `seen`: the inbox that shows
    it. Every check takes `lasting_change_at_the_end`, which takes it back.
    """
    demand_thorough(environment)
    operations = ("listInboxItems", "getMessage", "updateMessageStatus")
    writing.require_writes(environment, *operations)
    item = kept_aside(some_items(write_inbox))
    if item is None:
        raise ThinDataError(
            f"{write_inbox.name} has no message whose status may stay changed for a while",
            next_step="Give the patient for writing more than six messages, one of them OPENED.",
        )
    before = _one(api, "lasting_change: before", str(identifier(item)))
    steps = Steps(inbox=write_inbox, before=before)
    _move_aside(api, environment, steps, item, ("change", "seen"), other_status(item))
    return steps


@partial(exchange, last=True)
def lasting_change_at_the_end(
    api: MessagesApi, environment: Environment, lasting_change: Steps, inbox_askings: Steps
) -> Steps:
    """The message whose status was changed, when the run ends and other patients' lists were read; then taken back.

    Besides the steps of `lasting_change`: `listed` (the inbox), `read` (the message by its id), each condition that was
    sent for the message, and `back` and `restored`, the change back and the inbox after it.
    """
    steps = Steps(lasting_change)
    if not steps["change"].succeeded or not inbox_askings:
        return steps
    item = kept_aside(some_items(steps["inbox"])) or {}
    one = str(identifier(item))
    try:
        steps["listed"] = _inbox(api, environment, "lasting_change: at the end")
        steps["read"] = _one(api, "lasting_change: read at the end", one)
        steps.update(asked_again(api, steps["before"], "lasting_change"))
    finally:
        known = status_cycle.item_of(steps["listed"], one) if "listed" in steps else None
        _move_aside(api, environment, steps, known or item, ("back", "restored"), item["status"])
    return steps


def _move_aside(
    api: MessagesApi,
    environment: Environment,
    steps: Steps,
    item: Item,
    names: tuple[str, str],
    status: str,
) -> None:
    """Change the status of a message, and read the inbox until it shows that: the two steps of these names."""
    one, (change, seen) = str(identifier(item)), names
    whole = with_versions(item, lambda _: steps.get("read") or steps["before"])
    body = writing.status_body(environment, whole, status)
    made = api.call("updateMessageStatus", name=f"lasting_change: {change}", body=body)
    steps[change] = made
    if made.succeeded:
        steps[seen] = writing.patience_of(api, environment).read(
            made,
            lambda: _inbox(api, environment, f"lasting_change: {seen}"),
            lambda inbox: shown_status(inbox, one) == status,
        )


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
    sending: Steps,
    replying: Steps,
    sent_message_put_to_deleted: Steps,
) -> Steps:
    """The reply and the plain message when the run ends: the sent items, and the message by its id once more.

    Steps `reply` and `read` of the reply, `sent` and `first` (as it was read then) of the plain message, `listed`, and
    `again` where the message's id is known.
    """
    demand_thorough(environment)
    reply = replying["reply"]
    if not reply.succeeded:
        raise CouldNotTellError(f"the reply was answered {reply.status}")
    steps = Steps(sent=sending["sent"], reply=reply)
    if "read" in replying:
        steps["read"] = replying["read"]
    patience = writing.patience_of(api, environment)
    steps["listed"] = _listed(api, environment, patience, reply)
    known = writing.listed_id(sending["sent"], steps["listed"])
    if "read" in sending and known is not None:
        steps["first"] = sending["read"]
        steps["again"] = _one(api, "sending: read at the end", known)
    return steps


def _inbox(api: MessagesApi, environment: Environment, name: str) -> Exchange:
    query = {"patientId": str(environment.test_data.write_patient)}
    return api.call("listInboxItems", name=name, query=query)


def _demand_newest(environment: Environment) -> None:
    if environment.claims.generation != "new":
        raise NotClaimedError("claims.generation")


def _one(api: MessagesApi, name: str, identifier: str) -> Exchange:
    return api.call("getMessage", name=name, path={"patientMessageId": identifier})


def _read(
    api: MessagesApi, patience: Patience, name: str, identifier: str, sent: Exchange
) -> Exchange:
    """Read a message by its id; where it is not there yet, again for a while."""
    return patience.read(sent, lambda: _one(api, name, identifier), lambda made: made.succeeded)


def _listed(
    api: MessagesApi, environment: Environment, patience: Patience, sent: Exchange, times: int = 1
) -> Exchange:
    """Read the sent items from just before a message; where they don't show it so many times yet, again for a while."""
    query = {
        "patientId": str(environment.test_data.write_patient),
        "createDateTimeGreaterThanOrEqualTo": instant(sent.sent_at - writing.JUST_BEFORE),
    }
    return patience.read(
        sent,
        lambda: api.call("listSentItems", name=f"sent items after {sent.name}", query=query),
        lambda made: _lists(sent, made, times),
    )


def _lists(sent: Exchange, listed: Exchange, times: int) -> bool:
    """Return whether a list shows a message; one that has no subjects to find it by never will."""
    try:
        found = items(listed)
    except CouldNotTellError:
        return listed.succeeded
    has_subjects = any("subject" in one for one in found) or not found
    return not has_subjects or len(writing.listed_as(sent, listed)) >= times


def _answerable(api: MessagesApi, inbox: Exchange) -> tuple[str, Exchange]:
    """Return a message to reply to, its id and itself: with an encounter if there is one."""
    if all(identifier(item) is None for item in some_items(inbox)):
        raise CouldNotTellError(
            f"{inbox.request.operation}: no item has an id to reply to", unsettled_shape=True
        )
    for message_id in identifiers(inbox, to_answer(some_items(inbox))):
        original = _one(api, "replying: original", message_id)
        shown = original.json_or_none
        if not isinstance(shown, dict) or may_be_answered(shown):
            return message_id, original
    raise ThinDataError(
        f"{inbox.name} shows no message that can be replied to, only reminders or canReply: false",
        next_step="Give the patient for writing a message that can be replied to.",
    )
