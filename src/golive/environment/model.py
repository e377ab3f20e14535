"""What an environment is once its file has been read: plain frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from golive.environment.declaration import key
from golive.environment.redacted import secrets_in, shown, way_of
from golive.environment.sections import ACCOUNT_NAMES, Account, Api, Claims, Token
from golive.environment.settings import Generation, KnownDeviation, Safety, TestData, TwinSettings
from golive.environment.twin_binding import twinned
from golive.environment.urls import TWIN
from golive.kit.problems import shown_path

if TYPE_CHECKING:
    from golive.environment.tenants import Tenant
    from golive.twin import TwinAccount


@dataclass(frozen=True, kw_only=True)
class Environment:
    """One environment file: where to point, with which credential, what is claimed there."""

    name: str
    path: Path
    title: str = key(
        "What people call this deployment; shown in reports. Default: the name of the file.",
        derived=True,
    )
    tenant: str = key(
        "The tenant's id. Sandbox and production share hosts, keys and credentials: only the tenant distinguishes them."
    )
    token: Token = key("How the access token is asked for (OAuth 2.0 client credentials).")
    apis: Mapping[str, Api] = key(
        "Where each API is, by the name of its folder below schemas/ without the version. `api` is the short form of "
        "`apis.messages`."
    )
    test_data: TestData = key(
        'Ids of records in the tenant. What is absent or empty makes the checks that need it "not claimed".',
        derived=True,
    )
    claims: Claims = key(
        "What this deployment says of itself. Checks of what it does not claim are skipped and say so.",
        derived=True,
    )
    demands: Mapping[str, int] = key(
        "How much a run must prove before it may be GO: for each operation, how many deciding checks must pass against "
        "a real success body (for a list: one that holds an item); and which share of the known faults it must be able "
        "to detect (reach). Fewer is exit 5.",
        default={},
        minimum=1,
        maximum=1000,
    )
    known_deviations: tuple[KnownDeviation, ...] = key(
        "Failures of checks that are tolerated here until a day. An entry that has expired, names no check, or whose "
        "check passes is exit 7.",
        default=(),
    )
    safety: Safety = key("What a run may do to this deployment.", default=Safety())
    generated: Generation = key(
        "Requests that `golive run ENV --generated` makes up.", default=Generation()
    )
    twin: TwinSettings = key(
        "How the embedded twin behaves. Only where a URL begins with {twin}.",
        default=TwinSettings(),
    )
    data: Literal["phi", "synthetic"] = key(
        "phi: the tenant may hold real patients, so no value of theirs reaches any output. synthetic: it holds none.",
        default="phi",
    )
    lines: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)
    listed: "Tenant | None" = field(default=None, repr=False, compare=False)
    """What a file of tenants says of this one; its `name` is then `ENVIRONMENT@TENANT`."""
    rates: Path | None = None
    """A folder by which runs at the same time keep one rate for each cloud; None where this is the only one."""

    @property
    def api(self) -> Api:
        """The Messages API; in an environment without it, the first of its APIs."""
        return self.apis.get("messages") or next(iter(self.apis.values()))

    def labelled_apis(self) -> list[tuple[str, Api]]:
        """Give each API with what a list of them calls it: API where there is one, else API and its name."""
        several = len(self.apis) > 1
        return [(f"API {name}" if several else "API", api) for name, api in self.apis.items()]

    @property
    def needs_twin(self) -> bool:
        """Say whether the twin must be started first (a URL still holds `{twin}`)."""
        accounts = self.claims.accounts.values()
        urls = [self.token.url, self.token.key_set_url or ""]
        urls += [each.base_url for each in self.apis.values()]
        urls += [account.token_url for account in accounts]
        return any(url.startswith(TWIN) for url in urls)

    @property
    def may_write(self) -> bool:
        """Say whether a request may change data: allowed, and the tenant is a test tenant."""
        return self.safety.writes == "allowed" and self.tenant in self.safety.test_tenants

    @property
    def asks_all_by(self) -> str:
        """Say what asks everything that spread access rules leave out: the file's own key, where it has it."""
        own = "safety.access_rules" in self.lines
        return "safety.access_rules: everywhere" if own else "--profile nightly"

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
            known = getattr(value, "__dataclass_fields__", {}).keys() - {"lines"}
            if isinstance(value, dict) and (part in ACCOUNT_NAMES or value is self.apis):
                value = value.get(part)
            elif part in known or (value is self and part == "api"):
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

    def shown_place(self, key: str) -> str:
        """Say where a dotted key stands in the file: FILE:LINE, or FILE where it does not."""
        file, line = shown_path(self.path), self.line_of(key)
        return f"{file}:{line}" if line else file

    def place_of(self, key: str) -> tuple[Path, int | None]:
        """Give the file and the line that say what a dotted key is: the tenant's own, or the environment's."""
        own = self.listed and self.listed.line_of(key)
        return (self.listed.file, own) if self.listed and own else (self.path, self.line_of(key))

    def with_twin(
        self, address: str, accounts: Mapping[str, "TwinAccount"], tokens: Mapping[str, str]
    ) -> "Environment":
        """Put a started twin's address, accounts and tokens where the file only names them.

        `address` is `http://127.0.0.1:PORT`. Raises ConfigurationProblem when the file
        authenticates an account in a way that it can't.
        """
        return twinned(self, address, accounts, tokens)

    @property
    def way(self) -> tuple[str, ...]:
        """Name the proxy and the private CA of this environment, in words; nothing without them."""
        return way_of(self)

    def secrets(self) -> tuple[str, ...]:
        """Give every secret text that this environment holds, for redaction; each once, without derived forms."""
        return tuple(dict.fromkeys(secret for _, secret in self.keyed_secrets()))

    def keyed_secrets(self) -> tuple[tuple[str, str], ...]:
        """Give every secret text with the dotted key that it was given by."""
        return tuple(secrets_in(self, ""))

    def redacted(self) -> dict[str, object]:
        """Write the environment as JSON can hold it, fit to be shown, for summary.json.

        Client ids and tenants stay, because support asks for them. Ids of test data stay only where the
        environment says `data: synthetic`: a patient's id is patient data.
        """
        view = shown(self, hidden=() if self.data == "synthetic" else ("test_data",))
        for own in ("path", "lines", "listed", "rates", "known_deviations"):
            del view[own]
        token = {"tenant": self.tenant, **view["token"], "key_set_url": self.token.key_set}
        for account in view["claims"]["accounts"].values():
            account["url"] = account.pop("token_url")
            del account["name"]
        return {**view, "token": token, "api": view["apis"].get("messages") or shown(self.api)}
