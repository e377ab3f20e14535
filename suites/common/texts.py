"""Whether a text came back as it was sent, character by character.

A letter with an accent is one character or two, and Unicode has both for one text (UAX #15: canonical equivalence). No
public text says in which form a service keeps it: what comes back in the other one is advice that says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from unicodedata import normalize

from golive import show

if TYPE_CHECKING:
    from golive import Expect

    Form = Literal["NFC", "NFD"]

FORMS: tuple[tuple[Form, str], ...] = (
    ("NFC", "the same text in Unicode's form NFC: an e and its accent came back as one character"),
    ("NFD", "the same text in Unicode's form NFD: an e with an accent came back as two characters"),
)


def has_text(shown: str, sent: str) -> bool:
    """Return whether a text is part of the one that is shown, in whatever form."""
    return _is_there(composed(sent), composed(shown), part=True)


def composed(text: str) -> str:
    """Return a text in the one form that all equivalent ones have."""
    return normalize("NFC", text)


def is_kept(
    it: Expect,
    at: str,
    sent: str,
    shown: str,
    words: tuple[str, str] | None = None,
    *,
    advice: bool = False,
    part: bool = False,
) -> None:
    """The text that is shown is the one that was sent or, as its `part`, has it; in another form it is advice.

    `words` are what was expected and what came, where they are not the two texts.
    """
    if _is_there(sent, shown, part=part):
        return
    other = _other_form(sent, shown, part=part)
    expected, actual = words or (f"as it was sent: {show(sent)}", show(shown))
    it.violated(at, expected, other or actual, advice=advice or bool(other))


def _is_there(sent: str, shown: str, *, part: bool) -> bool:
    return sent in shown if part else sent == shown


def _other_form(sent: str, shown: str, *, part: bool) -> str:
    """Say in which other form a text is, or holds, the one that was sent; empty where it is another text."""
    for form, said in FORMS:
        if _is_there(normalize(form, sent), shown, part=part):
            return said
    same = _is_there(composed(sent), composed(shown), part=part)
    return "the same text in another form of Unicode's" if same else ""
