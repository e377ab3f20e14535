"""A small client that drives a stranger in the tests of the strangers themselves."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

import httpx
from joserfc import jws

from .accounts import MESSAGE

if TYPE_CHECKING:
    from . import Stranger

HTTP = httpx.Client(timeout=10, trust_env=False)
INBOX, SENT = "patientMessages/inboxItems", "patientMessages/sentItems"
UPDATE = "actions/updatePatientMessageStatus"
KEEPS_FOR = 285.0
PAGE = "<html><head><title>t</title></head><body><p>Hello there</p></body></html>"


class Client:
    """A user of a stranger, with the token of one account."""

    def __init__(self, stranger: Stranger, account: str = "full") -> None:
        self.stranger, self.account = stranger, account
        self.anna = stranger.patients["anna"].id
        self._token, self._since = "", 0.0

    @property
    def token(self) -> str:
        """One token for a few minutes: the tests of a module may last longer than it lives."""
        if not self._token or time.monotonic() - self._since > KEEPS_FOR:
            self._token = grant(self.stranger, self.account).json()["access_token"]
            self._since = time.monotonic()
        return self._token

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        tenant = more.pop("tenant", None)
        return HTTP.request(
            method, f"{self.stranger.messages_url(tenant)}/{path}", headers=headers, **more
        )

    def inbox(self, **more: Any) -> httpx.Response:
        return self.call("GET", INBOX, params={"patientId": self.anna} | more)

    def letter(self, **more: Any) -> dict[str, Any]:
        choice = self.stranger.personality
        staff = self.stranger.recipients[0]
        identity, kind = choice.participant_id, choice.participant_type
        return {
            "patientId": self.anna,
            "messageSender": {identity: self.anna, kind: "PERSON"},
            "recipients": [{identity: staff.id, kind: staff.type}],
            "content": PAGE,
            "subject": "Hello",
        } | more


def grant(
    stranger: Stranger, name: str = "full", scope: str = MESSAGE, **more: Any
) -> httpx.Response:
    account = stranger.accounts[name]
    form = {"grant_type": "client_credentials", "scope": scope, **stranger.layout.extra_form}
    url = more.pop("url", None) or stranger.token_url(account.tenants[0], cloud=account.cloud)
    return HTTP.post(url, auth=(account.client_id, account.secret or ""), data=form | more)


def assertion(stranger: Stranger, name: str, **claims: Any) -> dict[str, str]:
    account = stranger.accounts[name]
    now = int(time.time())
    body = {
        "iss": account.client_id,
        "sub": account.client_id,
        "aud": stranger.token_url(),
        "iat": now,
        "exp": now + 120,
        "jti": str(uuid.uuid4()),
    } | claims
    assert account.key is not None
    assert account.alg is not None
    head = {"alg": account.alg, "kid": account.kid}
    signed = jws.serialize_compact(
        head, json.dumps(body).encode(), account.key, algorithms=[account.alg]
    )
    return {
        "grant_type": "client_credentials",
        "scope": MESSAGE,
        "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        "client_assertion": signed,
    }


def items_of(stranger: Stranger, reply: httpx.Response) -> list[dict[str, Any]]:
    body = reply.json()
    found: list[dict[str, Any]] = (
        body if isinstance(body, list) else body[stranger.personality.list_body]
    )
    return found
