"""What every list of messages of a run keeps, in whatever way it was asked for: of the tenth answer as of the first."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Exchange, Expect, FindingsError, Steps, check, show
from suites.common.lists import agree, items, same_json
from suites.messages.asked import (
    asked,
    demand_some,
    each,
    instant,
    lists_each_once,
    may_hold_reminders,
    named,
)
from suites.messages.citations import DATES, INBOX, SENT_ITEMS, STATUSES
from suites.messages.list_rules import EDGE, LOWER, SECOND, SKEW, UPPER, WINDOW, shown
from suites.messages.lists import disorder, moments
from suites.messages.recognise import listed_as, mark_sent
from suites.messages.sending import SEND

if TYPE_CHECKING:
    from collections.abc import Collection

    from suites.common.lists import Item

LISTS = f"{INBOX}; {SENT_ITEMS}"
OF_A_MESSAGE = ("subject", "priority", "createDateTime", "notificationType", "sender", "encounter")
"""Members of a message that no operation changes, and no option adds."""

VERSIONS = ("notificationVersion", "recipientNotificationVersion")


@check("every-inbox-is-newest-first", level="must", basis="documented", source=INBOX)
def test_every_inbox_is_sorted_newest_first_by_default(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """Without sortBy and sortOrder, messages of the inbox come newest first, whatever else was asked for."""
    _newest_first(answers, inbox_items)


@check(
    "every-list-of-sent-items-is-newest-first", level="must", basis="inferred", source=SENT_ITEMS
)
def test_all_sent_items_are_sorted_newest_first_by_default(
    answers: list[Exchange], sent_items: Exchange
) -> None:
    """Without sortBy and sortOrder, sent items come newest first, whatever else was asked for."""
    _newest_first(answers, sent_items)


@check("every-inbox-keeps-its-window", level="must", basis="documented", source=DATES)
def test_every_inbox_keeps_its_window(answers: list[Exchange], inbox_items: Exchange) -> None:
    """In whatever order and of whatever type, the inbox lists nothing from outside the bounds, given or by default."""
    each(_keeps_its_window, answers, inbox_items)


@check("every-list-of-sent-items-keeps-its-window", level="must", basis="documented", source=DATES)
def test_all_sent_items_keep_their_window(answers: list[Exchange], sent_items: Exchange) -> None:
    """In whatever order, nothing from outside the bounds, given or by default, is among the sent items.

    When what the run itself sent was created is asked of that message: a wrong time is nothing that a bound does.
    """
    sendings = (one for one in answers if one.request.operation == SEND and one.succeeded)
    own = [one for one in sendings if mark_sent(one) is not None]

    def keeps_it(it: Expect) -> None:
        until_now = UPPER not in dict(it.exchange.request.query)
        sent = own if until_now else []
        _keeps_its_window(it, [item for one in sent for item in listed_as(one, it.exchange)])

    each(keeps_it, answers, sent_items)


@check("every-inbox-lists-an-entry-once", level="must", basis="documented", source=INBOX)
def test_no_inbox_lists_an_entry_twice(answers: list[Exchange], inbox_items: Exchange) -> None:
    """No inbox lists the very same entry twice, with its id and all other members."""
    each(lists_each_once, answers, inbox_items)


@check(
    "every-list-of-sent-items-has-an-entry-once",
    level="must",
    basis="documented",
    source=SENT_ITEMS,
)
def test_no_sent_items_have_an_entry_twice(answers: list[Exchange], sent_items: Exchange) -> None:
    """No list of sent items has the very same entry twice, with its id and all other members."""
    each(lists_each_once, answers, sent_items)


@check("every-list-shows-a-message-alike", level="must", basis="documented", source=LISTS)
def test_every_list_shows_the_same_message(
    answers: list[Exchange], inbox_askings: Steps, sent_items: Exchange
) -> None:
    """A message has the same subject, priority, time, type, sender and encounter in each list that has it."""
    findings, compared = [], False
    known = [
        *inbox_askings.values(),
        *(one for one in answers if one not in inbox_askings.values()),
    ]
    for plain in (inbox_askings["first"], sent_items):
        first: dict[str, tuple[Item, Exchange]] = {}
        for one in asked(known, plain):
            it = Expect(one)
            for item, key in named(one):
                before, where = first.setdefault(key, (item, one))
                compared = compared or before is not item
                for name in OF_A_MESSAGE:
                    same = agree(before.get(name), item.get(name))
                    it.that(same, f"/items/*/{name}", f"as in {where.name}", "another value")
            findings += it.findings
    if findings:
        raise FindingsError(findings)
    demand_some(compared, "no message is in two lists")


@check("every-inbox-shows-a-status-alike", level="must", basis="documented", source=STATUSES)
def test_every_inbox_shows_the_same_status(answers: list[Exchange], inbox_askings: Steps) -> None:
    """A message that has one status from the beginning of the run to its end has it in every inbox that lists it."""
    ends = [_by_id(inbox_askings[name]) for name in ("first", "midway", "last")]
    kept = {
        key: item
        for key, item in ends[0].items()
        if all(key in end and _state(end[key]) == _state(item) for end in ends)
    }

    def shows_it(it: Expect) -> None:
        if it.exchange.sent_at > inbox_askings["last"].sent_at:
            return  # what became of a message after the last of the three is not known
        for item, key in named(it.exchange):
            if key in kept and "status" in item and "status" in kept[key]:
                wanted, sure = kept[key]["status"], all(name in kept[key] for name in VERSIONS)
                expected = f"as in {inbox_askings['first'].name} and {inbox_askings['last'].name}"
                same = same_json(item["status"], wanted)
                it.that(same, "/items/*/status", expected, "another value", advice=not sure)

    each(shows_it, answers, inbox_askings["first"])


@check("every-inbox-has-a-message-in-one-status", level="must", basis="documented", source=STATUSES)
def test_no_inbox_has_a_message_in_two_statuses(
    answers: list[Exchange], inbox_items: Exchange
) -> None:
    """No inbox lists a message twice in two statuses, as it was before a change and as it is since.

    Entries that share an id and differ otherwise may be copies that each have something of their own.
    """
    each(_has_one_status, answers, inbox_items)


@check("every-list-is-of-one-patient", level="must", basis="documented", source=LISTS)
def test_no_message_is_in_the_lists_of_two_patients(
    answers: list[Exchange], inbox_items: Exchange, sent_items: Exchange, other_inbox: Exchange
) -> None:
    """No message is in the inboxes, or the sent items, of two patients, in whatever way they were asked for."""
    findings = []
    everything = [*answers, other_inbox]
    for plain in (inbox_items, sent_items):
        owner: dict[str, str] = {}
        for one in asked(everything, plain):
            it = Expect(one)
            patient = dict(one.request.query)["patientId"]
            foreign = {key for _, key in named(one) if owner.setdefault(key, patient) != patient}
            it.that(
                not foreign,
                "relation:no-common-item",
                "messages of the patient who was asked for",
                f"{len(foreign)} that a list of another patient has, too",
            )
            findings += it.findings
    if findings:
        raise FindingsError(findings)
    of_two = all(items(one) for one in (inbox_items, other_inbox))
    demand_some(of_two, "one of the two patients has no message")


def _newest_first(answers: list[Exchange], plain: Exchange) -> None:
    def is_so(it: Expect) -> None:
        times = [moments(it.exchange, item) for item in items(it.exchange)]
        index = disorder(times, descending=True)
        expected, actual = "no newer than the item before it", "newer than the item before it"
        it.that(index is None, "/items/*/createDateTime", expected, actual)

    def is_unsorted(one: Exchange) -> bool:
        query = dict(one.request.query)
        return not {"sortBy", "sortOrder"} & query.keys() and not may_hold_reminders(one)

    each(is_so, filter(is_unsorted, answers), plain)


def _keeps_its_window(it: Expect, apart: Collection[Item] = ()) -> None:
    """Everything in a list but what is set apart is within its bounds."""
    one, query = it.exchange, dict(it.exchange.request.query)
    lower, upper = (instant(query.get(name)) for name in (LOWER, UPPER))
    since = lower or one.sent_at - WINDOW - EDGE
    until = one.sent_at + SKEW
    if upper:
        until = min(until, upper + SECOND)
    unsure = may_hold_reminders(one)
    # A reminder is selected by another time than its creation, which need not be shown.
    judged = [item for item in items(one) if item not in apart]
    dated = [item for item in judged if "remindDateTime" in item or not unsure]
    outside = sum(not any(since <= at < until for at in shown(one, item)) for item in dated)
    expected = "every item within the bounds, or the last 90 days where one is not given"
    it.that(not outside, "/items/*/createDateTime", expected, f"{outside} of {len(dated)} outside")


def _has_one_status(it: Expect) -> None:
    shown: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item, key in named(it.exchange):
        same = json.dumps([item.get(name) for name in OF_A_MESSAGE], sort_keys=True)
        if isinstance(item.get("status"), str):
            shown[key, same].add(item["status"])
    torn = [show(" and ".join(sorted(found))) for found in shown.values() if len(found) > 1]
    expected = "each message once, in one status"
    actual = f"{len(torn)} of the same id listed twice, such as {torn[0]}" if torn else ""
    it.that(not torn, "relation:one-status", expected, actual)


def _by_id(one: Exchange) -> dict[str, Item]:
    try:
        return {key: item for item, key in named(one)}
    except CouldNotTellError:
        return {}


def _state(item: Item) -> list[Any]:
    return [item.get(name) for name in ("status", *VERSIONS)]
