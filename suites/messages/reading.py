"""Requests that read messages, as exchanges make them: the patient of the environment, and the rest by name.

Times in requests come from the clock here; a check reads them back from the exchange.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, claimed_data, demand_claimed, instant
from suites.messages.list_rules import EDGE, LOWER, UPPER, WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)
"""A bound that many clients write for “open”: past 2038, and what a number of seconds or nanoseconds can hold."""

LONG = timedelta(days=3 * 365)
"""How far back the long windows reach: no maximum is documented, and test data is seldom older."""

NEARER = (timedelta(days=330), timedelta(days=150))
"""And how far where that is refused: a month, by which bounds are in the future, is left of a year or half a year."""

REFUSED = 400

CHARSETS = "iso-8859-1, utf-8;q=0.9"
"""What a caller says who can read more than UTF-8: JSON has no other encoding (RFC 8259 §8.1)."""


def read_inbox(
    api: MessagesApi,
    environment: Environment,
    name: str,
    patient: str = "patient",
    **query: str | Iterable[str],
) -> Exchange:
    """Ask for the inbox of a patient whom the environment names; raises NotClaimedError."""
    key = claimed_data(environment, "listInboxItems", patient)
    return api.call("listInboxItems", name=name, query={"patientId": key, **query})


def read_sent_items(
    api: MessagesApi, environment: Environment, name: str, patient: str = "patient", **query: str
) -> Exchange:
    """Ask for the sent items of a patient whom the environment names; raises NotClaimedError."""
    key = claimed_data(environment, "listSentItems", patient)
    return api.call("listSentItems", name=name, query={"patientId": key, **query})


def read_message(
    api: MessagesApi, environment: Environment, name: str, identifier: str, **query: str
) -> Exchange:
    """Ask for a message by its id; raises NotClaimedError."""
    demand_claimed(environment, "getMessage")
    return api.call("getMessage", name=name, path={"patientMessageId": identifier}, query=query)


def reads_one(one: Exchange) -> bool:
    """Return whether a request asks for one message by its id."""
    return one.request.operation == "getMessage" and one.request.method == "GET"


def reaching_back(ask: Callable[[dict[str, str]], Exchange]) -> Exchange:
    """Ask for a list with a lower bound far back and, where that is refused with 400, with nearer ones in turn.

    No page says how wide a window may be. Where none is taken, the answer to the first stands.
    """
    now = datetime.now(UTC)
    first = ask({LOWER: instant(now - LONG)})
    nearer = NEARER if first.status == REFUSED else ()
    answers = (ask({LOWER: instant(now - back)}) for back in nearer)
    return next((one for one in answers if one.succeeded), first)


def before_the_window() -> dict[str, str]:
    """Return the bound that ends where the default window begins."""
    return {UPPER: instant(datetime.now(UTC) - WINDOW - EDGE)}
