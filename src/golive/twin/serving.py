"""One uvicorn server in one daemon thread: it starts when it really accepts, and ends without a trace.

uvicorn looks ten times a second whether it should go on. A twin is started and stopped hundreds of
times by golive's own tests, so this server waits for an event instead.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from golive.twin.odd_answers import CONNECTION

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

THREAD = "golive-twin"
"""The name of the thread that serves a twin."""

_SILENT = 100  # above every level of the logging module
_HEADER_REFRESH = 1.0  # seconds between two looks at the clock for the Date header


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
