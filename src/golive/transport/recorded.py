"""Takes the client's place where nothing is sent: each request is answered by the recorded one that is the same.

The exchanges of the suites build their requests as ever, so a recorded exchange is what they ask for, or it is none of
theirs. What depends on the clock is compared by its age; secrets by whether they are the ones that were accepted.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qsl

from golive.contract.outcomes import NotRecordedError
from golive.environment.urls import real_host, segments
from golive.exchanges.jwt import read
from golive.exchanges.writes import json_of
from golive.redaction import REDACTOR, TOKEN
from golive.transport.token import FORM, Grant, NotGrantedError, TokenClient, access_token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from golive.contract.document import Contract
    from golive.environment import Account, Environment
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.model import Exchange, Request
    from golive.transport.client import ApiClient

REFUSED = frozenset({401, 403})
SECRET_PAIRS = frozenset({"client_secret", "client_assertion"})
OWN_ACCEPT = "application/json"
UNSAID = frozenset({"authorization", "accept", "content-type"})
"""Headers of a valid request that are compared by what they mean."""

STAND_IN = "golive-stands-in-for-a-token"
"""The token of an account for which the recording shows no grant."""

NEAR = 0.01
"""How much of its age two times may differ in: a window of 90 days is one whoever's clock it is."""

SECONDS = 5
"""The same for times that are now."""


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
        self._main = environment.main_account
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
        operation = request.operation or found.request.operation
        return replace(found, name=name, request=replace(found.request, operation=operation))

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
        wanted = _path(request)
        yield from (one for one in fitting if _path(one.request) == wanted)
        if self._plain(request.operation) == name:
            yield from (
                one for one in fitting if one.succeeded and self._alike(one.request, wanted)
            )

    def _alike(self, recorded: Request, wanted: list[str]) -> bool:
        """Return whether a recorded path is the wanted one but for the ids that the operation takes in it."""
        steps = _path(recorded)
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
            and _same_pairs(request.query, recorded.query, one.sent_at)
            and _same_bodies(request, recorded)
            and self._same_headers(request, one)
        )

    def _same_headers(self, request: Request, one: Exchange) -> bool:
        recorded = one.request
        said = recorded.headers.get
        for name, value in request.headers:
            if name.lower() not in UNSAID and said(name) != value:
                return False
        wanted = request.headers.get("Accept")
        if wanted == OWN_ACCEPT:
            accepts = {word.split(";")[0].strip() for word in (said("Accept") or "*/*").split(",")}
            if not accepts & {"*/*", "application/*", OWN_ACCEPT}:
                return False
        elif wanted != said("Accept"):
            return False
        kinds = [
            (each.headers.get("Content-Type") or "").split(";")[0] for each in (request, recorded)
        ]
        if request.body and kinds[0] != kinds[1]:
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
            return hidden or (bool(presented) and presented in self._accepted)
        if wanted in self.others:
            return is_of(self.others[wanted], presented, self._main)
        return wanted == presented and (bool(presented) or shown)


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


def credential(request: Request) -> str:
    """Return what a request presents as its credential: its Authorization header, or a secret of its form."""
    header = request.headers.get("Authorization")
    if header or request.operation:
        return header or ""
    return "&".join(value for name, value in _form(request) if name in SECRET_PAIRS)


def is_of(account: Account, presented: str, main: Account) -> bool:
    """Return whether a recorded token was issued to this account, as far as its claims show it.

    An account of another tenant, or of another server, than `main` is known by that, each other by its client id.
    """
    scheme, _, text = presented.partition(" ")
    token = read(text)
    if scheme.lower() != "bearer" or not token.claims:
        return False
    client = getattr(account.credential, "client_id", None)
    issuer = str(token.claims.get("iss") or "")
    server = real_host(account.token_url)
    elsewhere = account.tenant != main.tenant or server != real_host(main.token_url)
    of_server = real_host(issuer) in ("", server)
    return token.client_id == client or (elsewhere and token.tenant == account.tenant and of_server)


def _path(request: Request) -> list[str]:
    """Return where a request goes: the host that it means, and the steps of the path there."""
    return [real_host(request.url), *segments(request.url)]


def _form(request: Request) -> list[tuple[str, str]]:
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def _same_bodies(request: Request, recorded: Request) -> bool:
    if request.body == recorded.body:
        return True
    if (request.headers.get("Content-Type") or "").split(";")[0] == FORM:
        return _without_secrets(_form(request)) == _without_secrets(_form(recorded))
    if not request.body or not recorded.body:
        return False
    return json_of(request) is not None and json_of(request) == json_of(recorded)


def _without_secrets(pairs: list[tuple[str, str]]) -> list[tuple[str, object]]:
    """Return a form's pairs without values of secrets; the order of pairs, and of scopes, has no meaning."""
    return sorted(
        (name, tuple(sorted(value.split())) if name == "scope" else value)
        for name, value in pairs
        if name not in SECRET_PAIRS
    )


def _same_pairs(
    wanted: Iterable[tuple[str, str]], recorded: Iterable[tuple[str, str]], sent_at: datetime
) -> bool:
    ours, theirs = sorted(wanted), sorted(recorded)
    return len(ours) == len(theirs) and all(
        name == other and (value == said or _same_age(value, said, sent_at))
        for (name, value), (other, said) in zip(ours, theirs, strict=True)
    )


def _same_age(wanted: str, recorded: str, sent_at: datetime) -> bool:
    """Return whether two times are about as long before now as before the recorded request."""
    try:
        times = [datetime.fromisoformat(text) for text in (wanted, recorded)]
        ages = [
            (now - time).total_seconds()
            for now, time in zip((datetime.now(UTC), sent_at), times, strict=True)
        ]
    except (ValueError, TypeError):
        return False
    return abs(ages[0] - ages[1]) <= max(SECONDS, NEAR * min(map(abs, ages)))


def protect(archive: Archive) -> None:
    """Keep the secrets of an archive out of every output: what its requests present, and what was granted."""
    for one in archive.exchanges:
        for name, value in one.request.headers:
            if name.lower() in ("authorization", "proxy-authorization", "cookie"):
                REDACTOR.protect(value, value.partition(" ")[2])
        if not one.request.operation:
            REDACTOR.protect(*(value for name, value in _form(one.request) if name in SECRET_PAIRS))
        try:
            granted = access_token_of(one)
        except NotRecordedError:
            continue
        if granted:
            REDACTOR.protect(granted, kind=TOKEN)


def client_in(archive: Archive) -> str:
    """Return the client id by which the recording's first accepted request was made, "" where none shows one."""
    accepted = [one for one in archive.exchanges if one.succeeded]
    for one in accepted:
        scheme, _, shown = (one.request.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and (client := read(shown).client_id):
            return client
    for one in accepted:
        try:
            granted = "" if one.request.operation else access_token_of(one)
        except NotRecordedError:
            continue
        if granted and (client := read(granted).client_id):
            return client
    return ""


def records_in(archive: Archive, contract: Contract, environment: Environment) -> Mapping[str, str]:
    """Return the most frequent id that recorded requests name where plain ones have one of test data, by its key."""
    named: dict[str, Counter[str]] = {}
    for one in archive.exchanges:
        operation = contract.operations.get(one.request.operation)
        for (place, name), key in operation.test_data.items() if operation else ():
            if place == "query" and one.succeeded:
                values = (value for said, value in one.request.query if said == name)
                named.setdefault(key, Counter()).update(values)
    known = vars(environment.test_data)
    return {
        key: values.most_common(1)[0][0]
        for key, values in named.items()
        if values and key in known and known[key] not in values
    }
