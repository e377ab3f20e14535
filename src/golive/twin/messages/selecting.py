"""Which messages a list holds and in which order: the window and the sorting (contract-facts §3).

The window is 90 days back from now, both bounds included; an upper bound in the future becomes now.
Messages are selected and sorted by their creation, reminders by the date on which they show up.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from golive.twin.http import ServiceError, bad_request
from golive.twin.names import PRODUCTION_CLOUD

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.twin.http import Ask, Query
    from golive.twin.store import Box, Message
    from golive.twin.world import World

LOWER = "createDateTimeGreaterThanOrEqualTo"
UPPER = "createDateTimeLessThanOrEqualTo"
_LIMIT = "1000"
_WINDOW = timedelta(days=90)
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_END = datetime(9999, 1, 1, tzinfo=UTC)


def tenant_of(world: World, patient: str, tenant: str) -> str:
    """Return the tenant that has a patient, as a defect reads a path: its own one where that or none has."""
    tenants = (tenant, *world.tenants[PRODUCTION_CLOUD])
    return next((one for one in tenants if world.store.knows(one, patient)), tenant)


def listed(world: World, ask: Ask, query: Query, box: Box) -> list[Message]:
    """Return the messages of a box that the query selects, in the order that it asks for."""
    tenant, (patient, *more) = ask.segments[0], _patients(world, query, box)
    _check_page(query)
    by = query.choice("sortBy", ("createDateTime", "priority"), "createDateTime")
    order = query.choice("sortOrder", ("ASC", "DESC"), "DESC")
    lower, upper = _window(world, query, box)
    if world.injects(f"{box}-found-in-any-tenant"):
        tenant = tenant_of(world, patient, tenant)
    if not world.store.knows(tenant, patient):
        raise ServiceError(404, "NotFound", "There is no such patient.")
    messages = world.shown(world.store.box(tenant, patient, box))
    for another in more:
        messages += world.store.box(tenant, another, box)
    between = query.many(LOWER) and query.many(UPPER)
    if between and world.injects("item-of-another-patient-between-bounds"):
        messages += world.store.others(tenant, patient, box)[:3]
    if box == "inbox" and world.injects("only-the-newest-1000-are-found"):
        messages = sorted(messages, key=lambda message: message.shown)[-int(_LIMIT) :]
    if box == "inbox" and world.injects("item-of-another-patient"):
        foreign = [m for m in world.store.others(tenant, patient) if lower <= m.created <= upper]
        messages += sorted(foreign, key=lambda message: message.created)[-1:]
    if box == "sent" and world.injects("sent-message-listed-for-everybody"):
        messages += world.store.sent_by_others(tenant, patient)
    if box == "sent" and world.injects("sent-item-of-another-patient"):
        messages += world.store.others(tenant, patient, box)
    if box == "inbox" and world.injects("inbox-lists-sent-items-too"):
        messages += world.store.box(tenant, patient, "sent")
    selected = [m for m in messages if _is_inside(world, m, lower, upper)]
    return _ordered(world, query, box, selected, (by, order))


def _patients(world: World, query: Query, box: Box) -> list[str]:
    """Return the patient who is asked for; several only where a defect takes them."""
    named = [one for value in query.many("patientId") for one in value.split(",")]
    if len(named) > 1 and world.injects("every-named-patient-is-listed"):
        return named
    return [_patient(world, query, box)]


def _patient(world: World, query: Query, box: Box) -> str:
    list_name = "inbox" if box == "inbox" else "sent-items"
    if not query.many("patientId") and world.injects(f"{list_name}-without-patient-answered"):
        return world.store.any_patient()
    patient = query.required("patientId")
    if patient.endswith("%") and world.injects("patient-id-is-a-pattern"):
        return world.store.any_patient(patient[:-1])
    if patient.endswith(("*", "%")) and world.injects("wildcard-patient-answered"):
        return world.store.any_patient()
    return patient


def _check_page(query: Query) -> None:
    limit = query.one("limit")
    if limit not in (None, _LIMIT):
        raise bad_request(f"limit must be {_LIMIT}.")
    if query.one("page") is not None:
        # There is only ever one page, so no value of opc-next-page was ever given out.
        raise bad_request("page is not a value of opc-next-page.")


def _window(world: World, query: Query, box: Box) -> tuple[datetime, datetime]:
    now = datetime.fromtimestamp(world.now(), UTC)
    lower = query.instant(LOWER) or now - _default_reach(world, query, box)
    upper = query.instant(UPPER) or now
    refused = world.injects("future-bound-refused") or (
        box == "sent" and world.injects("sent-future-bound-refused")
    )
    if upper > now and refused:
        raise bad_request("The upper bound must not be in the future.")
    if upper > now and not query.many(LOWER) and world.injects("future-bound-moves-the-window"):
        lower = min(upper - _WINDOW, now - timedelta(seconds=1))
    alone = query.many(UPPER) and not query.many(LOWER)
    if alone and world.injects("upper-bound-alone-moves-the-beginning"):
        lower = min(upper, now) - _WINDOW
    if not world.injects("future-bound-is-not-clamped"):
        upper = min(upper, now)
    if lower >= upper:
        if not world.injects(f"{box}-reversed-dates-accepted"):
            raise bad_request("The lower bound must be before the upper bound.")
        lower, upper = upper, lower
    if world.injects("long-windows-are-cut-to-90-days"):
        lower = max(lower, upper - _WINDOW)
    return _misread(world, query, box, lower, upper)


def _default_reach(world: World, query: Query, box: Box) -> timedelta:
    if query.many(UPPER) and world.injects("upper-bound-alone-reaches-back-45-days"):
        return timedelta(days=45)
    if world.injects(f"{box}-window-is-30-days"):
        return timedelta(days=30)
    return timedelta(days=365) if world.injects(f"{box}-window-is-a-year") else _WINDOW


def _misread(
    world: World, query: Query, box: Box, lower: datetime, upper: datetime
) -> tuple[datetime, datetime]:
    """Return the bounds as they are, or as a defect takes them."""
    if query.many(LOWER) and world.injects(f"{box}-lower-bound-ignored"):
        lower = _BEGINNING
    if world.injects(f"{box}-upper-bound-ignored"):
        upper = datetime.fromtimestamp(world.now(), UTC)
    both = query.many(LOWER) and query.many(UPPER)
    if both and world.injects("window-between-bounds-is-30-days"):
        lower = max(lower, upper - timedelta(days=30))
    if upper.time() == time() and world.injects("midnight-means-the-whole-day"):
        upper += timedelta(days=1)
    if world.injects("default-window-never-ends") and not query.many(UPPER):
        upper = _END
    return lower, upper


def _is_inside(world: World, message: Message, lower: datetime, upper: datetime) -> bool:
    at = message.created if world.injects("reminders-selected-by-creation") else message.shown
    if message.remind and message.shown <= upper and world.injects("old-reminders-are-missing"):
        at = message.created
    if world.injects(f"{message.box}-bounds-exclusive"):
        return lower < at < upper
    if world.injects("bounds-compared-by-day"):
        return lower.date() <= at.date() <= upper.date()
    return lower <= at <= upper


def _ordered(
    world: World, query: Query, box: Box, messages: list[Message], asked: tuple[str, str]
) -> list[Message]:
    by, order = asked
    by_priority = box == "inbox" and by == "priority"
    if by_priority and world.injects("sorting-by-priority-drops-normal"):
        messages = [m for m in messages if m.priority == "HIGH"]
    if by_priority and world.injects("sorting-by-priority-drops-deleted"):
        messages = [m for m in messages if m.status != "DELETED"]
    oldest_first = box == "sent" and order == "ASC"
    if oldest_first and world.injects("sorting-sent-items-drops-the-last"):
        messages = messages[:-1]
    key = _misread_time(world, query)
    if by == "createDateTime" and key:
        return sorted(messages, key=key, reverse=order == "DESC")
    return _sorted(messages, by, order)


def _misread_time(world: World, query: Query) -> Callable[[Message], datetime] | None:
    """Return the time by which a defect sorts in place of the right one; None where none does."""
    if world.injects("lists-sorted-by-local-time"):
        return lambda m: m.shown.astimezone(ZoneInfo(m.time_zone)).replace(tzinfo=None)
    mixed = len(set(query.many("notificationType"))) > 1
    if world.injects_any(
        {"reminders-sorted-by-creation": True, "mixed-lists-sorted-by-creation": mixed}
    ):
        return lambda message: message.created
    return None


def _sorted(messages: list[Message], by: str, order: str) -> list[Message]:
    # Of two messages of the same second, the one that came later is the newer one.
    newest_first = sorted(messages, key=lambda message: message.shown)[::-1]
    if by == "createDateTime":
        return newest_first if order == "DESC" else newest_first[::-1]
    # Among equals of one priority the newest comes first, whatever the direction.
    return sorted(newest_first, key=lambda m: (m.priority == "HIGH") == (order == "ASC"))
