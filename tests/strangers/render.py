"""How a message looks in a list and alone. The names are the ones of section 9 unless told otherwise."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from .personality import Personality
    from .records import Message, Participant

_OPTIONAL_IN_DETAIL = (
    "attachments",
    "carbonCopyRecipients",
    "dueDateTime",
    "encounter",
    "organization",
    "previousMessageId",
    "remindDateTime",
    "responsiblePersonnel",
)
_OPTIONAL_IN_LISTS = ("encounter", "organization")
Json = dict[str, Any]


class Renderer:
    """Writes messages as JSON objects in the manner of a personality."""

    def __init__(self, personality: Personality) -> None:
        self._personality = personality

    def item(self, message: Message, *, organizations: bool) -> Json:
        """A message as an item of a list."""
        personality = self._personality
        item: Json = {
            "id": int(message.id) if personality.numeric_ids else message.id,
            "subject": message.subject,
            "status": message.status,
            "priority": message.priority
            if personality.plain_priority
            else {"value": message.priority},
            "createDateTime": self.moment(message.created, message.zone),
            "notificationType": message.kind,
            "sender": self._participant(message.sender),
            "notificationVersion": self._version(message.version),
            "recipientNotificationVersion": self._version(message.recipient_version),
        }
        if message.remind is not None:
            item["remindDateTime"] = self.moment(message.remind, message.zone)
        if message.box == "sent":
            item["recipients"] = [self._participant(each) for each in message.recipients]
        if personality.plain_dates_in_lists:
            item["createDateTime"] = _utc(message.created)
        item |= _present(
            encounter=message.encounter,
            organization=message.organization if organizations else None,
        )
        drops = personality.list_drops + (personality.sent_drops if message.box == "sent" else ())
        names = dict(personality.list_renames)
        item = {names.get(name, name): value for name, value in item.items() if name not in drops}
        return self._finish(item, _OPTIONAL_IN_LISTS)

    def detail(self, message: Message, *, organizations: bool) -> Json:
        """A message alone, with its content."""
        personality = self._personality
        detail: Json = {
            "canReply": message.can_reply,
            "content": message.content,
            "conversationId": message.conversation_id,
            "createDateTime": self.moment(message.created, message.zone),
            "id": int(message.id) if personality.numeric_ids else message.id,
            "notificationType": message.kind,
            "notificationVersion": self._version(message.version),
            "patientId": message.patient_id,
            "priority": message.priority
            if personality.plain_priority
            else {"value": message.priority},
            "recipientNotificationVersion": self._version(message.recipient_version),
            "recipients": [self._participant(each) for each in message.recipients],
            "sender": self._participant(message.sender),
            "status": message.status,
            "subject": message.subject,
        }
        detail |= _present(
            attachments=[dict(each) for each in message.attachments],
            carbonCopyRecipients=[self._participant(each) for each in message.carbon_copies],
            dueDateTime=message.due and self._due(message.due, message.zone),
            encounter=message.encounter,
            organization=message.organization if organizations else None,
            previousMessageId=message.previous_id,
            remindDateTime=message.remind and self.moment(message.remind, message.zone),
            responsiblePersonnel=message.responsible_id and {"id": message.responsible_id},
        )
        if message.box == "sent":
            for name in personality.sent_drops:
                detail.pop(name, None)
        if personality.detail_keeps is not None:
            # What the option asks for is filled (2.3, documented with the parameter).
            kept = {*personality.detail_keeps, "organization"}
            return {name: value for name, value in detail.items() if name in kept}
        return self._finish(detail, _OPTIONAL_IN_DETAIL)

    def _participant(self, participant: Participant) -> Json:
        shown: Json = {
            self._personality.participant_id: participant.id,
            self._personality.participant_type: participant.type,
            "display": participant.display,
        }
        return self._finish(shown, ())

    def _finish(self, value: Json, optional: tuple[str, ...]) -> Json:
        """Add what a personality puts into every object: nulls, or members nobody has heard of."""
        if self._personality.nulls:
            value = {**dict.fromkeys(optional), **value}
        if self._personality.extra_members:
            value |= {"etag": "7", "_links": {"self": "#"}, "audit": [{"by": "system", "n": 1.5}]}
        return value

    def _version(self, number: int) -> int | float:
        return float(number) if self._personality.decimal_versions else number

    def _due(self, moment: datetime, zone: str) -> Json:
        if self._personality.due_on_a_day:
            return {"dateTime": moment.astimezone(ZoneInfo(zone)).date().isoformat()}
        return self.moment(moment, zone)

    def moment(self, moment: datetime, zone: str) -> Json:
        """A `DateTimeWithZone`: local time and the zone it is local to."""
        local = moment.astimezone(ZoneInfo(zone))
        seconds, millis = local.strftime("%Y-%m-%dT%H:%M:%S"), f"{local.microsecond // 1000:03d}"
        match self._personality.date_form:
            case "local-millis":
                text = f"{seconds}.{millis}"
            case "local-colon-z":  # Oracle's own, faulty pattern (facts 2.3)
                text = f"{seconds}:{millis}Z"
            case "utc-z":
                text = _utc(moment)
            case "small":
                text = seconds.lower()
            case _:
                text = seconds
        match self._personality.zone_as:
            case "offset":
                zone = _offset(local)
            case "windows":
                zone = "Central Standard Time"
        return {"dateTime": text, self._personality.zone_member: zone}


def _offset(local: datetime) -> str:
    return f"{local:%z}"[:3] + ":" + f"{local:%z}"[3:5]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _present(**members: Any) -> Json:
    return {name: value for name, value in members.items() if value}
