"""The values of a code set, and their order."""

from __future__ import annotations

from golive import (
    Contract,
    CouldNotTellError,
    Exchange,
    Expect,
    Steps,
    check,
    counted,
    expect,
    show,
)
from suites.common.answers import are_answered, for_each, succeeds_with_200
from suites.common.judging import advise_no_failure, advise_success
from suites.common.lists import identifiers, items, member, names_each_once, some_items

LONGEST = 18
"""Digits of an id that is compared as a number."""

COMMON = "contract-facts §1; mcfap/intro.html"
VALUES = "contract-facts §2.9; op-20240101-codevalues-get.html"
CHOICES = "contract-facts §9"
SECRECY = "RFC 6749 §10.3"


@check("code-values-status-is-200", level="must", basis="documented", source=VALUES)
def test_code_values_are_answered_with_200(code_values: Exchange) -> None:
    """A request for the values of a code set succeeds; that the status is 200 and no other 2xx is advice."""
    with expect(code_values) as it:
        succeeds_with_200(it)


@check("code-values-are-json", level="must", basis="inferred", source=COMMON)
def test_code_values_are_json(code_values: Exchange) -> None:
    """Code values come as a JSON text with media type application/json."""
    with expect(code_values) as it:
        it.media_type()
        it.json()


@check("code-values-have-request-id", level="must", basis="inferred", source=VALUES)
def test_code_values_carry_a_request_id(code_values: Exchange) -> None:
    """The answer with code values carries an opc-request-id."""
    with expect(code_values) as it:
        it.header("opc-request-id")


@check("code-values-keep-their-schema", level="must", basis="inferred", source=VALUES)
def test_code_values_keep_their_schema(code_values: Exchange, contract: Contract) -> None:
    """The list of code values has the form that the contract gives."""
    with expect(code_values) as it:
        it.schema(contract, "code-system-20240101/code-values")


@check("code-values-are-listed-once", level="must", basis="inferred", source=CHOICES)
def test_each_code_value_is_listed_once(code_values: Exchange) -> None:
    """No two values of a code set have the same id."""
    with expect(code_values) as it:
        names_each_once(it, some_items(it.exchange))


@check("code-values-keep-the-token", level="must", basis="standard", source=SECRECY)
def test_code_values_do_not_repeat_the_token(code_values: Exchange) -> None:
    """Nothing in the answer with code values repeats the token or the credential."""
    with expect(code_values) as it:
        it.keeps_secrets()


@check("code-values-answer-every-option", level="must", basis="documented", source=VALUES)
def test_code_values_answer_every_option(
    other_code_values: Exchange,
    code_values_by_id: Exchange,
    code_values_of_50_ids: Exchange,
    code_values_by_concept: Exchange,
    code_values_by_20_ckis: Exchange,
) -> None:
    """A request for code values with documented parameters, up to their maxima, is answered with 2xx and JSON."""
    are_answered(
        other_code_values,
        code_values_by_id,
        code_values_of_50_ids,
        code_values_by_concept,
        code_values_by_20_ckis,
        typed=False,
    )


@check("code-values-answer-every-order", level="must", basis="inferred", source=CHOICES)
def test_code_values_answer_every_order(
    code_values_ascending: Exchange,
    code_values_descending: Exchange,
    code_values_by_id_descending: Exchange,
) -> None:
    """A request for code values with sortOrder ASC or DESC is answered with 2xx and JSON."""
    are_answered(
        code_values_ascending, code_values_descending, code_values_by_id_descending, typed=False
    )


@check("code-values-take-a-request-id", level="must", basis="inferred", source=VALUES)
def test_a_caller_may_name_the_request(code_values_with_request_id: Exchange) -> None:
    """A request for code values may have an opc-request-id of the caller's own."""
    are_answered(code_values_with_request_id, typed=False)


@check("code-values-are-of-the-code-set", level="must", basis="documented", source=VALUES)
def test_code_values_are_of_the_code_set(code_values: Exchange) -> None:
    """Every value that is listed for a code set belongs to it."""
    _are_of_the_code_set(code_values)


@check("other-code-values-are-of-the-code-set", level="must", basis="documented", source=VALUES)
def test_other_code_values_are_of_the_code_set(other_code_values: Exchange) -> None:
    """Every value that is listed for a second code set belongs to it, too."""
    _are_of_the_code_set(other_code_values)


@check(
    "filtered-code-values-stay-in-their-code-set", level="must", basis="documented", source=VALUES
)
def test_a_filter_finds_nothing_of_another_code_set(
    code_values_by_texts_of_another_set: Steps, code_values: Exchange, other_code_values: Exchange
) -> None:
    """A filter beside codeSet finds no value of another code set, whose texts it names."""
    asked_for = code_values_by_texts_of_another_set.values()
    advise_no_failure(asked_for)
    own, others = (set(identifiers(one, items(one))) for one in (code_values, other_code_values))

    def finds_none_of_them(it: Expect) -> None:
        asked = dict(it.exchange.request.query)["codeSet"]
        found = items(it.exchange)
        foreign = [
            one
            for one, item in zip(identifiers(it.exchange, found), found, strict=True)
            if one in others - own or str(item.get("codeSet", asked)) != asked
        ]
        it.that(
            not foreign, "relation:no-item-is-added", "no value of another code set", show(foreign)
        )

    for_each(finds_none_of_them, *asked_for)


@check("code-values-sort-order-reverses", level="must", basis="inferred", source=CHOICES)
def test_the_sort_order_reverses_the_list(
    code_values_ascending: Exchange, code_values_descending: Exchange
) -> None:
    """In descending order, the values of a code set come the other way round."""
    with expect(code_values_descending) as it:
        up = identifiers(code_values_ascending, some_items(code_values_ascending))
        down = identifiers(code_values_descending, some_items(code_values_descending))
        if len(up) < 2 or set(up) != set(down):
            raise CouldNotTellError("the two orders do not show the same two values or more")
        it.that(down == up[::-1], "relation:order", "the reverse of ascending", "another order")


@check("other-code-values-are-complete", level="must", basis="documented", source=VALUES)
def test_a_large_code_set_is_complete(
    other_code_values: Exchange, other_code_values_by_meaning: Exchange
) -> None:
    """A second code set lists each value that is found in it by its meaning, up to the last one that it lists.

    Where a list ends, a page may end: no public text says how many values one has.
    """
    advise_success([other_code_values_by_meaning])
    found = identifiers(other_code_values_by_meaning, some_items(other_code_values_by_meaning))
    listed = identifiers(other_code_values, some_items(other_code_values))
    if not all(one.isdecimal() and len(one) <= LONGEST for one in (*found, *listed)):
        raise CouldNotTellError("an id of a code value is no number, so their order is unknown")
    numbers = [*map(int, listed)]
    if numbers != sorted(numbers):
        raise CouldNotTellError("the values of a code set are not listed by their ids")
    missing = {one for one in found if int(one) < numbers[-1]} - {*listed}
    with expect(other_code_values) as it:
        at, expected = "relation:no-item-is-missing", "each value that is found by its meaning"
        it.that(not missing, at, expected, f"without {len(missing)} of {len(found)}")


def _are_of_the_code_set(exchange: Exchange) -> None:
    asked = dict(exchange.request.query)["codeSet"]
    with expect(exchange) as it:
        sets = [member(exchange, item, "codeSet") for item in some_items(exchange)]
        wrong = [index for index, one in enumerate(sets) if str(one) != asked]
        if wrong:
            where = f"/items/{wrong[0]}/codeSet"
            it.violated(where, "the code set asked for in every item", counted(len(wrong), "other"))
