"""Requests to any API, built from the contract's own description of its operations.

`ApiCalls.call` is what exchanges use: a valid request, validated against the OpenAPI description before
it is sent, so that a mistake of the suite is never taken for one of the API. Requests that are wrong on
purpose are made from a valid one with `dataclasses.replace` and sent with `send`. What a run wrote, or may have
written, is noted: one entry for each writing request that was not refused.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, cast
from urllib.parse import quote, urlencode

from golive.contract.operations import READING
from golive.exchanges.error_body import key_unknown
from golive.exchanges.failures import TransportError
from golive.exchanges.headers import Headers
from golive.exchanges.model import NO_STATUS, Exchange, Request
from golive.exchanges.writes import entry, json_of
from golive.redaction import REDACTOR
from golive.transport.plain import base_url_of, plain_arguments
from golive.transport.token import bearer
from golive.transport.valid import (
    demand_allowed,
    demand_described,
    demand_segment,
    text_of,
    texts_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from golive.contract.document import Contract
    from golive.contract.operations import Operation
    from golive.environment import Account, Environment
    from golive.transport.client import ApiClient
    from golive.transport.token import TokenClient
    from golive.transport.valid import Scalar


TOO_MUCH = "the body holds more texts of persons than can be kept out of reports"


KEY_PATIENCE = 3.0
"""Seconds for which requests with one token are repeated, from the first refusal for its key on."""


class Given(TypedDict, total=False):
    """What fills a valid request.

    `query` maps a parameter to its value, or to several for a repeated key. `answered`: the values are those of an
    answer or of test data, so they are sent whatever they are.
    """

    query: Mapping[str, Scalar | Iterable[Scalar]] | None
    path: Mapping[str, Scalar] | None
    body: object
    headers: Mapping[str, str] | None
    answered: bool


class ApiCalls:
    """Builds and sends requests for the operations that one environment claims, of whatever API."""

    def __init__(
        self, client: ApiClient, tokens: TokenClient, environment: Environment, contract: Contract
    ) -> None:
        self._client = client
        self._tokens = tokens
        self._environment = environment
        self.contract = contract
        self.written: list[dict[str, Any]] = []
        self.accepted: list[Exchange] = []
        """Each request that writes and was answered with success, in their order; none that was generated."""
        self.visibility: list[dict[str, Any]] = []
        """How long it took until a reading showed what was written: see `golive.exchanges.writes`."""
        self._patient_until: dict[str, float] = {}
        self.retry_unknown_key = False
        """Whether a 401 to an outdated token is retried with a fresh one; preflight decides for itself."""

    def call(self, operation_id: str, *, name: str, **given: Unpack[Given]) -> Exchange:
        """Send a valid request and return the exchange.

        Raises InvalidRequestError, a SuiteError, where the request breaks the contract.
        """
        request = self.request(operation_id, **given)
        exchange = self.send(request, name)
        own_token = "Authorization" not in (given.get("headers") or {})
        if request.method != "GET" or not (own_token and self.retry_unknown_key):
            return exchange

        def again() -> Exchange:
            return self.send(self.request(operation_id, **given), name)

        if self._healed(exchange):
            self._client.note_repetition()
            exchange = again()
        return self.once_key_is_known(exchange, again) or exchange

    def once_key_is_known(
        self,
        exchange: Exchange,
        again: Callable[[], Exchange],
        unknown: Callable[[Exchange], bool] = key_unknown,
    ) -> Exchange | None:
        """Repeat, after pauses, what was refused because its token's key is not known; None where it was not.

        A verifier with a copy of the key set of before a rotation heals in time (contract-facts §6.3). All who
        hold one token are patient together: a key that stays unknown costs a run a few seconds, and not each request.
        """
        if not unknown(exchange):
            return None
        now = time.monotonic()
        token = exchange.request.headers.get("Authorization") or ""
        if now > self._patient_until.setdefault(token, now + KEY_PATIENCE):
            return None
        return self._client.once_key_is_known(again, unknown)

    def _healed(self, exchange: Exchange) -> bool:
        """Return whether a refusal is owed to a token that has been replaced, or has expired, by now."""
        if exchange.status != 401:
            return False
        token = (exchange.request.headers.get("Authorization") or "").removeprefix("Bearer ")
        # Between the two, a request may have waited for a service that was not available.
        if self._tokens.has_ended(token):
            return True
        return key_unknown(exchange) and self._tokens.replace(
            self._account_for(self.contract.operations.get(exchange.request.operation)), token
        )

    def _account_for(self, operation: Operation | None) -> Account:
        """Return the environment's own account, for the scopes that the operation needs.

        One token serves all APIs whose scopes the environment asks for. An API whose scope it does not ask for, beside
        one of another API that it names, gets a token of its own: not every server puts the scopes of two into one.
        """
        account = self._environment.main_account
        if operation is None or set(operation.scopes) & set(account.scopes):
            return account
        named = self._environment.apis
        others = {
            s for one in self.contract.operations.values() if one.api in named for s in one.scopes
        }
        asks_for_another = bool(others & set(account.scopes))
        return replace(account, scopes=operation.scopes) if asks_for_another else account

    def plain_request(self, operation_id: str, *, after: Exchange | None = None) -> Request:
        """Build the plain, valid request of an operation: see `golive.transport.plain`."""
        return self.request(operation_id, **self._plain(operation_id, after))

    def plain(self, operation_id: str, *, name: str, after: Exchange | None = None) -> Exchange:
        """Send the plain, valid request of an operation; `after` may link to it."""
        return self.call(operation_id, name=name, **self._plain(operation_id, after))

    def _plain(self, operation_id: str, after: Exchange | None) -> Given:
        """Return the arguments with which `request` and `call` make an operation's plain request."""
        operation = self.contract.operation(operation_id)
        found = plain_arguments(self.contract, self._environment, operation, after)
        return cast("Given", {**vars(found), "answered": True})

    def send(self, request: Request, name: str, *, generated: bool = False) -> Exchange:
        """Send a request as it is; persons' data in its answer is kept out of all output.

        A token of the run that has ended since the request was built, or soon will, is the one of now.
        """
        request = self._tokens.with_current(request)
        REDACTOR.protect_personal(
            *REDACTOR.marks.values(request.url, request.headers, json_of(request))
        )
        try:
            exchange = self._client.send(request, name, generated=generated)
            places = self.contract.mapping.places(request.operation) if request.operation else None
            exchange = replace(exchange, places=places) if places else exchange
        except TransportError:
            self._note(request, None)
            raise
        self._note(request, None if exchange.status == NO_STATUS else exchange.status)
        if exchange.succeeded and request.method not in READING and not generated:
            self.accepted.append(exchange)
        if exchange.response.lacks_body:
            return exchange
        REDACTOR.protect_personal(*REDACTOR.marks.in_body(exchange.json_or_none))
        holds_data = exchange.succeeded and name != "key_set"
        if REDACTOR.learn(exchange.json_or_none, personal=holds_data):
            return exchange
        # What can't be learnt could not be kept out of reports, so nothing reads it.
        return replace(exchange, response=replace(exchange.response, body=b"", broken=TOO_MUCH))

    def _note(self, request: Request, status: int | None) -> None:
        wrote = entry(request, status)
        if wrote is not None:
            self.written.append(wrote)

    def request(self, operation_id: str, **given: Unpack[Given]) -> Request:
        """Build a valid request with the environment's own token; see `call`."""
        body = given.get("body")
        operation = self.contract.operation(operation_id)
        asked = {
            key: texts
            for key, one in (given.get("query") or {}).items()
            if (texts := texts_of(one))
        }
        segments = {key: text_of(one) for key, one in (given.get("path") or {}).items()}
        demand_described(self.contract, operation, set(asked), set(segments), body)
        if not given.get("answered"):
            values = [(("query", key), texts) for key, texts in asked.items()]
            values += [(("path", key), [text]) for key, text in segments.items()]
            demand_allowed(self.contract, self._environment, operation, values)
        pairs = [(key, one) for key, texts in asked.items() for one in texts]
        url = base_url_of(self._environment, operation) + operation.path
        for key, value in segments.items():
            demand_segment(value)
            url = url.replace(f"{{{key}}}", quote(value, safe=""))
        if pairs:
            url += "?" + urlencode(pairs, safe=":")
        own = self.own_headers(with_body=body is not None, operation=operation)
        sent = {**own, **(given.get("headers") or {})}
        content = b"" if body is None else json.dumps(body).encode()
        fields = Headers.of(sent)
        return Request(operation.method, url, fields, content, operation_id, own["Authorization"])

    def renewed(self, request: Request) -> Request:
        """Return an operation's request of before with a token that is valid now."""
        operation = self.contract.operations[request.operation]
        own = self.own_headers(with_body=False, operation=operation)
        return replace(
            request, headers=request.headers.with_("Authorization", own["Authorization"])
        )

    def own_headers(self, *, with_body: bool, operation: Operation | None = None) -> dict[str, str]:
        """Return the headers of a valid request, among them a token with the scope of the operation."""
        token = self._tokens.grant(self._account_for(operation)).access_token
        sent = {"Accept": "application/json", "Authorization": bearer(token)}
        if with_body:
            sent["Content-Type"] = "application/json"
        return sent


MessagesApi = ApiCalls
"""The name under which suites know it."""
