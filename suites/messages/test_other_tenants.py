"""What a tenant's patient has is nobody else's: asked for by an account of another tenant, under that one's path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Exchange, check, expect
from suites.common.lists import items, same_json
from suites.messages.citations import TENANTS
from suites.messages.lists import some_items

if TYPE_CHECKING:
    from suites.common.lists import Item


@check("inbox-stays-in-its-tenant", level="must", basis="documented", source=TENANTS)
def test_an_inbox_is_not_shown_under_another_tenant(
    inbox_items: Exchange, inbox_in_another_tenant: Exchange
) -> None:
    """By the id of a patient, an account of another tenant is given nothing of the inbox under that tenant's path."""
    _shows_none_of(inbox_items, inbox_in_another_tenant)


@check("sent-items-stay-in-their-tenant", level="must", basis="documented", source=TENANTS)
def test_sent_items_are_not_shown_under_another_tenant(
    sent_items: Exchange, sent_in_another_tenant: Exchange
) -> None:
    """By the id of a patient, an account of another tenant is given no sent item of it under that tenant's path."""
    _shows_none_of(sent_items, sent_in_another_tenant)


def _shows_none_of(own: Exchange, theirs: Exchange) -> None:
    mine = some_items(own)
    with expect(theirs) as it:
        if not it.exchange.succeeded:
            return
        shown = [one for one in items(theirs) if any(_is_same(one, other) for other in mine)]
        actual = f"{theirs.status}, and {len(shown)} of its messages"
        it.that(not shown, "status", "a refusal, or no message of this patient", actual)


def _is_same(one: Item, other: Item) -> bool:
    """Return whether two items are one message: another tenant may have a message of its own by that id."""
    names = [name for name in ("id", "subject", "createDateTime") if name in one]
    return len(names) > 1 and all(same_json(one[name], other.get(name)) for name in names)
