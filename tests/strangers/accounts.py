"""Who is registered where: tenants and accounts, with secrets or public keys."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import lru_cache
from random import Random

from joserfc.jwk import ECKey, RSAKey

SANDBOX_TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
MESSAGE = "oraclehealth:millennium:message"
RECIPIENT = "oraclehealth:millennium:recipient"
CODE_SYSTEM = "oraclehealth:millennium:code-system"
CONDITION = "oraclehealth:millennium:condition"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@dataclass(frozen=True)
class Tenants:
    """The tenants by what they are for; `cloud` 0 is production, 1 the sandbox cloud."""

    main: str
    second: str
    other_cloud: str

    def of_cloud(self, cloud: int) -> set[str]:
        """The tenants that a cloud knows."""
        return {self.other_cloud} if cloud else {self.main, self.second}


@dataclass(frozen=True)
class Account:
    """A system account. It has a secret or a key, and is known to one cloud only."""

    name: str
    client_id: str
    scopes: tuple[str, ...]
    tenants: tuple[str, ...]
    cloud: int = 0
    secret: str | None = None
    key: ECKey | RSAKey | None = None
    alg: str | None = None
    kid: str | None = None

    @property
    def private_key_pem(self) -> str | None:
        """The private key as PEM."""
        return self.key.as_pem(private=True).decode() if self.key else None


@lru_cache(maxsize=2)
def _client_key(alg: str) -> ECKey | RSAKey:
    return ECKey.generate_key("P-384") if alg == "ES384" else RSAKey.generate_key(2048)


def make_tenants(random: Random) -> Tenants:
    """The public sandbox tenant, and two invented ones."""
    return Tenants(SANDBOX_TENANT, new_uuid(random), new_uuid(random))


def make_accounts(random: Random, tenants: Tenants) -> dict[str, Account]:
    """Every account by its name."""
    here = (tenants.main,)
    both = (tenants.main, tenants.second)

    def with_secret(
        name: str, scopes: tuple[str, ...], where: tuple[str, ...], cloud: int = 0
    ) -> Account:
        secret = "".join(random.choice(_LETTERS) for _ in range(32))
        return Account(name, new_uuid(random), scopes, where, cloud, secret=secret)

    def with_key(name: str, alg: str) -> Account:
        client_id = new_uuid(random)
        return Account(
            name, client_id, (MESSAGE,), here, key=_client_key(alg), alg=alg, kid=f"{name}-1"
        )

    accounts = [
        with_secret("full", (MESSAGE,), here),
        with_secret("no_message_scope", (RECIPIENT,), here),
        with_secret("other_tenant", (MESSAGE,), (tenants.second,)),
        with_secret("both_tenants", (MESSAGE,), both),
        with_secret("several_scopes", (RECIPIENT, MESSAGE, CONDITION), here),
        with_secret("other_cloud", (MESSAGE,), (tenants.other_cloud,), cloud=1),
        with_key("key_es384", "ES384"),
        with_key("key_rs384", "RS384"),
    ]
    random = Random("neighbours")  # what was made before keeps its ids
    accounts += [
        with_secret("neighbours", (MESSAGE, RECIPIENT, CODE_SYSTEM), here),
        with_secret("neighbours_elsewhere", (RECIPIENT, CODE_SYSTEM), (tenants.second,)),
        with_secret("no_neighbours_scope", (CONDITION,), here),
    ]
    return {account.name: account for account in accounts}


def new_uuid(random: Random) -> str:
    """A UUID that the seed decides."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))
