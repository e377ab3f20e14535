"""Reading the lists of messages: the message that was asked for, times, order."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from golive import (
    CouldNotTellError,
    Exchange,
    Finding,
    FindingsError,
    ThinDataError,
    show,
    unsettled_member,
)
from suites.common import lists
from suites.common.lists import asked_id, identifier, identifiers, items, member

if TYPE_CHECKING:
    from collections.abc import Iterable

    from suites.common.lists import Item


Moments = tuple[datetime, ...]
"""The instants that one time may name."""

# The documented pattern has a colon before the milliseconds and a Z in a value without a zone; RFC 3339 lets letters be
# small.
MOMENT = re.compile(
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.:]([0-9]{1,9}))?([Zz]?)$"
)

Z_OR_ZONE = (
    "Find out which of the two rules, and write it into schemas/mapping.yaml, as form of created-time or "
    "reminder-time: instant (the Z) or local (the zone)."
)

OFFSET = re.compile("(?:UTC|GMT)?([+-])([01][0-9]|2[0-3])(?::?([0-5][0-9]))?")
"""An offset from UTC in place of the name of a zone."""

OTHER_FORMS = re.compile(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.:][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
"""A date alone, a time without seconds or with an offset: what may be meant is no guess of a check."""


def some_items(exchange: Exchange) -> list[Item]:
    """Return the items of a list of messages that must not be empty for the question to make sense."""
    return lists.some_items(exchange, "Choose test data that has messages.")


def reminders_of(listed: Exchange) -> list[Item]:
    """Return the reminders of a list of them; raises CouldNotTellError where none of its items is one."""
    found = [item for item in some_items(listed) if item.get("notificationType") != "MESSAGE"]
    if not found:
        raise ThinDataError(
            f"{listed.name} has no reminder: each of its items says MESSAGE",
            next_step="See the finding about the types that were asked for.",
        )
    return found


def message(exchange: Exchange) -> Item:
    """Return the one message of an answer; raises CouldNotTellError where there is none."""
    body = exchange.json_or_none
    if not exchange.succeeded or not isinstance(body, dict):
        raise CouldNotTellError(f"{exchange.name} answered {exchange.status} without a message")
    return body


def item_of(exchange: Exchange, listed: Exchange) -> Item:
    """Return the list item of the message that was asked for by id; both must be there."""
    message(exchange)
    wanted = asked_id(exchange)
    for item in some_items(listed):
        if identifier(item) == wanted:
            return item
    raise ThinDataError(
        f"{listed.name} has no item with the id that {exchange.name} asked for",
        next_step="Choose a test_data.message that the inbox lists.",
    )


def moment(exchange: Exchange, item: Item, name: str = "createDateTime") -> datetime:
    """Return the instant of a DateTimeWithZone member, in UTC, as `moments` reads it.

    Raises CouldNotTellError for a time that names two: what has to hold for both takes `moments`.
    """
    found = moments(exchange, item, name)
    if len(found) > 1:
        cause = f"a {name} of {exchange.name} names two instants, as the clocks of its zone were changed"
        raise ThinDataError(cause, next_step="Choose another message.")
    return found[0]


def same_moment(
    one: tuple[Exchange, Item], other: tuple[Exchange, Item], name: str = "createDateTime"
) -> bool:
    """Return whether two views of a message may name one instant, as exactly as the coarser of them says.

    No public text has both show the same precision. Raises as `moments` does.
    """
    digits = min(len(_fraction(item, name)) for _, item in (one, other))
    step = timedelta(microseconds=10 ** (6 - min(digits, 6)))
    seen = [
        {(at - datetime.min.replace(tzinfo=UTC)) // step for at in moments(where, item, name)}
        for where, item in (one, other)
    ]
    return bool(seen[0] & seen[1])


def _fraction(item: Item, name: str) -> str:
    """Return the digits of a time's fraction of a second; `moments` judges its form."""
    value = item.get(name)
    match = MOMENT.match(str(value.get("dateTime"))) if isinstance(value, dict) else None
    return (match[3] or "") if match else ""


def sure_moments(
    exchange: Exchange, found: Iterable[Item], name: str = "createDateTime"
) -> list[tuple[Item, datetime]]:
    """Return the items whose time names one instant, each with it."""
    read = ((item, moments(exchange, item, name)) for item in found)
    return [(item, times[0]) for item, times in read if len(times) == 1]


