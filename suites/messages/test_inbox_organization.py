"""shouldLoadOrganizationSummary: the organization comes when asked for, and only then."""

from __future__ import annotations

from golive import GUESS, Contract, Exchange, Expect, Steps, ThinDataError, check, counted, expect
from suites.common.judging import advise_success, judge
from suites.common.lists import agree, member, same_json
from suites.messages.citations import LISTED_MESSAGE, ORGANIZATION
from suites.messages.list_rules import same_items
from suites.messages.lists import item_of, message, some_items
from suites.messages.steadiness import unless_unsteady

CLAIM = "If no message of this patient has an organization, say claims.organization_summary: false."
SCHEMA = "messages-20241001/organization"


@check("inbox-omits-organization", level="must", basis="documented", source=ORGANIZATION)
def test_the_inbox_omits_the_organization(inbox_items: Exchange) -> None:
    """Without the option, no inbox item has an organization."""
    _lacks_organization(inbox_items)


@check("inbox-omits-organization-on-false", level="must", basis="documented", source=ORGANIZATION)
def test_the_inbox_omits_the_organization_on_false(inbox_spelled_out: Exchange) -> None:
    """With shouldLoadOrganizationSummary=false, no inbox item has an organization."""
    _lacks_organization(inbox_spelled_out)


@check("inbox-shows-organization", level="must", basis="documented", source=ORGANIZATION)
def test_the_inbox_shows_the_organization(inbox_with_organizations: Exchange) -> None:
    """With the option, inbox items have their organization."""
    with expect(inbox_with_organizations) as it:
        found = any(item.get("organization") for item in some_items(inbox_with_organizations))
        expected = "an organization in at least one item"
        it.that(found, "/items", expected, "none", next_step=CLAIM)


@check("inbox-organization-keeps-its-schema", level="must", basis="documented", source=ORGANIZATION)
def test_the_organization_keeps_its_schema(
    inbox_with_organizations: Exchange, contract: Contract
) -> None:
    """An organization in the inbox has the form that the contract gives."""
    with expect(inbox_with_organizations) as it:
        found = some_items(inbox_with_organizations)
        organizations = {
            index: item["organization"]
            for index, item in enumerate(found)
            if "organization" in item
        }
        if not any(organizations.values()):
            member(inbox_with_organizations, found[0], "organization")
        for index, organization in organizations.items():
            at, is_null = f"/items/{index}/organization", organization is None
            it.schema(contract, SCHEMA, organization, below=at, label=GUESS if is_null else None)


@check("inbox-organization-selects-nothing", level="must", basis="documented", source=ORGANIZATION)
def test_the_organization_changes_no_selection(
    inbox_items: Exchange, inbox_with_organizations: Exchange, inbox_askings: Steps
) -> None:
    """With the option, the inbox holds the same items as without."""
    with unless_unsteady(inbox_askings), expect(inbox_with_organizations) as it:
        same_items(it, inbox_items)


@check("message-omits-organization", level="must", basis="documented", source=ORGANIZATION)
def test_a_message_omits_the_organization(one_message: Exchange) -> None:
    """Without the option, a message has no organization."""
    with expect(one_message) as it:
        absent = message(one_message).get("organization") is None
        it.that(absent, "/organization", "absent", "present")


@check("message-shows-organization", level="must", basis="documented", source=ORGANIZATION)
def test_a_message_shows_the_organization(
    message_with_organization: Exchange, contract: Contract
) -> None:
    """With the option, a message whose list item shows an organization has one, too."""
    with expect(message_with_organization) as it:
        organization = message(message_with_organization).get("organization")
        it.that(bool(organization), "/organization", "present", "absent")
        if organization:
            it.schema(contract, SCHEMA, organization, below="/organization")


@check(
    "every-message-has-its-own-organization",
    level="must",
    basis="documented",
    source=f"{ORGANIZATION}; {LISTED_MESSAGE}",
)
def test_every_message_has_its_own_organization(
    inbox_with_organizations: Exchange,
    message_with_organization: Exchange,
    organizations_by_turns: Steps,
) -> None:
    """With the option, each of two messages has its own organization, whichever was read before it."""
    if not organizations_by_turns:
        raise ThinDataError(
            f"the messages of {inbox_with_organizations.name} have no two organizations",
            next_step="Choose a patient with messages of two organizations.",
        )
    read = [message_with_organization, organizations_by_turns["with"]]
    advise_success([*read, organizations_by_turns["without"]])
    listed = [item_of(one, inbox_with_organizations).get("organization") for one in read]

    def has_its_own(it: Expect) -> None:
        at = read.index(it.exchange)
        own, other = listed[at], listed[1 - at]
        mine = message(it.exchange).get("organization")
        it.that(bool(mine), "/organization", "present, as in the list", "absent")
        foreign = _is_of(mine, other) and not _is_of(mine, own)
        it.that(not foreign, "/organization", "as in the list", "that of another message")

    judge(read, has_its_own)


def _is_of(mine: object, listed: object) -> bool:
    """Return whether two views may be of one organization: by the id, where both show it."""
    if isinstance(mine, dict) and isinstance(listed, dict):
        return agree(mine.get("id"), listed.get("id"))
    return False


@check("message-organization-agrees-with-list", level="must", basis="inferred", source=ORGANIZATION)
def test_the_organization_is_that_of_the_list(
    message_with_organization: Exchange, inbox_with_organizations: Exchange
) -> None:
    """A message's organization is the one that its list item shows."""
    with expect(message_with_organization) as it:
        item = item_of(message_with_organization, inbox_with_organizations)
        mine, listed = message(message_with_organization), item.get("organization")
        same = same_json(mine.get("organization"), listed)
        it.that(same, "/organization", "as in the list", "otherwise")


def _lacks_organization(exchange: Exchange) -> None:
    with expect(exchange) as it:
        found = some_items(exchange)
        present = [index for index, item in enumerate(found) if item.get("organization")]
        if present:
            at = f"/items/{present[0]}/organization"
            it.violated(at, "absent from every item", f"present in {counted(len(present), 'item')}")
