"""Group inboxes of another tenant: what is listed there, after this tenant's were, is there."""

from __future__ import annotations

from golive import Exchange, Steps, check, counted, expect
from suites.common.judging import advise_success
from suites.common.lists import identifiers, items
from suites.messages.citations import TENANTS
from suites.recipient.other_tenant import SEVERAL, common_ids, only_in


@check(
    "group-inboxes-stay-in-their-tenant",
    level="must",
    basis="documented",
    source=f"{TENANTS}; contract-facts §2.7",
)
def test_another_tenant_lists_its_own_group_inboxes(
    group_inboxes: Exchange, group_inboxes_in_another_tenant: Steps
) -> None:
    """What another tenant lists of this tenant's group inboxes, it has: it knows them by their ids.

    One domain may be a copy of another, so what two lists have in common is no finding by itself.
    """
    listed = group_inboxes_in_another_tenant["listed"]
    common = common_ids(group_inboxes, listed)[:SEVERAL]
    if "named" not in group_inboxes_in_another_tenant:
        advise_success([listed])
        return
    named = group_inboxes_in_another_tenant["named"]
    advise_success([listed, named])
    unknown = {*common} - {*identifiers(named, items(named))}
    with expect(listed) as it:
        expected = "group inboxes that this tenant knows by their ids"
        actual = f"{len(unknown)} that only the tenant has which was asked before"
        it.that(not unknown, "relation:no-item-is-added", expected, actual)


@check(
    "group-inboxes-of-another-tenant-are-unknown",
    level="must",
    basis="documented",
    source=f"{TENANTS}; contract-facts §2.7",
)
def test_group_inboxes_of_another_tenant_are_unknown_here(
    group_inboxes: Exchange, group_inboxes_in_another_tenant: Steps
) -> None:
    """A group inbox that another tenant lists, and this one does not, is not shown here by its id."""
    listed = group_inboxes_in_another_tenant["listed"]
    here = group_inboxes_in_another_tenant.get("here")
    if here is None or not here.succeeded:
        advise_success([here or listed])
        return
    theirs = {*only_in(listed, group_inboxes)}
    with expect(here) as it:
        shown = [one for one in identifiers(here, items(here)) if one in theirs]
        actual = f"{counted(len(shown), 'item')} of another tenant"
        it.that(not shown, "relation:nothing-of-another-tenant", "none of them", actual)
