"""The API host: the gateway first, then the service, and a request id on whatever comes out.

What the documentation leaves open about HTTP itself follows RFC 9110.
"""

from __future__ import annotations

import json
import uuid
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from starlette.responses import Response

from golive.twin.authorization import gateway
from golive.twin.authorization.presented_tokens import GatewayError
from golive.twin.http import (
    Ask,
    ServiceError,
    accepts_json,
    check_callers_id,
    json_answer,
    service_refusal,
    stamp,
)
from golive.twin.names import SANDBOX_TENANT
from golive.twin.operations import OPERATIONS, Handler, Operation, operations_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from golive.twin.world import World


def answer(world: World, ask: Ask) -> Response:
    """Answer any request to the API host."""
    ask = _in_some_tenant(world, ask)
    ask = replace(ask, segments=_as_routed(world, ask.segments))
    operations = operations_at(ask.segments)
    if _is_kept_out(world, ask):
        response = gateway.refusal(GatewayError(401, "token-required"))
        stamp(world, ask, response)
        return response
    stored = _stored(world, ask)
    response = stored or _answer(world, ask, operations)
    stores = ask.method == "GET" and response.status_code == 200
    if stores and world.injects("cache-gives-to-callers-without-token"):
        world.stored[ask.path, ask.query] = bytes(response.body)
    stamp(world, ask, response)
    return response


def _as_routed(world: World, segments: tuple[str, ...]) -> tuple[str, ...]:
    """Return the segments of a path as they are, or as a defect's router reads them."""
    lax = "trailing-slash-needs-no-token", "doubled-slash-needs-no-token"
    if any(map(world.injects, lax)):
        segments = tuple(filter(None, segments))
    if world.injects("path-parameter-needs-no-token"):
        segments = tuple(one.partition(";")[0] for one in segments)
    if world.injects("path-in-other-case-needs-no-token"):
        names = {name.casefold(): name for path in OPERATIONS for name in path.split("/")}
        segments = tuple(names.get(one.casefold(), one) for one in segments)
    return segments


def _stored(world: World, ask: Ask) -> Response | None:
    """Return what a defect's cache gives to a caller without a token, if it has it."""
    if "authorization" in ask.headers or not world.injects("cache-gives-to-callers-without-token"):
        return None
    body = world.stored.get((ask.path, ask.query)) if ask.method == "GET" else None
    return None if body is None else json_answer(200, json.loads(body))


def _is_kept_out(world: World, ask: Ask) -> bool:
    """Whether a defect's cache gives the refusal of the caller without a token who has just asked for the same."""
    if not world.injects("refusal-is-given-to-the-next-caller") or ask.method != "GET":
        return False
    url = ask.path, ask.query
    if "authorization" in ask.headers:
        return world.refused.pop(url, None) is not None
    world.refused[url] = world.now()
    return False


def _in_some_tenant(world: World, ask: Ask) -> Ask:
    """Return the request as it is, or as a server reads it that falls back to a default tenant."""
    tenant, *rest = ask.segments
    if any(tenant in known for known in world.tenants.values()):
        world.open_tenant(tenant)
        return ask
    if world.injects("tenant-in-capitals-is-not-compared"):
        ask = replace(ask, segments=(tenant.lower(), *rest))
        if any(tenant.lower() in known for known in world.tenants.values()):
            return ask
    near = world.injects_any(
        {
            "tenants-compared-by-their-first-block": tenant[:8] == SANDBOX_TENANT[:8],
            "tenants-compared-by-their-last-block": tenant[-12:] == SANDBOX_TENANT[-12:],
        }
    )
    if near:
        return replace(ask, segments=(SANDBOX_TENANT, *rest))
    try:
        uuid.UUID(tenant)
        falls_back = world.injects("unknown-tenant-served")
    except ValueError:
        falls_back = world.injects("malformed-tenant-served")
    return replace(ask, segments=(SANDBOX_TENANT, *rest)) if falls_back else ask


