"""The sections of an environment that say how a run behaves, and on which records: one frozen class for each."""

from dataclasses import dataclass, make_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from golive.environment.declaration import key
from golive.environment.secret import Secret, proxy_address, proxy_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_RUN = 86400
"""The most seconds that a run may be given, by its file or on the command line."""

Permission: TypeAlias = Literal["forbidden", "allowed"]


@dataclass(frozen=True)
class Recipient:
    """A record that is one of several types: in the Messages API PERSONNEL, GROUPINBOX or EMAIL."""

    id: str
    type: str


@dataclass(frozen=True)
class TestData:
    """Ids of records that the tenant holds, each an attribute: `test_data.patient`.

    A frozen dataclass whose fields are the keys that the environment's APIs know (see `records_as_test_data`);
    what is None makes its checks "not claimed".
    """

    __test__ = False  # the name is the key's; pytest shall not take it for a test class

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Give a record's id, None where the file names none; AttributeError where no API knows the key."""

    def __reduce__(self) -> tuple[Any, ...]:
        return records_as_test_data, (vars(self),)

    def present(self) -> dict[str, "str | Recipient"]:
        """Give what the file names, by its key."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def ids(self) -> tuple[str, ...]:
        """Give every id, to be kept out of reports: any of them may be a person's."""
        named = self.present().values()
        return tuple(one.id if isinstance(one, Recipient) else one for one in named)


@cache
def _test_data_class(names: tuple[str, ...]) -> type[TestData]:
    return make_dataclass("TestData", names, bases=(TestData,), frozen=True)


def records_as_test_data(records: "Mapping[str, str | Recipient | None]") -> TestData:
    """Make the test data of these records; the keys must be all that are known, those without a value included."""
    return _test_data_class(tuple(records))(**records)


@dataclass(frozen=True)
class KnownDeviation:
    """A failure of one check that is tolerated; `until` is the last day of that, in UTC."""

    check: str = key("The id of the check, as `golive checks` lists it.")
    reason: str = key("Why the failure is tolerated, for those who read the report.")
    ticket: str = key("Where the failure is being dealt with: a number or a link.")
    until: date = key(
        "The last day, in UTC, on which the failure is tolerated, such as 2027-01-31. At most a year ahead."
    )


