"""What two date bounds select: instants, and at the bounds themselves what the answers show.

A service that shows other times than it selects by is reported as such, and not as one whose bounds exclude.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from golive import CouldNotTellError, Exchange, Expect, ThinDataError, expect, show
from suites.common.lists import Item, identifier, identifiers, items
from suites.messages.list_rules import (
    LOWER,
    SECOND,
    UPPER,
    bound,
    holds,
    settled,
    shifted_bound,
    whole,
)
from suites.messages.lists import (
    local_time,
    moments,
    overlap,
    some_items,
    sure_moments,
    zone_of,
)

BY_LOCAL_TIME = "relation:bounds-select-by-instant"
AROUND = timedelta(minutes=10)
"""How far the bounds around one item are from it: less than any zone's offset differs from another's."""

HALF_A_YEAR = timedelta(days=182)


def zoned_item(listed: Exchange) -> Item:
    """Return an item whose zone had another offset from UTC then than at the request; else one of any zone but UTC.

    Where times name instants by themselves, it is the one nearest to half a year ago: the service's own zone had
    another offset then, if ever.
    """
    zoned = sure_moments(listed, some_items(listed))
    if zoned and listed.places and listed.places.instants:
        then = listed.sent_at - HALF_A_YEAR
        return min(zoned, key=lambda one: abs(one[1] - then))[0]
    apart = [(item, at) for item, at in zoned if _offset(item, at)]
    if not apart:
        raise ThinDataError(
            f"{listed.name} shows no item with another zone than UTC",
            next_step="Choose a patient whose messages have a time zone.",
        )
    moved = (item for item, at in apart if _offset(item, at) != _offset(item, listed.sent_at))
    return next(moved, apart[0][0])


def _offset(item: Item, at: datetime) -> timedelta | None:
    return at.astimezone(zone_of(item["createDateTime"]["timeZone"])).utcoffset()


def holds_around(it: Expect, listed: Exchange) -> None:
    """The list holds the item around whose time, with its zone, its bounds were set."""
    item = zoned_item(listed)
    named = identifier(item) in identifiers(it.exchange, whole(it.exchange))
    zone = item["createDateTime"]["timeZone"]
    it.that(
        named,
        "relation:zone-and-bounds-agree",
        f"the item that {listed.name} shows in between, by its time in {show(zone)}",
        "without it: bounds select by another instant than time and zone name",
    )


def holds_between(it: Expect, usual: Exchange) -> None:
    """The list holds every item of the usual one that is between its bounds, by time and zone together.

    Bounds have whole seconds, times may have fractions, and how a service compares the two is unknown (contract-facts
    §3, §9): items within a second of a bound say nothing.
    """
    lower, upper = bound(it.exchange, LOWER), bound(it.exchange, UPPER)
    if _selects_by_local_time(it.exchange, usual):
        it.violated(
            BY_LOCAL_TIME,
            f"the items of {usual.name} whose time, in its zone, is between the bounds",
            "those whose local time alone is between them: the zone is left out",
        )
        return
    inside = settled(usual, lower + SECOND, upper - SECOND)
    holds(it, inside, f"every item of {usual.name} between the bounds")


def includes_its_bounds(it: Expect, usual: Exchange) -> None:
    """The list holds the usual one's items at the very second of a bound."""
    at_bounds = at_its_bounds(it, usual)
    if _selects_by_local_time(it.exchange, usual):
        raise CouldNotTellError(
            f"{it.exchange.name} is selected by local times, so its bounds show nothing",
            next_step="Fix the finding about the items between the bounds first.",
            unsettled_shape=True,
        )
    missing = sorted(at_bounds - set(identifiers(it.exchange, whole(it.exchange))))
    it.that(
        not missing,
        "relation:no-item-is-missing",
        "the items at the bounds",
        f"missing: {show(missing)}: a bound excludes, or the list selects by another time than it shows",
    )


def _selects_by_local_time(between: Exchange, usual: Exchange) -> bool:
    """Return whether a list holds what is between its bounds by local time, and not what does so by instant."""
    bounds = bound(between, LOWER), bound(between, UPPER)
    found = set(identifiers(between, items(between)))
    dated = sure_moments(usual, items(usual))
    known = zip(identifiers(usual, (item for item, _ in dated)), dated, strict=True)
    times = {n: (at, _without_zone(item)) for n, (item, at) in known}
    # What is at a bound by either reading shows how bounds are rounded, and not which of the two it is.
    apart = {
        n: pair
        for n, pair in times.items()
        if all(abs(at - limit) > SECOND for at in pair for limit in bounds)
    }
    lower, upper = bounds
    by_instant = {n for n, (at, _) in apart.items() if lower < at < upper}
    by_local = {n for n, (_, wall) in apart.items() if lower < wall < upper}
    return by_instant != by_local == found & apart.keys()


def _without_zone(item: Item) -> datetime:
    """Return the time as a reader takes it who leaves the zone out; it was read before."""
    wall = local_time(item["createDateTime"]["dateTime"])
    return wall.replace(tzinfo=UTC) if wall else datetime.min.replace(tzinfo=UTC)


def at_its_bounds(it: Expect, usual: Exchange) -> set[str]:
    """Return the ids of the usual list's items exactly at a bound of this request."""
    bounds = {bound(it.exchange, LOWER), bound(it.exchange, UPPER)}
    times = sure_moments(usual, items(usual))
    found = [item for item, at in times if at in bounds]
    if not found:
        fine = any(at.replace(microsecond=0) in bounds for _, at in times)
        why = ": the times that gave the bounds have milliseconds" if fine else ""
        raise ThinDataError(
            f"{usual.name} has no item at the very second of a bound{why}",
            next_step="Nothing to do, unless the patient can have messages that were created at a whole second.",
        )
    return set(identifiers(usual, found))


def agree_where_they_overlap(long: Exchange, shifted: Exchange) -> None:
    """Two lists of one patient, the second one without the newest items, have the same ones where they overlap."""
    pages = (long, shifted)
    oldest = [min(max(moments(one, item)) for item in some_items(one)) for one in pages]
    since, until = max(oldest), shifted_bound(long)
    for one, other in (pages, pages[::-1]):
        with expect(other) as it:
            missing = overlap(one, other, since, until)
            expected = f"every item of {one.name} between its bounds"
            actual = f"{len(missing)} of them missing: {show(sorted(missing)[:5])}"
            it.that(not missing, "relation:no-item-is-missing", expected, actual)
