"""Reading URLs that may point at the twin.

The twin stands for several real hosts on one loopback port: the first segment of the path names the
host it plays (`http://127.0.0.1:PORT/authorization.cerner.com/…`). Before it is started, an
environment writes `{twin}` where its address will stand. Host pinning, cloud rules and messages all
speak of the real host, so they all ask `real_host`.
"""

from __future__ import annotations

import ipaddress
import re

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
