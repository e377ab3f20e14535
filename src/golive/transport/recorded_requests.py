"""What recorded requests show: when one is the one that an exchange would send, and what is to be known of all.

Times are compared by their age, forms without their secrets, tokens by whom they were issued to. Of all: the secrets to
keep out of every output, the client, ids of test data.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from golive.contract.outcomes import NotRecordedError
from golive.environment.urls import real_host, segments
from golive.exchanges.jwt import read
from golive.exchanges.writes import json_of
from golive.redaction import REDACTOR, TOKEN
from golive.transport.token import FORM, access_token_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.contract.document import Contract
    from golive.environment import Account, Environment
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.model import Exchange, Request

SECRET_PAIRS = frozenset({"client_secret", "client_assertion"})
NEAR = 0.01
"""How much of its age two times may differ in: a window of 90 days is the same on any client's clock."""

SECONDS = 5
"""The same for times that are now."""


def credential(request: Request) -> str:
    """Return what a request presents as its credential: its Authorization header, or a secret of its form."""
    header = request.headers.get("Authorization")
    if header or request.operation:
        return header or ""
    return "&".join(value for name, value in form_of(request) if name in SECRET_PAIRS)


def is_of(account: Account, presented: str, main: Account) -> bool:
    """Return whether a recorded token was issued to this account, as far as its claims show it.

    An account of another tenant, or of another server, than `main` is known by that, each other by its client id; one
    that is the client of `main` with other scopes, by those.
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
    of_client = token.client_id == client
    if client == getattr(main.credential, "client_id", None) and account.scopes != main.scopes:
        of_client = of_client and token.scopes == frozenset(account.scopes)
    return of_client or (elsewhere and token.tenant == account.tenant and of_server)


def path_of(request: Request) -> list[str]:
    """Return where a request goes: the host that it means, and the steps of the path there."""
    return [real_host(request.url), *segments(request.url)]


def form_of(request: Request) -> list[tuple[str, str]]:
    """Return the pairs of a form."""
    return parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)


def same_bodies(request: Request, recorded: Request) -> bool:
    """Return whether two requests have the same body, whatever its spelling."""
    if request.body == recorded.body:
        return True
    if (request.headers.get("Content-Type") or "").split(";")[0] == FORM:
        return _without_secrets(form_of(request)) == _without_secrets(form_of(recorded))
    if not request.body or not recorded.body:
        return False
    return json_of(request) is not None and json_of(request) == json_of(recorded)


def _without_secrets(pairs: list[tuple[str, str]]) -> list[tuple[str, object]]:
    """Return a form's pairs but for secrets that are there; the order of pairs, and of scopes, has no meaning."""
    return sorted(
        (name, tuple(sorted(value.split())) if name == "scope" else value)
        for name, value in pairs
        if not (value and name in SECRET_PAIRS)
    )


def same_pairs(
    wanted: Iterable[tuple[str, str]], recorded: Iterable[tuple[str, str]], sent_at: datetime
) -> bool:
    """Return whether two queries have the same pairs, times by their age."""
    ours, theirs = sorted(wanted), sorted(recorded)
    return len(ours) == len(theirs) and all(
        name == other and (value == said or _same_age(value, said, sent_at))
        for (name, value), (other, said) in zip(ours, theirs, strict=True)
    )


def _same_age(wanted: str, recorded: str, sent_at: datetime) -> bool:
    """Return whether two times are about as long before now as before the recorded request."""
    try:
        ours = (datetime.now(UTC) - datetime.fromisoformat(wanted)).total_seconds()
        theirs = (sent_at - datetime.fromisoformat(recorded)).total_seconds()
    except (ValueError, TypeError):
        return False
    return abs(ours - theirs) <= max(SECONDS, NEAR * min(abs(ours), abs(theirs)))


def protect(archive: Archive) -> None:
    """Keep the secrets of an archive out of every output: what its requests present, and what was granted."""
    for one in archive.exchanges:
        for name, value in one.request.headers:
            if name.lower() in ("authorization", "proxy-authorization", "cookie"):
                REDACTOR.protect(value, value.partition(" ")[2])
        if not one.request.operation:
            form = form_of(one.request)
            REDACTOR.protect(*(value for name, value in form if name in SECRET_PAIRS))
        if granted := _granted(one):
            REDACTOR.protect(granted, kind=TOKEN)


def _granted(one: Exchange) -> str | None:
    """Return the token that was granted, None where none was, or the recording does not have it."""
    try:
        return access_token_of(one)
    except NotRecordedError:
        return None


def client_in(archive: Archive) -> str:
    """Return the client id by which the recording's first accepted request was made, "" where none shows one."""
    accepted = [one for one in archive.exchanges if one.succeeded]
    for one in accepted:
        scheme, _, shown = (one.request.headers.get("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and (client := read(shown).client_id):
            return client
    grants = (_granted(one) for one in accepted if not one.request.operation)
    clients = (read(granted).client_id for granted in grants if granted)
    return next(filter(None, clients), "")


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
