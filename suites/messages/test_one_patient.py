"""A list is that of one patient: two ids in one request do not open the lists of both."""

from __future__ import annotations

import pytest

from golive import Exchange, Expect, Steps, check, counted, expect
from suites.common.answers import for_each
from suites.common.lists import identifiers, items
from suites.messages.citations import INBOX, SENT_ITEMS
from suites.messages.lists import some_items


@check("inbox-is-of-one-patient", level="must", basis="documented", source=INBOX)
@pytest.mark.parametrize("row", ["inbox-repeated-patient"])
def test_the_inbox_is_of_one_patient(
    row: str,
    refused: Exchange,
    inbox_items: Exchange,
    other_inbox: Exchange,
) -> None:
    """With patientId given twice, the inbox does not list the messages of both patients."""
    with expect(refused) as it:
        _is_of_one(it, inbox_items, other_inbox)


@check("inbox-takes-no-list-of-patients", level="must", basis="documented", source=INBOX)
def test_a_patients_id_is_no_list(
    inbox_of_two_patients: Exchange, inbox_items: Exchange, other_inbox: Exchange
) -> None:
    """With two ids and a comma as patientId, the inbox does not list the messages of both patients."""
    with expect(inbox_of_two_patients) as it:
        _is_of_one(it, inbox_items, other_inbox)


@check("sent-items-are-of-one-patient", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_are_of_one_patient(
    sent_of_two_patients: Steps, sent_items: Exchange, other_sent_items: Exchange
) -> None:
    """With patientId given twice, or two ids in it, what both patients sent is not listed."""
    for_each(
        lambda it: _is_of_one(it, sent_items, other_sent_items), *sent_of_two_patients.values()
    )


def _is_of_one(it: Expect, one: Exchange, other: Exchange) -> None:
    """An answer to who names two patients is a refusal, or one patient's list at most; both must have items."""
    own, foreign = (set(identifiers(each, some_items(each))) for each in (one, other))
    if not it.exchange.succeeded:
        return
    found = set(identifiers(it.exchange, items(it.exchange)))
    it.that(
        not (found & own and found & foreign),
        "relation:no-common-item",
        "a refusal, or the messages of one patient at most",
        f"{counted(len(found & own), 'message')} of one patient, and {len(found & foreign)} of the other",
    )
