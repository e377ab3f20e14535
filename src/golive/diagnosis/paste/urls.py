"""Takes the URLs of a paste apart, placeholders and typing errors included.

It also turns what curl prints instead of an answer (`curl: (6) Could not resolve host`) into fields of `causes.yaml`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from golive.diagnosis.paste.answer import terms
from golive.environment import real_host
from golive.exchanges import failures
from golive.kit.wire import UNREADABLE, split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.curl import PastedRequest
    from golive.diagnosis.paste.parse import PastedFailure


VERSION = re.compile(r"[0-9]{8}")
PLACEHOLDER = re.compile(r"[{<$%:].*|.*[}>]")


def is_token_request(request: PastedRequest) -> bool:
    """Return whether a request asks for a token: by its path, its host or the grant in its form."""
    path = split_url(request.url).path
    host = host_of(request.url)
    return (
        path.rstrip("/").endswith("/token")
        or host.startswith("authorization.")
        or "grant_type" in parse_qs(request.body)
    )


def host_of(url: str) -> str:
    """Return the host that a URL means, empty where it can't be read or is a placeholder."""
    host = real_host(url if "://" in url else f"https://{url}")
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
    return "https://unreadable.invalid/" if split_url(url) is UNREADABLE else url


def is_open(value: str) -> bool:
    """Return whether a value is a placeholder that somebody left to be filled in."""
    return bool(PLACEHOLDER.fullmatch(value))


KINDS = {each.kind: each for each in vars(failures).values() if isinstance(each, failures.Failure)}
HOST = re.compile(r"(?:resolve (?:host|proxy)|connect to|connection to|host name) ?:? '?([\w.-]+)")


def failure_facts(request: PastedRequest | None, failed: PastedFailure) -> dict[str, Any]:
    """Return the kind of a failure by curl's number, and the host; no kind where the number has none."""
    named = HOST.search(failed.words)
    host = named[1] if named else host_of(request.url) if request else ""
    number = {"shape": f"curl: ({failed.number}), which ends without an answer"}
    entry = next((each for each in terms() if each["id"] == f"curl-{failed.number}"), None)
    if entry is None:
        return number
    said = entry.get("said", {})
    kind = next((said[word] for word in said if word in failed.words), entry["failure"])
    failure = KINDS[kind]
    return number | {
        "stage": "names",
        "kind": kind,
        "unreachable": True,
        "happened": failure.happened,
        "next_step": failure.next_step,
        "host": host or None,
    }
