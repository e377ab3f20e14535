"""What is wrong with a client's requests: places in a request, and one finding for what many requests share.

A place begins with `request:`: `request:line`, `request:query:NAME`, `request:form:NAME`, `request:header:NAME`,
`request:body`, a JSON pointer into the body (`request:/content`), or `request:time`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any

from golive.checks.findings import Finding, FindingsError
from golive.redaction import REDACTOR
from golive.redaction.rendering import show

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from golive.exchanges.model import Exchange

INDEX = re.compile(r"/\d+(?=/|$)")


@dataclass(frozen=True)
class Wrong:
    """One place of a request that is not as it should be; `expected` and `actual` are words for a person."""

    request: Exchange
    at: str
    expected: str
    actual: str


class WrongRequestsError(FindingsError):
    """The statement of a check is false of these requests; `each` has every occurrence."""

    def __init__(self, findings: Iterable[Finding], each: tuple[Wrong, ...]) -> None:
        super().__init__(findings)
        self.each = each


def cured_by(
    cure: str,
) -> Callable[[Callable[..., Iterable[Wrong]]], Callable[..., None]]:
    """Make a check of a function that yields what is wrong with requests; `cure` says what to change in the client.

    Each kind of what is wrong is one finding, at the first of the requests, with their number.
    """

    def checking(found: Callable[..., Iterable[Wrong]]) -> Callable[..., None]:
        @wraps(found)
        def check(**given: Any) -> None:
            each = tuple(found(**given))
            kinds: dict[tuple[str, str], list[Wrong]] = {}
            for one in each:
                kinds.setdefault((INDEX.sub("/*", one.at), one.expected), []).append(one)
            if kinds:
                raise WrongRequestsError((_first(kind, cure) for kind in kinds.values()), each)

        return check

    return checking


def _first(kind: list[Wrong], cure: str) -> Finding:
    """Return the first of what is wrong in the same way, which says how many requests have it."""
    first, number = kind[0], len({one.request.number for one in kind})
    # What a recording of a real service has as a value may be a person's.
    actual = first.actual if REDACTOR.shows_data else show(first.actual)
    actual = actual if number == 1 else f"{actual}; so in {number} requests"
    made = Finding.of(
        first.request, first.at, expected=first.expected, actual=actual, next_step=cure
    )
    # The demand is one on the client, whatever host answered.
    return replace(made, of_oracle=True)
