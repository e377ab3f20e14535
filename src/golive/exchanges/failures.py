"""Why a request has no answer, distinguished by what a person has to do about it."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime


@dataclass(frozen=True)
class Failure:
    """A kind of failure: what happened, what to do, and whether the set-up is to blame.

    `status` is what a proxy answered in place of a tunnel, where it did.
    """

    kind: str
    happened: str
    next_step: str
    configuration: bool = False
    status: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Attempt:
    """A sending that was repeated: when (UTC), and what came of it in words, a status or why no answer did."""

    sent_at: datetime
    happened: str


DNS = Failure("dns", "the host name does not resolve", "Check the host's spelling and the DNS.")
REFUSED = Failure("refused", "the connection was refused", "Check that the service is up.")
RESET = Failure("reset", "the connection was closed without an answer", "Run again later.")
TIMEOUT = Failure(
    "timeout",
    "no answer came in time",
    "Run again later, or raise `safety.connect_timeout` and `safety.read_timeout`.",
)
EXPIRED = Failure(
    "tls-expired", "the server's certificate has expired", "Inform the owner of the host."
)
UNTRUSTED = Failure(
    "tls-untrusted",
    "the server's certificate is not trusted or is for another host",
    "Set `safety.ca_bundle` to the certificate authority of your proxy, or correct the host.",
    configuration=True,
)
PROXY = Failure(
    "proxy", "the proxy refused or failed", "Correct `safety.proxy`.", configuration=True
)
TLS = Failure(
    "tls", "the two ends could not agree on TLS", "Check the host, the port and `https://`."
)
ROUTE = Failure("route", "there is no way to the host", "Check this machine's network and routes.")
TIME_SPENT = Failure(
    "time-limit",
    "not asked: the run's time limit is spent",
    "Raise `safety.time_limit` (or give `--time-limit`), or run again when the service is faster.",
)
PROTOCOL = Failure("protocol", "what came back is not HTTP", "Check the host and the port.")

UNANSWERED = (
    DNS,
    REFUSED,
    RESET,
    TIMEOUT,
    EXPIRED,
    UNTRUSTED,
    TLS,
    PROXY,
    ROUTE,
    TIME_SPENT,
    PROTOCOL,
)
WITHOUT_ANSWER = re.compile(r"\b(429|5[0-9]{2})\b|not asked|broke off|the proxy answered")
X509_V_ERR_CERT_HAS_EXPIRED = 10
NO_ROUTE = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL})
AT_THE_PROXY = frozenset({DNS, REFUSED, ROUTE})
"""Failures before anything was said; with a proxy, it is the proxy that was not reached."""


IN_A_ROW = " in a row "
"""What every cause says for which a host is left alone, after requests that were not served."""


def is_unanswered(cause: str) -> bool:
    """Return whether the words of a cause say that a request got no answer, or one that puts it off."""
    said = any(failure.happened in cause for failure in UNANSWERED)
    return said or WITHOUT_ANSWER.search(cause) is not None


class TransportError(Exception):
    """No answer came. `failure` says why, `host` where."""

    def __init__(self, failure: Failure, host: str) -> None:
        self.failure = failure
        self.host = host
        super().__init__(f"{host}: {failure.happened}")


OWN_LIMIT = "golive's own limit, not the service's"


class BudgetSpentError(Exception):
    """A request budget of the environment is used up, that of the YAML key `key`; nothing was sent.

    `place` is the key's as FILE:LINE, `usual` the budget that an environment has by default, `larger` the
    number to write there.
    """

    def __init__(
        self, budget: int, key: str = "safety.budget", place: str = "", usual: int = 0
    ) -> None:
        self.key, self.place, self.larger = key, place, max(2 * budget, usual)
        at = f" at {place}" if place else ""
        super().__init__(f"{OWN_LIMIT}: the budget of {budget} requests is spent (`{key}`{at})")

    @property
    def next_step(self) -> str:
        """What to write, and where."""
        name = self.key.rpartition(".")[2]
        return f"Write `{name}: {self.larger}` at {self.place or f'`{self.key}`'} and run again."


class ForbiddenRequestError(Exception):
    """The lock or the pinning refused a request; nothing was sent."""


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and what it was raised from, outermost first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__


def classify(error: BaseException, *, by_proxy: bool = False) -> Failure:
    """Name the kind of an exception that the HTTP library raised for want of an answer.

    `by_proxy` says that the request was to go by a proxy.
    """
    failure = _kind(error)
    return PROXY if by_proxy and failure in AT_THE_PROXY else failure


def _kind(error: BaseException) -> Failure:
    chain = list(causes(error))
    known = next(filter(None, map(_of_cause, chain)), None)
    if known is not None:
        return known
    names = {type(cause).__name__ for cause in chain}
    if "ProxyError" in names:
        return _of_proxy(next(str(one) for one in chain if type(one).__name__ == "ProxyError"))
    if any("Timeout" in name for name in names):
        return TIMEOUT
    if "ConnectError" in names:
        return REFUSED
    if "RemoteProtocolError" in names and "disconnected" not in str(error).lower():
        return PROTOCOL
    return RESET


def _of_proxy(words: str) -> Failure:
    """Return the failure of a proxy, with the status that it answered: `407 Proxy Authentication Required`."""
    match = re.match(r"([45]\d\d)\b", words)
    if match is None:
        return PROXY
    return replace(PROXY, happened=f"the proxy answered {match[1]}", status=int(match[1]))


def _of_cause(cause: BaseException) -> Failure | None:
    """Name the kind of a failure by one of the exceptions beneath it, as far as that shows it."""
    match cause:
        case ssl.SSLCertVerificationError():
            return EXPIRED if cause.verify_code == X509_V_ERR_CERT_HAS_EXPIRED else UNTRUSTED
        case ssl.SSLEOFError() | ssl.SSLZeroReturnError():
            return RESET
        case ssl.SSLError():
            return TLS
        case socket.gaierror():
            return DNS
        case ConnectionRefusedError():
            return REFUSED
        case ConnectionResetError() | BrokenPipeError():
            return RESET
        case OSError() if cause.errno in NO_ROUTE:
            return ROUTE
    return None
