"""What the keys of an environment must be to one another, beyond the shape of each.

Every rule looks only at values that have no problem of their own yet, so that one mistake is reported
once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.environment.run_rules import (
    check_ca_bundle,
    check_demands,
    check_deviations,
    check_proxy,
    check_safety,
)
from golive.environment.schema import MAIN
from golive.environment.sections import ACCOUNT_NAMES
from golive.environment.token_rules import check_account, check_credential, check_token_server
from golive.environment.url_rules import check_tenant, check_url
from golive.environment.urls import TWIN, cloud_of, real_host

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.schema import Shape
    from golive.environment.source import Source

_SCOPE = re.compile(r"[!#-+\--\[\]-~]+")  # RFC 6749 §3.3, and no comma: it is never a separator


@dataclass(frozen=True)
class Rules:
    """The rules over one filled source; `check` notes every breach in it.

    `apis` are the dotted keys of its APIs by their names: `api`, `apis.recipient`.
    """

    source: Source
    from_variable: dict[str, str]
    shape: Shape
    apis: Mapping[str, str]

    def check(self) -> None:
        """Apply every rule."""
        tenant = self._checked_tenant("tenant", None)
        self._check_short_form()
        for key in ("token.url", *(f"{key}.base_url" for key in self.apis.values())):
            url = self.source.text(key)
            if url is not None:
                check_url(self.source, key, url, tenant, of_api=key != "token.url")
        self._check_scopes("token.scopes")
        self._check_one_world()
        check_token_server(self.source, tenant, self.apis)
        check_credential(self.source, "token")
        for name in self._claimed_accounts():
            self._check_claimed_account(name, tenant)
        check_deviations(self.source)
        check_demands(self.source, self.shape)
        check_safety(self.source, tenant)
        check_proxy(self.source, self.from_variable)
        check_ca_bundle(self.source)

    def _checked_tenant(self, key: str, otherwise: str | None) -> str | None:
        if self.source.value(key) is None:
            return otherwise
        tenant = self.source.text(key)
        return tenant if tenant and check_tenant(self.source, key, tenant) else None

    def _check_scopes(self, key: str) -> None:
        for index, scope in enumerate(self.source.texts(key)):
            if not _SCOPE.fullmatch(scope):
                message = "a scope holds no space, comma or quotation mark."
                kind = "scope-with-comma" if "," in scope or " " in scope else ""
                self.source.problem(f"{key}[{index}]", message, "Write one scope an item.", kind)

    def _check_short_form(self) -> None:
        if self.source.value("api") is not None and self.source.value(f"apis.{MAIN}") is not None:
            line = self.source.line_of(f"apis.{MAIN}")
            message = f"this is the short form of apis.{MAIN}, which stands on line {line}."
            self.source.problem("api", message, "Keep one of the two.")

    def _check_one_world(self) -> None:
        """Keep the twin's tokens on the twin and real credentials off it, for all URLs at once."""
        bases = (f"{key}.base_url" for key in self.apis.values())
        accounts = (f"claims.accounts.{name}.token_url" for name in self._claimed_accounts())
        keys = ("token.url", *bases, "token.key_set_url", *accounts)
        on_twin = {
            key: url.startswith(TWIN) for key in keys if (url := self.source.text(key)) is not None
        }
        first = next(iter(on_twin), "")
        for key, is_twins in on_twin.items():
            if is_twins != on_twin[first]:
                message = f"one of {first} and {key} is the twin's and the other is not."
                self.source.problem(key, message, "Let both begin with {twin}, or neither.")
        if on_twin and not any(on_twin.values()):
            for key in self._twin_names():
                message = "the twin's accounts and tokens need URLs that begin with {twin}."
                self.source.problem(key, message, "Give a real one, or write {twin} in the URLs.")
            if self.source.mapping("twin"):
                message = "these settings have no effect, for no URL begins with {twin}."
                self.source.problem("twin", message, "Remove them.")

    def _claimed_accounts(self) -> list[str]:
        return [name for name in self.source.mapping("claims.accounts") if name in ACCOUNT_NAMES]

    def _twin_names(self) -> list[str]:
        """Give the keys at which the file names an account or a token of the twin."""
        accounts = [f"claims.accounts.{name}.credential" for name in self._claimed_accounts()]
        owners = ("token.credential", "claims.expired_token", *accounts)
        return [f"{key}.twin" for key in owners if self.source.text(f"{key}.twin") is not None]

    def _check_claimed_account(self, name: str, tenant: str | None) -> None:
        key = f"claims.accounts.{name}"
        own = self._checked_tenant(f"{key}.tenant", tenant)
        token_url = self.source.text("token.url")
        url = self.source.text(f"{key}.token_url")
        if url is not None:
            check_url(self.source, f"{key}.token_url", url, own)
        self._check_scopes(f"{key}.scopes")
        check_credential(self.source, key)
        check_account(self.source, key)
        if self.source.has_problem_at(key):
            return
        if name == "other_tenant" and own is not None and own == tenant:
            message = "this account has the environment's own tenant."
            self.source.problem(key, message, "Give it the tenant of another customer.")
        if name == "other_cloud" and token_url is not None:
            cloud = cloud_of(real_host(url or token_url))
            if cloud is not None and cloud == cloud_of(real_host(token_url)):
                message = "this account has the environment's own cloud."
                cure = "Give it a token_url of the other cloud's authorization server."
                self.source.problem(key, message, cure)
        if name == "without_message_scope" and self.shape.apis:
            api = self.shape.apis.get(MAIN) or next(iter(self.shape.apis.values()))
            scopes = self.source.texts(f"{key}.scopes") or self.source.texts("token.scopes")
            if set(api.scopes) & set(scopes or api.scopes):
                message = "this account asks for the message scope."
                self.source.problem(key, message, "Give it scopes without that one.")
