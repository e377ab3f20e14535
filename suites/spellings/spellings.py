"""Other spellings of a valid request, to which a standard or the documents give the same meaning: one row each.

Every row holds at every operation. So one request carries all of them; only where its answer is another than that of
the plain request is each asked for alone, which shows the one that makes the difference.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from golive import Exchange, Expect, Operation, Request, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TOGETHER, PLAIN = "together", "plain"
"""The steps of the request that carries every spelling, and of the one that is meant."""

CALLERS_ID = "golive_Spelling-01"
"""Each kind of character that the contract allows in a caller's opc-request-id."""

UNRESERVED = re.compile(r"[-._~]|(?<![^/=&?])[A-Za-z0-9]")
"""Signs that need no encoding, and the first letter or digit of a text (RFC 3986 §2.3)."""

ON_LISTS_INFERRED = frozenset({"listInboxItems", "listSentItems", "listCodeValues"})
"""Operations whose page has no list of headers in any text at hand (contract-facts §1)."""


@dataclass(frozen=True)
class Spelling:
    """One row: `words` is what the request has; `change` writes it so, or returns None where it has no such part."""

    name: str
    words: str
    change: Callable[[Request, Operation], Request | None]
    basis: str
    source: str

    def basis_at(self, operation: Operation) -> str:
        """Return how it is known of this operation."""
        guessed = self.name == "callers-request-id" and operation.operation_id in ON_LISTS_INFERRED
        return "inferred" if guessed else self.basis


def _lower_case_scheme(request: Request, _: Operation) -> Request:
    scheme, _blank, token = (request.headers.get("Authorization") or "").partition(" ")
    return _with_header(request, "Authorization", f"{scheme.lower()} {token}")


def _any_media_type(request: Request, _: Operation) -> Request:
    return _with_header(request, "Accept", "*/*")


def _callers_id(request: Request, _: Operation) -> Request:
    return _with_header(request, "opc-request-id", CALLERS_ID)


def _encoded(request: Request, operation: Operation) -> Request | None:
    """Encode characters that need no encoding: in the id that ends the path, else in the query's first value."""
    parts = urlsplit(request.url)
    if operation.path.endswith("}"):
        above, _slash, last = parts.path.rpartition("/")
        return replace(request, url=urlunsplit(parts._replace(path=f"{above}/{_spelled(last)}")))
    name, equals, rest = parts.query.partition("=")
    if not equals:
        return None
    value, mark, others = rest.partition("&")
    query = f"{name}={_spelled(value)}{mark}{others}"
    return replace(request, url=urlunsplit(parts._replace(query=query)))


def _spelled(text: str) -> str:
    return UNRESERVED.sub(lambda found: f"%{ord(found[0]):02X}", text)


def _charset(request: Request, _: Operation) -> Request | None:
    if not request.body:
        return None
    return _with_header(request, "Content-Type", "application/json; charset=utf-8")


def _layout(request: Request, _: Operation) -> Request | None:
    if not request.body:
        return None
    document: dict[str, Any] = json.loads(request.body)
    turned = dict(reversed(document.items()))
    return replace(request, body=json.dumps(turned, indent=1).encode())


def _with_header(request: Request, name: str, value: str) -> Request:
    return replace(request, headers=request.headers.with_(name, value))


SPELLINGS = (
    Spelling(
        "scheme-in-lower-case",
        "the scheme bearer in lower case",
        _lower_case_scheme,
        "standard",
        "RFC 9110 §11.1",
    ),
    Spelling(
        "any-media-type",
        "Accept: */*, which gets the one media type there is",
        _any_media_type,
        "documented",
        "contract-facts §1; RFC 9110 §12.5.1",
    ),
    Spelling(
        "callers-request-id",
        "the caller's own opc-request-id of letters, digits, underscore and hyphen",
        _callers_id,
        "documented",
        "contract-facts §1; mcfap/intro.html",
    ),
    Spelling(
        "encoded-characters",
        "a percent-encoded character that needs no encoding",
        _encoded,
        "standard",
        "RFC 3986 §2.3, §6.2.2.2",
    ),
    Spelling(
        "charset-parameter",
        "the parameter charset beside application/json",
        _charset,
        "standard",
        "RFC 8259 §11",
    ),
    Spelling(
        "json-in-another-layout",
        "the members of its body in another order and on lines of their own",
        _layout,
        "standard",
        "RFC 8259 §2, §4",
    ),
)
"""The rows; those of a body come last."""


def spellings_of(operation: Operation) -> Iterator[Spelling]:
    """Yield the rows that an operation can have: an id or a query to encode, a body to write otherwise."""
    has_query = any(one["in"] == "query" and one.get("required") for one in operation.parameters)
    for spelling in SPELLINGS:
        if spelling.change in (_charset, _layout) and operation.body is None:
            continue
        if spelling.change is _encoded and not (operation.path.endswith("}") or has_query):
            continue
        yield spelling


def asked_otherwise(
    plain: Exchange,
    operation: Operation,
    make: Callable[[], Request],
    send: Callable[[Request, str], Exchange],
) -> Steps:
    """Ask what the plain request asked in every spelling at once; where that has another answer, in each alone.

    `make` gives a valid request, a new one each time. Steps `plain`, `together`, and each by its name.
    """
    known = list(spellings_of(operation))
    steps = Steps(plain=plain)
    steps[TOGETHER] = send(_written(make(), operation, known), f"{operation.name} respelled")
    if differs(steps[TOGETHER], plain):
        for one in known:
            made = _written(make(), operation, [one])
            steps[one.name] = send(made, f"{operation.name} respelled: {one.name}")
    return steps


def _written(request: Request, operation: Operation, spellings: Iterable[Spelling]) -> Request:
    for one in spellings:
        request = one.change(request, operation) or request
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
    wanted, found = _ids(plain), _ids(it.exchange)
    same = not wanted or bool(wanted & found) or it.exchange.request.operation == "sendMessage"
    it.that(same, "relation:same-answer", "what the usual spelling is answered with", "other ids")


def _ids(exchange: Exchange) -> set[str]:
    body = exchange.json_or_none
    listed = body.get("items") if isinstance(body, dict) else None
    found = listed if isinstance(listed, list) else [body]
    return {str(one["id"]) for one in found if isinstance(one, dict) and "id" in one}
