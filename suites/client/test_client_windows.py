"""The windows of time for which a client lists messages."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, demand, demand_of_each
from suites.client import seen
from suites.client.citations import FULL, LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from golive import Exchange


DATES = "contract-facts §2.1, §2.2, §3"


BOUNDS = (seen.LOWER, seen.UPPER)


POLLS = 3

"""Lists of one patient that make a client one that polls."""


CLOCKS = timedelta(minutes=5)

"""How far two clocks may be apart."""


def _bounds(one: Exchange) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in one.request.query if name in BOUNDS)


def _bounded(lists: Steps) -> list[Exchange]:
    found = [one for one in lists.values() if any(_bounds(one))]
    if not found:
        raise NotSeenError("the client gave no bound to a list")
    return found


@check("client-bounds-have-no-milliseconds", level="must", basis="documented", source=LISTS)
def test_no_bound_has_milliseconds(lists: Steps) -> None:
    """A bound of a list is an instant in whole seconds."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for name, value in _bounds(one):
            if re.search(r":\d\d[.,]\d", value):
                yield f"request:query:{name}", "an instant without milliseconds", value

    demand_of_each(
        _bounded(lists),
        rule,
        "Cut the fraction off: 2024-10-01T00:00:00Z (JavaScript's toISOString() adds one).",
    )


@check("client-bounds-are-in-utc", level="must", basis="documented", source=LISTS)
def test_each_bound_is_in_utc(lists: Steps) -> None:
    """A bound of a list is in UTC, and says so."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for name, value in _bounds(one):
            end = re.search(r"T[\d:.,]+(.*)$", value)
            if end and end[1] not in ("Z", "z", "+00:00", " 00:00"):
                yield f"request:query:{name}", "an instant in UTC, with Z", value

    demand_of_each(
        _bounded(lists), rule, "Convert the time to UTC before it is written, and end it with Z."
    )


@check("client-bounds-are-instants", level="must", basis="documented", source=LISTS)
def test_each_bound_is_an_instant(lists: Steps) -> None:
    """A bound of a list is a date with a time, as ISO 8601 writes it."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        for name, value in _bounds(one):
            if "T" not in value or seen.moment(value.replace(" ", "+")) is None:
                yield (
                    f"request:query:{name}",
                    "an instant such as 2024-10-01T00:00:00Z",
                    value or "empty",
                )

    demand_of_each(
        _bounded(lists),
        rule,
        "Write date, T, time and Z; neither a day alone nor seconds since 1970.",
    )


@check("client-bounds-are-in-order", level="must", basis="documented", source=LISTS)
def test_the_bounds_are_in_order(lists: Steps) -> None:
    """The lower bound of a list is before its upper one, and before now."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        named = seen.query(one)
        lower, upper = (
            seen.moment(named.get(seen.LOWER, "")),
            seen.moment(named.get(seen.UPPER, "")),
        )
        if lower and upper and lower >= upper:
            yield f"request:query:{seen.LOWER}", "before the upper bound", "at it or after it"
        elif lower and lower > one.sent_at + CLOCKS:
            yield f"request:query:{seen.LOWER}", "before now", "in the future"

    demand_of_each(
        _bounded(lists),
        rule,
        "Keep the instant of the last list that succeeded as the next lower bound.",
    )


@check("client-asks-for-no-future", level="should", basis="documented", source=DATES)
def test_no_upper_bound_is_in_the_future(lists: Steps) -> None:
    """No upper bound is in the future, where the service takes now in its place without a word."""

    def rule(one: Exchange) -> Iterator[tuple[str, str, str]]:
        upper = seen.moment(seen.query(one).get(seen.UPPER, ""))
        if upper and upper > one.sent_at + CLOCKS:
            yield f"request:query:{seen.UPPER}", "now, or before", "in the future"

    demand_of_each(
        _bounded(lists),
        rule,
        "Leave the bound out; what was taken as read up to a future time is lost mail.",
    )


def _polled(lists: Steps, least: int = POLLS) -> Iterator[list[Exchange]]:
    """Yield the lists of each patient of which a client asked for so many, in their order."""
    by_patient: dict[tuple[str, str], list[Exchange]] = defaultdict(list)
    for one in seen.by_time(lists):
        by_patient[one.request.operation, seen.query(one).get("patientId", "")].append(one)
    yield from (asked for asked in by_patient.values() if len(asked) >= least)


@check(
    "client-polls-with-a-lower-bound",
    level="should",
    basis="documented",
    source="contract-facts §3",
)
def test_a_poll_has_a_lower_bound(lists: Steps) -> None:
    """A client that lists a patient's messages again and again gives a lower bound each time."""
    polled = list(_polled(lists))
    if not polled:
        raise NotSeenError(f"the client listed no patient's messages {POLLS} times")

    def found() -> Iterator[Wrong]:
        for asked in polled:
            without = [one for one in asked if seen.LOWER not in seen.query(one)]
            if len(without) >= POLLS:
                at = f"request:query:{seen.LOWER}"
                yield from (
                    Wrong(one, at, "the time up to which was read", "absent") for one in without
                )

    demand(
        found(),
        "Keep the time of the last list that succeeded, and pass it: the default hides what is older than 90 days, so "
        "a client that was off for longer loses mail.",
    )


