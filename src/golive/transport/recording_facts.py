"""What a recording shows besides its exchanges: secrets to keep out of every output, the client, ids of test data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from golive.contract.outcomes import NotRecordedError
from golive.exchanges.jwt import read
from golive.redaction import REDACTOR, TOKEN
from golive.transport.sameness import SECRET_PAIRS, form_of
from golive.transport.token import access_token_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.contract.document import Contract
    from golive.environment import Environment
    from golive.exchanges.har_reading import Archive
    from golive.exchanges.model import Exchange


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
