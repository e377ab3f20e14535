"""Where a real credential may go: Oracle's known hosts, this machine, and what the operator allows.

The token, the secret and the patients' data all go where an environment file says. It says so in good faith only
where its hosts are the ones that the facts name, or where somebody has vouched for them who is not the file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.clouds import cloud_of
from golive.environment.names import ALLOWED_HOSTS
from golive.environment.operator import digest
from golive.environment.rules import ca_bundle_path
from golive.environment.urls import TWIN, is_loopback

if TYPE_CHECKING:
    from golive.environment.operator import Operator
    from golive.environment.source import Source

KEY_SET = "token.key_set_url"
PROXY, BUNDLE = "safety.proxy", "safety.ca_bundle"


def check_destinations(source: Source, operator: Operator) -> None:
    """Note every host, proxy and CA bundle that nobody has vouched for."""
    away = False
    for key in ("token.url", "api.base_url", KEY_SET, *_account_urls(source)):
        url = source.sound(key)
        if not isinstance(url, str) or url.startswith(TWIN):
            continue
        host, port = _host_of(url)
        if is_loopback(host):
            continue
        away = True
        if cloud_of(host) is None and not operator.allows(host, port):
            # The key set is asked for without a credential; its URL tells what the file puts into it all the same.
            gets = "be asked for the keys" if key == KEY_SET else "get the credential or the token"
            message = f"{host} is not a host of Oracle's, and would {gets}."
            source.problem(key, message, _cure(host))
    # What stays on this machine goes by no proxy, and nobody listens on the way.
    if away:
        _check_proxy(source, operator)
        _check_bundle(source, operator)


def _account_urls(source: Source) -> list[str]:
    accounts = source.value("claims.accounts")
    names = accounts if isinstance(accounts, dict) else {}
    return [f"claims.accounts.{name}.token_url" for name in names]


def _host_of(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or 443


def _check_proxy(source: Source, operator: Operator) -> None:
    proxy = source.sound(PROXY)
    if not isinstance(proxy, str) or operator.allows_proxy(proxy):
        return
    host = urlsplit(proxy).hostname or ""
    if not is_loopback(host):
        message = f"everything would go by {host}, which is not the proxy of this process."
        source.problem(PROXY, message, _cure(host, "; or export it as HTTPS_PROXY"))


def _check_bundle(source: Source, operator: Operator) -> None:
    name = source.sound(BUNDLE)
    if not isinstance(name, str):
        return
    path = ca_bundle_path(source.path, name)
    if not operator.allows_bundle(path):
        message = f"whoever holds a key of {Path(name).name} could read everything on its way."
        source.problem(BUNDLE, message, _cure(digest(path)))


def _cure(entry: str, more: str = "") -> str:
    return (
        f"If you trust it, run `golive hosts add {entry}` "
        f"(in a pipeline: {ALLOWED_HOSTS}={entry}){more}."
    )
