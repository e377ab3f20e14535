"""What a run may do, by which way it goes, what it tolerates and what it must prove: the rules of these keys."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from golive.environment.schema import REACH
from golive.environment.secret import proxy_password
from golive.environment.substitution import SHORTEST_SECRET
from golive.environment.url_rules import check_tenant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.environment.schema import Shape
    from golive.environment.source import Data, Source

_LONGEST = timedelta(days=366)
_SHARE = re.compile(r"(100|[1-9][0-9]?)%")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def check_deviations(source: Source) -> None:
    """Note each known deviation without a real date, and each check that is listed twice."""
    entries = source.value("known_deviations")
    first: dict[str, int | None] = {}
    today = datetime.now(UTC).date()
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        key = f"known_deviations[{index}]"
        if not isinstance(entry, dict):
            continue
        until = entry.get("until")
        if isinstance(until, str) and not _is_day(until):
            message, cure = "this is not a day.", "Write it as YEAR-MONTH-DAY, such as 2027-01-31."
            source.problem(f"{key}.until", message, cure)
        elif isinstance(until, str) and date.fromisoformat(until) > today + _LONGEST:
            message = "this is more than a year ahead."
            cure = "Write a day within a year from today; renew the entry then, if it still holds."
            source.problem(f"{key}.until", message, cure)
        check = entry.get("check")
        if isinstance(check, str) and check in first:
            message = f"this check has an entry on line {first[check]} already."
            source.problem(f"{key}.check", message, "Keep one of the two.")
        elif isinstance(check, str):
            first[check] = source.line_of(f"{key}.check")


def check_demands(source: Source, shape: Shape) -> None:
    """Note each operation of which proofs are demanded though it is not claimed, and a reach that is no share."""
    demands, operations = source.value("demands"), source.value("claims.operations")
    reading = [name for api in shape.apis.values() for name in api.reading]
    claimed: list[Data] = list(reading if operations is None else ())
    claimed += operations if isinstance(operations, list) else []
    for operation, demanded in demands.items() if isinstance(demands, dict) else ():
        key = f"demands.{operation}"
        if operation == REACH:
            _check_share(source, key, demanded)
        elif operation not in claimed and not source.has_problem_at(key):
            message = "proofs are demanded of an operation that claims.operations does not list."
            source.problem(key, message, "Claim the operation, or remove this line.")


def _check_share(source: Source, key: str, share: Data) -> None:
    if not source.has_problem_at(key) and not (isinstance(share, str) and _SHARE.fullmatch(share)):
        message = "it must be a share of the known faults, from 1% to 100%."
        source.problem(key, message, "Write a whole number and the sign, such as 85%.")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return _DAY.fullmatch(text) is not None


def check_safety(source: Source, tenant: str | None) -> None:
    """Note each permission in a tenant that is not listed, and each test tenant that can be none."""
    tenants = source.texts("safety.test_tenants")
    for index, item in enumerate(tenants):
        check_tenant(source, f"safety.test_tenants[{index}]", item)
    unlisted = tenant is not None and tenant not in tenants
    if not unlisted or source.has_problem_at("safety.test_tenants"):
        return
    for key in ("safety.writes", "safety.attack_credential"):
        if source.text(key) == "allowed":
            message = "this is allowed only in a tenant that safety.test_tenants lists."
            cure = "List the tenant if no real patient is in it; otherwise write forbidden."
            source.problem(key, message, cure)


def check_proxy(source: Source, from_variable: Mapping[str, str]) -> None:
    """Note a proxy that is none, or that holds a password which nothing can keep secret."""
    key = "safety.proxy"
    proxy = source.text(key)
    if proxy is None:
        return
    try:
        parts = urlsplit(proxy)
        usable = bool(parts.hostname) and parts.scheme in ("http", "https") and parts.port != 0
        password = proxy_password(proxy)
    except ValueError:
        usable, password = False, None
    if not usable or proxy != "".join(proxy.split()):
        source.problem(key, "this is not a proxy's URL.", "Write http://HOST:PORT.")
    elif password and key not in from_variable:
        message = "a secret is written here: the URL holds a password."
        source.problem(key, message, "Write ${HTTPS_PROXY} here and set that variable.")
    elif password and len(password) < SHORTEST_SECRET:
        message = f"the proxy's password has fewer than {SHORTEST_SECRET} characters."
        cure = "It could not be kept out of reports; use a longer one."
        source.problem(key, message, cure)


def check_ca_bundle(source: Source) -> None:
    """Note a file of certificates that is not there or holds none."""
    name = source.text("safety.ca_bundle")
    if name is None:
        return
    from golive.kit.tls import is_usable  # TLS is slow to load, and few files name a bundle

    path = ca_bundle_path(source.path, name)
    if not path.is_file():
        message = "there is no such file."
        cure = "A path that is not absolute starts at the environment file's folder."
        source.problem("safety.ca_bundle", message, cure)
    elif not is_usable(path):
        message = "the file holds no certificates in PEM form."
        cure = "Ask for the authority's PEM file: it begins with -----BEGIN CERTIFICATE-----."
        source.problem("safety.ca_bundle", message, cure)


def ca_bundle_path(environment_file: Path, name: str) -> Path:
    """Give the path of the CA bundle: relative paths start at the environment file's folder."""
    return environment_file.parent / Path(name).expanduser()
