"""The two ways of saying no: a refusal in front of the service, and a problem of the service itself."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Problem(Exception):  # noqa: N818 - it becomes an answer, it is no fault of the program
    """A refusal by the service: the documented `Error` with a short code for programs."""

    status: int
    code: str
    message: str
    details: list[str] = field(default_factory=list)
    words_needed: bool = (
        False  # the facts promise the words themselves (row 21, the "detailed 400")
    )


@dataclass
class Refusal(Exception):  # noqa: N818
    """A refusal by the gateway: `tail` ends the URN, `error` is what RFC 6750 3.1 names."""

    status: int
    tail: str
    error: str | None = None
    subcode: str | None = None
    kid: str | None = None
    row: int = 0  # 11 or 23: the body was seen word for word
    allow: str | None = None
    scope: str | None = None
    text: str | None = None


@dataclass
class OAuthError(Exception):
    """A refusal by the token endpoint: an `error` of RFC 6749 5.2 and the URN behind it."""

    status: int
    error: str
    tail: str
    client: str = "unknown"


def bad_request(code: str, message: str) -> Problem:
    """A plain 400 of the service."""
    return Problem(400, code, message)
