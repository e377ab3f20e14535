"""Signs that nobody sees: they can give a terminal orders, or show another text than the one that is there.

Control characters (an ESC begins an order), format characters (directions, zero widths, tags), separators of
lines and paragraphs, halves of surrogates, fillers and selectors, and code points that will never have a sign.
What Unicode has added since this Python is none of them: it may be an emoji.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
