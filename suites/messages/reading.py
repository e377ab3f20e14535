"""Requests that read messages, as exchanges make them: the patient of the environment, and the rest by name.

Times in requests come from the clock here; a check reads them back from the exchange.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from golive import Environment, Exchange, MessagesApi, claimed_data, demand_claimed, instant
from suites.messages.list_rules import EDGE, LOWER, UPPER, WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable

LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC)
"""A bound that many clients write for “open”: past 2038, and what a number of seconds or nanoseconds can hold."""

LONG = timedelta(days=3 * 365)
"""How far back the long windows reach: no maximum is documented, and test data is seldom older."""


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


def before_the_window() -> dict[str, str]:
    """Return bounds that end where the default window begins."""
    now = datetime.now(UTC)
    return {LOWER: instant(now - LONG), UPPER: instant(now - WINDOW - EDGE)}
