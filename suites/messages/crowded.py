"""Exchanges that read the lists of a patient who has more messages than one answer holds."""

from __future__ import annotations

from datetime import UTC, datetime

from golive import Environment, Exchange, MessagesApi, exchange, instant
from suites.common.lists import PAGE
from suites.common.refusals import demand_thorough
from suites.messages.list_rules import LOWER, RECENT, UPPER, shifted_bound
from suites.messages.reading import read_inbox, read_sent_items


@exchange
def crowded_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of a patient who has more than 1,000 messages in the window."""
    return read_inbox(api, environment, "crowded_inbox", "crowded_patient")


@exchange
def crowded_recent(api: MessagesApi, environment: Environment) -> Exchange:
    """The newest messages of the patient with the crowded inbox, which no page can cut."""
    since = {LOWER: instant(datetime.now(UTC) - RECENT)}
    return read_inbox(api, environment, "crowded_recent", "crowded_patient", **since)


@exchange
def crowded_shifted(
    api: MessagesApi, environment: Environment, crowded_inbox: Exchange
) -> Exchange:
    """The inbox of that patient without its newest items, so that every other item has another place in the list.

    It has the one legal limit, which no list but a long one can show to be taken otherwise.
    """
    until = {UPPER: instant(shifted_bound(crowded_inbox)), "limit": str(PAGE)}
    return read_inbox(api, environment, "crowded_shifted", "crowded_patient", **until)


@exchange
def crowded_sent_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The sent items of the patient with the crowded inbox."""
    demand_thorough(environment)
    return read_sent_items(api, environment, "crowded_sent_items", "crowded_patient")


@exchange
def crowded_sent_shifted(
    api: MessagesApi, environment: Environment, crowded_sent_items: Exchange
) -> Exchange:
    """The sent items of that patient without the newest, so that every other one has another place in the list."""
    demand_thorough(environment)
    until = {UPPER: instant(shifted_bound(crowded_sent_items))}
    name = "crowded_sent_shifted"
    return read_sent_items(api, environment, name, "crowded_patient", **until)
