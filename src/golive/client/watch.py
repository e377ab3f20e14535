"""Each request of a client as it comes, with what is wrong in it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from golive.checks.requests import WrongRequestsError
from golive.client.judging import judge
from golive.exchanges.model import status_words
from golive.redaction import redact, redact_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from golive.client.judging import Judged
    from golive.contract.document import Contract
    from golive.exchanges.model import Exchange

REMEMBERED = 300
"""Requests before the one that is shown, with which it is judged."""


class Watch:
    """Prints each request, and below it what the checks find in it that they did not find before."""

    def __init__(self, contract: Contract, address: str, show: Callable[[str], None]) -> None:
        self._contract = contract
        self._address = address
        self._show = show
        self._seen: deque[Exchange] = deque(maxlen=REMEMBERED)

    def __call__(self, one: Exchange) -> None:
        """Show one request, the newest."""
        self._seen.append(one)
        url = redact_url(one.request.url).removeprefix(f"{self._address}/")
        moment = one.sent_at.astimezone().strftime("%H:%M:%S")
        self._show(
            redact(
                f"{moment}  {one.number:>3}  {one.request.method} {url}  → {status_words(one.status)}"
            )
        )
        for judged in judge(self._seen, self._contract):
            for line in _lines(judged, one):
                self._show(redact(line))


def _lines(judged: Judged, one: Exchange) -> Iterator[str]:
    found = judged.found
    if not isinstance(found, WrongRequestsError):
        return
    check, cure = judged.check, found.findings[0].next_step
    mark = "!!" if check.deciding else "advice"
    new = [wrong for wrong in found.each if wrong.request.number == one.number]
    for wrong in new:
        yield f"          {mark} {wrong.at.removeprefix('request:')}: expected {wrong.expected}, got {wrong.actual}"
    if new:
        yield f"             {cure} ({check.id}, {check.source})"
