"""Journals of clients: of the sample clients at a twin, and made by hand from a few words."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from golive.client.habits import exchanges_of, good_clients
from golive.client.judging import judge
from golive.contract.document import Contract
from golive.exchanges.headers import Headers
from golive.exchanges.model import Exchange, Request, Response
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Iterable

CONTRACT = Contract(resources() / "schemas")
TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
API = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
TOKEN_URL = (
    f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com"
    "/protocols/oauth2/profiles/smart-v1/token"
)
START = datetime(2026, 11, 26, 12, tzinfo=UTC)


class Day:
    """A journal that is written by hand: each call adds a request, so many seconds after the start."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def ask(
        self,
        at: float,
        method: str,
        url: str,
        *,
        status: int = 200,
        headers: Any = (),
        body: Any = b"",
        answer: Any = None,
        answered: Any = (),
        seconds: float = 0.1,
        broken: str | None = None,
    ) -> Exchange:
        number = len(self.exchanges) + 1
        operation = CONTRACT.operation_of(method, url)
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        got = b"" if answer is None else json.dumps(answer).encode()
        name = operation.operation_id if operation else ""
        request = Request(method, url, Headers.of(dict(headers)), sent, name)
        response = Response(status, Headers.of(dict(answered)), got, broken)
        made = Exchange(
            f"request {number}",
            request,
            response,
            START + timedelta(seconds=at),
            seconds,
            number=number,
        )
        self.exchanges.append(made)
        return made

    def token(self, at: float = 0, name: str = "one", url: str = TOKEN_URL, **more: Any) -> str:
        granted = {
            "access_token": name,
            "expires_in": 570,
            "scope": "oraclehealth:millennium:message",
        }
        form = b"grant_type=client_credentials&scope=oraclehealth%3Amillennium%3Amessage"
        headers = {
            "Authorization": "Basic bXk6c2VjcmV0LXNlY3JldA==",
            "Content-Type": "application/x-www-form-urlencoded",
            "User-Agent": "x/1",
        }
        self.ask(at, "POST", url, **{"headers": headers, "body": form, "answer": granted} | more)
        return name

    def call(
        self, at: float, path: str, token: str = "one", method: str = "GET", **more: Any
    ) -> Exchange:
        headers = {
            "Authorization": f"Bearer {token}",
            "User-Agent": "x/1",
            "opc-request-id": f"r{len(self.exchanges)}",
            **({"Content-Type": "application/json"} if method == "POST" else {}),
            **more.pop("headers", {}),
        }
        return self.ask(at, method, f"{API}{path}", headers=headers, **more)

    def inbox(self, at: float, query: str = "", token: str = "one", **more: Any) -> Exchange:
        more.setdefault("answer", {"items": []})
        return self.call(at, f"/patientMessages/inboxItems?patientId=1{query}", token, **more)

    def found(self) -> dict[str, str]:
        """Return what the checks find: the first place by the check's id."""
        return findings(self.exchanges)


def findings(exchanges: Iterable[Exchange]) -> dict[str, str]:
    judged = judge(exchanges, CONTRACT)
    return {one.check.id: one.found.findings[0].at for one in judged if one.found}


def unseen(exchanges: Iterable[Exchange]) -> dict[str, str]:
    return {one.check.id: one.unseen for one in judge(exchanges, CONTRACT) if one.unseen}


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture(scope="session")
def good_day() -> list[Exchange]:
    """What the good client asks in a day, lists of more than 1,000 messages included."""
    return exchanges_of(replace(good_clients()[0]), CONTRACT)
