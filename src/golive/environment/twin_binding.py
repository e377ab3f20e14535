"""Putting a started twin into an environment that only names it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from golive.environment.secret import Secret
from golive.environment.sections import (
    KeyCredential,
    SecretCredential,
    TwinCredential,
    TwinToken,
)
from golive.environment.urls import TWIN
from golive.kit.problems import (
    ConfigurationProblem,
    Problem,
    did_you_mean,
    in_line_order,
    shown_path,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from golive.environment.model import Environment
    from golive.environment.sections import (
        Account,
        Api,
        Claims,
        ClientAuthentication,
        Credential,
        Token,
    )
    from golive.twin import TwinAccount


def twinned_sections(
    environment: Environment,
    address: str,
    accounts: Mapping[str, TwinAccount],
    tokens: Mapping[str, str],
) -> tuple[Token, dict[str, Api], Claims]:
    """Give the three sections that can name the twin, with real URLs, credentials and tokens."""
    twin = _Started(environment, address.rstrip("/"), accounts, tokens)
    own, claims = environment.token, environment.claims
    token = replace(
        own,
        url=twin.url(own.url),
        credential=twin.credential(own.credential, own.client_authentication, "token"),
        key_set_url=twin.url(own.key_set_url) if own.key_set_url else None,
    )
    apis = {
        name: replace(api, base_url=twin.url(api.base_url))
        for name, api in environment.apis.items()
    }
    claims = replace(
        claims,
        expired_token=twin.token(claims.expired_token),
        accounts={name: twin.account(account) for name, account in claims.accounts.items()},
    )
    if twin.problems:
        raise ConfigurationProblem(in_line_order(twin.problems))
    return token, apis, claims


@dataclass
class _Started:
    """A started twin, and the problems met while the environment's names are looked up in it."""

    environment: Environment
    address: str
    accounts: Mapping[str, TwinAccount]
    tokens: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)

    def url(self, url: str) -> str:
        return url.replace(TWIN, self.address, 1)

    def account(self, account: Account) -> Account:
        return replace(
            account,
            token_url=self.url(account.token_url),
            credential=self.credential(
                account.credential,
                account.client_authentication,
                f"claims.accounts.{account.name}",
            ),
        )

    def credential(
        self, credential: Credential, authentication: ClientAuthentication, key: str
    ) -> Credential:
        if not isinstance(credential, TwinCredential):
            return credential
        account = self.accounts.get(credential.twin)
        if account is None:
            hint = did_you_mean(credential.twin, self.accounts)
            self._problem(f"{key}.credential.twin", "the twin has no such account.", hint)
            return credential
        if authentication == "client_secret_basic" and account.client_secret:
            return SecretCredential(account.client_id, Secret(account.client_secret))
        if authentication == "private_key_jwt" and account.private_key_pem:
            return KeyCredential(
                account.client_id,
                Secret(account.private_key_pem),
                account.key_id or "",
                cast("Literal['ES384', 'RS384']", account.algorithm),
            )
        self._problem(
            f"{key}.credential.twin",
            f"this account of the twin can't authenticate with {authentication}.",
            f"Name another account, or change {key}.client_authentication.",
        )
        return credential

    def token(self, token: Secret | TwinToken | None) -> Secret | TwinToken | None:
        if not isinstance(token, TwinToken):
            return token
        if token.twin in self.tokens:
            return Secret(self.tokens[token.twin])
        hint = did_you_mean(token.twin, self.tokens)
        self._problem("claims.expired_token.twin", "the twin has no such token.", hint)
        return token

    def _problem(self, key: str, message: str, cure: str) -> None:
        file = shown_path(self.environment.path)
        self.problems.append(Problem(file, self.environment.line_of(key), key, message, cure))
