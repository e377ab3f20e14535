"""The windows of time for which a client lists messages."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import NotSeenError, Steps, Wrong, check, cured_by
from suites.client import seen
from suites.client.citations import FULL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from golive import Exchange

POLLS = 3
"""Lists of one patient that make a client one that polls."""


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
@cured_by(
    "Keep the time of the last list that succeeded, and pass it: the default hides what is older than 90 days, so "
    "a client that was off for longer loses mail."
)
def test_a_poll_has_a_lower_bound(lists: Steps) -> Iterator[Wrong]:
    """A client that lists a patient's messages again and again gives a lower bound each time."""
    polled = list(_polled(lists))
    if not polled:
        raise NotSeenError(f"the client listed no patient's messages {POLLS} times")

    for asked in polled:
        without = [one for one in asked if seen.LOWER not in seen.query(one)]
        if len(without) >= POLLS:
            at = f"request:query:{seen.LOWER}"
            yield from (
                Wrong(one, at, "the time up to which was read", "absent") for one in without
            )


def _up_to_now(one: Exchange) -> bool:
    return seen.window(one)[1] >= one.sent_at - seen.CLOCKS


@check(
    "client-windows-leave-no-gap", level="should", basis="documented", source="contract-facts §3"
)
@cured_by("Begin each window some minutes before the end of the one before, and drop known ids.")
def test_windows_leave_no_gap(lists: Steps) -> Iterator[Wrong]:
    """Windows that follow each other leave no time between them that no list covers."""
    polled = [asked for asked in _polled(lists, 2) if any(seen.window(one)[0] for one in asked)]
    if not polled:
        raise NotSeenError("the client listed no patient's messages in two windows")

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


def _is_part(full: seen.Window, other: Exchange, own: seen.Window) -> bool:
    """Whether a list's own window is a part of that of a full list."""
    (lower, upper), (low, high) = full, own
    if not ((low is not None and (lower is None or low > lower)) or high < upper):
        return False
    return low != lower or (high <= upper + seen.CLOCKS and seen.UPPER in seen.query(other))


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
@cured_by(
    "Halve the window until a list has fewer than 1,000 items and no sign of more; the rest is never seen."
)
def test_a_full_list_is_asked_for_in_parts(inboxes: Steps) -> Iterator[Wrong]:
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
    yield from (
        Wrong(one, "request:line", "narrower windows that cover a full list's", "none, or a part")
        for one in wrong
    )
