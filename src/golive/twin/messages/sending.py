"""Send, reply, forward: POST sentItems (contract-facts §2.4).

A reply carries encounter, responsible personnel and conversation of the message before it, and can't name others.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from golive.twin.http import Ask, ServiceError, bad_request, json_answer
from golive.twin.messages.selecting import tenant_of
from golive.twin.messages.validation import (
    check_content,
    objects,
    read_object,
    read_recipients,
    read_sender,
    required_text,
    text,
)
from golive.twin.store import Message, Participant

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.world import World

# The root list of the documentation, and the two that its text on replies mentions.
_MEMBERS = frozenset(
    {
        "attachments",
        "carbonCopyRecipients",
        "content",
        "messageSender",
        "patientId",
        "previousMessageId",
        "priority",
        "recipients",
        "subject",
        "encounter",
        "responsiblePersonnelId",
    }
)


def send(world: World, ask: Ask) -> Response:
    """Keep a new sent item and answer with its id."""
    try:
        return _send(world, ask)
    except ServiceError:
        if world.injects("message-stored-before-it-is-checked"):
            _keep_unchecked(world, ask)
        raise


def _keep_unchecked(world: World, ask: Ask) -> None:
    """Store what was refused, as far as it says who wrote what."""
    with suppress(ServiceError):
        body = read_object(world, ask, _MEMBERS)
        sent = world.store.box(ask.segments[0], required_text(body, "patientId"), "sent")
        if sent:
            now = datetime.fromtimestamp(int(world.now()), UTC)
            kept = replace(sent[0], id=world.store.new_id(), subject=_subject(body), created=now)
            world.store.add(kept)


def _send(world: World, ask: Ask) -> Response:
    body = read_object(world, ask, _MEMBERS)
    tenant, patient = ask.segments[0], _patient(world, body)
    if world.injects("send-reaches-any-tenant"):
        tenant = tenant_of(world, patient, tenant)
    sender = read_sender(world, tenant, body, patient)
    recipients, copies = read_recipients(world, tenant, body)
    content = required_text(body, "content")
    if not world.store.knows(tenant, patient):
        raise bad_request("patientId names no patient.")
    check_content(world, content)
    before = _previous(world, tenant, patient, body)
    message_id = world.store.new_id()
    message = Message(
        id=message_id,
        tenant=tenant,
        patient_id=patient,
        box="sent",
        subject=_subject(body),
        content=content,
        created=datetime.fromtimestamp(int(world.now()), UTC),
        time_zone=_time_zone(world, ask),
        sender=sender,
        recipients=recipients,
        carbon_copies=copies,
        attachments=tuple(objects(body, "attachments")),
        priority=_priority(body),
        status="OPENED",
        conversation_id=before.conversation_id if before else f"{message_id}.conversation",
        previous_message_id=before.id if before else None,
        encounter_id=_carried(_encounter(body), before.encounter_id if before else None, before),
        responsible_personnel_id=_carried(
            text(body, "responsiblePersonnelId"),
            before.responsible_personnel_id if before else None,
            before,
        ),
    )
    message = _with_what_is_left(world, _as_kept(world, message), body)
    if before and world.injects("reply-deletes-the-message-before"):
        before.status = "DELETED"
    kinds = {one.type for one in recipients}
    lost = {
        "messages-to-group-inboxes-are-lost": "GROUPINBOX" in kinds,
        "messages-to-an-address-are-lost": "EMAIL" in kinds,
        "messages-from-a-zone-are-lost": message.time_zone != "UTC",
    }
    if world.injects("identical-messages-are-one"):
        for known in world.store.box(tenant, patient, "sent"):
            if known.content == message.content:
                return json_answer(201, {"id": known.id})
    if world.sendings > 1 or world.injects_any(lost):
        return json_answer(201, {"id": message_id})
    world.store.add(message, listed=not world.injects("sent-item-never-appears"))
    world.store.arrivals.add(message_id)
    world.write(message, None)
    world.messages_sent += 1
    seventh = world.messages_sent % 7 == 0 and world.injects("every-seventh-message-is-kept-twice")
    if seventh or world.injects("sent-message-kept-twice"):
        world.store.add(replace(message, id=world.store.new_id()))
    if world.messages_sent % 2 == 0 and world.injects("every-second-send-answers-another-id"):
        message_id = world.store.any_message(tenant).id
    return json_answer(201, {"id": message_id}, {"Location": f"../patientMessages/{message_id}"})


def _as_kept(world: World, message: Message) -> Message:
    """Return the message as it is stored: as it was sent, or as a defect has it."""
    misread = message.content.encode("utf-8", "replace").decode("latin-1")
    attached = tuple(one for one in message.attachments if one.get("content") != "")
    changes = world.changes(
        {
            "long-text-is-cut": {"content": message.content[:2000]},
            "long-content-is-cut": {"content": message.content[:20_000]},
            "attachment-of-zero-bytes-is-dropped": {"attachments": attached},
            "time-zone-labels-utc": {"created": _under_its_zone(message)},
            "messages-are-dated-early": {"created": message.created - timedelta(minutes=10)},
            "text-is-read-in-another-charset": {"content": misread},
            "copies-go-to-the-recipients": {
                "carbon_copies": message.carbon_copies + message.recipients
            },
            "sender-becomes-personnel": {"sender": Participant(message.sender.id, "PERSONNEL")},
        }
    )
    if message.previous_message_id:
        before = world.store.find(message.tenant, message.previous_message_id) or message
        changes |= world.changes(
            {
                "reply-has-the-earlier-time": {"created": before.created},
                "reply-goes-to-nobody": {"recipients": ()},
                "reply-has-the-earlier-subject": {"subject": before.subject},
                "reply-is-from-who-wrote-before": {"sender": before.sender},
                "reply-names-another-message": {"previous_message_id": message.id},
                "reply-leaves-the-conversation": {"conversation_id": f"{message.id}.conversation"},
                "reply-loses-the-encounter": {"encounter_id": None},
                "reply-loses-the-responsible": {"responsible_personnel_id": None},
            }
        )
    return replace(message, **changes)


def _with_what_is_left(world: World, message: Message, body: dict[str, Any]) -> Message:
    """Return the message with what a defect has left of those before it, where it has nothing of its own."""
    for defect, (name, attribute) in {
        "copies-of-the-last-message-are-kept": ("carbonCopyRecipients", "carbon_copies"),
        "priority-of-the-last-message-is-kept": ("priority", "priority"),
        "previous-of-the-last-message-is-kept": ("previousMessageId", "previous_message_id"),
    }.items():
        if world.injects(defect):
            if name in body:
                world.kept[name] = getattr(message, attribute)
            elif name in world.kept:
                message = replace(message, **{attribute: world.kept[name]})
    return message


def _under_its_zone(message: Message) -> datetime:
    """Return the instant at which the clock in the message's zone shows its time in UTC."""
    return message.created.replace(tzinfo=ZoneInfo(message.time_zone)).astimezone(UTC)


