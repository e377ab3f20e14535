"""The API host: the gateway first, then the service, and a request id on whatever comes out.

The id follows the observed form ``/32HEX/32HEX`` (contract-facts §1); a caller's own id stands
before it. What the documentation leaves open about HTTP itself follows RFC 9110.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.responses import Response

from golive.twin import gateway, service_errors
from golive.twin.answers import Ask, html_answer
from golive.twin.negotiation import accepts_json
from golive.twin.reading import inbox, one, sent
from golive.twin.sending import send
from golive.twin.service_errors import ServiceError, bad_request
from golive.twin.statuses import update_status

if TYPE_CHECKING:
    from golive.twin.world import World

Operation = Callable[["World", Ask], Response]

_VERSION = "20241001"
_CALLERS_ID = re.compile(r"[A-Za-z0-9_-]+")
_TRACE = (
    "java.lang.NullPointerException: null\n"
    "\tat com.example.messages.InboxResource.list(InboxResource.java:118)\n"
    "\tat com.example.gateway.Dispatcher.dispatch(Dispatcher.java:64)\n"
)


def answer(world: World, ask: Ask) -> Response:
    """Answer any request to the API host."""
    response = _answer(world, ask)
    callers_id = ask.headers.get("opc-request-id", "")
    prefix = callers_id if _CALLERS_ID.fullmatch(callers_id) else ""
    if not (world.lies("inbox-lacks-request-id") and _is_inbox(ask)):
        response.headers["opc-request-id"] = f"{prefix}/{uuid.uuid4().hex}/{uuid.uuid4().hex}"
    response.headers["x-request-id"] = str(uuid.uuid4())
    return response


def _answer(world: World, ask: Ask) -> Response:
    if world.lies("api-answers-503-to-everything"):
        return html_answer(503, "Service Unavailable", "Please try again later.")
    if world.lies("redirect-to-another-host"):
        location = f"https://messages.example.invalid{ask.path}"
        return Response(status_code=302, headers={"Location": location})
    echo = gateway.bearer(ask) if world.lies("error-echoes-the-token") else None
    try:
        gateway.admit(world, ask)
        if world.lies("api-answers-500-with-a-stack-trace"):
            return Response(_TRACE, status_code=500, media_type="text/plain")
        return _operation(ask)(world, ask)
    except gateway.GatewayError as error:
        return gateway.refusal(error, echo)
    except ServiceError as error:
        return service_errors.refusal(error, echo)


def _is_inbox(ask: Ask) -> bool:
    return ask.segments[-1] == "inboxItems"


def _operation(ask: Ask) -> Operation:
    """Return what the request asks for; raise ServiceError when it asks for nothing there is."""
    if not _CALLERS_ID.fullmatch(ask.headers.get("opc-request-id") or "absent"):
        raise bad_request("opc-request-id may have only letters, digits, _ and -.")
    operations = _operations(ask.segments)
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
    return operation


def _operations(segments: tuple[str, ...]) -> dict[str, Operation]:
    """Return the operations at a path, by method; none for a path that does not exist."""
    match segments:
        case (_, "message", version, *rest) if version == _VERSION:
            match rest:
                case ["patientMessages", "inboxItems"]:
                    return {"GET": inbox}
                case ["patientMessages", "sentItems"]:
                    return {"GET": sent, "POST": send}
                case ["patientMessages", message_id] if message_id:
                    return {"GET": one}
                case ["actions", "updatePatientMessageStatus"]:
                    return {"POST": update_status}
    return {}
