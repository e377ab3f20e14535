"""Words on a terminal that is not UTF-8: what it has no sign for becomes something that people can read.

Without this, one arrow would turn a whole screen into escapes, or end the run with UnicodeEncodeError.
"""

from __future__ import annotations

import codecs

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
