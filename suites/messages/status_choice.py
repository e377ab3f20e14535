"""Which messages a tour of statuses takes along, and what a status update says of each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Exchange
from suites.common.lists import identifier, items, member
from suites.messages.lists import some_items

if TYPE_CHECKING:
    from suites.common.lists import Item

STATUSES = ("UNREAD", "OPENED", "DELETED")
VERSIONS = ("notificationVersion", "recipientNotificationVersion")

MOST = 100
"""Messages that one call may name (contract-facts §2.5)."""

LISTED = ("UNREAD", "OPENED")
"""The statuses to which many are moved: a message that is lost with DELETED has to be looked for one by one."""


def status_entry(item: Item) -> dict[str, Any]:
    """Return what a status update says of a message; CouldNotTellError where the item lacks it."""
    versions: dict[str, Any] = {name: item.get(name) for name in VERSIONS}
    one = identifier(item)
    if one is None or any(type(version) is not int for version in versions.values()):
        raise CouldNotTellError(
            "An inbox item lacks its id or one of the two versions that a status update needs",
            next_step="See the findings of the schema check; if the API names them otherwise, "
            "correct the schema.",
            unsettled_shape=True,
        )
    return {"id": one, **versions}


def choose(inbox: Exchange) -> list[Item]:
    """Return the message to move and, if there is one, another in the same status."""
    known = some_items(inbox)
    for item in known:
        status_entry(item)
        if member(inbox, item, "status") not in STATUSES:
            raise CouldNotTellError(
                f"{inbox.name}: an item has a status that is not documented", unsettled_shape=True
            )
    for item in known:
        for other in known:
            if (
                other is not item
                and other["status"] == item["status"]
                and identifier(other) != identifier(item)
            ):
                return [item, other]
    return known[:1]


def choose_many(inbox: Exchange, others: list[Item]) -> tuple[list[Item], str]:
    """Return as many messages as one call may name, none of `others`, and a status that none of them has.

    There are none where the inbox shows too few. Few statuses are mixed, so that few calls put the messages back.
    """
    taken = {identifier(item) for item in others}
    found: dict[str | None, Item] = {}
    with suppress(CouldNotTellError):
        for item in items(inbox):
            status_entry(item)
            found.setdefault(identifier(item), item)
    free = [item for one, item in found.items() if one not in taken]
    counted = {status: [i for i in free if i.get("status") == status] for status in STATUSES}
    for status in sorted(LISTED, key=lambda status: len(counted[status])):
        rest = sorted(
            (one for one in STATUSES if one != status), key=lambda one: -len(counted[one])
        )
        many = [item for one in rest for item in counted[one]][:MOST]
        if len(many) == MOST:
            return many, status
    return [], ""
