"""A good client of the Messages API, small: what each bad habit of `golive.client.habits` differs from.

It works at a twin on this machine, nowhere else. One day of it lists, reads, marks, validates, sends and answers.
"""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import httpx

from golive.environment import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
OVERLAP = timedelta(minutes=5)
AHEAD = 60.0
"""Seconds before its end at which a token is renewed."""

TRIES = 4
"""Repetitions of a request that may be repeated."""

DOCUMENT = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
    '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{subject}</title></head>'
    "<body><p>{text}</p></body></html>"
)


@dataclass
class Call:
    """A request before it is written: `name` is the operationId, `token` or another word of the client's own."""

    name: str
    method: str
    url: str
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    form: dict[str, str] | None = None
    body: Any = None
    text: str | None = None
    authorization: str | None = None


def instant(moment: datetime) -> str:
    """Write a bound: UTC, in whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def wait(answer: httpx.Response) -> float:
    """Return the seconds that an answer asks to wait, as a number or as a date; 1 where it does not say."""
    said = answer.headers.get("Retry-After", "1")
    if said.isdecimal():
        return float(said)
    until = parsedate_to_datetime(said)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


def members(answer: httpx.Response) -> dict[str, Any]:
    """Return what a success says; nothing where it is a page of something in between."""
    try:
        found = answer.json() if answer.is_success else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


class Sample:
    """The client; `offered` is what `golive client` offers, `pause` waits so many seconds.

    Raises ValueError for an address that is not on this machine.
    """

    def __init__(
        self, offered: Mapping[str, str], transport: httpx.BaseTransport | None = None
    ) -> None:
        for name in ("GOLIVE_TOKEN_URL", "GOLIVE_API_URL"):
            if not is_loopback(urlsplit(offered[name]).hostname or ""):
                raise ValueError(f"{name} is no address of this machine")
        self.offered = offered
        self.api = offered["GOLIVE_API_URL"]
        self.patient = offered["GOLIVE_PATIENT"]
        self.http = httpx.Client(
            transport=transport, headers={"User-Agent": "sample/1.0"}, timeout=10, trust_env=False
        )
        self.held = ""
        self.ends = 0.0
        self.pause = time.sleep

    # ---- The token ----

    def token_call(self) -> Call:
        """Return the request for a token."""
        form = {"grant_type": "client_credentials", "scope": self.offered["GOLIVE_SCOPE"]}
        call = Call("token", "POST", self.offered["GOLIVE_TOKEN_URL"], form=form)
        call.headers["Accept"] = JSON
        call.authorization = self.basic()
        return call

    def basic(self) -> str:
        """Return HTTP Basic of the account."""
        pair = self.offered["GOLIVE_CLIENT_ID"], self.offered["GOLIVE_CLIENT_SECRET"]
        made = next(httpx.BasicAuth(*pair).auth_flow(httpx.Request("GET", self.api)))
        return made.headers["Authorization"]

    def token(self) -> str:
        """Return a token that is good for a while; raises httpx.HTTPStatusError where none is granted."""
        if not self.held or time.monotonic() > self.ends - AHEAD:
            answer = self.patiently(self.token_call())
            answer.raise_for_status()
            granted = answer.json()
            self.held = granted["access_token"]
            self.ends = time.monotonic() + granted["expires_in"]
        return self.held

    # ---- Requests ----

    def written(self, call: Call) -> httpx.Request:
        """Write a request."""
        headers = {**call.headers}
        if call.authorization is not None:
            headers["Authorization"] = call.authorization
        body: dict[str, Any] = {}
        if call.text is not None:
            body["content"] = call.text.encode()
        elif call.form is not None:
            body["data"] = call.form
        elif call.body is not None:
            body["json"] = call.body
        request = self.http.build_request(
            call.method, call.url, params=call.query or None, headers=headers, **body
        )
        for name in ("Accept", "User-Agent", "Content-Type"):
            if headers.get(name) == "":
                del request.headers[name]
        return request

    def answered(self, call: Call) -> httpx.Response:
        """Send a request once and return its answer."""
        return self.http.send(self.written(call), follow_redirects=False)

    def send(self, call: Call) -> httpx.Response:
        """Send a call of the API: once more with a fresh token after a 401, and a reading again after a while.

        Raises httpx.HTTPStatusError where the fresh token is refused as well.
        """
        call.headers = {"Accept": JSON, "opc-request-id": uuid.uuid4().hex} | call.headers
        call.authorization = f"Bearer {self.token()}"
        answer = self.answered(call)
        if answer.status_code == httpx.codes.UNAUTHORIZED:
            self.held = ""
            call.authorization = f"Bearer {self.token()}"
            answer = self.answered(call)
            if answer.status_code == httpx.codes.UNAUTHORIZED:  # nothing but a person can cure it
                answer.raise_for_status()
        return self.patiently(call, answer) if call.method == "GET" else answer

    def patiently(self, call: Call, answer: httpx.Response | None = None) -> httpx.Response:
        """Return the answer to a call that may be repeated, after as many waits as it takes, and some at most."""
        answer = answer or self.answered(call)
        for _ in range(TRIES):
            page = call.name.startswith("list") and answer.is_success and not members(answer)
            if answer.status_code not in (429, 503) and not page:
                break
            self.pause(wait(answer))
            answer = self.answered(call)
        return answer

    # ---- What it does in a day ----

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


LOWER, UPPER = "createDateTimeGreaterThanOrEqualTo", "createDateTimeLessThanOrEqualTo"
