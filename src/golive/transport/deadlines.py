"""A deadline for a whole answer, however the server dribbles it.

A read time-out bounds the silence between two bytes, so a server that sends a byte a second could hold a
request for ever. The connections below the HTTP client therefore look at the deadline of their thread, too.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    import httpx

_here = threading.local()


def set_deadline(seconds: float) -> None:
    """Let what this thread reads from now on be over in so many seconds."""
    _here.at = time.monotonic() + seconds


def keep_deadlines(client: httpx.Client) -> None:
    """Make every connection of the client keep the deadline of the thread that reads from it."""
    # httpx offers no way to name a network backend for its own transports; a test holds that this works.
    transports = [client._transport, *client._mounts.values()]
    for transport in transports:
        pool: Any = getattr(transport, "_pool", None)
        if pool is not None:
            pool._network_backend = _Backend(pool._network_backend)


def _left(timeout: float | None) -> float | None:
    at: float | None = getattr(_here, "at", None)
    if at is None:
        return timeout
    left: float = at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the whole answer took too long")
    return left if timeout is None else min(timeout, left)


class _Stream:
    """A stream of httpcore's that reads within the deadline; all else is the stream's own."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def start_tls(self, *arguments: Any, **more: Any) -> _Stream:
        return _Stream(self._stream.start_tls(*arguments, **more))


class _Backend:
    """A backend of httpcore's whose streams keep the deadline."""

    def __init__(self, backend: httpcore.NetworkBackend) -> None:
        self._backend = backend

    def connect_tcp(self, *arguments: Any, **more: Any) -> _Stream:
        return _Stream(self._backend.connect_tcp(*arguments, **more))
