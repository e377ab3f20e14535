"""Recognises what went well: a test run that passed, a log in which nothing failed, a token renewed in time."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from golive.diagnosis.paste.answer import Answer, stated
from golive.diagnosis.paste.found import is_plain
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.residue import troubled
from golive.diagnosis.paste.timeline import events_of

if TYPE_CHECKING:
    from golive.diagnosis.paste.timeline import Event

FEWEST = 3
"""Exchanges of a log that show that it went well."""

REFUSED = 400


def tests_passed(text: str) -> Answer | None:
    """Return that a test run passed, where its summary says so and nothing comes after it that failed."""
    ends = [match.end() for match in pattern("tests_passed").finditer(text)]
    if not ends or pattern("tests_failed").search(text):
        return None
    behind = text[ends[-1] :]
    failed = troubled(behind, bodies=True) or any(e.status >= REFUSED for e in events_of(behind))
    return None if failed else stated("tests-passed", {})


RENEWED = frozenset({"token-not-renewed", "token-expired", "token-refused", "settled"})
"""What is said of a refusal that a new token cured."""


def or_healthy(log: str, found: list[Answer]) -> list[Answer]:
    """Return that a log went well in place of answers that explain nothing, or of a token that was renewed at once."""
    well = _went_well(log)
    of_its_end = all(one.id in RENEWED or is_plain(one) or not one.known for one in found)
    nothing = not any(one.known for one in found)
    return [well] if well and (nothing or (of_its_end and well.id == OF_TOKENS)) else found


OF_TOKENS = "renewed-as-designed"


def _went_well(log: str) -> Answer | None:
    events = events_of(log)
    refused = [one for one in events if one.status >= REFUSED]
    calls = [one for one in events if not one.grant and one.status < REFUSED]
    if refused and _renewed_at_once(events):
        return stated(OF_TOKENS, {"times": len(refused)})
    named = [pattern("logged_status").findall(line[:LONGEST_LINE]) for line in _named(log)]
    refused_by_name = any(status >= str(REFUSED) for each in named for status in each)
    exchanges = max(len(events) if calls else 0, sum(map(bool, named)))
    if refused or refused_by_name or exchanges < FEWEST or troubled(log, bodies=True):
        return None
    return stated("nothing-failed", {"exchanges": exchanges})


LONGEST_LINE = 2_000
METHOD = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE) \S")


def _named(log: str) -> list[str]:
    """Return the lines of a log that report a call by its method, whether or not they name its URL."""
    return [line for line in log.split("\n") if METHOD.search(line[:LONGEST_LINE])]


def _renewed_at_once(events: list[Event]) -> bool:
    """Return whether each refusal is a 401 after which a token was taken and the same call succeeded."""
    for at, one in enumerate(events):
        if one.status < REFUSED:
            continue
        token, again = (*events[at + 1 : at + 3], None, None)[:2]
        if one.status != 401 or token is None or again is None or one.grant:
            return False
        if not token.grant or max(token.status, again.status) >= 300 or again.what != one.what:
            return False
        if one.at is None or again.at is None or again.at - one.at > AT_ONCE:
            return False
    refused = [one.at or 0 for one in events if one.status == 401]
    return all(b - a >= LONG_ENOUGH for a, b in pairwise(refused))


AT_ONCE = 10
"""Seconds from a refused call to the one that was taken, where a program and no person renewed the token."""


LONG_ENOUGH = 300
"""Seconds between two renewals that are made as they should be; in less time a token does not end."""
