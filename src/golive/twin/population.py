"""Who lives in the twin and what is in their boxes, the same for the same seed, relative to now.

Every name is plainly invented. Ages are chosen so that each documented rule has something to show:
messages on both sides of 90 days, reminders whose show-up date differs from their creation, one
message dated in the future by a sending system whose clock runs ahead, more than 1,000 items.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from golive.twin import names
from golive.twin.boxes import Writer
from golive.twin.store import Participant

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.twin.store import Status, Store

CROWDED_INBOX = 1203
CROWDED_SENT = 1050
MANY = 105
"""Messages that can change their status at once: more than one call may name."""

_STATUSES: tuple[Status, ...] = ("UNREAD", "OPENED", "DELETED")
_ORGANIZATION: dict[str, Any] = {
    "id": "675844",
    "display": "Synthetic Clinic North",
    "orgTypes": ["FACILITY"],
}
_SOUTH = {"id": "675901", "display": "Synthetic Clinic South", "orgTypes": ["FACILITY"]}
_NO_SUMMER_TIME = "America/Phoenix"  # a zone with an offset and no ambiguous hour
_SUMMER_TIME = "America/New_York"


def _is_plain(moment: datetime) -> bool:
    """Whether the wall time there is that of one moment: not in the hour that the clocks go through twice."""
    local = moment.astimezone(ZoneInfo(_SUMMER_TIME))
    return local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset()


def _ordinary(writer: Writer) -> None:
    received = []
    for number in range(
        24
    ):  # the last 11 hours before the window's edge, which none crosses during a run
        age = timedelta(hours=3 + 93.3 * number, seconds=writer.chance.randrange(3000))
        received.append(
            writer.received(
                age,
                number,
                status=_STATUSES[number % 3],
                priority="HIGH" if number % 4 == 1 else "NORMAL",
                encounter_id="97953477" if number % 5 == 0 else None,
                organization=(_ORGANIZATION, None, _SOUTH, None)[number % 4],
                time_zone=_NO_SUMMER_TIME if number % 3 else "UTC",
            )
        )
    # Older than one of them in another zone, whose wall time is before its own.
    writer.received(timedelta(hours=99), 31, time_zone="UTC")
    # At any time of the year, some of them are from the other half of summer time.
    for number, days in enumerate((90.5, 120, 200, 250, 380, 700), start=24):
        age = timedelta(days=days)
        writer.received(
            age if _is_plain(writer.now - age) else age + timedelta(hours=3),
            number,
            status=_STATUSES[number % 3],
            time_zone=_SUMMER_TIME,
        )
    # Created long ago but shown lately; created and shown lately; still to be shown.
    writer.reminder(timedelta(days=130, minutes=7), timedelta(days=3), 1)
    writer.reminder(timedelta(days=40, minutes=11), timedelta(days=21), 2)
    writer.reminder(timedelta(days=9, minutes=13), timedelta(days=-5), 3)
    writer.received(timedelta(days=-2), 30, subject="Dated by a clock that runs ahead (30)")
    for number in range(8):
        age = timedelta(days=90.5) if number == 7 else timedelta(days=2 + 11 * number, hours=5)
        answered = received[number * 3]
        reply = number % 2 == 0 and number < 7
        writer.sent(
            age,
            number,
            priority="HIGH" if number % 3 == 1 else "NORMAL",
            previous_message_id=answered.id if reply else None,
            conversation_id=answered.conversation_id if reply else f"{number}.conversation",
            encounter_id=answered.encounter_id if reply else None,
            time_zone=_NO_SUMMER_TIME if number % 2 else "UTC",
        )

    writer.sent(timedelta(days=13, hours=7), 8, time_zone="UTC")


def _crowded(writer: Writer) -> None:
    for number in range(CROWDED_INBOX):
        writer.received(
            timedelta(hours=4, minutes=100 * number),
            number,
            status=_STATUSES[number % 3],
            priority="HIGH" if number % 10 == 0 else "NORMAL",
        )
    for number in range(CROWDED_SENT):
        writer.sent(timedelta(hours=5, minutes=110 * number), number)


def _writing(writer: Writer) -> None:
    # Its newest message is younger than any other patient's: a listing that mixes patients up
    # shows it first.
    for number in range(8):
        writer.received(timedelta(hours=1 + 60 * number), number, status=_STATUSES[number % 3])
    writer.received(
        timedelta(days=25, minutes=3),
        8,
        encounter_id="97953999",
        responsible_personnel_id="4463008",
    )
    writer.reminder(timedelta(days=30, minutes=5), timedelta(days=6), 9)
    for number in range(MANY):  # older than the others, so that a reader meets those first
        copied = number == MANY - 2  # the oldest but one
        writer.received(
            timedelta(days=40, hours=7 * number),
            10 + number,
            status="OPENED",
            carbon_copies=(Participant("4463008", "PERSONNEL"),) if copied else (),
            attachments=({"name": "form.txt", "content": "Rm9ybQ=="},) if copied else (),
        )


def more_messages(store: Store, count: int, *, now: float, seed: int) -> None:
    """Put so many further messages of the last 60 days into the ordinary patient's inbox."""
    chance = random.Random(seed)  # noqa: S311  (reproducible data, nothing secret)
    moment = datetime.fromtimestamp(int(now), UTC)
    writer = Writer(store, names.SANDBOX_TENANT, names.ORDINARY_PATIENT, moment, chance)
    for number in range(count):
        writer.received(timedelta(minutes=1) + timedelta(days=60) * (number / count), 1000 + number)


