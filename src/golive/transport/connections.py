"""The connections of the one client: no cookie, no redirect, and no proxy or credential from elsewhere."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING

import httpx

from golive import __version__
from golive.exchanges.headers import Headers
from golive.transport import receiving

if TYPE_CHECKING:
    import ssl

    from golive.environment import Safety

AS_IT_CAME = "golive.headers"
"""The extension of an answer that holds its headers."""

LOOPBACK = ("all://127.0.0.1", "all://localhost", "all://[::1]")


def connections(safety: Safety, trusted: ssl.SSLContext, *, kept: int | None) -> httpx.Client:
    """Make a client that keeps so many connections open after an answer (None: all of them)."""
    most = safety.concurrency * 2
    client = httpx.Client(
        headers={"User-Agent": f"golive/{__version__}", "Accept-Encoding": "gzip, deflate"},
        # A cookie of one exchange in the next would be a credential that nobody meant to present.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        event_hooks={"response": [_lead_nowhere]},
        follow_redirects=False,
        trust_env=False,
        proxy=_proxy(safety, trusted),
        mounts=dict.fromkeys(LOOPBACK),  # what is on this machine goes by no proxy
        verify=trusted,
        timeout=httpx.Timeout(safety.read_timeout, connect=safety.connect_timeout),
        limits=httpx.Limits(max_connections=most, max_keepalive_connections=kept),
    )
    receiving.keep_deadlines(client)
    return client


def _lead_nowhere(answer: httpx.Response) -> None:
    """Keep the headers and hide Location: httpx makes a request of it, and fails where it is not a URL."""
    answer.extensions[AS_IT_CAME] = Headers.of(answer.headers.multi_items())
    answer.headers.pop("Location", None)


def _proxy(safety: Safety, trusted: ssl.SSLContext) -> httpx.Proxy | None:
    """Return the environment's proxy; one that is spoken to by TLS is trusted as every other host is."""
    if safety.proxy is None:
        return None
    url = safety.proxy.reveal()
    by_tls = url.lower().startswith("https://")
    return httpx.Proxy(url, ssl_context=trusted if by_tls else None)
