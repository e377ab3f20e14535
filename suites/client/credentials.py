"""Whose credential a request of a client presents, and which tokens were granted."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote

from golive import AccessToken, Exchange, NotSeenError, read_token
from suites.client import seen

if TYPE_CHECKING:
    from collections.abc import Iterable


def presented(one: Exchange) -> tuple[str, str]:
    """The scheme in lower case and the credential of a request, empty where it has none."""
    scheme, _, credential = (one.request.headers.get("Authorization") or "").partition(" ")
    return scheme.lower(), credential.strip()


def bearer(one: Exchange) -> str:
    """The token that a request presents in its header, "" where it presents none."""
    scheme, credential = presented(one)
    return credential if scheme == "bearer" else ""


def basic(one: Exchange) -> tuple[str, str] | None:
    """The pair of HTTP Basic, None where there is none that can be read."""
    scheme, credential = presented(one)
    try:
        pair = base64.b64decode(credential, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    name, colon, secret = pair.partition(":")
    return (name, secret) if scheme == "basic" and colon else None


def assertion(one: Exchange) -> AccessToken | None:
    """The signed assertion of a token request, unverified."""
    text = seen.form(one).get("client_assertion") if seen.asks_for_token(one) else None
    return read_token(text) if text else None


def client_of(one: Exchange) -> str:
    """The client that a token request names, "" where it names none."""
    if pair := basic(one):
        return unquote(pair[0])
    if signed := assertion(one):
        return str(signed.claims.get("iss") or "")
    return seen.form(one).get("client_id", "")


def refuse_hidden(requests: Iterable[Exchange]) -> None:
    """Raise NotSeenError where a recording leaves credentials out, as browsers do: some request succeeded without."""
    found = [*requests]
    shown = any(
        one.request.headers.get("Authorization")
        or {"client_secret", "client_assertion"} & set(seen.form(one))
        for one in found
    )
    if not shown and any(one.succeeded for one in found):
        raise NotSeenError("the recording shows no credential")


def token_of(one: Exchange) -> str | None:
    """The token in an answer."""
    found = seen.answer(one).get("access_token")
    return found if isinstance(found, str) else None


def granted(one: Exchange) -> bool:
    """Whether a request was answered with a token."""
    return seen.asks_for_token(one) and one.succeeded and isinstance(token_of(one), str)


@dataclass(frozen=True)
class Grant:
    """A granted token: the request, the token, and how long it is good for, None where the answer does not say."""

    exchange: Exchange
    token: str
    lifetime: float | None

    @property
    def ends(self) -> datetime | None:
        """When it ends as its client knows."""
        if self.lifetime is None:
            return None
        return self.exchange.ended_at + timedelta(seconds=self.lifetime)


def grants_in(requests: Iterable[Exchange]) -> dict[str, Grant]:
    """Return what was granted, by the token."""
    found: dict[str, Grant] = {}
    for one in requests:
        token = token_of(one) if granted(one) else None
        if token:
            lifetime = seen.answer(one).get("expires_in")
            known = isinstance(lifetime, int | float) and not isinstance(lifetime, bool)
            found.setdefault(token, Grant(one, token, float(lifetime) if known else None))
    return found
