"""Clients that sign an assertion: private_key_jwt.

An assertion is checked as RFC 7523 §3 and SMART Backend Services ask: registered key and algorithm, issuer = subject
= client, this token URL as audience, a life of at most five minutes, and never the same one twice.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey
from joserfc.jws import JWSRegistry

from golive.twin.authorization.presented_tokens import certified
from golive.twin.authorization.token_errors import BAD_CREDENTIALS, TokenError, invalid_client
from golive.twin.authorization.tokens import part, signed_with_public_key

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.http import Ask
    from golive.twin.world import World

JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_LONGEST = 300  # seconds that an assertion may still live
_IN_BASE64URL = str.maketrans("+/", "-_")
_CLOCK_SKEW = 60  # seconds by which a client's clock may run ahead


def _error(reason: str) -> TokenError:
    return invalid_client(f"client-assertion:jwt-bearer:{reason}")


def by_assertion(world: World, ask: Ask, form: dict[str, str]) -> TwinAccount:
    """Return the account that signed the assertion; raise TokenError when there is none."""
    if form.get("client_assertion_type") != JWT_BEARER:
        raise invalid_client("client-assertion:unsupported-type")
    assertion = form.get("client_assertion", "")
    try:
        header_part, claims_part, _ = assertion.split(".")
        header, claims = part(header_part), part(claims_part)
    except ValueError:
        raise _error("malformed") from None
    if world.injects("first-of-two-expiries-counts"):
        claims = part(claims_part, first=True)
    if world.injects("assertion-in-base64-accepted"):
        assertion = assertion.translate(_IN_BASE64URL)
    by_subject = any(
        map(world.injects, ("assertion-issuer-ignored", "token-is-for-the-issuer-of-an-assertion"))
    )
    named = claims.get("sub" if by_subject else "iss")
    if isinstance(named, str) and world.injects("client-id-of-assertion-compared-without-case"):
        named = named.lower()
        claims["sub"] = named
    account = world.account_of(ask.host, named)
    if account is None:
        raise invalid_client(BAD_CREDENTIALS)
    if account.private_key_pem is None and world.injects("assertion-for-any-client-accepted"):
        return account
    if account.private_key_pem is None:
        raise _error("invalid-signature")
    if not _is_trusted_all_the_same(world, assertion, header, account):
        _verify(world, assertion, header, account)
    if other := _who_else(world, ask, account, claims):
        return other
    if account.algorithm != "RS384" or not world.injects("claims-of-rsa-assertions-are-ignored"):
        _check_claims(world, ask, account, claims)
    return account


def _who_else(
    world: World, ask: Ask, account: TwinAccount, claims: dict[str, Any]
) -> TwinAccount | None:
    """Return the other client that an assertion names, where a defect takes it for who has signed; None else."""
    for claim, of in (("sub", "subject"), ("iss", "issuer")):
        named = world.account_of(ask.host, claims.get(claim))
        if named not in (None, account) and world.injects(f"token-is-for-the-{of}-of-an-assertion"):
            return named
    return None


def _key_of(account: TwinAccount) -> ECKey | RSAKey:
    return _imported(account.private_key_pem or "", account.algorithm or "")


LONGEST_HEADER = 4096
"""Bytes of an assertion's header: one with a certificate is longer than the library takes by default."""


@lru_cache(maxsize=32)
def _imported(pem: str, algorithm: str) -> ECKey | RSAKey:
    """Import a key, once: to find out that an RSA key is sound takes long."""
    return ECKey.import_key(pem) if algorithm == "ES384" else RSAKey.import_key(pem)


def _verifies(assertion: str, key: ECKey | RSAKey, algorithm: str) -> bool:
    registry = JWSRegistry(algorithms=[algorithm])
    registry.max_header_length = LONGEST_HEADER
    try:
        jwt.decode(assertion, key, registry=registry)
    except (JoseError, ValueError):
        return False
    return True


def _verify(world: World, assertion: str, header: dict[str, Any], account: TwinAccount) -> None:
    algorithm = account.algorithm or ""
    refused = world.injects(f"{algorithm.lower()}-assertion-refused")
    if refused or header.get("kid") != account.key_id:
        raise _error("invalid-signature")
    careless = algorithm == "RS384" and world.injects("rsa-assertions-are-not-verified")
    known = careless or world.injects("unregistered-assertion-key-accepted")
    if not known and not _verifies(assertion, _key_of(account), algorithm):
        raise _error("invalid-signature")


