"""Makes the one change of an error case to a valid request.

Each kind of change of `schemas/errors.yaml` is one function of the table `CHANGES`. Those about who asks
are in `credentials` and `access_tokens`.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from golive.contract.catalogue import BY_ANOTHER_WAY
from golive.contract.operations import READING
from golive.contract.outcomes import CouldNotTellError, NotClaimedError, SuiteError
from golive.environment import service_root
from golive.exchanges.headers import Headers
from golive.kit.pointers import REMOVE, steps_of, with_value
from golive.refusals.access_tokens import change_token
from golive.refusals.assertions import change_assertion
from golive.refusals.credentials import change_credential
from golive.refusals.request_parts import (
    UNKNOWN_TENANT,
    Situation,
    api_roots,
    demand_own_host,
    fill,
    in_path,
    in_query,
    in_tenant,
    pairs_of,
    set_pairs,
    with_encoded_letter,
    with_pairs,
)
from golive.transport.plain import base_url_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.contract.catalogue import ErrorCase
    from golive.environment import Environment
    from golive.exchanges.model import Request

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
JSON = "application/json"
FROM_THE_INSIDE = (
    ("Forwarded", "for=127.0.0.1"),
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Real-IP", "127.0.0.1"),
)
"""What a proxy says of who asks (RFC 7239 §4, §5.2, and the names before it), and anybody may say."""


def changed(case: ErrorCase, request: Request, situation: Situation) -> Request:
    """Return the request with the case's one change.

    Raises NotClaimedError where the environment lacks what the change needs, CouldNotTellError where what
    the server or the environment gave is what the request has already.
    """
    for claim in case.claims:
        key, _, wanted = f"claims.{claim}".partition("=")
        value = situation.environment.get(key)
        if value is None or (wanted and value != wanted):
            raise NotClaimedError(key)
    kind, argument = case.change
    values = situation.values
    if kind == "path":  # an id is one part of a path, whatever characters it has
        texts = {name: quote(one, safe="") for name, one in values.items() if isinstance(one, str)}
        values = {**values, **texts}
    filled = fill(argument, values)
    made = CHANGES[kind](request, filled, situation)
    if made == request and filled != argument:
        what = f"its {kind} gives what the request already has"
        raise CouldNotTellError(f"{case.id} changes nothing here: {what}")
    if made == request:
        raise SuiteError(f"errors.yaml: {case.id}: the change changes nothing")
    return made


def _remove_header(request: Request, name: str, _: Situation) -> Request:
    return replace(request, headers=request.headers.without(name))


def _set_header(request: Request, change: dict[str, str], _: Situation) -> Request:
    headers = request.headers
    for name, value in change.items():
        headers = headers.with_(name, str(value))
    return replace(request, headers=headers)


def _remove_parameter(request: Request, name: str, _: Situation) -> Request:
    return with_pairs(request, [(k, v) for k, v in pairs_of(request) if k != name])


def _set_parameter(request: Request, change: dict[str, Any], _: Situation) -> Request:
    return set_pairs(request, change)


def _send_twice(request: Request, name: str, _: Situation) -> Request:
    pairs = pairs_of(request)
    return with_pairs(request, pairs + [one for one in pairs if one[0] == name])


def _rename_parameter(request: Request, change: dict[str, str], _: Situation) -> Request:
    pairs = [(change.get(name, name), value) for name, value in pairs_of(request)]
    return with_pairs(request, pairs)


def _remove_member(request: Request, pointer: str, situation: Situation) -> Request:
    return _set_member(request, {pointer: REMOVE}, situation)


def _set_member(request: Request, change: dict[str, Any], _: Situation) -> Request:
    body = json.loads(request.body)
    for pointer, value in change.items():
        body = with_value(body, steps_of(pointer), value)
    return replace(request, body=json.dumps(body).encode())


def _json_body(request: Request, body: Any, _: Situation) -> Request:
    headers = request.headers.with_("Content-Type", JSON)
    return replace(request, headers=headers, body=json.dumps(body).encode())


def _raw_body(request: Request, body: str, _: Situation) -> Request:
    return replace(request, body=body.encode())


def _method(request: Request, method: str, situation: Situation) -> Request:
    at_api = service_root(request.url) in api_roots(situation.environment)
    if at_api and method not in READING and not situation.environment.may_write:
        raise NotClaimedError("safety.writes")  # nobody knows what the API would do with it
    return replace(request, method=method)


def _path(request: Request, path: str, situation: Situation) -> Request:
    operation = situation.contract.operations[request.operation]
    query = urlsplit(request.url).query
    base = base_url_of(situation.environment, operation)
    url = f"{base}/{operation.version}/{path.lstrip('/')}"
    return replace(request, url=f"{url}?{query}" if query else url)


def _tenant(request: Request, which: str, situation: Situation) -> Request:
    environment = situation.environment
    unknown = _nobodys_tenant(request, situation)
    other = {"unknown": unknown, "malformed": "not-a-tenant%20id"}.get(which, which)
    of_token = request.url == environment.token.url
    if of_token and request.method not in READING:
        demand_own_host(environment)
    url = in_tenant(request.url, environment.tenant, other)
    if url is None:
        raise NotClaimedError("token.url" if of_token else "api.base_url")
    return replace(request, url=url)


def _nobodys_tenant(request: Request, situation: Situation) -> str:
    """Return the id of a tenant that nobody has: of the API, one that differs from the run's own in a single digit.

    It is the last digit at one operation and the first at the next, so that neither a comparison by the beginning nor
    one by the end takes it for the own tenant everywhere. Only of UUIDs is it sure that nobody has the next one.
    """
    own = situation.environment.tenant
    if not request.operation or UUID.fullmatch(own) is None:
        return UNKNOWN_TENANT
    place = sorted(situation.contract.operations).index(request.operation)
    first, last = (format(int(one, 16) ^ 1, "x") for one in (own[0], own[-1]))
    return f"{first}{own[1:]}" if place % 2 else f"{own[:-1]}{last}"


def _without_token_by(request: Request, way: str, situation: Situation) -> Request:
    """Leave the token out, and go by a way that a rule for the usual one may not be about."""
    bare = replace(request, headers=request.headers.without("Authorization"))
    if way == "head":
        return replace(bare, method="HEAD")
    if way == "malformed-body":
        return replace(bare, body=b"{")
    if way == "inner-address":
        named = Headers((*bare.headers.fields, *FROM_THE_INSIDE))
        return replace(bare, headers=named)
    if way in {"encoded-tenant", "other-tenant"}:
        environment = situation.environment
        return in_path(bare, environment.tenant, _written_tenant(way, environment))
    path, mark, query = request.url.partition("?")
    above, _, last = path.rpartition("/")
    version = situation.contract.operations[request.operation].version
    path = {
        "trailing-slash": f"{path}/",
        "doubled-slash": path.replace(f"/{version}/", f"//{version}/"),
        "encoded-letter": f"{above}/%{ord(last[0]):02X}{last[1:]}",
        "other-case": f"{above}/{last.swapcase()}",
        "path-parameter": f"{path};golive=1",
    }[way]
    return replace(bare, url=path + mark + query)


def _written_tenant(way: str, environment: Environment) -> str:
    """Return what stands in the path for the own tenant: the same in another spelling, or another one."""
    if way == "encoded-tenant":
        return with_encoded_letter(environment.tenant)
    other = environment.claims.accounts.get("other_tenant")
    if other is None or not other.tenant or other.tenant == environment.tenant:
        raise NotClaimedError("claims.accounts.other_tenant")
    return other.tenant


def _form_in_query(request: Request, method: str, situation: Situation) -> Request:
    """Move the form of a token request into the query."""
    if method not in READING:
        demand_own_host(situation.environment)
    moved = replace(in_query(request, pairs_of(request)), method=method, body=b"")
    bare = moved.headers if method == "POST" else moved.headers.without("Content-Type")
    return replace(moved, headers=bare)


CHANGES: dict[str, Callable[[Request, Any, Situation], Request]] = {
    "remove-header": _remove_header,
    "set-header": _set_header,
    "remove-parameter": _remove_parameter,
    "set-parameter": _set_parameter,
    "repeat-parameter": _set_parameter,
    "send-twice": _send_twice,
    "rename-parameter": _rename_parameter,
    "remove-member": _remove_member,
    "set-member": _set_member,
    "json-body": _json_body,
    "raw-body": _raw_body,
    "method": _method,
    "form-in-query": _form_in_query,
    "path": _path,
    "tenant": _tenant,
    BY_ANOTHER_WAY: _without_token_by,
    "credential": change_credential,
    "assertion": change_assertion,
    "token": change_token,
}
