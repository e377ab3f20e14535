"""Exchanges as an HTTP Archive (HAR 1.2), which browsers' developer tools and Postman open.

With synthetic data, an entry holds everything but secrets; elsewhere safe headers, and of bodies the shape and the
contract's own words. What golive adds is in members named `_golive`, as the format wants it: so that the archive can
be judged again (`golive judge`). The library harfile writes no members of one's own, so this is plain JSON.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from golive import __version__
from golive.exchanges.curl_credentials import SECRET_MEMBER, pair_of
from golive.exchanges.har_packed import Packed, kept_results
from golive.exchanges.kept_token import kept
from golive.exchanges.model import Exchange, exchanges_in
from golive.redaction import MARK, REDACTOR, SECRET_MEMBERS, redact_url
from golive.redaction.rendering import show_name, show_shape, show_word, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from golive.exchanges.headers import Headers
    from golive.exchanges.registry import Key
    from golive.exchanges.schedule import Result

FILE = "exchanges.har"
CREDENTIALS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
ASSERTION = re.compile(rb"(?:^|&)client_assertion=([A-Za-z0-9_.-]+)")
HEADERS = words(
    "accept accept-charset accept-encoding accept-language age allow authorization cache-control connection "
    "content-encoding content-language content-length content-security-policy content-type date etag expires host "
    "if-match if-none-match keep-alive last-modified location opc-request-id origin pragma referrer-policy retry-after "
    "server strict-transport-security transfer-encoding user-agent vary via www-authenticate x-content-type-options "
    "x-frame-options x-request-id cerner-correlation-id expect-ct x-golive-twin access-control-allow-origin "
    "access-control-allow-credentials access-control-allow-headers access-control-allow-methods "
    "access-control-expose-headers access-control-max-age set-cookie cookie"
)
"""Names of headers of the standards, of Oracle's and of golive's: they can identify nobody."""

DATES = frozenset({"date", "expires", "last-modified"})
HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT"
)
"""RFC 9110 §5.6.7."""

SCHEME = re.compile(r"[A-Za-z]+(?= )")
Json = dict[str, Any]


def archive(made: Mapping[Key, Result], about: Json, repeated: Callable[[Exchange], Any]) -> Json:
    """Return the archive of a run's exchanges in the order in which they were sent.

    `about` says what a reader must know of the run; `repeated` names the secrets that an answer repeats.
    """
    known = {one.number: one for one in exchanges_in(made.values())}
    packed = Packed()
    entries = [
        # What is read in a copy is forgotten with it: a thousand long lists would fill the memory.
        packed.fold(entry(one, packed, () if one.response.lacks_body else repeated(one)))
        for one in (replace(known[number]) for number in sorted(known))
    ]
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "golive", "version": __version__},
            "comment": _comment(),
            "entries": entries,
            "_golive": {
                "version": 3,
                **about,
                "packed": packed.as_text(**kept_results(made)),
            },
        }
    }


def _comment() -> str:
    kept_out = (
        "No secret is in it."
        if REDACTOR.shows_data
        else "No secret and no value of a body is in it."
    )
    return (
        f"The exchanges of a run of golive. {kept_out} `golive judge` judges it again. Of an answer's "
        "headers, Content-Type, Content-Length, Date and X-Golive-Twin are shown where they say something else "
        "than mimeType, bodySize, startedDateTime and 1; `golive show` prints all."
    )


def as_text(data: Json) -> str:
    """Return an archive as the text of its file, an entry a line."""
    log = data["log"]
    entries = ",\n".join(json.dumps(one, separators=(",", ":")) for one in log["entries"])
    head = json.dumps({**log, "entries": []}, separators=(",", ":"))
    return '{"log":' + head.replace('"entries":[]', f'"entries":[\n{entries}\n]', 1) + "}\n"


def entry(exchange: Exchange, packed: Packed, repeated: Sequence[str] = ()) -> Json:
    """Return one exchange as an entry, whole and without secrets; what is known of its tokens goes into `packed`."""
    request, response = exchange.request, exchange.response
    milliseconds = round(exchange.seconds * 1000, 1)
    own: Json = {"number": exchange.number, "operation": request.operation}
    scheme, _, credential = (request.headers.get("Authorization") or "").partition(" ")
    if scheme.lower() == "bearer":
        own["presented"] = _named(credential, packed.tokens)
    elif scheme.lower() == "basic":
        own["client"] = REDACTOR.redact(pair_of(credential)[0])
    if request.credential is not None:
        own["own"] = request.headers.get("Authorization") == request.credential
    if not request.operation and (assertion := ASSERTION.search(request.body)):
        own["assertion"] = _named(assertion[1].decode(), packed.tokens)
    if repeated:
        own["repeats"] = list(repeated)
    if exchange.earlier:
        own["earlier"] = [
            {"sentAt": one.sent_at.isoformat(), "happened": one.happened}
            for one in exchange.earlier
        ]
    if response.broken:
        own["broken"] = response.broken
    if response.certificate_ends:
        own["certificateEnds"] = response.certificate_ends.isoformat()
    url = redact_url(request.url)
    sent: Json = {
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _fields(request.headers),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True)
        ],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        sent["postData"] = _posted(exchange)
    content, inside = _content(exchange, packed)
    return {
        "startedDateTime": exchange.sent_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "time": milliseconds,
        "request": sent,
        "response": {
            "status": exchange.status,
            "statusText": "",
            "httpVersion": "HTTP/1.1",
            "cookies": [],
            "headers": _fields(response.headers),
            "content": content,
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": content["size"],
        },
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
        "comment": exchange.name,
        "_golive": own | inside,
    }


def _fields(headers: Headers) -> list[Json]:
    return [{"name": _name(name), "value": _value(name, value)} for name, value in headers]


def _name(name: str) -> str:
    if REDACTOR.shows_data:
        return REDACTOR.redact(name)
    return name if name.lower() in HEADERS else show_name(name)


def _value(name: str, value: str) -> str:
    if name.lower() in CREDENTIALS:
        scheme = SCHEME.match(value) if name.lower().endswith("authorization") else None
        return f"{scheme[0]} {MARK}" if scheme else MARK
    is_date = name.lower() in DATES and HTTP_DATE.fullmatch(value)
    return REDACTOR.redact(value) if REDACTOR.shows_data or is_date else show_word(value)


def _posted(exchange: Exchange) -> Json:
    """Return a request's body; that of a form without its secrets, the wrong ones included."""
    request = exchange.request
    kind = request.headers.get("Content-Type") or ""
    text = request.body.decode("utf-8", "surrogateescape")
    if "application/x-www-form-urlencoded" in kind or not request.operation:
        text = REDACTOR.redact(SECRET_MEMBER.sub(rf"\1{MARK}", text))
    elif REDACTOR.shows_data:
        text = REDACTOR.redact(text)
    else:
        text = show_shape(request.body)
    return {"mimeType": _value("", kind), "text": text}


