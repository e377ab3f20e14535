"""The message store: what a patient received and sent, as plain records.

It holds facts only. How they look on the wire is the business of `views`, who may see or change
them that of the operations.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from golive.twin.names import PATIENT_NAMES, RECIPIENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

Status = Literal["UNREAD", "OPENED", "DELETED"]
Box = Literal["inbox", "sent"]


@dataclass(frozen=True)
class Participant:
    """Someone who sends or receives: ``type`` is PERSON, PERSONNEL, GROUPINBOX or EMAIL."""

    id: str
    type: str

    @property
    def display(self) -> str:
        """The name that people see; an e-mail address is its own name."""
        return RECIPIENTS.get((self.id, self.type)) or PATIENT_NAMES.get(self.id, self.id)


@dataclass
class Message:
    """One message or reminder in one patient's inbox or sent items; moments are aware, in UTC."""

    id: str
    tenant: str
    patient_id: str
    box: Box
    subject: str
    content: str
    created: datetime
    sender: Participant
    recipients: tuple[Participant, ...]
    conversation_id: str
    time_zone: str = "UTC"
    notification_type: Literal["MESSAGE", "REMINDER"] = "MESSAGE"
    priority: Literal["HIGH", "NORMAL"] = "NORMAL"
    status: Status = "UNREAD"
    carbon_copies: tuple[Participant, ...] = ()
    attachments: tuple[dict[str, Any], ...] = ()
    can_reply: bool = True
    previous_message_id: str | None = None
    encounter_id: str | None = None
    responsible_personnel_id: str | None = None
    organization: dict[str, Any] | None = None
    remind: datetime | None = None
    due: datetime | None = None
    version: int = 1
    recipient_version: int = 1

    @property
    def shown(self) -> datetime:
        """The moment that dates select and sort by: show-up of a reminder, else creation."""
        return self.remind or self.created


@dataclass
class Store:
    """All patients and messages of all tenants."""

    next_number: int = 720564485
    _patients: dict[tuple[str, str], dict[str, Message]] = field(default_factory=dict)
    _later: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)
    _earlier: dict[str, list[tuple[float, Message | None]]] = field(default_factory=dict)
    arrivals: set[str] = field(default_factory=set)

    def add_patient(
        self, tenant: str, patient_id: str, fill: Callable[[], None] | None = None
    ) -> None:
        """Make a patient known to a tenant; what may `fill` the boxes is called when somebody first looks at them."""
        self._patients[tenant, patient_id] = {}
        if fill:
            self._later[tenant, patient_id] = fill

    def _of(self, tenant: str, patient_id: str) -> dict[str, Message]:
        """Return a patient's messages by their ids."""
        fill = self._later.pop((tenant, patient_id), None)
        if fill:
            fill()
        return self._patients[tenant, patient_id]

    def _all(self, tenant: str) -> Iterator[tuple[str, dict[str, Message]]]:
        """Yield each patient of a tenant with the messages by their ids."""
        for owner, patient in self._patients:
            if owner == tenant:
                yield patient, self._of(owner, patient)

    def knows(self, tenant: str, patient_id: str) -> bool:
        """Whether the tenant has that patient."""
        return (tenant, patient_id) in self._patients

    def new_id(self) -> str:
        """Return an unused message id of the form that is seen in the documentation."""
        self.next_number += 7
        return f"{self.next_number}.1.5.prsnl"

    def add(self, message: Message, *, listed: bool = True) -> None:
        """Keep a message; one that is not ``listed`` can be read by its id only.

        Sending, unlike the population, also notes the id in ``arrivals``.
        """
        self._of(message.tenant, message.patient_id)[message.id] = message
        if not listed:
            self._hidden.add(message.id)

    def keep_showing(self, message: Message, earlier: Message | None, until: float) -> None:
        """Let readings show an earlier state of a message, or nothing of it, until that time."""
        self._earlier.setdefault(message.id, []).append((until, earlier))

    def shown(self, message: Message, now: float) -> Message | None:
        """Return the message as readings show it at that time, None where they do not show it."""
        states = self._earlier.get(message.id, ())
        return next((state for until, state in states if until > now), message)

    def box(self, tenant: str, patient_id: str, box: Box) -> list[Message]:
        """Return what is in one box of one patient, in the order in which it came."""
        messages = self._of(tenant, patient_id).values()
        return [m for m in messages if m.box == box and m.id not in self._hidden]

    def find(self, tenant: str, message_id: str) -> Message | None:
        """Return the message of that id, of whichever patient of the tenant, or None."""
        found = (messages.get(message_id) for _, messages in self._all(tenant))
        return next(filter(None, found), None)

    def neighbour(self, message: Message) -> Message:
        """Return another message of the same box; the same one where there is no other."""
        others = self.box(message.tenant, message.patient_id, message.box)
        return next((one for one in others if one.id != message.id), message)

    def any_patient(self, beginning: str = "") -> str:
        """Return some patient's id with that beginning, the same one each time."""
        return next((one for _, one in self._patients if one.startswith(beginning)), "")

    def any_message(self, tenant: str) -> Message:
        """Return some message of a tenant, the same one each time."""
        return next(message for _, of_one in self._all(tenant) for message in of_one.values())

    def sent_by_others(self, tenant: str, patient_id: str) -> list[Message]:
        """Return what other patients of the tenant have sent since the twin was started."""
        found = (self.find(tenant, one) for one in self.arrivals)
        return [message for message in found if message and message.patient_id != patient_id]

    def others(self, tenant: str, patient_id: str, box: Box = "inbox") -> list[Message]:
        """Return the messages in a box of the tenant's other patients."""
        return [
            message
            for patient, messages in self._all(tenant)
            if patient != patient_id
            for message in messages.values()
            if message.box == box and message.notification_type == "MESSAGE"
        ]
