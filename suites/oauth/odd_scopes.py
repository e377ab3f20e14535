"""Scopes that only look like those that exist, and the scope that does not exist beside which they are judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import CouldNotTellError

if TYPE_CHECKING:
    from golive import Steps

UNKNOWN, COMMAS = "token-unknown-scope", "token-comma-separated-scopes"
"""The error cases, and the steps, of a scope that does not exist, and of scopes with a comma between them."""

UNKNOWN_SCOPE = "oraclehealth:millennium:no-such-service"


def demand_unknown_refused(odd_scopes: Steps) -> None:
    """Raise CouldNotTellError unless a scope that does not exist is refused.

    A server may leave a scope that it does not know aside, and grant what it usually grants (RFC 6749 §3.3).
    """
    unknown = odd_scopes.get(UNKNOWN)
    if unknown is None or not 400 <= unknown.status < 500:
        why = "was not asked for" if unknown is None else f"is answered {unknown.status}"
        raise CouldNotTellError(
            f"a scope that does not exist {why}, so a grant may be the usual one whatever was asked for",
            unsettled_shape=True,
        )
