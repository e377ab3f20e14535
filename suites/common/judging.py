"""One rule for many answers: what many of a host share is one finding, at the first of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from golive import Exchange, Expect, Finding, FindingsError, ThinDataError, counted, real_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


HTTP_DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"\d{4} \d\d:\d\d:\d\d GMT"
)
"""IMF-fixdate, the one form in which a date is sent (RFC 9110 §5.6.7)."""


def judge(answers: Iterable[Exchange], rule: Callable[[Expect], object], *, some: str = "") -> None:
    """Apply a rule to each of these answers; raise what it finds, each kind once for each host, with its number.

    An answer that broke off is the finding of the checks that read it. Where there is none, the rule holds; `some`
    names what it takes one of, and then raises ThinDataError.
    """
    asked = Counter[str]()
    shared: dict[tuple[object, ...], list[Finding]] = {}
    for one in answers:
        if one.response.broken:
            continue
        asked[real_host(one.request.url)] += 1
        it = Expect(one)
        rule(it)
        for found in it.findings:
            kind = (real_host(one.request.url), found.at, found.expected, found.advice)
            shared.setdefault(kind, []).append(found)
    if some and not asked:
        step = "Look first at what keeps the service from such an answer."
        raise ThinDataError(f"{some} came in this run", next_step=step)
    if shared:
        raise FindingsError(_first(found, asked[str(host)]) for (host, *_), found in shared.items())


def _first(found: list[Finding], asked: int) -> Finding:
    """Return the first of these findings, which says how many of the answers have it."""
    if asked == 1:
        return found[0]
    return replace(
        found[0],
        actual=f"{found[0].actual}; {len(found)} of {counted(asked, 'answer')} of this host",
    )


def advise_success(answers: Iterable[Exchange]) -> None:
    """Say as advice which of these answers are no success: a rule that is seen by them was not seen there."""

    def is_one(it: Expect) -> None:
        it.that(it.exchange.succeeded, "status", "2xx", str(it.exchange.status), advice=True)

    judge(answers, is_one)


def advise_no_failure(answers: Iterable[Exchange]) -> None:
    """Say as advice which of these answers are failures of the server; a refusal may be right there."""
    advise_success(one for one in answers if one.status >= 500)
