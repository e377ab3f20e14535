"""Reads a paste as a sequence: which answer belongs to which request, and what order and times of a log show."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.curl import is_probe, is_token_request
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import Answered, PastedAnswer, PastedFailure
from golive.diagnosis.services import service_of
from golive.diagnosis.spelling import UUID
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest, Segment


@dataclass
class Transcript:
    """What a paste holds: its requests, and each answer with the request before it and its fields."""

    token_request: PastedRequest | None = None
    api_request: PastedRequest | None = None
    answers: list[Answered] = field(default_factory=list)


def transcript_of(pieces: list[Segment]) -> Transcript:
    """Put the pieces in relation: an answer belongs to the request before it."""
    transcript = Transcript()
    last: PastedRequest | None = None
    for piece in pieces:
        if isinstance(piece, PastedAnswer | PastedFailure):
            transcript.answers.append(Answered(last, piece))
            continue
        last = piece
        if is_probe(piece):
            continue
        if is_token_request(piece):
            transcript.token_request = _nearer(transcript.token_request, piece)
        else:
            transcript.api_request = _nearer(transcript.api_request, piece)
    return transcript


def _nearer(before: PastedRequest | None, now: PastedRequest) -> PastedRequest:
    """Return the later one of two requests, unless the earlier one alone is asked of the platform, or is whole."""
    in_passing = before and "host-assumed" in now.flags and "named" not in before.flags
    other = in_passing or not is_of_the_platform(now)
    return before if before and is_of_the_platform(before) and other else now


def method_of(request: PastedRequest) -> str:
    """Return the method of a request, nothing where no more than its URL is known."""
    return "" if "unknown-method" in request.flags else request.method


def is_of_the_platform(request: PastedRequest) -> bool:
    """Return whether a request is asked of one of Oracle Health's servers."""
    served = service_of(request.url)
    return served is not None and served.owner == "oracle"


LIFE = 570
"""Seconds that an access token lives (contract-facts §4.1)."""

SLACK = 30
"""Seconds by which times of a log may be off."""

LONGEST_LINE = 2_000
TIME = re.compile(r"(?:(\d{4}-\d\d-\d\d)[T ])?(?<!\d)(\d\d:\d\d:\d\d)(?!\d)")
STEP = re.compile(r"https?://[^/\s\"']+/[^\s\"'?]+|(?<![^\s\"'=(])[^\s\"'?=(]*/\d{8}/[^\s\"'?]+")
LIVES = re.compile(r"(?i)expires_in\W{1,4}(\d{2,5})\b")


@dataclass(frozen=True)
class Event:
    """A line of a log that reports an exchange: its time in seconds, whether a token was asked for, what came.

    `what` is the URL or the path, without a query; `life` is the `expires_in` of a granted token.
    """

    at: float | None
    grant: bool
    what: str
    status: int
    life: int | None = None


def events_of(log: str) -> list[Event]:
    """Return the exchanges of a log in its order; a line without a status, or about none, is passed over."""
    found = []
    for whole in log.split("\n"):
        line = whole[:LONGEST_LINE]
        grant = pattern("logged_grant").search(line) is not None
        step = STEP.search(line)
        if not step and not grant:
            continue
        status = pattern("logged_status").search(line, step.end() if step and not grant else 0)
        life = LIVES.search(line)
        if status or (grant and life):
            number = int(status[1]) if status else 200
            what = step[0] if step else ""
            found.append(Event(_seconds(line), grant, what, number, int(life[1]) if life else None))
    return found


def _seconds(line: str) -> float | None:
    match = TIME.search(line)
    if match is None:
        return None
    try:
        return datetime.fromisoformat(f"{match[1] or '1970-01-01'}T{match[2]}+00:00").timestamp()
    except ValueError:
        return None


def _of_others(one: Event, two: Event) -> bool:
    """Return whether two calls are for two hosts or tenants, so with two tokens; a line may name a path alone."""
    hosts = {split_url(each.what).hostname for each in (one, two)} - {None}
    tenants = {match[0] for each in (one, two) if (match := UUID.search(each.what))}
    return len(hosts) > 1 or len(tenants) > 1


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


def taken_later(transcript: Transcript, request: PastedRequest | None, log: str) -> bool:
    """Return whether the call that was refused for its key was taken later in the same paste."""
    events = [each for each in events_of(log) if not each.grant]
    refused = next((i for i, each in enumerate(events) if each.status == 401), len(events))
    later = events[refused + 1 :]
    if any(one.status < 300 and one.what == events[refused].what for one in later):
        return True
    return request is not None and any(
        each.answer.status == 200 and split_url(each.url or "").path == split_url(request.url).path
        for each in transcript.answers[1:]
    )
