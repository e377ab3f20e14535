"""What a URL in an environment file must be like.

The tenant in a URL is what the lock on writing goes by, so a URL must name the tenant of its
environment in the very place where the service looks for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.urls import (
    API_HOST,
    TWIN,
    cloud_of,
    is_loopback,
    played_host,
    real_host,
    segments,
)
from golive.kit.problems import did_you_mean

if TYPE_CHECKING:
    from golive.environment.source import Source

PLACEHOLDERS = ("tenant", "twin")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# No percent sign: an encoded slash or dot could hide another path than the one that is checked.
_QUERY = re.compile(r"[A-Za-z0-9._~=&:/+-]+")
# No semicolon: some servers read `..;` as `..`. None that means something to a shell: URLs stand in commands to copy.
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/@+,=\[\]{}-]+")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9.])?|[0-9A-Fa-f:.]+")
# Python's own parser takes the host of `[::1].example.org` to be ::1; others do not.
_NETLOC = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:]+)(:[0-9]{1,5})?")
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def is_tenant(text: str) -> bool:
    """Say whether a text can be a tenant's id."""
    return _TENANT.fullmatch(text) is not None


def check_tenant(source: Source, key: str, tenant: str) -> bool:
    """Note a tenant id that can't be one; say whether it can."""
    if is_tenant(tenant):
        return True
    at = next((at for at, sign in enumerate(tenant, 1) if not re.match("[A-Za-z0-9._-]", sign)), 1)
    message = (
        "a tenant's id has only letters, digits, hyphens, dots and underscores "
        f"(character {at} of {len(tenant)} is something else)."
    )
    cure = "Remove spaces, quotes and slashes: copy the bare id."
    source.problem(key, message, cure, "malformed-tenant")
    return False


def check_url(
    source: Source, key: str, url: str, tenant: str | None, *, of_api: bool = False
) -> None:
    """Note the first thing wrong with the URL at a key; `tenant` is None where that is wrong."""
    fault = _placeholder_fault(url) or _form_fault(url.replace("{tenant}", tenant or "x"))
    if fault is not None:
        source.problem(key, *fault)
    elif tenant is not None:
        filled = url.replace("{tenant}", tenant)
        # The lock on writing reads the tenant off the API's URL; a token URL needs one at Oracle's hosts only.
        free = not of_api and cloud_of(real_host(url)) is None
        astray = None if free and not _in_oracles_form(filled) else _tenant_fault(filled, tenant)
        if astray is not None:
            source.problem(key, *astray)


def check_server_url(source: Source, key: str, url: str, tenant: str | None) -> None:
    """Note the first thing wrong with a URL of the authorization server: no tenant need be in it, a query may be."""
    bare, mark, query = url.partition("?")
    fault = _placeholder_fault(url) or _form_fault(bare.replace("{tenant}", tenant or "x"))
    if fault is None and mark and not _QUERY.fullmatch(query.replace("{tenant}", tenant or "x")):
        fault = "the URL's query holds a character that has no place there.", "Copy it again."
    if fault is not None:
        source.problem(key, *fault)


def _in_oracles_form(url: str) -> bool:
    """Say whether a token URL has the path of Oracle's, as behind a gateway that passes it on."""
    parts = segments(url)
    return "tenants" in parts[:-1] and "protocols" in parts


def _placeholder_fault(url: str) -> tuple[str, str] | None:
    for name in _PLACEHOLDER.findall(url):
        if name not in PLACEHOLDERS:
            # Only a name that is nearly right is shown: any other may be part of a secret.
            hint = did_you_mean(name, PLACEHOLDERS)
            shown = f"{{{name}}}" if hint else "the text in braces"
            return f"{shown} is not a placeholder.", hint or "Known: {tenant} and {twin}."
    if TWIN in url[1:]:
        return "{twin} can only begin a URL.", "Write it first, in place of https://."
    if "{" in _PLACEHOLDER.sub("", url) or "}" in _PLACEHOLDER.sub("", url):
        return "a brace is left open.", "Known: {tenant} and {twin}."
    return None


def _form_fault(url: str) -> tuple[str, str] | None:
    if "?" in url or "#" in url:
        return "the URL has a query or a fragment.", "Remove everything from ? or # on."
    if not _CHARACTERS.fullmatch(url):
        return (
            "the URL holds a space or another character that has no place there.",
            "Copy it again.",
        )
    if url.startswith(TWIN):
        if played_host(url) is None:
            cure = "Write {twin}/ and then the real URL without https://."
            return "no host follows {twin}.", cure
    else:
        fault = _origin_fault(url)
        if fault is not None:
            return fault
    parts = segments(url)
    if "." in parts or ".." in parts or "" in parts[:-1]:
        return "the path holds an empty, . or .. segment.", "Write the path out."
    return None


def _origin_fault(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "the URL's host or port is not valid.", "Write https://HOST/…"
    if parts.scheme not in ("http", "https"):
        return "the URL does not begin with https://.", "Write https://HOST/…"
    if "@" in parts.netloc:
        cure = "Remove everything before the @; credentials go below credential:."
        return "the URL holds a user name or a password.", cure
    if not host:
        return "the URL has no host.", "Write https://HOST/…"
    if not _HOST.fullmatch(host) or not _NETLOC.fullmatch(parts.netloc):
        return "the URL's host or port is not valid.", "Write https://HOST/…"
    if parts.scheme == "http" and not is_loopback(host):
        cure = "Write https://. Plain http is for this machine alone (127.0.0.1, localhost)."
        return "plain http would show the credential and patients' data on the way.", cure
    return None


def _tenant_fault(url: str, tenant: str) -> tuple[str, str, str] | None:
    """Compare the tenant in a URL with the one that the environment (or account) states."""
    parts, host = segments(url), real_host(url)
    if "tenants" in parts[:-1] and host != API_HOST:
        named: str | None = parts[parts.index("tenants") + 1]
    elif host == API_HOST:
        named = parts[0] if parts[0] not in ("", "message") else None
    elif tenant in parts:
        named = tenant
    else:
        named = None
    if named == tenant:
        return None
    if named is None:
        cure = "Put {tenant} where the tenant's id belongs."
        return "the URL names no tenant.", cure, "url-without-tenant"
    message = "the URL names another tenant than the key tenant does."
    return message, "Write {tenant} in its place.", "url-of-another-tenant"
