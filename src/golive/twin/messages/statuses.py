"""Change the status of up to 100 inbox messages at once (contract-facts §2.5, §3, §9).

All or nothing: every entry is checked before the first one changes. The two versions are an
optimistic lock. The status that a message already has is accepted and changes nothing.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from golive.twin.http import ServiceError, bad_request
from golive.twin.messages.selecting import tenant_of
from golive.twin.messages.validation import objects, read_object, required_text

if TYPE_CHECKING:
    from golive.twin.http import Ask
    from golive.twin.store import Message
    from golive.twin.world import World

    Entry = dict[str, Any]
    Named = list[tuple[Entry, Message]]

MOST = 100
UNDONE_AFTER = 15
"""Updates, accepted or not, after which a defect undoes a change: more than a client makes in one go."""
_MEMBERS = frozenset({"patientId", "messages", "status"})
_STATUSES = ("UNREAD", "OPENED", "DELETED")


def update_status(world: World, ask: Ask) -> Response:
    """Set one status on messages of one patient; the answer has no body."""
    world.updates += 1
    if world.injects("status-change-is-undone-later"):
        _undo(world)
    try:
        return _update(world, ask)
    except ServiceError as refused:
        if refused.status == 400 and world.injects("status-set-before-it-is-checked"):
            _set_unchecked(world, ask)
        raise


def _undo(world: World) -> None:
    """Write back what messages were when so many updates have come since they were changed."""
    for number, message, before in world.undoing:
        if number == world.updates - UNDONE_AFTER:
            message.status = before.status
            message.version, message.recipient_version = before.version, before.recipient_version


def _set_unchecked(world: World, ask: Ask) -> None:
    """Give the messages that a refused body names the status that it asks for."""
    with suppress(ServiceError):
        body = read_object(world, ask, _MEMBERS)
        entries = objects(body, "messages", required=True)
        ids = [required_text(entry, "id") for entry in entries]
        found = [world.store.find(ask.segments[0], one) for one in ids]
        _apply(world, [message for message in found if message], body.get("status"))


def _update(world: World, ask: Ask) -> Response:
    body = read_object(world, ask, _MEMBERS)
    tenant, patient = ask.segments[0], _patient(world, body)
    if world.injects("status-change-reaches-any-tenant"):
        tenant = tenant_of(world, patient or "", tenant)
    status = _status(world, body)
    named = _owned(world, tenant, patient, _entries(world, body))
    messages = [message for _, message in named]
    try:
        for entry, message in named:
            _check_versions(world, entry, message)
    except ServiceError as refused:
        if refused.status == 409 and world.injects("refused-update-applied-anyway"):
            _apply(world, messages, status)
        if refused.status == 409 and world.injects("refused-update-raises-the-version"):
            for message in messages:
                message.recipient_version += 1
        raise
    if any(_refuses(world, message.status, status) for message in messages):
        raise ServiceError(409, "IllegalTransition", "This change of status is not possible.")
    reminders = [one for one in messages if one.notification_type == "REMINDER"]
    lost = world.sendings > 1 or (reminders and world.injects("reminders-take-no-status"))
    if not lost and not world.injects("status-change-does-not-stick"):
        _apply(world, messages, status)
    return Response(status_code=200)


def _patient(world: World, body: Entry) -> str | None:
    if "patientId" not in body and world.injects("update-without-patient-accepted"):
        return None
    return required_text(body, "patientId")


def _status(world: World, body: Entry) -> Any:
    """Return the status to set; None stands for one that a defect accepts and that means nothing."""
    if "status" not in body and world.injects("update-without-status-accepted"):
        return None
    status = required_text(body, "status")
    if status not in _STATUSES:
        if world.injects("unknown-status-accepted"):
            return None
        raise bad_request(f"status must be one of {', '.join(_STATUSES)}.")
    return status


def _entries(world: World, body: Entry) -> list[Entry]:
    if "messages" not in body and world.injects("update-without-messages-accepted"):
        return []
    entries = objects(body, "messages", required=True)
    too_few = not entries and not world.injects("update-of-nothing-accepted")
    too_many = len(entries) > MOST and not world.injects("update-of-101-accepted")
    different = len({str(entry.get("id")) for entry in entries}) == len(entries)
    if different and world.injects("update-of-101-different-messages-accepted"):
        too_many = False
    if too_few or too_many:
        raise bad_request(f"messages must have 1 to {MOST} entries.")
    if world.injects("entry-without-id-accepted"):
        entries = [entry for entry in entries if "id" in entry]
    return entries


def _owned(world: World, tenant: str, patient: str | None, entries: list[Entry]) -> Named:
    """Return the patient's inbox messages of these ids; one that is not among them is a 400."""
    ids = [required_text(entry, "id") for entry in entries]
    # Where the number of messages is not looked at, neither is their being named twice.
    if len(set(ids)) < len(ids) <= MOST:
        raise bad_request("messages names a message twice.")
    inbox = _reachable(world, tenant, patient)
    if inbox.keys() & ids[:1] and world.injects("only-the-first-owner-is-looked-at"):
        inbox |= {message.id: message for message in world.store.others(tenant, patient or "")}
    for message_id in set(ids) - inbox.keys():
        exists = world.store.find(tenant, message_id) is not None
        if exists or not world.injects("update-of-unknown-message-accepted"):
            raise bad_request("messages names a message that is not in this patient's inbox.")
    found = zip(entries, ids, strict=True)
    return [(entry, inbox[message_id]) for entry, message_id in found if message_id in inbox]


