"""Words that people can read: signs that can't be seen get a name, and a terminal gets only signs that it has.

Without the first, a text from outside could turn the reading direction of a line or hide a part of it. Without the
second, one arrow would turn a whole screen of a terminal that is not UTF-8 into escapes, or end the run.
"""

from __future__ import annotations

import codecs
import re

INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Signs without a shape (fillers, joiners, tags, selectors), line separators, and what turns the reading direction."""

HANDLER = "golive-legible"
ALIKE = {
    "─": "-",
    "\N{EN DASH}": "-",
    "—": "-",
    "·": ".",
    "…": "...",
    "→": "->",
    "\N{MULTIPLICATION SIGN}": "x",
    "§": "section ",
    "«": '"',
    "»": '"',
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "≤": "<=",
    "≥": ">=",
}


def visible(text: str) -> str:
    """Return the text with a name for each sign that can't be seen or that turns the reading direction."""
    return text if text.isascii() else INVISIBLE.sub(escaped, text)


def escaped(match: re.Match[str]) -> str:
    """Return the name of one sign, as JSON writes it or, beyond its four digits, as Python does."""
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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
