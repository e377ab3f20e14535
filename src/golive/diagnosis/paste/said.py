"""Finds the words in which a paste explains itself, wherever they stand and whatever form the text has.

They are the last cause of a stack trace, the message of an exception, a reason in JSON, the title of a page, or a line
that a log marks as an error. Words that only repeat a status are none. Nothing that may be a secret is repeated.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from golive.diagnosis.causes import is_thin
from golive.diagnosis.paste.answer import Answer, stated
from golive.diagnosis.paste.found import evidence_of
from golive.diagnosis.paste.links import URL
from golive.diagnosis.paste.phrases import pattern, without_status
from golive.diagnosis.services import says_nothing
from golive.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.evidence import Evidence

LONGEST_LINE = 2_000
LONGEST = 240
"""Characters of the words that are repeated."""

FEWEST_WORDS = 3
"""Words of a reason, those not counted that say nothing."""

TAG = re.compile(r"<[^<>]{1,200}>")
TOKEN = re.compile(r"\S+")
PLAIN = re.compile(
    r"\W+|[\W_]{0,4}(?:[A-Za-z]{1,24}(?:['/.:-][A-Za-z]{1,20}){0,3}(?:\(s?\))?|[A-Z]{2,5}/\d(?:\.\d)?|\(\d{1,5}\)[A-Za-z]{1,20}|\d{1,5}|[A-Z][A-Z0-9]*(?:_[A-Z0-9]{1,20}){1,5}"
    r"|[A-Z]{1,6}-?\d{1,6}|[A-Za-z]{2,12}\d{1,4}|[a-z]{2,12}(?:_[a-z]{1,12}){1,3}|(?:[A-Za-z][A-Za-z0-9]{0,40}\.){1,9}[A-Za-z]\w{0,40})[\W_]{0,4}"
)
"""A word, a short number, a constant, an error's code, a name of a program; what has another form may be secret."""

LABEL = re.compile(
    r"(?i)(?:secret|passw(?:or)?d|passphrase|pwd|token|key|basic|bearer|pair)\W{0,3}[=:]\W{0,3}\Z"
)
HIDDEN = "…"


FINDS_NOTHING = frozenset({"error-unexplained", "unknown-input", "requests-without-an-answer"})
"""Answers that say that golive found nothing."""


def in_its_own_words(it: Evidence, found: list[Answer]) -> list[Answer]:
    """Put the words of the text that say why before a cause that fits by its status alone, or before nothing at all."""
    known = [one for one in found if one.known]
    thin = bool(known) and all(is_thin(one.id) for one in known)
    nothing = not known and all(one.id in FINDS_NOTHING for one in found)
    said = words_in(it.text) if thin or nothing else None
    shown = "\n".join(text for one in known for text in (one.means, *dict(one.details).values()))
    if said is None or said in shown:
        return found
    words = {"said": said, "by_status": thin or None, "meant": known[0].means if thin else None}
    before = [text for one in known[:1] for label, text in one.details if label == "evidence"]
    evidence = evidence_of(it.asked) if nothing else before
    row = stated("said-in-the-paste", words, evidence)
    return [replace(row, known=thin), *(one for one in found if one not in known and not nothing)]


def words_in(text: str) -> str | None:
    """Return the words that explain most, without what may be secret; None where the text has none."""
    for found in (_of_the_root, _of_exceptions, _of_members, _of_pages, _of_levels):
        for words in found(text):
            shown = _shown(words)
            if says_something(shown):
                return shown
    return None


def says_something(words: str) -> bool:
    """Return whether words are a reason, and more than a status or that something failed."""
    bare = without_status(URL.sub(" ", words)).replace(HIDDEN, " ")
    said = {*re.findall("[a-z]{2,}", bare.lower())} - says_nothing()
    return len(said) >= FEWEST_WORDS


def _lines(text: str) -> Iterator[str]:
    return (line[:LONGEST_LINE] for line in text.split("\n"))


def _of_the_root(text: str) -> Iterator[str]:
    """Yield the causes of stack traces, the innermost first."""
    yield from reversed(
        [match[1] for line in _lines(text) if (match := pattern("root_cause").search(line))]
    )


def _of_exceptions(text: str) -> Iterator[str]:
    yield from (match[1] for line in _lines(text) if (match := pattern("exception").search(line)))


def _of_members(text: str) -> Iterator[str]:
    yield from (match[1].replace('\\"', '"') for match in pattern("reason_member").finditer(text))


def _of_pages(text: str) -> Iterator[str]:
    yield from (unescape(TAG.sub(" ", match[1])) for match in pattern("page_title").finditer(text))


def _of_levels(text: str) -> Iterator[str]:
    yield from (match[1] for line in _lines(text) if (match := pattern("error_line").search(line)))


def _shown(words: str) -> str:
    """Return words with each part hidden that has not the form of a word, or stands behind the name of a secret."""
    kept: list[str] = []
    for match in TOKEN.finditer(words):
        before = words[: match.start()][-30:]
        plain = PLAIN.fullmatch(match[0]) and not LABEL.search(before)
        kept.append(match[0] if plain else HIDDEN)
    line = redact(re.sub(rf"{HIDDEN}(?: {HIDDEN})+", HIDDEN, " ".join(kept))).strip(" -|")
    if len(line) <= LONGEST:
        return line
    cut = line[:LONGEST]
    return f"{cut.rpartition('. ')[0]}." if ". " in cut else f"{cut.rpartition(' ')[0]} {HIDDEN}"
