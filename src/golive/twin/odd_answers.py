"""Answers as a bad day has them: from something in front of the service, changed, in pieces, or cut off.

Chance and words come from the twin's seed, so that the same answer is changed in the same way each time.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import socket
import struct
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from golive.twin.http import Ask, accepts_gzip, html_answer, json_answer

if TYPE_CHECKING:
    from starlette.types import Message as Event
    from starlette.types import Receive, Scope, Send

    from golive.twin.scenarios import CannedAnswer, Then
    from golive.twin.world import World

CONNECTION = "golive.connection"
"""The key of a request's scope under which the server puts the transport of its connection."""


_PAUSE = 0.05  # seconds in which the half of an answer leaves before the connection is reset
_WORDS = {
    "status": "ARCHIVED",
    "notificationType": "TASK",
    "type": "SERVICE",
    "value": "URGENT",
}
_ENUMERATED = re.compile("[A-Z]+")


def canned_answer(world: World, canned: CannedAnswer) -> Response:
    """Return an answer that the service has not given."""
    text = "This page does not come from the service."
    if canned.body == "html":
        response = html_answer(canned.status, "Please wait", text)
    elif canned.body == "json":
        response = json_answer(canned.status, {"code": canned.status, "message": text})
    else:
        response = Response(status_code=canned.status)
    if canned.retry_after is not None:
        until = formatdate(world.now() + canned.retry_after + 1, usegmt=True)
        as_date = canned.retry_after_as == "date"
        response.headers["Retry-After"] = until if as_date else str(canned.retry_after)
    if canned.location is not None:
        response.headers["Location"] = world.address + canned.location
    return response


def dressed(world: World, ask: Ask, then: Then, response: Response) -> Response:
    """Return an answer as this day has it."""
    body, fields = bytes(response.body), list(response.raw_headers)
    if body and response.headers.get("content-type") == "application/json":
        document = json.loads(body)
        if then.unknown_members:
            document = _with_members(document)
        if then.unknown_words and response.status_code < 300:
            document = _with_words(document, world.settings.seed)
        body = json.dumps(document, ensure_ascii=False).encode()
    if then.gzip and body and accepts_gzip(ask.headers.getlist("accept-encoding")):
        body = gzip.compress(body, mtime=0)
        fields += [(b"content-encoding", b"gzip"), (b"vary", b"Accept-Encoding")]
    kind = _Chunked if then.chunks and body else type(response)
    if body:
        fields = [(name, value) for name, value in fields if name != b"content-length"]
        length = [] if kind is _Chunked else [(b"content-length", str(len(body)).encode())]
        fields = [*fields, *length]
    if then.header_names:
        fields = [(_capitals(name, then.header_names), value) for name, value in fields]
    changed = kind(body, response.status_code, media_type=response.media_type)
    changed.raw_headers = fields
    if isinstance(changed, _Chunked):
        changed.count = then.chunks
    return changed


def _with_members(node: Any) -> Any:
    if isinstance(node, dict):
        return {**{k: _with_members(v) for k, v in node.items()}, "addedLater": {"since": "2027"}}
    return [_with_members(one) for one in node] if isinstance(node, list) else node


def _with_words(node: Any, seed: int, owner: str = "") -> Any:
    """Return a document in which about a third of the words of enumerations are unknown ones."""
    if isinstance(node, list):
        return [_with_words(one, seed, owner) for one in node]
    if not isinstance(node, dict):
        return node
    owner = str(node.get("id", owner))
    changed = {}
    for name, value in node.items():
        changed[name] = _with_words(value, seed, owner)
        if name in _WORDS and isinstance(value, str) and _ENUMERATED.fullmatch(value):
            chance = random.Random(f"{seed} {owner} {name}")  # noqa: S311  (reproducible)
            changed[name] = _WORDS[name] if chance.random() < 1 / 3 else value
    return changed


def _capitals(name: bytes, form: str) -> bytes:
    if form == "upper":
        return name.upper()
    return bytes(c ^ 32 if i % 2 and chr(c).isalpha() else c for i, c in enumerate(name))


class _Chunked(Response):
    """An answer without Content-Length, whose body comes in ``count`` pieces."""

    count = 1

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the header, then piece after piece."""
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        body = bytes(self.body)
        size = -(-len(body) // self.count)
        for place in range(0, len(body), size):
            piece = body[place : place + size]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


@dataclass(frozen=True)
class CutShort:
    """Half of an answer, after which the connection is reset."""

    response: Response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what stands before the middle of the body, then reset."""

        async def half(event: Event) -> None:
            if event["type"] == "http.response.body":
                body = event.get("body", b"")
                event = {**event, "body": body[: len(body) // 2], "more_body": True}
            await send(event)

        await self.response(scope, receive, half)
        await asyncio.sleep(_PAUSE)
        await no_answer(scope, receive, send)


async def no_answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Reset the connection of a request: a TCP segment with RST, in place of the end of the stream."""
    transport: asyncio.Transport = scope[CONNECTION]
    linger = struct.pack("ii", 1, 0)  # what is not yet sent is dropped on closing
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await asyncio.sleep(_PAUSE)
