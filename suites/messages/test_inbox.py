"""The inbox as it comes when nothing but the patient is named."""

from __future__ import annotations

from golive import Contract, Exchange, ThinDataError, check, counted, expect
from suites.common.answers import for_each, succeeds_with_200
from suites.common.lists import identifiers, items, names_each_once
from suites.messages.citations import COMMON, INBOX, SECRECY, STATUSES
from suites.messages.list_rules import (
    holds,
    is_settled_between,
    keeps_order,
    settled,
    shares_nothing,
)
from suites.messages.lists import some_items


@check("inbox-status-is-200", level="must", basis="documented", source=INBOX)
def test_the_inbox_is_answered_with_200(inbox_items: Exchange) -> None:
    """A valid inbox request succeeds; that the status is 200 and no other 2xx is advice."""
    with expect(inbox_items) as it:
        succeeds_with_200(it)


@check("inbox-is-json", level="must", basis="documented", source=COMMON)
def test_the_inbox_is_json(inbox_items: Exchange) -> None:
    """The inbox comes as a JSON text with media type application/json."""
    with expect(inbox_items) as it:
        it.media_type()
        it.json()


@check("inbox-has-request-id", level="must", basis="inferred", source=INBOX)
def test_the_inbox_carries_a_request_id(inbox_items: Exchange) -> None:
    """The inbox's answer carries an opc-request-id."""
    with expect(inbox_items) as it:
        it.header("opc-request-id")


@check("inbox-keeps-its-schema", level="must", basis="documented", source=INBOX)
def test_the_inbox_keeps_its_schema(inbox_items: Exchange, contract: Contract) -> None:
    """The inbox's body has the form that the contract gives; what is only inferred is advice."""
    with expect(inbox_items) as it:
        it.schema(contract, "messages-20241001/inbox-items")


@check("inbox-names-each-message-once", level="must", basis="inferred", source=INBOX)
def test_the_inbox_names_each_message_once(inbox_items: Exchange) -> None:
    """No two items of the inbox have the same id."""
    with expect(inbox_items) as it:
        names_each_once(it, some_items(it.exchange))


@check("inbox-newest-first", level="must", basis="documented", source=INBOX)
def test_the_inbox_is_sorted_newest_first_by_default(inbox_items: Exchange) -> None:
    """Without sortBy and sortOrder, inbox items come newest first."""
    with expect(inbox_items) as it:
        keeps_order(it, descending=True)


@check("inbox-keeps-the-token", level="must", basis="standard", source=SECRECY)
def test_the_inbox_does_not_repeat_the_token(inbox_items: Exchange) -> None:
    """Nothing in the inbox's answer repeats the token or the credential."""
    with expect(inbox_items) as it:
        it.keeps_secrets()


@check("inbox-keeps-deleted-items", level="must", basis="documented", source=STATUSES)
def test_deleted_messages_stay_listed(
    inbox_items: Exchange, inbox_long_window: Exchange, inbox_spelled_out: Exchange
) -> None:
    """A deleted message stays in the inbox, whichever way the inbox is asked for."""
    lists = (inbox_items, inbox_long_window, inbox_spelled_out)
    since, until = is_settled_between(*lists)
    deleted = {
        one for exchange in lists for one in settled(exchange, since, until, status="DELETED")
    }
    if not deleted:
        raise ThinDataError(
            "inbox_items shows no deleted message, so whether they stay listed can't be seen",
            next_step="Choose a patient who has deleted a message in the last 90 days.",
        )
    for_each(lambda it: holds(it, deleted, "every deleted message"), *lists)


@check("empty-inbox-status-is-200", level="must", basis="inferred", source=INBOX)
def test_an_empty_inbox_is_no_error(empty_inbox: Exchange) -> None:
    """A patient who has received nothing has an inbox, answered with 200."""
    with expect(empty_inbox) as it:
        it.status(200)


@check("empty-inbox-keeps-its-schema", level="must", basis="documented", source=INBOX)
def test_an_empty_inbox_keeps_the_schema(empty_inbox: Exchange, contract: Contract) -> None:
    """An empty inbox has the form of any other; the array is empty, not absent."""
    with expect(empty_inbox) as it:
        it.schema(contract, "messages-20241001/inbox-items")


@check("empty-inbox-lists-nothing", level="must", basis="documented", source=INBOX)
def test_an_empty_inbox_lists_nothing(empty_inbox: Exchange) -> None:
    """The inbox of a patient who has received nothing lists no message, nobody else's either."""
    with expect(empty_inbox) as it:
        found = len(items(empty_inbox))
        it.that(found == 0, "/items", "no item", counted(found, "item"))


@check("inboxes-of-two-patients-differ", level="must", basis="documented", source=INBOX)
def test_two_patients_share_no_message(inbox_items: Exchange, other_inbox: Exchange) -> None:
    """The inboxes of two patients have no item in common."""
    with expect(inbox_items) as it:
        shares_nothing(it, other_inbox)


@check("inbox-takes-no-pattern", level="must", basis="documented", source=INBOX)
def test_a_patients_id_is_no_pattern(inbox_items: Exchange, inbox_of_a_pattern: Exchange) -> None:
    """With a wildcard in place of the last character of a patient's id, no message of that patient is listed."""
    with expect(inbox_of_a_pattern) as it:
        if it.exchange.succeeded:
            own = set(identifiers(inbox_items, some_items(inbox_items)))
            found = own & set(identifiers(it.exchange, items(it.exchange)))
            actual = f"{counted(len(found), 'message')} of a patient with another id"
            it.that(not found, "relation:no-common-item", "a refusal, or no such message", actual)


@check("inbox-and-sent-items-differ", level="must", basis="inferred", source=INBOX)
def test_no_message_is_both_received_and_sent(inbox_items: Exchange, sent_items: Exchange) -> None:
    """No item of the inbox is among the patient's sent items."""
    with expect(inbox_items) as it:
        shares_nothing(it, sent_items)
