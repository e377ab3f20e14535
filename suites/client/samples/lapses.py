"""Habits by which a client loses, repeats or misplaces something: the good client, with one thing done otherwise."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from suites.client.samples.behaviours import GivesUpAtOnce
from suites.client.samples.sample import LOWER, UPPER, Sample, instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

    from suites.client.samples.calling import Call


class MarksTwice(Sample):
    """Changes a status again with the versions of before the change."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark a message as opened, and as unread again."""
        self.mark(self.patient, items[:1])
        self.mark(self.patient, items[:1], "UNREAD")


class MarksSent(Sample):
    """Marks what the patient has sent."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark the first sent item."""
        sent = self.listed("listSentItems", self.patient)[0]
        names = ("notificationVersion", "recipientNotificationVersion")
        self.mark(self.patient, [{**{name: items[0][name] for name in names}, **sent}])


class LeavesConflicts(Sample):
    """Takes a conflict for done."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark a message, and nothing else."""
        self.mark(self.patient, items[:1])

    def listed(self, name: str, patient: str, **query: str) -> list[dict[str, Any]]:
        """List the inbox alone."""
        return super().listed(name, patient, **query) if name == "listInboxItems" else []


class RepliesForAnother(Sample):
    """Answers a message of one patient in another's name."""

    def message(self, subject: str, text: str, **more: Any) -> Call:
        """Write a message of another patient's."""
        call = super().message(subject, text, **more)
        if "previousMessageId" in more:
            other = self.offered["GOLIVE_WRITE_PATIENT"]
            call.body |= {"patientId": other, "messageSender": {"id": other, "type": "PERSON"}}
        return call


class RepliesElsewhere(Sample):
    """Answers in an encounter of its own."""

    def message(self, subject: str, text: str, **more: Any) -> Call:
        """Write an encounter into a reply."""
        own = {"encounter": {"id": "1"}} if "previousMessageId" in more else {}
        return super().message(subject, text, **more, **own)


class SendsToAnybody(Sample):
    """Sends to a recipient, whatever its validation says."""

    def __init__(self, offered: Mapping[str, str], transport: httpx.BaseTransport) -> None:
        super().__init__({**offered, "GOLIVE_RECIPIENT_ID": "999999"}, transport)


class StopsAtExpiry(GivesUpAtOnce):
    """Stops at the first 401 of a token that worked."""

    def send(self, call: Call) -> httpx.Response:
        """Send once."""
        call.headers = {"opc-request-id": uuid.uuid4().hex} | call.headers
        return super().send(call)


class TakesPagesForEmpty(StopsAtExpiry):
    """Takes whatever comes with 200 for a list, a page for an empty one."""

    def poll(self) -> list[dict[str, Any]]:
        """List a window, and once what came since."""
        now = datetime.now(UTC)
        found = self.listed("listInboxItems", self.patient, **{LOWER: instant(now - timedelta(60))})
        self.pause(3)
        self.listed("listInboxItems", self.patient, **{LOWER: instant(now)})
        return found


class PollsWithoutPause(Sample):
    """Lists the same window without a pause."""

    def poll(self) -> list[dict[str, Any]]:
        """List a dozen times."""
        since = instant(datetime.now(UTC) - timedelta(days=60))
        found = [self.listed("listInboxItems", self.patient, **{LOWER: since}) for _ in range(12)]
        return found[-1]


class RefreshesItsToken(Sample):
    """Sends its token as a refresh token when it should ask for a new one."""

    def validate(self) -> None:
        """Try to refresh."""
        call = self.token_call()
        call.form = {"grant_type": "refresh_token", "refresh_token": self.held}
        self.answered(call)
        super().validate()


class HalvesOnce(Sample):
    """Asks for the newer half of a full window alone."""

    def halves(
        self, patient: str, lower: str, upper: str, items: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return the messages of the newer half."""
        begin, end = datetime.fromisoformat(lower), datetime.fromisoformat(upper)
        middle = instant(begin + (end - begin) / 2)
        if end - begin < timedelta(hours=1):
            return items
        return self.listed("listInboxItems", patient, **{LOWER: middle, UPPER: upper})


class Gaps(Sample):
    """Lists windows that do not meet."""

    def poll(self) -> list[dict[str, Any]]:
        """List three windows with days between them."""
        now = datetime.now(UTC)
        windows = ((60, 40), (38, 20), (18, 0))
        found: list[dict[str, Any]] = []
        for begin, end in windows:
            low, high = (instant(now - timedelta(days=days)) for days in (begin, end))
            found += self.listed("listInboxItems", self.patient, **{LOWER: low, UPPER: high})
        return found


class TakesThousand(Sample):
    """Takes a full list for all there is."""

    def halves(self, *arguments: Any) -> list[dict[str, Any]]:
        """Return what came."""
        return list(arguments[-1])


class CutsIds(Sample):
    """Keeps the number that an id begins with."""

    def read(self, message_id: str) -> dict[str, Any]:
        """Read by a part of the id."""
        return super().read(message_id.partition(".")[0])


class ReadsAgain(Sample):
    """Reads each message again with each poll."""

    def read(self, message_id: str) -> dict[str, Any]:
        """Read seven times."""
        for _ in range(6):
            super().read(message_id)
        return super().read(message_id)
