"""The ids of the API's answers: ``opc-request-id`` of the observed form ``/32HEX/32HEX``.

A caller's own id stands before it (contract-facts §1). Only what the *request* may carry is
documented: letters, digits, underscores and hyphens.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from golive.twin.service_errors import bad_request, broken

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
            raise broken()
        raise bad_request("opc-request-id may have only letters, digits, _ and -.")


def stamp(world: World, ask: Ask, response: Response, *, forgets: bool) -> None:
    """Put the ids on an answer; `forgets`: a defect leaves them out of a success of this operation."""
    callers_id = ask.headers.get("opc-request-id", "")
    prefix = callers_id if _CALLERS_ID.fullmatch(callers_id) else ""
    first = uuid.UUID(world.one_id) if world.injects("request-ids-repeat") else uuid.uuid4()
    second = first if world.injects("request-ids-repeat") else uuid.uuid4()
    left_out = {
        "bad-requests-lack-request-id": response.status_code == 400,
        "long-request-id-gets-none": len(callers_id) > 256,
        "callers-request-id-gets-none": bool(callers_id),
    }
    if not world.injects_any(left_out) and not (forgets and response.status_code < 400):
        response.headers["opc-request-id"] = f"{prefix}/{first.hex}/{second.hex}"
    response.headers["x-request-id"] = str(uuid.uuid4())
