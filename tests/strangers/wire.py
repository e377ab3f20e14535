"""Calls and replies, and what a personality does with a reply on its way out."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .personality import Personality

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Call:
    """A request, with its path cut at the slashes before anything in it is decoded."""

    method: str
    segments: tuple[str, ...]
    query: list[tuple[str, str]]
    headers: Headers
    body: bytes
    url: str

    def header(self, name: str) -> str | None:
        """The only value of a header; the first one if it was sent twice."""
        values = self.header_values(name)
        return values[0] if values else None

    def header_values(self, name: str) -> list[str]:
        """Every value of a header, a line each."""
        return [value for key, value in self.headers if key == name]

    @property
    def media_type(self) -> str:
        """The media type of the body, without its parameters."""
        return (self.header("content-type") or "").partition(";")[0].strip().lower()


@dataclass
class Reply:
    """An answer before it is sent."""

    status: int
    body: bytes = b""
    headers: Headers = field(default_factory=list)

    def with_headers(self, headers: Mapping[str, str]) -> Reply:
        """The same answer with more headers."""
        self.headers.extend(headers.items())
        return self


def json_reply(status: int, value: Any, media_type: str = "application/json") -> Reply:
    """An answer with a JSON body."""
    body = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    return Reply(status, body, [("content-type", media_type)])


def text_reply(status: int, text: str, media_type: str = "text/plain") -> Reply:
    """An answer with words in it."""
    return Reply(status, text.encode(), [("content-type", f"{media_type}; charset=utf-8")])


def call_from_scope(scope: Mapping[str, Any], body: bytes) -> Call:
    """Read the server's picture of a request; the raw path keeps `%2F` inside its segment."""
    raw_path: str = scope["raw_path"].decode("latin-1")
    headers = [(k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in scope["headers"]]
    host = next((value for key, value in headers if key == "host"), "")
    return Call(
        method=scope["method"],
        segments=tuple(unquote(part) for part in raw_path.split("/")[1:]),
        query=parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True),
        headers=headers,
        body=body,
        url=f"{scope['scheme']}://{host}{raw_path}",
    )


def dress(call: Call, reply: Reply, personality: Personality) -> Reply:
    """Give an answer the looks of its server: validators, compression and the case of header names."""
    if personality.weak_etags and reply.status == 200 and call.method in {"GET", "HEAD"}:
        _tag(call, reply)
    if personality.gzip:
        reply.headers.append(("vary", "Accept-Encoding"))
        if reply.body and _takes_gzip(call):
            reply.body = gzip.compress(reply.body, mtime=0)
            reply.headers.append(("content-encoding", "gzip"))
    if personality.edge_cookie:
        reply.headers.append(("set-cookie", personality.edge_cookie))
    if reply.status in {204, 304}:
        reply.body = b""
    elif not personality.chunked:
        reply.headers.append(("content-length", str(len(reply.body))))
    reply.headers = [
        (_cased(name, personality.header_case), value) for name, value in reply.headers
    ]
    if call.method == "HEAD":
        reply.body = b""
    return reply


def _tag(call: Call, reply: Reply) -> None:
    etag = f'W/"{hashlib.sha256(reply.body).hexdigest()[:16]}"'
    reply.headers.append(("etag", etag))
    if call.header("if-none-match") == etag:
        reply.status, reply.body = 304, b""


def _takes_gzip(call: Call) -> bool:
    offers = (call.header("accept-encoding") or "").lower().replace(" ", "").split(",")
    return any(offer.split(";")[0] == "gzip" and not offer.endswith(";q=0") for offer in offers)


def _cased(name: str, case: str) -> str:
    if case == "title":
        return "-".join(part.capitalize() for part in name.split("-"))
    return name.upper() if case == "upper" else name
