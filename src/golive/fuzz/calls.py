"""A generated request as data: an operation and what is unusual about it.

A call says nothing of tokens, versions or ids that only a running deployment knows: those are filled in when
it is sent. So the same call can be drawn again from the same seed, compared, remembered and shrunk.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlencode

from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.kit.pointers import steps_of, value_at, with_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.contract.operations import Operation
    from golive.transport.plain import Plain

Place = Literal["query", "path", "header", "body", "token"]


@dataclass(frozen=True)
class Shift:
    """In place of a value: the number that the plain request has there, plus this."""

    by: float


@dataclass(frozen=True)
class AsText:
    """In place of a value: the number that the plain request has there, written as a string."""


@dataclass(frozen=True)
class Repeat:
    """In place of a value: the array that the plain request has there, this many times over."""

    times: int


@dataclass(frozen=True)
class Raw:
    """In place of a whole body: these bytes, JSON or not."""

    content: bytes


@dataclass(frozen=True)
class Change:
    """One thing that differs from the plain request.

    `name` is a parameter's name, a header's, or the JSON pointer of a body's member. A `value` in the query
    is a tuple of texts, one for each time that the key is given; in the header and the path it is one
    text (`+NAME` in the path puts it behind the known id); in a body any JSON value or one of the stand-ins
    above. `token` takes the credential away.
    """

    place: Place
    name: str
    value: Any = None


@dataclass(frozen=True, repr=False)
class Call:
    """An operation, by its operationId, and all that is unusual about one request for it."""

    operation: str
    changes: tuple[Change, ...] = ()

    def __repr__(self) -> str:
        return f"<call {self.operation}: {self.part}>"  # values can be very long

    @property
    def key(self) -> str:
        """What distinguishes this call from every other one."""
        return f"{self.operation} {self.changes!r}"

    @property
    def part(self) -> str:
        """The parts of the request that are unusual, in words."""
        names = dict.fromkeys(f"{change.place} {change.name}".strip() for change in self.changes)
        return ", ".join(names) or "nothing unusual"


def request_of(
    call: Call, plain: Plain, operation: Operation, base_url: str, headers: Mapping[str, str]
) -> Request:
    """Return the request of a call, which is changed from the plain one; `headers` are that one's, credential included.

    Raises UnicodeError where a text can't be written as UTF-8.
    """
    query, path, sent = list(plain.query.items()), dict(plain.path), dict(headers)
    body: Any = json.loads(json.dumps(plain.body))
    for change in call.changes:
        match change.place:
            case "query":
                query = [pair for pair in query if pair[0] != change.name]
                query += [(change.name, value) for value in change.value]
            case "path" if change.name.startswith("+"):
                path[change.name[1:]] += change.value
            case "path":
                path[change.name] = change.value
            case "header":
                sent[change.name] = change.value
            case "token":
                sent.pop("Authorization", None)
            case "body":
                body = _changed(body, change.name, change.value)
    url = base_url + operation.path
    for name, value in path.items():
        url = url.replace(f"{{{name}}}", quote(value, safe=""))
    if query:
        url += "?" + urlencode(query, safe=":", quote_via=quote)
    return Request(operation.method, url, Headers.of(sent), _content(body))


def _content(body: Any) -> bytes:
    if isinstance(body, Raw):
        return body.content
    return b"" if body is None else json.dumps(body).encode()


def _changed(body: Any, pointer: str, value: Any) -> Any:
    """Return the body with another value at a JSON pointer whose parents exist."""
    if not pointer or isinstance(body, Raw):
        return value
    *parents, last = steps_of(pointer)
    try:
        parent = value_at(body, parents)
        old = parent.get(last) if isinstance(parent, dict) else value_at(parent, [last])
        return with_value(body, [*parents, last], _filled(old, value))
    except LookupError:
        return body  # an earlier change has put something else there


def _filled(old: Any, value: Any) -> Any:
    match value:
        case Shift(by=by):
            return old + by if isinstance(old, int) else by
        case AsText():
            return str(old)
        case Repeat(times=times):
            return old * times if isinstance(old, list) else [old] * times
    return value
