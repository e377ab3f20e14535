"""When a recorded request is the one that an exchange would send.

Times are compared by their age, forms without their secrets, tokens by whom they were issued to.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from golive.environment.urls import real_host, segments
from golive.exchanges.jwt import read
from golive.exchanges.writes import json_of
from golive.transport.token import FORM

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.environment import Account
    from golive.exchanges.model import Request

SECRET_PAIRS = frozenset({"client_secret", "client_assertion"})
NEAR = 0.01
"""How much of its age two times may differ in: a window of 90 days is the same on any client's clock."""

SECONDS = 5
"""The same for times that are now."""


def credential(request: Request) -> str:
    """Return what a request presents as its credential: its Authorization header, or a secret of its form."""
    header = request.headers.get("Authorization")
    if header or request.operation:
        return header or ""
    return "&".join(value for name, value in form_of(request) if name in SECRET_PAIRS)


def is_of(account: Account, presented: str, main: Account) -> bool:
    """Return whether a recorded token was issued to this account, as far as its claims show it.

    An account of another tenant, or of another server, than `main` is known by that, each other by its client id; one
    that is the client of `main` with other scopes, by those.
    """
    scheme, _, text = presented.partition(" ")
    token = read(text)
    if scheme.lower() != "bearer" or not token.claims:
        return False
    client = getattr(account.credential, "client_id", None)
    issuer = str(token.claims.get("iss") or "")
    server = real_host(account.token_url)
    elsewhere = account.tenant != main.tenant or server != real_host(main.token_url)
    of_server = real_host(issuer) in ("", server)
    of_client = token.client_id == client
    if client == getattr(main.credential, "client_id", None) and account.scopes != main.scopes:
        of_client = of_client and token.scopes == frozenset(account.scopes)
    return of_client or (elsewhere and token.tenant == account.tenant and of_server)


def path_of(request: Request) -> list[str]:
    """Return where a request goes: the host that it means, and the steps of the path there."""
    return [real_host(request.url), *segments(request.url)]


def form_of(request: Request) -> list[tuple[str, str]]:
    """Return the pairs of a form."""
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def same_bodies(request: Request, recorded: Request) -> bool:
    """Return whether two requests have the same body, whatever its spelling."""
    if request.body == recorded.body:
        return True
    if (request.headers.get("Content-Type") or "").split(";")[0] == FORM:
        return _without_secrets(form_of(request)) == _without_secrets(form_of(recorded))
    if not request.body or not recorded.body:
        return False
    return json_of(request) is not None and json_of(request) == json_of(recorded)


def _without_secrets(pairs: list[tuple[str, str]]) -> list[tuple[str, object]]:
    """Return a form's pairs but for secrets that are there; the order of pairs, and of scopes, has no meaning."""
    return sorted(
        (name, tuple(sorted(value.split())) if name == "scope" else value)
        for name, value in pairs
        if not (value and name in SECRET_PAIRS)
    )


def same_pairs(
    wanted: Iterable[tuple[str, str]], recorded: Iterable[tuple[str, str]], sent_at: datetime
) -> bool:
    """Return whether two queries have the same pairs, times by their age."""
    ours, theirs = sorted(wanted), sorted(recorded)
    return len(ours) == len(theirs) and all(
        name == other and (value == said or _same_age(value, said, sent_at))
        for (name, value), (other, said) in zip(ours, theirs, strict=True)
    )


def _same_age(wanted: str, recorded: str, sent_at: datetime) -> bool:
    """Return whether two times are about as long before now as before the recorded request."""
    try:
        ours = (datetime.now(UTC) - datetime.fromisoformat(wanted)).total_seconds()
        theirs = (sent_at - datetime.fromisoformat(recorded)).total_seconds()
    except (ValueError, TypeError):
        return False
    return abs(ours - theirs) <= max(SECONDS, NEAR * min(abs(ours), abs(theirs)))
