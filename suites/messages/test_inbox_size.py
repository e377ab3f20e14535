"""One page of at most 1,000 items, and a sign that there were more."""

from __future__ import annotations

from golive import CouldNotTellError, Exchange, Steps, ThinDataError, check, counted, expect
from suites.common.answers import succeeds, succeeds_with_200
from suites.common.lists import PAGE, identifier, identifiers, items, names_each_once, whole
from suites.messages.bounds import agree_where_they_overlap
from suites.messages.citations import INBOX, PAGES
from suites.messages.list_rules import (
    EDGE,
    RECENT,
    SHIFT,
    SKEW,
    keeps_order,
    same_items,
    settled,
)
from suites.messages.lists import some_items
from suites.messages.steadiness import unless_unsteady

CLAIM = (
    "If this patient has no more than 1,000 messages, choose another as test_data.crowded_patient."
)

WHOLE = "Choose a patient with fewer than 1,000 messages as test_data.patient, to compare with."

REQUEST_IDS = {"opc-request-id", "x-request-id"}
OF_SIZE = {
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "date",
    "etag",
    "last-modified",
}
"""Header fields that differ with every list, whatever was left out of it."""


@check("inbox-limit-1000-is-accepted", level="must", basis="documented", source=INBOX)
def test_the_limit_of_1000_is_accepted(inbox_spelled_out: Exchange) -> None:
    """The one legal limit, written out beside the other defaults, is accepted."""
    with expect(inbox_spelled_out) as it:
        succeeds(it)


@check("inbox-limit-1000-changes-nothing", level="must", basis="documented", source=INBOX)
def test_the_defaults_written_out_change_nothing(
    inbox_items: Exchange, inbox_spelled_out: Exchange, inbox_askings: Steps
) -> None:
    """The inbox with limit=1000 and every other default written out holds what it holds without."""
    with unless_unsteady(inbox_askings), expect(inbox_spelled_out) as it:
        same_items(it, inbox_items)


@check("crowded-inbox-is-one-page", level="must", basis="documented", source=INBOX)
def test_a_crowded_inbox_is_one_page(crowded_inbox: Exchange) -> None:
    """Of more than 1,000 messages the inbox lists at most 1,000."""
    with expect(crowded_inbox) as it:
        found = len(some_items(crowded_inbox))
        it.that(found <= PAGE, "/items", f"at most {PAGE} items", counted(found, "item"))


@check("crowded-inbox-fills-its-page", level="should", basis="inferred", source=PAGES)
def test_a_crowded_inbox_fills_its_page(crowded_inbox: Exchange) -> None:
    """Of more than 1,000 messages the inbox lists no fewer than 1,000."""
    with expect(crowded_inbox) as it:
        found = len(items(crowded_inbox))
        it.that(found >= PAGE, "/items", f"{PAGE} items", counted(found, "item"), next_step=CLAIM)


@check("crowded-inbox-names-each-message-once", level="must", basis="inferred", source=INBOX)
def test_a_crowded_inbox_names_each_message_once(crowded_inbox: Exchange) -> None:
    """No two items of a full page have the same id."""
    with expect(crowded_inbox) as it:
        names_each_once(it, some_items(it.exchange))


@check("crowded-inbox-newest-first", level="must", basis="documented", source=INBOX)
def test_a_crowded_inbox_is_sorted_newest_first(crowded_inbox: Exchange) -> None:
    """A full page, too, comes newest first."""
    with expect(crowded_inbox) as it:
        keeps_order(it, descending=True)


@check(
    "crowded-inbox-begins-with-the-newest",
    level="must",
    basis="documented",
    source=f"{INBOX}; {PAGES}",
)
def test_a_crowded_inbox_begins_with_the_newest(
    crowded_inbox: Exchange, crowded_recent: Exchange
) -> None:
    """A full page holds the newest messages, as newest first is the order: all of the last two days."""
    with expect(crowded_recent) as it:
        succeeds_with_200(it)
    since, until = crowded_recent.sent_at - RECENT + EDGE, crowded_inbox.sent_at - SKEW
    newest = settled(crowded_recent, since, until)
    if not newest:
        raise ThinDataError(f"{crowded_recent.name} has no messages", next_step=CLAIM)
    with expect(crowded_inbox) as it:
        it.status(200, advice=True)
        missing = newest - set(identifiers(crowded_inbox, items(crowded_inbox)))
        _demand_no_status_left_out(crowded_inbox, crowded_recent, missing)
        expected, actual = f"the {len(newest)} newest messages", f"{len(missing)} of them missing"
        it.that(not missing, "relation:newest-come-first", expected, actual)


