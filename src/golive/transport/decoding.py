"""Unpacking a compressed body, to its end: one that breaks off in the middle is no body (RFC 9110 §8.4.1).

httpx unpacks what there is, and takes a stream that lacks its end for a whole one.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.exchanges.headers import Headers

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
