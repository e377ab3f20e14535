"""Which messages a tour of statuses takes along, and what a status update says of each."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from golive import CouldNotTellError, Exchange, MessagesApi, Steps
from suites.common.lists import identifier, integer_of, items, member
from suites.messages.lists import some_items

if TYPE_CHECKING:
    from collections.abc import Callable

    from suites.common.lists import Item

STATUSES = ("UNREAD", "OPENED", "DELETED")
VERSIONS = ("notificationVersion", "recipientNotificationVersion")

COLLECTIONS = ("carbonCopyRecipients", "attachments")
"""Members of a message that are documented (contract-facts §2.3), and that whatever keeps an entity's row may lose."""

MOST = 100
"""Messages that one call may name (contract-facts §2.5)."""

MOST_TRIED = 5
"""Messages that are read to find one that can be replied to."""

MOST_ASIDE = 6
"""Messages of which one is kept aside: they are read to find one with what a change of status may lose."""

LISTED = ("UNREAD", "OPENED")
"""The statuses to which many are moved: a message that is lost with DELETED has to be looked for one by one."""


def status_entry(item: Item) -> dict[str, Any]:
    """Return what a status update says of a message; CouldNotTellError where the item lacks it."""
    versions = {name: integer_of(item.get(name)) for name in VERSIONS}
    one = identifier(item)
    if one is None or None in versions.values():
        raise CouldNotTellError(
            "An inbox item lacks its id or one of the two versions that a status update needs",
            next_step="See the findings of the schema check; `golive learn` shows where else they may be.",
            unsettled_shape=True,
        )
    return {"id": one, **versions}


def other_entries(inbox: Exchange, item: Item, status: str) -> list[dict[str, Any]]:
    """Return what an update says of every other message of an inbox: first those that have its status already."""
    found: dict[str, dict[str, Any]] = {}
    for one in sorted(some_items(inbox), key=lambda other: other.get("status") != status):
        with suppress(CouldNotTellError):
            entry = status_entry(one)
            found.setdefault(entry["id"], entry)
    found.pop(str(identifier(item)), None)
    return list(found.values())


def shows_versions(item: Item) -> bool:
    """Return whether a list item has a version; no public text says whether it does (contract-facts §2.1)."""
    return any(name in item for name in VERSIONS)


def with_versions(item: Item, read: Callable[[str], Exchange | None]) -> Item:
    """Return an item with the versions that the message itself has, read by its id, where the list shows none."""
    one = identifier(item)
    if one is None or shows_versions(item):
        return item
    made = read(one)
    alone = made.json_or_none if made and made.succeeded else None
    found = alone if isinstance(alone, dict) else {}
    return {**item, **{name: found[name] for name in VERSIONS if name in found}}


def versions(message_id: str, step: str) -> str:
    """Return the name of the step that reads a message for the versions that the list does not show."""
    return f"versions of {message_id} for {step}"


def reading(api: MessagesApi, steps: Steps, step: str) -> Callable[[str], Exchange]:
    """Return what reads a message by its id for a step, and keeps that as a step of its own."""

    def read(message_id: str) -> Exchange:
        name = versions(message_id, step)
        path = {"patientMessageId": message_id}
        made = api.call("getMessage", name=f"status_tour: {name}", path=path)
        steps[name] = made
        return made

    return read


def spared(known: list[Item]) -> Item:
    """Return the item that no change of status which has to succeed is made to."""
    return next((one for one in reversed(known) if one.get("status") != "UNREAD"), known[-1])


def to_answer(known: list[Item]) -> list[Item]:
    """Return the items of an inbox that a reply may be tried to: those with an encounter first.

    A reminder can't be replied to, nor what says `canReply: false` (contract-facts §2.3, §2.4).
    """
    named = [item for item in known if identifier(item) is not None and may_be_answered(item)]
    return sorted(named, key=lambda item: not item.get("encounter"))[:MOST_TRIED]


def may_be_answered(shown: Item) -> bool:
    """Return whether nothing that a message shows is against a reply to it."""
    return shown.get("notificationType") != "REMINDER" and shown.get("canReply") is not False


def kept_aside(known: list[Item]) -> list[Item]:
    """Return items whose status may stay changed until a run ends: no refused update and no reply names them.

    There is none in a short inbox, where all are taken.
    """
    plain = _free(known)
    return [one for s in LISTED[::-1] for one in plain if one.get("status") == s][:MOST_ASIDE]


def already_there(known: list[Item], status: str, moved: Item) -> Item | None:
    """Return another item than the one that is moved, with this status, and that nothing else names."""
    free = [one for one in _free(known) if identifier(one) != identifier(moved)]
    return next((one for one in free if one.get("status") == status), None)


def _free(known: list[Item]) -> list[Item]:
    taken = [spared(known), *to_answer(known)]
    free = [one for one in reversed(known) if not any(one is other for other in taken)]
    return [one for one in free if identifier(one) and one.get("notificationType") != "REMINDER"]


def other_status(item: Item) -> str:
    """Return the status to which an item can be moved without being deleted."""
    return "OPENED" if item.get("status") == "UNREAD" else "UNREAD"


def choose(inbox: Exchange) -> list[Item]:
    """Return the message to move and, if there is one, another in the same status: the oldest one as a rule.

    What a list leaves out for a status, it may leave out of the older ones alone.
    """
    known = some_items(inbox)
    shown = any(map(shows_versions, known))
    for item in known:
        if shown or identifier(item) is None:
            status_entry(item)
        if member(inbox, item, "status") not in STATUSES:
            raise CouldNotTellError(
                f"{inbox.name}: an item has a status that is not documented", unsettled_shape=True
            )
    kept = spared(known)
    for item in known:
        alike = [one for one in known if one["status"] == item["status"]]
        others = [one for one in alike if identifier(one) != identifier(item)]
        if others:
            return [item, next((one for one in others[::-1] if one is not kept), others[0])]
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
