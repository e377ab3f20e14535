"""The system accounts that are registered in the two clouds, made afresh at each start.

Client ids, secrets and keys are random, so nothing that the twin knows is worth keeping; an RSA key is that
of the process. Each account belongs to one cloud and one tenant, holds its registered scopes and
authenticates in exactly one way: Basic, or private_key_jwt with ES384 or RS384 (contract-facts §4.1).
"""

from __future__ import annotations

import base64
import random
import secrets
import uuid
from dataclasses import dataclass, field, replace

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


def _basic(name: str, cloud: str, tenant: str, scopes: tuple[str, ...]) -> TwinAccount:
    return TwinAccount(
        name=name,
        client_id=str(uuid.uuid4()),
        tenant=tenant,
        cloud_host=cloud,
        scopes=scopes,
        client_secret=secrets.token_urlsafe(32),
    )


def _stable(account: TwinAccount, seed: int) -> TwinAccount:
    """Return the account with an id and a secret that this seed gives at each start."""
    chance = random.Random(f"{seed} {account.name}")  # noqa: S311  (works on loopback alone)
    client_id = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    if account.client_secret is None:
        return replace(account, client_id=client_id)
    secret = base64.urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")
    return replace(account, client_id=client_id, client_secret=secret)


def _with_key(name: str, algorithm: str) -> TwinAccount:
    # joserfc costs a tenth of a second to import: only a twin that starts should pay for it.
    from joserfc.jwk import ECKey

    from golive.twin.keys import rsa_key

    key = ECKey.generate_key("P-384") if algorithm == "ES384" else rsa_key(name)
    return TwinAccount(
        name=name,
        client_id=str(uuid.uuid4()),
        tenant=SANDBOX_TENANT,
        cloud_host=PRODUCTION_CLOUD,
        scopes=_ALL,
        private_key_pem=key.as_pem(private=True).decode("ascii"),
        key_id=str(uuid.uuid4()),
        algorithm=algorithm,
    )


def register_accounts(seed: int | None = None) -> dict[str, TwinAccount]:
    """Return all accounts by name, with new random ids, secrets and keys; of a seed, the same ids and secrets."""
    accounts: tuple[TwinAccount, ...] = (
        _basic("system", PRODUCTION_CLOUD, SANDBOX_TENANT, _ALL),
        _with_key("system-es384", "ES384"),
        _with_key("system-rs384", "RS384"),
        _basic(
            "without-message-scope",
            PRODUCTION_CLOUD,
            SANDBOX_TENANT,
            (RECIPIENT_SCOPE, NOMENCLATURE_SCOPE),
        ),
        _basic("customer", PRODUCTION_CLOUD, CUSTOMER_TENANT, _ALL),
        _basic("sandbox-cloud", SANDBOX_CLOUD, SANDBOX_CLOUD_TENANT, (MESSAGE_SCOPE,)),
    )
    if seed is not None:
        accounts = tuple(_stable(account, seed) for account in accounts)
    return {account.name: account for account in accounts}
