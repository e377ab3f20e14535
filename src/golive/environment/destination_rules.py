"""Where a real credential may go: Oracle's known hosts, this machine, and what the operator allows.

The token, the secret and the patients' data all go where an environment file says. It says so in good faith only
where its hosts are the ones that the facts name, or where somebody has vouched for them who is not the file.

A path may lead only to the data of the tenant that the environment names.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.operator import ALLOWED_HOSTS, address, digest
from golive.environment.run_rules import ca_bundle_path
from golive.environment.urls import (
    API_HOST,
    HOST_RULES,
    TWIN,
    cloud_of,
    is_loopback,
    misspelt,
    played_host,
    real_host,
    segments,
)
from golive.kit.problems import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.operator import Operator
    from golive.environment.schema import Shape
    from golive.environment.source import Data, Source


KEY_SET = "token.key_set_url"
PROXY, BUNDLE = "safety.proxy", "safety.ca_bundle"


NO_TOKEN = {
    "/smart-v2": "the profile smart-v2 does not exist, smart-v1 serves its scopes as well",
    "/authorize": "the authorize endpoint is for a user in a browser and grants no token",
    "//": "it has an empty step (//)",
}
"""What a path may hold that no token URL has -> why (contract-facts §4.1, §5 row 27)."""


def check_destinations(source: Source, operator: Operator, apis: Mapping[str, str]) -> None:
    """Note every host, proxy and CA bundle that nobody has vouched for."""
    away = False
    bases = (f"{key}.base_url" for key in apis.values())
    accounts = (f"{account}.token_url" for account in source.accounts())
    for key in ("token.url", *bases, KEY_SET, *accounts):
        url = source.text(key)
        if url is None or url.startswith(TWIN):
            continue
        host, port = address(url)
        if is_loopback(host):
            continue
        away = True
        # A host that is one letter off from Oracle's is a slip, also where it is trusted.
        meant, slip = misspelt(host) or ("", False)
        if cloud_of(host) is None and (slip or not operator.allows(host, port)):
            # The key set is asked for without a credential; its URL reveals what the file puts into it all the same.
            gets = "be asked for the keys" if key == KEY_SET else "get the credential or the token"
            hint = did_you_mean(host, (rule.host for rule in HOST_RULES))
            message = f"{host} is not a host of Oracle's, and would {gets}. {hint}".rstrip()
            source.problem(key, message, f"Write {meant} in its place." if meant else _cure(host))
    # What stays on this machine goes by no proxy, and nobody listens on the way.
    if away:
        _check_proxy(source, operator)
        _check_bundle(source, operator)


def _check_proxy(source: Source, operator: Operator) -> None:
    proxy = source.text(PROXY)
    if proxy is None or operator.allows_proxy(proxy):
        return
    host = urlsplit(proxy).hostname or ""
    if not is_loopback(host):
        message = f"everything would go by {host}, which is not the proxy of this process."
        source.problem(PROXY, message, _cure(host, "; or export it as HTTPS_PROXY"))


def _check_bundle(source: Source, operator: Operator) -> None:
    name = source.text(BUNDLE)
    if name is None:
        return
    path = ca_bundle_path(source.path, name)
    if not operator.allows_bundle(path):
        message = f"anybody who holds a key of {Path(name).name} could read all of the traffic."
        source.problem(BUNDLE, message, _cure(digest(path)))


def _cure(entry: str, more: str = "") -> str:
    return (
        f"If you trust it, run `golive hosts add {entry}` "
        f"(in a pipeline: {ALLOWED_HOSTS}={entry}){more}."
    )


TOKEN_FORMS = (
    "/tenants/{tenant}/hosts/HOST/protocols/oauth2/profiles/smart-v1/token",
    "/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token",
)
"""contract-facts §4.1; HOST is a resource host."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HOST = "[A-Za-z0-9.-]+"


def check_paths(source: Source, shape: Shape, apis: Mapping[str, str]) -> None:
    """Note each URL whose path is not the documented one, or names two tenants."""
    own = source.text("tenant")
    tenants = _tenants(source)
    bases = {f"{key}.base_url": shape.apis[name].base_path for name, key in apis.items()}
    keys: dict[str, Data] = {"token.url": own, **dict.fromkeys(bases, own)}
    for account in source.accounts():
        keys[f"{account}.token_url"] = source.value(f"{account}.tenant") or own
    for key, tenant in keys.items():
        url = source.text(key)
        if url is not None and isinstance(tenant, str):
            # Elsewhere such an id may be anything: a directory of an authorization server, a gateway's route.
            strict = key in bases and source.value("safety.writes") == "allowed"
            filled, form = url.replace("{tenant}", tenant), bases.get(key)
            fault = _fault(filled, form, tenant, tenants, strict=strict)
            if fault:
                source.problem(key, *fault)


def _tenants(source: Source) -> frozenset[str]:
    """Collect every tenant that the file names, in small letters."""
    owners = ("tenant", *(f"{account}.tenant" for account in source.accounts()))
    named = [source.value(key) for key in owners]
    listed = source.value("safety.test_tenants")
    named += listed if isinstance(listed, list) else []
    return frozenset(each.casefold() for each in named if isinstance(each, str))


def _fault(
    url: str, form: str | None, tenant: str, tenants: frozenset[str], *, strict: bool
) -> tuple[str, str] | None:
    """Say what is wrong with a path; where `strict`, any id of a tenant's form counts as one.

    `form` is the documented path of an API, None for a token URL.
    """
    path, host = _path(url), real_host(url).casefold()
    if form is not None and host == API_HOST:
        if form and path.rstrip("/") != form.replace("{tenant}", tenant):
            return "this is not the documented path of the API.", f"Write https://{host}{form}."
    elif form is None and host.startswith("authorization.") and cloud_of(host) is not None:
        forms = [re.escape(each.format(tenant=tenant)) for each in TOKEN_FORMS]
        if not any(re.fullmatch(each.replace("HOST", _HOST), path) for each in forms):
            cure = f"Write https://{host}{TOKEN_FORMS[0].replace('HOST', API_HOST)}."
            message = "this is not a documented path of the token endpoint"
            why = next((f"; {said}" for step, said in NO_TOKEN.items() if step in path), "")
            return f"{message}{why}.", cure
    parts = [part.casefold() for part in segments(url)]
    others = [part for part in parts if part in tenants or (strict and _GUID.fullmatch(part))]
    if others.count(tenant.casefold()) > 1 or set(others) - {tenant.casefold()}:
        return "the path names a second tenant.", "Keep the tenant's place, and remove the rest."
    return None


def _path(url: str) -> str:
    path = url.removeprefix(TWIN) if url.startswith(TWIN) else urlsplit(url).path
    played = played_host(url)
    return path if played is None else path[len(played) + 1 :]
