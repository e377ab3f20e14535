"""Habits of clients that are more than another word in a request: the good client, with one thing done otherwise."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx

from suites.client.samples.sample import LOWER, Sample, instant

if TYPE_CHECKING:
    from suites.client.samples.calling import Call


class TokenForEachCall(Sample):
    """Asks for a token before each call."""

    def token(self) -> str:
        """Return a new token."""
        self.held = ""
        return super().token()


class NeverRenews(Sample):
    """Uses its first token for ever, whatever is answered, and once more after a wait of so many seconds."""

    wait = 1.2

    def token(self) -> str:
        """Return the first token."""
        if not self.held:
            self.held = str(self.answered(self.token_call()).json()["access_token"])
        return self.held

    def work(self) -> None:
        """List twice, and once more when the token has ended."""
        self.listed("listInboxItems", self.patient)
        self.pause(self.wait)
        self.listed("listInboxItems", self.patient)


class Hasty(Sample):
    """Repeats a request at once, whatever Retry-After says."""

    def pause(self, seconds: float) -> None:
        """Wait for nothing."""


class Repeats(Sample):
    """Sends again at once what was answered with a status `after` these, so many `times` at most."""

    after = (400, 599)
    times = 1

    def send(self, call: Call) -> httpx.Response:
        """Send until another status comes."""
        first, last = self.after
        answer = super().send(call)
        for _ in range(self.times):
            if first <= answer.status_code <= last:
                answer = super().send(call)
        return answer


class WritesTwice(Sample):
    """Sends each message twice, as a double click does."""

    def send(self, call: Call) -> httpx.Response:
        """Send a message twice."""
        if call.name == "sendMessage":
            super().send(call)
        return super().send(call)


class SameTokenAfterRefusal(Sample):
    """Sends a refused token again."""

    def send(self, call: Call) -> httpx.Response:
        """Send again with the same token."""
        call.headers["opc-request-id"] = uuid.uuid4().hex
        call.authorization = f"Bearer {self.token()}x"
        self.answered(call)
        return self.answered(call)


class LoopsOnRefusal(Sample):
    """Asks for a fresh token after each 401, without end."""

    def send(self, call: Call) -> httpx.Response:
        """Send until it is not refused."""
        for _ in range(5):
            self.held = ""
            call.authorization = f"Bearer {self.token()}"
            answer = self.answered(call)
            if answer.status_code != httpx.codes.UNAUTHORIZED:
                break
        return answer


class GivesUpAtOnce(Sample):
    """Stops at the first 401."""

    def send(self, call: Call) -> httpx.Response:
        """Send once."""
        call.authorization = f"Bearer {self.token()}"
        answer = self.answered(call)
        answer.raise_for_status()
        return answer


class LoopsOnRefusedCredential(Sample):
    """Asks for a token again and again with a credential that was refused."""

    def work(self) -> None:
        """Ask five times."""
        for _ in range(5):
            self.answered(self.token_call())


class FollowsRedirects(Sample):
    """Follows each redirect with its token."""

    def answered(self, call: Call) -> httpx.Response:
        """Send, and send to where the answer leads."""
        answer = super().answered(call)
        if answer.is_redirect:
            call.url, call.query = answer.headers["Location"], {}
            answer = super().answered(call)
        return answer


class EncodesTwice(Sample):
    """Encodes an id that is encoded already."""

    def read(self, message_id: str) -> dict[str, Any]:
        """Read by an id that is encoded twice."""
        return super().read(f"{message_id}%20")


class RawUrl(Sample):
    """Writes ids into URLs as they are."""

    def written(self, call: Call) -> httpx.Request:
        """Write a request for a message with characters that no URL may have."""
        request = super().written(call)
        if call.name == "getMessage":
            request.extensions["target"] = request.url.raw_path + b'|"{a}"'
        return request


class AnswersReminders(Sample):
    """Offers an answer to a reminder."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:  # noqa: ARG002
        """Answer the first reminder."""
        since = instant(datetime.now(UTC) - timedelta(days=89))
        query = {LOWER: since, "notificationType": "REMINDER"}
        found = self.listed("listInboxItems", self.patient, **query)
        self.send(self.message("Re: reminder", "Done.", previousMessageId=found[0]["id"]))


class MarksTooMany(Sample):
    """Marks everything in one request."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark more than a hundred."""
        self.mark(self.patient, (items * 101)[:101])


class MarksOfAnother(Sample):
    """Marks messages of one patient under another's id."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark as another patient."""
        self.mark(self.offered["GOLIVE_WRITE_PATIENT"], items[:1])


class OldVersions(Sample):
    """Counts versions itself."""

    def after_polling(self, items: list[dict[str, Any]]) -> None:
        """Mark with the version after the one that was read."""
        first = items[0]
        self.mark(
            self.patient, [{**first, "notificationVersion": first["notificationVersion"] + 1}]
        )
