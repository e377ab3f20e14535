"""How fast requests are sent: by one process, or by several that keep one rate together.

Of several, each waits for its turn at a file that holds when the next request may be sent.
"""

from __future__ import annotations

import os
import re
import struct
import time
from typing import TYPE_CHECKING

from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory

from golive.environment import cloud_of, real_host

if TYPE_CHECKING:
    from pathlib import Path

    from golive.environment import Environment

TURN = struct.Struct("d")


def limiter(environment: Environment) -> Limiter | SharedRate:
    """Return what lets `safety.rate` requests a second pass.

    Runs at the same time keep it together, for each cloud: they meet at one authorization server.
    """
    rate = environment.safety.rate
    if environment.rates is None:
        return alone(rate)
    host = real_host(environment.token.url)
    cloud = re.sub(r"[^A-Za-z0-9.-]", "-", str(cloud_of(host) or host))
    return SharedRate(environment.rates / cloud, rate)


def alone(rate: float) -> Limiter:
    """Allow `rate` requests a second without bursts above one second's worth.

    What a run has sent stays in memory until its end: emptying it meanwhile takes a thread, and `golive prove` forks.
    """
    allowed = Rate(int(rate), 1000) if rate >= 1 else Rate(1, int(1000 / rate))
    return Limiter(SingleBucketFactory(InMemoryBucket([allowed]), schedule_leak=False))


class SharedRate:
    """Lets `rate` requests a second pass, evenly spaced, of all processes that have the same file."""

    def __init__(self, file: Path, rate: float) -> None:
        self._pause = 1 / rate
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)

    def try_acquire(self, _name: str, *, blocking: bool = True) -> bool:
        """Wait for the next turn; where it is not to be waited for, say whether it has come."""
        import fcntl  # one run alone needs none, so that it works where there is none

        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            now = time.monotonic()
            (known,) = TURN.unpack(os.pread(self._file, TURN.size, 0).ljust(TURN.size, b"\0"))
            turn = max(now, known)
            if turn > now and not blocking:
                return False
            os.pwrite(self._file, TURN.pack(turn + self._pause), 0)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        time.sleep(turn - now)
        return True

    def close(self) -> None:
        """Close the file; nothing can be acquired after that."""
        os.close(self._file)
