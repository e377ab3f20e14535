"""The OAuth 2.0 client-credentials flow (RFC 6749 §4.4) as Oracle's authorization server takes it.

One token serves a whole run for each account and set of scopes; it is renewed ahead of its expiry. The
checks of the token endpoint build their own requests with `request` and send them with `ask`.
"""

from __future__ import annotations

import math
import re
import threading
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from golive.contract.outcomes import CouldNotTellError, SuiteError
from golive.environment import KeyCredential, SecretCredential
from golive.exchanges.error_body import members
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import LONGEST_LIFETIME, read
from golive.exchanges.key_sets import PRIVATE_MEMBERS, keys_of, why_unread
from golive.exchanges.model import Exchange, Request
from golive.kit.wire import http_date, instant_of
from golive.redaction import KEY, REDACTOR, SECRET_MEMBERS, TOKEN
from golive.transport.credentials import assertion, basic

if TYPE_CHECKING:
    from golive.environment import Account
    from golive.transport.client import ApiClient

FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

HEADER_SAFE = re.compile("[\x21-\x7e]+")

RENEW_AHEAD = 60
"""Seconds before its expiry at which a token is no longer given out."""

NAMES = {
    "": "token_granted",
    "private_key_jwt": "granted_by_assertion",
    "private_key_jwt_rsa": "granted_by_rsa_assertion",
}
"""What the token request of an account is called, where it is also looked at for itself."""

USUAL_LIFETIME = 570
"""Seconds (contract-facts §4.1), for an answer without a usable `expires_in`, which RFC 6749 §5.1 allows."""


@dataclass(frozen=True)
class Grant:
    """A token that was granted, and when it stops being given out (monotonic seconds)."""

    exchange: Exchange
    access_token: str
    good_until: float

    def is_good_for(self, token: str) -> bool:
        """Return whether this is the grant of the token, and still given out."""
        return self.access_token == token and time.monotonic() < self.good_until


class NotGrantedError(CouldNotTellError):
    """The token endpoint granted nothing; `exchange` holds its answer."""

    def __init__(self, account: Account, exchange: Exchange) -> None:
        self.exchange = exchange
        super().__init__(
            f"the token endpoint granted no token to {account.name or 'the environment'} "
            f"(status {exchange.status})",
            next_step="Fix the findings of the token checks first.",
        )


