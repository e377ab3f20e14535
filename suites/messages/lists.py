"""Reading the lists of messages: items, times, order.

The members of a list item are inferred, so a documented rule that has to be read through a member that is
absent is «could not tell»; the schema check reports the absence itself.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from golive import GUESS, CouldNotTellError, Exchange, Finding, FindingsError, ThinDataError, show

if TYPE_CHECKING:
    from collections.abc import Iterable


Item = dict[str, Any]

# The documented pattern has a colon before the milliseconds and a Z in a value without a zone.
MOMENT = re.compile(
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.:]([0-9]{1,9}))?(Z?)$"
)

OTHER_FORMS = re.compile(
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}([.:][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
"""A date alone, a time without seconds or with an offset: what may be meant is no guess of a check."""


def items(exchange: Exchange) -> list[Item]:
    """Return the items of a list answer; raises CouldNotTellError where there is no list."""
    if not exchange.succeeded:
        raise CouldNotTellError(f"{exchange.name} answered {exchange.status}, not a list")
    body = exchange.json_or_none
    found = body.get("items") if isinstance(body, dict) else None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise _unsettled(exchange, "items")
    return found


def some_items(exchange: Exchange) -> list[Item]:
    """Return the items of a list that must not be empty for the question to make sense."""
    found = items(exchange)
    if not found:
        raise ThinDataError(
            f"{exchange.name} has no items to look at",
            next_step="Choose test data that has messages.",
        )
    return found


def member(exchange: Exchange, item: Item, *path: str) -> Any:
    """Return a member of an item; raises CouldNotTellError where it is absent."""
    value: Any = item
    for name in path:
        if not isinstance(value, dict) or value.get(name) is None:
            raise _unsettled(exchange, "/".join(path))
        value = value[name]
    return value


def identifier(item: Item) -> str | None:
    """Return an item's id as the text by which a message is asked for; None where it has none.

    The documents have strings; a whole number is as good (contract-facts §2.3, §9), and the schema check says so.
    """
    value = item.get("id")
    return value if isinstance(value, str) and value else str(value) if type(value) is int else None


def identifiers(exchange: Exchange, found: Iterable[Item]) -> list[str]:
    """Return the ids of the items, in order; raises CouldNotTellError where one is absent."""
    ids = list(map(identifier, found))
    if None in ids:
        raise _unsettled(exchange, "id")
    return [one for one in ids if one is not None]


def message(exchange: Exchange) -> Item:
    """Return the one message of an answer; raises CouldNotTellError where there is none."""
    body = exchange.json_or_none
    if not exchange.succeeded or not isinstance(body, dict):
        raise CouldNotTellError(f"{exchange.name} answered {exchange.status} without a message")
    return body


def asked_id(exchange: Exchange) -> str:
    """Return the id of the message that was asked for, as it is outside a URL."""
    return unquote(urlsplit(exchange.request.url).path.rsplit("/", 1)[-1])


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


def same_json(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; unlike Python's ==, true is not 1."""
    match one, other:
        case dict(), dict():
            return one.keys() == other.keys() and all(same_json(one[k], other[k]) for k in one)
        case list(), list():
            return len(one) == len(other) and all(map(same_json, one, other))
        case _:
            return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def moment(exchange: Exchange, item: Item, name: str = "createDateTime") -> datetime:
    """Return the instant of a DateTimeWithZone member, in UTC.

    Raises CouldNotTellError where a part is absent or has another form: a zone is never assumed. Raises a finding
    where a part is there and broken: a date that does not exist decides, an unknown name of a zone is advice.
    """
    value = member(exchange, item, name)
    text = value.get("dateTime") if isinstance(value, dict) else None
    zone = value.get("timeZone") if isinstance(value, dict) else None
    if not isinstance(text, str) or not (zone is None or isinstance(zone, str)):
        raise _unsettled(exchange, f"{name}/dateTime")
    match = MOMENT.match(text)
    local = local_time(text)
    if local is None and (match or not OTHER_FORMS.match(text)):
        expected = "a date and time that exist, without an offset (RFC 3339)"
        raise _broken(exchange, item, f"{name}/dateTime", expected, text)
    if local is None or match is None:
        raise _unsettled(exchange, f"{name}/dateTime")
    if not zone:
        raise _unsettled(exchange, f"{name}/timeZone")
    where = _zone(zone)
    if where is None:
        raise _broken(exchange, item, f"{name}/timeZone", "an IANA zone", zone, advice=True)
    try:
        instant = local.replace(tzinfo=where).astimezone(UTC)
    except OverflowError:
        raise _unsettled(exchange, name) from None
    if match[4] and instant.replace(tzinfo=None) != local:
        # The documented pattern has a Z in a value without a zone: it may say UTC, or nothing.
        raise _unsettled(exchange, f"{name}/dateTime with a Z beside another zone")
    return instant


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
def _zone(name: str) -> tzinfo | None:
    """Return the zone of a name; None where there is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, ZoneInfoNotFoundError, OSError):
        return None


def disorder(values: list[Any], *, descending: bool) -> int | None:
    """Return the index of the first value that stands before its time, or None."""
    for index in range(1, len(values)):
        before, after = values[index - 1], values[index]
        if (before < after) if descending else (before > after):
            return index
    return None


def _unsettled(exchange: Exchange, name: str) -> CouldNotTellError:
    # The answers of one operation have one form, so this is one cause for all of them.
    return CouldNotTellError(
        f"{exchange.request.operation or exchange.name}: the inferred member {name} is absent or of another form",
        next_step="See the findings of the schema check; if the API names it otherwise, correct the schema.",
        unsettled_shape=True,
    )


def _broken(
    exchange: Exchange, item: Item, name: str, expected: str, actual: str, *, advice: bool = False
) -> FindingsError:
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
        label=GUESS if advice else None,
    )
    return FindingsError([found])
