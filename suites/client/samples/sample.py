"""A good client of the Messages API, small: what each bad habit of `habits.yaml` differs from.

One day of it lists, reads, marks, validates, sends and answers.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from suites.client.samples.calling import Call, Caller, members

LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
OVERLAP = timedelta(minutes=5)
DOCUMENT = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{subject}</title></head>'
    "<body><p>{text}</p></body></html>"
)


def instant(moment: datetime) -> str:
    """Write a bound: UTC, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Sample(Caller):
    """The client: what it does in a day."""

    def listed(self, name: str, patient: str, **query: str) -> list[dict[str, Any]]:
        """Return the messages of a list; of a full one, those of its halves."""
        asked_at = datetime.now(UTC)
        path = "inboxItems" if name == "listInboxItems" else "sentItems"
        named = {"patientId": patient, **query}
        answer = self.send(Call(name, "GET", f"{self.api}/patientMessages/{path}", named))
        found = members(answer)
        items = found.get("items") or []
        full = bool(found.get("hasMore")) or len(items) >= 1000
        if full and name == "listInboxItems":
            upper = query.get(UPPER)
            return self.halves(patient, query[LOWER], upper or instant(asked_at), items)
        return items

    def halves(
        self, patient: str, lower: str, upper: str, items: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Return the messages of both halves of a window, each once."""
        begin, end = datetime.fromisoformat(lower), datetime.fromisoformat(upper)
        middle = begin + (end - begin) / 2
        if end - begin < timedelta(seconds=2):
            return items
        halves = ((lower, instant(middle)), (instant(middle), upper))
        found = [
            one
            for low, high in halves
            for one in self.listed("listInboxItems", patient, **{LOWER: low, UPPER: high})
        ]
        return list({one["id"]: one for one in found}.values())

    def poll(self) -> list[dict[str, Any]]:
        """List the inbox three times, each window overlapping the one before."""
        since = datetime.now(UTC) - timedelta(days=60)
        new: dict[str, dict[str, Any]] = {}
        for _ in range(3):
            began = datetime.now(UTC)
            items = self.listed("listInboxItems", self.patient, **{LOWER: instant(since)})
            new |= {one["id"]: one for one in items}
            since = began - OVERLAP
        return list(new.values())

    def read(self, message_id: str) -> dict[str, Any]:
        """Return one message."""
        url = f"{self.api}/patientMessages/{quote(message_id, safe='')}"
        answer = self.send(Call("getMessage", "GET", url))
        return members(answer)

    def mark(self, patient: str, items: list[dict[str, Any]], status: str = "OPENED") -> None:
        """Give messages of a list a status."""
        names = ("id", "notificationVersion", "recipientNotificationVersion")
        messages = [{name: one[name] for name in names} for one in items]
        body = {"patientId": patient, "status": status, "messages": messages}
        url = f"{self.api}/actions/updatePatientMessageStatus"
        self.send(Call("updateMessageStatus", "POST", url, body=body))

    def message(self, subject: str, text: str, **more: Any) -> Call:
        """Return the request that sends a message of the patient's."""
        offered = self.offered
        recipient = {"id": offered["GOLIVE_RECIPIENT_ID"], "type": offered["GOLIVE_RECIPIENT_TYPE"]}
        body = {
            "patientId": self.patient,
            "messageSender": {"id": self.patient, "type": "PERSON"},
            "recipients": [recipient],
            "subject": subject,
            "content": DOCUMENT.format(subject=subject, text=text),
            "priority": {"value": "NORMAL"},
            **more,
        }
        call = Call("sendMessage", "POST", f"{self.api}/patientMessages/sentItems", body=body)
        call.headers["oh-content-time-zone"] = "America/Chicago"
        return call

    def validate(self) -> None:
        """Validate the recipient."""
        offered = self.offered
        kind = offered["GOLIVE_RECIPIENT_TYPE"]
        recipients = [{"id": offered["GOLIVE_RECIPIENT_ID"], "recipientType": kind}]
        body = {"category": "MESSAGES", "recipients": recipients}
        self.send(
            Call("validateRecipients", "POST", f"{self.api}/actions/validateRecipients", body=body)
        )

    def work(self) -> None:
        """Do all of it once."""
        items = self.poll()
        self.after_polling(items)
        self.listed("listSentItems", self.patient)
        self.validate()
        groups = f"{self.offered['GOLIVE_RECIPIENT_URL']}/groupInboxes"
        self.send(Call("listGroupInboxes", "GET", groups, {"name": "*"}))
        self.send(self.message("A question", "Is the appointment still on?"))
        self.send(self.message("Another question", "May I bring somebody?"))

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Read, mark and answer what is new."""
        answerable = next(one for one in items if one.get("notificationType") != "REMINDER")
        self.mark(self.patient, [answerable])
        read = self.read(answerable["id"])
        if read.get("canReply"):
            subject = f"Re: {read.get('subject', '')}"
            self.send(self.message(subject, "Thank you.", previousMessageId=answerable["id"]))

    def read_everything(self, patient: str) -> None:
        """List an inbox with more messages than a list may have."""
        since = instant(datetime.now(UTC) - timedelta(days=89))
        self.listed("listInboxItems", patient, **{LOWER: since})
