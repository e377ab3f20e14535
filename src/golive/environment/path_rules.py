"""Whose data a path leads to: the tenant's that the environment names, and nobody else's.

The lock on writing reads the tenant off the path. So on Oracle's hosts a path is the documented one and nothing
else, and elsewhere no part of it can be a second tenant.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.clouds import API_HOST, cloud_of
from golive.environment.urls import TWIN, played_host, real_host, segments

if TYPE_CHECKING:
    from golive.environment.source import Source

API_FORM = "/{tenant}/message"
TOKEN_FORMS = (
    "/tenants/{tenant}/hosts/HOST/protocols/oauth2/profiles/smart-v1/token",
    "/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token",
)
"""contract-facts §4.1; HOST is a resource host."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HOST = "[A-Za-z0-9.-]+"


def check_paths(source: Source) -> None:
    """Note each URL whose path is not the documented one, or names two tenants."""
    own = source.sound("tenant")
    tenants = _tenants(source)
    keys = {"token.url": own, "api.base_url": own}
    accounts = source.value("claims.accounts")
    for name, account in accounts.items() if isinstance(accounts, dict) else ():
        other = account.get("tenant") if isinstance(account, dict) else None
        keys[f"claims.accounts.{name}.token_url"] = other or own
    for key, tenant in keys.items():
        url = source.sound(key)
        if isinstance(url, str) and isinstance(tenant, str):
            # Elsewhere such an id may be anything: a directory of an authorization server, a gateway's route.
            strict = key == "api.base_url" and source.value("safety.writes") == "allowed"
            fault = _fault(key, url.replace("{tenant}", tenant), tenant, tenants, strict=strict)
            if fault:
                source.problem(key, *fault)


def _tenants(source: Source) -> frozenset[str]:
    """Collect every tenant that the file names, in small letters."""
    accounts = source.value("claims.accounts")
    named = [source.value("tenant")]
    for account in accounts.values() if isinstance(accounts, dict) else ():
        named.append(account.get("tenant") if isinstance(account, dict) else None)
    listed = source.value("safety.test_tenants")
    named += listed if isinstance(listed, list) else []
    return frozenset(each.casefold() for each in named if isinstance(each, str))


def _fault(
    key: str, url: str, tenant: str, tenants: frozenset[str], *, strict: bool
) -> tuple[str, str] | None:
    """Say what is wrong with a path; where `strict`, any id of a tenant's form counts as one."""
    path, host = _path(url), real_host(url).casefold()
    is_api = key == "api.base_url"
    if is_api and host == API_HOST:
        if path.rstrip("/") != API_FORM.format(tenant=tenant):
            return "this is not the documented path of the API.", f"Write https://{host}{API_FORM}."
    elif not is_api and host.startswith("authorization.") and cloud_of(host) is not None:
        forms = [re.escape(form.format(tenant=tenant)) for form in TOKEN_FORMS]
        if not any(re.fullmatch(form.replace("HOST", _HOST), path) for form in forms):
            cure = f"Write https://{host}{TOKEN_FORMS[0].replace('HOST', API_HOST)}."
            return "this is not a documented path of the token endpoint.", cure
    parts = [part.casefold() for part in segments(url)]
    others = [part for part in parts if part in tenants or (strict and _GUID.fullmatch(part))]
    if others.count(tenant.casefold()) > 1 or set(others) - {tenant.casefold()}:
        return "the path names a second tenant.", "Keep the tenant's place, and remove the rest."
    return None


def _path(url: str) -> str:
    path = url.removeprefix(TWIN) if url.startswith(TWIN) else urlsplit(url).path
    played = played_host(url)
    return path if played is None else path[len(played) + 1 :]
