"""Who is asked at a URL, in words: the address that a request goes to, never only the host that it stands for.

A program on this machine can play any host under its path, and a host that the facts do not name can be anything.
So a name of a real host stands alone only where a request really goes there.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from golive.environment.clouds import cloud_of
from golive.environment.urls import TWIN, is_loopback, played_host, real_host


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
