"""Violations of the rules that no schema can say: order, uniqueness, window, agreement of two answers.

Each entry names one recorded exchange, one change of its list or message, and the places at which a finding
counts. Whether the rule decides is what the facts say of it.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from golive import Mutant, Mutator, RecordedExchange, Recording, encoded
from suites.common.faults import alone, echoes, items_of, of_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from suites.common.faults import Items, Rule


def reverse(items: Items) -> Items:
    """Put the list the other way round."""
    return items[::-1]


def swap(items: Items) -> Items:
    """Let the first two items of different times change places."""
    for index in range(len(items) - 1):
        if items[index]["createDateTime"] != items[index + 1]["createDateTime"]:
            return [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
    return items


def repeat(items: Items) -> Items:
    """List the first item twice."""
    return [items[0], *items]


def rename(items: Items) -> Items:
    """List the first item twice, the second time with another subject."""
    return [items[0], {**items[0], "subject": "Another subject"}, *items[1:]]


def drop(items: Items) -> Items:
    """Leave out an item from the middle."""
    middle = len(items) // 2
    return [*items[:middle], *items[middle + 1 :]]


def drop_deleted(items: Items) -> Items:
    """Leave out what was deleted."""
    return [item for item in items if item.get("status") != "DELETED"]


def aged(days: int) -> Callable[[Items], Items]:
    """Add, at the end, an item that is this many days old."""

    def age(items: Items) -> Items:
        return [*items, _dated(items[-1], datetime.now(UTC) - timedelta(days=days), "aged")]

    return age


def early(items: Items) -> Items:
    """Add, at the front, an item of the day after tomorrow."""
    return [_dated(items[0], datetime.now(UTC) + timedelta(days=2), "early"), *items]


def reminding(items: Items) -> Items:
    """Turn one message of the list into a reminder."""
    return [{**items[0], "notificationType": "REMINDER"}, *items[1:]]


def messaging(items: Items) -> Items:
    """Turn one reminder of the list into a message."""
    return [{**items[0], "notificationType": "MESSAGE"}, *items[1:]]


def organized(items: Items) -> Items:
    """Give one item an organization that nobody asked for."""
    given = {"id": "1", "display": "Somewhere", "orgTypes": []}
    return [{**items[0], "organization": given}, *items[1:]]


def disorganized(items: Items) -> Items:
    """Take the organization that was asked for from every item."""
    return [{k: v for k, v in item.items() if k != "organization"} for item in items]


def untitled(items: Items) -> Items:
    """Give one item a number for its subject."""
    return [{**items[0], "subject": 7}, *items[1:]]


def scatter(items: Items) -> Items:
    """Mix the priorities: the first item goes to the end."""
    return [*items[1:], items[0]]


def _dated(item: dict[str, Any], moment: datetime, name: str) -> dict[str, Any]:
    text = moment.strftime("%Y-%m-%dT%H:%M:%S")
    stamp = {"dateTime": text, "timeZone": "UTC"}
    return {**copy.deepcopy(item), "id": f"{item['id']}.{name}", "createDateTime": stamp}


# exchange, change, whether the rule decides (contract-facts §2.1, §2.2, §3: documented), what is violated
RULES: tuple[Rule, ...] = (
    ("inbox_items", reverse, True, "newest first by default"),
    ("inbox_items", swap, True, "newest first by default"),
    ("inbox_items", repeat, True, "each entry once"),
    ("inbox_items", rename, False, "an id stands for one message"),
    ("inbox_items", aged(100), True, "90 days by default"),
    ("inbox_items", drop, False, "the default window equals the same window written out"),
    ("inbox_items", drop_deleted, True, "deleted messages stay listed"),
    ("inbox_items", reminding, True, "messages only by default"),
    ("inbox_items", organized, True, "no organization unless asked for"),
    ("inbox_oldest_first", reverse, False, "sortOrder ASC"),
    ("inbox_newest_first", reverse, False, "sortOrder descending"),
    ("inbox_by_priority", scatter, False, "sortBy priority"),
    ("inbox_long_window", drop, False, "a longer window holds at least the default one"),
    ("inbox_between", aged(300), True, "lower bound"),
    ("inbox_between", early, True, "upper bound"),
    ("inbox_between", repeat, True, "each entry once"),
    ("inbox_until", drop, True, "an upper bound alone leaves the beginning"),
    ("inbox_until", aged(100), True, "an upper bound alone leaves the beginning"),
    ("inbox_into_the_future", early, True, "a future bound is replaced by now"),
    ("inbox_into_the_future", drop, True, "a future bound changes nothing"),
    ("inbox_reminders", messaging, True, "reminders only where only reminders are asked for"),
    ("inbox_reminders", untitled, False, "reminders are items like others"),
    ("inbox_of_both_types", drop, False, "both types are the union"),
    ("inbox_with_organizations", disorganized, True, "organizations where asked for"),
    ("sent_items", reverse, False, "newest first by default"),
    ("sent_items", swap, False, "newest first by default"),
    ("sent_items", repeat, True, "each entry once"),
    ("sent_items", rename, False, "an id stands for one message"),
    ("sent_items", aged(100), True, "90 days by default"),
    ("sent_items", early, True, "sent items end now"),
    ("sent_oldest_first", reverse, True, "sortOrder ASC"),
    ("sent_by_priority", scatter, True, "sortBy priority"),
    ("sent_between", aged(300), True, "lower bound"),
    ("sent_between", early, True, "upper bound"),
    ("sent_between", repeat, True, "each entry once"),
    ("sent_until", drop, True, "an upper bound alone leaves the beginning"),
    ("crowded_inbox", repeat, True, "at most 1,000 items in a page"),
)


def faults(recording: Recording) -> Iterator[Mutant]:
    """Yield the violations of list rules, and those of the agreement between list and detail."""
    by_name = alone(recording)
    yield from of_lists(recording, RULES)
    yield from _disagreements(recording, by_name)
    yield from _strays(recording, by_name)
    yield from echoes(recording, "inbox_items", "sent_items", "one_message")


def _strays(recording: Recording, by_name: dict[str, RecordedExchange]) -> Iterator[Mutant]:
    """An item of one list in another where it has no business."""
    for home, place_name, at in (
        ("inbox_items", "empty_inbox", ("/items", "relation:no-common-item")),
        ("inbox_items", "other_inbox", ("relation:no-common-item",)),
        ("inbox_items", "inbox_reminders", ("relation:no-common-item", "/items*")),
    ):
        strays, place = items_of(by_name.get(home))[:1], by_name.get(place_name)
        if not strays or place is None:
            continue
        changed = {**place.exchange.json, "items": [*strays, *items_of(place)]}
        make = Mutator(recording, place, "lists")
        yield make.mutant(
            f"with an item of {home}",
            at,
            "a list holds its own items only",
            deciding=True,
            body=encoded(changed),
        )


INBOX_ONLY = {"status", "notificationType", "notificationVersion", "recipientNotificationVersion"}
"""Members that mean something for received messages only (contract-facts §2.5, §3)."""

LISTS = ("inbox_items", "sent_items")

OTHER: dict[str, Any] = {
    "subject": "Another subject",
    "status": "OPENED",
    "priority": {"value": "HIGH"},
    "notificationType": "REMINDER",
    "notificationVersion": 99,
    "recipientNotificationVersion": 99,
    "content": "<p>Another content</p>",
    "patientId": "1",
    "id": "1.2.3.prsnl",
}


def _disagreements(recording: Recording, by_name: dict[str, RecordedExchange]) -> Iterator[Mutant]:
    """A detail that says otherwise than the list, or than the same detail a moment ago."""
    listed = {name: set(items[0]) for name in LISTS if (items := items_of(by_name.get(name)))}
    both = listed.get("inbox_items", set()) | {"content", "patientId"}
    known = {
        "one_message": both,
        "one_message_again": both,
        "one_sent_message": listed.get("sent_items", set()) - INBOX_ONLY,
    }
    for name, members in known.items():
        place = by_name.get(name)
        body = place.exchange.json_or_none if place else None
        if place is None or not isinstance(body, dict):
            continue
        make = Mutator(recording, place, "agreement")
        for member, value in OTHER.items():
            if member not in body or member not in members:
                continue
            other = "UNREAD" if value == body[member] == "OPENED" else value
            if other == body[member]:
                other = {"value": "NORMAL"}
            yield make.mutant(
                f"another {member} than elsewhere",
                ("relation:*", f"/{member}"),
                "list and detail agree, and so do two readings",
                deciding=False,
                body=encoded({**body, member: other}),
            )
