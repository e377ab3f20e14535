"""Takes the client's place where nothing is sent: each request is answered by the recorded one that is the same.

The exchanges of the suites build their requests as ever, so a recorded exchange is what they ask for, or it is none of
theirs. What depends on the clock is compared by its age; secrets by whether they are the ones that were accepted.
"""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from golive.contract.operations import JSON
from golive.contract.outcomes import NotRecordedError
from golive.environment.urls import real_host
from golive.exchanges.jwt import read
from golive.transport.recorded_requests import credential, is_of, path_of, same_bodies, same_pairs
from golive.transport.token import Grant, NotGrantedError, TokenClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from golive.contract.document import Contract
    from golive.environment import Account, Environment
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.model import Exchange, Request
    from golive.transport.client import ApiClient

REFUSED = frozenset({401, 403})
UNSAID = frozenset({"authorization", "accept", "content-type"})
"""Headers of a valid request that are compared by what they mean."""

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]*+")
"""What `opc-request-id` may be in a request (contract-facts §1)."""

STAND_IN = "golive-stands-in-for-a-token"
"""The token of an account for which the recording shows no grant."""


class RecordedClient:
    """Answers requests from an archive, each recorded exchange once; raises NotRecordedError for what it has not."""

    requests = token_requests = repeated = 0

    def __init__(
        self,
        archive: Archive,
        environment: Environment,
        contract: Contract,
        plain: Callable[[str], str | None],
    ) -> None:
        self.archive = archive
        self._main, self._server = environment.main_account, environment.token
        self._contract = contract
        self._plain = plain
        self._lock = threading.Lock()
        self._unused = {one.number: one for one in archive.exchanges}
        self._accepted = {credential(one.request) for one in archive.exchanges if one.succeeded}
        self.own: set[str] = set()
        """Credentials of the environment's own account, as requests of golive's present them."""
        self.others: dict[str, Account] = {}
        """Those of other accounts."""

    def send(self, request: Request, name: str, *, generated: bool = False) -> Exchange:  # noqa: ARG002
        """Return the recorded exchange that this request asks for; raises NotRecordedError."""
        with self._lock:
            found = next(self._same(request, name), None)
            if found is None:
                asked = request.operation or f"{request.method} {real_host(request.url)}"
                raise NotRecordedError(f"such a request ({asked})")
            del self._unused[found.number]
        sent = replace(found.request, operation=request.operation or found.request.operation)
        of_oracle = self._server.answers_as_oracles(sent.url)
        return replace(found, name=name, request=sent, of_oracle=of_oracle)

    def note_repetition(self) -> None:
        """Nothing is repeated."""

    def close(self) -> None:
        """Nothing is open."""

    @property
    def unused(self) -> list[Exchange]:
        """The recorded exchanges that no request has asked for."""
        return list(self._unused.values())

    def _same(self, request: Request, name: str) -> Iterator[Exchange]:
        """Yield the recorded exchanges of this request, in their order; a plain one may be about another record."""
        fitting = [one for one in self._unused.values() if self._fits(request, one)]
        wanted = path_of(request)
        yield from (one for one in fitting if path_of(one.request) == wanted)
        if self._plain(request.operation) == name:
            yield from (
                one for one in fitting if one.succeeded and self._alike(one.request, wanted)
            )

    def _alike(self, recorded: Request, wanted: list[str]) -> bool:
        """Return whether a recorded path is the wanted one but for the ids that the operation takes in it."""
        steps = path_of(recorded)
        template = self._contract.operation(recorded.operation).path.strip("/").split("/")
        fixed = [""] * (len(wanted) - len(template)) + template
        return len(steps) == len(wanted) and all(
            ours == theirs or name.startswith("{")
            for ours, theirs, name in zip(wanted, steps, fixed, strict=True)
        )

    def _fits(self, request: Request, one: Exchange) -> bool:
        """Return whether a recorded request is the same but for its path."""
        recorded = one.request
        return (
            request.method == recorded.method
            and request.operation == recorded.operation
            and same_pairs(request.query, recorded.query, one.sent_at)
            and same_bodies(request, recorded)
            and self._same_headers(request, one)
        )

    def _same_headers(self, request: Request, one: Exchange) -> bool:
        recorded = one.request
        said = recorded.headers.get
        for name, value in request.headers:
            if name.lower() not in UNSAID and said(name) != value:
                return False
        # An id of the client's own is as good as none, unless it is one that may be refused.
        named = said("opc-request-id")
        if named != request.headers.get("opc-request-id") and not REQUEST_ID.fullmatch(named or ""):
            return False
        wanted = request.headers.get("Accept")
        if wanted == JSON:
            accepts = {word.split(";")[0].strip() for word in (said("Accept") or "*/*").split(",")}
            if not accepts & {"*/*", "application/*", JSON}:
                return False
        elif wanted != said("Accept"):
            return False
        kinds = {
            (one.headers.get("Content-Type") or "").split(";")[0] for one in (request, recorded)
        }
        if request.body and len(kinds) > 1:
            return False
        return self._same_credentials(credential(request), one)

    def _same_credentials(self, wanted: str, one: Exchange) -> bool:
        """Return whether both present a good credential of one account, the same one, or none.

        Browsers leave credentials out; then a request with none can't be distinguished from one with a good one, unless
        the answer says that it had none.
        """
        shown, presented = self.archive.shows_credentials, credential(one.request)
        if wanted in self.own:
            hidden = not (presented or shown) and one.status not in REFUSED
            good = bool(presented) and presented in self._accepted
            return hidden or (good and self._is_meant_for(presented, one))
        if wanted in self.others:
            return is_of(self.others[wanted], presented, self._main)
        return wanted == presented and (bool(presented) or shown)

    def _is_meant_for(self, presented: str, one: Exchange) -> bool:
        """Return whether a good credential is one for this request: no token that shows another tenant or other scopes.

        A recording may show it accepted elsewhere: in its own tenant, or at an operation of its scopes.
        """
        token = read(presented.partition(" ")[2])
        operation = self._contract.operations.get(one.request.operation)
        needed = set(operation.scopes) if operation else set()
        if token.tenant not in (None, self._main.tenant):
            return False
        return not (needed and token.scopes) or bool(needed & token.scopes)


class RecordedTokens(TokenClient):
    """Grants what the recording shows as granted; without that, what stands in for a token of the account."""

    def __init__(self, client: RecordedClient) -> None:
        super().__init__(cast("ApiClient", client))
        self._recorded = client

    def request(self, account: Account, scopes: tuple[str, ...] | None = None) -> Request:
        """Build a valid token request for the account, and remember its credential."""
        if hasattr(account.credential, "private_key"):  # it signs nothing, so no key is needed
            raise NotRecordedError("a signed assertion")
        request = super().request(account, scopes)
        self._note(credential(request), account)
        return request

    def grant(self, account: Account) -> Grant:
        """Return the account's recorded token, or what stands in for it."""
        try:
            held = super().grant(account)
        except (NotRecordedError, NotGrantedError):
            held = _NoGrant(cast("Exchange", None), f"{STAND_IN}-{account.name}", 0.0)
        self._note(f"Bearer {held.access_token}", account)
        return held

    def _note(self, shown: str, account: Account) -> None:
        if account.name:
            self._recorded.others[shown] = account
        else:
            self._recorded.own.add(shown)


class _NoGrant(Grant):
    """A grant of which the recording has no exchange."""

    def __getattribute__(self, name: str) -> Any:
        if name == "exchange":
            raise NotRecordedError("a granted token")
        return super().__getattribute__(name)
