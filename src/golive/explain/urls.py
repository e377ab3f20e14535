"""Takes the URLs of a paste apart, placeholders and typing errors included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from golive.environment import real_host

if TYPE_CHECKING:
    from golive.explain.curl import PastedRequest

VERSION = re.compile(r"[0-9]{8}")
PLACEHOLDER = re.compile(r"[{<$%:].*|.*[}>]")


def is_token_request(request: PastedRequest) -> bool:
    """Tell whether a request asks for a token: by its path, its host or the grant in its form."""
    path = _path(request.url)
    host = host_of(request.url)
    return (
        path.rstrip("/").endswith("/token")
        or host.startswith("authorization.")
        or "grant_type" in parse_qs(request.body)
    )


def _path(url: str) -> str:
    """Return the path of a URL, empty where it can't be read."""
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def host_of(url: str) -> str:
    """Return the host that a URL means, empty where it can't be read or is a placeholder."""
    try:
        host = real_host(url if "://" in url else f"https://{url}")
    except ValueError:
        return ""
    return host if re.fullmatch(r"[a-z0-9.-]+", host, re.IGNORECASE) else ""


def api_parts(url: str) -> tuple[str, str | None, str | None]:
    """Return the URL up to the version, the version and the tenant of an API URL."""
    bare = url.partition("?")[0]
    start, slashes, rest = bare.rpartition("://")
    host, *segments = rest.split("/")
    at = next((i for i, part in enumerate(segments) if VERSION.fullmatch(part)), None)
    base = segments[:at] if at is not None else segments[:2]
    version = segments[at] if at is not None else None
    if at is None and len(segments) > 2 and re.fullmatch(r"v?\d[\w.]*", segments[2]):
        version = segments[2]
    tenant = base[0] if len(base) > 1 else None
    return f"{start or 'https'}{slashes or '://'}{'/'.join([host, *base])}", version, tenant


def tenant_of(url: str) -> str | None:
    """Return the tenant of a token URL, or None."""
    match = re.search(r"/tenants/([^/?]+)", url)
    return match[1] if match else None


def readable(url: str) -> str:
    """Return a URL that can be taken apart: with a scheme, and without a placeholder for its host."""
    url = url if "://" in url else f"https://{url}"
    try:
        urlsplit(url)
    except ValueError:
        return "https://unreadable.invalid/"
    return url


def is_open(value: str) -> bool:
    """Tell whether a value is a placeholder that somebody left to be filled in."""
    return bool(PLACEHOLDER.fullmatch(value))
