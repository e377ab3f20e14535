"""The parts of a proxy's URL that nobody may see: its password, as written and as decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from golive.environment.secret import Secret


def proxy_secrets(proxy: Secret | None) -> tuple[str, ...]:
    """Give the password in a proxy's URL as written and as decoded; nothing without one."""
    password = proxy_password(proxy.reveal()) if proxy else None
    return tuple(dict.fromkeys((password, unquote(password)))) if password else ()


def proxy_password(url: str) -> str | None:
    """Give the password of a URL as written, None when it carries none."""
    return urlsplit(url).password


def proxy_address(proxy: Secret | None) -> str | None:
    """Give scheme, host and port of a proxy, which may be shown."""
    if proxy is None:
        return None
    parts = urlsplit(proxy.reveal())
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
