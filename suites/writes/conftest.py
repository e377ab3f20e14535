"""Chains that write: a message and what became of it, a reply to a message, the newest ways to send.

The tour of statuses is shared with the error contracts and lies in `golive.status_tour`. The
reply takes the inbox that was read after that tour, so the two never touch the patient's messages
at the same time.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from golive import writing
from golive.error_values import instant
from golive.exchange import Steps
from golive.findings import CouldNotTellError, NotClaimedError
from golive.listing import items, some_items
from golive.pytest_plugin import exchange

if TYPE_CHECKING:
    import pytest

    from golive.environment import Environment
    from golive.exchange import Exchange
    from golive.listing import Item
    from golive.messages import MessagesApi

ADDRESS = "nobody@example.org"
"""An address of a domain that is reserved for examples: mail to it reaches nobody (RFC 2606 §3)."""

TIME_ZONE = "America/Phoenix"
"""A zone that is neither UTC nor the system's zone by chance, and has no summer time."""

JUST_BEFORE = timedelta(hours=1)
"""How far before the sending the list begins; covers clocks that differ."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("writes")
            item.add_marker("messages")


@exchange
def sending(api: MessagesApi, environment: Environment, sent_message: Exchange) -> Steps:
    """The plain message, the sent items from just before it, and the message by its id.

    Steps `sent`, `listed` and, where an id is known, `read`.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    _demand(sent_message, "the plain message")
    listed = _sent_items(api, environment, since=sent_message)
    steps = Steps(sent=sent_message, listed=listed)
    identifier = _identifier(sent_message, listed)
    if identifier is not None:
        steps["read"] = _one(api, "sending: read", identifier)
    return steps


@exchange
def replying(api: MessagesApi, environment: Environment, write_inbox: Exchange) -> Steps:
    """A message that was received, an urgent reply to it (with a copy), and the reply by its id.

    Steps `original`, `reply` and, where the reply was accepted and its id is known, `read`.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems", "getMessage")
    before = _answerable(write_inbox)
    original = _one(api, "replying: original", before)
    members: dict[str, Any] = {
        "previousMessageId": before,
        "subject": f"Re: {writing.new_subject()}",
        "priority": {"value": "HIGH"},
    }
    copied = environment.test_data.copy_recipient
    if copied is not None:
        members["carbonCopyRecipients"] = [{"id": copied.id, "type": copied.type}]
    reply = writing.send_message(api, environment, "replying: reply", members=members)
    steps = Steps(original=original, reply=reply)
    if reply.succeeded:
        identifier = _answered_id(reply)
        if identifier is None:
            steps["listed"] = _sent_items(api, environment, since=reply)
            identifier = _identifier(reply, steps["listed"])
        if identifier is not None:
            steps["read"] = _one(api, "replying: read", identifier)
    return steps


@exchange
def sent_to_address(api: MessagesApi, environment: Environment) -> Exchange:
    """A message to one e-mail address."""
    _demand_newest(environment)
    recipients = [{"id": ADDRESS, "type": "EMAIL"}]
    return writing.send_message(
        api, environment, "sent_to_address", members={"recipients": recipients}
    )


@exchange
def sent_from_zone(api: MessagesApi, environment: Environment) -> Exchange:
    """A message that says in which time zone it was created."""
    _demand_newest(environment)
    zone = {"oh-content-time-zone": TIME_ZONE}
    return writing.send_message(api, environment, "sent_from_zone", headers=zone)


def _demand_newest(environment: Environment) -> None:
    if environment.claims.generation != "new":
        raise NotClaimedError("claims.generation")


def _demand(made: Exchange, what: str) -> None:
    if not made.succeeded:
        raise CouldNotTellError(
            f"{what} was answered {made.status}, so nothing was sent that could be looked up",
            next_step="Settle the finding about the sending first.",
        )


def _one(api: MessagesApi, name: str, identifier: str) -> Exchange:
    return api.call("getMessage", name=name, path={"patientMessageId": identifier})


def _sent_items(api: MessagesApi, environment: Environment, *, since: Exchange) -> Exchange:
    query = {
        "patientId": str(environment.test_data.write_patient),
        "createDateTimeGreaterThanOrEqualTo": instant(since.sent_at - JUST_BEFORE),
    }
    return api.call("listSentItems", name=f"sent items after {since.name}", query=query)


def _answerable(inbox: Exchange) -> str:
    """Return the id of a message to reply to: with an encounter if there is one."""
    known = [item for item in some_items(inbox) if isinstance(item.get("id"), str)]
    messages = [item for item in known if item.get("notificationType") != "REMINDER"]
    found = next((item for item in messages if item.get("encounter")), None)
    if found is None and not messages:
        raise CouldNotTellError(
            f"{inbox.name} has no message with an id to reply to", unsettled_shape=True
        )
    return str((found or messages[0])["id"])


def _answered_id(sent: Exchange) -> str | None:
    """Return the id that the answer to a sending gives, if it does (inferred)."""
    body = sent.json_or_none
    identifier = body.get("id") if isinstance(body, dict) else None
    return identifier if isinstance(identifier, str) and identifier else None


def _identifier(sent: Exchange, listed: Exchange) -> str | None:
    """Return the id of a message that was sent: as the list has it, or else as the answer has it."""
    body: dict[str, Any] = json.loads(sent.request.body)
    found: list[Item] = items(listed) if listed.succeeded else []
    ids = (item.get("id") for item in found if item.get("subject") == body["subject"])
    return next((one for one in ids if isinstance(one, str)), _answered_id(sent))