def _up_to_now(one: Exchange) -> bool:
    return seen.window(one)[1] >= one.sent_at - CLOCKS


@check(
    "client-windows-leave-no-gap", level="should", basis="documented", source="contract-facts §3"
)
def test_windows_leave_no_gap(lists: Steps) -> None:
    """Windows that follow each other leave no time between them that no list covers."""
    polled = [asked for asked in _polled(lists, 2) if any(seen.window(one)[0] for one in asked)]
    if not polled:
        raise NotSeenError("the client listed no patient's messages in two windows")

    def found() -> Iterator[Wrong]:
        for asked in polled:
            answered = [one for one in asked if one.succeeded and not seen.is_no_list(one)]
            windows = [(one, *seen.window(one)) for one in answered]
            for (earlier, before, read_to), (one, lower, upper) in pairwise(windows):
                moves_on = before and lower and lower > before and upper > read_to
                # Two windows of the past may be what a person looked at; two up to now are polls.
                polls = len(asked) >= POLLS or (_up_to_now(earlier) and _up_to_now(one))
                if lower and moves_on and polls and lower > read_to:
                    gap = (lower - read_to).total_seconds()
                    at = f"request:query:{seen.LOWER}"
                    yield Wrong(
                        one,
                        at,
                        "at or before the end of the window before it",
                        f"{gap:.0f} s after it",
                    )

    demand(
        found(),
        "Begin each window some minutes before the end of the one before, and drop known ids.",
    )


def _is_part(full: seen.Window, other: Exchange, own: seen.Window) -> bool:
    """Whether a list's own window is a part of that of a full list."""
    (lower, upper), (low, high) = full, own
    if not ((low is not None and (lower is None or low > lower)) or high < upper):
        return False
    return low != lower or (high <= upper + CLOCKS and seen.UPPER in seen.query(other))


def _times(one: Exchange) -> Iterator[datetime]:
    """Yield the times of a list's items, each as early as its zone allows."""
    items = seen.answer(one).get("items")
    for item in items if isinstance(items, list) else []:
        if not isinstance(item, dict) or item.get("notificationType") == "REMINDER":
            continue  # it stands there by the time at which it shows up
        made = item.get("createDateTime")
        text = made.get("dateTime") if isinstance(made, dict) else made
        if isinstance(text, str) and (found := seen.moment(text)):
            yield found - ZONES


ZONES = timedelta(hours=14)
"""How far a zone's time may be from UTC."""


@check(
    "client-halves-a-full-window",
    level="should",
    basis="documented",
    source="contract-facts §2.1, §3",
)
def test_a_full_list_is_asked_for_in_parts(inboxes: Steps) -> None:
    """Where a list is full, the client asks for narrower windows: the service gives no second page."""
    ordered = seen.by_time(inboxes)
    full = [one for one in ordered if seen.listed(one).more or seen.listed(one).number >= FULL]
    if not full:
        raise NotSeenError(f"no list of the client's was full ({FULL} items, or more than that)")

    windows = seen.Windows(ordered)

    def read_whole(one: Exchange) -> bool:
        lower, upper = seen.window(one)
        # One that asks for what is older than the last item needs no newer half.
        oldest = min(_times(one), default=upper)
        end = min(upper, max(oldest, lower + 2 * seen.TICK) if lower else oldest)
        return windows.covered(one, lambda *other: _is_part((lower, upper), *other), end)

    wrong = [one for one in full if not read_whole(one)]
    demand(
        (
            Wrong(
                one, "request:line", "narrower windows that cover a full list's", "none, or a part"
            )
            for one in wrong
        ),
        "Halve the window until a list has fewer than 1,000 items and no sign of more; the rest is never seen.",
    )
