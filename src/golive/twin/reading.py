"""The reading operations: inbox items, sent items, one message (contract-facts §2.1 to §2.3, §3).

The window is 90 days back from now, both bounds included; an upper bound in the future becomes now.
The inbox gives one page of at most 1,000 items and says when there were more; sent items are not
restricted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from golive.twin.answers import Ask, TruncatedAnswer, html_answer, json_answer
from golive.twin.queries import Query
from golive.twin.service_errors import ServiceError, bad_request
from golive.twin.views import detail, list_item

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.store import Box, Message
    from golive.twin.world import World

PAGE = 1000
_WINDOW = timedelta(days=90)


def inbox(world: World, ask: Ask) -> Response:
    """List what the patient received."""
    query = Query(ask.query)
    kinds = query.choices("notificationType", ("MESSAGE", "REMINDER"), "MESSAGE")
    with_organization = query.truth("shouldLoadOrganizationSummary")
    messages = [m for m in _listed(world, ask, query, "inbox") if m.notification_type in kinds]
    if world.lies("deleted-message-vanishes"):
        messages = [m for m in messages if m.status != "DELETED"]
    items = [list_item(m, with_organization=with_organization) for m in messages[:PAGE]]
    if world.lies("duplicate-item"):
        items = items[:1] + items
    if world.lies("inbox-answers-html"):
        return html_answer(200, "Inbox", f"{len(items)} messages.")
    answer = json_answer(200, {"items": items, "hasMore": len(messages) > PAGE})
    if world.lies("inbox-body-is-truncated"):
        return TruncatedAnswer(answer.body, media_type="application/json")
    return answer


def sent(world: World, ask: Ask) -> Response:
    """List what the patient sent, all of it."""
    messages = _listed(world, ask, Query(ask.query), "sent")
    return json_answer(200, {"items": [list_item(message) for message in messages]})


def one(world: World, ask: Ask) -> Response:
    """Show one message of either box."""
    tenant, message_id = ask.segments[0], ask.segments[-1]
    with_organization = Query(ask.query).truth("shouldLoadOrganizationSummary")
    if "," in message_id:
        raise bad_request("Only one message can be asked for.")
    message = world.store.find(tenant, message_id)
    if message is None:
        raise ServiceError(404, "NotFound", "There is no such message.")
    document: dict[str, Any] = detail(message, with_organization=with_organization)
    if world.lies("detail-disagrees-with-list"):
        document["subject"] += " (changed)"
    return json_answer(200, document)


def _listed(world: World, ask: Ask, query: Query, box: Box) -> list[Message]:
    """Return the messages of a box that the query selects, in the order that it asks for."""
    tenant, patient = ask.segments[0], query.required("patientId")
    if query.one("limit") not in (None, str(PAGE)):
        raise bad_request(f"limit must be {PAGE}.")
    if query.one("page") is not None:
        # There is only ever one page, so no value of opc-next-page was ever handed out.
        raise bad_request("page is not a value of opc-next-page.")
    by = query.choice("sortBy", ("createDateTime", "priority"), "createDateTime")
    order = query.choice("sortOrder", ("ASC", "DESC"), "DESC")
    lower, upper = _window(world, query, box)
    if not world.store.knows(tenant, patient):
        raise ServiceError(404, "NotFound", "There is no such patient.")
    messages = world.store.box(tenant, patient, box)
    if box == "inbox" and world.lies("item-of-another-patient"):
        foreign = world.store.others(tenant, patient)
        messages += sorted(foreign, key=lambda message: message.created)[-1:]
    selected = [message for message in messages if lower <= message.shown <= upper]
    if box == "inbox" and world.lies("inbox-ignores-sort-order"):
        by, order = "createDateTime", "DESC"
    return _sorted(selected, by, order)


def _window(world: World, query: Query, box: Box) -> tuple[datetime, datetime]:
    now = datetime.fromtimestamp(world.now(), UTC)
    days = _WINDOW
    if box == "inbox" and world.lies("inbox-window-is-30-days"):
        days = timedelta(days=30)
    lower = query.instant("createDateTimeGreaterThanOrEqualTo") or now - days
    upper = query.instant("createDateTimeLessThanOrEqualTo") or now
    if not world.lies("future-bound-is-not-clamped"):
        upper = min(upper, now)
    if lower >= upper:
        raise bad_request("The lower bound must be before the upper bound.")
    return lower, upper


def _sorted(messages: list[Message], by: str, order: str) -> list[Message]:
    # Of two messages of the same second, the one that came later is the newer one.
    newest_first = sorted(messages, key=lambda message: message.shown)[::-1]
    if by == "createDateTime":
        return newest_first if order == "DESC" else newest_first[::-1]
    # Among equals of one priority the newest comes first, whatever the direction.
    return sorted(newest_first, key=lambda m: (m.priority == "HIGH") == (order == "ASC"))