class TokenClient:
    """Asks the token endpoint, through the client."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client
        self._grants: dict[tuple[str, tuple[str, ...]], Grant | NotGrantedError] = {}
        self._locks: dict[tuple[str, tuple[str, ...]], threading.Lock] = {}
        self._replaced: set[tuple[str, tuple[str, ...]]] = set()
        self._accounts: dict[str, Account] = {}
        self._ends: dict[str, float] = {}
        self._lock = threading.Lock()
        self.granted: list[Exchange] = []
        """Every answer that granted a token, in the order in which they came."""
        self.published: list[dict[str, Any]] = []
        """The keys of the last key set that was read."""

    def request(self, account: Account, scopes: tuple[str, ...] | None = None) -> Request:
        """Build a valid token request for the account."""
        form = {"grant_type": "client_credentials", "scope": " ".join(scopes or account.scopes)}
        form |= account.parameters
        headers = {"Accept": "application/json", "Content-Type": FORM}
        credential = account.credential
        if isinstance(credential, SecretCredential):
            secret = credential.client_secret.reveal()
            headers["Authorization"] = basic(credential.client_id, secret)
        elif isinstance(credential, KeyCredential):
            form["client_assertion_type"] = ASSERTION_TYPE
            form["client_assertion"] = assertion(credential, account.token_url)
        else:
            raise SuiteError(f"account {account.name} has no credential yet: start the twin first")
        body = urlencode(form).encode()
        own = "" if account.name else headers.get("Authorization", "")
        return Request("POST", account.token_url, Headers.of(headers), body, credential=own)

    def ask(self, account: Account, name: str) -> Exchange:
        """Send a valid token request of its own and return the exchange, whatever its status."""
        return self.send(self.request(account), name)

    def send(self, request: Request, name: str) -> Exchange:
        """Send a token request as it is; whatever token comes back is protected from output."""
        exchange = self._client.send(request, name)
        if exchange.response.lacks_body:
            return exchange
        body = members(exchange)
        given = (body[m] for m in SECRET_MEMBERS if isinstance(body.get(m), str))
        REDACTOR.protect(*given, kind=TOKEN)
        if exchange.succeeded and access_token_of(exchange) is not None:
            self.granted.append(exchange)
        if request.method == "GET" and why_unread(exchange) is None:
            self.published = keys_of(exchange)
            # A server that publishes its private keys is reported, and they are not.
            named = (key.get(name) for key in self.published for name in PRIVATE_MEMBERS)
            REDACTOR.protect(*(one for one in named if isinstance(one, str)), kind=KEY)
        return exchange

    def first(self, account: Account) -> Exchange:
        """Return the first answer to a token request of the account, whatever its status."""
        try:
            return self.grant(account).exchange
        except NotGrantedError as error:
            return error.exchange

    def grant(self, account: Account) -> Grant:
        """Return the account's token, asking only when there is none or it is about to expire.

        Raises NotGrantedError where no token is granted; a refusal is not asked for again.
        """
        key = (account.name, account.scopes)
        with self._lock:
            lock = self._locks.setdefault(key, threading.Lock())
        with lock:
            held = self._grants.get(key)
            if held is None or (isinstance(held, Grant) and held.good_until <= time.monotonic()):
                held = self._grants[key] = self._fresh(account)
        if isinstance(held, NotGrantedError):
            raise held
        return held

    def forget(self, account: Account) -> None:
        """Drop the account's token, so that the next `grant` asks for another."""
        self._grants.pop((account.name, account.scopes), None)

    def replace(self, account: Account, token: str) -> bool:
        """Drop a token whose key is not known; return whether a fresh one is available.

        Everybody who still holds the old token gets the same new one; a run drops a good token only once.
        """
        key = (account.name, account.scopes)
        with self._lock:
            held = self._grants.get(key)
            if isinstance(held, Grant) and held.access_token == token:
                if key in self._replaced:
                    return False
                self._replaced.add(key)
                del self._grants[key]
            return True

    def with_current(self, request: Request) -> Request:
        """Return the request; where its token is one that `grant` gives out no longer, with the one of now.

        Any other token, such as one that is false on purpose, stays. Raises NotGrantedError.
        """
        presented = request.headers.get("Authorization") or ""
        token = presented.removeprefix("Bearer ")
        account = self._accounts.get(token) if presented != token else None
        held = self._grants.get((account.name, account.scopes)) if account else None
        if account is None or (isinstance(held, Grant) and held.is_good_for(token)):
            return request
        now = bearer(self.grant(account).access_token)
        own = now if request.credential == presented else request.credential
        return replace(request, headers=request.headers.with_("Authorization", now), credential=own)

    def has_ended(self, token: str) -> bool:
        """Return whether a token that was given out has reached the end of its lifetime since."""
        return self._ends.get(token, math.inf) <= time.monotonic()

    def _fresh(self, account: Account) -> Grant | NotGrantedError:
        name = NAMES.get(account.name, f"token_of_{account.name}")
        exchange = self.ask(account, name)
        token = access_token_of(exchange)
        if not exchange.succeeded or token is None:
            return NotGrantedError(account, exchange)
        seconds = _lifetime(exchange, token)
        ahead = min(RENEW_AHEAD, seconds / 2)
        end = time.monotonic() + seconds
        self._ends[token] = end
        self._accounts[token] = account
        return Grant(exchange, token, end - ahead)


def bearer(token: str) -> str:
    """Return a token as an Authorization header has it; CouldNotTellError where none can."""
    if HEADER_SAFE.fullmatch(token):
        return f"Bearer {token}"
    raise CouldNotTellError(
        "the access token can't be put into a header",
        next_step="Fix the findings of the token checks first.",
    )


def _lifetime(exchange: Exchange, token: str) -> float:
    """Return how many seconds a granted token lives: what the answer says, and no longer than the token itself does.

    A server may grant again a token that has lived for a while, and its `exp` is read by the server's own clock. A
    lifetime that makes no sense is a finding; it must not cost a token for each request.
    """
    said = exchange.json.get("expires_in")
    usable = isinstance(said, int | float) and said > 0
    seconds = min(said, LONGEST_LIFETIME) if usable else USUAL_LIFETIME
    end = instant_of(read(token).claims.get("exp"))
    now = http_date(exchange.header("Date"))
    left = (end - now).total_seconds() if end and now else seconds
    return min(seconds, left) if left > 0 else seconds


def access_token_of(exchange: Exchange) -> str | None:
    """Return the token in a token response, or None."""
    token = members(exchange).get("access_token")
    return token if isinstance(token, str) and token else None
