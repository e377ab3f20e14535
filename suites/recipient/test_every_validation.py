"""What all validations of a run say of one recipient: the same, alone and beside others, and however often."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive import Exchange, Expect, check, json_of
from suites.common.answers import each_once
from suites.common.judging import judge
from suites.common.lists import identifier, objects
from suites.recipient.test_validation import VALIDATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Question = tuple[object, ...]

pytestmark = pytest.mark.writes


@check("every-validation-says-the-same", level="must", basis="documented", source=VALIDATION)
def test_every_validation_says_the_same_of_a_recipient(
    answers: list[Exchange], validation: Exchange, validation_of_a_mix: Exchange
) -> None:
    """A recipient is valid for a category each time that it is asked about, or never: alone, and among others."""
    first: dict[Question, tuple[bool, Exchange]] = {}

    def says_the_same(it: Expect) -> None:
        for question, verdict in _verdicts(it.exchange):
            before, where = first.setdefault(question, (verdict, it.exchange))
            expected = f"{str(before).lower()} for a recipient, as in {where.name}"
            it.that(verdict == before, "/items/*/isValid", expected, str(verdict).lower())

    judge(_validations([validation_of_a_mix, *answers], validation), says_the_same)


def _validations(answers: Iterable[Exchange], plain: Exchange) -> Iterator[Exchange]:
    """Yield the validations of a tenant that came with success, the plain one first."""
    for one in each_once([plain], answers):
        if one.succeeded and (one.request.method, one.request.url) == ("POST", plain.request.url):
            yield one


def _verdicts(exchange: Exchange) -> Iterator[tuple[Question, bool]]:
    """Yield what was asked about each recipient, with the verdict; nothing of an id that was asked about twice."""
    asked, answered = json_of(exchange.request), exchange.json_or_none
    if not isinstance(asked, dict) or not isinstance(answered, dict):
        return
    about = (asked.get("category"), asked.get("patientId"))
    named = objects(asked.get("recipients"))
    found = objects(answered.get("items"))
    if not all(isinstance(value, str | None) for value in about):
        return
    for one in named:
        key, kind = identifier(one), one.get("recipientType")
        verdicts = [item.get("isValid") for item in found if identifier(item) == key]
        alone = [identifier(other) for other in named].count(key) == len(verdicts) == 1
        if alone and isinstance(kind, str) and isinstance(verdicts[0], bool):
            yield (*about, key, kind), verdicts[0]
