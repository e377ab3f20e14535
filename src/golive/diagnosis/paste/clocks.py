"""Reads the times of a paste: the clock of a machine beside the one of an answer."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from golive.kit.wire import http_date, iso_time

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

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
    dates = [*_dates(text)]
    came = [moment for moment, own in dates if not own]
    if not came:
        return {}
    sent = [moment for moment, own in dates if own] or [*_moments(text, log)]
    # The two that are nearest to each other stand side by side.
    in_order = sorted([(one, True) for one in sent] + [(one, False) for one in came])
    offs = (
        (one - two if own else two - one).total_seconds()
        for (one, own), (two, other) in pairwise(in_order)
        if own != other
    )
    apart = min(offs, key=abs, default=0.0)
    if not NEAREST < abs(apart) < FARTHEST:
        return {}
    by = f"{round(abs(apart))} s {'ahead of' if apart > 0 else 'behind'}"
    return {"clock": "skewed", "skew": by}


SENT = re.compile(r"(?im)^.{0,200}\b(?:GET|POST|PUT|PATCH|DELETE|HEAD) \S{1,2000} HTTP/[\d.]{1,3}")
CAME = re.compile(r"(?im)\bHTTP/[\d.]{1,3} {1,2}[1-5]\d\d\b|^< |\breply:|\bheader: ")


def _dates(text: str) -> Iterator[tuple[datetime, bool]]:
    """Yield the time of every header that holds one, and whether it is that of the machine and of no answer."""
    sends = False
    for line in text.split("\n"):
        at = 0
        for match in HEADER.finditer(line):
            sends, at = _sends(line, at, match.start(), before=sends), match.start()
            if moment := http_date(match[2]):
                yield moment, sends or match[1].lower() == "x-date"
        sends = _sends(line, at, len(line), before=sends)


def _sends(line: str, start: int, end: int, *, before: bool) -> bool:
    """Return whether what stands behind a part of a line is of a request; as `before` where nothing begins in it."""
    request = SENT.match(line, 0, end)
    asked = request.end() if request else 0
    answered = max((match.end() for match in CAME.finditer(line, start, end)), default=0)
    return asked > answered if max(asked, answered) > start else before


def _moments(text: str, log: str) -> Iterator[datetime]:
    """Yield the times that the command `date -u` prints, and those of a log in UTC."""
    for day, month, number, time, year in COMMAND.findall(text):
        if moment := http_date(f"{day}, {int(number):02} {month} {year} {time} GMT"):
            yield moment
    yield from filter(None, map(iso_time, STAMP.findall(log)))
