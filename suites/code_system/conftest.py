"""Exchanges that look up code values: each distinct situation once.

The code sets come from the test data: `code_set`, and `other_code_set` for what needs a second one. No data of patients
is touched.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    ThinDataError,
    claimed_data,
    demand_claimed,
    exchange,
)
from suites.common.lists import asked_id, identifiers, items, some_items
from suites.common.refusals import demand_control, demand_thorough

if TYPE_CHECKING:
    from collections.abc import Iterable


UNKNOWN = ("999999999999997", "999999999999998")
"""Ids that no code value has."""

MOST_IDS, MOST_FILTERS = 50, 20
FEW = 3
"""Values of each code set that are asked for by id."""

CALLERS_ID = "golive_CodeValues-01"


def _values(
    api: MessagesApi, environment: Environment, name: str, **query: str | Iterable[str]
) -> Exchange:
    demand_claimed(environment, "listCodeValues")
    return api.call("listCodeValues", name=name, query=query)


def _code_set(environment: Environment, key: str = "code_set") -> str:
    return claimed_data(environment, "listCodeValues", key)


def _of_set(
    api: MessagesApi, environment: Environment, name: str, **query: str | Iterable[str]
) -> Exchange:
    return _values(api, environment, name, codeSet=_code_set(environment), **query)


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


# ---- by code set ----------------------------------------------------------------------------------------------


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
    return _values(api, environment, "other_code_values", codeSet=other)


@exchange
def code_values_of_an_unknown_set(api: MessagesApi, environment: Environment) -> Exchange:
    """The values of a code set that does not exist."""
    demand_thorough(environment)
    return _values(api, environment, "code_values_of_an_unknown_set", codeSet=UNKNOWN[0])


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


# ---- by id ------------------------------------------------------------------------------------------------------


def _mixed(code_values: Exchange, other_code_values: Exchange) -> list[str]:
    """Return ids of both code sets, by turns and from the last to the first."""
    few = [
        identifiers(listed, some_items(listed))[:FEW][::-1]
        for listed in (code_values, other_code_values)
    ]
    return [one for pair in zip(*few, strict=False) for one in pair]


@exchange
def code_values_by_id(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """Values of two code sets, by id."""
    ids = _mixed(code_values, other_code_values)
    return _values(api, environment, "code_values_by_id", id=ids)


@exchange
def code_values_by_id_descending(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """Values of two code sets, by id and in descending order."""
    ids = _mixed(code_values, other_code_values)
    return _values(api, environment, "code_values_by_id_descending", id=ids, sortOrder="DESC")


@exchange
def code_values_by_id_and_filter(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """Values of two code sets, by id and with a filter that none of them passes."""
    ids = _mixed(code_values, other_code_values)
    meaning = ["GOLIVE-NO-SUCH-MEANING"]
    return _values(api, environment, "code_values_by_id_and_filter", id=ids, cdfMeaning=meaning)


@exchange
def code_values_with_unknown_id(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """A value that does not exist, and one that does, by id."""
    demand_thorough(environment)
    known = identifiers(code_values, some_items(code_values))[0]
    return _values(api, environment, "code_values_with_unknown_id", id=[UNKNOWN[0], known])


@exchange
def code_values_of_unknown_ids(api: MessagesApi, environment: Environment) -> Exchange:
    """Values that do not exist, by id."""
    return _values(api, environment, "code_values_of_unknown_ids", id=UNKNOWN)


def _many(code_values: Exchange, other_code_values: Exchange) -> list[str]:
    """Return one id more than may be asked for, all of which exist."""
    known = [
        *identifiers(code_values, items(code_values)),
        *identifiers(other_code_values, items(other_code_values)),
    ]
    if len(known) <= MOST_IDS:
        raise ThinDataError(
            f"the lists of the two code sets show {len(known)} values, so {MOST_IDS} and one more can't be asked for",
            next_step="Choose a larger code set (test_data.other_code_set).",
        )
    return known[: MOST_IDS + 1]


@exchange
def code_values_of_50_ids(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """As many ids as are allowed."""
    ids = _many(code_values, other_code_values)[:MOST_IDS]
    return _values(api, environment, "code_values_of_50_ids", id=ids)


@exchange
def code_values_of_51_ids(
    api: MessagesApi,
    code_values_of_50_ids: Exchange,
    code_values: Exchange,
    other_code_values: Exchange,
) -> Exchange:
    """One id more than is allowed; the request with one less succeeds."""
    demand_control(code_values_of_50_ids)
    more = urlencode({"id": _many(code_values, other_code_values)[MOST_IDS]})
    request = code_values_of_50_ids.request
    url = f"{request.url}&{more}"
    return api.send(replace(request, url=url), "code_values_of_51_ids")


@exchange
def code_values_with_request_id(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """The values of a code set, asked for with the caller's own opc-request-id."""
    demand_thorough(environment)
    headers = code_values.request.headers.with_("opc-request-id", CALLERS_ID)
    return api.send(replace(code_values.request, headers=headers), "code_values_with_request_id")


# ---- one code value -----------------------------------------------------------------------------------------------


@partial(exchange, plain="getCodeValue")
def code_value(api: MessagesApi, environment: Environment, code_values: Exchange) -> Exchange:
    """One code value: the one of the test data, else the first of the list."""
    demand_claimed(environment, "getCodeValue")
    known = environment.get("test_data.code_value")
    if not isinstance(known, str):
        known = identifiers(code_values, some_items(code_values))[0]
    return api.call("getCodeValue", name="code_value", path={"codeValueId": known})


@exchange
def another_code_value(
    api: MessagesApi, environment: Environment, code_values: Exchange, code_value: Exchange
) -> Exchange:
    """Another code value of the list: the last one."""
    demand_claimed(environment, "getCodeValue")
    last = identifiers(code_values, some_items(code_values))[-1]
    if last == asked_id(code_value):
        raise ThinDataError(
            "code_values lists no other code value than the one that was read",
            next_step="Choose a code set with several values (test_data.code_set).",
        )
    return api.call("getCodeValue", name="another_code_value", path={"codeValueId": last})


@exchange
def code_value_with_request_id(
    api: MessagesApi, environment: Environment, code_value: Exchange
) -> Exchange:
    """One code value, asked for with the caller's own opc-request-id."""
    demand_thorough(environment)
    headers = code_value.request.headers.with_("opc-request-id", CALLERS_ID)
    return api.send(replace(code_value.request, headers=headers), "code_value_with_request_id")
