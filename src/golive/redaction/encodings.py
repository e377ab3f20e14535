"""The forms in which a secret may come back: what HTTP, JSON, HTML, a shell, base64 or a JWT make of it.

A form is text that stands for the whole secret, or for so much of it that the rest does not matter: a
part of a JWT, a line of a private key, a private number of a JSON Web Key.

It also finds secrets that come back changed (in other case, cut, or with characters written as escapes), and any
of many texts in another one, in a single pass however many they are.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "k")
"""What a JSON Web Key keeps secret (RFC 7518 §6)."""


KEY_MEMBERS = frozenset({*PRIVATE_MEMBERS, "x", "y", "n", "e"})
LONG = 60
END = 16
DISTINCT = 4
"""Different characters of a piece of a secret; what has fewer occurs without any secret."""
PIECE_OF_ONE = r"[\w.~+/=-]"
IN_ONE_PIECE = re.compile(f"{PIECE_OF_ONE}+", re.ASCII)


def derived_forms(secret: str) -> Iterator[str]:
    """Yield the secret and the forms in which it may come back, repetitions among them."""
    raw = secret.encode("utf-8", "replace")
    yield secret
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quoted)
        yield quote(quoted, safe="")  # a URL inside a URL
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield in_json
        yield in_json.replace("/", "\\/")
        yield json.dumps(in_json)[1:-1]  # JSON inside a JSON text, as gateways pass it on
    yield repr(secret)[1:-1]
    yield repr(raw)[2:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield shlex.quote(secret)
    yield raw.hex()
    yield raw.hex().upper()
    yield from _in_base64(raw)
    if secret.count(".") in (2, 4) and secret.startswith("eyJ"):
        yield from secret.split(".")
    if "\n" in secret:
        yield from (line for line in secret.splitlines() if not line.startswith("-----"))
    yield from private_numbers(_json_or_none(secret))


def ends_of(secret: str) -> Iterator[tuple[str, str]]:
    """Yield the beginning and the end of each long part, and a pattern of what it is the beginning or end of.

    What shortens a text to a beginning, dots and an end (as `reprlib` and tracebacks do) leaves no
    whole secret to be found.
    """
    for part in (secret, *secret.split("."), *secret.splitlines()):
        if len(part) >= LONG and IN_ONE_PIECE.fullmatch(part):
            first, last = part[:END], part[-END:]
            # As texts: hardly any of them is ever looked for, and to compile them all takes long.
            if reveals(first):
                yield first, f"(?a){re.escape(first)}{PIECE_OF_ONE}*"
            # Anchored where the piece begins: else each of its characters would be tried as a start.
            if reveals(last):
                yield last, f"(?a)(?<!{PIECE_OF_ONE}){PIECE_OF_ONE}*{re.escape(last)}"


def reveals(piece: str) -> bool:
    """Return whether a piece of a secret reveals something of it: the zeros that end a forged signature do not."""
    return len({*piece}) >= DISTINCT


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield both alphabets of base64, by itself and inside a longer text that begins anywhere.

    Inside, the first and last characters depend on the neighbours; what is left between them does not.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(raw).decode()
        yield encoded
        yield encoded.rstrip("=")
        yield quote(encoded, safe="")
        for offset in (0, 1, 2):
            shifted = encode(b"\0" * offset + raw).decode().rstrip("=")
            first = (0, 2, 3)[offset]
            ragged = (len(raw) + offset) % 3 != 0
            yield shifted[first : len(shifted) - ragged]


def private_numbers(value: object) -> Iterator[str]:
    """Yield the private numbers of each JSON Web Key that stands in a JSON value, at any depth."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one.values())
            if "kty" in one or "kid" in one or one.keys() <= KEY_MEMBERS:
                yield from (one[name] for name in PRIVATE_MEMBERS if isinstance(one.get(name), str))


def _json_or_none(text: str) -> object:
    try:
        return json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None


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
    """Yield the texts of which a piece reveals something: not the frame of a key, nor the names in JSON."""
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
        long = [part for part in parts if len(part) >= PIECE]
        self._first = {p: p[:PIECE] for p in long if reveals(p[:PIECE]) and p[:PIECE] not in common}
        self._last = {
            p: p[-PIECE:] for p in long if reveals(p[-PIECE:]) and p[-PIECE:] not in common
        }
        pieces = {*self._first.values(), *self._last.values()}
        self._any = AnyOf(pieces) if pieces else None

    def replaced(self, text: str, mark: str) -> str:
        """Return the text with each whole or cut secret replaced by the mark."""
        if self._any is None:
            return text
        found = self._spans(_small(text)) if self._any.stands_in_any_case(text) else []
        if "\\" in text or "&#" in text:
            read = ESCAPE.sub(_character, text)
            if read != text and self._any.stands_in_any_case(read):
                spans, places = self._spans(_small(read)), _places(text)
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


def _places(text: str) -> list[int]:
    """Return for each place of the text with its escapes read the one in the text as it stands."""
    places: list[int] = []
    at = 0
    for match in ESCAPE.finditer(text):
        places += range(at, match.start() + 1)
        at = match.end()
    return [*places, *range(at, len(text) + 1)]


def _character(match: re.Match[str]) -> str:
    if match["slash"]:
        return "/"
    code = match["json"] or match["hex"]
    number = int(code, 16) if code else int(match["decimal"])
    return chr(number) if number < 0x110000 else "\ufffd"


class AnyOf:
    """Texts, none of them empty, that are looked for together."""

    def __init__(self, texts: Iterable[str]) -> None:
        from ahocorasick_rs import BytesAhoCorasick

        self._automaton = BytesAhoCorasick([_in_bytes(text) for text in texts])

    def stands_in(self, text: str) -> bool:
        """Return whether one of them does."""
        return bool(self._automaton.find_matches_as_indexes(_in_bytes(text)))

    def stands_in_any_case(self, text: str) -> bool:
        """Return whether one of them, all of small letters, does in whatever case; A to Z only."""
        return bool(self._automaton.find_matches_as_indexes(_in_bytes(text).lower()))


def _in_bytes(text: str) -> bytes:
    # Half a surrogate pair, which stands for a byte that is not UTF-8, is a character like others here.
    return text.encode("utf-8", "surrogatepass")
