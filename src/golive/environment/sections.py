"""The parts of an environment, one frozen class for each mapping of the YAML file.

The names follow the keys of the file, so that a dotted key of the file (`safety.read_timeout`) is
also the way to its value.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from golive.environment.clouds import cloud_of
from golive.environment.urls import real_host, service_root

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from golive.environment.secret import Secret

ClientAuthentication: TypeAlias = Literal["client_secret_basic", "private_key_jwt"]
Permission: TypeAlias = Literal["forbidden", "allowed"]
TokenForm: TypeAlias = Literal["jws", "opaque"]

ACCOUNT_NAMES = (
    "other_cloud",
    "other_tenant",
    "without_message_scope",
    "private_key_jwt",
    "private_key_jwt_rsa",
)


@dataclass(frozen=True)
class SecretCredential:
    """A client id and its secret, for HTTP Basic."""

    client_id: str
    client_secret: Secret


@dataclass(frozen=True)
class KeyCredential:
    """A client id and the private key (PEM or JWK text) that signs its assertions."""

    client_id: str
    private_key: Secret
    key_id: str
    algorithm: Literal["ES384", "RS384"]


@dataclass(frozen=True)
class TwinCredential:
    """One of the twin's accounts by name; it becomes real when the twin has started."""

    name: str


Credential: TypeAlias = SecretCredential | KeyCredential | TwinCredential


@dataclass(frozen=True)
class TwinToken:
    """One of the twin's ready-made tokens by name; a Secret when the twin has started."""

    name: str


@dataclass(frozen=True)
class Token:
    """How the environment's own access token is asked for. `url` has its tenant filled in.

    `parameters` are sent with every token request besides those of the grant. `key_set_url`, `issuer` and
    `form` are what the file says of the authorization server and of its tokens; None where it says nothing.
    """

    url: str
    scopes: tuple[str, ...]
    client_authentication: ClientAuthentication
    credential: Credential
    key_set_url: str | None = None
    issuer: str | None = None
    form: TokenForm | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def key_set(self) -> str | None:
        """The URL of the key set: the named one, or /jwk at a host of Oracle's; None where nobody knows it.

        Source: contract-facts §4.4 (both clouds publish theirs there), §9.
        """
        if self.key_set_url is not None:
            return self.key_set_url
        return f"{service_root(self.url)}/jwk" if self.is_oracles else None

    @property
    def is_oracles(self) -> bool:
        """Whether the URL's host is one of Oracle's; what Oracle documents of its own binds no other."""
        return cloud_of(real_host(self.url)) is not None


@dataclass(frozen=True)
class Account:
    """One credential with all it needs to ask for a token; the environment's own has no name."""

    name: str
    tenant: str
    token_url: str
    scopes: tuple[str, ...]
    client_authentication: ClientAuthentication
    credential: Credential
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Api:
    """Where the API is: `base_url` with its tenant, without a trailing slash; and the version."""

    base_url: str
    version: str


@dataclass(frozen=True)
class Recipient:
    """Somebody who can be written to: `type` is PERSONNEL, GROUPINBOX or EMAIL."""

    id: str
    type: str


@dataclass(frozen=True)
class TestData:
    """Ids of records that the tenant holds; what is None makes its checks "not claimed"."""

    __test__ = False  # the name is the key's; pytest shall not take it for a test class

    patient: str | None = None
    empty_patient: str | None = None
    crowded_patient: str | None = None
    write_patient: str | None = None
    other_patient: str | None = None
    message: str | None = None
    recipient: Recipient | None = None
    copy_recipient: Recipient | None = None


@dataclass(frozen=True)
class Claims:
    """What this deployment says of itself; `accounts` holds only the accounts that are claimed."""

    operations: tuple[str, ...] = ("listInboxItems", "listSentItems", "getMessage")
    generation: Literal["new", "mid", "old"] | None = None
    organization_summary: bool = True
    expired_token: Secret | TwinToken | None = None
    accounts: Mapping[str, Account] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownDeviation:
    """A failure of one check that is tolerated; `until` is the last day of that, in UTC."""

    check: str
    reason: str
    ticket: str
    until: date


@dataclass(frozen=True)
class Safety:
    """What a run may do: rate in requests a second, budget in requests a run, time-outs in seconds.

    `retries` are repetitions of one request, `longest_wait` the seconds before one of them. `visible_within` are the
    seconds for which something written is looked for again, `time_limit` those after which a run sends nothing more.

    `proxy` is a Secret because its URL may carry a password. `ca_bundle` is an existing file.
    """

    writes: Permission = "forbidden"
    test_tenants: tuple[str, ...] = ()
    attack_credential: Permission = "forbidden"
    rate: float = 4.0
    concurrency: int = 4
    budget: int = 250
    connect_timeout: float = 5.0
    read_timeout: float = 30.0
    retries: int = 2
    longest_wait: float = 30.0
    visible_within: float = 5.0
    time_limit: float = 600.0
    proxy: Secret | None = None
    ca_bundle: Path | None = None


@dataclass(frozen=True)
class Generation:
    """Generated requests: whether their findings decide, and how many of them a run may send.

    `profile` and `seed` come from the command line: "gate" draws the same requests each time, "nightly" others
    each night, and more of them.
    """

    decides: bool = False
    gate_budget: int = 800
    nightly_budget: int = 4000
    profile: Literal["gate", "nightly"] = "gate"
    seed: int = 1

    @property
    def budget(self) -> int:
        """The most generated requests of this run."""
        return self.nightly_budget if self.profile == "nightly" else self.gate_budget


@dataclass(frozen=True)
class TwinSettings:
    """How the twin behaves.

    `latency` is in milliseconds, `token_lifetime`, `clock_offset` and `visible_after` are in seconds.
    """

    seed: int = 1
    defects: tuple[str, ...] = ()
    latency: float = 0.0
    token_lifetime: int = 570
    clock_offset: float = 0.0
    visible_after: float = 0.0
    token_form: Literal["jws", "jwe"] = "jws"  # noqa: S105 - a form, no password


class AccountLike(Protocol):
    """What a started twin tells of one of its accounts: either a secret or a key with its id."""

    @property
    def client_id(self) -> str:
        """Give the id that the token endpoint knows."""

    @property
    def client_secret(self) -> str | None:
        """Give the secret for HTTP Basic."""

    @property
    def private_key_pem(self) -> str | None:
        """Give the private key as PKCS #8 PEM text."""

    @property
    def key_id(self) -> str | None:
        """Give the kid of the registered public key."""

    @property
    def algorithm(self) -> str | None:
        """Give ES384 or RS384."""
