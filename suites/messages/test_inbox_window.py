"""The window of the inbox: 90 days back from now unless the two bounds say otherwise."""

from __future__ import annotations

from golive import Exchange, Steps, check, expect
from suites.common.answers import succeeds, succeeds_with_200
from suites.messages.bounds import holds_around, holds_between, includes_its_bounds
from suites.messages.citations import DATES, MESSAGE
from suites.messages.list_rules import (
    EDGE,
    LOWER,
    SKEW,
    UPPER,
    WINDOW,
    bound,
    injects_within,
    reaches_back,
    reaches_back_from,
    same_items,
)
from suites.messages.steadiness import unless_unsteady


@check("inbox-window-starts-90-days-ago", level="must", basis="documented", source=DATES)
def test_the_default_window_starts_90_days_ago(inbox_items: Exchange) -> None:
    """Without a lower bound, the inbox lists nothing older than 90 days."""
    with expect(inbox_items) as it:
        injects_within(it, inbox_items.sent_at - WINDOW - EDGE, what="at most 90 days old")


@check("inbox-window-ends-now", level="must", basis="documented", source=DATES)
def test_the_default_window_ends_now(inbox_items: Exchange) -> None:
    """Without an upper bound, the inbox lists nothing that is dated in the future."""
    with expect(inbox_items) as it:
        injects_within(it, upper=inbox_items.sent_at + SKEW, what="not in the future")


@check("inbox-window-is-90-days", level="must", basis="documented", source=DATES)
def test_the_default_window_is_90_days(
    inbox_items: Exchange, inbox_spelled_out: Exchange, inbox_askings: Steps
) -> None:
    """Without bounds, the inbox holds what it holds from 90 days ago until now."""
    with unless_unsteady(inbox_askings), expect(inbox_items) as it:
        same_items(it, inbox_spelled_out)


@check("inbox-window-reaches-back", level="must", basis="documented", source=DATES)
def test_older_messages_come_when_asked_for(
    inbox_items: Exchange,
    inbox_before_the_window: Exchange,
    inbox_long_window: Exchange,
    inbox_askings: Steps,
) -> None:
    """A lower bound beyond 90 days adds the older items and loses none."""
    with expect(inbox_before_the_window) as it:
        succeeds(it)
    with unless_unsteady(inbox_askings), expect(inbox_long_window) as it:
        reaches_back(it, inbox_items, inbox_before_the_window)


@check("inbox-lower-bound-holds", level="must", basis="documented", source=DATES)
def test_the_lower_bound_holds(inbox_between: Exchange) -> None:
    """No item is older than the lower bound."""
    with expect(inbox_between) as it:
        injects_within(it, bound(inbox_between, LOWER), what="not before the lower bound")


@check("inbox-upper-bound-holds", level="must", basis="documented", source=DATES)
def test_the_upper_bound_holds(inbox_between: Exchange) -> None:
    """No item is newer than the upper bound."""
    with expect(inbox_between) as it:
        injects_within(it, upper=bound(inbox_between, UPPER), what="not after the upper bound")


@check("inbox-upper-bound-alone-holds", level="must", basis="documented", source=DATES)
def test_an_upper_bound_alone_holds(inbox_until: Exchange) -> None:
    """With an upper bound and no lower one, no item is newer than it."""
    with expect(inbox_until) as it:
        it.status(200, advice=True)
        injects_within(it, upper=bound(inbox_until, UPPER), what="not after the upper bound")


@check("inbox-upper-bound-alone-reaches-back", level="must", basis="documented", source=DATES)
def test_an_upper_bound_alone_leaves_the_beginning(
    inbox_items: Exchange, inbox_until: Exchange, inbox_askings: Steps
) -> None:
    """With an upper bound and no lower one, the inbox begins where it does without: 90 days ago."""
    with unless_unsteady(inbox_askings), expect(inbox_until) as it:
        it.status(200, advice=True)
        injects_within(it, inbox_until.sent_at - WINDOW - EDGE, what="at most 90 days old")
        reaches_back_from(it, inbox_items)


@check("inbox-lower-bound-alone-holds", level="must", basis="documented", source=DATES)
def test_a_lower_bound_alone_holds(inbox_since: Exchange) -> None:
    """With a lower bound and no upper one, no item is older than it, be it by a second."""
    with expect(inbox_since) as it:
        succeeds_with_200(it)
        injects_within(it, bound(inbox_since, LOWER), what="not before the lower bound")


@check(
    "inbox-bounds-select-by-zone", level="must", basis="documented", source=f"{DATES}; {MESSAGE}"
)
def test_a_time_and_its_zone_name_the_instant_that_bounds_select_by(
    inbox_long_window: Exchange, inbox_around_an_item: Exchange, inbox_askings: Steps
) -> None:
    """An item is listed between bounds around its time in its zone, also of a time with another offset than today."""
    with unless_unsteady(inbox_askings), expect(inbox_around_an_item) as it:
        it.status(200, advice=True)
        holds_around(it, inbox_long_window)


@check("inbox-between-bounds-is-complete", level="must", basis="documented", source=DATES)
def test_nothing_between_the_bounds_is_missing(
    inbox_items: Exchange, inbox_between: Exchange, inbox_askings: Steps
) -> None:
    """Every item between the two bounds is listed."""
    with unless_unsteady(inbox_askings), expect(inbox_between) as it:
        holds_between(it, inbox_items)


@check("inbox-bounds-are-inclusive", level="must", basis="inferred", source=DATES)
def test_the_bounds_are_inclusive(
    inbox_items: Exchange, inbox_between: Exchange, inbox_askings: Steps
) -> None:
    """An item at the very second of a bound is listed."""
    with unless_unsteady(inbox_askings), expect(inbox_between) as it:
        includes_its_bounds(it, inbox_items)


@check("inbox-future-bound-is-accepted", level="must", basis="documented", source=DATES)
def test_a_bound_in_the_future_is_accepted(inbox_into_the_future: Exchange) -> None:
    """An upper bound in the future is no error."""
    with expect(inbox_into_the_future) as it:
        succeeds(it)


@check("inbox-future-bound-becomes-now", level="must", basis="documented", source=DATES)
def test_a_bound_in_the_future_becomes_now(inbox_into_the_future: Exchange) -> None:
    """With an upper bound in the future, nothing is listed that is dated in the future."""
    with expect(inbox_into_the_future) as it:
        upper = inbox_into_the_future.sent_at + SKEW
        injects_within(it, upper=upper, what="not in the future")


@check("inbox-future-bound-adds-nothing", level="must", basis="documented", source=DATES)
def test_a_bound_in_the_future_adds_nothing(
    inbox_items: Exchange, inbox_into_the_future: Exchange, inbox_askings: Steps
) -> None:
    """With an upper bound in the future, the inbox holds what it holds without."""
    with unless_unsteady(inbox_askings), expect(inbox_into_the_future) as it:
        same_items(it, inbox_items)
