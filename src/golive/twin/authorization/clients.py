"""Who is asking for a token: Basic, or a signed assertion (private_key_jwt).

Exactly one of the two must be used (RFC 6749 §2.3). An assertion is checked as RFC 7523 §3 and
SMART Backend Services ask: registered key and algorithm, issuer = subject = client, this token
URL as audience, a life of at most five minutes, and never the same one twice.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from golive.twin.authorization.token_errors import TokenError, invalid_client, invalid_request
from golive.twin.authorization.tokens import part

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.http import Ask
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
    if asserted:
        account = _by_assertion(world, ask, form)
    else:
        account = _trusted_blindly(world, ask, form, header) or _by_basic(world, ask, header)
    if form.get("client_id", account.client_id) != account.client_id:
        raise invalid_request("client-id-mismatch")
    if world.injects("token-endpoint-refuses-every-client"):
        raise invalid_client(_BAD_CREDENTIALS)
    return account


def _trusted_blindly(
    world: World, ask: Ask, form: dict[str, str], header: str | None
) -> TwinAccount | None:
    """Return the account that a careless server takes the caller for; None in a correct one."""
    tenant = ask.segments[1]
    if header is None and "client_secret" in form:
        if world.injects("credential-in-body-accepted"):
            return world.account_of(ask.host, form.get("client_id"))
    elif header is None:
        if world.injects("missing-credential-accepted"):
            return world.anyone(ask.host, tenant)
    elif header.lower().startswith("bearer ") and world.injects("bearer-client-accepted"):
        return world.anyone(ask.host, tenant)
    return None


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
        if world.injects("malformed-basic-breaks-the-server"):
            raise TokenError(500, "server_error", "server-error")
        raise invalid_client(_BAD_HEADER)
    # RFC 6749 §2.3.1: both halves are form-encoded before they are joined.
    account = world.account_of(ask.host, unquote_plus(client_id))
    if account is None and world.injects("unknown-client-accepted"):
        return world.anyone(ask.host, ask.segments[1]) or world.accounts["system"]
    if account is None and world.injects("unknown-client-told-from-wrong-secret"):
        raise invalid_client("oauth2:token:unknown-client")
    if account is None or account.client_secret is None:
        raise invalid_client(_BAD_CREDENTIALS)
    given = unquote_plus(secret).encode("utf-8", "replace")
    right = hmac.compare_digest(given, account.client_secret.encode("utf-8"))
    if not right and not _is_near_enough(world, given, account.client_secret.encode("utf-8")):
        raise invalid_client(_BAD_CREDENTIALS)
    return account


def _is_near_enough(world: World, given: bytes, secret: bytes) -> bool:
    """Whether a defect accepts this wrong secret."""
    return (
        world.injects("wrong-secret-accepted")
        or (world.injects("secret-compared-by-its-beginning") and given[:16] == secret[:16])
        or (world.injects("secret-compared-without-case") and given.lower() == secret.lower())
    )


def _by_assertion(world: World, ask: Ask, form: dict[str, str]) -> TwinAccount:
    wrong_type = form.get("client_assertion_type") != JWT_BEARER
    if wrong_type and not world.injects("assertion-type-ignored"):
        raise invalid_client("client-assertion:unsupported-type")
    assertion = form.get("client_assertion", "")
    try:
        header_part, claims_part, _ = assertion.split(".")
        header, claims = part(header_part), part(claims_part)
    except ValueError:
        raise _assertion_error("malformed") from None
    account = world.account_of(ask.host, claims.get("iss"))
    if account is None:
        raise invalid_client(_BAD_CREDENTIALS)
    if account.private_key_pem is None or header.get("kid") != account.key_id:
        raise _assertion_error("invalid-signature")
    _verify(world, assertion, account)
    _check_claims(world, ask, account, claims)
    return account


def _verify(world: World, assertion: str, account: TwinAccount) -> None:
    pem = account.private_key_pem or ""
    algorithm = account.algorithm or ""
    if world.injects(f"{algorithm.lower()}-assertion-refused"):
        raise _assertion_error("invalid-signature")
    try:
        jwt.decode(assertion, _imported(pem, algorithm), algorithms=[algorithm])
    except (JoseError, ValueError):
        if not world.injects("unregistered-assertion-key-accepted"):
            raise _assertion_error("invalid-signature") from None


@lru_cache(maxsize=32)
def _imported(pem: str, algorithm: str) -> ECKey | RSAKey:
    """Import a key, once: to find out that an RSA key is sound takes long."""
    return ECKey.import_key(pem) if algorithm == "ES384" else RSAKey.import_key(pem)


def _check_claims(world: World, ask: Ask, account: TwinAccount, claims: dict[str, Any]) -> None:
    now = world.now()
    expiry, jti, begin = (claims.get(name) for name in ("exp", "jti", "nbf"))
    if claims.get("sub") != account.client_id and not world.injects("assertion-subject-ignored"):
        raise _assertion_error("invalid-subject")
    if not _is_for_us(world, ask, claims.get("aud")):
        raise _assertion_error("invalid-audience")
    if not isinstance(expiry, int | float) or (
        not expiry > now and not world.injects("expired-assertion-accepted")
    ):
        raise _assertion_error("expired")
    if expiry > now + _LONGEST_ASSERTION + _CLOCK_SKEW:
        raise _assertion_error("lifetime-too-long")
    later = isinstance(begin, int | float) and begin > now + _CLOCK_SKEW
    if later and not world.injects("early-assertion-accepted"):
        raise _assertion_error("not-yet-valid")
    if not isinstance(jti, str) or not jti:
        raise _assertion_error("missing-jti")
    used = (account.client_id, jti) in world.used_assertions
    if used and not world.injects("replayed-assertion-accepted"):
        raise _assertion_error("replayed")
    world.used_assertions.add((account.client_id, jti))


def _is_for_us(world: World, ask: Ask, audience: object) -> bool:
    # The real URL of this endpoint is as good as the twin's own.
    ours = {f"{world.address}/{ask.host}{ask.path}", f"https://{ask.host}{ask.path}"}
    named = audience if isinstance(audience, list) else [audience]
    if world.injects("assertion-audience-ignored"):
        return True
    return bool(ours & {name for name in named if isinstance(name, str)})
