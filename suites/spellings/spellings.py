"""How a valid request is written otherwise, and whether it is answered as in the usual spelling.

Every spelling holds at every operation. So one request carries all of them, and a second one the further ones, which
change the same as others do; only where its answer is another than that of the plain request is each asked for alone,
which shows the one that makes the difference.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from golive import Exchange, Expect, Operation, Request, Spelling, Steps, spellings_of
from suites.common.answers import ids_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TOGETHER, PLAIN = "together", "plain"
"""The steps of the request that carries every spelling, and of the one that is meant."""

CHUNKED = "chunked-body"
LENGTH_REQUIRED = 411
"""What a server may answer to a body without Content-Length (RFC 9112 §6.3)."""

CALLERS_ID = "golive_Spelling-01"
"""Each kind of character that the contract allows in a caller's opc-request-id."""

NEVER_GIVEN = '"golive-never-given"'
"""An entity tag that no server has given for anything."""

ODD_RANGE = "golive-lines=0-1"
"""A range whose unit no server knows."""

BLANKS = " \t\r\n"
"""All that may stand around a JSON text (RFC 8259 §2)."""

BEFORE_ALL = "Thu, 01 Jan 1970 00:00:00 GMT"

UNRESERVED = re.compile(r"[-._~]|(?<![^/=&?])[A-Za-z0-9]")
"""Signs that need no encoding, and the first letter or digit of a text (RFC 3986 §2.3)."""


def _lower_case_scheme(request: Request, _: Operation) -> Request:
    scheme, _blank, token = (request.headers.get("Authorization") or "").partition(" ")
    return _with_header(request, "Authorization", f"{scheme.lower()} {token}")


def _two_blanks(request: Request, _: Operation) -> Request:
    scheme, _blank, token = (request.headers.get("Authorization") or "").partition(" ")
    return _with_header(request, "Authorization", f"{scheme}  {token}")


def _any_media_type(request: Request, _: Operation) -> Request:
    return _with_header(request, "Accept", "*/*")


def _callers_id(request: Request, _: Operation) -> Request:
    return _with_header(request, "opc-request-id", CALLERS_ID)


def _lower_case_charset(request: Request, _: Operation) -> Request:
    return _with_header(request, "Accept-Charset", "utf-8")


def _unmatched_etag(request: Request, _: Operation) -> Request:
    return _with_header(request, "If-None-Match", NEVER_GIVEN)


def _unknown_range(request: Request, _: Operation) -> Request:
    return _with_header(request, "Range", ODD_RANGE)


def _other_case(request: Request, _: Operation) -> Request:
    return _with_header(request, "Accept", "Application/JSON")


def _ranked(request: Request, _: Operation) -> Request:
    """Rank what is accepted above another media type."""
    accepted = request.headers.get("Accept") or "application/json"
    return _with_header(request, "Accept", f"text/html;q=0.1, {accepted};q=0.9")


def _early_date(request: Request, _: Operation) -> Request:
    return _with_header(request, "If-Modified-Since", BEFORE_ALL)


def _encoded(request: Request, operation: Operation) -> Request:
    """Encode characters that need no encoding: in the id that ends the path, else in the query's first value."""
    parts = urlsplit(request.url)
    if operation.path.endswith("}"):
        above, _slash, last = parts.path.rpartition("/")
        return replace(request, url=urlunsplit(parts._replace(path=f"{above}/{_spelled(last)}")))
    name, _equals, rest = parts.query.partition("=")
    value, mark, others = rest.partition("&")
    query = f"{name}={_spelled(value)}{mark}{others}"
    return replace(request, url=urlunsplit(parts._replace(query=query)))


def _spelled(text: str) -> str:
    return UNRESERVED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _charset(request: Request, _: Operation) -> Request:
    return _with_header(request, "Content-Type", "application/json; charset=utf-8")


def _layout(request: Request, _: Operation) -> Request:
    document: dict[str, Any] = json.loads(request.body)
    turned = dict(reversed(document.items()))
    return replace(request, body=f"{BLANKS}{json.dumps(turned, indent=1)}{BLANKS}".encode())


def _chunked(request: Request, _: Operation) -> Request:
    return _with_header(request, "Transfer-Encoding", "chunked")


def _with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=request.headers.with_(name, value))


CHANGES: dict[str, Callable[[Request, Operation], Request]] = {
    "scheme-in-lower-case": _lower_case_scheme,
    "blanks-behind-the-scheme": _two_blanks,
    "any-media-type": _any_media_type,
    "callers-request-id": _callers_id,
    "charset-in-lower-case": _lower_case_charset,
    "unmatched-etag": _unmatched_etag,
    "unknown-range-unit": _unknown_range,
    "encoded-characters": _encoded,
    "charset-parameter": _charset,
    "json-in-another-layout": _layout,
    CHUNKED: _chunked,
    "media-type-in-another-case": _other_case,
    "ranked-media-types": _ranked,
    "early-modification-date": _early_date,
}
"""How each row of `golive.contract.spellings` is written."""


def asked_otherwise(
    plain: Exchange,
    operation: Operation,
    make: Callable[[], Request],
    send: Callable[[Request, str], Exchange],
    *,
    further: bool = False,
) -> Steps:
    """Ask what the plain request asked in every spelling at once; where that has another answer, in each alone.

    The spellings are those of one request, or the `further` ones.
    `make` gives a valid request, a new one each time. Steps `plain`, `together`, and each by its name.
    """
    known = list(spellings_of(operation, further=further))
    steps = Steps(plain=plain)
    called = f"{operation.name} respelled{' further' if further else ''}"
    steps[TOGETHER] = send(_written(make(), operation, known), called)
    if differs(steps[TOGETHER], plain):
        for one in known:
            made = _written(make(), operation, [one])
            steps[one.name] = send(made, f"{called}: {one.name}")
    return steps


def _written(request: Request, operation: Operation, spellings: Iterable[Spelling]) -> Request:
    for one in spellings:
        request = CHANGES[one.name](request, operation)
    return request


def differs(exchange: Exchange, plain: Exchange) -> bool:
    """Return whether an answer is another than that to the plain request."""
    it = Expect(exchange)
    answers_as(it, plain)
    return bool(it.findings)


def answers_as(it: Expect, plain: Exchange) -> None:
    """The answer is a success like that to the plain request: JSON where that is, and about the same things.

    Of two lists one item must be in both: with time, single items may come and go.
    """
    it.that(
        it.exchange.succeeded, "status", "2xx, as in the usual spelling", f"{it.exchange.status}"
    )
    if not it.exchange.succeeded or plain.json_or_none is None:
        return
    it.media_type()
    it.json()
    wanted, found = (set(ids_in(one.json_or_none)) for one in (plain, it.exchange))
    same = not wanted or bool(wanted & found) or it.exchange.request.operation == "sendMessage"
    it.that(same, "relation:same-answer", "what the usual spelling is answered with", "other ids")
