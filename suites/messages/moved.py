"""What came to a patient's lists while a run went on, or was taken away: an import, a recall, a rule of retention.

Others work on real messages, too. What they bring is in no list before a moment, and in each with the same question
after it; what they take away is in none after a moment, and gone by its id. What a server drops from an answer is shown
by another one, or by its id.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from golive import CouldNotTellError, Environment, Exchange, FindingsError, MessagesApi, Steps
from suites.common.alike import ids_of, lists_of, when_shown
from suites.common.lists import asked_id
from suites.messages.reading import read_message, reads_one
from suites.messages.steadiness import gone_and_added

if TYPE_CHECKING:
    from collections.abc import Iterable

GONE = (404, 410)
MISSING = "missing: "
"""How the step begins of an item that a later list lacks, asked for by its id."""
MOST = 3
"""Items that are asked for by their ids where some are missing: each of them has to be gone."""


def read_missing(
    api: MessagesApi,
    environment: Environment,
    steps: Steps,
    compared: Iterable[tuple[Exchange, Exchange]],
) -> None:
    """Ask for what a later list with the same question lacks by its id, as steps of their own; three items at most."""
    if "getMessage" not in environment.claims.operations:
        return
    gone = set[str]()
    for before, after in compared:
        with suppress(CouldNotTellError, FindingsError):
            gone |= gone_and_added(before, after)[0]
    for key in sorted(gone)[:MOST]:
        steps[f"{MISSING}{key}"] = read_message(api, environment, f"{MISSING}{key}", key)


def taken_away(answers: Iterable[Exchange], lacking: Exchange, gone: set[str]) -> set[str]:
    """Return which of the items that a list lacks were taken away: those that no later answer shows.

    None of them were where one that was asked for by its id later is there, or none was asked for.
    """
    later = [one for one in answers if one.sent_at >= lacking.sent_at]
    read = [one for one in later if reads_one(one) and asked_id(one) in gone]
    if not read or any(one.status not in GONE for one in read):
        return set()
    return gone - {key for one in lists_of(later, lacking) for key in ids_of(one)}


def brought(answers: Iterable[Exchange], lacking: Exchange, added: set[str]) -> set[str]:
    """Return which items were not there yet when a list lacked them.

    No list of the operation shows them before the last one with this question that lacks them.
    """
    lists = [*lists_of(answers, lacking)]
    same = [
        (one.sent_at, ids_of(one)) for one in lists if one.request.query == lacking.request.query
    ]
    shown, found = when_shown(lists), set[str]()
    for key in added & shown.keys():
        lacks = [at for at, ids in same if key not in ids]
        if max(lacks, default=lacking.sent_at) < shown[key][0]:
            found.add(key)
    return found


def is_taken_away(answers: Iterable[Exchange], read: Exchange) -> bool:
    """Return whether a message that was not found had been taken away.

    A list that showed it before was asked for again with the same question, and no later list shows it.
    """
    if read.status not in GONE:
        return False
    key, made = asked_id(read), [*answers]
    before = [one for one in made if one.sent_at < read.sent_at and _shows(one, key)]
    later = [one for one in made if one.sent_at > read.sent_at]
    asked = {(one.request.operation, one.request.query) for one in before}
    again = [
        one
        for one in later
        if one.succeeded and (one.request.operation, one.request.query) in asked
    ]
    return bool(again) and not any(_shows(one, key) for one in later)


def _shows(one: Exchange, key: str) -> bool:
    """Return whether an answer is a list that shows an item."""
    body = one.json_or_none if one.succeeded else None
    return isinstance(body, dict) and isinstance(body.get("items"), list) and key in ids_of(one)
