"""What comes in and what goes out: a request as plain data, the kinds of answers, refusals, and the ids of answers.

`Ask` keeps the raw path, because a percent-encoded slash or comma inside an id must not be mistaken
for a separator. Content negotiation is limited to whether a caller accepts JSON (Accept, RFC 9110 §12.5.1).

A service refuses by ``{"code": string, "message": string}``: the shape is contract-facts §9; the codes are the twin's
own, since none was ever seen. Its answers have an ``opc-request-id`` of the observed form ``/32HEX/32HEX``, before
which a caller's own id stands (§1); what the *request* may carry is documented: letters, digits, _ and -.

Of a query, each parameter is there once at most, and has its documented form; unknown ones are ignored. Everything that
a parameter's own text forbids is a 400 (§2.1, §3).
"""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.datastructures import Headers
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from golive.twin.world import World


@dataclass(frozen=True)
class Ask:
    """One request, below its host segment: ``path`` raw, ``segments`` decoded."""

    host: str
    method: str
    path: str
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, host: str, request: Request, body: bytes) -> Ask:
        """Read a request whose path begins with ``/host``."""
        raw = bytes(request.scope["raw_path"]).decode("latin-1")
        path = raw[len(host) + 1 :]
        return cls(
            host=host,
            method=request.method,
            path=path,
            segments=tuple(unquote(part) for part in path.lstrip("/").split("/")),
            query=tuple(parse_qsl(request.url.query, keep_blank_values=True)),
            headers=request.headers,
            body=body,
        )

    def media_type(self) -> str:
        """Return the media type in lower case, without parameters; empty when there is none."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()


def json_answer(
    status: int, document: object, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a JSON answer, members in the order given."""
    return Response(
        json.dumps(document, ensure_ascii=False),
        status_code=status,
        headers=headers,
        media_type="application/json",
    )


def html_answer(status: int, title: str, text: str) -> Response:
    """Return a small HTML page; ``text`` must be safe HTML."""
    page = (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><p>{text}</p></body></html>"
    )
    return Response(page, status_code=status, media_type="text/html")


class TruncatedAnswer(Response):
    """An answer that promises its whole body, sends half of it, and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send the full Content-Length and half of the body, and never say that it is complete."""
        start: dict[str, Any] = {
            "type": "http.response.start",
            "status": self.status_code,
            "headers": self.raw_headers,
        }
        await send(start)
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


_RANK = {"*/*": 1, "application/*": 2, "application/json": 3}  # the most specific range decides


def accepts_json(accept: list[str]) -> bool:
    """Return whether ``application/json`` is acceptable; no Accept header means anything is."""
    ranges = [part for field in accept for part in field.split(",") if part.strip()]
    if not ranges:
        return True
    best, acceptable = 0, False
    for part in ranges:
        media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
        rank = _RANK.get(media_range, 0)
        if rank > best:
            best, acceptable = rank, _quality(parameters) > 0
    return acceptable


def accepts_gzip(accept: list[str]) -> bool:
    """Return whether ``gzip`` is named and acceptable in Accept-Encoding fields (RFC 9110 §12.5.3)."""
    parts = [part for field in accept for part in field.lower().split(",")]
    codings = [[piece.strip() for piece in part.split(";")] for part in parts]
    return any(name == "gzip" and _quality(parameters) > 0 for name, *parameters in codings)


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


class ServiceError(Exception):
    """A refusal by the service: status, a code for programs, a message for people."""

    def __init__(
        self, status: int, code: str, message: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = headers


def bad_request(message: str, code: str = "InvalidParameter") -> ServiceError:
    """Make the refusal of a request that breaks a rule of its operation."""
    return ServiceError(400, code, message)


def broken() -> ServiceError:
    """Make the answer of a service that fails where a defect lets it."""
    return ServiceError(500, "InternalServerError", "Something went wrong.")


def service_refusal(error: ServiceError) -> Response:
    """Return the answer that states ``error``."""
    return json_answer(error.status, {"code": error.code, "message": error.message}, error.headers)


DAY = 86_400
_CALLERS_ID = re.compile(r"[A-Za-z0-9_-]+")


def check_callers_id(ask: Ask) -> None:
    """Raise a 400 for a caller's id that has other characters than the documented ones."""
    callers_id = ask.headers.get("opc-request-id")
    if not callers_id:
        return
    if not _CALLERS_ID.fullmatch(callers_id):
        raise bad_request("opc-request-id may have only letters, digits, _ and -.")


def stamp(world: World, ask: Ask, response: Response) -> None:
    """Put the ids on an answer."""
    callers_id = ask.headers.get("opc-request-id", "")
    prefix = callers_id if _CALLERS_ID.fullmatch(callers_id) else ""
    response.headers["opc-request-id"] = f"{prefix}/{uuid.uuid4().hex}/{uuid.uuid4().hex}"
    response.headers["x-request-id"] = str(uuid.uuid4())
    if world.injects("modified-tomorrow"):
        response.headers["Last-Modified"] = formatdate(world.now() + DAY, usegmt=True)


_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")


class Query:
    """The query of one request."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._pairs = pairs

    def many(self, name: str) -> list[str]:
        """Return all values of a parameter that may be repeated."""
        return [value for key, value in self._pairs if key == name]

    def one(self, name: str) -> str | None:
        """Return the value of a parameter that may be there once; None when it is absent."""
        values = self.many(name)
        if len(values) > 1:
            raise bad_request(f"{name} may be given only once.")
        return values[0] if values else None

    def required(self, name: str) -> str:
        """Return the value of a parameter that must be there and not be blank."""
        value = self.one(name)
        if value is None or not value.strip():
            raise bad_request(f"{name} is required.", "MissingParameter")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], default: str) -> str:
        """Return one of the allowed words."""
        value = self.one(name)
        if value is not None and value not in allowed:
            raise bad_request(f"{name} must be one of {', '.join(allowed)}.")
        return value or default

    def choices(self, name: str, allowed: tuple[str, ...], default: str) -> set[str]:
        """Return some of the allowed words: the key is repeated, not the value listed."""
        values = self.many(name)
        if not set(values) <= set(allowed):
            raise bad_request(f"each {name} must be one of {', '.join(allowed)}.")
        return set(values) or {default}

    def truth(self, name: str) -> bool:
        """Return a boolean whose default is false."""
        return self.choice(name, ("true", "false"), "false") == "true"

    def instant(self, name: str) -> datetime | None:
        """Return an ISO 8601 UTC instant in whole seconds; None when it is absent."""
        value = self.one(name)
        if value is None:
            return None
        if _INSTANT.fullmatch(value):
            try:
                return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
            except ValueError:
                pass
        raise bad_request(f"{name} must look like 2024-10-01T00:00:00Z, without milliseconds.")
