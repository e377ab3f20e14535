"""Which scopes a token was granted, as its answer says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import asked_scopes

if TYPE_CHECKING:
    from golive import Exchange, Operation


def named_scopes(grant: Exchange) -> frozenset[str] | None:
    """Return the scopes that a token answer names; None where it has no text of them, which means all asked for."""
    body = grant.json_or_none
    said = body.get("scope") if isinstance(body, dict) else None
    return frozenset(said.split()) if isinstance(said, str) else None


def granted_scopes(grant: Exchange) -> frozenset[str]:
    """Return the scopes that a token answer is for: those that it names, else those asked for (RFC 6749 §5.1)."""
    named = named_scopes(grant)
    return asked_scopes(grant) if named is None else named


def opens(grant: Exchange, operation: Operation) -> bool:
    """Return whether a token was granted the scope of an operation's API."""
    return not granted_scopes(grant).isdisjoint(operation.scopes)
