"""What an environment is once its file has been read: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

from golive.environment.redacted import keyed_secrets_of, redacted_environment, secrets_of, way_of
from golive.environment.sections import ACCOUNT_NAMES, Account, Generation
from golive.environment.twin_binding import twinned_sections
from golive.environment.urls import TWIN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golive.environment.sections import (
        AccountLike,
        Api,
        Claims,
        KnownDeviation,
        Safety,
        TestData,
        Token,
        TwinSettings,
    )


@dataclass(frozen=True)
class Environment:
    """One environment file: where to point, with which credential, what is claimed there."""

    name: str
    path: Path
    title: str
    tenant: str
    token: Token
    api: Api
    test_data: TestData
    claims: Claims
    safety: Safety
    twin: TwinSettings
    data: Literal["phi", "synthetic"]
    generated: Generation = field(default_factory=Generation)
    demands: Mapping[str, int] = field(default_factory=dict)
    known_deviations: tuple[KnownDeviation, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)

    @property
    def needs_twin(self) -> bool:
        """Say whether the twin must be started first (a URL still holds `{twin}`)."""
        accounts = self.claims.accounts.values()
        urls = [self.token.url, self.api.base_url, *(account.token_url for account in accounts)]
        urls.append(self.token.key_set_url or "")
        return any(url.startswith(TWIN) for url in urls)

    @property
    def may_write(self) -> bool:
        """Say whether a request may change data: allowed, and the tenant is a test tenant."""
        return self.safety.writes == "allowed" and self.tenant in self.safety.test_tenants

    @property
    def main_account(self) -> Account:
        """Give the environment's own credential in the shape of the others."""
        token = self.token
        return Account(
            name="",
            tenant=self.tenant,
            token_url=token.url,
            scopes=token.scopes,
            client_authentication=token.client_authentication,
            credential=token.credential,
            parameters=token.parameters,
        )

    def account(self, name: str) -> Account:
        """Give an account by its key below `claims.accounts`, "" for the environment's own.

        Raises KeyError when the environment does not claim it.
        """
        return self.claims.accounts[name] if name else self.main_account

    def get(self, key: str) -> object | None:
        """Give the value of a dotted key such as `claims.accounts.other_cloud`, None when absent.

        Raises KeyError for a key that no environment can have: a slip of the pen in a check must
        not read as "not claimed" for ever.
        """
        value: object = self
        for part in key.split("."):
            if isinstance(value, dict) and part in ACCOUNT_NAMES:
                value = value.get(part)
            elif part in getattr(value, "__dataclass_fields__", ()) and part != "lines":
                value = getattr(value, part)
            else:
                message = f"no environment has the key {key}"
                raise KeyError(message)
            if value is None:
                return None
        return value

    def line_of(self, key: str) -> int | None:
        """Give the line of a dotted key in the file, or of its nearest ancestor that is there."""
        parts = key.split(".")
        for length in range(len(parts), 0, -1):
            line = self.lines.get(".".join(parts[:length]))
            if line is not None:
                return line
        return None

    def with_twin(
        self, address: str, accounts: Mapping[str, AccountLike], tokens: Mapping[str, str]
    ) -> Environment:
        """Put a started twin's address, accounts and tokens where the file only names them.

        `address` is `http://127.0.0.1:PORT`. Raises ConfigurationProblem when the file names an
        account or a token that the twin has not, or authenticates it in a way that it can't.
        """
        token, api, claims = twinned_sections(self, address, accounts, tokens)
        return replace(self, token=token, api=api, claims=claims)

    @property
    def way(self) -> tuple[str, ...]:
        """Name the proxy and the private CA of this environment, in words; nothing without them."""
        return way_of(self)

    def secrets(self) -> tuple[str, ...]:
        """Give every secret text that this environment holds, for redaction; each once."""
        return secrets_of(self)

    def keyed_secrets(self) -> tuple[tuple[str, str], ...]:
        """Give every secret text with the dotted key that it was given by."""
        return keyed_secrets_of(self)

    def redacted(self) -> dict[str, object]:
        """Give the environment as JSON can hold it, fit to be shown: see `redacted_environment`."""
        return redacted_environment(self)
