"""What is found: the values of some ids, those that a filter keeps, and none where there are none."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from golive import (
    CouldNotTellError,
    Exchange,
    ThinDataError,
    check,
    expect,
    show,
)
from suites.common.alike import are_shown_alike, are_the_same_again
from suites.common.answers import succeeds
from suites.common.lists import (
    holds,
    holds_exactly,
    identifiers,
    items,
    member,
    some_items,
)

if TYPE_CHECKING:
    from collections.abc import Collection


VALUES = "contract-facts §2.9; op-20240101-codevalues-get.html"
CHOICES = "contract-facts §9"
LONGEST_NUMBER = 1000
"""Digits of an id that is compared as a number; Python refuses to read some thousands."""


# ---- by id --------------------------------------------------------------------------------------------------------


@check("code-values-by-id-are-those", level="must", basis="documented", source=VALUES)
def test_code_values_by_id_are_those(
    code_values_by_id: Exchange, code_values: Exchange, other_code_values: Exchange
) -> None:
    """A request for several ids lists exactly the code values of those ids."""
    asked = _asked(code_values_by_id, "id")
    _exactly(code_values_by_id, asked, code_values, other_code_values)


@check("code-values-by-id-are-grouped-by-code-set", level="must", basis="documented", source=VALUES)
def test_code_values_by_id_come_by_code_set(code_values_by_id: Exchange) -> None:
    """Code values that are asked for by id come first by code set: each set stands together."""
    with expect(code_values_by_id) as it:
        found = some_items(code_values_by_id)
        sets = [str(member(code_values_by_id, item, "codeSet")) for item in found]
        wanted, groups = len(set(sets)), len(list(groupby(sets)))
        if wanted < 2:
            raise ThinDataError("the ids asked for show values of fewer than two code sets")
        it.that(groups == wanted, "relation:order", f"{wanted} groups", f"{groups} groups")


@check("code-values-by-id-come-by-number", level="must", basis="inferred", source=CHOICES)
def test_code_values_by_id_come_by_number(code_values_by_id: Exchange) -> None:
    """Code values that are asked for by id come by code set and id as numbers, in ascending order."""
    with expect(code_values_by_id) as it:
        keys = [
            (_number(item.get("codeSet")), _number(item.get("id")))
            for item in some_items(code_values_by_id)
        ]
        it.that(keys == sorted(keys), "relation:order", "ascending numbers", "another order")


@check("code-values-by-id-take-no-filter", level="must", basis="documented", source=VALUES)
def test_code_values_by_id_take_no_filter(
    code_values_by_id_and_filter: Exchange, code_values: Exchange, other_code_values: Exchange
) -> None:
    """Where ids are given, no filter counts: all their code values are listed; that it is not refused is advice."""
    exchange = code_values_by_id_and_filter
    if 400 <= exchange.status < 500:
        with expect(exchange) as it:
            it.status(200, advice=True)
        return
    _exactly(exchange, _asked(exchange, "id"), code_values, other_code_values)


@check("code-values-of-50-ids-are-listed", level="must", basis="documented", source=VALUES)
def test_fifty_ids_are_read(
    code_values_of_50_ids: Exchange, code_values: Exchange, other_code_values: Exchange
) -> None:
    """Of as many ids as are allowed, all are listed."""
    asked = _asked(code_values_of_50_ids, "id")
    _exactly(code_values_of_50_ids, asked, code_values, other_code_values)


@check("code-values-too-many-ids", level="must", basis="inferred", source=VALUES)
def test_more_ids_than_allowed_are_refused(code_values_of_51_ids: Exchange) -> None:
    """A request for the code values of 51 ids is refused."""
    with expect(code_values_of_51_ids) as it:
        status = code_values_of_51_ids.status
        it.that(400 <= status < 500, "status", "4xx", str(status))


@check("code-values-leave-unknown-ids-out", level="must", basis="inferred", source=CHOICES)
def test_unknown_ids_are_left_out(
    code_values_with_unknown_id: Exchange, code_values: Exchange
) -> None:
    """Where a part of the ids is unknown, the code values of the others are listed."""
    known = _asked(code_values_with_unknown_id, "id") & set(_found(code_values))
    _exactly(code_values_with_unknown_id, known, code_values)


@check("code-values-of-unknown-ids-are-none", level="must", basis="inferred", source=CHOICES)
def test_unknown_ids_alone_give_an_empty_array(code_values_of_unknown_ids: Exchange) -> None:
    """Where all ids are unknown, the answer is a success with an empty array."""
    _none(code_values_of_unknown_ids)


@check("code-values-of-an-unknown-set-are-none", level="must", basis="inferred", source=CHOICES)
def test_an_unknown_code_set_has_no_values(code_values_of_an_unknown_set: Exchange) -> None:
    """A code set that does not exist is answered with an empty array."""
    _none(code_values_of_an_unknown_set)


# ---- by a filter ----------------------------------------------------------------------------------------------------


@check("code-values-keep-the-meaning-filter", level="must", basis="documented", source=VALUES)
def test_the_filter_by_meaning_is_kept(
    code_values_by_meaning: Exchange, code_values: Exchange
) -> None:
    """With cdfMeaning, exactly the values of the code set that have one of those meanings are listed."""
    _kept(code_values_by_meaning, code_values, "cdfMeaning")


@check("code-values-meaning-is-case-sensitive", level="must", basis="documented", source=VALUES)
def test_the_filter_by_meaning_heeds_the_case(
    code_values_by_other_case: Exchange, code_values: Exchange
) -> None:
    """A meaning in the other case finds the values that have it in that case, and no other."""
    _kept(code_values_by_other_case, code_values, "cdfMeaning")


@check("code-values-keep-the-cki-filter", level="must", basis="documented", source=VALUES)
def test_the_filter_by_cki_is_kept(code_values_by_cki: Exchange, code_values: Exchange) -> None:
    """With cki, exactly the values of the code set that have one of those texts are listed."""
    _kept(code_values_by_cki, code_values, "cki")


@check("code-values-keep-the-concept-filter", level="must", basis="documented", source=VALUES)
def test_the_filter_by_concept_is_kept(
    code_values_by_concept: Exchange, code_values: Exchange
) -> None:
    """With conceptCki, exactly the values of the code set that have one of those texts are listed."""
    _kept(code_values_by_concept, code_values, "conceptCki")


@check("code-values-take-20-filters", level="must", basis="documented", source=VALUES)
def test_twenty_values_of_a_filter_are_read(
    code_values_by_20_ckis: Exchange, code_values: Exchange
) -> None:
    """As many values of a filter as are allowed are read, the first ones and the last ones included."""
    _kept(code_values_by_20_ckis, code_values, "cki")


# ---- all lists together ---------------------------------------------------------------------------------------------

SHOWN = (
    "codeSet",
    "cdfMeaning",
    "cki",
    "conceptCki",
    "definition",
    "description",
    "display",
    "isActive",
)


@check("every-list-shows-a-code-value-alike", level="must", basis="documented", source=VALUES)
def test_every_list_shows_a_code_value_alike(
    answers: list[Exchange], code_values: Exchange, code_values_by_id: Exchange
) -> None:
    """A code value has the same code set, meaning, concept and texts in each list that shows them."""
    are_shown_alike([code_values_by_id, *answers], code_values, SHOWN)


@check("code-values-are-the-same-again", level="must", basis="documented", source=VALUES)
def test_code_values_are_the_same_each_time(answers: list[Exchange], code_values: Exchange) -> None:
    """Code values that are asked for several times in the same way are the same ones each time."""
    are_the_same_again(answers, code_values)


def _asked(exchange: Exchange, name: str) -> set[str]:
    return {value for key, value in exchange.request.query if key == name}


def _found(exchange: Exchange) -> list[str]:
    return identifiers(exchange, items(exchange))


def _number(text: Any) -> int:
    if not str(text).isdecimal() or len(str(text)) > LONGEST_NUMBER:
        raise CouldNotTellError("an id or a code set is no number, so its order is unknown")
    return int(text)


def _kept(exchange: Exchange, listing: Exchange, name: str) -> None:
    """The filtered list has the items of the unfiltered one that have an asked text, and none that has not.

    Either may be a page, and no public text gives its size: an item is judged by the text and the code set that it
    shows, and by the unfiltered list where that has it.
    """
    asked = sorted(_asked(exchange, name))  # an item's member may be anything, and no set holds it
    (code_set,) = _asked(exchange, "codeSet")
    having = [item for item in some_items(listing) if item.get(name) in asked]
    wanted = set(identifiers(listing, having))
    unfit = set(_found(listing)) - wanted
    with expect(exchange) as it:
        if succeeds(it):
            extra = [
                one
                for one, item in zip(_found(exchange), items(exchange), strict=True)
                if one in unfit
                or item.get(name, asked[0]) not in asked
                or str(item.get("codeSet", code_set)) != code_set
            ]
            it.that(not extra, "relation:no-item-is-added", "no other", show(sorted(extra)))
            holds(it, wanted, "each that was asked for", listing)


def _exactly(exchange: Exchange, wanted: Collection[str], *others: Exchange) -> None:
    """The answer is a success, and its list has these ids and no other; `others` show how large a page is."""
    with expect(exchange) as it:
        if succeeds(it):
            holds_exactly(it, wanted, "each that was asked for", *others)


def _none(exchange: Exchange) -> None:
    with expect(exchange) as it:
        body = it.json() if succeeds(it) else None
        if body is not None:
            found = body.get("items") if isinstance(body, dict) else None
            it.that(found == [], "/items", "an empty array", show(found))
