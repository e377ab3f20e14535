"""Chains of writes that somebody else recorded: which of the exchanges are a message, its reading, a reply, a change.

golive's own chains ask what they need; of a recording, these functions take what is there, by what it says: the id that
an answer gave, the subject that was sent, the message that a reply names. Whatever is not there is a step that is not
made, so a check that needs it could not tell. Only plain messages are taken: one with more
members may mean more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from golive import Environment, Exchange, NotRecordedError, Steps, json_of
from suites.messages.recognise import answered_id, listed_as, listed_id
from suites.messages.status_steps import (
    FIRST,
    TRANSITIONS,
    named_in,
    seen,
    shown_status,
    transition,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SEND, CHANGE = "sendMessage", "updateMessageStatus"
PLAIN = frozenset({"patientId", "messageSender", "recipients", "subject", "content"})
OF_REPLIES = PLAIN | {"previousMessageId", "priority", "carbonCopyRecipients"}


def recorded_message(recording: Sequence[Exchange], environment: Environment) -> Exchange:
    """Return the plain message of which the recording shows most."""
    return recorded_sending(recording, environment)["sent"]


def recorded_sending(recording: Sequence[Exchange], environment: Environment) -> Steps:
    """Return a plain message with the sent items and the message itself afterwards, as far as they were read."""
    found = [
        _followed(recording, number, one, environment) for number, one in _sent(recording, PLAIN)
    ]
    return _fullest(found, "a plain message that was sent")


def recorded_reply(recording: Sequence[Exchange], environment: Environment) -> Steps:
    """Return a reply with the message that it answers, before and after, and itself, as far as they were read."""
    found = []
    for number, reply in _sent(recording, OF_REPLIES):
        before = str(_body(reply).get("previousMessageId") or "")
        if not before:
            continue
        steps = _followed(recording, number, reply, environment)
        steps["reply"] = steps.pop("sent")
        changed = [n for n, one in _changes(recording) if before in named_in(_body(one))]
        reads = list(_reads(recording, before))
        earlier = [one for n, one in reads if n < number and not _any(changed, n, number)]
        later = [one for n, one in reads if n > number and not _any(changed, number, n)]
        if earlier:
            steps["original"] = earlier[-1]
        if earlier and later:
            steps["original_after"] = later[0]
        found.append(steps)
    return _fullest(found, "a reply")


def recorded_change(recording: Sequence[Exchange], environment: Environment) -> Steps:
    """Return a change of one message's status as a tour with one change: the inbox before it and after it."""
    changes = _changes(recording)
    for number, change in changes:
        body, ids = _body(change), named_in(_body(change))
        patient, new = body.get("patientId"), body.get("status")
        others = [n for n, one in changes if n != number and _body(one).get("patientId") == patient]
        inboxes = _lists(recording, "listInboxItems", patient)
        before = [one for n, one in inboxes if n < number and not _any(others, n, number)]
        after = [(n, one) for n, one in inboxes if n > number and not _any(others, number, n)]
        if not (change.succeeded and before and after and len(ids) == 1):
            continue
        found = _shown(after, change, environment, lambda one: shown_status(one, ids[0]) == new)  # noqa: B023
        old = shown_status(before[-1], ids[0])
        name = transition(str(old), str(new))
        if found is not None and name in TRANSITIONS:
            return Steps({FIRST: before[-1], name: change, seen(name): found})
    raise NotRecordedError("a change of a message's status between two readings of the inbox")


def _followed(
    recording: Sequence[Exchange], number: int, sent: Exchange, environment: Environment
) -> Steps:
    """Return a message with what was read of it later: the sent items that show it, and itself."""
    steps = Steps(sent=sent)
    lists = [
        (n, one)
        for n, one in _lists(recording, "listSentItems", _body(sent).get("patientId"))
        if n > number
    ]
    listed = _shown(lists, sent, environment, lambda one: bool(listed_as(sent, one)))
    if listed is not None:
        steps["listed"] = listed
    known = (listed_id(sent, listed) if listed else None) or answered_id(sent)
    reads = [(n, one) for n, one in _reads(recording, known or "") if n > number]
    read = _shown(reads, sent, environment, lambda one: one.succeeded)
    if read is not None:
        steps["read"] = read
    return steps


def _shown(
    readings: list[tuple[int, Exchange]],
    write: Exchange,
    environment: Environment,
    shows: Callable[[Exchange], bool],
) -> Exchange | None:
    """Return the first reading that shows a write, else the last one that comes so late that it has to."""
    first = next((one for _, one in readings if shows(one)), None)
    if first is not None or not readings:
        return first
    last = readings[-1][1]
    waited = (last.sent_at - write.sent_at).total_seconds() - write.seconds
    return last if waited > environment.safety.visible_within else None


def _sent(recording: Sequence[Exchange], members: frozenset[str]) -> Iterator[tuple[int, Exchange]]:
    """Yield the messages that were accepted and have no members but these, each with its place in the recording."""
    for number, one in enumerate(recording):
        body = _body(one)
        texts = all(isinstance(body.get(name), str) for name in ("patientId", "subject", "content"))
        if one.request.operation == SEND and one.succeeded and texts and body.keys() <= members:
            yield number, one


def _changes(recording: Sequence[Exchange]) -> list[tuple[int, Exchange]]:
    return [(n, one) for n, one in enumerate(recording) if one.request.operation == CHANGE]


def _lists(
    recording: Sequence[Exchange], operation: str, patient: object
) -> list[tuple[int, Exchange]]:
    """Return the plain readings of a patient's list, each with its place."""
    wanted = (("patientId", str(patient)),)
    return [
        (n, one)
        for n, one in enumerate(recording)
        if one.request.operation == operation and one.request.query == wanted and one.succeeded
    ]


def _reads(recording: Sequence[Exchange], message: str) -> Iterator[tuple[int, Exchange]]:
    for number, one in enumerate(recording):
        last = unquote(urlsplit(one.request.url).path.rpartition("/")[2])
        if message and one.request.operation == "getMessage" and last == message:
            yield number, one


def _body(one: Exchange) -> dict[str, Any]:
    body = json_of(one.request)
    return body if isinstance(body, dict) else {}


def _any(places: list[int], after: int, before: int) -> bool:
    return any(after < place < before for place in places)


def _fullest(found: list[Steps], what: str) -> Steps:
    if not found:
        raise NotRecordedError(what)
    return max(found, key=len)
