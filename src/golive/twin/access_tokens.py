"""Access tokens: ES256 JSON Web Tokens with the claims that Oracle's own samples show.

Claims are those of contract-facts §4.1: no ``aud``, an ``iss`` that is the bare cloud, the scopes
as a space-separated string in two places, and 30 seconds of grace between ``expires_in`` and
``exp``.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from joserfc import jwt

if TYPE_CHECKING:
    from golive.twin.accounts import TwinAccount
    from golive.twin.world import World

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
    key = world.keys[account.cloud_host].signing
    start = int(world.now()) if issued_at is None else issued_at
    granted = " ".join(scopes)
    jti = str(uuid.uuid4())
    if resource_host is not None:
        world.resource_hosts[jti] = resource_host
    claims: dict[str, Any] = {
        "iss": f"https://{account.cloud_host}/",
        "sub": account.client_id,
        "azp": account.client_id,
        "iat": start,
        "exp": start + world.settings.token_lifetime + GRACE,
        "jti": jti,
        AUTHORIZATION_CLAIM: {"ver": "1.0", "tnt": account.tenant, "azs": granted},
        VERSION_CLAIM: {
            "ver": "1.0",
            "profiles": {"smart-v1": {"azs": granted}},
            "client": {"name": f"twin {account.name}", "id": account.client_id},
            "tenant": account.tenant,
        },
    }
    return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key, algorithms=["ES256"])


def expired_token(world: World) -> str:
    """Return a correctly signed token of account ``system`` that expired an hour ago."""
    lifetime = world.settings.token_lifetime + GRACE
    account = world.accounts["system"]
    return issue(world, account, account.scopes, issued_at=int(world.now()) - 3600 - lifetime)
