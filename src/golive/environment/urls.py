"""Reading URLs that may point at the twin, and which host belongs to which of the two clouds.

The twin stands for several real hosts on one loopback port: the first segment of the path names the
host it plays (`http://127.0.0.1:PORT/authorization.cerner.com/…`). Before it is started, an
environment writes `{twin}` where its address will stand. Host pinning, cloud rules and messages all
speak of the real host, so they all ask `real_host`. Who is asked at a URL is named by the address that a request goes
to, never only by the host that it stands for.

Each cloud has its own authorization server, keys, tenants and accounts, so a token of one cloud is
worthless in the other (contract-facts §6.3). The API has one host only, and that host trusts the
production cloud. What the hosts do *not* show is whether a tenant is a sandbox: the public
developer sandbox is a tenant of the production cloud (contract-facts §6.2).
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal
from urllib.parse import urlsplit

from golive.kit.wire import split_url

TWIN = "{twin}"
# A scheme and host that can stand for the twin's address until it is known.
_TWIN_STAND_IN = "http://127.0.0.1:1"
_HOST_NAME = re.compile(r"(?=.*[a-z])[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Say whether a host name or address can only be this machine."""
    if host.casefold() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def played_host(url: str) -> str | None:
    """Give the real host that a loopback or `{twin}` URL plays, None when it plays none."""
    parts = split_url(url.replace(TWIN, _TWIN_STAND_IN, 1) if url.startswith(TWIN) else url)
    if not is_loopback(parts.hostname or ""):
        return None
    first = parts.path.removeprefix("/").split("/", 1)[0]
    return first.casefold() if _HOST_NAME.fullmatch(first) else None


def real_host(url: str) -> str:
    """Give the host that a URL means: its own, or the one that the twin plays for it.

    `authorization.cerner.com` for the real URL, for
    `http://127.0.0.1:PORT/authorization.cerner.com/…` and for `{twin}/authorization.cerner.com/…`
    alike. Empty when the URL has no host.
    """
    played = played_host(url)
    if played is not None:
        return played
    return "" if url.startswith(TWIN) else (split_url(url).hostname or "").rstrip(".")


def service_root(url: str) -> str:
    """Give the URL below which the meant host serves everything, without a trailing slash.

    `https://authorization.cerner.com`, `http://127.0.0.1:PORT/authorization.cerner.com`, or
    `{twin}/authorization.cerner.com`: `/jwk` hangs there.
    """
    if url.startswith(TWIN):
        origin = TWIN
    else:
        parts = split_url(url)
        origin = f"{parts.scheme}://{parts.netloc}"
    played = played_host(url)
    return origin if played is None else f"{origin}/{played}"


def segments(url: str) -> list[str]:
    """Give the path segments as the meant host sees them: without the one that names the host."""
    path = url.removeprefix(TWIN) if url.startswith(TWIN) else split_url(url).path
    parts = path.strip("/").split("/")
    return parts if played_host(url) is None else parts[1:]


Cloud = Literal["production", "sandbox"]


@dataclass(frozen=True)
class HostRule:
    """One host, or with a leading `*.` everything below a domain, its cloud, and who says so."""

    host: str
    cloud: Cloud
    source: str

    def covers(self, host: str) -> bool:
        """Say whether a lower-case host name falls under this rule."""
        if self.host.startswith("*."):
            return host.endswith(self.host[1:]) or host == self.host[2:]
        return host == self.host


AUTHORIZATION_HOST = "authorization.cerner.com"
API_HOST = "api.cernermillennium.com"

# The public developer sandbox: a tenant of the production cloud (contract-facts §1, §6.2).
PUBLIC_SANDBOX_TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
FORMER_SANDBOX_TENANT = "0b8a0111-e8e6-4c26-a91c-5069cbc6b1ca"
"""The same sandbox before August 2020, in the sandbox cloud (contract-facts §6.2)."""

HOST_RULES: tuple[HostRule, ...] = (
    HostRule(AUTHORIZATION_HOST, "production", "contract-facts §6.1: authorization.md, login page"),
    HostRule(API_HOST, "production", "contract-facts §6.1: mcfap/intro.html; §6.3: forum 7979"),
    HostRule("fhir-open.cerner.com", "production", "contract-facts §6.1: mfrap/srv_root_url.html"),
    HostRule("fhir-ehr-code.cerner.com", "production", "contract-facts §6.1: srv_root_url.html"),
    HostRule("fhir-ehr.cerner.com", "production", "contract-facts §6.1: answers for ec2458f2-…"),
    HostRule("fhir-myrecord.cerner.com", "production", "contract-facts §6.1: srv_root_url.html"),
    HostRule("*.sandboxcerner.com", "sandbox", "contract-facts §6.1, §4.4: own keys and issuer"),
)


HOSTS = (
    "authorization.sandboxcerner.com",
    *(rule.host for rule in HOST_RULES if not rule.host.startswith("*.")),
)
"""The hosts of Oracle's that are known by their whole name."""

NEAR = 0.92
"""How alike a host is to one of these that is most likely meant for it, as difflib counts it: two letters off."""


def misspelt(host: str) -> tuple[str, bool] | None:
    """Return the host of Oracle's that a foreign one is most likely meant for, and whether it is one letter off."""
    name = host.casefold().rstrip(".")
    near = get_close_matches(name, HOSTS, 1, NEAR) if cloud_of(name) is None else []
    return (near[0], _one_letter_off(name, near[0])) if near else None


def _one_letter_off(one: str, other: str) -> bool:
    """Return whether a letter is missing, too many, another one, or two have changed places."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    first, second = one[at:], other[at:]
    swapped = first[:2][::-1] + first[2:]
    return second in (swapped, first[1:]) or second[1:] in (first, first[1:])


def cloud_of(host: str) -> Cloud | None:
    """Name the cloud of a real host name; None when the facts name no cloud for it."""
    name = host.casefold().rstrip(".")
    return next((rule.cloud for rule in HOST_RULES if rule.covers(name)), None)


def is_double(url: str) -> bool:
    """Say whether what answers at a URL is a double: the twin, or another program on this machine."""
    return url.startswith(TWIN) or is_loopback(urlsplit(url).hostname or "")


def address_of(url: str) -> str:
    """Give HOST or HOST:PORT of a URL as it is asked; empty while it waits for the twin's address."""
    return "" if url.startswith(TWIN) else urlsplit(url).netloc


def asked_in_short(url: str) -> str:
    """Name who is asked: `authorization.cerner.com`, or `127.0.0.1:8700 in place of authorization.cerner.com`."""
    played = played_host(url)
    if played is None:
        return address_of(url) or real_host(url)
    return f"{address_of(url) or 'the embedded twin'} in place of {played}"


def asked(url: str, *, embedded: bool = False) -> str:
    """Name who is asked, and the cloud: for headers of reports.

    `embedded` says that golive itself started the twin that answers there.
    """
    host, address = real_host(url), address_of(url)
    cloud = cloud_of(host)
    whose = f"{cloud} cloud" if cloud else "no known cloud"
    if not is_double(url):
        return f"{address} ({whose})"
    if embedded or not address:
        where = f"the embedded twin{f' at {address}' if address else ''}"
    else:
        where = f"{address} on this machine"
    return f"{where}, in place of {host} ({whose})" if played_host(url) else where
