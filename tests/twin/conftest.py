"""One honest twin for all reading tests, fresh ones for what writes or lies, and a caller."""

import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from golive.twin import Twin

API = "api.cernermillennium.com"
SANDBOX = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
MESSAGE_SCOPE = "oraclehealth:millennium:message"
PAGE = (
    '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>Hello</title></head>'
    "<body><p>Good morning.<br/>Bye.</p></body></html>"
)


class Caller:
    """Talks to one twin as a client would."""

    keeps_for = 285.0
    """Seconds for which a token is used: half of what the twin says, as all tests may last longer than one lives."""

    def __init__(self, twin: Twin) -> None:
        self.twin = twin
        # Plain http only: an empty context saves the time to load certificates.
        self.http = httpx.Client(timeout=10, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._tokens: dict[str, tuple[str, float]] = {}

    def token_url(self, account: str = "system", *, hosts: str | None = API) -> str:
        known = self.twin.accounts[account]
        part = f"/hosts/{hosts}" if hosts else ""
        return (
            f"{self.twin.address}/{known.cloud_host}/tenants/{known.tenant}{part}"
            "/protocols/oauth2/profiles/smart-v1/token"
        )

    def ask_token(
        self,
        account: str = "system",
        *,
        url: str | None = None,
        scope: str = MESSAGE_SCOPE,
        hosts: str | None = API,
        **request: Any,
    ) -> httpx.Response:
        known = self.twin.accounts[account]
        request.setdefault("data", {"grant_type": "client_credentials", "scope": scope})
        if known.client_secret:
            request.setdefault("auth", (known.client_id, known.client_secret))
        if request.get("auth", "absent") is None:
            del request["auth"]
        return self.http.post(url or self.token_url(account, hosts=hosts), **request)

    def token(self, account: str = "system") -> str:
        token, since = self._tokens.get(account, ("", -self.keeps_for))
        if time.monotonic() - since >= self.keeps_for:
            known = self.twin.accounts[account]
            answer = self.ask_token(account, scope=" ".join(known.scopes))
            token = self.keep(answer.json()["access_token"], account)
        return token

    def keep(self, token: str, account: str = "system") -> str:
        """Use this token from now on."""
        self._tokens[account] = (token, time.monotonic())
        return token

    def forget(self) -> None:
        """Use none of the tokens of before."""
        self._tokens.clear()

    def api(
        self,
        method: str,
        path: str,
        *,
        token: str | None = "",
        tenant: str = SANDBOX,
        headers: dict[str, str] | None = None,
        namespace: str = "message/20241001",
        **request: Any,
    ) -> httpx.Response:
        sent = dict(headers or {})
        if token is not None:
            sent.setdefault("Authorization", f"Bearer {token or self.token()}")
        url = f"{self.twin.address}/{API}/{tenant}/{namespace}/{path}"
        return self.http.request(method, url, headers=sent, **request)

    def get(self, path: str, **request: Any) -> httpx.Response:
        return self.api("GET", path, **request)

    def inbox(self, patient: str = "12700100", **params: Any) -> list[dict[str, Any]]:
        answer = self.get("patientMessages/inboxItems", params={"patientId": patient, **params})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def sent(self, patient: str = "12700100", **params: Any) -> list[dict[str, Any]]:
        answer = self.get("patientMessages/sentItems", params={"patientId": patient, **params})
        assert answer.status_code == 200, answer.text
        return answer.json()["items"]

    def one(self, message_id: str, **params: Any) -> dict[str, Any]:
        answer = self.get(f"patientMessages/{message_id}", params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def inboxes(self, **request: Any) -> httpx.Response:
        return self.get("groupInboxes", namespace="recipient/20241001", **request)

    def validate(self, *recipients: tuple[str, str], **changes: Any) -> httpx.Response:
        named = [{"id": one, "recipientType": kind} for one, kind in recipients]
        body = {"category": "MESSAGES", "recipients": named, **changes}
        body = {name: value for name, value in body.items() if value != "ABSENT"}
        return self.api("POST", "actions/validateRecipients", json=body)

    def values(self, path: str = "", **request: Any) -> httpx.Response:
        return self.get(f"codeValues{path}", namespace="codeSystem/20240101", **request)

    def draft(self, **changes: Any) -> dict[str, Any]:
        body = {
            "patientId": "12700400",
            "messageSender": {"id": "12700400", "type": "PERSON"},
            "recipients": [{"id": "4463007", "type": "PERSONNEL"}],
            "subject": "A question",
            "content": PAGE,
        }
        body.update(changes)
        return {name: value for name, value in body.items() if value != "ABSENT"}

    def send(self, headers: dict[str, str] | None = None, **changes: Any) -> httpx.Response:
        return self.api(
            "POST", "patientMessages/sentItems", json=self.draft(**changes), headers=headers
        )

    def update(self, to: str, *items: dict[str, Any], **changes: Any) -> httpx.Response:
        entries = [
            {
                name: item[name]
                for name in ("id", "notificationVersion", "recipientNotificationVersion")
            }
            for item in items
        ]
        body = {"patientId": "12700400", "status": to, "messages": entries, **changes}
        return self.api("POST", "actions/updatePatientMessageStatus", json=body)


@pytest.fixture(scope="session")
def caller() -> Iterator[Caller]:
    """A caller of an honest twin that no test changes."""
    with Twin() as twin:
        known = Caller(twin)
        with known.http:
            yield known


@pytest.fixture
def calling() -> Iterator[Callable[..., Caller]]:
    """Make a caller of a fresh twin: ``calling(defects=[...])``."""
    with ExitStack() as stack:

        def make(**settings: Any) -> Caller:
            made = Caller(stack.enter_context(Twin(**settings)))
            stack.enter_context(made.http)
            return made

        yield make


@pytest.fixture
def writer(calling: Callable[..., Caller]) -> Caller:
    """A caller of a twin of its own, to write on."""
    return calling()


@pytest.fixture(scope="module")
def refuser() -> Iterator[Caller]:
    """A caller for requests that are refused and therefore change nothing."""
    with Twin() as twin:
        known = Caller(twin)
        with known.http:
            yield known


@pytest.fixture(scope="session")
def when() -> Callable[[dict[str, str]], datetime]:
    """Read a DateTimeWithZone."""

    def read(value: dict[str, str]) -> datetime:
        local = datetime.fromisoformat(value["dateTime"])
        assert local.tzinfo is None
        return local.replace(tzinfo=ZoneInfo(value["timeZone"])).astimezone(UTC)

    return read


@pytest.fixture(scope="session")
def instant() -> Callable[[float], str]:
    """Say the instant so many seconds from now as the API wants it."""

    def say(seconds: float) -> str:
        moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() + seconds, UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    return say


@pytest.fixture
def unknown() -> str:
    """A client id that nobody has."""
    return str(uuid.uuid4())
