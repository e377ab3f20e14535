"""Reads what order and times of a log show: the exchanges on its lines, and how long a token was used."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.spelling import UUID
from golive.kit.wire import iso_time, split_url

LIFE = 570
"""Seconds that an access token lives (contract-facts §4.1)."""

SLACK = 30
"""Seconds by which times of a log may be off."""

LONGEST_LINE = 2_000
TIME = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(?<!\d)(\d\d:\d\d:\d\d)(?!\d)")
STEP = re.compile(r"https?://[^/\s\"']+/[^\s\"'?]+|(?<![^\s\"'=(])[^\s\"'?=(]*/\d{8}/[^\s\"'?]+")
NAMED_STATUS = re.compile(
    r"(?i)(?<![\w-])(?:http_?)?status(?:_?code)?[\"']?[=:] ?[\"']?([1-5]\d\d)\b"
)
"""How a line that names no URL has to say that a number is the status of an exchange."""

LIVES = re.compile(r"(?i)expires_in\W{1,4}(\d{2,5})\b")


@dataclass(frozen=True)
class Event:
    """A line of a log that reports an exchange: its time in seconds, whether a token was asked for, what came.

    `what` is the URL or the path, without a query, empty where the line names none; `life` is the `expires_in` of a
    granted token.
    """

    at: float | None
    grant: bool
    what: str
    status: int
    life: int | None = None


def events_of(log: str) -> list[Event]:
    """Return the exchanges of a log in its order; a line without a status is passed over."""
    found = []
    for whole in log.split("\n"):
        line = whole[:LONGEST_LINE]
        grant = pattern("logged_grant").search(line) is not None
        step = STEP.search(line)
        nameless = not step and not grant
        status = (NAMED_STATUS if nameless else pattern("logged_status")).search(
            line, step.end() if step and not grant else 0
        ) or NAMED_STATUS.search(line)
        life = LIVES.search(line)
        if status or (grant and life):
            number = int(status[1]) if status else 200
            what = step[0] if step else ""
            found.append(Event(_seconds(line), grant, what, number, int(life[1]) if life else None))
    return found


def overcome(log: str) -> bool:
    """Return whether the last call that a log shows was taken, and no other call was refused before."""
    calls = [one for one in events_of(log) if not one.grant and one.what]
    refused = {one.what for one in calls if one.status >= 400}
    return bool(refused) and refused == {calls[-1].what} and calls[-1].status < 300


OF_A_PROGRAM = re.compile(r"\b(?:[A-Za-z_]\w{0,40}\.){0,9}[A-Z]\w{0,60}(?:Exception|Error)\b")
ASKS = re.compile(r"\b(?:GET|POST|PUT|PATCH|DELETE)\b|://|(?i:\b(?:http|status|token)\b)")


def error_behind(log: str) -> str | None:
    """Return the name of an error that a program raises after the last of its calls, all of which were taken."""
    calls = [one for one in events_of(log) if "cerner" in one.what]
    if not calls or any(one.status >= 300 for one in calls):
        return None
    behind = log[log.rfind(calls[-1].what) :].partition("\n")[2]
    named = None if ASKS.search(behind) else OF_A_PROGRAM.search(behind)
    return named[0] if named else None


def _seconds(line: str) -> float | None:
    match = TIME.search(line)
    moment = iso_time(f"{match[1] or '1970-01-01'}T{match[2]}") if match else None
    return moment.timestamp() if moment else None


def _of_others(one: Event, two: Event) -> bool:
    """Return whether two calls are for two hosts or tenants, so with two tokens; a line may name a path alone."""
    hosts = {split_url(each.what).hostname for each in (one, two)} - {None}
    tenants = {match[0] for each in (one, two) if (match := UUID.search(each.what))}
    return len(hosts) > 1 or len(tenants) > 1


KEPT = re.compile(
    r"(?i)\bcach(?:e|ed|ing)?\b[a-z ]{0,12}[:=]? ?(\d{3,6}) ?s"
    r"|\bSETEX [\"']?[\w:.-]{0,60}token[\w:.-]{0,60}[\"']? (\d{3,6})\b"
    r"|\bSET [\"']?[\w:.-]{0,60}token[^\n]{0,80} EX (\d{3,6})\b"
)
"""How a log says for how many seconds a token is kept."""

UPPER = re.compile(
    r"(?i)(?:LessThanOrEqualTo|\blte|\bupper|\buntil)[=: ]{1,2}(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z"
)


def bound_facts(log: str) -> dict[str, str]:
    """Return `bound` and `bound_seen` of the first line that asks for a time after its own."""
    for line in log.split("\n"):
        asked, at = UPPER.search(line[:LONGEST_LINE]), TIME.match(line.lstrip('["(')[:30])
        if asked and at and at[1] and " ".join(asked.groups()) > " ".join(at.groups()):
            said = f"{asked[1]}T{asked[2]}Z, asked for at {at[1]} {at[2]}"
            return {"bound": "future", "bound_seen": said}
    return {}


def kept_facts(log: str) -> dict[str, str]:
    """Return `token_life` where a log says that a token is kept for longer than it lives, and a call is refused."""
    lives, kept = LIVES.search(log), KEPT.search(log)
    seconds = int(next(filter(None, kept.groups()))) if kept else 0
    if not (lives and seconds > int(lives[1]) and re.search(r"\b401\b", log)):
        return {}
    seen = f"it is kept for {seconds} s, and `expires_in` says that it lives for {lives[1]} s"
    return {"token_life": "outlived", "life_seen": seen}


FEWEST_TOKENS = 3
"""Tokens of a log that show a habit."""


def use_facts(events: list[Event]) -> dict[str, str]:
    """Return `token_use` and what shows it, where a log asks for a new token before each of its calls."""
    grants = [i for i, each in enumerate(events) if each.grant and each.status < 300]
    calls = sum(not each.grant and bool(each.what) for each in events)
    idle = all(end - start <= 2 for start, end in pairwise(grants))  # at most one call with each
    times = [at for i in grants if (at := events[i].at) is not None]
    early = len(times) == len(grants) and all(0 <= b - a < LIFE for a, b in pairwise(times))
    if len(grants) < FEWEST_TOKENS or not idle or not early or calls > len(grants) + 1:
        return {}
    return {"token_use": "each-call", "use_seen": f"{len(grants)} tokens for {calls} calls"}


def life_facts(events: list[Event]) -> dict[str, Any]:
    """Return `token_life` and the times that show it, where calls were taken and are refused since the token ended."""
    starts = [i for i, each in enumerate(events) if each.grant and each.status < 300]
    edges = [0, *starts, len(events)]
    spans = (_life_of(events[start:end]) for start, end in pairwise(edges))
    return next((found for found in spans if found), {})


def _life_of(events: list[Event]) -> dict[str, Any]:
    """Return the same of what was called with one token.

    The calls must change from taken to refused once; the first refusal must come after the life of the token, which
    began when it was taken or, where the log does not show that, with the first call.
    """
    calls = [one for one in events if not one.grant and (one.status < 300 or one.status == 401)]
    refused = [each.status == 401 for each in calls]
    turns = [i for i, (one, two) in enumerate(pairwise(refused)) if one != two]
    if len(turns) != 1 or refused[0]:
        return {}
    last, first = calls[turns[0]], calls[turns[0] + 1]
    granted = events[0].grant and events[0].status < 300
    start = events[0] if granted else calls[0]
    if start.at is None or first.at is None or last.at is None or _of_others(last, first):
        return {}
    life, age = start.life or LIFE, round(first.at - start.at)
    if not life - SLACK <= age or round(last.at - start.at) > life + SLACK:
        return {}
    since = "the token was taken" if granted else "the first call"
    return {
        "token_life": "outlived",
        "life_seen": f"the first 401 came {age} s after {since}, and a token lives for {life} s",
    }
