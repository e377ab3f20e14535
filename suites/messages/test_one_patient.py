"""A list is that of one patient: two ids in one request do not open the lists of both, nor is one of them taken."""

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
    """With two ids and a comma as patientId, which is no patient's id, the inbox lists no message of either."""
    with expect(inbox_of_two_patients) as it:
        _is_of_nobody(it, inbox_items, other_inbox)


@check("sent-items-are-of-one-patient", level="must", basis="documented", source=SENT_ITEMS)
def test_sent_items_are_of_one_patient(
    sent_of_two_patients: Steps, sent_items: Exchange, other_sent_items: Exchange
) -> None:
    """With patientId given twice, what both patients sent is not listed, nor with two ids in it what either sent."""
    listed = sent_of_two_patients["listed"]

    def is_so(it: Expect) -> None:
        rule = _is_of_nobody if it.exchange is listed else _is_of_one
        rule(it, sent_items, other_sent_items)

    for_each(is_so, *sent_of_two_patients.values())


def _is_of_one(it: Expect, one: Exchange, other: Exchange) -> None:
    """An answer to who names two patients is a refusal, or one patient's list at most; both must have items."""
    own, foreign = _of_each(it, one, other)
    expected = "a refusal, or the messages of one patient at most"
    _shows(it, not (own and foreign), expected, own, foreign)


def _is_of_nobody(it: Expect, one: Exchange, other: Exchange) -> None:
    """An answer to an id that two patients' ids were put together to is a refusal, or a list without their messages."""
    own, foreign = _of_each(it, one, other)
    expected = "a refusal, or no message: it is the id of no patient"
    _shows(it, not (own or foreign), expected, own, foreign)


def _of_each(it: Expect, one: Exchange, other: Exchange) -> list[set[str]]:
    """Return which messages of each of two patients, who must have some, an answer lists; none of a refusal."""
    known = [set(identifiers(each, some_items(each))) for each in (one, other)]
    made = it.exchange
    found = set(identifiers(made, items(made))) if made.succeeded else set[str]()
    return [found & each for each in known]


def _shows(it: Expect, holds: bool, expected: str, own: set[str], foreign: set[str]) -> None:
    actual = f"{counted(len(own), 'message')} of one patient, and {len(foreign)} of the other"
    it.that(holds, "relation:no-common-item", expected, actual)
