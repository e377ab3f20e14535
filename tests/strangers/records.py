"""Messages as the service keeps them, and the two copies it keeps: the writer's and the readers'."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .clock import Clock


@dataclass(frozen=True)
class Participant:
    """A sender or a recipient."""

    id: str
    type: str
    display: str


@dataclass(frozen=True)
class Message:
    """One message or reminder, received or sent by a patient."""

    id: str
    tenant: str
    patient_id: str
    owner: str
    box: str  # "inbox" or "sent"
    kind: str  # "MESSAGE" or "REMINDER"
    subject: str
    content: str
    created: datetime
    zone: str
    sender: Participant
    recipients: tuple[Participant, ...]
    status: str = "UNREAD"
    priority: str = "NORMAL"
    remind: datetime | None = None
    due: datetime | None = None
    carbon_copies: tuple[Participant, ...] = ()
    encounter: dict[str, Any] | None = None
    organization: dict[str, Any] | None = None
    attachments: tuple[dict[str, Any], ...] = ()
    can_reply: bool = True
    conversation_id: str | None = None
    previous_id: str | None = None
    responsible_id: str | None = None
    version: int = 1
    recipient_version: int = 1

    @property
    def shown(self) -> datetime:
        """When it shows up: a reminder by its remind time, a message by its creation."""
        return self.remind or self.created


@dataclass(frozen=True)
class Patient:
    """A patient, and how many messages were there at the start."""

    name: str
    id: str
    tenant: str
    display: str
    inbox: int = 0
    sent: int = 0


@dataclass
class Store:
    """Everything that changes. A write reaches the readers' copy `lag` seconds later."""

    clock: Clock
    lag: float
    patients: dict[str, Patient] = field(default_factory=dict)
    truth: dict[str, Message] = field(default_factory=dict)
    _view: dict[str, Message] = field(default_factory=dict)
    _pending: list[tuple[datetime, Message]] = field(default_factory=list)
    _counter: int = 0

    def put(self, message: Message, *, at_once: bool = False) -> None:
        """Write a message: at once for the writer, later for the readers."""
        self.truth[message.id] = message
        if at_once or not self.lag:
            self._view[message.id] = message
        else:
            self._pending.append((self.clock.now() + timedelta(seconds=self.lag), message))

    def view(self) -> dict[str, Message]:
        """What readers see now."""
        now = self.clock.now()
        for due, message in self._pending:
            if due <= now:
                self._view[message.id] = message
        self._pending = [entry for entry in self._pending if entry[0] > now]
        return self._view

    def box(self, tenant: str, patient_id: str, box: str) -> list[Message]:
        """A patient's messages in one box."""
        return [
            message
            for message in self.view().values()
            if (message.tenant, message.patient_id, message.box) == (tenant, patient_id, box)
        ]

    def next_number(self) -> int:
        """A number that no message has had."""
        self._counter += 1
        return 720_564_000 + self._counter

    def knows_patient(self, tenant: str, patient_id: str) -> bool:
        """Is there such a patient in this tenant?"""
        return any((p.tenant, p.id) == (tenant, patient_id) for p in self.patients.values())
