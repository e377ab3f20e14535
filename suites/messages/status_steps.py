"""The steps of a tour of statuses: what each is called, and how the changes and statuses are read in them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Exchange, Steps
from suites.common.lists import identifier, integer_of, items, objects
from suites.messages.status_choice import STATUSES, VERSIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive import Patience
    from suites.common.lists import Item

FIRST = "inbox before any change"
SAME = "same status again"
STALE = "outdated versions"
TOGETHER = "two messages together"
AFTER = "inbox after every change"
RESTORED = "inbox put back"
REFUSALS = "updates that must be refused"
MANY = "as many messages as a call may name"
MANY_SEEN = "inbox after many"
MANY_HALVES = ("every second one of many", "the others of many")

OUTDATED = frozenset({409, 412})
"""What versions that are no longer current may be answered with: somebody else may have changed the message."""

Entries = list[dict[str, Any]]
"""What a status update says of its messages."""


def with_current_versions(
    update: Callable[[Entries], Exchange],
    entries: Entries,
    now: Callable[[], Entries],
    patience: Patience,
) -> Exchange:
    """Make an update, and again with the entries of `now` while the versions that it had are outdated.

    A reading may come from a replica that is behind, so it is made for as long as a write may take to be seen. No
    entries are sent twice.
    """
    tried = [entries]
    made = update(entries)

    def once_more() -> Exchange:
        nonlocal made
        current = now()
        if current not in tried:
            tried.append(current)
            made = update(current)
        return made

    if made.status in OUTDATED:
        patience.until(once_more, lambda last: last.status not in OUTDATED)
    return made


class Newest:
    """The greatest versions that a tour has seen of each message, by which it knows a list that is behind."""

    def __init__(self) -> None:
        self._known: dict[tuple[str | None, str], int] = {}

    def is_behind(self, inbox: Exchange) -> bool:
        """Return whether a list has a smaller version of a message than one before it, and keep what it has."""
        try:
            listed = items(inbox)
        except CouldNotTellError:
            return False
        behind = False
        for item in listed:
            for name in VERSIONS:
                found, key = integer_of(item.get(name)), (identifier(item), name)
                if found is not None:
                    behind = behind or found < self._known.get(key, found)
                    self._known[key] = max(found, self._known.get(key, found))
        return behind


def transition(old: str, new: str) -> str:
    """Return the name of a change, which is the name of its step: `unread-to-opened`."""
    return f"{old}-to-{new}".lower()


def seen(name: str) -> str:
    """Return the name of the step that reads the inbox after a change."""
    return f"inbox after {name}"


TRANSITIONS = tuple(transition(old, new) for old in STATUSES for new in STATUSES if old != new)


@dataclass(frozen=True)
class Move:
    """One change of the round: the inbox before it, the change, the inbox after it."""

    name: str
    before: Exchange
    change: Exchange
    after: Exchange

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the messages that the change names."""
        return tuple(entry["id"] for entry in json.loads(self.change.request.body)["messages"])


def moves(steps: Steps) -> list[Move]:
    """Return the changes of the round that were tried and read afterwards, in their order."""
    inboxes = [FIRST, *(name for name in steps if name in map(seen, TRANSITIONS))]
    found = []
    for before, after in pairwise(inboxes):
        name = next(name for name in TRANSITIONS if seen(name) == after)
        found.append(Move(name, steps[before], steps[name], steps[after]))
    return found


def named_in(body: object) -> list[str]:
    """Return the ids of the messages that the body of a status update names."""
    named = body.get("messages") if isinstance(body, dict) else None
    return [str(one.get("id")) for one in objects(named)]


def item_of(inbox: Exchange, message_id: str) -> Item | None:
    """Return the item of that id in a list, or None."""
    return next((item for item in items(inbox) if identifier(item) == message_id), None)


def shown_status(inbox: Exchange, message_id: str) -> object:
    """Return the status in which an inbox shows a message; None where it does not list it, or is no list."""
    try:
        item = item_of(inbox, message_id)
    except CouldNotTellError:
        return None
    return item.get("status") if item else None


def statuses(inbox: Exchange) -> dict[str | None, Any]:
    """Return the status of each item of a list by its id, as far as it has them."""
    return {identifier(item): item.get("status") for item in items(inbox)}
