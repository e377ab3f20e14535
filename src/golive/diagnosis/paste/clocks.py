"""Reads the times of a paste: the clock of a machine beside the one of an answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from golive.kit.wire import http_date

if TYPE_CHECKING:
    from collections.abc import Iterator

FARTHEST = 6 * 3600
"""Seconds between two clocks of one exchange; times that are farther apart are of two exchanges, or in two zones."""

NEAREST = 120
"""Seconds by which two clocks may differ, and by which an answer comes late."""

HEADER = re.compile(
    r"(?i)(?:(?<![\w-])|(?<=\\n))(x-date|date)[\"']?: ?[\"']?(\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT)"
)
COMMAND = re.compile(
    r"(?m)\b(\w{3}) {1,2}(\w{3}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (?:AM )?(?:UTC|GMT) (\d{4})\b"
)
STAMP = re.compile(
    r"(?<![\w:.-])(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:[.,]\d{1,9})?(?:Z|\+00:?00| UTC)(?!\w)"
)


def clock_facts(text: str, log: str) -> dict[str, str]:
    """Return `clock: skewed` and `skew`, where a text shows the machine's time beside the one of an answer.

    The machine's is that of a `date` that a request carries, of the command `date -u`, or of a log in UTC.
    """
    sent: list[datetime] = []
    came: list[datetime] = []
    for match in HEADER.finditer(text):
        moment = http_date(match[2])
        if moment is not None:
            own = match[1].lower() == "x-date" or _is_sent(text[: match.start()])
            (sent if own else came).append(moment)
    if not sent:
        sent = [*_moments(text), *_stamps(log)]
    apart = min(((one - two).total_seconds() for one in sent for two in came), key=abs, default=0.0)
    if not NEAREST < abs(apart) < FARTHEST:
        return {}
    by = f"{round(abs(apart))} s {'ahead of' if apart > 0 else 'behind'}"
    return {"clock": "skewed", "skew": by}


SENT = re.compile(r"(?im)^.{0,200}\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S{1,2000} HTTP/[\d.]{1,3}")
CAME = re.compile(r"(?im)\bHTTP/[\d.]{1,3} {1,2}[1-5]\d\d\b|^< |\breply:|\bheader: ")


def _is_sent(before: str) -> bool:
    """Return whether a header that stands behind a text belongs to a request, and to no answer."""
    requests = [match.end() for match in SENT.finditer(before)]
    answers = [match.end() for match in CAME.finditer(before)]
    return bool(requests) and max(requests) > max(answers, default=-1)


def _moments(text: str) -> Iterator[datetime]:
    for day, month, number, time, year in COMMAND.findall(text):
        if moment := http_date(f"{day}, {int(number):02} {month} {year} {time} GMT"):
            yield moment


def _stamps(log: str) -> Iterator[datetime]:
    for one in STAMP.findall(log):
        try:
            yield datetime.fromisoformat(one.replace(" ", "T")).replace(tzinfo=UTC)
        except ValueError:
            continue
