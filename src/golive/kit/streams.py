"""Streams that outlast their reader: a pipe that closes, a full disk or a terminal that is gone ends no run.

What decides is the verdict and its exit code; the words on the way to it may be lost. So a stream that can't
be written any more is left, and writing to it does nothing.

On a terminal that is not UTF-8, characters that it does not have are replaced by readable ones.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


READER_LEFT = frozenset({errno.EPIPE, errno.EIO, errno.ECONNRESET})
"""Errors of a reader that has seen enough: a closed pipe, a closed terminal."""


class Lasting:
    """A stream that writes to another one until that fails; `lost` is then the error."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def write(self, text: Any) -> int:
        """Write the text, if anybody can take it; return its length."""
        if self.lost is None:
            try:
                self._stream.write(text)
            except OSError as error:
                self._lose(error)
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write each of the lines."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Flush what was written, if anybody can take it."""
        if self.lost is None:
            try:
                self._stream.flush()
            except OSError as error:
                self._lose(error)

    @property
    def buffer(self) -> Lasting:
        """The stream of bytes beneath, which lasts as well."""
        return Lasting(self._stream.buffer)

    def _lose(self, error: OSError) -> None:
        self.lost = error
        # What is still buffered has to go somewhere, or Python would fail with it at its very end.
        with contextlib.suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


@contextlib.contextmanager
def lasting_streams() -> Iterator[tuple[Lasting, Lasting]]:
    """Let standard output and standard error outlast their readers."""
    before = sys.stdout, sys.stderr
    # Closed from the start (`>&-`), they are not there at all, and their numbers would go to other files.
    out, err = (Lasting(stream or _nowhere()) for stream in before)
    sys.stdout, sys.stderr = out, err
    try:
        yield out, err
    finally:
        out.flush()
        err.flush()
        sys.stdout, sys.stderr = before


def _nowhere() -> Any:
    return os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


HANDLER = "golive-legible"
ALIKE = {
    "─": "-",
    "\N{EN DASH}": "-",
    "—": "-",
    "·": ".",
    "…": "...",
    "→": "->",
    "←": "<-",
    "\N{MULTIPLICATION SIGN}": "x",
    "§": "section ",
    "«": '"',
    "»": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "≤": "<=",
    "≥": ">=",
}


def legible(stream: object) -> None:
    """Let a text stream replace what its encoding lacks; a stream that can't is left as it is."""
    encoding = getattr(stream, "encoding", None)
    reconfigure = getattr(stream, "reconfigure", None)
    if not encoding or reconfigure is None or _is_utf(encoding):
        return
    codecs.register_error(HANDLER, _replace)
    reconfigure(errors=HANDLER)


def _is_utf(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name.startswith("utf")
    except LookupError:
        return False


def _replace(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lost = error.object[error.start : error.end]
    return "".join(ALIKE.get(sign, ascii(sign)[1:-1]) for sign in lost), error.end