def populate(store: Store, *, now: float, seed: int) -> None:
    """Fill ``store`` with all patients; ``now`` in POSIX seconds, by the twin's clock."""
    moment = datetime.fromtimestamp(int(now), UTC)
    chance = random.Random(seed)  # noqa: S311  (reproducible data, nothing secret)
    # Numbers differ from seed to seed, so that nobody comes to rely on one.
    store.next_number += chance.randrange(1_000_000)
    for patient, fill in _PEOPLE.items():
        _move_in(Writer(store, names.SANDBOX_TENANT, patient, moment, chance), fill)
    _move_in(
        Writer(store, names.CUSTOMER_TENANT, names.CUSTOMER_PATIENT, moment, chance), _ordinary
    )


def populate_further(store: Store, tenant: str, number: int, *, now: float, seed: int) -> None:
    """Fill a further tenant with the people of the sandbox's and messages of its own.

    Their ids depend on the seed and the tenant's `number` alone, and not on which tenant was asked first.
    """
    moment = datetime.fromtimestamp(int(now), UTC)
    chance = random.Random(f"{seed} {tenant}")  # noqa: S311  (reproducible data, nothing secret)
    before, store.next_number = store.next_number, _FURTHER * (1 + number)
    for patient, fill in _PEOPLE.items():
        _move_in(Writer(store, tenant, patient, moment, chance), fill)
    store.next_number = before


_FURTHER = 1_000_000_000
"""More than any number of the messages of another tenant, and of what is sent."""

_RESERVED = 100_000
"""More than the numbers that a crowd takes."""

_PEOPLE: dict[str, Callable[[Writer], None] | None] = {
    names.ORDINARY_PATIENT: _ordinary,
    names.EMPTY_PATIENT: None,
    names.CROWDED_PATIENT: _crowded,
    names.WRITING_PATIENT: _writing,
}


def _move_in(writer: Writer, fill: Callable[[Writer], None] | None) -> None:
    """Make a patient known; the ids and the messages of a crowded one are the same whenever they are made."""
    store = writer.store
    if fill is not _crowded:
        store.add_patient(writer.tenant, writer.patient)
        if fill:
            fill(writer)
        return
    first, own = store.next_number, random.Random(writer.chance.random())  # noqa: S311

    def crowd() -> None:
        now, store.next_number = store.next_number, first
        _crowded(replace(writer, chance=own))
        store.next_number = now

    store.add_patient(writer.tenant, writer.patient, crowd)
    store.next_number += _RESERVED
