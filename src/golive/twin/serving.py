"""The ASGI application, and one uvicorn server in one daemon thread for it.

The first segment of a path picks the host that answers. Everything is noted in the list of received requests, unknown
hosts included. Each answer says in a header of its own that a twin gave it: through a tunnel or a proxy, nothing else
would.

The server starts when it really accepts, and ends without a trace.

uvicorn looks ten times a second whether it should go on. A twin is started and stopped hundreds of
times by golive's own tests, so this server waits for an event instead.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from golive.twin import api_host
from golive.twin.authorization import endpoint as clouds
from golive.twin.authorization import sandbox_host
from golive.twin.bad_days import BadDay
from golive.twin.edits import as_read, as_sent, kinds_of
from golive.twin.http import Ask
from golive.twin.names import API_HOST, PRODUCTION_CLOUD, SANDBOX_CLOUD, SANDBOX_RESOURCE_HOST
from golive.twin.odd_answers import CONNECTION

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from golive.twin.world import World

THREAD = "golive-twin"
"""The name of the thread that serves a twin."""

Note = Callable[[str, str, int], None]
Answer = Callable[["World", Ask], "Response"]
Fields = list[tuple[bytes, bytes]]

_SILENT = 100  # above every level of the logging module
_A_MOMENT = 0.2  # seconds
_HEADER_REFRESH = 1.0  # seconds between two looks at the clock for the Date header


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
        defect = "one-of-two-messages-at-once-is-lost"
        lingers = self.world.injects(defect) and "sendMessage" in kinds_of(ask)
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
        SANDBOX_RESOURCE_HOST: sandbox_host.answer,
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


class _Protocol(H11Protocol):
    """A connection that its requests can get at, to reset it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        app = self.app

        async def connected(scope: Scope, receive: Receive, send: Send) -> None:
            scope[CONNECTION] = transport
            await app(scope, receive, send)

        self.app = connected


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, ready: threading.Event) -> None:
        super().__init__(config)
        self._ready = ready
        self._loop: asyncio.AbstractEventLoop  # known once the main loop runs
        self._leave = asyncio.Event()

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        while not await self.on_tick(0):
            try:
                await asyncio.wait_for(self._leave.wait(), _HEADER_REFRESH)
            except TimeoutError:
                continue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # As uvicorn does it, without its fixed tenth of a second before it looks who is left.
        for server in self.servers:
            server.close()
        for one in sockets or []:
            one.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(self.config.timeout_graceful_shutdown):
                await self._wait_tasks_to_complete()
        except TimeoutError:
            for task in self.server_state.tasks:
                task.cancel()

    def leave(self) -> None:
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._leave.set)


class Serving:
    """A running server, or RuntimeError; `stop` is called once."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._ready = threading.Event()
        self._server = _Server(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=_Protocol,
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                log_level=_SILENT,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                date_header=False,
                timeout_keep_alive=60,
                timeout_graceful_shutdown=1,
            ),
            self._ready,
        )
        self._listener = listener
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name=THREAD, daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            listener.close()
            raise RuntimeError("The twin's server could not be started.") from self._failure

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listener])
        except BaseException as failure:  # passed to the thread that is waiting for the start
            self._failure = failure
        finally:
            self._ready.set()

    def stop(self) -> None:
        """End the server and its thread; requests in flight get a second to end."""
        self._server.leave()
        self._thread.join()


def loopback_listener(port: int) -> socket.socket:
    """Return a socket bound to 127.0.0.1 (0: any free port); raise OSError when it is taken."""
    # With the protocol left at 0, asyncio would not switch Nagle's algorithm off, and every answer
    # would wait 40 ms for the client's delayed acknowledgement.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except BaseException:
        listener.close()
        raise
    return listener
