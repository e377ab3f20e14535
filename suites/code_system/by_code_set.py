"""Lists of a code set: all of its values, and those that a filter keeps."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    ThinDataError,
    claimed_data,
    demand_claimed,
    exchange,
)
from suites.common.lists import items, some_items
from suites.common.refusals import demand_thorough

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN = ("999999999999997", "999999999999998")
"""Ids that no code set and no code value has."""

MOST_FILTERS = 20
CALLERS_ID = "golive_CodeValues-01"


def read_values(
    api: MessagesApi, environment: Environment, name: str, **query: str | Iterable[str]
) -> Exchange:
    """Ask for a list of code values."""
    demand_claimed(environment, "listCodeValues")
    return api.call("listCodeValues", name=name, query=query)


def _code_set(environment: Environment, key: str = "code_set") -> str:
    return claimed_data(environment, "listCodeValues", key)


def _of_set(
    api: MessagesApi, environment: Environment, name: str, **query: str | Iterable[str]
) -> Exchange:
    return read_values(api, environment, name, codeSet=_code_set(environment), **query)


def _texts(listed: Exchange, name: str) -> list[str]:
    """Return the texts that a filter could look for, each once."""
    found = [item.get(name) for item in some_items(listed)]
    texts = list(dict.fromkeys(one for one in found if isinstance(one, str)))
    if not texts:
        raise ThinDataError(
            f"{listed.name} shows no {name}, so nothing can be filtered by it",
            next_step="Choose a code set whose values have one (test_data.code_set), unless lists never show it.",
        )
    return texts


def _several(listed: Exchange, name: str) -> list[str]:
    """Return texts to filter by, as many as one request takes; one is left out where no item would be."""
    texts = _texts(listed, name)
    if len(texts) > 1 and all(item.get(name) in texts for item in items(listed)):
        texts = texts[:-1]
    return texts[:MOST_FILTERS]


@partial(exchange, plain="listCodeValues")
def code_values(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of a code set."""
    return _of_set(api, environment, "code_values")


@exchange
def code_values_ascending(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of a code set in ascending order."""
    return _of_set(api, environment, "code_values_ascending", sortOrder="ASC")


@exchange
def code_values_descending(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of a code set in descending order."""
    return _of_set(api, environment, "code_values_descending", sortOrder="DESC")


@exchange
def other_code_values(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of another code set."""
    other = _code_set(environment, "other_code_set")
    return read_values(api, environment, "other_code_values", codeSet=other)


@exchange
def other_code_values_by_meaning(
    api: MessagesApi, environment: Environment, other_code_values: Exchange
) -> Exchange:
    """The values of another code set that have one of the meanings that its list shows."""
    demand_thorough(environment)
    other = _code_set(environment, "other_code_set")
    wanted = _texts(other_code_values, "cdfMeaning")[:MOST_FILTERS]
    name = "other_code_values_by_meaning"
    return read_values(api, environment, name, codeSet=other, cdfMeaning=wanted)


@exchange
def code_values_of_an_unknown_set(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of a code set that does not exist."""
    demand_thorough(environment)
    return read_values(api, environment, "code_values_of_an_unknown_set", codeSet=UNKNOWN[0])


@exchange
def code_values_by_meaning(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set that have one of several meanings."""
    demand_thorough(environment)  # code_values_by_other_case are filtered by a meaning as well
    wanted = _several(code_values, "cdfMeaning")
    return _of_set(api, environment, "code_values_by_meaning", cdfMeaning=wanted)


@exchange
def code_values_by_other_case(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set by a meaning with letters, each of them in the other case."""
    meanings = [one for one in _texts(code_values, "cdfMeaning") if one.swapcase() != one]
    if not meanings:
        raise ThinDataError("code_values shows no meaning with letters")
    wanted = [meanings[0].swapcase()]
    return _of_set(api, environment, "code_values_by_other_case", cdfMeaning=wanted)


@exchange
def code_values_by_cki(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set that have one of several CKIs."""
    demand_thorough(environment)  # code_values_by_20_ckis are asked for by these CKIs as well
    wanted = _several(code_values, "cki")
    return _of_set(api, environment, "code_values_by_cki", cki=wanted)


@exchange
def code_values_by_concept(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set that have one of several concepts."""
    wanted = _several(code_values, "conceptCki")
    return _of_set(api, environment, "code_values_by_concept", conceptCki=wanted)


@exchange
def code_values_by_20_ckis(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set by as many CKIs as are allowed, of which it has the first ones and the last ones."""
    known = _several(code_values, "cki")
    fillers = [f"GOLIVE{number}" for number in range(MOST_FILTERS - len(known))]
    half = (len(known) + 1) // 2
    wanted = [*known[:half], *fillers, *known[half:]]
    return _of_set(api, environment, "code_values_by_20_ckis", cki=wanted)


@exchange
def code_values_with_request_id(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set, asked for with the caller's own opc-request-id."""
    demand_thorough(environment)
    headers = code_values.request.headers.with_("opc-request-id", CALLERS_ID)
    return api.send(replace(code_values.request, headers=headers), "code_values_with_request_id")
