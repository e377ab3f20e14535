r"""Secrets that come back changed: in other case, cut, or with characters written as escapes.

A text is looked at twice, as it stands and with its escapes read (JSON's `\u003d` and `\/`, HTML's `&#61;` and
`&#x3d;`), both times without regard to case. A beginning or an end of a secret counts from 12 characters on.
"""

from __future__ import annotations

import re
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING

from golive.occurrence import AnyOf

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIECE = 12
"""Characters of a secret's beginning or end that are taken for a piece of it; fewer occur by chance."""

LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
"""A to Z only: other letters may become longer in small, and then no place would be found again."""

ESCAPE = re.compile(
    r"(?<!\\)\\++(?:u(?P<json>[0-9a-fA-F]{4})|(?P<slash>/))"
    r"|&#(?:(?P<decimal>[0-9]{1,7})|[xX](?P<hex>[0-9a-fA-F]{1,6}));?"
)
Span = tuple[int, int]


def parts_of(secret: str) -> Iterator[str]:
    """Yield the texts of which a piece tells something: not the frame of a key, nor the names in JSON."""
    if secret.lstrip().startswith("{"):
        return
    for line in secret.splitlines():
        if not line.startswith("-----"):
            yield from line.split(".") if line.startswith("eyJ") else [line]


class Disguised:
    """Secrets that are looked for in every such form; `known` are texts that are none, in small letters."""

    def __init__(self, secrets: Iterable[str], known: Iterable[str] = ()) -> None:
        common = _small("\n".join(known))
        parts = {_small(part) for one in secrets for part in parts_of(one)}
        self._first = {p: p[:PIECE] for p in parts if len(p) >= PIECE and p[:PIECE] not in common}
        self._last = {p: p[-PIECE:] for p in parts if len(p) >= PIECE and p[-PIECE:] not in common}
        pieces = {*self._first.values(), *self._last.values()}
        self._any = AnyOf(pieces) if pieces else None

    def replaced(self, text: str, mark: str) -> str:
        """Return the text with each whole or cut secret replaced by the mark."""
        if self._any is None:
            return text
        found = self._spans(_small(text)) if self._any.stands_in_any_case(text) else []
        if ESCAPE.search(text):
            read, places = _read(text)
            if self._any.stands_in_any_case(read):
                spans = self._spans(_small(read))
                found += [(places[begin], places[end]) for begin, end in spans]
        pieces, at = [], 0
        for begin, end in sorted(found):
            if end > at:
                pieces += [text[at:begin], mark] if begin >= at else []
                at = end
        return "".join((*pieces, text[at:])) if pieces else text

    def _spans(self, view: str) -> list[Span]:
        return [
            *(span for part, first in self._first.items() for span in _from(view, part, first)),
            *(span for part, last in self._last.items() for span in _up_to(view, part, last)),
        ]


def _small(text: str) -> str:
    return text.lower() if text.isascii() else text.translate(LOWER)


def _from(view: str, part: str, first: str) -> Iterator[Span]:
    at = view.find(first)
    while at >= 0:
        end = at + PIECE
        while end < len(view) and end - at < len(part) and view[end] == part[end - at]:
            end += 1
        yield at, end
        at = view.find(first, end)


def _up_to(view: str, part: str, last: str) -> Iterator[Span]:
    at = view.find(last)
    while at >= 0:
        begin, end = at, at + PIECE
        while begin and end - begin < len(part) and view[begin - 1] == part[begin - 1 - end]:
            begin -= 1
        yield begin, end
        at = view.find(last, end)


def _read(text: str) -> tuple[str, list[int]]:
    """Return the text with its escapes read, and for each of its places the one in the text as it stands."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in ESCAPE.finditer(text):
        pieces += text[at : match.start()], _character(match)
        places += range(at, match.start() + 1)
        at = match.end()
    return "".join((*pieces, text[at:])), [*places, *range(at, len(text) + 1)]


def _character(match: re.Match[str]) -> str:
    if match["slash"]:
        return "/"
    code = match["json"] or match["hex"]
    number = int(code, 16) if code else int(match["decimal"])
    return chr(number) if number < 0x110000 else "\ufffd"
