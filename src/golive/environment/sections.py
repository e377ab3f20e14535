"""The sections of an environment that say whom to ask, as whom, and what is claimed: one frozen class for each.

The names follow the keys of the file, so that a dotted key of the file (`safety.read_timeout`) is
also the way to its value. Types are evaluated here: the schema is made from them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from golive.environment.declaration import key
from golive.environment.secret import Secret
from golive.environment.urls import cloud_of, real_host, service_root

ClientAuthentication: TypeAlias = Literal["client_secret_basic", "private_key_jwt"]
TokenForm: TypeAlias = Literal["jws", "opaque"]
TwinAccount: TypeAlias = Literal[
    "system", "system-es384", "system-rs384", "without-message-scope", "customer", "sandbox-cloud"
]

ACCOUNTS = {
    "other_cloud": "An account of the other cloud: its token must be refused here.",
    "other_tenant": "An account of another tenant of the same cloud, which has enabled no other account of this file.",
    "without_message_scope": "An account whose token lacks the message scope.",
    "private_key_jwt": "An account that authenticates with an ES384 key.",
    "private_key_jwt_rsa": "An account that authenticates with an RS384 key.",
}
ACCOUNT_NAMES = tuple(ACCOUNTS)

_ONLY_NAMED = (
    "A secret, only ever as ${NAME}, with a name that begins with GOLIVE_. When NAME is not set and NAME_FILE is, "
    "that file's content is taken."
)
_CREDENTIAL = (
    "A client id with a secret, or with a private key, or the name of one of the twin's accounts."
)
_AUTHENTICATION = "How the client proves who it is. Default: what the credential can do."
_SCOPES = (
    "The scopes to ask for, one each item. A scope grants every action of its service: there is none for reading "
    "alone. Default: those of the APIs."
)
_PARAMETERS = (
    "Further form parameters of each token request, such as audience. Not those of the grant, and none that "
    "carries a credential."
)


@dataclass(frozen=True)
class SecretCredential:
    """A client id and its secret, for HTTP Basic."""

    client_id: str = key("The client id of the system account.")
    client_secret: Secret = key(_ONLY_NAMED)


@dataclass(frozen=True)
class KeyCredential:
    """A client id and the private key (PEM or JWK text) that signs its assertions."""

    client_id: str = key("The client id of the system account.")
    private_key: Secret = key("The private key as PEM or JWK text, only ever as ${NAME}.")
    key_id: str = key("The kid under which the public key is registered.")
    algorithm: Literal["ES384", "RS384"] = key("The algorithm of the key.")


@dataclass(frozen=True)
class TwinCredential:
    """One of the twin's accounts by name; it becomes real when the twin has started."""

    twin: TwinAccount = key("One of the twin's accounts, made new at each start.")


Credential: TypeAlias = SecretCredential | KeyCredential | TwinCredential


@dataclass(frozen=True)
class TwinToken:
    """One of the twin's ready-made tokens by name; a Secret when the twin has started."""

    twin: Literal["expired-token"] = key("")


