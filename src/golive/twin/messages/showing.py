"""How a stored message is shown: as an item of a list, and in full (contract-facts §2.3, §9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from golive.twin.store import Message, Participant


def moment(value: datetime, time_zone: str) -> dict[str, str]:
    """Return a DateTimeWithZone: local wall time without an offset, and its IANA zone."""
    local = value if time_zone == "UTC" else value.astimezone(ZoneInfo(time_zone))
    return {
        "dateTime": local.replace(tzinfo=None).isoformat(timespec="milliseconds"),
        "timeZone": time_zone,
    }


def _participant(participant: Participant) -> dict[str, str]:
    return {"id": participant.id, "type": participant.type, "display": participant.display}


def list_item(message: Message, *, with_organization: bool = False) -> dict[str, Any]:
    """Return the message as an item of the inbox or of sent items."""
    item: dict[str, Any] = {
        "id": message.id,
        "notificationType": message.notification_type,
        "subject": message.subject,
        "status": message.status,
        "priority": {"value": message.priority},
        "createDateTime": moment(message.created, message.time_zone),
        "sender": _participant(message.sender),
        "notificationVersion": message.version,
        "recipientNotificationVersion": message.recipient_version,
    }
    if message.remind:
        item["remindDateTime"] = moment(message.remind, message.time_zone)
    if message.encounter_id:
        item["encounter"] = {"id": message.encounter_id}
    if with_organization and message.organization:
        item["organization"] = message.organization
    return item


def detail(message: Message, *, with_organization: bool = False) -> dict[str, Any]:
    """Return the whole message."""
    document = {
        **list_item(message, with_organization=with_organization),
        "patientId": message.patient_id,
        "conversationId": message.conversation_id,
        "content": message.content,
        "recipients": [_participant(one) for one in message.recipients],
        "carbonCopyRecipients": [_participant(one) for one in message.carbon_copies],
        "attachments": list(message.attachments),
        "canReply": message.can_reply,
    }
    if message.previous_message_id:
        document["previousMessageId"] = message.previous_message_id
    if message.responsible_personnel_id:
        document["responsiblePersonnelId"] = message.responsible_personnel_id
    if message.due:
        document["dueDateTime"] = moment(message.due, message.time_zone)
    return document