def _answer(world: World, ask: Ask, operations: Mapping[str, Operation]) -> Response:
    try:
        if not _is_open(world, ask):
            gateway.admit(world, ask)
        reads, given = ask.method == "GET", ask.headers.get("opc-request-id")
        if reads and world.injects("options-of-the-last-question-count"):
            ask = _with_options_of_the_last(world, ask)
        answer = partial(_operation(world, ask, operations), world, ask)
        by_id = {
            "questions-of-one-request-id-are-one": reads,
            "messages-of-one-request-id-are-one": not reads,
        }
        if given is not None and world.injects_any(by_id):
            return _kept_for_its_id(world, given, answer)
        return _kept_for_a_moment(world, ask, answer) if reads else answer()
    except GatewayError as error:
        if ask.method == "POST" and world.injects("refused-callers-write-all-the-same"):
            with suppress(ServiceError):
                _operation(world, ask, operations)(world, ask)
        refused = gateway.refusal(error)
        if ask.method == "GET" and world.injects("refused-callers-are-shown-it-all-the-same"):
            with suppress(ServiceError):
                refused.body = _operation(world, ask, operations)(world, ask).body
                refused.headers["Content-Length"] = str(len(refused.body))
        return refused
    except ServiceError as error:
        return service_refusal(error)


_OPTIONS = ("sortOrder", "notificationType", "shouldLoadOrganizationSummary")


def _with_options_of_the_last(world: World, ask: Ask) -> Ask:
    """Return a question with the last options that one to the same path had, where it has none."""
    place = "options", ask.path
    if own := tuple(pair for pair in ask.query if pair[0] in _OPTIONS):
        world.kept[place] = own
    return ask if own else replace(ask, query=(*ask.query, *world.kept.get(place, ())))


def _kept_for_its_id(world: World, given: str, answer: Callable[[], Response]) -> Response:
    """Return what a request of the same id was answered before, or else an answer."""
    kept: Response = world.kept.get(given) or world.kept.setdefault(given, answer())
    return Response(kept.body, kept.status_code, media_type=kept.media_type)


_MOMENT = 1.0  # seconds


def _kept_for_a_moment(world: World, ask: Ask, answer: Callable[[], Response]) -> Response:
    """Return an answer, or by a defect what the same question was answered a moment ago: in whatever tenant."""
    if not world.injects("answers-are-kept-for-all-tenants"):
        return answer()
    asked, now = (ask.segments[1:], ask.query), world.now()
    at, kept = world.kept.get(asked, (0.0, b""))
    if now - at < _MOMENT:
        return json_answer(200, json.loads(kept))
    response = answer()
    if response.status_code == 200:
        world.kept[asked] = now, bytes(response.body)
    return response


def _is_open(world: World, ask: Ask) -> bool:
    """Whether a defect lets a caller without a token past the gateway."""
    if "authorization" in ask.headers:
        return False
    return world.injects_any(
        {
            "other-tenants-need-no-token": ask.segments[0] != SANDBOX_TENANT,
            "encoded-tenant-needs-no-token": ask.path.startswith("/%"),
            "bodies-are-read-before-tokens": ask.method == "POST" and ask.body == b"{",
        }
    )


def _operation(world: World, ask: Ask, operations: Mapping[str, Operation]) -> Handler:
    """Return what the request asks for; raise ServiceError when it asks for nothing there is."""
    check_callers_id(ask)
    if not operations:
        raise ServiceError(404, "NotFound", "There is no such resource.")
    operation = operations.get(ask.method)
    if operation is None:
        allow = {"Allow": ", ".join(sorted(operations))}
        raise ServiceError(405, "MethodNotAllowed", "This method is not allowed here.", allow)
    if not accepts_json(ask.headers.getlist("accept")):
        raise ServiceError(406, "NotAcceptable", "Only application/json can be given.")
    if ask.method == "POST" and ask.media_type() != "application/json":
        raise ServiceError(415, "UnsupportedMediaType", "The body must be application/json.")
    if b"\n" in ask.body and world.injects("json-on-several-lines-refused"):
        raise ServiceError(400, "InvalidBody", "The body ends at its first line.")
    return operation.handle
