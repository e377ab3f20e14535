"""The reading operations: inbox items, sent items, one message (contract-facts §2.1 to §2.3, §3).

The inbox gives one page of at most 1,000 items and says when there were more; sent items are not
restricted. Which messages a list holds, and in which order, is the business of `selecting`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from golive.twin.http import (
    Ask,
    Query,
    ServiceError,
    TruncatedAnswer,
    bad_request,
    json_answer,
)
from golive.twin.messages.selecting import listed
from golive.twin.messages.showing import detail, list_item
from golive.twin.names import PRODUCTION_CLOUD

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.store import Message
    from golive.twin.world import World


PAGE = 1000


def inbox(world: World, ask: Ask) -> Response:
    """List what the patient received."""
    query = Query(ask.query)
    third = _is_third(world, ask)
    kinds = _kinds(world, query, third=third)
    with_organization = query.truth("shouldLoadOrganizationSummary")
    messages = [m for m in listed(world, ask, query, "inbox") if m.notification_type in kinds]
    if world.injects("deleted-message-vanishes"):
        messages = [m for m in messages if m.status != "DELETED"]
    if with_organization and world.injects("organization-option-drops-items"):
        messages = [m for m in messages if m.organization]
    page = _page_size(world)
    if world.injects("inbox-page-holds-the-oldest"):
        messages = messages[-page:]
    items = [_item(world, m, with_organization) for m in messages[:page]]
    for message in messages:
        message.status = world.fleeting.pop(message.id, message.status)
    short = third and world.injects("inbox-is-short-the-third-time")
    items = items[: len(items) // 2] if short else items
    answer = json_answer(200, {"items": items, "hasMore": len(messages) > PAGE})
    cut = world.injects("inbox-body-is-truncated")
    return TruncatedAnswer(answer.body, media_type="application/json") if cut else answer


def _kinds(world: World, query: Query, *, third: bool) -> set[str]:
    """Return the types of notifications that are asked for, or that a defect lists."""
    kinds = query.choices("notificationType", ("MESSAGE", "REMINDER"), "MESSAGE")
    unasked = third and not query.many("notificationType")
    if unasked and world.injects("reminders-listed-the-third-time"):
        return {"MESSAGE", "REMINDER"}
    return kinds


def _is_third(world: World, ask: Ask) -> bool:
    """Whether this very question was asked twice before, or five times."""
    world.askings[ask.path, ask.query] += 1
    return world.askings[ask.path, ask.query] % 3 == 0


def _page_size(world: World) -> int:
    if world.injects("inbox-page-has-no-limit"):
        return 1_000_000
    return PAGE // 2 if world.injects("inbox-page-ends-at-500") else PAGE


def _item(world: World, message: Message, with_organization: bool) -> dict[str, Any]:
    if world.injects("todays-offset-for-every-date"):
        now = datetime.fromtimestamp(world.now(), UTC)
        zone = ZoneInfo(message.time_zone)
        then, today = (at.astimezone(zone).utcoffset() for at in (message.created, now))
        if then is not None and today is not None:
            message = replace(message, created=message.created + today - then)
    return list_item(message, with_organization=with_organization)


def sent(world: World, ask: Ask) -> Response:
    """List what the patient sent, all of it."""
    messages = listed(world, ask, Query(ask.query), "sent")
    if world.injects("sent-item-listed-twice"):
        # Not one just sent: that defect is `sent-message-kept-twice`.
        yesterday = datetime.fromtimestamp(world.now(), UTC) - timedelta(days=1)
        messages = [m for m in messages if m.created < yesterday][:1] + messages
    third = _is_third(world, ask)
    if third and world.injects("sent-items-are-short-the-third-time"):
        messages = messages[: len(messages) // 2]
    if third and world.injects("new-sent-items-are-missing-the-third-time"):
        messages = [m for m in messages if m.id not in world.store.arrivals]
    return json_answer(200, {"items": [list_item(message) for message in messages]})


def one(world: World, ask: Ask) -> Response:
    """Show one message of either box."""
    tenant, message_id = ask.segments[0], ask.segments[-1]
    with_organization = Query(ask.query).truth("shouldLoadOrganizationSummary")
    if world.injects("organization-option-is-kept-with-the-message"):
        with_organization = world.kept.setdefault(message_id, with_organization)
    if "," in message_id:
        encoded = {"encoded-comma-between-ids-answered": "%2C" in ask.path}
        if not world.injects_any({"several-ids-answered": True, **encoded}):
            raise bad_request("Only one message can be asked for.")
        message_id = message_id.split(",")[0]
    message = _found(world, tenant, message_id)
    if message is None and world.injects("messages-found-in-any-tenant"):
        found = (world.store.find(one, message_id) for one in world.tenants[PRODUCTION_CLOUD])
        message = next(filter(None, found), None)
    if message is None and world.injects("unknown-message-answered"):
        message = replace(world.store.any_message(tenant), id=message_id)
    message = next(iter(world.shown([message])), None) if message else None
    if message is None or _is_lost(world, message):
        raise ServiceError(404, "NotFound", "There is no such message.")
    if world.injects("detail-of-another-message"):
        message = world.store.neighbour(message)
    document = detail(_as_read(world, message), with_organization=with_organization)
    world.messages_read += 1
    if world.messages_read % 3 == 0 and world.injects("every-third-detail-lacks-content"):
        del document["content"]
    _touch(world, message)
    answer = json_answer(200, document)
    if world.injects("line-feeds-stand-unescaped"):
        answer.body = bytes(answer.body).replace(rb"\n", b"\n")
        answer.headers["content-length"] = str(len(answer.body))
    return answer


def _found(world: World, tenant: str, message_id: str) -> Message | None:
    """Return the message of an id, or of the beginning of it that a defect takes for one."""
    if world.injects("semicolon-cuts-the-message-id"):
        message_id = message_id.split(";")[0]
    message = world.store.find(tenant, message_id)
    if message is None and world.injects("id-prefix-finds-the-message"):
        return world.store.find(tenant, message_id.rpartition(".")[0])
    return message


def _is_lost(world: World, message: Message) -> bool:
    """Whether a defect keeps what was sent during the run from being read by its id."""
    if _is_old(world, message) and world.injects("old-messages-cannot-be-read"):
        return True
    return message.id in world.store.arrivals and world.injects("sent-message-cannot-be-read")


def _is_old(world: World, message: Message) -> bool:
    return message.created < datetime.fromtimestamp(world.now(), UTC) - timedelta(days=7)


def _as_read(world: World, message: Message) -> Message:
    """Return the message that is shown by its id: the stored one, or a defect's own copy of it."""
    changes = world.changes(
        {
            "detail-was-created-later": {"created": message.created + timedelta(hours=1)},
            "detail-has-the-other-priority": {
                "priority": "NORMAL" if message.priority == "HIGH" else "HIGH"
            },
            "detail-has-another-status": {
                "status": "UNREAD" if message.status == "DELETED" else "DELETED"
            },
            "detail-has-older-versions": dict.fromkeys(
                ("version", "recipient_version"), message.version - 1
            ),
        }
    )
    if world.injects("detail-keeps-its-first-status"):
        changes["status"] = world.statuses_read.setdefault(message.id, message.status)
    if _is_old(world, message) and world.injects("old-details-have-another-subject"):
        changes["subject"] = f"{message.subject} (old)"
    if world.messages_read % 4 == 3 and world.injects("details-by-turns-are-mixed-up"):
        changes["subject"] = world.store.neighbour(message).subject
    if world.readings[message.id] % 3 == 1 and world.injects("message-differs-the-third-time"):
        changes["subject"] = f"{message.subject} (3)"
    if world.injects("content-changes-between-readings"):
        count = world.readings[message.id]
        changes["content"] = message.content.replace("</body>", f"<p>Read: {count}</p></body>")
    return replace(message, **changes)


def _touch(world: World, message: Message) -> None:
    """Do what reading does to a message: nothing, without a defect."""
    world.readings[message.id] += 1
    if world.injects("reading-marks-as-opened") and message.status == "UNREAD":
        message.status = "OPENED"
    if world.injects("reading-raises-the-version"):
        message.version += 1
