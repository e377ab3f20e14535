"""What an environment lets through to the network: which hosts, writes and token requests, and how fast.

The lock on writing goes by the tenant in the path, for sandbox and production share everything else. The rate is kept
by one process, or by several together: of those, each waits for its turn at a file that holds when the next request
may be sent.
"""

from __future__ import annotations

import os
import re
import struct
import time
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory

from golive.contract.operations import READING
from golive.environment import cloud_of, real_host, service_root
from golive.exchanges.failures import ForbiddenRequestError
from golive.kit.wire import has_one_reading, steps_aside

if TYPE_CHECKING:
    from pathlib import Path

    from golive.environment import Environment
    from golive.exchanges.model import Request


class Admission:
    """The hosts, token URLs and test tenants of one environment."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        base_url = environment.api.base_url
        self._api_root = service_root(base_url)
        self._before_tenant = _before_tenant(base_url, environment.tenant)
        accounts = (environment.main_account, *environment.claims.accounts.values())
        urls = {account.token_url for account in accounts}
        key_set = environment.token.key_set
        self._trusted = frozenset(map(service_root, (base_url, *urls)))
        self._roots = self._trusted | ({service_root(key_set)} if key_set else set())
        self._token_urls = frozenset(url for url in urls if not url.startswith(f"{base_url}/"))
        self._token_forms = tuple(
            _any_tenant(account.token_url, account.tenant)
            for account in accounts
            if service_root(account.token_url) != self._api_root
        )

    @property
    def by_tls(self) -> bool:
        """Whether a host is asked by TLS."""
        return any(root.startswith("https:") for root in self._roots)

    def admit(self, request: Request) -> bool:
        """Refuse what the environment does not allow; return whether it is a token request.

        Raises ForbiddenRequestError.
        """
        root = service_root(request.url)
        if root not in self._roots:
            raise ForbiddenRequestError(f"{root} is not a host of {self._environment.name}")
        if root not in self._trusted and (request.headers.get("Authorization") or request.body):
            raise ForbiddenRequestError(
                f"{root} serves a key set only, so no credential goes there"
            )
        path = request.url.removeprefix(root).split("?")[0].split("#")[0]
        # The lock reads the tenant off the path, so no step may lead to another one on the way.
        if steps_aside(path):
            raise ForbiddenRequestError("the path of the URL holds a . or .. segment")
        is_token = self._asks_for_token(request.url)
        if request.method.upper() in READING or (is_token and request.method.upper() == "POST"):
            return is_token
        tenant = self._tenant_of(path) if root == self._api_root else None
        safety = self._environment.safety
        if safety.writes != "allowed" or tenant not in safety.test_tenants:
            raise ForbiddenRequestError(
                f"{request.method} to {f'tenant {tenant}' if tenant else 'no tenant of the API'} needs "
                "`safety.writes: allowed` and the tenant in `safety.test_tenants`"
            )
        tenants = (self._environment.tenant, *safety.test_tenants)
        if tenant is None or not has_one_reading(path, tenant, tenants):
            raise ForbiddenRequestError("the path of a write can be read in two ways")
        return is_token

    def _asks_for_token(self, url: str) -> bool:
        """Return whether a URL is a token URL of this environment.

        Off the API's host it may name another tenant, or have a query: asking for a token of an unknown one, or in
        the wrong place, is a token request, too.
        """
        return url in self._token_urls or any(form.fullmatch(url) for form in self._token_forms)

    def _tenant_of(self, path: str) -> str | None:
        """Return the tenant that a path at the API's host names, at the place where `api.base_url` has its own."""
        parts = path.removeprefix("/").split("/")
        start, rest = parts[: len(self._before_tenant)], parts[len(self._before_tenant) :]
        return unquote(rest[0]) if rest and start == self._before_tenant else None


def _before_tenant(base_url: str, tenant: str) -> list[str]:
    """Return the segments before the tenant in the API's paths: none at Oracle's host, some behind a gateway."""
    parts = base_url.removeprefix(service_root(base_url)).removeprefix("/").split("/")
    return parts[: parts.index(tenant)] if tenant in parts else []


def _any_tenant(url: str, tenant: str) -> re.Pattern[str]:
    """Return the form of a token URL with any tenant in place of this one, and with any query."""
    parts = (re.escape(part) if part != tenant else "[^/?#]+" for part in url.split("/"))
    return re.compile("/".join(parts) + r"(?:[?&][^#]*)?")


TURN = struct.Struct("d")


def limiter(environment: Environment) -> Limiter | SharedRate:
    """Return what lets `safety.rate` requests a second pass.

    Runs at the same time keep it together, for each cloud: they meet at one authorization server.
    """
    rate = environment.safety.rate
    if environment.rates is None:
        return alone(rate)
    host = real_host(environment.token.url)
    cloud = re.sub(r"[^A-Za-z0-9.-]", "-", str(cloud_of(host) or host))
    return SharedRate(environment.rates / cloud, rate)


def alone(rate: float) -> Limiter:
    """Allow `rate` requests a second without bursts above one second's worth.

    What a run has sent stays in memory until its end: emptying it meanwhile takes a thread, and `golive prove` forks.
    """
    allowed = Rate(int(rate), 1000) if rate >= 1 else Rate(1, int(1000 / rate))
    return Limiter(SingleBucketFactory(InMemoryBucket([allowed]), schedule_leak=False))


class SharedRate:
    """Lets `rate` requests a second pass, evenly spaced, of all processes that have the same file."""

    def __init__(self, file: Path, rate: float) -> None:
        self._pause = 1 / rate
        self._file = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)

    def try_acquire(self, _name: str, *, blocking: bool = True) -> bool:
        """Wait for the next turn; where it is not to be waited for, say whether it has come."""
        import fcntl  # one run alone needs none, so that it works where there is none

        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            now = time.monotonic()
            (known,) = TURN.unpack(os.pread(self._file, TURN.size, 0).ljust(TURN.size, b"\0"))
            turn = max(now, known)
            if turn > now and not blocking:
                return False
            os.pwrite(self._file, TURN.pack(turn + self._pause), 0)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        time.sleep(turn - now)
        return True

    def close(self) -> None:
        """Close the file; nothing can be acquired after that."""
        os.close(self._file)
