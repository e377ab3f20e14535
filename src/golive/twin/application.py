"""The ASGI application of a twin: the first segment of a path picks the host that answers.

Everything is noted in the list of received requests, unknown hosts included. Each answer says in a header of its own
that a twin gave it: through a tunnel or a proxy, nothing else would.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response

from golive.twin import api_host
from golive.twin.authorization import endpoint as clouds
from golive.twin.authorization import gateway
from golive.twin.bad_days import BadDay
from golive.twin.edits import as_read, as_sent, kinds_of
from golive.twin.http import Ask
from golive.twin.names import API_HOST, PRODUCTION_CLOUD, SANDBOX_CLOUD, SANDBOX_RESOURCE_HOST

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from golive.twin.world import World


Note = Callable[[str, str, int], None]
Answer = Callable[["World", Ask], "Response"]
_A_MOMENT = 0.2  # seconds


@dataclass(frozen=True)
class _Host:
    """One real host: reads the request, waits as long as the twin's latency says, answers."""

    world: World
    name: str
    answer: Answer
    day: BadDay | None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        ask = Ask.of(self.name, request, await request.body())
        if self.world.settings.latency:
            await asyncio.sleep(self.world.settings.latency)
        lingers = self.world.injects_any(
            {
                "one-of-two-messages-at-once-is-lost": "sendMessage" in kinds_of(ask),
                "one-of-two-changes-at-once-is-lost": "updateMessageStatus" in kinds_of(ask),
            }
        )
        self.world.sendings += lingers
        if lingers:
            await asyncio.sleep(_A_MOMENT)
        answer: ASGIApp = (
            await self.day.meet(self.world, ask, self._handle)
            if self.day
            else self._handle(self.world, ask)
        )
        self.world.sendings -= lingers
        await answer(scope, receive, send)

    def _handle(self, world: World, ask: Ask) -> Response:
        path, served_as = f"/{self.name}{ask.path}", world.settings.served_as
        if served_as:
            ask = replace(ask, query=tuple(served_as.read(ask.method, path, ask.query)))
        response = as_sent(world, ask, self.answer(world, as_read(world, ask)))
        if served_as:
            fields = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in response.raw_headers]
            fields, body = served_as(
                ask.method, path, response.status_code, fields, bytes(response.body)
            )
            response = Response(body, response.status_code)
            response.raw_headers = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in fields]
        return response


def application(
    world: World, note: Note, journal: Callable[[Served], None] | None = None
) -> ASGIApp:
    """Return the twin's application.

    ``note`` gets method, path and status of each answer, ``journal`` each request with its answer.
    """
    hosts: dict[str, Answer] = {
        PRODUCTION_CLOUD: clouds.answer,
        SANDBOX_CLOUD: clouds.answer,
        API_HOST: api_host.answer,
        SANDBOX_RESOURCE_HOST: gateway.answer_of_sandbox,
    }
    scenario = world.settings.scenario
    day = BadDay(scenario, world.settings.seed) if scenario else None
    played = {name: _Host(world, name, answer, day) for name, answer in hosts.items()}
    nobody = Starlette()

    async def noted(scope: Scope, receive: Receive, send: Send) -> None:
        async def passing(message: Message) -> None:
            if message["type"] == "http.response.start":
                # The date is the twin's own, so that a clock that is off shows (RFC 9110 §6.6.1).
                date = formatdate(world.now(), usegmt=True).encode("ascii")
                own = [(b"date", date), (b"x-golive-twin", b"1")]
                if message["status"] < 500 and world.injects("answers-lack-date"):
                    own = own[1:]
                message["headers"] = [*message.get("headers", ()), *own]
                note(scope["method"], scope["raw_path"].decode("latin-1"), message["status"])
            await send(message)

        # By the path as it came: decoded, a line feed in it (%0A) would hide the host from a router's pattern,
        # and the request would be answered without having met the gateway.
        first = scope["raw_path"].decode("latin-1").removeprefix("/").split("/", 1)[0]
        await played.get(first, nobody)(scope, receive, passing)

    return journaling(noted, journal) if journal else noted


Fields = list[tuple[bytes, bytes]]


@dataclass
class Served:
    """One request as it came, and what went out: times by the machine's clock, in seconds.

    ``target`` is path and query, undecoded. ``status`` is 0 where no answer began, and ``whole`` says whether
    all of it was sent.
    """

    method: str
    target: str
    headers: Fields
    began: float = field(default_factory=time.time)
    seconds: float = 0.0
    body: bytes = b""
    status: int = 0
    answer_headers: Fields = field(default_factory=list)
    answer: bytes = b""
    whole: bool = False


def journaling(app: ASGIApp, journal: Callable[[Served], None]) -> ASGIApp:
    """Return the application that hands each request with its answer to the journal, whatever becomes of it."""

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        one = Served(scope["method"], target.decode("latin-1"), list(scope["headers"]))
        start = time.monotonic()

        async def receiving() -> Message:
            message = await receive()
            one.body += message.get("body", b"")
            return message

        async def sending(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.start":
                one.status, one.answer_headers = message["status"], list(message["headers"])
            else:
                one.answer += message.get("body", b"")
                one.whole = not message.get("more_body", False)

        try:
            await app(scope, receiving, sending)
        finally:
            one.seconds = time.monotonic() - start
            journal(one)

    return kept
