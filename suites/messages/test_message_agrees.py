"""A list item and the message that is read by its id are the same message.

Which members a list item has is inferred; where one is absent, its check could not tell.
"""

from __future__ import annotations

import pytest

from golive import Exchange, check, expect, show
from suites.common.answers import succeeds_with_200
from suites.common.lists import agree, identifier, member
from suites.common.sameness import substance
from suites.messages.citations import CHOICES, LISTED_MESSAGE, STATUSES
from suites.messages.lists import item_of, message, same_moment

MEMBERS = {
    "id": "id",
    "subject": "subject",
    "priority": "priority",
    "creation-time": "createDateTime",
    "type": "notificationType",
    "sender": "sender",
    "status": "status",
    "version": "notificationVersion",
    "recipient-version": "recipientNotificationVersion",
}
"""What a check's id calls a member, and its name on the wire."""

OF_ANY = ["id", "subject", "priority", "creation-time", "sender"]
CHANGEABLE = ["status", "version", "recipient-version"]


@check(
    "message-agrees-with-list-on-{part}", level="must", basis="documented", source=LISTED_MESSAGE
)
@pytest.mark.parametrize("part", [*OF_ANY, "type"])
def test_a_message_agrees_with_its_inbox_item(
    part: str, one_message: Exchange, inbox_items: Exchange
) -> None:
    """A message and its inbox item have the same {part}."""
    agrees(part, one_message, inbox_items)


@check(
    "sent-message-agrees-with-list-on-{part}",
    level="must",
    basis="documented",
    source=LISTED_MESSAGE,
)
@pytest.mark.parametrize("part", OF_ANY)
def test_a_message_agrees_with_its_sent_item(
    part: str, one_sent_message: Exchange, sent_items: Exchange
) -> None:
    """A message and its item among the sent ones have the same {part}."""
    agrees(part, one_sent_message, sent_items)


@check(
    "deleted-message-agrees-with-list-on-{part}",
    level="must",
    basis="documented",
    source=LISTED_MESSAGE,
)
@pytest.mark.parametrize("part", OF_ANY)
def test_a_deleted_message_agrees_with_its_inbox_item(
    part: str, one_deleted_message: Exchange, inbox_items: Exchange
) -> None:
    """A deleted message that is read by its id and its inbox item have the same {part}."""
    agrees(part, one_deleted_message, inbox_items)


@check(
    "deleted-message-can-be-read",
    level="must",
    basis="documented",
    source=f"{LISTED_MESSAGE}; {STATUSES}",
)
def test_a_deleted_message_can_be_read(one_deleted_message: Exchange) -> None:
    """A message that the inbox lists as deleted can be read by its id: it is in the trash, and not gone."""
    with expect(one_deleted_message) as it:
        succeeds_with_200(it)


@check("reminder-can-be-read", level="must", basis="documented", source=LISTED_MESSAGE)
def test_a_reminder_can_be_read(one_reminder: Exchange) -> None:
    """A reminder that the inbox lists can be read by its id, as each of its items can."""
    with expect(one_reminder) as it:
        succeeds_with_200(it)


@check("message-agrees-with-list-on-{part}", level="must", basis="inferred", source=CHOICES)
@pytest.mark.parametrize("part", CHANGEABLE)
def test_a_message_has_the_state_of_its_inbox_item(
    part: str, one_message: Exchange, inbox_items: Exchange
) -> None:
    """A message and its inbox item have the same {part}, unless it has changed in between."""
    agrees(part, one_message, inbox_items)


def agrees(part: str, read: Exchange, listed: Exchange) -> None:
    """Raise findings where the message and its list item differ in a member."""
    name = MEMBERS[part]
    item, whole = item_of(read, listed), message(read)
    before, after = member(listed, item, name), member(read, whole, name)
    with expect(read) as it:
        if part == "creation-time":
            same = same_moment((listed, item), (read, whole))
        elif part == "id":
            same = identifier(item) == identifier(whole)  # a number is another check's advice
        else:  # the list shows a summary, so only what both show can disagree
            same = agree(substance(before), substance(after))
        it.that(same, f"/{name}", f"as in the list: {show(before)}", show(after))
