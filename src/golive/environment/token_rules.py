"""What an environment file says of the authorization server: key set, issuer, parameters, form of its tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.clouds import API_HOST, AUTHORIZATION_HOST
from golive.environment.url_rules import check_server_url
from golive.environment.urls import TWIN, played_host, real_host, segments

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.yaml_source import Source

OWN_PARAMETERS = frozenset({"grant_type", "scope", "client_assertion_type"})
SECRET_PARAMETERS = frozenset(
    {"client_id", "client_secret", "client_assertion", "assertion", "username", "password"}
    | {"code", "code_verifier", "refresh_token", "access_token", "subject_token", "actor_token"}
)
"""Parameters of RFC 6749, 7521, 7636 and 8693 that carry a credential."""

_NAME = re.compile(r"[A-Za-z0-9_-]+")


def check_token_server(source: Source, tenant: str | None, apis: Mapping[str, str]) -> None:
    """Note what is wrong below `token` beyond the shape of each key."""
    key_set = _text(source, "token.key_set_url")
    if key_set is not None:
        check_server_url(source, "token.key_set_url", key_set, tenant)
    issuer = _text(source, "token.issuer")
    if issuer is not None:
        _check_issuer(source, issuer, tenant)
    _check_worlds(source, key_set)
    _check_places(source, apis)
    for owner in ("token", *(f"claims.accounts.{name}" for name in _accounts(source))):
        _check_parameters(source, f"{owner}.parameters")


def _text(source: Source, key: str) -> str | None:
    value = source.sound(key)
    return value if isinstance(value, str) else None


def _names(source: Source, key: str) -> list[str]:
    value = source.value(key)
    return list(value) if isinstance(value, dict) else []


def _accounts(source: Source) -> list[str]:
    return _names(source, "claims.accounts")


def _check_issuer(source: Source, issuer: str, tenant: str | None) -> None:
    if issuer.startswith(TWIN):
        message = "an issuer is a name, and the twin's tokens name the real host."
        source.problem("token.issuer", message, "Write https:// and the host that the twin plays.")
    else:
        check_server_url(source, "token.issuer", issuer, tenant)


def _check_worlds(source: Source, key_set: str | None) -> None:
    token = _text(source, "token.url")
    if key_set and token and key_set.startswith(TWIN) != token.startswith(TWIN):
        message = "one of this URL and token.url is the twin's and the other is not."
        source.problem("token.key_set_url", message, "Let both begin with {twin}, or neither.")


def _check_places(source: Source, apis: Mapping[str, str]) -> None:
    """Keep every token URL out of the APIs' paths: what is posted there would change data."""
    tenant = _text(source, "tenant") or ""
    keys = ("token.url", *(f"claims.accounts.{name}.token_url" for name in _accounts(source)))
    bases = {f"{key}.base_url": _text(source, f"{key}.base_url") for key in apis.values()}
    for key in keys:
        url = _text(source, key)
        if not url or not any(bases.values()):
            continue
        host, path = _as_routed(url.replace("{tenant}", tenant))
        for place, base in bases.items():
            api_host, api_path = _as_routed((base or "").replace("{tenant}", tenant))
            if base and host == api_host and path[: len(api_path)] == api_path:
                message = f"the token URL lies below {place}, where messages are sent and changed."
                source.problem(key, message, "Write the URL of the token endpoint.")
                break
        else:
            if host[0] == API_HOST:
                message = f"{API_HOST} grants no tokens: messages are sent and changed there."
                source.problem(key, message, f"Take the token from {AUTHORIZATION_HOST}.")


def _as_routed(url: str) -> tuple[tuple[str, int | None], list[str]]:
    """Return host, port and path of a URL as servers tell them apart: capitals, a last dot and a usual port do not."""
    try:
        port = None if played_host(url) or url.startswith(TWIN) else urlsplit(url).port
    except ValueError:
        port = None  # another rule tells of it
    host = real_host(url).casefold().rstrip(".")
    return (host, None if port in (80, 443) else port), [
        part.casefold() for part in segments(url) if part
    ]


def _check_parameters(source: Source, key: str) -> None:
    for name in _names(source, key):
        place = f"{key}.{name}"
        if not _NAME.fullmatch(name):
            message = "a parameter's name has only letters, digits, hyphens and underscores."
            source.problem(key, message, "Correct the name.")
        elif name in OWN_PARAMETERS:
            message = "golive sends this parameter itself."
            source.problem(place, message, "Remove it; scopes go below token.scopes.")
        elif name in SECRET_PARAMETERS:
            message = "this parameter carries a credential, which has no place here."
            source.problem(place, message, "Remove it; credentials go below credential:.")
