"""How an answer is received: within a deadline for the whole of it, and unpacked to its end.

A read time-out bounds the silence between two bytes, so a server that sends a byte a second could hold a
request for ever. The connections below the HTTP client therefore look at the deadline of their thread, too.

A compressed body that breaks off in the middle is no body (RFC 9110 §8.4.1): httpx unpacks what there is, and takes a
stream that lacks its end for a whole one.
"""

from __future__ import annotations

import threading
import time
import zlib
from typing import TYPE_CHECKING, Any

import httpcore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpx

    from golive.exchanges.headers import Headers


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


COMPRESSED = frozenset({"gzip", "x-gzip", "deflate", "br", "zstd"})
CODINGS = ((), ("gzip",), ("x-gzip",), ("deflate",))
"""How a body may be compressed: once. Twice, or by another algorithm, 1 KB can stand for gigabytes."""

GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
"""Either format, as it shows itself at its beginning."""


BEGINNING = 2
"""Bytes by which a format shows itself."""


class IncompleteError(ValueError):
    """A compressed body ends before its end, or is not compressed."""


def codings(headers: Headers) -> tuple[str, ...]:
    """Return the compressions that Content-Encoding names; what is none is left as it is."""
    named = (headers.get("Content-Encoding") or "").lower().split(",")
    return tuple(coding for coding in map(str.strip, named) if coding in COMPRESSED)


def unpacked(pieces: Iterable[bytes], coded: tuple[str, ...]) -> Iterator[bytes]:
    """Yield the pieces of a body as they were before they were compressed in one of the ways of `CODINGS`.

    Raises IncompleteError. Of `deflate` both readings are known: with zlib's frame, as it is defined, and without.
    """
    if not coded:
        yield from pieces
        return
    unpacker, begin = None, b""
    for piece in pieces:
        try:
            if unpacker is None:
                begin += piece
                if len(begin) < BEGINNING:
                    continue
                unpacker, first = _begun(begin, coded)
                yield first
            else:
                yield unpacker.decompress(piece)
            while unpacker.unused_data.startswith(b"\x1f\x8b"):  # gzip may have several members
                unpacker, first = _begun(unpacker.unused_data, coded)
                yield first
        except zlib.error as error:
            raise IncompleteError(str(error)) from None
    if begin and (unpacker is None or not unpacker.eof):
        raise IncompleteError("the compressed body has no end")


def _begun(piece: bytes, coded: tuple[str, ...]) -> tuple[zlib._Decompress, bytes]:
    unpacker = zlib.decompressobj(GZIP_OR_ZLIB)
    try:
        return unpacker, unpacker.decompress(piece)
    except zlib.error:
        if coded != ("deflate",):
            raise
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        return unpacker, unpacker.decompress(piece)
