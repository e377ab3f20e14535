"""A value that must not be seen: it prints as three stars until somebody asks for it by name.

The secret parts of a proxy's URL are its password, as written and as decoded.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


class Secret:
    """A text that `repr`, `str` and f-strings show as `***`; `reveal()` gives it away.

    Two secrets are equal when their texts are, so sets and frozen dataclasses can hold them.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Give the text itself; the caller answers for where it goes."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash((Secret, self._text))


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
