"""The boxes of one patient, filled with messages and reminders: who writes, about what, and in which form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from golive.twin import names
from golive.twin.store import Message, Participant, Store

if TYPE_CHECKING:
    import random

_SUBJECTS = (
    "Question about your appointment",
    "Your form has arrived",
    "Please bring your list of medicines",
    "Directions to the clinic",
    "New opening hours",
    "We have received your request",
)

_PERSONNEL = tuple(Participant(*key) for key in names.RECIPIENTS if key[1] == "PERSONNEL")


def _page(text: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
        '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Message</title></head>'
        f"<body><p>{text}</p><p>This message is synthetic.</p></body></html>"
    )


@dataclass
class Writer:
    """Fills the boxes of one patient."""

    store: Store
    tenant: str
    patient: str
    now: datetime
    chance: random.Random

    def _base(self, age: timedelta, number: int) -> dict[str, Any]:
        message_id = self.store.new_id()
        subject = f"{self.chance.choice(_SUBJECTS)} ({number})"
        return {
            "id": message_id,
            "tenant": self.tenant,
            "patient_id": self.patient,
            "subject": subject,
            "content": _page(subject),
            "created": self.now - age,
            "conversation_id": f"{message_id}.conversation",
        }

    def received(self, age: timedelta, number: int, **more: Any) -> Message:
        """Put a message of that age into the inbox; `more` are its other members."""
        message = Message(
            **{
                **self._base(age, number),
                "box": "inbox",
                "sender": self.chance.choice(_PERSONNEL),
                "recipients": (Participant(self.patient, "PERSON"),),
                **more,
            }
        )
        self.store.add(message)
        return message

    def sent(self, age: timedelta, number: int, **more: Any) -> None:
        """Put a message of that age among the sent items; `more` are its other members."""
        message = Message(
            **{
                **self._base(age, number),
                "box": "sent",
                "status": "OPENED",
                "sender": Participant(self.patient, "PERSON"),
                "recipients": (self.chance.choice(_PERSONNEL),),
                **more,
            }
        )
        self.store.add(message)

    def reminder(self, age: timedelta, shown: timedelta, number: int) -> None:
        """Put a reminder of that age into the inbox that shows up `shown` ago."""
        self.received(
            age,
            number,
            subject=f"Reminder: yearly check ({number})",
            notification_type="REMINDER",
            can_reply=False,
            remind=self.now - shown,
            due=self.now - shown + timedelta(days=14),
        )
