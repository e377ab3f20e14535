"""Requests that read what was written: the patient for writing, and again for a while until it shows."""

from __future__ import annotations

from itertools import cycle

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    Patience,
    error_cases,
    instant,
)
from suites.common.lists import items
from suites.messages import sending as writing
from suites.messages.list_rules import LOWER
from suites.messages.recognise import listed_as, mark_sent


def inbox_of_writing(
    api: MessagesApi, environment: Environment, name: str, **options: str
) -> Exchange:
    """Ask for the inbox of the patient for writing."""
    query = {"patientId": str(environment.test_data.write_patient), **options}
    return api.call("listInboxItems", name=name, query=query)


def read_one(api: MessagesApi, name: str, identifier: str) -> Exchange:
    """Ask for a message by its id."""
    return api.call("getMessage", name=name, path={"patientMessageId": identifier})


def read_back(
    api: MessagesApi, patience: Patience, name: str, identifier: str, sent: Exchange
) -> Exchange:
    """Read a message by its id; where it is not there yet, again for a while."""
    return patience.read(sent, lambda: read_one(api, name, identifier), lambda made: made.succeeded)


def sent_items_after(
    api: MessagesApi, environment: Environment, patience: Patience, sent: Exchange, times: int = 1
) -> Exchange:
    """Read the sent items from just before a message; where they don't show it so many times yet, again for a while.

    Every second time it is the list without bounds: a message that was given another time of creation is not lost.
    """
    readings = cycle([list_since, list_of_all])
    return patience.read(
        sent,
        lambda: next(readings)(api, environment, sent),
        lambda made: lists(sent, made, times),
    )


def list_of_all(api: MessagesApi, environment: Environment, sent: Exchange) -> Exchange:
    """Ask for the sent items without bounds."""
    query = {"patientId": str(environment.test_data.write_patient)}
    return api.call("listSentItems", name=f"all sent items after {sent.name}", query=query)


def list_since(
    api: MessagesApi, environment: Environment, sent: Exchange, name: str = ""
) -> Exchange:
    """Ask for the sent items from just before a message."""
    query = {
        "patientId": str(environment.test_data.write_patient),
        LOWER: instant(sent.sent_at - writing.JUST_BEFORE),
    }
    return api.call("listSentItems", name=name or f"sent items after {sent.name}", query=query)


def accepted_like(api: MessagesApi, contract: Contract, sent: Exchange) -> list[Exchange]:
    """Return the messages that were accepted so far where this one was sent to; none that had to be refused."""
    wrong = {case.id for case in error_cases(contract.folder)}
    return [
        one
        for one in api.accepted
        if one.request.url == sent.request.url and one.name not in wrong and mark_sent(one)
    ]


def lists(sent: Exchange, listed: Exchange, times: int = 1) -> bool:
    """Return whether a list shows a message; one that has no subjects to find it by never will."""
    try:
        found = items(listed)
    except CouldNotTellError:
        return listed.succeeded
    has_subjects = any("subject" in one for one in found) or not found
    return not has_subjects or len(listed_as(sent, listed)) >= times
