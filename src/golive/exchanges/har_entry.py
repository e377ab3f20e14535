"""An entry of an HTTP Archive, read as an exchange: golive's own, or one that a browser, Postman or a proxy wrote.

What an entry does not hold is not guessed: a body that was left out stops whatever reads it.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from golive.contract.outcomes import NotRecordedError
from golive.exchanges.har_others import pairs_of, status_of, unwrapped
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import REBUILT
from golive.exchanges.kept_token import rebuilt
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.wire import split_url
from golive.redaction import MARK, SECRET_MEMBERS

if TYPE_CHECKING:
    from golive.contract.document import Contract

Json = dict[str, Any]
BODYLESS = frozenset({204, 205, 304})


class WithoutBody(Response):
    """A response whose body the recording lacks; whatever reads it could not tell."""

    lacks_body = True

    @property
    def body(self) -> bytes:
        """Raise NotRecordedError."""
        raise NotRecordedError("the body of the answer")

    @body.setter
    def body(self, _: bytes) -> None:
        """Take what the dataclass sets, which is nothing."""


class NotAnEntryError(ValueError):
    """An entry lacks what the format demands; the message names the member."""


def exchange_of(entry: Json, number: int, contract: Contract, tokens: Json) -> Exchange | None:
    """Return an entry as an exchange, None where no answer came; raises NotAnEntryError.

    `tokens` is what golive's own archive says of them, by the names that its entries use.
    """
    asked, answered = _member(entry, "request", dict), _member(entry, "response", dict)
    own = object_in(entry, "_golive")
    method = _member(asked, "method", str, "request.").upper()
    url = _member(asked, "url", str, "request.")
    status = status_of(answered.get("status"))
    if not isinstance(status, int) or isinstance(status, bool):
        raise NotAnEntryError("response.status must be a whole number")
    if status == 0 and not own:
        return None
    if not split_url(url).hostname:
        raise NotAnEntryError("request.url must be a whole URL")
    operation = contract.operation_of(method, url)
    name = own.get("operation", operation.operation_id if operation else "")
    headers = _headers(asked, "request.")
    scheme = (headers.get("Authorization") or "").partition(" ")[0]
    if presented := own.get("presented"):
        headers = headers.with_("Authorization", f"{scheme} {_rebuilt(presented, tokens)}")
    elif isinstance(client := own.get("client"), str):
        pair = f"{quote_plus(client)}:{REBUILT}".encode()
        headers = headers.with_("Authorization", f"{scheme} {base64.b64encode(pair).decode()}")
    body = _posted(asked)
    if assertion := own.get("assertion"):
        body = _with_token(body, b"(client_assertion=)%b", _rebuilt(assertion, tokens).encode())
    credential = None
    if "own" in own:
        credential = headers.get("Authorization") or "" if own["own"] else ""
    operation_id = name if isinstance(name, str) else ""
    request = Request(method, url, headers, body, operation_id, credential)
    repeats = own.get("repeats", ()) if own else None
    places = contract.mapping.places(request.operation) if request.operation else None
    return Exchange(
        name=str((own and entry.get("comment")) or f"entry {number}"),
        request=request,
        response=_response(answered, own, status, tokens),
        sent_at=_moment(entry),
        seconds=max(0.0, _number(entry.get("time"))) / 1000,
        number=int(_number(own.get("number"))) or number,
        repeats=None if repeats is None else tuple(map(str, repeats)),
        places=places,
    )


def _member(node: Json, name: str, kind: type, above: str = "") -> Any:
    value = node.get(name)
    if not isinstance(value, kind) or isinstance(value, bool):
        words = {dict: "an object", str: "text", int: "a whole number"}[kind]
        raise NotAnEntryError(f"{above}{name} must be {words}")
    return value


def object_in(node: Json, name: str) -> Json:
    """Return a member that is an object, {} where it is absent or something else."""
    value = node.get(name)
    return value if isinstance(value, dict) else {}


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value == value else 0.0


def _moment(entry: Json) -> datetime:
    text = _member(entry, "startedDateTime", str)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise NotAnEntryError("startedDateTime must be a time (ISO 8601)") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _headers(node: Json, above: str) -> Headers:
    """Return the header fields; what HTTP/2 has in place of a request line is none."""
    pairs = pairs_of(node.get("headers"))
    if pairs is None:
        raise NotAnEntryError(f"{above}headers must be a list")
    return Headers.of([(name, value) for name, value in pairs if not name.startswith(":")])


def _posted(asked: Json) -> bytes:
    posted = asked.get("postData")
    if not isinstance(posted, dict):
        return b""
    text = posted.get("text")
    if isinstance(text, str) and text:
        return text.encode("utf-8", "surrogateescape" if text.isascii() else "surrogatepass")
    pairs = posted.get("params")
    named = [one for one in pairs if isinstance(one, dict)] if isinstance(pairs, list) else []
    return urlencode([(str(p.get("name", "")), str(p.get("value", ""))) for p in named]).encode()


def _response(answered: Json, own: Json, status: int, known: Json) -> Response:
    headers = _headers(answered, "response.")
    ends, broken = own.get("certificateEnds"), own.get("broken")
    ended = datetime.fromisoformat(ends) if isinstance(ends, str) else None
    rest = (broken if isinstance(broken, str) else None, ended)
    body = body_of(answered, own)
    if body is None:
        return WithoutBody(status, headers, b"", *rest)
    body = body if own else unwrapped(body, list(headers))
    for name, about in object_in(own, "tokens").items():
        if name in SECRET_MEMBERS:
            member = rb'("%b"\s*:\s*)"%%b"' % name.encode()
            body = _with_token(body, member, json.dumps(_rebuilt(about, known)).encode())
    return Response(status, headers, body, *rest)


def _with_token(body: bytes, pattern: bytes, token: bytes) -> bytes:
    """Return a body with a token in place of the mark; the pattern has a group before it, and `%b` for it."""
    return re.sub(pattern % re.escape(MARK).encode(), lambda found: found[1] + token, body)


def body_of(answered: Json, own: Json) -> bytes | None:
    """Return the body of an answer, None where the archive does not have it; raises NotAnEntryError."""
    content = object_in(answered, "content")
    text = content.get("text")
    if own.get("shape"):
        return None
    try:
        if isinstance(text, str) and content.get("encoding") == "base64":
            return base64.b64decode(text)
    except (binascii.Error, ValueError):
        raise NotAnEntryError("the body of response.content can't be decoded") from None
    if isinstance(text, str) and (text or content.get("size") in (0, None) or own):
        return text.encode("utf-8", "surrogatepass")
    nothing = content.get("size") == 0 or answered.get("status") in BODYLESS
    return b"" if nothing or own else None


def _rebuilt(name: object, tokens: Json) -> str:
    try:
        return rebuilt(tokens[name])  # type: ignore[index]
    except (ValueError, TypeError, LookupError, AttributeError):
        raise NotAnEntryError("_golive must describe the token as golive does") from None
