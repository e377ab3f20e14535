"""Who is asking for a token: Basic, or a signed assertion (private_key_jwt).

Exactly one of the two must be used (RFC 6749 §2.3). An assertion is checked as RFC 7523 §3 and
SMART Backend Services ask: registered key and algorithm, issuer = subject = client, this token
URL as audience, a life of at most five minutes, and never the same one twice.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from golive.twin.token_errors import TokenError, invalid_client, invalid_request

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.answers import Ask
    from golive.twin.world import World

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST_ASSERTION = 300  # seconds that an assertion may still live
_CLOCK_SKEW = 60  # seconds by which a client's clock may run ahead

_BAD_HEADER = "oauth2:token:invalid-authorization-header"
_BAD_CREDENTIALS = "oauth2:token:invalid-client-credentials"


def _assertion_error(reason: str) -> TokenError:
    return invalid_client(f"client-assertion:jwt-bearer:{reason}")


def authenticate(world: World, ask: Ask, form: dict[str, str]) -> TwinAccount:
    """Return the account behind a token request; raise TokenError when there is none."""
    header = ask.headers.get("authorization")
    asserted = "client_assertion" in form or "client_assertion_type" in form
    if header is not None and (asserted or "client_secret" in form):
        raise invalid_request("multiple-client-authentication-methods")
    account = _by_assertion(world, ask, form) if asserted else _by_basic(world, ask, header)
    if form.get("client_id", account.client_id) != account.client_id:
        raise invalid_request("client-id-mismatch")
    if world.lies("token-endpoint-refuses-every-client"):
        raise invalid_client(_BAD_CREDENTIALS)
    return account


def _by_basic(world: World, ask: Ask, header: str | None) -> TwinAccount:
    scheme, _, encoded = (header or "").partition(" ")
    if scheme.lower() != "basic":
        raise invalid_client(_BAD_HEADER)
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        raise invalid_client(_BAD_HEADER) from None
    client_id, colon, secret = pair.partition(":")
    if not colon or not client_id:
        raise invalid_client(_BAD_HEADER)
    # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    account = world.account_of(ask.host, unquote_plus(client_id))
    if account is None or account.client_secret is None:
        raise invalid_client(_BAD_CREDENTIALS)
    given = unquote_plus(secret).encode("utf-8", "replace")
    right = hmac.compare_digest(given, account.client_secret.encode("utf-8"))
    if not right and not world.lies("wrong-secret-accepted"):
        raise invalid_client(_BAD_CREDENTIALS)
    return account


def _unverified(part: str) -> dict[str, Any]:
    """Return the JSON object of one part of a compact token; raise ValueError if it is none."""
    document = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(document, dict):
        raise ValueError("not an object")
    return document


def _by_assertion(world: World, ask: Ask, form: dict[str, str]) -> TwinAccount:
    if form.get("client_assertion_type") != JWT_BEARER:
        raise invalid_client("client-assertion:unsupported-type")
    assertion = form.get("client_assertion", "")
    try:
        header_part, claims_part, _ = assertion.split(".")
        header, claims = _unverified(header_part), _unverified(claims_part)
    except (ValueError, RecursionError):
        raise _assertion_error("malformed") from None
    account = world.account_of(ask.host, claims.get("iss"))
    if account is None:
        raise invalid_client(_BAD_CREDENTIALS)
    if account.private_key_pem is None or header.get("kid") != account.key_id:
        raise _assertion_error("invalid-signature")
    _verify(assertion, account)
    _check_claims(world, ask, account, claims)
    return account


def _verify(assertion: str, account: TwinAccount) -> None:
    pem = account.private_key_pem or ""
    algorithm = account.algorithm or ""
    key = ECKey.import_key(pem) if algorithm == "ES384" else RSAKey.import_key(pem)
    try:
        jwt.decode(assertion, key, algorithms=[algorithm])
    except (JoseError, ValueError):
        raise _assertion_error("invalid-signature") from None


def _check_claims(world: World, ask: Ask, account: TwinAccount, claims: dict[str, Any]) -> None:
    now = world.now()
    expiry, jti = claims.get("exp"), claims.get("jti")
    if claims.get("sub") != account.client_id:
        raise _assertion_error("invalid-subject")
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    # The real URL of this endpoint is as good as the twin's own.
    if not {f"{world.address}/{ask.host}{ask.path}", f"https://{ask.host}{ask.path}"} & {
        name for name in named if isinstance(name, str)
    }:
        raise _assertion_error("invalid-audience")
    if not isinstance(expiry, int | float) or not expiry > now:
        raise _assertion_error("expired")
    if expiry > now + _LONGEST_ASSERTION + _CLOCK_SKEW:
        raise _assertion_error("lifetime-too-long")
    if not isinstance(jti, str) or not jti:
        raise _assertion_error("missing-jti")
    if (account.client_id, jti) in world.used_assertions:
        raise _assertion_error("replayed")
    world.used_assertions.add((account.client_id, jti))