@dataclass(frozen=True)
class Token:
    """How the environment's own access token is asked for. `url` has its tenant filled in.

    `parameters` are sent with every token request besides those of the grant. `key_set_url`, `issuer`,
    `server` and `form` are what the file says of the authorization server and of its tokens, None where it says
    nothing.
    """

    url: str = key(
        "The token endpoint, usually https://authorization.cerner.com/tenants/{tenant}/hosts/"
        "api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token. At a host that is not Oracle's it may "
        "have any form, with or without {tenant}."
    )
    scopes: tuple[str, ...] = key(_SCOPES, derived=True, min_items=1, unique=True)
    client_authentication: ClientAuthentication = key(_AUTHENTICATION, derived=True)
    credential: Credential = key(_CREDENTIAL)
    parameters: Mapping[str, str] = key(_PARAMETERS, default={}, show=list)
    key_set_url: str | None = key(
        "Where the keys are that verify the tokens (RFC 7517). Default: /jwk at a host of Oracle's; at any other "
        "host nothing is assumed, and the checks that need the keys are not claimed.",
        default=None,
    )
    issuer: str | None = key(
        "What the tokens' iss must be, character by character. Default: what Oracle's hosts were seen to write; at "
        "any other host the check is not claimed.",
        default=None,
    )
    server: Literal["oracle"] | None = key(
        "oracle: this authorization server is Oracle's behind a host of somebody else's, or a double of it, so what "
        "Oracle documents of its own and was seen to do holds for it, too. Absent: so at Oracle's hosts and at the "
        "twin; at any other host no more is asked than the RFCs demand.",
        default=None,
    )
    form: TokenForm | None = key(
        "What kind of token is issued: jws (signed, three parts) or opaque (nothing of its inside is read). Absent: "
        "judged by what comes.",
        default=None,
    )

    @property
    def key_set(self) -> str | None:
        """The URL of the key set: the named one, or /jwk at a host of Oracle's; None where nobody knows it.

        Source: contract-facts §4.4 (both clouds publish theirs there), §9.
        """
        if self.key_set_url is not None:
            return self.key_set_url
        return f"{service_root(self.url)}/jwk" if self.is_at_oracles_host else None

    @property
    def is_at_oracles_host(self) -> bool:
        """Whether the URL's host is one of Oracle's; only there it is known where keys and issuer are."""
        return cloud_of(real_host(self.url)) is not None

    @property
    def is_oracles(self) -> bool:
        """Whether Oracle's server answers, or what the file calls so; what Oracle documents of it binds no other."""
        return self.server == "oracle" or self.is_at_oracles_host

    def answers_as_oracles(self, url: str) -> bool:
        """Whether what answers at a URL of this server is bound by what Oracle documents of its own."""
        own = {service_root(one) for one in (self.url, self.key_set) if one}
        return self.is_oracles and service_root(url) in own


@dataclass(frozen=True)
class Account:
    """One credential with all it needs to ask for a token; the environment's own has no name."""

    name: str
    credential: Credential = key(_CREDENTIAL)
    client_authentication: ClientAuthentication = key(_AUTHENTICATION, derived=True)
    token_url: str = key(
        "Default: the environment's token.url, with this account's tenant.", derived=True
    )
    parameters: Mapping[str, str] = key(_PARAMETERS, default={}, show=list)
    scopes: tuple[str, ...] = key(_SCOPES, default=(), min_items=1, unique=True)
    tenant: str = key(
        "The tenant that the token is asked for. Default: the environment's.", default=""
    )


@dataclass(frozen=True)
class Api:
    """Where one API is: `base_url` with its tenant, without a trailing slash; and the version."""

    base_url: str = key("Everything before the version")
    version: str = key("The API version, in quotes. Default: the newest.", derived=True)


@dataclass(frozen=True)
class Latency:
    """How fast an operation answers, in milliseconds."""

    p95: int = key(
        "Milliseconds within which 95 of 100 successes of the operation come, from the request to the end of the "
        "answer. It takes ten of them to be judged.",
        minimum=1,
        maximum=600000,
    )


@dataclass(frozen=True)
class Claims:
    """What this deployment says of itself; `accounts` holds only the accounts that are claimed."""

    operations: tuple[str, ...] = key(
        "The operations that the deployment offers. Default: those of its APIs that read.",
        default=(),
        unique=True,
    )
    generation: Literal["new", "mid", "old"] | None = key(
        "Which generation of Oracle's operation pages the deployment keeps. EMAIL recipients exist in the new one "
        "only. Absent: not claimed.",
        default=None,
    )
    organization_summary: bool = key(
        "Whether shouldLoadOrganizationSummary is offered.", default=True
    )
    expired_token: Secret | TwinToken | None = key(
        "A correctly signed token of this tenant that has expired, as ${NAME}; never written here itself.",
        default=None,
        show=lambda token: token is not None,
    )
    accounts: Mapping[str, Account] = key(
        "Further credentials. What one leaves out it takes from the environment's own.",
        default={},
        named=ACCOUNTS,
    )
    latency: Mapping[str, Latency] = key(
        "How fast operations answer, by operation, such as `{p95: 3000}`. A slower one is advice.",
        default={},
    )
