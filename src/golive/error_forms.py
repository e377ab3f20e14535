"""The parameters of a request, wherever they stand: in the form of a token request, else in the query."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from golive.token import FORM

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.exchange import Request


def pairs_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters in their order."""
    if request.headers.get("Content-Type") == FORM:
        return parse_qsl(request.body.decode(), keep_blank_values=True)
    return list(request.query)


def with_pairs(request: Request, pairs: list[tuple[str, str]]) -> Request:
    """Return the request with these parameters in place of its own."""
    if request.headers.get("Content-Type") == FORM:
        return replace(request, body=urlencode(pairs).encode())
    query = urlencode(pairs, safe=":")
    return replace(request, url=urlunsplit(urlsplit(request.url)._replace(query=query)))


def set_pairs(request: Request, change: Mapping[str, object]) -> Request:
    """Return the request with these parameters set, each once or, for a list, once for each value."""
    pairs = [(name, value) for name, value in pairs_of(request) if name not in change]
    for name, value in change.items():
        pairs += [(name, _word(one)) for one in (value if isinstance(value, list) else [value])]
    return with_pairs(request, pairs)


def _word(value: object) -> str:
    """Write a parameter's value; YAML's true is the word true."""
    return str(value).lower() if isinstance(value, bool) else str(value)
