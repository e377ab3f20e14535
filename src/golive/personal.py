"""Patients' data: which texts of an answer may tell of a person, and what a reader gets instead.

A reader of a report needs the kind of a value, its length and format, and whether two are the same. For
the last there is a pseudonym: a keyed hash whose key is random in each run and is never written, so
that nobody can try out patients' ids against the files, not even all of them.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 6
"""Shorter texts occur by chance, so they can't be replaced wherever they stand."""

LONGEST_WORD = 20
"""A text of small letters up to this length may be anybody's word, and a report is full of such."""

LONGEST_LINE = 2000
"""A longer text is looked for line by line only."""

FORMATS = {
    "digits": re.compile(r"\d+"),
    "UUID": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "date and time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "URL": re.compile(r"https?://\S+"),
    "markup": re.compile(r"\s*<.*>\s*", re.DOTALL),
}

ORDINARY = re.compile(rf"[a-z_ -]{{1,{LONGEST_WORD}}}|[A-Z][A-Z_]+|[a-z]+(/[a-z0-9.+-]+)+")
"""Words of small letters, words of an enumeration, media types."""


def format_of(text: str) -> str | None:
    """Name the format that the whole text has, None for free text."""
    return next((name for name, form in FORMATS.items() if form.fullmatch(text)), None)


def new_key() -> bytes:
    """Return a random key for one run's pseudonyms."""
    return secrets.token_bytes(32)


def pseudonym(key: bytes, text: str) -> str:
    """Return what stands for a text in this run: the same for the same text, and nothing more."""
    digest = hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
    return f"[value {digest[:8]}]"


def personal_texts(value: object, public: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the texts of a JSON value, names of members included, that may tell of a person.

    `public` are the words of the contract itself (names of members, enumerations).
    """
    todo = [value]
    while todo:
        match todo.pop():
            case str() as text:
                for line in {text if len(text) <= LONGEST_LINE else "", *text.splitlines()}:
                    stripped = line.strip()
                    if may_be_personal(stripped, public):
                        yield stripped
            case bool() | None:
                pass
            case int() | float() as number:
                todo.append(repr(number))
            case list() as items:
                todo.extend(items)
            case dict() as members:
                todo.extend(members)
                todo.extend(members.values())


def may_be_personal(text: str, public: frozenset[str] = frozenset()) -> bool:
    """Tell whether a text is to be replaced wherever it stands."""
    return len(text) >= SHORTEST and text not in public and not ORDINARY.fullmatch(text)
