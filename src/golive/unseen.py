"""Signs that nobody sees: they can give a terminal orders, or show another text than the one that is there.

Control characters (an ESC begins an order), format characters (directions, zero widths, tags), separators of
lines and paragraphs, halves of surrogates, and code points that will never have a sign. What Unicode has added
since this Python is none of them: it may be an emoji.
"""

from __future__ import annotations

import re
import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Cs", "Co"})
"""General categories of Unicode."""

FILLERS = frozenset("\u115f\u1160\u3164\uffa0\u2800")
"""Letters by their category, blanks to the eye."""

ORDER = re.compile(r"::[A-Za-z][A-Za-z0-9_-]*(?:\s[^:]*)?::|##\[")
"""What a runner of GitHub Actions or Azure Pipelines takes for a command, wherever a line begins with it."""


def is_unseen(sign: str) -> bool:
    """Say whether one sign is none that people see."""
    return unicodedata.category(sign) in UNSEEN or sign in FILLERS or _is_none(ord(sign))


def _is_none(point: int) -> bool:
    """Say whether a code point is a noncharacter, or of the block of tags and selectors that draws nothing."""
    return point & 0xFFFE == 0xFFFE or 0xFDD0 <= point <= 0xFDEF or 0xE0000 <= point <= 0xE0FFF


def has_unseen(text: str) -> bool:
    """Say whether a text holds such a sign; a line feed is one."""
    return not text.isprintable() if text.isascii() else any(map(is_unseen, text))


def with_escapes(text: str) -> str:
    r"""Write each such sign as an escape (`\x1b`, `\u202e`), and leave the rest as it is."""
    if not has_unseen(text):
        return text
    return "".join(ascii(sign)[1:-1] if is_unseen(sign) else sign for sign in text)
