"""Change the status of up to 100 inbox messages at once (contract-facts §2.5, §3, §9).

All or nothing: every entry is checked before the first one changes. The two versions are an
optimistic lock. The status that a message already has is accepted and changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from golive.twin.bodies import objects, read_object, required_text
from golive.twin.service_errors import ServiceError, bad_request

if TYPE_CHECKING:
    from golive.twin.answers import Ask
    from golive.twin.store import Message
    from golive.twin.world import World

MOST = 100
_STATUSES = ("UNREAD", "OPENED", "DELETED")


def update_status(world: World, ask: Ask) -> Response:
    """Set one status on messages of one patient; the answer has no body."""
    body = read_object(ask, frozenset({"patientId", "messages", "status"}))
    tenant, patient = ask.segments[0], required_text(body, "patientId")
    status = required_text(body, "status")
    if status not in _STATUSES:
        raise bad_request(f"status must be one of {', '.join(_STATUSES)}.")
    entries = objects(body, "messages", required=True)
    if not 1 <= len(entries) <= MOST:
        raise bad_request(f"messages must have 1 to {MOST} entries.")
    messages = _owned(world, tenant, patient, [required_text(entry, "id") for entry in entries])
    for entry, message in zip(entries, messages, strict=True):
        _check_versions(entry, message)
    if not world.lies("status-change-does-not-stick"):
        _apply(messages, status)
    return Response(status_code=200)


def _owned(world: World, tenant: str, patient: str, ids: list[str]) -> list[Message]:
    """Return the patient's inbox messages of these ids; one that is not among them is a 400."""
    if len(set(ids)) < len(ids):
        raise bad_request("messages names a message twice.")
    known = world.store.knows(tenant, patient)
    inbox = {m.id: m for m in world.store.box(tenant, patient, "inbox")} if known else {}
    if not set(ids) <= inbox.keys():
        raise bad_request("messages names a message that is not in this patient's inbox.")
    return [inbox[message_id] for message_id in ids]


def _check_versions(entry: dict[str, Any], message: Message) -> None:
    current = {
        "notificationVersion": message.version,
        "recipientNotificationVersion": message.recipient_version,
    }
    for name in current:
        if not isinstance(entry.get(name), int) or isinstance(entry[name], bool):
            raise bad_request(f"{name} must be an integer.")
    if any(entry[name] != value for name, value in current.items()):
        raise ServiceError(409, "StaleVersion", "A message has changed since it was read.")


def _apply(messages: list[Message], status: Any) -> None:
    for message in messages:
        if message.status != status:
            message.status = status
            message.version += 1
            message.recipient_version += 1
