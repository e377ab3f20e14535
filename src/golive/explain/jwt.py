"""Reads a JWT that somebody has in hand: what it says of itself, which is all that can be told without a key."""

from __future__ import annotations

from datetime import UTC, datetime

from golive.access_token import AccessToken, Form, read
from golive.authority import issuer_host
from golive.environment import cloud_of
from golive.explain.answer import Answer, unknown
from golive.wire_values import instant_of


def token_in(word: str) -> Answer:
    """Tell what a token says of itself; what is none is unknown."""
    token = read(word)
    if token.form is Form.JWE:
        return _encrypted(token)
    if token.problem:
        return unknown(f"a text like a JWT, but {token.problem}")
    issuer = str(token.claims.get("iss", "not named"))
    cloud = cloud_of(issuer_host(issuer))
    moment = instant_of(token.claims.get("exp"))
    details = [
        ("evidence", f"signed with kid {token.kid}, algorithm {token.header.get('alg')}"),
        ("issuer", f"{issuer}: {cloud or 'unknown'} cloud"),
        ("tenant", token.tenant or "not named"),
        ("client", token.client_id or "not named"),
        ("scopes", " ".join(sorted(token.scopes or ())) or "not named"),
    ]
    if moment is not None:
        state = "expired since" if moment < datetime.now(UTC) else "good until"
        details.append(("time", f"{state} {moment:%Y-%m-%dT%H:%M:%SZ}"))
    if cloud == "sandbox":
        details.append(
            (
                "change",
                "api.cernermillennium.com trusts the production cloud only: take the token from "
                "authorization.cerner.com",
            )
        )
    details.append(("note", "decoded, not verified; treat the token as a secret until it expires"))
    means = "An access token (JWT). What it says of itself:"
    return Answer("token", "jwt", means, tuple(details), "contract-facts §4.1")


def _encrypted(token: AccessToken) -> Answer:
    """Say what the header of an encrypted token shows, and that the rest is for the API alone."""
    header = token.header
    shown = f"encrypted with {header.get('enc')} (alg {header.get('alg')}) under kid {token.kid}"
    details = (
        ("evidence", shown),
        (
            "note",
            "tenant, client, issuer, scopes and times can't be seen from outside; that is no fault",
        ),
    )
    means = "An encrypted access token (JWE): only the server that takes it can read it."
    return Answer("token", "jwe", means, details, "contract-facts §4.1; RFC 7516 §3.1")
