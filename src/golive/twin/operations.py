"""The operations of the APIs that the twin plays: where each is, and what answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from golive.twin.code_values import code_values, one_code_value
from golive.twin.messages.reading import inbox, one, sent
from golive.twin.messages.sending import send
from golive.twin.messages.statuses import update_status
from golive.twin.recipients import group_inboxes, validate_recipients

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.http import Ask
    from golive.twin.world import World

Handler = Callable[["World", "Ask"], "Response"]


class Operation(NamedTuple):
    """An operation by its name, which is OpenAPI's operationId, and what answers it."""

    name: str
    handle: Handler


_ID = "{id}"
OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "message/20241001/patientMessages/inboxItems": {"GET": Operation("listInboxItems", inbox)},
    "message/20241001/patientMessages/sentItems": {
        "GET": Operation("listSentItems", sent),
        "POST": Operation("sendMessage", send),
    },
    "message/20241001/patientMessages/{id}": {"GET": Operation("getMessage", one)},
    "message/20241001/actions/updatePatientMessageStatus": {"POST": Operation("updateMessageStatus", update_status)},
    "message/20241001/actions/validateRecipients": {"POST": Operation("validateRecipients", validate_recipients)},
    "recipient/20241001/groupInboxes": {"GET": Operation("listGroupInboxes", group_inboxes)},
    "codeSystem/20240101/codeValues": {"GET": Operation("listCodeValues", code_values)},
    "codeSystem/20240101/codeValues/{id}": {"GET": Operation("getCodeValue", one_code_value)},
}  # fmt: skip
"""Path below the tenant -> method -> operation. An id stands at the end of a path; a name there goes before it."""

# HEAD is GET without the body (RFC 9110 §9.3.2).
_BY_SEGMENTS: dict[tuple[str, ...], Mapping[str, Operation]] = {
    tuple(path.split("/")): {
        **operations,
        **({"HEAD": operations["GET"]} if "GET" in operations else {}),
    }
    for path, operations in OPERATIONS.items()
}


def operations_at(segments: tuple[str, ...]) -> Mapping[str, Operation]:
    """Return the operations at a path, which begins with the tenant, by method; none for a path that does not exist."""
    path = segments[1:]
    if "" in path:
        return {}
    return _BY_SEGMENTS.get(path) or _BY_SEGMENTS.get((*path[:-1], _ID), {})
