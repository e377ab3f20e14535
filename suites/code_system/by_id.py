"""Lists of code values that are asked for by their ids, of one code set and of two."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from golive import Environment, Exchange, MessagesApi, ThinDataError, exchange
from suites.code_system.by_code_set import UNKNOWN, read_values
from suites.common.lists import identifiers, items, some_items
from suites.common.refusals import demand_control, demand_thorough

MOST_IDS = 50
FEW = 3
"""Values of each code set that are asked for by id."""


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
    return read_values(api, environment, "code_values_by_id", id=ids)


@exchange
def code_values_by_id_descending(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """Values of two code sets, by id and in descending order."""
    ids = _mixed(code_values, other_code_values)
    return read_values(api, environment, "code_values_by_id_descending", id=ids, sortOrder="DESC")


@exchange
def code_values_by_id_and_filter(
    api: MessagesApi, environment: Environment, code_values: Exchange, other_code_values: Exchange
) -> Exchange:
    """Values of two code sets, by id and with a filter that none of them passes."""
    ids = _mixed(code_values, other_code_values)
    meaning = ["GOLIVE-NO-SUCH-MEANING"]
    return read_values(api, environment, "code_values_by_id_and_filter", id=ids, cdfMeaning=meaning)


@exchange
def code_values_with_unknown_id(
    api: MessagesApi, environment: Environment, code_values: Exchange
) -> Exchange:
    """A value that does not exist, and one that does, by id."""
    demand_thorough(environment)
    known = identifiers(code_values, some_items(code_values))[0]
    return read_values(api, environment, "code_values_with_unknown_id", id=[UNKNOWN[0], known])


@exchange
def code_values_of_unknown_ids(api: MessagesApi, environment: Environment) -> Exchange:
    """Values that do not exist, by id."""
    return read_values(api, environment, "code_values_of_unknown_ids", id=UNKNOWN)


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
    return read_values(api, environment, "code_values_of_50_ids", id=ids)


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
    return api.send(replace(request, url=f"{request.url}&{more}"), "code_values_of_51_ids")
