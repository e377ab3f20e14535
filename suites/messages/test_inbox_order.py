"""sortBy and sortOrder on the inbox: their values are documented on the page of sent items, inferred here."""

from __future__ import annotations

from golive import Exchange, Steps, check, expect
from suites.common.answers import for_each
from suites.messages.citations import INBOX
from suites.messages.list_rules import groups_priorities, keeps_order, same_items
from suites.messages.steadiness import unless_unsteady


@check("inbox-sorts-oldest-first", level="must", basis="inferred", source=INBOX)
def test_the_inbox_sorts_oldest_first(inbox_oldest_first: Exchange) -> None:
    """With sortBy=createDateTime and sortOrder=ASC, inbox items come oldest first."""
    with expect(inbox_oldest_first) as it:
        keeps_order(it, descending=False)


@check("inbox-sorts-newest-first", level="must", basis="inferred", source=INBOX)
def test_the_inbox_sorts_newest_first(inbox_newest_first: Exchange) -> None:
    """With sortBy=createDateTime and sortOrder=DESC, inbox items come newest first."""
    with expect(inbox_newest_first) as it:
        keeps_order(it, descending=True)


@check("inbox-sorts-by-priority", level="must", basis="inferred", source=INBOX)
def test_the_inbox_sorts_by_priority(inbox_by_priority: Exchange) -> None:
    """With sortBy=priority, inbox items of one priority stand together."""
    with expect(inbox_by_priority) as it:
        groups_priorities(it)


@check("inbox-order-selects-nothing", level="must", basis="inferred", source=INBOX)
def test_the_order_changes_no_selection(
    inbox_items: Exchange,
    inbox_oldest_first: Exchange,
    inbox_newest_first: Exchange,
    inbox_by_priority: Exchange,
    inbox_askings: Steps,
) -> None:
    """The inbox holds the same items in whatever order it is asked for."""
    orders = (inbox_oldest_first, inbox_newest_first, inbox_by_priority)
    with unless_unsteady(inbox_askings):
        for_each(lambda it: same_items(it, inbox_items), *orders)
