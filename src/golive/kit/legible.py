"""What can be shown: signs that nobody sees, and streams that outlast their reader or lack a sign.

Unseen signs can give a terminal orders, or show another text than the one that is there: control characters (an ESC
begins an order), format characters (directions, zero widths, tags), separators of lines and paragraphs, halves of
surrogates, fillers and selectors, and code points that will never have a sign. What Unicode has added since this Python
is none of them: it may be an emoji.

A pipe that closes, a full disk or a terminal that is gone ends no run: what decides is the verdict and its exit code;
the words on the way to it may be lost. So a stream that can't be written any more is left, and writing to it does
nothing. On a terminal that is not UTF-8, characters that it does not have are replaced by readable ones.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import os
import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
"""General categories of Unicode."""

FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks by their category, blanks to the eye."""

SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They choose how the sign before them is drawn, which only symbols need."""

ORDER = re.compile(r"::[A-Za-z][A-Za-z0-9_-]*(?:\s[^:]*)?::|##\[")
"""What a runner of GitHub Actions or Azure Pipelines takes for a command, wherever a line begins with it."""


def has_unseen(text: str) -> bool:
    """Say whether a text holds such a sign; a line feed is one."""
    return not text.isprintable() if text.isascii() else any(True for _ in _unseen_in(text))


def with_escapes(text: str) -> str:
    r"""Write each such sign as an escape of Python (`\x1b`, `\u202e`), and leave the rest as it is."""
    return _rewritten(text, lambda sign: ascii(sign)[1:-1]) if has_unseen(text) else text


def visible(text: str) -> str:
    """Write each such sign beyond ASCII as an escape: lines, tabs and a terminal's colours stay as they are."""
    return text if text.isascii() else _rewritten(text, lambda s: s if s.isascii() else escaped(s))


def escaped(sign: str) -> str:
    """Write one sign as JSON does or, beyond its four digits, as Python does."""
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _rewritten(text: str, name: Callable[[str], str]) -> str:
    pieces: list[str] = []
    begin = 0
    for at in _unseen_in(text):
        pieces += text[begin:at], name(text[at])
        begin = at + 1
    return "".join((*pieces, text[begin:])) if pieces else text


def _unseen_in(text: str) -> Iterator[int]:
    """Yield the places of such signs."""
    odd = {sign for sign in set(text) if _is_unseen(sign)}  # a long text has few different signs
    for at, sign in enumerate(text) if odd else ():
        after_symbol = sign in SELECTORS and at and unicodedata.category(text[at - 1])[0] == "S"
        if sign in odd and not after_symbol:
            yield at


def _is_unseen(sign: str) -> bool:
    known = sign in FILLERS or sign in SELECTORS
    return known or unicodedata.category(sign) in UNSEEN or _is_none(ord(sign))


def _is_none(point: int) -> bool:
    """Say whether a code point is a noncharacter, or of the block of tags and selectors that draws nothing."""
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or 0xE0000 <= point <= 0xE0FFF


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
