"""Sending, replying and forwarding (facts 2.4)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from . import bodies, content
from .problems import Problem, bad_request
from .records import Message, Participant, Store
from .render import Renderer
from .wire import Reply, json_reply
from .world import DOCUMENT, STAFF, message_id

if TYPE_CHECKING:
    from .bodies import Json
    from .personality import Personality
    from .wire import Call

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;.]+(\.[^@\s<>,;.]+)+")
_MEMBERS = {
    "attachments",
    "carbonCopyRecipients",
    "content",
    "messageSender",
    "patientId",
    "previousMessageId",
    "priority",
    "recipients",
    "subject",
}


class Sender:
    """Takes a new message of a patient, or says what is wrong with it."""

    def __init__(self, store: Store, personality: Personality) -> None:
        self._store, self._personality = store, personality

    def send(self, call: Call, tenant: str) -> Reply:
        """Validate a message, store it and answer."""
        body = bodies.json_object(call, self._personality)
        bodies.only(body, _MEMBERS, strict=self._personality.strict_bodies)
        patient_id = bodies.needed(body, "patientId")
        if not self._store.knows_patient(tenant, patient_id):
            status = 404 if self._personality.unknown_patient == "404" else 400
            raise Problem(status, "PatientNotFound", "The patient is unknown.")
        written = bodies.needed(body, "content")
        content.check(written, documents_only=self._personality.documents_only)
        sender = self._sender(body, patient_id)
        recipients, copies = self._recipients(body)
        previous = self._previous(body, tenant, patient_id)
        number = self._store.next_number()
        subject = bodies.text(body, "subject", required=False) or ""
        message = Message(
            id=message_id(number, self._personality),
            tenant=tenant,
            patient_id=patient_id,
            owner=patient_id,
            box="sent",
            kind="MESSAGE",
            subject=subject,
            content=_rewritten(written) if self._personality.content_rewritten else written,
            created=self._store.clock.now(),
            zone=self._zone(call),
            sender=sender,
            recipients=recipients,
            carbon_copies=copies,
            status="OPENED",
            priority=self._priority(body),
            encounter=previous.encounter if previous else None,
            attachments=self._attachments(body),
            can_reply=False,
            conversation_id=previous.conversation_id if previous else str(5_000_000 + number),
            previous_id=previous.id if previous else None,
            responsible_id=previous.responsible_id if previous else None,
        )
        self._store.put(message)
        if previous and previous.box == "inbox" and self._personality.reply_opens:
            moved = previous.recipient_version + 1
            self._store.put(replace(previous, status="OPENED", recipient_version=moved))
        return self._answer(call, message)

    def _participant(self, value: object, where: str, types: set[str]) -> tuple[str, str]:
        member = bodies.an_object(value, where)
        names = self._personality.participant_id, self._personality.participant_type
        identity, kind = (bodies.needed(member, name, where=f"{where}.") for name in names)
        bodies.only(member, set(names), strict=self._personality.strict_bodies)
        if kind not in types:
            raise bad_request(
                "InvalidParameter", f"{where}.{names[1]} must be one of {', '.join(sorted(types))}."
            )
        return identity, kind

    def _sender(self, body: Json, patient_id: str) -> Participant:
        if body.get("messageSender") is None:
            raise bad_request("MissingParameter", "messageSender is required.")
        identity, kind = self._participant(body["messageSender"], "messageSender", {"PERSON"})
        patient = next(
            (p for p in self._store.patients.values() if p.id == identity == patient_id), None
        )
        if patient is None:
            raise bad_request("InvalidSender", "The sender is neither the patient nor a proxy.")
        return Participant(identity, kind, patient.display)

    def _recipients(self, body: Json) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
        new = self._personality.generation == "new"
        types = {"PERSONNEL", "GROUPINBOX"} | ({"EMAIL"} if new else set())
        lists = []
        for name in ("recipients", "carbonCopyRecipients"):
            values = bodies.a_list(body.get(name), name)
            pairs = [
                self._participant(each, f"{name}[{n}]", types) for n, each in enumerate(values)
            ]
            lists.append([_known(identity, kind) for identity, kind in pairs])
        if not lists[0]:
            raise bad_request("MissingParameter", "At least one recipient is required.")
        everyone = lists[0] + lists[1]
        emails = [each for each in everyone if each.type == "EMAIL"]
        if emails and len(everyone) > 1:
            raise bad_request(
                "InvalidRecipients", "An EMAIL recipient must be the only one in both lists."
            )
        return tuple(lists[0]), tuple(lists[1])

    def _previous(self, body: Json, tenant: str, patient_id: str) -> Message | None:
        previous_id = bodies.text(body, "previousMessageId", required=False)
        if previous_id is None:
            return None
        previous = self._store.truth.get(previous_id)
        if previous is None or previous.tenant != tenant:
            status = int(self._personality.unknown_message)
            raise Problem(status, "MessageNotFound", "The previous message does not exist.")
        if previous.patient_id != patient_id:
            raise bad_request(
                "InvalidPreviousMessage", "The previous message is another patient's."
            )
        if previous.kind == "REMINDER":
            raise bad_request("InvalidPreviousMessage", "A reminder can't be replied to.")
        if previous.box == "inbox" and not previous.can_reply:
            raise bad_request("ReplyNotAllowed", "This message can't be replied to.")
        encounter, responsible = body.get("encounter"), body.get("responsiblePersonnelId")
        if encounter is not None and encounter != previous.encounter:
            raise bad_request(
                "InvalidPreviousMessage", "The previous message has another encounter."
            )
        if responsible is not None and responsible != previous.responsible_id:
            raise bad_request(
                "InvalidPreviousMessage", "The previous message has another personnel."
            )
        return previous

    def _priority(self, body: Json) -> str:
        if body.get("priority") is None:
            return "NORMAL"
        name = self._personality.priority_member
        value = bodies.needed(
            bodies.an_object(body["priority"], "priority"), name, where="priority."
        )
        if value not in {"HIGH", "NORMAL"}:
            raise bad_request("InvalidParameter", f"priority.{name} must be HIGH or NORMAL.")
        return value

    def _attachments(self, body: Json) -> tuple[dict[str, Any], ...]:
        found = []
        for number, value in enumerate(bodies.a_list(body.get("attachments"), "attachments")):
            attachment = bodies.an_object(value, f"attachments[{number}]")
            member = self._personality.attachment_member
            if member:
                bodies.needed(attachment, member, where=f"attachments[{number}].")
            found.append(dict(attachment))
        return tuple(found)

    def _zone(self, call: Call) -> str:
        """The zone of the header of the newest generation, else the system's own."""
        name = call.header("oh-content-time-zone")
        if name is None or self._personality.generation != "new":
            return self._personality.zone
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as reason:
            raise bad_request(
                "InvalidParameter", "oh-content-time-zone is no IANA time zone."
            ) from reason
        return name

    def _answer(self, call: Call, message: Message) -> Reply:
        shown: Any = int(message.id) if self._personality.numeric_ids else message.id
        address = f"{call.url.partition('?')[0].rpartition('/')[0]}/{message.id}"
        match self._personality.send_answer:
            case "200-id":
                return json_reply(200, {"id": shown})
            case "201-location":
                return Reply(201, headers=[("location", address)])
            case "202":
                return Reply(202)
            case "204":
                return Reply(204)
            case "201-message":
                detail = Renderer(self._personality).detail(message, organizations=False)
                return json_reply(201, detail).with_headers({"location": address})
            case "200-other-name":
                return json_reply(200, {"patientMessageId": shown})
            case "201-items":
                return json_reply(201, {"items": [{"id": shown}]})
        return json_reply(201, {"id": shown})


def _known(identity: str, kind: str) -> Participant:
    if kind == "EMAIL":
        if not _ADDRESS.fullmatch(identity):
            raise bad_request("InvalidRecipients", "An EMAIL recipient needs a mail address.")
        return Participant(identity, kind, identity)
    for each in STAFF:
        if (each.id, each.type) == (identity, kind):
            return each
    raise bad_request("InvalidRecipients", "A recipient is unknown.")


def _rewritten(written: str) -> str:
    """What is left when the text went to RTF and back: the words, in a document of the service's own."""
    words = re.sub(
        r"\s+", " ", re.sub(r"<[^>]*>", " ", re.sub(r"(?s)<head.*?</head>", "", written))
    ).strip()
    return DOCUMENT.format(title="Message", text=words)
