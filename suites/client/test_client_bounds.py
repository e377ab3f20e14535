"""The bounds that a client gives to the lists of messages: how each instant is written, and that none is to come."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange

AREA = "client windows"
DATES = "contract-facts §2.1, §2.2, §3"
BOUNDS = (seen.LOWER, seen.UPPER)


def _bounds(one: Exchange) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in one.request.query if name in BOUNDS)


def _bounded(lists: Steps) -> list[Exchange]:
    found = [one for one in lists.values() if any(_bounds(one))]
    if not found:
        raise NotSeenError("the client gave no bound to a list")
    return found


@check(
    "client-bounds-have-no-milliseconds", area=AREA, level="must", basis="documented", source=LISTS
)
@cured_by("Cut the fraction off: 2024-10-01T00:00:00Z (JavaScript's toISOString() adds one).")
def test_no_bound_has_milliseconds(lists: Steps) -> Iterator[Wrong]:
    """A bound of a list is an instant in whole seconds."""
    for one in _bounded(lists):
        for name, value in _bounds(one):
            if re.search(r":\d\d[.,]\d", value):
                yield Wrong(one, f"request:query:{name}", "an instant without milliseconds", value)


@check("client-bounds-are-in-utc", area=AREA, level="must", basis="documented", source=LISTS)
@cured_by("Convert the time to UTC before it is written, and end it with Z.")
def test_each_bound_is_in_utc(lists: Steps) -> Iterator[Wrong]:
    """A bound of a list is in UTC, and says so."""
    for one in _bounded(lists):
        for name, value in _bounds(one):
            end = re.search(r"T[\d:.,]+(.*)$", value)
            if end and end[1] not in ("Z", "z", "+00:00", " 00:00"):
                yield Wrong(one, f"request:query:{name}", "an instant in UTC, with Z", value)


@check("client-bounds-are-instants", area=AREA, level="must", basis="documented", source=LISTS)
@cured_by("Write date, T, time and Z; neither a day alone nor seconds since 1970.")
def test_each_bound_is_an_instant(lists: Steps) -> Iterator[Wrong]:
    """A bound of a list is a date with a time, as ISO 8601 writes it."""
    for one in _bounded(lists):
        for name, value in _bounds(one):
            if "T" not in value or seen.moment(value.replace(" ", "+")) is None:
                yield Wrong(
                    one,
                    f"request:query:{name}",
                    "an instant such as 2024-10-01T00:00:00Z",
                    value or "empty",
                )


@check("client-bounds-are-in-order", area=AREA, level="must", basis="documented", source=LISTS)
@cured_by("Keep the instant of the last list that succeeded as the next lower bound.")
def test_the_bounds_are_in_order(lists: Steps) -> Iterator[Wrong]:
    """The lower bound of a list is before its upper one, and before now."""
    for one in _bounded(lists):
        named = seen.query(one)
        lower, upper = (
            seen.moment(named.get(seen.LOWER, "")),
            seen.moment(named.get(seen.UPPER, "")),
        )
        if lower and upper and lower >= upper:
            yield Wrong(
                one, f"request:query:{seen.LOWER}", "before the upper bound", "at it or after it"
            )
        elif lower and lower > one.sent_at + seen.CLOCKS:
            yield Wrong(one, f"request:query:{seen.LOWER}", "before now", "in the future")


@check("client-asks-for-no-future", area=AREA, level="should", basis="documented", source=DATES)
@cured_by("Leave the bound out; what was taken as read up to a future time is lost mail.")
def test_no_upper_bound_is_in_the_future(lists: Steps) -> Iterator[Wrong]:
    """No upper bound is in the future, where the service takes now in its place without a word."""
    for one in _bounded(lists):
        upper = seen.moment(seen.query(one).get(seen.UPPER, ""))
        if upper and upper > one.sent_at + seen.CLOCKS:
            yield Wrong(one, f"request:query:{seen.UPPER}", "now, or before", "in the future")
