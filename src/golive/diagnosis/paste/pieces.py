"""The pieces of a paste: a request, the answer to one, and what curl prints where no answer came."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


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


@dataclass(frozen=True)
class PastedFailure:
    """What curl says where no answer came: its number for it, and its words."""

    number: str
    words: str


@dataclass(frozen=True)
class PastedAnswer:
    """An answer as it was pasted; `status` is None where only a body is there."""

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: str = field(default="", repr=False)


Segment: TypeAlias = PastedRequest | PastedAnswer | PastedFailure
