"""How a good client asks: by a token that is good for a while, again after a 401, and later where it has to wait."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
AHEAD = 60.0
"""Seconds before its end at which a token is renewed."""

TRIES = 4
"""Repetitions of a request that may be repeated."""


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


class Caller:
    """What asks; `offered` is what `golive client` offers, `transport` the way to a twin."""

    def __init__(self, offered: Mapping[str, str], transport: httpx.BaseTransport) -> None:
        self.offered = offered
        self.api = offered["GOLIVE_API_URL"]
        self.patient = offered["GOLIVE_PATIENT"]
        self.http = httpx.Client(
            transport=transport, headers={"User-Agent": "sample/1.0"}, timeout=10, trust_env=False
        )
        self.held = ""
        self.ends = 0.0

    def pause(self, seconds: float) -> None:
        """Wait so long."""
        time.sleep(seconds)

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