def moments(exchange: Exchange, item: Item, name: str = "createDateTime") -> Moments:
    """Return the instants that a DateTimeWithZone member may name, in UTC, the earliest first.

    It is one but for the hour that comes twice when clocks go back, and the one that is left out when they go forward.
    Raises CouldNotTellError where a part is absent or has another form, or nobody knows the zone of that name: a zone
    is never assumed. Raises a finding for a date that does not exist.
    """
    value = member(exchange, item, name)
    text = value.get("dateTime") if isinstance(value, dict) else None
    zone = value.get("timeZone") if isinstance(value, dict) else None
    if not isinstance(text, str) or not (zone is None or isinstance(zone, str)):
        raise unsettled_member(exchange, f"{name}/dateTime")
    match = MOMENT.match(text)
    local = local_time(text)
    if local is None and (match or not OTHER_FORMS.match(text)):
        expected = "a date and time that exist, without an offset (RFC 3339)"
        raise _broken(exchange, item, f"{name}/dateTime", expected, text)
    if local is None or match is None:
        raise unsettled_member(exchange, f"{name}/dateTime")
    if not zone:
        raise unsettled_member(exchange, f"{name}/timeZone")
    where = zone_of(zone)
    if where is None:
        raise CouldNotTellError(
            f"the time zone {show(zone)} is neither a name of IANA's nor an offset, so no instant is known",
            next_step="Ask the operator of the service which names its zones have: that is in no public text.",
            unsettled_shape=True,
        )
    try:
        first, second = (local.replace(tzinfo=where, fold=fold) for fold in (0, 1))
        read = {first.astimezone(UTC)}
        if second.utcoffset() != first.utcoffset():
            read.add(second.astimezone(UTC))
    except OverflowError:
        raise unsettled_member(exchange, name) from None
    if match[4] and any(instant.replace(tzinfo=None) != local for instant in read):
        # The documented pattern has a Z in a value without a zone: it may say UTC, or nothing.
        raise unsettled_member(exchange, f"{name}/dateTime with a Z beside another zone", Z_OR_ZONE)
    return tuple(sorted(read))


def local_time(text: str) -> datetime | None:
    """Return the wall time that a DateTimeWithZone writes; None where it is none, or no such date or time exists."""
    match = MOMENT.match(text)
    if match is None:
        return None
    seconds = match[2].replace(":60", ":59")  # a leap second is a time, and Python knows none
    try:
        return datetime.fromisoformat(f"{match[1]}T{seconds}.{(match[3] or '0').ljust(6, '0')[:6]}")
    except ValueError:
        return None


@lru_cache(maxsize=1000)
def zone_of(name: str) -> tzinfo | None:
    """Return the zone of an IANA name or of an offset, such as `-06:00`; None where there is none."""
    if offset := OFFSET.fullmatch(name):
        apart = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(-apart if offset[1] == "-" else apart)
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def disorder(values: list[Moments], *, descending: bool) -> int | None:
    """Return the index of the first time that stands before its turn, however each is read, or None."""
    last: datetime | None = None
    for index, readings in enumerate(values):
        fitting = [
            at for at in readings if last is None or (at <= last if descending else at >= last)
        ]
        if not fitting:
            return index
        # The one that leaves most room to those that come after it.
        last = max(fitting) if descending else min(fitting)
    return None


def are_between(since: datetime, readings: Moments, until: datetime) -> bool:
    """Return whether a time is strictly between two instants, however it is read."""
    return all(since < at < until for at in readings)


def overlap(one: Exchange, other: Exchange, since: datetime, until: datetime) -> set[str]:
    """Return the ids of a page's items between two instants that the other page, newest first as well, lacks."""
    found = [item for item in items(one) if are_between(since, moments(one, item), until)]
    return set(identifiers(one, found)) - set(identifiers(other, items(other)))


def _broken(exchange: Exchange, item: Item, name: str, expected: str, actual: str) -> FindingsError:
    """Return the finding about a member that is there and broken."""
    body = exchange.json_or_none
    listed = body.get("items") if isinstance(body, dict) else None
    above = next((f"/items/{n}" for n, one in enumerate(listed or ()) if one is item), "")
    found = Finding.of(
        exchange,
        f"{above}/{name}",
        expected=expected,
        actual=show(actual),
        next_step="Compare the exchange with the source, and report the value to Oracle if it is so.",
    )
    return FindingsError([found])
