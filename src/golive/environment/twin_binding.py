"""Putting real addresses, accounts and tokens into an environment that only names those of a twin.

A started twin has them; for a recording, its address and clients as they were then are put in, and nothing that is
accepted anywhere.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from golive.environment.secret import Secret
from golive.environment.sections import (
    KeyCredential,
    SecretCredential,
    TwinCredential,
    TwinToken,
)
from golive.environment.settings import Recipient, records_as_test_data
from golive.environment.urls import TWIN
from golive.kit.problems import (
    ConfigurationProblem,
    Problem,
    in_line_order,
    shown_path,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Literal

    from golive.environment.model import Environment
    from golive.environment.sections import Account, Credential
    from golive.twin import TwinAccount

NOWHERE = "http://127.0.0.1:9"
"""An address at which no twin is; nothing is sent there (RFC 863's port)."""


def twinned(
    environment: Environment,
    address: str,
    accounts: Mapping[str, TwinAccount],
    tokens: Mapping[str, str],
) -> Environment:
    """Return the environment with what a started twin has; see `Environment.with_twin`."""
    problems: list[Problem] = []

    def credential(account: Account) -> Credential:
        if not isinstance(account.credential, TwinCredential):
            return account.credential
        way, own = account.client_authentication, accounts[account.credential.twin]
        if way == "client_secret_basic" and own.client_secret:
            return SecretCredential(own.client_id, Secret(own.client_secret))
        if way == "private_key_jwt" and own.private_key_pem:
            algorithm = cast("Literal['ES384', 'RS384']", own.algorithm)
            secret = Secret(own.private_key_pem)
            return KeyCredential(own.client_id, secret, own.key_id or "", algorithm)
        owner = f"claims.accounts.{account.name}" if account.name else "token"
        key = f"{owner}.credential.twin"
        message = f"this account of the twin can't authenticate with {way}."
        cure = f"Name another account, or change {owner}.client_authentication."
        file, line = shown_path(environment.path), environment.line_of(key)
        problems.append(Problem(file, line, key, message, cure))
        return account.credential

    found = _with(environment, address.rstrip("/"), credential, lambda name: Secret(tokens[name]))
    if problems:
        raise ConfigurationProblem(in_line_order(problems))
    return found


def _with(
    environment: Environment,
    address: str,
    credential: Callable[[Account], Credential],
    token: Callable[[str], Secret],
) -> Environment:
    """Return the environment with a twin's address, and with what these give for an account and a token's name."""

    def url(text: str) -> str:
        return text.replace(TWIN, address, 1)

    own, claims, expired = environment.token, environment.claims, environment.claims.expired_token
    return replace(
        environment,
        token=replace(
            own,
            url=url(own.url),
            credential=credential(environment.main_account),
            key_set_url=url(own.key_set_url) if own.key_set_url else None,
        ),
        apis={n: replace(one, base_url=url(one.base_url)) for n, one in environment.apis.items()},
        claims=replace(
            claims,
            expired_token=token(expired.twin) if isinstance(expired, TwinToken) else expired,
            accounts={
                name: replace(one, token_url=url(one.token_url), credential=credential(one))
                for name, one in claims.accounts.items()
            },
        ),
    )


def as_recorded(
    environment: Environment,
    stand_in: str,
    *,
    address: str,
    clients: Mapping[str, str],
    test_data: Mapping[str, Any],
) -> Environment:
    """Return the environment with what a recording says of it; `stand_in` takes the place of the twin's secrets.

    `address` is the twin's, "" where none was asked; `clients` are client ids by the account's name, "" for the
    environment's own. Ids of test data that no recording can show (`***`) stay as the environment has them.
    """

    def credential(account: Account) -> Credential:
        known, client = account.credential, clients.get(account.name)
        if not isinstance(known, TwinCredential):
            return replace(known, client_id=client) if client else known
        if account.client_authentication == "private_key_jwt":
            return KeyCredential(client or stand_in, Secret(stand_in), "", "ES384")
        return SecretCredential(client or stand_in, Secret(stand_in))

    known = vars(environment.test_data)
    records = {name: _record(test_data.get(name)) or one for name, one in known.items()}
    found = _with(environment, address or NOWHERE, credential, lambda _: Secret(stand_in))
    return replace(found, test_data=records_as_test_data(records))


def _record(value: object) -> str | Recipient | None:
    match value:
        case {"id": str(identifier), "type": str(kind)}:
            return Recipient(identifier, kind)
        case str() if value != "***":
            return value
    return None