def _is_trusted_all_the_same(
    world: World, assertion: str, header: dict[str, Any], account: TwinAccount
) -> bool:
    """Whether a defect believes an assertion whose signature proves nothing."""
    trusting = account.algorithm == "RS384" and world.injects(
        "rsa-assertions-are-verified-as-they-say"
    )
    match header.get("alg"):
        case "none":
            return trusting or world.injects("unsigned-assertion-accepted")
        case "HS256":
            public = _key_of(account).as_pem(private=False)
            careless = trusting or world.injects("clients-public-key-taken-for-a-secret")
            return careless and signed_with_public_key(assertion, public)
        case str() as algorithm if "x5c" in header and world.injects(
            "certificate-in-assertion-trusted"
        ):
            kind = ECKey if algorithm.startswith("ES") else RSAKey
            return _verifies(assertion, kind.import_key(certified(header)), algorithm)
        case str() as algorithm if "jwk" in header and (
            trusting or world.injects("key-in-assertion-trusted")
        ):
            kind = ECKey if algorithm.startswith("ES") else RSAKey
            return _verifies(assertion, kind.import_key(header["jwk"]), algorithm)
    signature = assertion.rpartition(".")[2]
    if signature and not signature.strip("A") and world.injects("assertion-of-zeros-accepted"):
        return True
    if world.injects("any-clients-key-accepted"):
        others = (one for one in world.accounts.values() if one.key_id == header.get("kid"))
        return any(_verifies(assertion, _key_of(one), one.algorithm or "") for one in others)
    return False


def _check_claims(world: World, ask: Ask, account: TwinAccount, claims: dict[str, Any]) -> None:
    subject = claims.get("sub")
    if isinstance(subject, list) and world.injects("assertion-subject-may-be-a-list"):
        subject = subject[0]
    if subject != account.client_id and not world.injects("assertion-subject-ignored"):
        raise _error("invalid-subject")
    if not _is_for_us(world, ask, claims):
        raise _error("invalid-audience")
    _check_times(world, claims)
    jti = claims.get("jti")
    if jti is None and world.injects("assertion-without-id-accepted"):
        return
    if not isinstance(jti, str) or not jti:
        raise _error("missing-jti")
    used = (account.client_id, jti) in world.used_assertions
    if used and not world.injects("replayed-assertion-accepted"):
        raise _error("replayed")
    world.used_assertions.add((account.client_id, jti))


def _check_times(world: World, claims: dict[str, Any]) -> None:
    now = world.now()
    expiry, begin = claims.get("exp"), claims.get("nbf")
    if expiry is None and world.injects("assertion-without-expiry-accepted"):
        return
    if not isinstance(expiry, int | float) or (
        not expiry > now and not world.injects("expired-assertion-accepted")
    ):
        raise _error("expired")
    too_long = expiry > now + _LONGEST + _CLOCK_SKEW
    if too_long and not world.injects("assertion-may-live-for-a-day"):
        raise _error("lifetime-too-long")
    later = isinstance(begin, int | float) and begin > now + _CLOCK_SKEW
    if later and not world.injects("early-assertion-accepted"):
        raise _error("not-yet-valid")


def _is_for_us(world: World, ask: Ask, claims: dict[str, Any]) -> bool:
    if world.injects("assertion-audience-ignored"):
        return True
    if "aud" not in claims:
        return world.injects("assertion-without-audience-accepted")
    # The real URL of this endpoint is as good as the twin's own.
    ours = {f"{world.address}/{ask.host}{ask.path}", f"https://{ask.host}{ask.path}"}
    audience = claims["aud"]
    named = audience if isinstance(audience, list) else [audience]
    texts = {name for name in named if isinstance(name, str)}
    if world.injects("assertion-for-any-tenant-accepted"):
        return any(f"/{ask.host}/tenants/" in text for text in texts)
    return bool(ours & texts) or any(
        _is_near_enough(world, text, one) for text in texts for one in ours
    )


def _is_near_enough(world: World, audience: str, ours: str) -> bool:
    """Whether a defect takes this audience for its own token URL."""
    return world.injects_any(
        {
            "audience-may-go-on": audience.startswith(ours),
            "audience-may-begin-otherwise": audience.endswith(ours),
            "audience-may-end-early": len(audience) > 40 and ours.startswith(audience),
            "audience-compared-without-case": audience.lower() == ours.lower(),
        }
    )
