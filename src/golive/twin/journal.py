"""What a twin hands on of each request: as it came, and what went out."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
