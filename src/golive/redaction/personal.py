"""Patients' data: what identifies a person by the contract's marks or by its text, and what a reader gets instead.

What the contract marks is known before anything is sent, so no answer has to be seen first. A reader of a report needs
the kind of a value, its length and format, and whether two are the same. For the last there is a pseudonym: a keyed
hash whose key is random in each run and is never written, so that nobody can try out patients' ids against the files,
not even all of them.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import json
import re
import secrets
from bisect import insort
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlencode, urlunsplit

from golive.kit.wire import split_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True)
class PersonalMarks:
    """The places whose values identify a person.

    `parameters` are names of query and header parameters, with the word to show in place of a value. `steps` are
    patterns of a URL: the first group stands before the value, the second is the value; each with its word.
    `members` are names of members of bodies.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[tuple[str, str], ...] = ()
    members: frozenset[str] = frozenset()

    def without_values(self, url: str) -> str:
        """Return the URL with a word in place of each personal value."""
        parts = split_url(url)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        if any(name in self.parameters for name, _ in pairs):
            shown = [(name, self.parameters.get(name, value)) for name, value in pairs]
            url = urlunsplit(parts._replace(query=urlencode(shown, safe=":")))
        for pattern, word in self.steps:
            url = re.sub(pattern, rf"\g<1>{word}", url)
        return url

    def values(
        self, url: str, headers: Iterable[tuple[str, str]] = (), body: object = None
    ) -> Iterator[str]:
        """Yield the personal values of a request; `body` is JSON, or None."""
        parts = split_url(url)
        yield from (v for name, v in parse_qsl(parts.query) if name in self.parameters)
        low = {name.lower() for name in self.parameters}
        yield from (value for name, value in headers if name.lower() in low)
        for pattern, _ in self.steps:
            yield from (unquote(match[2]) for match in re.finditer(pattern, parts.path))
        yield from self.in_body(body)

    def in_body(self, body: object) -> Iterator[str]:
        """Yield the texts and numbers below the marked members of a body; `body` is JSON, or None."""
        todo = [(body, False)]
        while todo:  # a body can be nested more deeply than Python calls
            node, marked = todo.pop()
            if isinstance(node, dict):
                todo += [(value, marked or name in self.members) for name, value in node.items()]
            elif isinstance(node, list):
                todo += [(one, marked) for one in node]
            elif marked and isinstance(node, str):
                yield node
            elif marked and type(node) is int:
                yield str(node)


SHORTEST = 6
"""Shorter texts occur by chance, so they can't be replaced wherever they stand."""

HEAD = 5
"""Characters by which a text is found; a patient's id may be this short."""

LONG_HEAD = 16
"""The same for longer texts: thousands of times of messages begin with one year."""

LONGEST_WORD = 20
"""A lower-case text up to this length may be an ordinary word, of which a report is full."""

LONGEST_LINE = 2000
"""A longer text is looked for line by line only."""

FORMATS = {
    "digits": re.compile(r"\d+"),
    "UUID": re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
    "date and time": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "e-mail address": re.compile(r"[^\s@]++@(?:[^\s@.]++\.)++[^\s@.]++"),
    "URL": re.compile(r"https?://\S+"),
    "markup": re.compile(r"\s*<.*>\s*", re.DOTALL),
}

ORDINARY = re.compile(rf"[a-z_ -]{{1,{LONGEST_WORD}}}|[A-Z][A-Z_]+|[a-z]+(/[a-z0-9.+-]+)+")
"""Words of small letters, words of an enumeration, media types."""


MEMBER_NAME = re.compile(r"[a-z]{2,}((?=[A-Z])([A-Z][a-z]+)*|([_-][a-z]+)*)[0-9]?|[a-z]")
"""How programmers name the members of an object: small letters, one capital at the head of each further word."""


def format_of(text: str) -> str | None:
    """Name the format that the whole text has, None for free text."""
    return next((name for name, form in FORMATS.items() if form.fullmatch(text)), None)


class Pseudonyms:
    """The texts that are replaced by pseudonyms, and the key of this run.

    An inbox of 1,000 messages makes thousands of texts, so a text is searched in one pass, and at each
    place only the texts that begin like it are tried.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._texts: set[str] = set()
        self._heads: set[str] = set()
        self._by_head: dict[str, list[tuple[str, str]]] = {}

    def __len__(self) -> int:
        return len(self._texts)

    def pseudonym(self, text: str) -> str:
        """Return what stands for a text in this run: the same for the same text, and nothing more."""
        digest = hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"[value {digest.hexdigest()[:8]}]"

    def add(self, text: str) -> None:
        """Replace this text, and its forms in JSON, URLs and HTML, from now on; not a very short one."""
        if len(text) < HEAD or text in self._texts:
            return
        self._texts.add(text)
        shown = self.pseudonym(text)
        in_json = (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1])
        raw = text.encode("utf-8", "replace")
        encoded = base64.b64encode(raw).decode().rstrip("=")
        in_url = (quote(raw, safe=""), quote_plus(raw), encoded)
        for form in {text, *in_json, *in_url, html.escape(text)}:
            head = form[: LONG_HEAD if len(form) >= LONG_HEAD else HEAD]
            self._heads.add(form[:HEAD])
            known = self._by_head.setdefault(head, [])
            insort(known, (form, shown), key=lambda one: -len(one[0]))

    def replace(self, text: str) -> str:
        """Return the text with each of these texts replaced; a number inside a longer one is another."""
        if not self._by_head:
            return text
        pieces: list[str] = []
        begin, here, end = 0, 0, len(text) - HEAD
        heads = self._by_head
        while here <= end:
            if text[here : here + HEAD] not in self._heads:
                here += 1
                continue
            long = heads.get(text[here : here + LONG_HEAD], ())
            for form, shown in (*long, *heads.get(text[here : here + HEAD], ())):
                after = here + len(form)
                if text.startswith(form, here) and not _within_number(text, form, here, after):
                    pieces += text[begin:here], shown
                    begin = here = after
                    break
            else:
                here += 1
        return "".join((*pieces, text[begin:])) if pieces else text


def _within_number(text: str, form: str, here: int, after: int) -> bool:
    return form.isdecimal() and (
        text[here - 1 : here].isdecimal() or text[after : after + 1].isdecimal()
    )


def personal_texts(value: object, public: frozenset[str] = frozenset()) -> Iterator[str]:
    """Yield the texts of a JSON value that may identify a person, names of members included.

    A name that a program gave (`sentBy`) is shape and identifies nobody; a map's key may.

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
                todo.extend(name for name in members if not MEMBER_NAME.fullmatch(name))
                todo.extend(members.values())


def may_be_personal(text: str, public: frozenset[str] = frozenset()) -> bool:
    """Return whether a text is to be replaced wherever it stands."""
    return len(text) >= SHORTEST and text not in public and not ORDINARY.fullmatch(text)
