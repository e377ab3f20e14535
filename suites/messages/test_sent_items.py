"""What a patient has sent: the list as it comes, and in other orders.

Oracle's pages contradict each other on whether 1,000 is the limit here, so no number of items is asserted.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from golive import (
    Contract,
    Exchange,
    Expect,
    FindingsError,
    Steps,
    ThinDataError,
    check,
    counted,
    expect,
)
from suites.common.answers import for_each, succeeds_with_200
from suites.common.lists import items, names_each_once
from suites.messages.bounds import agree_where_they_overlap
from suites.messages.citations import COMMON, INBOX, PAGES, SECRECY, SEND, SENT_ITEMS
from suites.messages.list_rules import groups_priorities, keeps_order, same_items, shares_nothing
from suites.messages.lists import some_items
from suites.messages.sending import SEND as SEND_MESSAGE
from suites.messages.sending import SUBJECT_PREFIX
from suites.messages.steadiness import unless_unsteady

if TYPE_CHECKING:
    from collections.abc import Mapping

    from suites.common.lists import Item


@check("sent-items-status-is-200", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_are_answered_with_200(sent_items: Exchange) -> None:
    """A valid request for sent items succeeds; that the status is 200 and no other 2xx is advice."""
    with expect(sent_items) as it:
        succeeds_with_200(it)


@check("sent-items-are-json", level="must", basis="documented", source=COMMON)
def test_sent_items_are_json(sent_items: Exchange) -> None:
    """Sent items come as a JSON text with media type application/json."""
    with expect(sent_items) as it:
        it.media_type()
        it.json()


@check("sent-items-have-request-id", level="must", basis="inferred", source=SENT_ITEMS)
def test_sent_items_carry_a_request_id(sent_items: Exchange) -> None:
    """The answer with sent items carries an opc-request-id."""
    with expect(sent_items) as it:
        it.header("opc-request-id")


@check("sent-items-keep-their-schema", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_keep_their_schema(sent_items: Exchange, contract: Contract) -> None:
    """The body with sent items has the form that the contract gives; what is inferred is advice."""
    with expect(sent_items) as it:
        it.schema(contract, "messages-20241001/sent-items")


@check("sent-items-name-each-message-once", level="must", basis="inferred", source=SENT_ITEMS)
def test_sent_items_name_each_message_once(sent_items: Exchange) -> None:
    """No two sent items have the same id."""
    with expect(sent_items) as it:
        names_each_once(it, some_items(it.exchange))


@check("sent-items-newest-first", level="must", basis="inferred", source=SENT_ITEMS)
def test_sent_items_are_sorted_newest_first_by_default(sent_items: Exchange) -> None:
    """Without sortBy and sortOrder, sent items come newest first."""
    with expect(sent_items) as it:
        keeps_order(it, descending=True)


@check("sent-items-sort-oldest-first", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_sort_oldest_first(sent_oldest_first: Exchange) -> None:
    """With sortBy=createDateTime and sortOrder=ASC, sent items come oldest first."""
    with expect(sent_oldest_first) as it:
        keeps_order(it, descending=False)


@check("sent-items-sort-by-priority", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_sort_by_priority(sent_by_priority: Exchange) -> None:
    """With sortBy=priority, sent items of one priority stand together."""
    with expect(sent_by_priority) as it:
        groups_priorities(it)


@check("sent-items-order-selects-nothing", level="must", basis="documented", source=SENT_ITEMS)
def test_the_order_changes_no_selection(
    sent_items: Exchange,
    sent_oldest_first: Exchange,
    sent_by_priority: Exchange,
    sent_askings: Steps,
) -> None:
    """Sent items are the same in whatever order they are asked for."""
    with unless_unsteady(sent_askings):
        for_each(lambda it: same_items(it, sent_items), sent_oldest_first, sent_by_priority)


@check("sent-items-keep-the-token", level="must", basis="standard", source=SECRECY)
def test_sent_items_do_not_repeat_the_token(sent_items: Exchange) -> None:
    """Nothing in the answer with sent items repeats the token or the credential."""
    with expect(sent_items) as it:
        it.keeps_secrets()


@check("crowded-sent-items-name-each-message-once", level="must", basis="inferred", source=PAGES)
def test_many_sent_items_name_each_message_once(crowded_sent_items: Exchange) -> None:
    """However many sent items come, no two of them have the same id."""
    with expect(crowded_sent_items) as it:
        succeeds_with_200(it)
        names_each_once(it, some_items(it.exchange))


@check("crowded-sent-items-newest-first", level="must", basis="inferred", source=PAGES)
def test_many_sent_items_are_sorted_newest_first(crowded_sent_items: Exchange) -> None:
    """However many sent items come, they come newest first."""
    with expect(crowded_sent_items) as it:
        keeps_order(it, descending=True)


@check("sent-items-of-two-patients-differ", level="must", basis="documented", source=SENT_ITEMS)
def test_two_patients_share_no_sent_item(sent_items: Exchange, other_sent_items: Exchange) -> None:
    """The sent items of another patient are answered, and the two patients have no item in common."""
    with expect(other_sent_items) as it:
        it.status(200)
    with expect(sent_items) as it:
        shares_nothing(it, other_sent_items)


@pytest.mark.writes
@check(
    "sent-items-are-the-senders-alone",
    level="must",
    basis="documented",
    source=f"{SENT_ITEMS}; {SEND}",
)
def test_what_one_patient_sends_is_in_no_other_list(
    answers: list[Exchange], sent_message: Exchange, sent_askings: Steps
) -> None:
    """No message that one patient sent is in the sent items of another, read when all had been sent."""
    sent, last = sent_message, sent_askings["last"]
    sender = json.loads(sent.request.body)["patientId"]
    if dict(last.request.query).get("patientId") == sender or last.sent_at < sent.sent_at:
        raise ThinDataError(
            f"{last.name} is no list of another patient than the one who sent",
            next_step="Choose another patient as test_data.write_patient.",
        )
    made = (one for one in answers if one.request.operation == SEND_MESSAGE and one.succeeded)
    subjects = {_subject(one) for one in made} - {None}
    with expect(last) as it:
        listed = [item for item in items(last) if item.get("subject") in subjects]
        expected, actual = "nothing that another patient sent", f"{len(listed)} of its messages"
        it.that(not listed, "relation:no-common-item", expected, actual)


@pytest.mark.writes
@check(
    "sent-message-is-not-received",
    level="must",
    basis="documented",
    source=f"{INBOX} (messages received); {SENT_ITEMS}; {SEND} (recipients)",
)
def test_a_sent_message_is_not_received_by_its_sender(
    answers: list[Exchange], sent_message: Exchange
) -> None:
    """A message that a patient sent to others is in no inbox of that patient which was read later."""
    sender = json.loads(sent_message.request.body)["patientId"]
    made = [one for one in answers if one.request.operation == SEND_MESSAGE and one.succeeded]
    # What answers a message may have its subject, too.
    sent = {
        subject: one.sent_at
        for one in made
        if (subject := _subject(one)) is not None and not subject.startswith("Re:")
    }
    later = [
        one
        for one in answers
        if one.request.operation == "listInboxItems"
        and one.succeeded
        and dict(one.request.query).get("patientId") == sender
        and one.sent_at > min(sent.values(), default=one.sent_at)
    ]
    if not later:
        raise ThinDataError("no inbox of the patient who sent was read after the sending")
    findings = []
    for one in later:
        it = Expect(one)
        listed = [item for item in items(one) if _is_own(item, sent, sender)]
        expected, actual = (
            "what the patient received",
            f"{counted(len(listed), 'message')} that it sent",
        )
        it.that(not listed, "relation:no-common-item", expected, actual)
        findings += it.findings
    if findings:
        raise FindingsError(findings)


def _is_own(item: Item, sent: Mapping[str, object], sender: str) -> bool:
    """Return whether an item is one that was sent; one that shows another sender is an answer to it."""
    shown = item.get("sender")
    by_another = isinstance(shown, dict) and str(shown.get("id", sender)) != sender
    return item.get("subject") in sent and not by_another


def _subject(sent: Exchange) -> str | None:
    """Return the subject with which a message was sent, if it is one of golive's own."""
    try:
        subject = json.loads(sent.request.body).get("subject")
    except (ValueError, AttributeError):
        return None
    own = isinstance(subject, str) and SUBJECT_PREFIX in subject
    return subject if own else None


@check("many-sent-items-are-complete", level="must", basis="documented", source=SENT_ITEMS)
def test_many_sent_items_are_complete(
    crowded_sent_items: Exchange, crowded_sent_shifted: Exchange
) -> None:
    """A sent item is listed at whatever place of a long list it stands: two lists agree where they overlap."""
    with expect(crowded_sent_shifted) as it:
        succeeds_with_200(it)
    agree_where_they_overlap(crowded_sent_items, crowded_sent_shifted)
