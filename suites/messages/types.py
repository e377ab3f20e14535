"""Exchanges that ask the inbox for its types: messages, reminders, and both."""

from __future__ import annotations

from golive import Environment, Exchange, MessagesApi, ThinDataError, exchange, instant
from suites.common.lists import identifiers
from suites.common.refusals import demand_thorough
from suites.messages.bounds import AROUND
from suites.messages.combinations import BOTH
from suites.messages.list_rules import LOWER, UPPER
from suites.messages.lists import reminders_of, some_items, sure_moments
from suites.messages.reading import reaching_back, read_inbox, read_message


@exchange
def inbox_reminders(api: MessagesApi, environment: Environment) -> Exchange:
    """The reminders of the inbox."""
    return read_inbox(api, environment, "inbox_reminders", notificationType="REMINDER")


@exchange
def inbox_reminders_long_window(api: MessagesApi, environment: Environment) -> Exchange:
    """The reminders of the inbox with a lower bound far beyond 90 days."""
    name, kind = "inbox_reminders_long_window", "REMINDER"
    return reaching_back(
        lambda since: read_inbox(api, environment, name, **since, notificationType=kind)
    )


@exchange
def inbox_reminders_between(
    api: MessagesApi, environment: Environment, inbox_reminders_long_window: Exchange
) -> Exchange:
    """The reminders that showed up around one of them, the oldest."""
    demand_thorough(environment)
    listed = inbox_reminders_long_window
    dated = sure_moments(listed, some_items(listed), "remindDateTime")
    if not dated:
        raise ThinDataError(f"{listed.name} has no reminder whose time names one instant")
    chosen = min(at for _, at in dated)
    bounds = {LOWER: instant(chosen - AROUND), UPPER: instant(chosen + AROUND)}
    query = {**bounds, "notificationType": "REMINDER"}
    return read_inbox(api, environment, "inbox_reminders_between", **query)


@exchange
def one_reminder(api: MessagesApi, environment: Environment, inbox_reminders: Exchange) -> Exchange:
    """The first of the reminders."""
    identifier = identifiers(inbox_reminders, reminders_of(inbox_reminders))[0]
    return read_message(api, environment, "one_reminder", identifier)


@exchange
def inbox_of_both_types(api: MessagesApi, environment: Environment) -> Exchange:
    """Messages and reminders: the key is repeated."""
    return read_inbox(api, environment, "inbox_of_both_types", notificationType=BOTH)


@exchange
def inbox_of_one_type_twice(api: MessagesApi, environment: Environment) -> Exchange:
    """Messages: the key is repeated with the same value."""
    demand_thorough(environment)
    twice = ["MESSAGE", "MESSAGE"]
    return read_inbox(api, environment, "inbox_of_one_type_twice", notificationType=twice)