def _named(token: str, tokens: Json) -> str:
    """Return the name of a token in the archive, and put there what may be known of it."""
    about = kept(token)
    name: str = about["name"]
    tokens[name] = about
    return name


def _content(exchange: Exchange, packed: Packed) -> tuple[Json, Json]:
    """Return an answer's body as the format has it, and what golive keeps of it besides."""
    if exchange.response.lacks_body:
        return {"size": -1, "mimeType": "", "comment": "Not in the recording."}, {"shape": True}
    body = exchange.response.body
    content: Json = {
        "size": len(body),
        "mimeType": _value("", exchange.response.headers.get("Content-Type") or ""),
    }
    if not REDACTOR.shows_data:
        shape = show_shape(body) if body else ""
        content |= {"text": shape, "comment": "The shape of the body; values are left out."}
        return content, {"shape": True} if body else {}
    inside: Json = {}
    if exchange.succeeded and isinstance(found := exchange.json_or_none, dict):
        given = {name: found[name] for name in SECRET_MEMBERS if isinstance(found.get(name), str)}
        if given:
            named = {n: _named(token, packed.tokens) for n, token in given.items() if token}
            inside["tokens"] = named
    text = REDACTOR.redact(body.decode("utf-8", "surrogateescape"))
    for name in inside.get("tokens", ()):
        text = re.sub(rf'("{name}"\s*:\s*)"[^"]*"', rf'\g<1>"{MARK}"', text)
    if not text.isprintable() and any("\ud800" <= sign <= "\udfff" for sign in text):  # not UTF-8
        raw = text.encode("utf-8", "surrogateescape")
        return content | {"text": base64.b64encode(raw).decode(), "encoding": "base64"}, inside
    return content | {"text": text}, inside