@check("crowded-inbox-leads-on-to-older", level="must", basis="documented", source=PAGES)
def test_a_crowded_inbox_leads_on_to_older_messages(
    crowded_inbox: Exchange, crowded_shifted: Exchange
) -> None:
    """What a full page leaves out of more than 1,000 messages is listed where the dates end earlier."""
    with expect(crowded_shifted) as it:
        succeeds_with_200(it)
    listed = identifiers(crowded_inbox, items(crowded_inbox))
    if len(listed) < PAGE:
        raise ThinDataError(f"{crowded_inbox.name} is no full page", next_step=CLAIM)
    older = set(identifiers(crowded_shifted, items(crowded_shifted))) - set(listed)
    with expect(crowded_shifted) as it:
        expected = (
            f"messages that {crowded_inbox.name} left out, as the patient has more than {PAGE}"
        )
        at, actual = "relation:older-messages-follow", f"none beside those of {crowded_inbox.name}"
        it.that(bool(older), at, expected, actual, next_step=CLAIM)


@check("crowded-inbox-is-complete", level="must", basis="documented", source=f"{INBOX}; {PAGES}")
def test_a_crowded_inbox_is_complete(crowded_inbox: Exchange, crowded_shifted: Exchange) -> None:
    """An item is listed at whatever place of a long list it stands: two pages agree where they overlap."""
    with expect(crowded_shifted) as it:
        succeeds_with_200(it)
    agree_where_they_overlap(crowded_inbox, crowded_shifted)


@check(
    "crowded-inbox-says-that-there-is-more",
    level="must",
    basis="documented",
    source=f"{INBOX}; {PAGES}",
)
def test_a_crowded_inbox_says_that_there_is_more(
    crowded_inbox: Exchange, crowded_shifted: Exchange, inbox_items: Exchange, inbox_askings: Steps
) -> None:
    """Beside its items, a cut inbox carries something that a whole one lacks; what it is, is in no public text.

    It decides where an item that was left out is known: an older one, in the list that begins further back.
    """
    whole(inbox_items, next_step=WHOLE)
    listed = identifiers(crowded_inbox, items(crowded_inbox))
    more = set(identifiers(crowded_shifted, items(crowded_shifted))) - set(listed)
    cut = len(listed) >= PAGE and len(more) >= SHIFT // 2
    changing = {
        name
        for name, _ in _signs(inbox_askings["first"]) ^ _signs(inbox_askings["last"])
        if not name.startswith(("opc-", "oh-"))
    }
    signs = {sign for sign in _signs(crowded_inbox) if sign[0] not in changing}
    with expect(crowded_inbox) as it:
        it.that(
            bool(signs - _signs(inbox_items)),
            "relation:an-indicator-of-more",
            "a member or a header that differs from a whole inbox's",
            "none",
            next_step=CLAIM,
            advice=not cut,
        )


def _demand_no_status_left_out(page: Exchange, recent: Exchange, missing: set[str]) -> None:
    """Raise CouldNotTellError where a page shows no message of the statuses of all that is missing from it.

    A list that hides what was deleted says nothing about its order; that they are hidden is found where they are
    looked for.
    """
    hidden = {one.get("status") for one in items(recent) if identifier(one) in missing} - {None}
    if hidden and not hidden & {one.get("status") for one in items(page)}:
        raise CouldNotTellError(
            f"{page.name} shows no message that is {' or '.join(sorted(map(str, hidden)))}, as all are that it lacks",
            next_step="See the findings about deleted messages.",
            unsettled_shape=True,
        )


def _signs(exchange: Exchange) -> set[tuple[str, str]]:
    """Return what beside the items could say that there is more."""
    items(exchange)
    members = {(name, repr(value)) for name, value in exchange.json.items() if name != "items"}
    fields = ((name.lower(), value) for name, value in exchange.response.headers)
    headers = {
        (name, "" if name in REQUEST_IDS else value)
        for name, value in fields
        if name not in OF_SIZE
    }
    return members | headers | {("status", str(exchange.status))}
