"""What the steps of a scenario do to the twin's state, to its answers, and to the connection they go out on.

Each step counts the requests that it is for. Chance and words come from the twin's seed, so the same requests in the
same order meet the same day.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from golive.twin import names
from golive.twin.api_host import operation_name
from golive.twin.authorization.endpoint import is_token_request
from golive.twin.http import Ask, accepts_gzip, html_answer, json_answer
from golive.twin.population import more_messages

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send
    from starlette.types import Message as Event

    from golive.twin.scenarios import CannedAnswer, Scenario, Step, Then
    from golive.twin.world import World

Handle = Callable[["World", Ask], Response]

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


@dataclass
class BadDay:
    """How far a scenario has come on one twin."""

    scenario: Scenario
    seed: int
    _met: Counter[int] = field(default_factory=Counter)
    _began: dict[int, float] = field(default_factory=dict)

    def due(self, ask: Ask) -> list[Then]:
        """Count a request, and return what becomes of it."""
        kinds = _kinds(ask)
        return [
            step.then
            for number, step in enumerate(self.scenario.steps)
            if kinds & step.on and self._is_due(number, step)
        ]

    async def meet(self, world: World, ask: Ask, handle: Handle) -> ASGIApp:
        """Let happen to a request what is due; return what sends the answer, if there is one.

        `handle` gives the service's own answer.
        """
        due = self.due(ask)
        resets = {then.reset for then in due}
        if "before" in resets:
            return _no_answer
        for then in due:
            _prepare(world, ask, then)
        response = _response(world, ask, due, handle)
        await asyncio.sleep(sum(then.wait for then in due))
        if "after" in resets:
            return _no_answer
        for then in due:
            response = _dressed(world, ask, then, response)
        return _CutShort(response) if "within" in resets else response

    def _is_due(self, number: int, step: Step) -> bool:
        self._met[number] += 1
        place = self._met[number] - step.after
        if place < 1 or (step.times is not None and place > step.times):
            return False
        now = time.monotonic()
        began = self._began.setdefault(number, now)
        if step.seconds is not None and now - began > step.seconds:
            return False
        chance = random.Random(f"{self.seed} {number} {place}")  # noqa: S311  (reproducible)
        return chance.random() < step.chance


def _kinds(ask: Ask) -> set[str]:
    """Return the words by which a step can mean this request."""
    if ask.host == names.API_HOST:
        return {"any", "api", operation_name(ask) or "any"}
    if is_token_request(ask):
        return {"any", "token"}
    return {"any", "keys"} if ask.segments == ("jwk",) else {"any"}


def _prepare(world: World, ask: Ask, then: Then) -> None:
    """Let happen what happens before the request is handled."""
    if then.expire_tokens:
        world.expire_tokens()
    if then.rotate_keys:
        for ring in world.keys.values():
            ring.rotate()
    if then.unknown_key:
        world.refuses_next_token = True
    if then.change_messages:
        _change_messages(world, ask)
    if then.add_messages:
        more_messages(world.store, then.add_messages, now=world.now(), seed=world.settings.seed)


def _change_messages(world: World, ask: Ask) -> None:
    """Raise the versions of the messages that the request names in its path or its body."""
    for message_id in re.findall(
        r"\d+(?:\.[0-9a-z]+)+", f"{ask.path} {ask.body.decode('utf-8', 'replace')}"
    ):
        message = world.store.find(ask.segments[0], message_id)
        if message is not None:
            message.version += 1
            message.recipient_version += 1


def _response(world: World, ask: Ask, due: list[Then], handle: Handle) -> Response:
    canned = next((then.answer for then in due if then.answer), None)
    if canned is None:
        return handle(world, ask)
    if canned.handled:
        handle(world, ask)
    return _canned(world, canned)


def _canned(world: World, canned: CannedAnswer) -> Response:
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
    return response


def _dressed(world: World, ask: Ask, then: Then, response: Response) -> Response:
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
class _CutShort:
    """Half of an answer, after which the connection is reset."""

    response: Response

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def half(event: Event) -> None:
            if event["type"] == "http.response.body":
                body = event.get("body", b"")
                event = {**event, "body": body[: len(body) // 2], "more_body": True}
            await send(event)

        await self.response(scope, receive, half)
        await asyncio.sleep(_PAUSE)
        await _no_answer(scope, receive, send)


async def _no_answer(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """Reset the connection of a request: a TCP segment with RST, in place of the end of the stream."""
    transport: asyncio.Transport = scope[CONNECTION]
    linger = struct.pack("ii", 1, 0)  # what is not yet sent is dropped on closing
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await asyncio.sleep(_PAUSE)
