"""The API host: routes, and the service's own errors."""

from __future__ import annotations

import re
import secrets
import uuid
from typing import TYPE_CHECKING

from .accounts import CODE_SYSTEM, MESSAGE, RECIPIENT
from .neighbours import Neighbours
from .problems import Problem, Refusal
from .reading import Reader
from .sending import Sender
from .updating import Updater
from .wire import Reply, json_reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from .gateway import Gateway
    from .personality import Personality
    from .records import Store
    from .wire import Call

    Operation = Callable[[Call, str], Reply]

_SCOPES = {("recipient",): RECIPIENT, ("codeSystem",): CODE_SYSTEM}
_REQUEST_ID = re.compile(r"[A-Za-z0-9_-]+")


class Service:
    """The Messages API 20241001 behind its gateway."""

    def __init__(
        self, store: Store, gateway: Gateway, personality: Personality, prefix: tuple[str, ...]
    ) -> None:
        self._gateway, self._personality, self._prefix = gateway, personality, prefix
        self._reader = Reader(store, personality)
        self._sender = Sender(store, personality)
        self._updater = Updater(store, personality)
        self._neighbours = Neighbours(personality)
        self._calls = 0

    def answer(self, call: Call, segments: tuple[str, ...]) -> Reply:
        """The answer to a call on the API host."""
        try:
            reply = self._answer(call, segments)
        except Refusal as refusal:
            reply = self._gateway.refused(refusal)
            if not self._personality.refusal_request_id:
                headers = {"cache-control": "no-store", "x-request-id": str(uuid.uuid4())}
                return reply.with_headers(headers)
        except Problem as problem:
            reply = self._problem(problem)
            if not self._promises_request_id(segments):
                return reply
        headers = {
            "opc-request-id": self._request_id(call),
            "cache-control": self._personality.cache_control,
        }
        return reply.with_headers(headers)

    def _promises_request_id(self, segments: tuple[str, ...]) -> bool:
        promised = self._personality.neighbours.request_id_of_list_errors
        return promised or segments[-1] not in {"groupInboxes", "codeValues", "validateRecipients"}

    def _answer(self, call: Call, segments: tuple[str, ...]) -> Reply:
        self._calls += 1
        every = self._personality.throttle_every
        if every and self._calls % every == 0:
            raise Refusal(429, "throttled")
        operations = self._operations(segments)
        if self._personality.path_before_token:
            self._check_route(call, operations)
        tenant = segments[len(self._prefix)] if len(segments) > len(self._prefix) else ""
        namespace = segments[len(self._prefix) + 1 :][:1]
        self._gateway.admit(call, tenant, _SCOPES.get(namespace, MESSAGE))
        self._check_route(call, operations)
        self._check_headers(call)
        reply = operations[call.method](call, tenant)
        for position, (name, value) in enumerate(reply.headers):
            if name == "content-type" and value == "application/json":
                reply.headers[position] = (name, self._personality.json_type)
        return reply

    def _operations(self, segments: tuple[str, ...]) -> dict[str, Operation]:
        """What can be done at a path, by method."""
        if segments[: len(self._prefix)] != self._prefix:
            return {}
        match segments[len(self._prefix) + 1 :]:
            case ("message", "20241001", "patientMessages", "inboxItems"):
                return _reads(lambda call, tenant: self._reader.listing(call, tenant, "inbox"))
            case ("message", "20241001", "patientMessages", "sentItems"):
                reads = _reads(lambda call, tenant: self._reader.listing(call, tenant, "sent"))
                return reads | {"POST": self._sender.send}
            case ("message", "20241001", "patientMessages", message_id) if message_id:
                return _reads(lambda call, tenant: self._reader.one(call, tenant, message_id))
            case ("message", "20241001", "actions", "updatePatientMessageStatus"):
                return {"POST": self._updater.update}
            case ("message", "20241001", "actions", "validateRecipients"):
                return {"POST": self._neighbours.validate}
            case ("recipient", "20241001", "groupInboxes"):
                return _reads(self._neighbours.group_inboxes)
            case ("codeSystem", "20240101", "codeValues"):
                return _reads(self._neighbours.code_values)
            case ("codeSystem", "20240101", "codeValues", value_id) if value_id:
                return _reads(self._neighbours.code_value(value_id))
        return {}

    def _check_route(self, call: Call, operations: dict[str, Operation]) -> None:
        if not operations:
            raise Refusal(404, "no-such-path")
        if call.method not in operations:
            status = self._personality.unimplemented
            allow = ", ".join(operations) if status == 405 else None
            raise Refusal(status, "method-not-allowed", allow=allow)

    def _check_headers(self, call: Call) -> None:
        if not self._personality.ignores_accept and not _accepts_json(call.header("accept")):
            raise Refusal(406, "not-acceptable")
        wanted = call.header("opc-request-id")
        bad = wanted is not None and not _REQUEST_ID.fullmatch(wanted)
        if bad and self._personality.refuses_bad_request_id:
            raise Problem(
                400, "InvalidParameter", "opc-request-id may hold letters, digits, _ and -."
            )

    def _request_id(self, call: Call) -> str:
        wanted = call.header("opc-request-id") or ""
        if self._personality.request_id == "echo" and _REQUEST_ID.fullmatch(wanted):
            return wanted
        if self._personality.request_id == "uuid":
            return str(uuid.uuid4())
        return f"/{secrets.token_hex(16).upper()}/{secrets.token_hex(16).upper()}"

    def _problem(self, problem: Problem) -> Reply:
        body: dict[str, object] = {"code": problem.code}
        match self._personality.service_error:
            case "message":
                body["message"] = problem.message
            case "details":
                lines = problem.details or [problem.message]
                body |= {"message": problem.message, "details": [{"text": line} for line in lines]}
            case "integer-code":
                body = {"code": problem.status * 100 + 1, "message": problem.message}
            case "code-only" if problem.words_needed:
                body["details"] = [problem.message, *problem.details]
        if self._personality.extra_members:
            body["timestamp"] = 0
        return json_reply(problem.status, body)


def _reads(operation: Operation) -> dict[str, Operation]:
    return {"GET": operation, "HEAD": operation}


def _accepts_json(accept: str | None) -> bool:
    """Does an Accept header take JSON? The most specific range decides (RFC 9110 12.5.1)."""
    if accept is None or not accept.strip():
        return True
    weights = {}
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = next((p.partition("=")[2].strip() for p in parameters if p.startswith("q=")), "1")
        weights[name] = quality.rstrip("0").rstrip(".") not in {"", "0"} if quality != "1" else True
    for name in ("application/json", "application/*", "*/*"):
        if name in weights:
            return weights[name]
    return False
