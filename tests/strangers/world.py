"""The invented patients and their messages; the seed decides everything but today's date."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from .records import Message, Participant, Patient, Store

if TYPE_CHECKING:
    from random import Random

    from .accounts import Tenants
    from .clock import Clock
    from .personality import Personality

STAFF = (
    Participant("4122622", "PERSONNEL", "Okafor, Ada"),
    Participant("4122630", "PERSONNEL", "Lind, Maja"),
    Participant("88017", "GROUPINBOX", "Renewals Pool"),
)
_SUBJECTS = (
    "Lab result",
    "Your appointment",
    "Refill of a prescription",
    "Vaccination",
    "Question on diet",
)
_BIG = 1400  # every fifth is a reminder, and more than 1000 messages are wanted
_BIG_SENT = 1030
_AT_NIGHT = {index: timedelta(minutes=15 + 30 * order) for order, index in enumerate((4, 3, 2, 1))}
"""What was made in the two hours that have one name when the clocks go back: the newest first in number."""
DOCUMENT = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
    "<body><p>{text}</p></body></html>"
)


def build(random: Random, tenants: Tenants, personality: Personality, clock: Clock) -> Store:
    """A store with patients in every tenant of the production cloud."""
    store = Store(clock, personality.visible_after)
    maker = _Maker(random, personality, store, clock.now().replace(microsecond=0))
    for name, display, tenant, inbox, sent in (
        ("anna", "Vos, Anna", tenants.main, 24, 6),
        ("ben", "Tamm, Ben", tenants.main, 12, 3),
        ("cleo", "Ruiz, Cleo", tenants.main, 8, 2),
        ("empty", "Nobody, Nils", tenants.main, 0, 0),
        ("crowded", "Full, Frida", tenants.main, _BIG, _BIG_SENT),
        ("dora", "Away, Dora", tenants.second, 9, 2),
    ):
        patient = Patient(name, maker.patient_id(), tenant, display, inbox, sent)
        store.patients[name] = patient
        maker.fill(patient)
    return store


class _Maker:
    """Fills the boxes of patients with messages of every documented kind."""

    def __init__(
        self, random: Random, personality: Personality, store: Store, now: datetime
    ) -> None:
        self._random, self._personality, self._store, self._now = random, personality, store, now

    def patient_id(self) -> str:
        """An id in the personality's form."""
        return self._personality.patient_form.format(self._random.randint(12_000_000, 12_999_999))

    def fill(self, patient: Patient) -> None:
        """Make what a patient received and what he or she sent."""
        received = [self._received(patient, index) for index in range(patient.inbox)]
        for index in range(patient.sent):
            self._sent(patient, index, received[index * 3] if index < 2 else None)

    def _moment(self, index: int, total: int) -> datetime:
        """Most within the last 80 days, evenly spread; every eighth older than the default window."""
        if self._personality.hour_twice and index in _AT_NIGHT and total <= 1000:
            return _night(self._now, self._personality.zone) + _AT_NIGHT[index]
        if total > 1000:
            days = 0.2 + 79.5 * index / total
        else:
            days = 100 + 9.3 * index if index % 8 == 7 else 0.2 + 79.5 * index / total
        moment = self._now - timedelta(days=days, seconds=self._random.randint(0, 999))
        moment = moment.replace(microsecond=0 if index % 2 else 123_000)
        while _ambiguous(moment, self._personality.zone):
            moment -= timedelta(hours=3)
        return moment

    def _received(self, patient: Patient, index: int) -> Message:
        moment = self._moment(index, patient.inbox)
        reminder = index % 5 == 4
        owner = "90001" if self._personality.mixed_owners and index % 4 == 2 else patient.id
        number = self._store.next_number()
        message = Message(
            id=self.message_id(number),
            tenant=patient.tenant,
            patient_id=patient.id,
            owner=owner,
            box="inbox",
            kind="REMINDER" if reminder else "MESSAGE",
            subject=f"{_SUBJECTS[index % len(_SUBJECTS)]} {index + 1}",
            content=DOCUMENT.format(title="Message", text=f"Invented text no. {index + 1}."),
            # A reminder was made some days before it shows up.
            created=moment - timedelta(days=3) if reminder else moment,
            remind=moment if reminder else None,
            due=moment + timedelta(days=7) if index % 6 == 1 else None,
            zone=self._personality.zone,
            sender=STAFF[index % 2],
            recipients=(Participant(patient.id, "PERSON", patient.display),),
            status=("UNREAD", "OPENED", "UNREAD", "DELETED")[index % 4],
            priority="HIGH" if index % 3 == 0 else "NORMAL",
            encounter={"id": str(97_000_000 + index)} if index % 3 == 1 else None,
            organization=_organization(index) if index % 2 == 0 or index % 3 == 1 else None,
            attachments=_attachments(number) if index % 7 == 3 else (),
            can_reply=self._personality.can_reply == "some" and not reminder and index % 6 != 5,
            conversation_id=str(5_000_000 + number),
            responsible_id=STAFF[0].id if index % 3 == 1 else None,
            version=self._personality.first_version + index % 3,
            recipient_version=self._personality.first_version + index % 2,
        )
        self._store.put(message, at_once=True)
        return message

    def _sent(self, patient: Patient, index: int, answered: Message | None) -> None:
        number = self._store.next_number()
        moment = self._moment(index, patient.sent)
        if answered is not None:
            moment = max(moment, answered.created + timedelta(minutes=7))
        subject = f"Re: {answered.subject}" if answered else f"Question {index + 1}"
        message = Message(
            id=self.message_id(number),
            tenant=patient.tenant,
            patient_id=patient.id,
            owner=patient.id,
            box="sent",
            kind="MESSAGE",
            subject=subject,
            content=DOCUMENT.format(
                title="Message", text=f"An invented question, no. {index + 1}."
            ),
            created=moment,
            zone=self._personality.zone,
            sender=Participant(patient.id, "PERSON", patient.display),
            recipients=(STAFF[index % len(STAFF)],),
            carbon_copies=(STAFF[1],) if index % 3 == 0 else (),
            status="OPENED",
            priority="HIGH" if index % 4 == 0 else "NORMAL",
            encounter=answered.encounter if answered else None,
            can_reply=False,
            conversation_id=answered.conversation_id if answered else str(5_000_000 + number),
            previous_id=answered.id if answered else None,
            responsible_id=answered.responsible_id if answered else None,
        )
        self._store.put(message, at_once=True)

    def message_id(self, number: int) -> str:
        """An id in the form of the documented example, or a bare number."""
        return message_id(number, self._personality)


def message_id(number: int, personality: Personality) -> str:
    """An id in the form of the documented example, or a bare number."""
    return str(number) if personality.numeric_ids else f"{number}.1.5.prsnl"


def _ambiguous(moment: datetime, zone: str) -> bool:
    """Does this local time come twice, when the clocks go back? Then no reader could tell which it is."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(fold=0).astimezone(UTC) != local.replace(fold=1).astimezone(UTC)


def _night(now: datetime, zone: str) -> datetime:
    """The beginning of the hour that came twice when the clocks last went back."""
    moment = now.replace(minute=0, second=0)
    while not _ambiguous(moment, zone):
        moment -= timedelta(hours=1)
    return moment - timedelta(hours=1)


def _organization(index: int) -> dict[str, Any]:
    return {
        "id": str(675_840 + index % 2),
        "display": ("North Clinic", "South Clinic")[index % 2],
        "orgTypes": [{"code": "CLIENT", "display": "Client"}],
    }


def _attachments(number: int) -> tuple[dict[str, Any], ...]:
    return (
        {
            "id": f"a{number}",
            "name": "leaflet.pdf",
            "contentType": "application/pdf",
            "size": 48_213,
        },
    )