def _reachable(world: World, tenant: str, patient: str | None) -> dict[str, Message]:
    """Return by their ids the inbox messages that may be named."""
    messages: list[Message] = []
    if patient is not None and world.store.knows(tenant, patient):
        messages = world.store.box(tenant, patient, "inbox")
    if patient is not None and world.injects("sent-messages-take-a-status"):
        messages += world.store.box(tenant, patient, "sent")
    if patient is None or world.injects("update-of-other-patients-message-accepted"):
        messages += world.store.others(tenant, patient or "")
    return {message.id: message for message in messages}


_LOCKS = {
    "notificationVersion": ("version", "entry-without-version-accepted", "stale-version-accepted"),
    "recipientNotificationVersion": (
        "recipient_version",
        "entry-without-recipient-version-accepted",
        "stale-recipient-version-accepted",
    ),
}
"""Member of an entry -> what it is the lock of, and the defects that do without it and that let it be stale."""


def _check_versions(world: World, entry: Entry, message: Message) -> None:
    stale = False
    for name, (attribute, optional, unlocked) in _LOCKS.items():
        value = entry.get(name)
        if name not in entry and world.injects(optional):
            continue
        if not isinstance(value, int) or isinstance(value, bool):
            raise bad_request(f"{name} must be an integer.")
        if value != getattr(message, attribute) and not world.injects(unlocked):
            stale = True
    if stale:
        raise ServiceError(409, "StaleVersion", "A message has changed since it was read.")


def _refuses(world: World, old: str, new: str | None) -> bool:
    """Whether a defect does not know this change of status; without one every change is known."""
    if old == new or new is None:
        return world.injects("same-status-refused")
    return world.injects(f"{old.lower()}-to-{new.lower()}-refused")


def _apply(world: World, messages: list[Message], status: Any) -> None:
    if status is None:
        return
    changes = [(message, status) for message in _reached(world, messages, status)]
    if world.injects("change-deletes-other-patients-messages"):
        first = messages[0]
        changes += [(one, "DELETED") for one in world.store.others(first.tenant, first.patient_id)]
    if world.injects("change-reaches-one-message-of-another-patient"):
        first = messages[0]
        changes += [
            (one, status) for one in world.store.others(first.tenant, first.patient_id)[5:6]
        ]
    if world.injects("status-change-shows-one-update-late"):
        changes, world.put_off = world.put_off, changes
    for message, new in changes:
        if message.status != new:
            before = replace(message)
            world.write(message, before)
            if world.injects("status-change-is-undone-later"):
                world.undoing.append((world.updates, message, before))
            if world.injects("status-change-is-shown-once"):
                world.fleeting[message.id] = message.status
            message.status = new
            if new == "DELETED" and world.injects("deletion-empties-the-content"):
                message.content = re.sub(r"<body>.*</body>", "<body></body>", message.content)
            for name, value in world.changes(_BESIDE).items():
                setattr(message, name, value)
            _raise_versions(world, message)


_BESIDE: dict[str, dict[str, Any]] = {
    "status-change-raises-the-priority": {"priority": "HIGH"},
    "status-change-loses-copies": {"carbon_copies": ()},
    "status-change-loses-attachments": {"attachments": ()},
}
"""What a change of status does besides, by defect."""


def _reached(world: World, messages: list[Message], status: Any) -> list[Message]:
    """Return the messages whose status changes: those that were named, or others by a defect."""
    if world.injects("change-reaches-another-message"):
        return [world.store.neighbour(message) for message in messages]
    if world.injects("change-touches-the-whole-inbox"):
        first = messages[0]
        return world.store.box(first.tenant, first.patient_id, "inbox")
    there = [message.status == status for message in messages]
    if any(there) and world.injects("status-change-stops-at-one-that-has-it"):
        return messages[: there.index(True)]
    return messages


def _raise_versions(world: World, message: Message) -> None:
    if not world.injects("versions-stay-the-same"):
        message.version += 1
        back = world.injects("recipients-version-goes-back")
        message.recipient_version += -1 if back else 1
