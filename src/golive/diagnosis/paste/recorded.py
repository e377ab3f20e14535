"""Reads an exchange of a structured log by the names that its members have, nested or with dots.

The names are data (`members` of phrases.yaml), so every logger that keeps to one of the conventions is read in one way.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.exported import pairs_of
from golive.diagnosis.paste.phrases import knowledge
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest
from golive.exchanges.har_others import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.diagnosis.paste.pieces import Segment

DEEPEST = 5
METHOD = re.compile(r"GET|HEAD|POST|PUT|PATCH|DELETE", re.IGNORECASE)


def recorded(value: dict[str, Any]) -> list[Segment]:
    """Return the request, the answer, or both, that an entry of a log records; none where it records neither."""
    flat = dict(_flat(value, "", 0))
    got: dict[str, Any] = {
        part: next((flat[name] for name in names if flat.get(name) not in (None, "")), None)
        for part, names in knowledge()["members"].items()
    }
    url, method, status = _url(got), got["method"], status_of(got["status"])
    found: list[Segment] = []
    if url and isinstance(method, str) and METHOD.fullmatch(method):
        headers = pairs_of(got["request_headers"])
        found.append(PastedRequest(method.upper(), url, headers, _text(got["request_body"])))
    named = any("." in name and name in flat for name in knowledge()["members"]["status"])
    if type(status) is int and 100 <= status < 600 and (found or named):
        headers = pairs_of(got["response_headers"])
        found.append(PastedAnswer(status, headers, _text(got["response_body"])))
    return found


def _flat(value: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, Any]]:
    for name, each in value.items():
        path = f"{before}{name}"
        yield path, each
        if isinstance(each, dict) and depth < DEEPEST:
            yield from _flat(each, f"{path}.", depth + 1)


def _url(got: dict[str, Any]) -> str:
    whole, host, path = got["url"], got["host"], got["path"]
    if isinstance(whole, str) and "://" in whole:
        return whole
    if not isinstance(host, str) or not isinstance(path, str) or not path.startswith("/"):
        return ""
    query = f"?{got['query'].lstrip('?')}" if isinstance(got["query"], str) else ""
    return f"https://{host}{path}{query}"


def _text(body: object) -> str:
    return body if isinstance(body, str) else json.dumps(body) if body else ""
