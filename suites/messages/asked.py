"""The lists of messages of a whole run, as they were asked for: which are plain questions, and what each may hold."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from golive import ThinDataError, json_of
from suites.common.alike import lists_of
from suites.common.answers import for_each
from suites.common.lists import PAGE, identifier, items
from suites.messages.list_rules import LOWER, UPPER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from golive import Exchange, Expect
    from suites.common.lists import Item

MORE = "Choose patients with several messages of the last 90 days."
FORM = "%Y-%m-%dT%H:%M:%SZ"
PATIENT = re.compile(r"[^\s,;|*%?](?:[^\t\r\n,;|*%?]*[^\s,;|*%?])?")
"""One id, whatever characters it has, and no list or pattern of ids."""

OPTION = "shouldLoadOrganizationSummary"
FLAGS = frozenset({"true", "false"})
KINDS = ("MESSAGE", "REMINDER")  # what an answer has in their place need not have a hash
ONCE = frozenset({LOWER, UPPER, "patientId", "limit", "sortBy", "sortOrder", OPTION})
"""Parameters that a request has once, if at all."""


def asked(answers: Iterable[Exchange], plain: Exchange) -> Iterator[Exchange]:
    """Return the lists of an operation that were asked for as the pages describe it; `plain` first."""
    own = dict(plain.request.query).get("patientId")
    return (one for one in lists_of(answers, plain) if _is_plain(one.request.query, own))


def _is_plain(query: tuple[tuple[str, str], ...], own: str | None) -> bool:
    """Return whether a query is one that the pages describe; `own` is the id of the plain question's patient."""
    given = Counter(name for name, _ in query)
    values = dict(query)
    patient = values.get("patientId", "")
    bounds = [instant(values.get(name)) for name in (LOWER, UPPER)]
    return (
        given.keys() <= ONCE | {"notificationType"}
        and all(given[name] < 2 for name in ONCE)
        and bool(patient)
        and (patient == own or PATIENT.fullmatch(patient) is not None)
        and values.get("limit", str(PAGE)) == str(PAGE)
        and values.get(OPTION, "false") in FLAGS
        and all(value in KINDS for name, value in query if name == "notificationType")
        and all(
            bound or name not in values for bound, name in zip(bounds, (LOWER, UPPER), strict=True)
        )
        and all(a is None or b is None or a < b for a, b in pairwise(bounds))
    )


def instant(text: str | None) -> datetime | None:
    """Return the instant of a bound in the documented form, in UTC; None for none, and for another form."""
    try:
        return datetime.strptime(f"{text}+0000", f"{FORM}%z")
    except ValueError:
        return None


def may_hold_reminders(one: Exchange) -> bool:
    """Return whether reminders were asked for."""
    return any(
        value != "MESSAGE" for name, value in one.request.query if name == "notificationType"
    )


def named(one: Exchange) -> list[tuple[Item, str]]:
    """Return the items of a list that have an id, each with it."""
    found = ((item, identifier(item)) for item in items(one))
    return [(item, key) for item, key in found if key is not None]


def each(rule: Callable[[Expect], None], answers: Iterable[Exchange], plain: Exchange) -> None:
    """Apply a rule to each list of an operation; raise ThinDataError where all of them are empty."""
    lists = [*asked(answers, plain)]
    for_each(rule, *lists)
    demand_some(any(map(items, lists)), "no list has an item")


def lists_each_once(it: Expect) -> None:
    """No entry is listed twice with its id and the same in each member."""
    counted = Counter(json.dumps(item, sort_keys=True) for item, _ in named(it.exchange))
    twice = sum(times > 1 for times in counted.values())
    expected, actual = "each entry once", f"{twice} entries several times, the same in each member"
    it.that(not twice, "relation:unique-entries", expected, actual)


def demand_some(found: bool, what: str) -> None:
    """Raise ThinDataError where nothing was found by which a rule can be seen."""
    if not found:
        raise ThinDataError(f"{what}, so nothing can be seen", next_step=MORE)


def sending_times(answers: Iterable[Exchange]) -> dict[str, datetime]:
    """Return when each message of these answers was sent, by its subject."""
    found = {}
    for one in answers:
        if one.request.operation == "sendMessage" and isinstance(
            body := json_of(one.request), dict
        ):
            found[str(body.get("subject"))] = one.sent_at
    return found
