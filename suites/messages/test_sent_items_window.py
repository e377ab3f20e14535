"""The window of sent items: the same two bounds and the same default as for the inbox."""

from __future__ import annotations

from golive import Exchange, Steps, check, expect
from suites.common.answers import succeeds, succeeds_with_200
from suites.messages.bounds import holds_between, includes_its_bounds
from suites.messages.citations import DATES, SENT_ITEMS
from suites.messages.list_rules import (
    EDGE,
    LOWER,
    SKEW,
    UPPER,
    WINDOW,
    bound,
    holds,
    injects_within,
    is_settled_between,
    reaches_back,
    reaches_back_from,
    same_items,
    settled,
)
from suites.messages.steadiness import unless_unsteady


@check("sent-items-window-starts-90-days-ago", level="must", basis="documented", source=DATES)
def test_the_default_window_starts_90_days_ago(sent_items: Exchange) -> None:
    """Without a lower bound, no sent item is older than 90 days."""
    with expect(sent_items) as it:
        injects_within(it, sent_items.sent_at - WINDOW - EDGE, what="at most 90 days old")


@check("sent-items-window-ends-now", level="must", basis="documented", source=DATES)
def test_the_default_window_ends_now(sent_items: Exchange) -> None:
    """Without an upper bound, no sent item is dated in the future."""
    with expect(sent_items) as it:
        injects_within(it, upper=sent_items.sent_at + SKEW, what="not in the future")


@check("sent-items-window-is-90-days", level="must", basis="documented", source=DATES)
def test_the_default_window_is_90_days(
    sent_items: Exchange, sent_long_window: Exchange, sent_askings: Steps
) -> None:
    """Without bounds, sent items hold all that a longer window has of the last 90 days."""
    with unless_unsteady(sent_askings), expect(sent_items) as it:
        since, until = is_settled_between(sent_items, sent_long_window)
        recent = settled(sent_long_window, since, until)
        holds(it, recent, "every item of sent_long_window of the last 90 days")


@check("sent-items-window-reaches-back", level="must", basis="documented", source=DATES)
def test_older_items_come_when_asked_for(
    sent_items: Exchange,
    sent_before_the_window: Exchange,
    sent_long_window: Exchange,
    sent_askings: Steps,
) -> None:
    """A lower bound beyond 90 days adds the older sent items and loses none."""
    with expect(sent_before_the_window) as it:
        succeeds(it)
    with unless_unsteady(sent_askings), expect(sent_long_window) as it:
        reaches_back(it, sent_items, sent_before_the_window)


@check("sent-items-limit-1000-is-accepted", level="must", basis="documented", source=SENT_ITEMS)
def test_the_limit_of_1000_is_accepted(sent_long_window: Exchange) -> None:
    """The one legal limit is accepted beside a lower bound."""
    with expect(sent_long_window) as it:
        succeeds(it)


@check("sent-items-lower-bound-holds", level="must", basis="documented", source=DATES)
def test_the_lower_bound_holds(sent_between: Exchange) -> None:
    """No sent item is older than the lower bound."""
    with expect(sent_between) as it:
        injects_within(it, bound(sent_between, LOWER), what="not before the lower bound")


@check("sent-items-upper-bound-holds", level="must", basis="documented", source=DATES)
def test_the_upper_bound_holds(sent_between: Exchange) -> None:
    """No sent item is newer than the upper bound."""
    with expect(sent_between) as it:
        injects_within(it, upper=bound(sent_between, UPPER), what="not after the upper bound")


@check("sent-items-lower-bound-alone-holds", level="must", basis="documented", source=DATES)
def test_a_lower_bound_alone_holds(sent_since: Exchange) -> None:
    """With a lower bound and no upper one, no sent item is older than it, be it by a second."""
    with expect(sent_since) as it:
        succeeds_with_200(it)
        injects_within(it, bound(sent_since, LOWER), what="not before the lower bound")


@check("sent-items-upper-bound-alone-holds", level="must", basis="documented", source=DATES)
def test_an_upper_bound_alone_holds(sent_until: Exchange) -> None:
    """With an upper bound and no lower one, no sent item is newer than it, be it by a second."""
    with expect(sent_until) as it:
        succeeds_with_200(it)
        injects_within(it, upper=bound(sent_until, UPPER), what="not after the upper bound")


@check("sent-items-upper-bound-alone-reaches-back", level="must", basis="documented", source=DATES)
def test_an_upper_bound_alone_leaves_the_beginning(
    sent_items: Exchange, sent_until: Exchange, sent_askings: Steps
) -> None:
    """With an upper bound and no lower one, sent items begin where they do without: 90 days ago."""
    with unless_unsteady(sent_askings), expect(sent_until) as it:
        succeeds_with_200(it)
        injects_within(it, sent_until.sent_at - WINDOW - EDGE, what="at most 90 days old")
        reaches_back_from(it, sent_items)


@check("sent-items-between-bounds-are-complete", level="must", basis="documented", source=DATES)
def test_nothing_between_the_bounds_is_missing(
    sent_items: Exchange, sent_between: Exchange, sent_askings: Steps
) -> None:
    """Every sent item between the two bounds is listed."""
    with unless_unsteady(sent_askings), expect(sent_between) as it:
        holds_between(it, sent_items)


@check("sent-items-bounds-are-inclusive", level="must", basis="inferred", source=DATES)
def test_the_bounds_are_inclusive(
    sent_items: Exchange, sent_between: Exchange, sent_askings: Steps
) -> None:
    """A sent item at the very second of a bound is listed."""
    with unless_unsteady(sent_askings), expect(sent_between) as it:
        includes_its_bounds(it, sent_items)


@check("sent-items-future-bound-is-accepted", level="must", basis="documented", source=DATES)
def test_a_bound_in_the_future_is_accepted(sent_into_the_future: Exchange) -> None:
    """An upper bound in the future is no error for sent items."""
    with expect(sent_into_the_future) as it:
        succeeds(it)


@check("sent-items-future-bound-adds-nothing", level="must", basis="documented", source=DATES)
def test_a_bound_in_the_future_adds_nothing(
    sent_items: Exchange, sent_into_the_future: Exchange, sent_askings: Steps
) -> None:
    """With an upper bound in the future, sent items are those that are listed without."""
    with unless_unsteady(sent_askings), expect(sent_into_the_future) as it:
        same_items(it, sent_items)
