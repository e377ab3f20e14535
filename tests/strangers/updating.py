"""Changing the status of messages (facts 2.5 and 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from . import bodies
from .problems import Problem, bad_request
from .wire import Reply, json_reply

if TYPE_CHECKING:
    from .personality import Personality
    from .records import Message, Store
    from .wire import Call

_MOST = 100


@dataclass(frozen=True)
class _Wanted:
    id: str
    version: int
    recipient_version: int


class Updater:
    """Puts messages of one owner into one status, all of them or none unless told otherwise."""

    def __init__(self, store: Store, personality: Personality) -> None:
        self._store, self._personality = store, personality

    def update(self, call: Call, tenant: str) -> Reply:
        """Validate the whole batch, then change it."""
        body = bodies.json_object(call, self._personality)
        strict = self._personality.strict_bodies
        bodies.only(body, {"messages", "patientId", "status"}, strict=strict)
        patient_id = bodies.needed(body, "patientId")
        status = bodies.needed(body, "status")
        if status not in {"UNREAD", "OPENED", "DELETED"}:
            raise bad_request("InvalidParameter", "status must be UNREAD, OPENED or DELETED.")
        wanted = self._wanted(body)
        found: list[Message] = []
        wrong: list[Problem] = []
        for each in wanted:
            try:
                found.append(self._message(each, tenant, patient_id, status))
            except Problem as problem:
                wrong.append(problem)
        if wrong and not self._personality.partial_batches:
            raise wrong[0]
        if len({message.owner for message in found}) > 1:
            raise bad_request("MixedOwners", "All messages must have the same owner.")
        for message in found:
            self._change(message, status)
        if wrong:
            wrong[0].details = [problem.message for problem in wrong]
            raise wrong[0]
        return self._answer([message.id for message in found], status)

    def _wanted(self, body: bodies.Json) -> list[_Wanted]:
        values = bodies.a_list(body.get("messages"), "messages")
        if not values:
            raise bad_request("MissingParameter", "messages is required.")
        if len(values) > _MOST:
            raise bad_request(
                "TooManyMessages", f"At most {_MOST} messages can be changed at once."
            )
        wanted = []
        for number, value in enumerate(values):
            where = f"messages[{number}]."
            simple = bodies.an_object(value, where.rstrip("."))
            wanted.append(
                _Wanted(
                    bodies.needed(simple, "id", where=where),
                    bodies.whole_number(simple, "notificationVersion", where=where),
                    bodies.whole_number(simple, "recipientNotificationVersion", where=where),
                )
            )
        if len({each.id for each in wanted}) < len(wanted):
            raise bad_request("InvalidParameter", "A message may be given once.")
        return wanted

    def _message(self, wanted: _Wanted, tenant: str, patient_id: str, status: str) -> Message:
        message = self._store.truth.get(wanted.id)
        if message is None or message.tenant != tenant:
            raise Problem(
                int(self._personality.unknown_message),
                "MessageNotFound",
                f"No message {wanted.id}.",
            )
        if message.patient_id != patient_id or message.box != "inbox":
            raise bad_request("WrongPatient", f"{wanted.id} is not in this patient's inbox.")
        if (message.version, message.recipient_version) != (
            wanted.version,
            wanted.recipient_version,
        ):
            raise Problem(
                self._personality.stale_version,
                "StaleVersion",
                f"{wanted.id} has changed meanwhile.",
            )
        if message.status == status and self._personality.same_state == "refused":
            raise bad_request("InvalidTransition", f"{wanted.id} is {status} already.")
        return message

    def _change(self, message: Message, status: str) -> None:
        if message.status == status and self._personality.same_state == "accepted":
            return
        step = 1 if self._personality.both_versions_move else 0
        self._store.put(
            replace(
                message,
                status=status,
                version=message.version + step,
                recipient_version=message.recipient_version + 1,
            )
        )

    def _answer(self, ids: list[str], status: str) -> Reply:
        match self._personality.update_body:
            case "object":
                return json_reply(200, {"updated": len(ids)})
            case "items":
                return json_reply(200, {"items": [{"id": each, "status": status} for each in ids]})
        return Reply(200)
