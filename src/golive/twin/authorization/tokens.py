"""Access tokens: ES256 JSON Web Tokens with the claims that Oracle's own samples show.

Claims are those of contract-facts §4.1: no ``aud``, an ``iss`` that is the bare cloud, the scopes
as a space-separated string in two places, and 30 seconds of grace between ``expires_in`` and
``exp``. Where the settings say so, the signed token is encrypted as well, with the header that was
seen in 2025: only the API can then read what is in it.
"""

from __future__ import annotations

import base64
import hmac
import json
import uuid
from typing import TYPE_CHECKING, Any

from joserfc import jwe, jwt
from joserfc.jwk import OctKey

from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.world import World

ENCRYPTION = "A128CBC-HS256"
SEALING = ["dir", ENCRYPTION, "DEF"]
GRACE = 30  # seconds by which a token outlives its announced lifetime
AUTHORIZATION_CLAIM = "urn:com:cerner:authorization:claims"
VERSION_CLAIM = "urn:cerner:authorization:claims:version:1"


def issue(
    world: World,
    account: TwinAccount,
    scopes: tuple[str, ...],
    *,
    resource_host: str | None = None,
    issued_at: int | None = None,
) -> str:
    """Return a token for ``account``, signed by its cloud.

    ``resource_host`` is the X of ``/hosts/X/`` in the token URL; ``issued_at`` (POSIX seconds,
    default now) makes old tokens.
    """
    start = int(world.now_at_cloud()) if issued_at is None else issued_at
    if world.injects("token-carries-more-scopes-than-granted"):
        scopes = account.scopes
    jti = world.one_id if world.injects("token-ids-repeat") else str(uuid.uuid4())
    if resource_host is not None:
        world.resource_hosts[jti] = resource_host
        world.newest[account.client_id] = jti
    claims = {**_times(world, start), "jti": jti, **_who(world, account, " ".join(scopes))}
    if world.injects("token-is-too-large-for-a-header"):
        claims["history"] = account.client_id * 250
    signed = _sign(world, account.cloud_host, claims)
    encrypted = world.settings.token_form == "jwe"  # noqa: S105 - a form, no password
    return _sealed(world, account.cloud_host, signed) if encrypted else signed


def _times(world: World, start: int) -> dict[str, int | str]:
    lifetime = world.settings.token_lifetime
    expiry = start + lifetime + GRACE
    if world.injects("token-has-no-grace"):
        expiry = start + lifetime
    early = world.injects_at_third_token("every-third-token-expires-early")
    if early or world.injects("token-expires-before-it-says"):
        expiry = start + lifetime - lifetime // 4
    if world.injects("token-was-issued-an-hour-ago"):
        start -= 3600
    if world.injects("token-expires-in-milliseconds"):
        expiry *= 1000
    as_text = world.injects("token-issued-at-as-text")
    times: dict[str, int | str] = {"iat": str(start) if as_text else start, "exp": expiry}
    return times | ({"nbf": start + 3600} if world.injects("nbf-of-tokens-is-ignored") else {})


def _who(world: World, account: TwinAccount, granted: str) -> dict[str, Any]:
    issuer = account.cloud_host
    if world.injects("token-issuer-is-the-other-cloud"):
        issuer = SANDBOX_CLOUD if issuer == PRODUCTION_CLOUD else PRODUCTION_CLOUD
    other_client = world.injects("token-names-another-client") or world.injects_at_third_token(
        "every-third-token-names-another-client"
    )
    third = world.injects_at_third_token("every-third-token-names-another-tenant")
    tenant = world.one_id if third else account.tenant
    two_tenants = world.injects("token-claims-name-two-tenants")
    named = {"tnt": tenant}
    if account.private_key_pem and world.injects("token-by-assertion-lacks-its-tenant"):
        named = {}
    return {
        "iss": f"https://{issuer}/",
        "sub": 720564485 if world.injects("token-subject-is-a-number") else account.client_id,
        "azp": world.one_id if other_client else account.client_id,
        AUTHORIZATION_CLAIM: {"ver": "1.0", **named, "azs": granted},
        VERSION_CLAIM: {
            "ver": "1.0",
            "profiles": {"smart-v1": {"azs": granted}},
            "client": {"name": f"twin {account.name}", "id": account.client_id},
            "tenant": world.one_id if two_tenants else tenant,
        },
    }


def _sign(world: World, cloud: str, claims: dict[str, Any]) -> str:
    ring = world.keys[cloud]
    badly = world.injects_at_third_token("every-third-token-is-badly-signed")
    key = ring.impostor if badly else ring.signing
    header: dict[str, Any] = {
        "kid": key.kid,
        "typ": "at+jwt" if world.injects("token-typ-is-at-jwt") else "JWT",
    }
    if world.injects("token-header-holds-a-private-key"):
        header["jwk"] = ring.impostor.as_dict(private=True)
    if world.injects("token-is-signed-with-hs256"):
        shared = OctKey.import_key(world.shared_secret)
        return jwt.encode({"alg": "HS256", **header}, claims, shared, algorithms=["HS256"])
    return jwt.encode({"alg": "ES256", **header}, claims, key, algorithms=["ES256"])


def _sealed(world: World, cloud: str, signed: str) -> str:
    """Encrypt a signed token under its cloud's symmetric key (RFC 7516 §7.1)."""
    key = world.keys[cloud].sealing
    header = {"zip": "DEF", "kid": key.kid, "cty": "JWT", "enc": ENCRYPTION, "alg": "dir"}
    return jwe.encrypt_compact(header, signed, key, algorithms=SEALING)


def part(text: str, *, first: bool = False) -> dict[str, Any]:
    """Return the JSON object of one part of a compact token, not yet believed; raise ValueError for anything else.

    Of members with one name the last counts (RFC 7519 §4), or the `first`.
    """
    hook = _first_of_each if first else None
    try:
        document = json.loads(
            base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), object_pairs_hook=hook
        )
    except RecursionError:
        document = None
    if not isinstance(document, dict):
        raise ValueError("not an object")
    return document


def _first_of_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(reversed(pairs))


def signed_with_public_key(token: str, pem: bytes) -> bool:
    """Whether a compact token's code is HMAC with SHA-256, and its secret this public key, which is none."""
    signed, _, code = token.rpartition(".")
    right = hmac.digest(pem, signed.encode(), "sha256")
    return base64.urlsafe_b64encode(right).decode().rstrip("=") == code


def opened(token: str, key: OctKey) -> str:
    """Return the signed token inside an encrypted one; raise JoseError or ValueError where the key does not open it."""
    inside = jwe.decrypt_compact(token, key, algorithms=SEALING).plaintext or b""
    return inside.decode("ascii")


def expired_token(world: World) -> str:
    """Return a correctly signed token of account ``system`` that expired an hour ago."""
    lifetime = world.settings.token_lifetime + GRACE
    account = world.accounts["system"]
    return issue(world, account, account.scopes, issued_at=int(world.now()) - 3600 - lifetime)


def is_degenerate(signature: bytes, order: int) -> bool:
    """Say whether r and s of an ECDSA signature are both zero, or multiples of the curve's order."""
    half = len(signature) // 2
    r, s = int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big")
    return half > 0 and r % order == 0 and s % order == 0
