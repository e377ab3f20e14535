"""The pieces of a paste: a request, the answer to one, and what curl prints where no answer came."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import parse_qs

from golive.kit.wire import split_url


def json_in(text: str) -> Any:
    """Return the value of a JSON text, None where it is none."""
    try:
        return json.loads(text) if text else None
    except (ValueError, RecursionError):
        return None


def json_at(text: str) -> tuple[Any, int]:
    """Return the JSON value that a text begins with, and where it ends; None and 0 for none."""
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None, 0


ESCAPED = re.compile(r"\\([\"'\\])")
LONGEST_START = 4_000
"""Characters of a text that are searched for something escaped."""

MOST_ESCAPES = 4
"""Times that a text is un-escaped: each log and each language that it went through may have escaped it."""


def unescaped(text: str) -> tuple[str, object, int]:
    """Return a JSON text without what a program or a log escaped of it, its value, and where it ends; 0 for none."""
    value, end = json_at(text)
    bare = levels = text
    for _ in range(MOST_ESCAPES):
        if end or not ESCAPED.search(levels[:LONGEST_START]):
            break
        levels = ESCAPED.sub(r"\1", levels)
        value, end = json_at(levels)
        bare = levels if end or bare.startswith('{\\"') else bare
    return bare, value, end


def basic(pair: str) -> tuple[str, str]:
    """Return the Authorization header of HTTP Basic for `id:secret`."""
    return "Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"


@dataclass(frozen=True)
class PastedRequest:
    """A request as it was pasted. `flags` are its flags without a value, `headers` keep their order.

    One that only a setting or a sentence names has the flag `named`: what it would send is not known.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: str = field(default="", repr=False)
    flags: frozenset[str] = frozenset()

    def header(self, name: str) -> str | None:
        """Return the first value of a header, or None."""
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)

    @property
    def authorization(self) -> tuple[str, str]:
        """The scheme of the Authorization header in small letters, and what stands behind it."""
        scheme, _, value = (self.header("Authorization") or "").strip().partition(" ")
        return scheme.lower(), value.strip()

    @property
    def query(self) -> dict[str, list[str]]:
        """The parameters of the URL that have a value."""
        return parse_qs(split_url(self.url).query)

    @property
    def form(self) -> dict[str, list[str]]:
        """The parameters of a token request, from a form or from the JSON that was sent in its place."""
        if not self.body.lstrip().startswith("{"):
            return parse_qs(self.body.strip(), keep_blank_values=True)
        sent = json_in(self.body) or {}
        return {str(k): [v] for k, v in sent.items() if isinstance(v, str)}


@dataclass(frozen=True)
class PastedFailure:
    """What curl says where no answer came: its number for it, and its words."""

    number: str
    words: str
    status: None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""


REFUSING = frozenset({"error", "issue", "message", "fault"})
"""Members of bodies that refuse."""


@dataclass(frozen=True)
class PastedAnswer:
    """An answer as it was pasted; `status` is None where only a body is there."""

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: str = field(default="", repr=False)

    @property
    def members(self) -> dict[str, Any]:
        """The members of a body that is a JSON object, none of any other one."""
        value = json_in(self.body)
        return value if isinstance(value, dict) else {}

    def with_status(self, status: int) -> PastedAnswer:
        """Return it with a status that is reported elsewhere, where both refuse and it has none."""
        refuses = {*self.members} & REFUSING and "access_token" not in self.members
        return (
            replace(self, status=status)
            if self.status is None and refuses and status >= 400
            else self
        )


class Answered(NamedTuple):
    """An answer, or that none came, with the request before it."""

    request: PastedRequest | None
    answer: PastedAnswer | PastedFailure

    @property
    def url(self) -> str | None:
        """The URL that was asked, None where no request is there."""
        return self.request.url if self.request else None

    def is_of(self, request: PastedRequest) -> bool:
        """Return whether a request with this method and URL was answered."""
        return self.request is not None and (self.request.method, self.url) == (
            request.method,
            request.url,
        )

    @property
    def decided(self) -> bool:
        """Whether the server has said what it did: anything but that it failed, or nothing at all."""
        return self.answer.status is not None and self.answer.status < 500

    @property
    def refused(self) -> bool:
        """Whether the request was answered with an error, or not at all."""
        if isinstance(self.answer, PastedFailure):
            return True
        error = self.answer.status is None and "error" in self.answer.members
        return error or (self.answer.status or 0) >= 400

    @property
    def no_error(self) -> bool:
        """Whether the answer says neither by its status nor by its JSON that something is wrong."""
        return not self.refused and "error" not in self.answer.body

    @property
    def taken(self) -> bool:
        """Whether a request was answered with a status of success."""
        if self.request is None or isinstance(self.answer, PastedFailure):
            return False
        given = self.answer.status is None and {"access_token", "items"} & {*self.answer.members}
        return bool(given) or (self.answer.status or 0) // 100 == 2

    @property
    def succeeded(self) -> bool:
        """Whether the answer is a success by its status and by its JSON."""
        members = {} if isinstance(self.answer, PastedFailure) else self.answer.members
        ok = (self.answer.status or 0) // 100 == 2
        return ok and bool(members) and "error" not in members


Segment: TypeAlias = PastedRequest | PastedAnswer | PastedFailure
