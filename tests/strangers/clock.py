"""A clock that can be put forward, so that nobody has to wait for a token to expire."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class Clock:
    """The stranger's idea of now."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The present instant, in UTC."""
        return datetime.now(UTC) + self._ahead

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._ahead += timedelta(seconds=seconds)
