"""Requests that read what was written: the patient for writing, and again for a while until it shows."""

from __future__ import annotations

from itertools import cycle

from golive import CouldNotTellError, Environment, Exchange, MessagesApi, Patience, instant
from suites.common.lists import items
from suites.messages import sending as writing
from suites.messages.recognise import listed_as


def inbox_of_writing(api: MessagesApi, environment: Environment, name: str) -> Exchange:
    """Ask for the inbox of the patient for writing."""
    query = {"patientId": str(environment.test_data.write_patient)}
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
    whole = {"patientId": str(environment.test_data.write_patient)}
    since = instant(sent.sent_at - writing.JUST_BEFORE)
    window = whole | {"createDateTimeGreaterThanOrEqualTo": since}
    readings = cycle(
        [(f"sent items after {sent.name}", window), (f"all sent items after {sent.name}", whole)]
    )

    def reading() -> Exchange:
        name, query = next(readings)
        return api.call("listSentItems", name=name, query=query)

    return patience.read(sent, reading, lambda made: _lists(sent, made, times))


def _lists(sent: Exchange, listed: Exchange, times: int) -> bool:
    """Return whether a list shows a message; one that has no subjects to find it by never will."""
    try:
        found = items(listed)
    except CouldNotTellError:
        return listed.succeeded
    has_subjects = any("subject" in one for one in found) or not found
    return not has_subjects or len(listed_as(sent, listed)) >= times
