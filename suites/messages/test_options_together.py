"""Options that are asked for at once: each does with the others what it does alone."""

from __future__ import annotations

from golive import Exchange, Expect, Steps, check, expect
from suites.common.answers import are_answered, for_each, succeeds_with_200
from suites.common.lists import identifier, identifiers, items
from suites.messages.bounds import AROUND
from suites.messages.citations import DATES, INBOX, REMINDERS, SENT_ITEMS
from suites.messages.list_rules import (
    LOWER,
    SECOND,
    UPPER,
    bound,
    holds,
    injects_within,
    keeps_order,
    settled,
    shown,
    whole,
)
from suites.messages.lists import are_between, moments, some_items
from suites.messages.steadiness import unless_unsteady


@check(
    "inbox-takes-all-options-at-once", level="must", basis="documented", source=f"{INBOX}; {DATES}"
)
def test_the_inbox_takes_all_options_at_once(
    inbox_between: Exchange,
    inbox_reminders: Exchange,
    inbox_of_all_options: Exchange,
    inbox_askings: Steps,
) -> None:
    """With bounds, limit, both types and organizations at once, the inbox has all of both types between the bounds."""
    one = inbox_of_all_options
    with unless_unsteady(inbox_askings), expect(one) as it:
        succeeds_with_200(it)
        lower, upper = bound(one, LOWER) + SECOND, bound(one, UPPER) - SECOND
        wanted = settled(inbox_between, lower, upper) | settled(inbox_reminders, lower, upper)
        holds(
            it,
            wanted,
            f"every item of {inbox_between.name} and {inbox_reminders.name} between the bounds",
        )
        known = {*identifiers(inbox_between, items(inbox_between))}
        extra = [
            item
            for item in items(one)
            if item.get("notificationType") == "MESSAGE"
            and are_between(lower, shown(one, item), upper)
            and identifier(item) not in known
        ]
        actual = f"{len(extra)} other messages"
        it.that(not extra, "relation:no-item-is-added", f"only {inbox_between.name}", actual)


@check(
    "sent-items-take-all-options-at-once",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {DATES}",
)
def test_sent_items_take_all_options_at_once(
    sent_between: Exchange, sent_of_all_options: Exchange, sent_askings: Steps
) -> None:
    """With bounds, limit and order at once, sent items are those between the bounds, in that order."""
    one = sent_of_all_options
    with unless_unsteady(sent_askings), expect(one) as it:
        succeeds_with_200(it)
        injects_within(it, bound(one, LOWER), bound(one, UPPER), what="between the bounds")
        wanted = identifiers(sent_between, whole(sent_between))
        holds(it, wanted, f"every item of {sent_between.name}")
        keeps_order(it, descending=False)


@check("inbox-answers-options-in-combination", level="must", basis="documented", source=INBOX)
def test_the_inbox_answers_options_in_combination(inbox_combinations: Steps) -> None:
    """The inbox is answered with any of its options beside any others; one with an order is advice."""

    def is_answered(it: Expect) -> None:
        # Which words sortBy and sortOrder take is documented of sent items, and inferred here.
        ordered = bool({"sortBy", "sortOrder"} & dict(it.exchange.request.query).keys())
        succeeded, status = it.exchange.succeeded, str(it.exchange.status)
        it.that(succeeded, "status", "any 2xx", status, advice=ordered)
        if succeeded:
            it.media_type()
            it.json()

    for_each(is_answered, *inbox_combinations.values())


@check(
    "sent-items-answer-options-in-combination",
    level="must",
    basis="documented",
    source=SENT_ITEMS,
)
def test_sent_items_answer_options_in_combination(sent_combinations: Steps) -> None:
    """Sent items are answered with any of their options beside any others."""
    are_answered(*sent_combinations.values())


@check("inbox-reminders-keep-the-bounds", level="must", basis="documented", source=REMINDERS)
def test_bounds_select_reminders_by_their_show_up_date(
    inbox_reminders_long_window: Exchange, inbox_reminders_between: Exchange, inbox_askings: Steps
) -> None:
    """Between two bounds the inbox lists the reminders that showed up then, and no others."""
    one, listed = inbox_reminders_between, inbox_reminders_long_window
    with unless_unsteady(inbox_askings), expect(one) as it:
        succeeds_with_200(it)
        lower, upper = bound(one, LOWER), bound(one, UPPER)
        times = [moments(listed, item, "remindDateTime") for item in some_items(listed)]
        middle = lower + AROUND
        inside = settled(listed, middle - 2 * SECOND, middle + 2 * SECOND)
        holds(it, inside, f"the reminder of {listed.name} that showed up then")
        if len(times) > 1:
            what = "shown up between the bounds"
            injects_within(it, lower, upper, name="remindDateTime", what=what)
