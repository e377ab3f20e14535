"""What a cache may do with an answer, as its headers say (RFC 9111)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive import http_date, whole_number

if TYPE_CHECKING:
    from golive import Exchange

DIRECTIVE = re.compile(r'([\w-]+)(?:\s*=\s*(?:"([^"]*)"|([^,\s]*)))?')
NOT_KEPT = ("no-store", "no-cache")
"""Directives by which no answer is given again that its server was not asked about (RFC 9111 §5.2.2.4, §5.2.2.5)."""


def is_for_anybody(answer: Exchange) -> bool:
    """Return whether a shared cache may give the answer to somebody else without asking its server.

    An answer to a request with Authorization is kept only where it says so itself (RFC 9111 §3.5), a refusal of a
    request without one only where it says for how long.
    """
    said, fresh = directives(answer), seconds_fresh(answer, shared=True)
    if any(said.get(name) == "" for name in (*NOT_KEPT, "private")):
        return False
    if "authorization" in (answer.header("Vary") or "").lower() or answer.header("Vary") == "*":
        return False
    if answer.request.headers.get("Authorization") is None:
        return bool(fresh) or ("public" in said and fresh is None)
    if "public" in said:
        return fresh is None or fresh > 0
    return bool(fresh) and ("s-maxage" in said or "must-revalidate" in said)


def seconds_fresh(answer: Exchange, *, shared: bool = False) -> float | None:
    """Return for how long a cache, one `shared` by many, may give the answer again; None where nothing says so."""
    said = directives(answer)
    if any(said.get(name) == "" for name in NOT_KEPT):
        return 0.0
    for name in ("s-maxage", "max-age") if shared else ("max-age",):
        if (seconds := whole_number(said.get(name))) is not None:
            return float(seconds)
    expires = answer.header("Expires")
    if expires is None:
        return None
    ends = http_date(expires)
    made = http_date(answer.header("Date")) or answer.sent_at
    # What is no date, 0 above all, has expired (RFC 9111 §5.3).
    return max(0.0, (ends - made).total_seconds()) if ends else 0.0


def directives(answer: Exchange) -> dict[str, str]:
    """Return what Cache-Control says: each directive in lower case, with its value, empty where it has none."""
    found = DIRECTIVE.findall(answer.header("Cache-Control") or "")
    return {name.lower(): quoted or plain for name, quoted, plain in found}
