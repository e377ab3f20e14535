"""What a run wrote, or may have written, and looking again for it: nothing promises that a read sees a write at once.

There is one entry for each writing request that was not refused. The waiting happens where exchanges are made, so
checks stay pure: they get the last reading, which shows what was written or was made when the time was over. How long
it took is noted for `summary.json`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

from golive.contract.operations import READING
from golive.kit.json_text import NotJsonError, read_json
from golive.redaction import redact, redact_url
from golive.redaction.rendering import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from golive.exchanges.model import Exchange, Request

Made = TypeVar("Made")

PAUSES = (0.2, 0.5, 1.0)
"""Seconds before the first readings that are repeated."""

LONGEST_PAUSE = 2.0
"""Seconds before each later one."""

IN_VAIN = 2
"""Writes in a row that are looked for as long as may be: a single one may have been undone by somebody else."""


class Patience:
    """How long one chain of requests looks again for what it wrote.

    `within` are seconds after the first reading, for one write. Where they passed without a result for `IN_VAIN` writes
    in a row, the writes after them are looked for once only, until one is seen. `noted` takes an entry for each write.
    """

    def __init__(self, within: float, noted: list[dict[str, Any]]) -> None:
        self._within = within
        self._noted = noted
        self._in_vain = 0

    def read(
        self, write: Exchange, reading: Callable[[], Exchange], shows: Callable[[Exchange], bool]
    ) -> Exchange:
        """Read until the answer `shows` what was written or the time is over; return the last answer."""
        made, readings, seen = self.until(reading, shows)
        if seen:
            self._in_vain = 0
        self._noted.append(
            {
                "write": write.name,
                "read": made.request.operation,
                "seen": seen,
                "seconds": max(0.0, round((made.sent_at - write.ended_at).total_seconds(), 1)),
                "readings": readings,
            }
        )
        return made

    def until(
        self, make: Callable[[], Made], is_it: Callable[[Made], bool]
    ) -> tuple[Made, int, bool]:
        """Make something until it is right or the time is over; return the last, how many, and whether it is right.

        Nothing is noted of it. In vain, it counts as a write that was not seen; otherwise it is no sign that the next
        write will be seen.
        """
        ends = time.monotonic() + (self._within if self._in_vain < IN_VAIN else 0.0)
        times, made = 1, make()
        while not (right := is_it(made)) and (left := ends - time.monotonic()) > 0:
            pause = PAUSES[times - 1] if times <= len(PAUSES) else LONGEST_PAUSE
            time.sleep(min(pause, left))
            times, made = times + 1, make()
        self._in_vain += not right
        return made, times, right


def late_words(visibility: Sequence[Mapping[str, Any]]) -> str:
    """Say how long writes took to be seen; empty where the first reading showed each of them."""
    again = [one for one in visibility if one["readings"] > 1]
    if not again:
        return ""
    seen = [one["seconds"] for one in again if one["seen"]]
    lost = len(again) - len(seen)
    parts = [f"{len(seen)} seen only later, after {max(seen)} s at most"] if seen else []
    parts += [f"{lost} not seen within {max(one['seconds'] for one in again)} s"] if lost else []
    return f"writes that were looked for again: {', '.join(parts)}"


UNKNOWN = "unknown"


def entry(request: Request, status: int | None) -> dict[str, Any] | None:
    """Return the entry of a request for `summary.json`, None where nothing was written.

    `status` is None where no answer came. The subject is golive's own and is shown; ids of patients and
    messages are shown only where data is synthetic.
    """
    if request.method.upper() in READING or (status is not None and 300 <= status < 500):
        return None
    found: dict[str, Any] = {
        "method": request.method,
        "url": redact_url(request.url),
        "status": UNKNOWN if status is None else status,
    }
    body = json_of(request)
    if isinstance(body, dict):
        if isinstance(body.get("subject"), str):
            found["subject"] = redact(body["subject"])
        if "patientId" in body:
            found["patient"] = show(body["patientId"])
        if isinstance(body.get("messages"), list):
            ids = [one.get("id") for one in body["messages"] if isinstance(one, dict)]
            found["messages"] = [show(one) for one in ids]
    return found


def json_of(request: Request) -> object:
    """Return the request's body, None where it is not JSON: generated requests are anything, of any depth."""
    try:
        return read_json(request.body)
    except NotJsonError:
        return None
