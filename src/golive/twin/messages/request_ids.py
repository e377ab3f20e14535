"""The ids of the API's answers: ``opc-request-id`` of the observed form ``/32HEX/32HEX``.

A caller's own id stands before it (contract-facts §1). Only what the *request* may carry is
documented: letters, digits, underscores and hyphens.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from golive.twin.service_errors import ServiceError, bad_request

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.world import World

_CALLERS_ID = re.compile(r"[A-Za-z0-9_-]+")


def check_callers_id(world: World, ask: Ask) -> None:
    """Raise a 400 for a caller's id that has other characters than the documented ones."""
    callers_id = ask.headers.get("opc-request-id")
    if not callers_id:
        return
    if world.injects("callers-request-id-refused"):
        raise bad_request("opc-request-id is set by the service.")
    if not _CALLERS_ID.fullmatch(callers_id):
        if world.injects("forbidden-request-id-breaks-the-server"):
            raise ServiceError(500, "InternalServerError", "Something went wrong.")
        raise bad_request("opc-request-id may have only letters, digits, _ and -.")


def stamp(world: World, ask: Ask, response: Response) -> None:
    """Put the ids on an answer."""
    callers_id = ask.headers.get("opc-request-id", "")
    prefix = callers_id if _CALLERS_ID.fullmatch(callers_id) else ""
    first = uuid.UUID(world.one_id) if world.injects("request-ids-repeat") else uuid.uuid4()
    second = first if world.injects("request-ids-repeat") else uuid.uuid4()
    if not _is_forgotten(world, ask, response.status_code):
        response.headers["opc-request-id"] = f"{prefix}/{first.hex}/{second.hex}"
    response.headers["x-request-id"] = str(uuid.uuid4())


def _is_forgotten(world: World, ask: Ask, status: int) -> bool:
    """Whether a defect leaves the request id out of this answer."""
    if status == 400 and world.injects("bad-requests-lack-request-id"):
        return True
    if len(ask.headers.get("opc-request-id", "")) > 256 and world.injects(
        "long-request-id-gets-none"
    ):
        return True
    if ask.headers.get("opc-request-id") and world.injects("callers-request-id-gets-none"):
        return True
    if status >= 400:
        return False
    return _lacks_id(world, ask)


def _lacks_id(world: World, ask: Ask) -> bool:
    """Whether a defect leaves the request id out of the success of this operation."""
    match ask.segments[-2:]:
        case _, "inboxItems":
            return world.injects("inbox-lacks-request-id")
        case _, "sentItems" if ask.method == "GET":
            return world.injects("sent-items-lack-request-id")
        case _, "sentItems":
            return world.injects("send-answer-lacks-request-id")
        case _, "updatePatientMessageStatus":
            return world.injects("status-answer-lacks-request-id")
        case _, "groupInboxes":
            return world.injects("group-inboxes-lack-request-id")
        case _, "validateRecipients":
            return world.injects("validation-lacks-request-id")
        case _, "codeValues":
            return world.injects("code-values-lack-request-id")
        case "codeValues", _:
            return world.injects("code-value-lacks-request-id")
    return ask.segments[-2:-1] == ("patientMessages",) and world.injects("message-lacks-request-id")
