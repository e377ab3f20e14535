"""An environment as a recording of it needs it: the twin's address, clients and test data as they were then."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from golive.environment.sections import KeyCredential, SecretCredential, TwinCredential, TwinToken
from golive.environment.settings import Recipient, records_as_test_data
from golive.twin import TwinAccount

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.model import Environment
    from golive.environment.sections import Account

NOWHERE = "http://127.0.0.1:9"
"""An address at which no twin is; nothing is sent there (RFC 863's port)."""


def as_recorded(
    environment: Environment,
    stand_in: str,
    *,
    address: str = "",
    clients: Mapping[str, str] | None = None,
    test_data: Mapping[str, Any] | None = None,
) -> Environment:
    """Return the environment with what a recording says of it; `stand_in` takes the place of the twin's secrets.

    `address` is the twin's, `clients` are client ids by the account's name, "" for the environment's own. Ids of test
    data that no recording can show (`***`) stay as the environment has them.
    """
    if environment.needs_twin:
        named = {"": environment.main_account, **environment.claims.accounts}
        accounts: dict[str, TwinAccount] = {
            one.credential.twin: _account(one, one.credential.twin, stand_in)
            for one in named.values()
            if isinstance(one.credential, TwinCredential)
        }
        expired = environment.claims.expired_token
        tokens: dict[str, str] = {expired.twin: stand_in} if isinstance(expired, TwinToken) else {}
        environment = environment.with_twin(address or NOWHERE, accounts, tokens)
    clients = clients or {}
    token, claims = environment.token, environment.claims
    token = replace(token, credential=_as(token.credential, clients.get("")))
    others = {
        name: replace(one, credential=_as(one.credential, clients.get(name)))
        for name, one in claims.accounts.items()
    }
    known = vars(environment.test_data)
    records = {name: _record(one) for name, one in (test_data or {}).items() if name in known}
    return replace(
        environment,
        token=token,
        claims=replace(claims, accounts=others),
        test_data=records_as_test_data(
            known | {name: one for name, one in records.items() if one is not None}
        ),
    )


def _account(account: Account, name: str, stand_in: str) -> TwinAccount:
    by_key = account.client_authentication == "private_key_jwt"
    secret = {"private_key_pem": stand_in, "key_id": "", "algorithm": "ES384"}
    return TwinAccount(
        name=name,
        client_id=stand_in,
        tenant=account.tenant,
        cloud_host="",
        scopes=account.scopes,
        **(secret if by_key else {"client_secret": stand_in}),
    )


def _as(credential: Any, client_id: str | None) -> Any:
    if client_id and isinstance(credential, SecretCredential | KeyCredential):
        return replace(credential, client_id=client_id)
    return credential


def _record(value: Any) -> str | Recipient | None:
    match value:
        case {"id": str(identifier), "type": str(kind)}:
            return Recipient(identifier, kind)
        case str() if value != "***":
            return value
    return None
