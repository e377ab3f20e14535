"""The system accounts that are registered in the two clouds, made afresh at each start.

Client ids, secrets and keys are random, so nothing that the twin knows is worth keeping; an RSA key is that
of the process. Each account belongs to one cloud and one tenant, holds its registered scopes and
authenticates in exactly one way: Basic, or private_key_jwt with ES384 or RS384 (contract-facts §4.1).
"""

from __future__ import annotations

import base64
import random
import uuid
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

from golive.twin.names import (
    CUSTOMER_TENANT,
    MESSAGE_SCOPE,
    NOMENCLATURE_SCOPE,
    PRODUCTION_CLOUD,
    RECIPIENT_SCOPE,
    SANDBOX_CLOUD,
    SANDBOX_CLOUD_TENANT,
    SANDBOX_TENANT,
    SCOPES,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_ALL = (*SCOPES.values(), NOMENCLATURE_SCOPE)


@dataclass(frozen=True)
class TwinAccount:
    """One registered system account; secrets stay out of its repr.

    ``private_key_pem`` is PKCS #8 text, ``algorithm`` is "ES384" or "RS384"; both are None for an
    account that uses Basic, as is ``client_secret`` for one that uses a key.
    """

    name: str
    client_id: str
    tenant: str
    cloud_host: str
    scopes: tuple[str, ...]
    client_secret: str | None = field(default=None, repr=False)
    private_key_pem: str | None = field(default=None, repr=False)
    key_id: str | None = None
    algorithm: str | None = None


def _account(
    name: str,
    scopes: tuple[str, ...] = _ALL,
    *,
    seed: int | None,
    tenant: str = SANDBOX_TENANT,
    cloud: str = PRODUCTION_CLOUD,
    algorithm: str | None = None,
) -> TwinAccount:
    """Make an account that has a secret, or a key where an algorithm is given; of a seed, the same id and secret."""
    chance = random.SystemRandom() if seed is None else random.Random(f"{seed} {name}")  # noqa: S311  (on loopback)
    client_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    account = TwinAccount(name, client_id, tenant, cloud, scopes)
    if algorithm is None:
        secret = base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")
        return replace(account, client_secret=secret)
    # joserfc costs a tenth of a second to import: only a twin that starts should pay for it.
    from joserfc.jwk import ECKey

    from golive.twin.keys import rsa_key

    key = ECKey.generate_key("P-384") if algorithm == "ES384" else rsa_key(name)
    pem = key.as_pem(private=True).decode("ascii")
    return replace(account, private_key_pem=pem, key_id=str(uuid.uuid4()), algorithm=algorithm)


def register_accounts(
    seed: int | None = None, tenants: Mapping[str, str] = MappingProxyType({})
) -> dict[str, TwinAccount]:
    """Return all accounts by name, with new random ids, secrets and keys; of a seed, the same ids and secrets.

    Each of the further `tenants` (their ids by name) has one, of the tenant's name.
    """
    made = partial(_account, seed=seed)
    accounts = (
        made("system"),
        made("system-es384", algorithm="ES384"),
        made("system-rs384", algorithm="RS384"),
        made("without-message-scope", (RECIPIENT_SCOPE, NOMENCLATURE_SCOPE)),
        made("customer", tenant=CUSTOMER_TENANT),
        made("sandbox-cloud", (MESSAGE_SCOPE,), tenant=SANDBOX_CLOUD_TENANT, cloud=SANDBOX_CLOUD),
        *(made(name, tenant=tenant) for name, tenant in tenants.items()),
    )
    return {account.name: account for account in accounts}