@dataclass(frozen=True)
class Safety:
    """What a run may do to this deployment. Times are seconds, `proxy` is a Secret for its URL may carry a password."""

    writes: Permission = key(
        "Whether messages may be sent and changed. Allowed only in a tenant that test_tenants lists.",
        default="forbidden",
    )
    test_tenants: tuple[str, ...] = key(
        "Tenants that hold no real patient, written out: no variable fills this list.", default=()
    )
    attack_credential: Permission = key(
        "Whether the real client id may be presented with a false secret or signature (it may lock the account), and "
        "its secret in the query (servers log it). Allowed only in a tenant that test_tenants lists.",
        default="forbidden",
    )
    rate: float = key("The most requests a second.", default=4.0, above=0, maximum=10000)
    concurrency: int = key("The most requests at the same time.", default=4, minimum=1, maximum=64)
    budget: int = key(
        "The most requests a run, a limit of golive's own: a run that reaches it ends with exit code 4. A whole run "
        "needs up to 80 % of the default where nothing is repeated.",
        default=250,
        minimum=1,
        maximum=100000,
    )
    connect_timeout: float = key(
        "Seconds to wait for a connection.", default=5.0, above=0, maximum=600
    )
    read_timeout: float = key(
        "Seconds to wait for an answer; a whole answer has twice as long. The public sandbox is slow: a gateway there "
        "gives up after about 57 seconds.",
        default=30.0,
        above=0,
        maximum=600,
    )
    retries: int = key(
        "How often a request that reads is repeated after a refused, reset or timed-out connection, 429, 502, 503 or "
        "504, and where the API does not know a key yet. Each repetition counts for the budget. A request that writes "
        "is never repeated.",
        default=2,
        minimum=0,
        maximum=10,
    )
    longest_wait: float = key(
        "The most seconds to wait before a repetition; where Retry-After asks for more, there is none.",
        default=30.0,
        minimum=0,
        maximum=600,
    )
    visible_within: float = key(
        "Seconds for which something that was written is looked for again before its absence is a finding. Nothing "
        "is asked again where the first reading shows it.",
        default=5.0,
        minimum=0,
        maximum=600,
    )
    time_limit: float = key(
        "Seconds after which a run sends nothing more and ends with what it has learnt; `--time-limit` overrides it. "
        "With `--generated`, one second more for each request of its budget.",
        default=600.0,
        above=0,
        maximum=LONGEST_RUN,
    )
    access_rules: Literal["by-profile", "everywhere", "spread"] = key(
        "Where each rule about who may ask is tried: everywhere (at every operation), or spread (each at one operation "
        "or more, so that each operation meets some, and without what only varies another question). by-profile: "
        "a run of all checks spreads them, with `--profile nightly` they are tried everywhere.",
        default="by-profile",
    )
    proxy: Secret | None = key(
        "The URL of a proxy for all requests that leave this machine: ${HTTPS_PROXY:-}, or one that `golive hosts "
        "add` has allowed. With a password only as ${HTTPS_PROXY}.",
        default=None,
        show=proxy_address,
        protect=proxy_secrets,
    )
    ca_bundle: Path | None = key(
        "A PEM file of certificate authorities to trust instead of the usual ones; relative to this file. For hosts "
        "beyond this machine it needs `golive hosts add sha256:DIGEST`, or to be the one of SSL_CERT_FILE.",
        default=None,
        show=lambda path: path.name if path else None,
    )


@dataclass(frozen=True)
class Generation:
    """Generated requests: whether their findings decide, and how many of them a run may send.

    `profile` and `seed` come from the command line: "gate" draws the same requests each time, "nightly" others
    each night, and more of them.
    """

    decides: bool = key(
        "Whether a finding of generated requests can make a run NO-GO. Where it can't, it is advice. They never "
        "prove anything.",
        default=False,
    )
    gate_budget: int = key(
        "The most generated requests of a run with the profile gate.",
        default=800,
        minimum=1,
        maximum=100000,
    )
    nightly_budget: int = key(
        "The most generated requests of a run with the profile nightly.",
        default=4000,
        minimum=1,
        maximum=100000,
    )
    profile: Literal["gate", "nightly"] = "gate"
    seed: int = 1

    @property
    def budget(self) -> int:
        """The most generated requests of this run."""
        return self.nightly_budget if self.profile == "nightly" else self.gate_budget


@dataclass(frozen=True)
class TwinSettings:
    """How the twin behaves: `latency` is in milliseconds, other times are in seconds."""

    seed: int = key(
        "Which synthetic people and messages it serves.", default=1, minimum=0, maximum=4294967295
    )
    defects: tuple[str, ...] = key("The defects that it is started with, by name.", default=())
    latency: float = key(
        "Milliseconds that it waits before each answer.", default=0.0, minimum=0, maximum=60000
    )
    token_form: Literal["jws", "jwe"] = key(
        "What kind of access token it issues: jws (signed) or jwe (the same, and encrypted).",
        default="jws",
    )
    token_lifetime: int = key(
        "Seconds that its tokens live (expires_in).", default=570, minimum=1, maximum=86400
    )
    clock_offset: float = key(
        "Seconds by which its clock is ahead of this machine's; negative: behind.",
        default=0.0,
        minimum=-31536000,
        maximum=31536000,
    )
    visible_after: float = key(
        "Seconds after which what is written shows in readings.",
        default=0.0,
        minimum=0,
        maximum=600,
    )
    served_as: str = key(
        "A folder whose mapping.yaml says where its answers have things, as `golive learn` writes it.",
        default="",
    )
