"""notificationType: messages by default, reminders when asked for, and when they show up."""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    Steps,
    ThinDataError,
    check,
    counted,
    expect,
)
from suites.common.answers import succeeds
from suites.common.judging import judge
from suites.common.lists import items, member
from suites.messages.asked import asked, demand_some, lists_each_once, may_hold_reminders
from suites.messages.citations import INBOX, REMINDERS
from suites.messages.list_rules import (
    EDGE,
    SKEW,
    WINDOW,
    holds,
    injects_within,
    is_settled_between,
    keeps_order,
    same_items,
    settled,
    shares_nothing,
    shown,
)
from suites.messages.lists import disorder, message, moments, reminders_of, some_items
from suites.messages.steadiness import unless_unsteady


@check("inbox-lists-messages-by-default", level="must", basis="documented", source=INBOX)
def test_the_inbox_lists_messages_by_default(inbox_items: Exchange) -> None:
    """Without notificationType, the inbox lists messages and no reminders."""
    with expect(inbox_items) as it:
        _only_of_type(it, "MESSAGE")


@check("every-inbox-lists-messages-by-default", level="must", basis="documented", source=INBOX)
def test_every_inbox_lists_messages_by_default(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """Without notificationType, no inbox of the run lists a reminder, however often it was asked for."""

    def rule(it: Expect) -> None:
        found = items(it.exchange)
        reminders = [one for one in found if one.get("notificationType") == "REMINDER"]
        more = f"{len(reminders)} reminders among them"
        it.that(not reminders, "/items/*/notificationType", "MESSAGE in every item", more)

    operation = inbox_items.request.operation
    asked = (one for one in answers if one.request.operation == operation and one.succeeded)
    plain = (one for one in asked if "notificationType" not in dict(one.request.query))
    readable = (one for one in plain if isinstance(one.json_or_none, dict))
    judge(readable, rule, some="no list of the inbox that can be read")


@check("inbox-lists-reminders-when-asked", level="must", basis="documented", source=INBOX)
def test_the_inbox_lists_reminders_when_asked(inbox_reminders: Exchange) -> None:
    """With notificationType=REMINDER, the inbox lists reminders only."""
    with expect(inbox_reminders) as it:
        _only_of_type(it, "REMINDER")


@check("inbox-reminders-are-no-messages", level="must", basis="documented", source=INBOX)
def test_no_reminder_is_among_the_messages(
    inbox_items: Exchange, inbox_reminders: Exchange
) -> None:
    """No reminder is among the items that come without notificationType."""
    reminders_of(inbox_reminders)
    with expect(inbox_reminders) as it:
        shares_nothing(it, inbox_items)


@check("inbox-lists-both-types", level="must", basis="documented", source=INBOX)
def test_both_types_together_are_both_lists(
    inbox_items: Exchange,
    inbox_reminders: Exchange,
    inbox_of_both_types: Exchange,
    inbox_askings: Steps,
) -> None:
    """With both values of notificationType, the inbox holds the messages and the reminders."""
    with unless_unsteady(inbox_askings), expect(inbox_of_both_types) as it:
        same_items(it, inbox_items, inbox_reminders)


@check("inbox-lists-a-repeated-type-once", level="must", basis="documented", source=INBOX)
def test_a_type_that_is_given_twice_is_listed_once(
    inbox_of_one_type_twice: Exchange, inbox_items: Exchange, inbox_askings: Steps
) -> None:
    """With the same value of notificationType twice, the inbox holds what it holds with it once, each entry once."""
    if 400 <= inbox_of_one_type_twice.status < 500:
        raise CouldNotTellError(
            f"a value given twice was answered {inbox_of_one_type_twice.status}, and no page says that it may be"
        )
    with expect(inbox_of_one_type_twice) as it:
        succeeds(it)
        lists_each_once(it)
    with unless_unsteady(inbox_askings), expect(inbox_of_one_type_twice) as it:
        same_items(it, inbox_items)


@check("inbox-reminders-keep-the-schema", level="must", basis="documented", source=INBOX)
def test_reminders_keep_the_schema(inbox_reminders: Exchange, contract: Contract) -> None:
    """The list of reminders has the form that the contract gives for the inbox."""
    with expect(inbox_reminders) as it:
        it.schema(contract, "messages-20241001/inbox-items")


@check("inbox-reminders-have-shown-up", level="must", basis="documented", source=REMINDERS)
def test_reminders_are_selected_by_their_show_up_date(inbox_reminders: Exchange) -> None:
    """Reminders are listed by the date on which they show up: none of the future, none too old."""
    with expect(inbox_reminders) as it:
        sent_at = inbox_reminders.sent_at
        lower, upper = sent_at - WINDOW - EDGE, sent_at + SKEW
        injects_within(it, lower, upper, name="remindDateTime", what="shown up in the last 90 days")


@check(
    "inbox-reminders-shown-lately-are-listed", level="must", basis="documented", source=REMINDERS
)
def test_a_reminder_that_showed_up_lately_is_listed(
    inbox_reminders: Exchange, inbox_reminders_long_window: Exchange, inbox_askings: Steps
) -> None:
    """A reminder that showed up in the last 90 days is listed, however long ago it was created."""
    with unless_unsteady(inbox_askings), expect(inbox_reminders) as it:
        since, until = is_settled_between(inbox_reminders, inbox_reminders_long_window)
        wanted = settled(inbox_reminders_long_window, since, until)
        if not wanted:
            raise ThinDataError(
                "no reminder showed up in the last 90 days",
                next_step="Choose a patient who has one that was created before, and showed up since.",
            )
        holds(it, wanted, f"every reminder of {inbox_reminders_long_window.name} since then")


@check("reminder-can-not-be-replied-to", level="must", basis="documented", source=REMINDERS)
def test_a_reminder_says_that_it_can_not_be_replied_to(one_reminder: Exchange) -> None:
    """A reminder that is read does not say canReply: true."""
    with expect(one_reminder) as it:
        can = member(one_reminder, message(one_reminder), "canReply")
        it.that(can is not True, "/canReply", "false, or absent", "true")


@check("inbox-reminders-newest-first", level="must", basis="inferred", source=REMINDERS)
def test_reminders_are_sorted_by_their_show_up_date(inbox_reminders: Exchange) -> None:
    """Reminders are sorted by the date on which they show up, the latest first."""
    with expect(inbox_reminders) as it:
        keeps_order(it, descending=True, name="remindDateTime")


@check("mixed-inbox-sorts-reminders-by-show-up", level="must", basis="documented", source=INBOX)
def test_reminders_among_messages_are_sorted_by_their_show_up_date(
    answers: list[Exchange], inbox_of_both_types: Exchange
) -> None:
    """Where reminders stand among messages, the list is sorted by when they show up, and not by their creation."""
    mixed = [one for one in asked(answers, inbox_of_both_types) if _is_mixed(one)]

    def is_so(it: Expect) -> None:
        found = items(it.exchange)
        own = [shown(it.exchange, item) for item in found]
        created = [moments(it.exchange, item) for item in found]
        by_own, by_creation = (
            any(disorder(times, descending=one) is None for one in (True, False))
            for times in (own, created)
        )
        expected = "messages by createDateTime and reminders by remindDateTime"
        at, actual = "/items/*/remindDateTime", "reminders, too, in the order of their creation"
        it.that(by_own or not by_creation, at, expected, actual)

    judge(mixed, is_so)
    demand_some(bool(mixed), "no list has reminders among messages")


def _is_mixed(one: Exchange) -> bool:
    """Return whether reminders stand among messages, and not all of one type before the other."""
    if not may_hold_reminders(one) or "priority" in dict(one.request.query).values():
        return False
    with suppress(CouldNotTellError):
        kinds = [item.get("notificationType") for item in items(one)]
        return sum(before != after for before, after in pairwise(kinds)) > 1
    return False


def _only_of_type(it: Expect, kind: str) -> None:
    """Every item is a MESSAGE, or a REMINDER."""
    exchange = it.exchange
    kinds = [member(exchange, item, "notificationType") for item in some_items(exchange)]
    others = [index for index, found in enumerate(kinds) if found != kind]
    if others:
        where = f"/items/{others[0]}/notificationType"
        it.violated(
            where, f"{kind} in every item", f"{counted(len(others), 'item')} of another type"
        )