def _patient(world: World, body: dict[str, Any]) -> str:
    sender = body.get("messageSender")
    if "patientId" not in body and world.injects("send-without-patient-accepted"):
        return required_text(sender if isinstance(sender, dict) else {}, "id")
    return required_text(body, "patientId")


def _subject(body: dict[str, Any]) -> str:
    subject = body.get("subject", "")
    if not isinstance(subject, str):
        raise bad_request("subject must be a string.")
    return subject


def _priority(body: dict[str, Any]) -> Any:
    priority = body.get("priority", {"value": "NORMAL"})
    if not isinstance(priority, dict) or priority.get("value") not in ("HIGH", "NORMAL"):
        raise bad_request("the value of priority must be HIGH or NORMAL.")
    return priority["value"]


def _encounter(body: dict[str, Any]) -> str | None:
    if "encounter" not in body:
        return None
    encounter = body["encounter"]
    if not isinstance(encounter, dict):
        raise bad_request("encounter must be an object.")
    return required_text(encounter, "id")


def _time_zone(world: World, ask: Ask) -> str:
    """Return the zone in which the message was created: the header's, else the system's, UTC."""
    zone = ask.headers.get("oh-content-time-zone", world.default_zone)
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, LookupError):
        raise bad_request("oh-content-time-zone must be the name of an IANA zone.") from None
    if world.injects("time-zone-of-the-last-message-is-kept"):
        world.default_zone = zone
    return zone


def _previous(world: World, tenant: str, patient: str, body: dict[str, Any]) -> Message | None:
    message_id = text(body, "previousMessageId")
    if message_id is None:
        return None
    before = world.store.find(tenant, message_id)
    if before is None and world.injects("reply-to-unknown-message-accepted"):
        return None
    if before is None or before.patient_id != patient:
        raise bad_request("previousMessageId names no message of this patient.")
    if before.notification_type == "REMINDER" and not world.injects("reply-to-reminder-accepted"):
        raise bad_request("A reminder can't be replied to.")
    return before


def _carried(given: str | None, earlier: str | None, before: Message | None) -> str | None:
    if before is not None and given is not None and given != earlier:
        raise bad_request("A reply must keep the encounter and the responsible personnel.")
    return given or earlier
