"""What a 429, or a 503 with Retry-After, asks for: fewer requests at once, and none of the kind before its time.

A limit may hold for tokens, for what reads or for what writes alone, so each of these is a lane of its own.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Throttle:
    """Keeps requests back after a 429; several threads may ask.

    `most` requests are on their way at once, and half as many after each 429 to one that was sent since the last one.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._on_their_way = 0
        self._not_before: dict[str, float] = {}
        self._changed = threading.Condition()

    def wait(self, lane: str, longest: float) -> None:
        """Wait until the lane's last 429 lets through another request, `longest` seconds at most."""
        with self._changed:
            left = self._not_before.get(lane, 0.0) - time.monotonic()
        if left > 0:
            time.sleep(min(left, longest))

    @contextmanager
    def one(self) -> Iterator[int]:
        """Hold a place among the requests that are on their way; yield how many there may be."""
        with self._changed:
            self._changed.wait_for(lambda: self._on_their_way < self._most)
            self._on_their_way += 1
            most = self._most
        try:
            yield most
        finally:
            with self._changed:
                self._on_their_way -= 1
                self._changed.notify()

    def slower(self, lane: str, most: int, seconds: float | None, longest: float) -> None:
        """Note a 429 to a request that was one of `most`, and for how many seconds it wants none of its lane.

        Where these are more than the `longest` wait, nothing is put off: what then comes is refused, or it is not.
        """
        put_off = seconds if seconds is not None and seconds <= longest else 0.0
        with self._changed:
            self._most = min(self._most, max(1, most // 2))
            later = time.monotonic() + put_off
            self._not_before[lane] = max(later, self._not_before.get(lane, 0.0))
