"""One page of at most 1,000 items, and a sign that there were more."""

from __future__ import annotations

from golive import Exchange, Steps, ThinDataError, check, expect
from suites.common.answers import succeeds, succeeds_with_200
from suites.common.lists import PAGE, identifiers, items, names_each_once
from suites.messages.citations import CHOICES, INBOX, PAGES
from suites.messages.list_rules import EDGE, RECENT, SKEW, keeps_order, same_items, settled
from suites.messages.lists import some_items
from suites.messages.steadiness import unless_unsteady

CLAIM = (
    "If this patient has no more than 1,000 messages, choose another as test_data.crowded_patient."
)


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
        it.that(found <= PAGE, "/items", f"at most {PAGE} items", f"{found} items")


@check("crowded-inbox-fills-its-page", level="should", basis="inferred", source=PAGES)
def test_a_crowded_inbox_fills_its_page(crowded_inbox: Exchange) -> None:
    """Of more than 1,000 messages the inbox lists no fewer than 1,000."""
    with expect(crowded_inbox) as it:
        found = len(items(crowded_inbox))
        it.that(found >= PAGE, "/items", f"{PAGE} items", f"{found} items", next_step=CLAIM)


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
        expected, actual = f"the {len(newest)} newest messages", f"without {len(missing)} of them"
        it.that(not missing, "relation:newest-come-first", expected, actual)


@check("crowded-inbox-says-that-there-is-more", level="should", basis="inferred", source=CHOICES)
def test_a_crowded_inbox_says_that_there_is_more(
    crowded_inbox: Exchange, inbox_items: Exchange
) -> None:
    """Beside its items, a cut inbox carries something that a whole one lacks."""
    with expect(crowded_inbox) as it:
        it.that(
            bool(_signs(crowded_inbox) - _signs(inbox_items)),
            "relation:an-indicator-of-more",
            "a member or an opc- or oh- header that differs from a whole inbox's",
            "none",
            next_step=CLAIM,
        )


def _signs(exchange: Exchange) -> set[tuple[str, str]]:
    """Return what beside the items could say that there is more."""
    items(exchange)
    members = {(name, repr(value)) for name, value in exchange.json.items() if name != "items"}
    headers = {
        (name.lower(), "")
        for name, _ in exchange.response.headers
        if name.lower().startswith(("opc-", "oh-"))
    }
    return members | headers
