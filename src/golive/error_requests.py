"""Makes the one change of an error case to a valid request.

Each kind of change of `schemas/errors.yaml` is one function of the table `CHANGES`. A false credential
names a random, unknown client; the real client id stands beside a false secret only where the environment
says `safety.attack_credential: allowed`.
"""

from __future__ import annotations

import base64
import json
import secrets
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from golive.environment import KeyCredential, SecretCredential, service_root
from golive.error_values import fill
from golive.findings import NotClaimedError, SuiteError
from golive.redaction import VAULT
from golive.token import FORM, TokenClient, assertion, basic

if TYPE_CHECKING:
    from golive.exchange import Request
    from collections.abc import Callable
    from golive.contract import Contract
    from golive.environment import Environment
    from golive.error_catalogue import ErrorCase

UNKNOWN_TENANT = "00000000-0000-4000-8000-000000000000"
JSON = "application/json"


@dataclass(frozen=True)
class Situation:
    """What a change may need besides the request: who asks, and the values of placeholders."""

    environment: Environment
    contract: Contract
    tokens: TokenClient
    values: dict[str, Any]


def changed(case: ErrorCase, request: Request, situation: Situation) -> Request:
    """Return the request with the case's one change.

    Raises NotClaimedError where the environment lacks what the change needs.
    """
    for claim in case.claims:
        key, _, wanted = f"claims.{claim}".partition("=")
        value = situation.environment.get(key)
        if value is None or (wanted and value != wanted):
            raise NotClaimedError(key)
    kind, argument = case.change
    return CHANGES[kind](request, fill(argument, situation.values), situation)


def _remove_header(request: Request, name: str, _: Situation) -> Request:
    return replace(request, headers=request.headers.without(name))


def _set_header(request: Request, change: dict[str, str], _: Situation) -> Request:
    headers = request.headers
    for name, value in change.items():
        headers = headers.with_(name, str(value))
    return replace(request, headers=headers)


def _pairs(request: Request) -> list[tuple[str, str]]:
    if request.headers.get("Content-Type") == FORM:
        return parse_qsl(request.body.decode(), keep_blank_values=True)
    return list(request.query)


def _with_pairs(request: Request, pairs: list[tuple[str, str]]) -> Request:
    if request.headers.get("Content-Type") == FORM:
        return replace(request, body=urlencode(pairs).encode())
    query = urlencode(pairs, safe=":")
    return replace(request, url=urlunsplit(urlsplit(request.url)._replace(query=query)))


def _remove_parameter(request: Request, name: str, _: Situation) -> Request:
    return _with_pairs(request, [(k, v) for k, v in _pairs(request) if k != name])


def _set_parameter(request: Request, change: dict[str, Any], _: Situation) -> Request:
    pairs = [(k, v) for k, v in _pairs(request) if k not in change]
    return _with_pairs(request, pairs + [(k, str(v)) for k, v in change.items()])


def _repeat_parameter(request: Request, change: dict[str, list[Any]], _: Situation) -> Request:
    pairs = [(k, v) for k, v in _pairs(request) if k not in change]
    return _with_pairs(request, pairs + [(k, str(v)) for k, vs in change.items() for v in vs])


def _member_change(request: Request, pointer: str, value: Any) -> Request:
    body = json.loads(request.body)
    *parents, last = [p.replace("~1", "/").replace("~0", "~") for p in pointer.split("/")[1:]]
    node: Any = body
    for part in parents:
        node = node[int(part)] if isinstance(node, list) else node[part]
    place: Any = int(last) if isinstance(node, list) else last
    if value is ...:
        del node[place]
    else:
        node[place] = value
    return replace(request, body=json.dumps(body).encode())


def _remove_member(request: Request, pointer: str, _: Situation) -> Request:
    return _member_change(request, pointer, ...)


def _set_member(request: Request, change: dict[str, Any], _: Situation) -> Request:
    for pointer, value in change.items():
        request = _member_change(request, pointer, value)
    return request


def _json_body(request: Request, body: Any, _: Situation) -> Request:
    headers = request.headers.with_("Content-Type", JSON)
    return replace(request, headers=headers, body=json.dumps(body).encode())


def _raw_body(request: Request, body: str, _: Situation) -> Request:
    return replace(request, body=body.encode())


def _method(request: Request, method: str, _: Situation) -> Request:
    return replace(request, method=method)


def _path(request: Request, path: str, situation: Situation) -> Request:
    api = situation.environment.api
    query = urlsplit(request.url).query
    url = f"{api.base_url}/{api.version}/{path.lstrip('/')}"
    return replace(request, url=f"{url}?{query}" if query else url)


def _tenant(request: Request, which: str, situation: Situation) -> Request:
    other = {"unknown": UNKNOWN_TENANT, "malformed": "not-a-tenant%20id"}.get(which, which)
    root = service_root(request.url)
    rest = request.url.removeprefix(root)
    tenant = quote(situation.environment.tenant, safe="")
    if tenant not in rest:
        raise NotClaimedError("tenant")
    return replace(request, url=root + rest.replace(tenant, other, 1))


def _credential(request: Request, which: str, situation: Situation) -> Request:
    headers = request.headers.without("Authorization")
    account = situation.environment.main_account
    match which:
        case "none":
            return replace(request, headers=headers)
        case "malformed-basic":
            value = "Basic " + base64.b64encode(str(uuid.uuid4()).encode()).decode()
        case "unknown-client":
            value = basic(str(uuid.uuid4()), secrets.token_urlsafe(24))
        case "wrong-secret":
            if situation.environment.safety.attack_credential != "allowed":
                raise NotClaimedError("safety.attack_credential")
            value = basic(account.credential.client_id, secrets.token_urlsafe(24))  # type: ignore[union-attr]
        case "bearer":
            value = f"Bearer {secrets.token_urlsafe(32)}"
        case "in-body":
            # The right credential in the wrong place: a false one would be refused for another reason.
            if not isinstance(account.credential, SecretCredential):
                raise NotClaimedError("token.credential.client_secret")
            pair = [
                ("client_id", account.credential.client_id),
                ("client_secret", account.credential.client_secret.reveal()),
            ]
            return _with_pairs(replace(request, headers=headers), _pairs(request) + pair)
        case _:
            raise SuiteError(f"no credential change is named {which}")
    return replace(request, headers=headers.with_("Authorization", value))


def _assertion(request: Request, which: str, situation: Situation) -> Request:
    account = situation.environment.account("private_key_jwt")
    credential = account.credential
    if not isinstance(credential, KeyCredential):
        raise NotClaimedError("claims.accounts.private_key_jwt")
    match which:
        case "unregistered-key":
            if situation.environment.safety.attack_credential != "allowed":
                raise NotClaimedError("safety.attack_credential")
            signed = assertion(credential, account.token_url, private_key=_new_key(credential))
        case "expired":
            signed = assertion(credential, account.token_url, expires_in=-600)
        case "wrong-audience":
            signed = assertion(credential, "https://audience.invalid/token")
        case "replayed":
            situation.tokens.send(request, "assertion used for the first time")
            return request
        case "wrong-type":
            kind = {
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:saml2-bearer"
            }
            return _set_parameter(request, kind, situation)
        case _:
            raise SuiteError(f"no assertion change is named {which}")
    return _set_parameter(request, {"client_assertion": signed}, situation)


def _new_key(credential: KeyCredential) -> object:
    from joserfc.jwk import ECKey, RSAKey

    if credential.algorithm == "ES384":
        return ECKey.generate_key("P-384")
    return RSAKey.generate_key(2048)


def _token(request: Request, which: str, situation: Situation) -> Request:
    environment = situation.environment
    own = (request.headers.get("Authorization") or "").removeprefix("Bearer ")
    match which:
        case "none":
            return replace(request, headers=request.headers.without("Authorization"))
        case "in-query":
            bare = replace(request, headers=request.headers.without("Authorization"))
            return _with_pairs(bare, [*_pairs(bare), ("access_token", own)])
        case "basic-scheme":
            return replace(request, headers=request.headers.with_("Authorization", f"Basic {own}"))
        case "garbage":
            value = secrets.token_urlsafe(48)
        case "expired":
            expired = environment.claims.expired_token
            if expired is None or not hasattr(expired, "reveal"):
                raise NotClaimedError("claims.expired_token")
            value = expired.reveal()
        case "tampered":
            value = _tampered(own)
        case "alg-none":
            value = _unsigned(own)
        case "other-cloud" | "other-tenant":
            value = _granted(which.replace("-", "_"), situation)
        case "without-scope":
            value = _granted("without_message_scope", situation)
        case _:
            raise SuiteError(f"no token change is named {which}")
    VAULT.protect(value)
    return replace(request, headers=request.headers.with_("Authorization", f"Bearer {value}"))


def _granted(name: str, situation: Situation) -> str:
    account = situation.environment.claims.accounts.get(name)
    if account is None:
        raise NotClaimedError(f"claims.accounts.{name}")
    return situation.tokens.grant(account).access_token


def _encode(value: object) -> str:
    raw = json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _parts(token: str) -> list[str]:
    parts = token.split(".")
    if len(parts) != 3:
        raise NotClaimedError("token")
    return parts


def _decoded(part: str) -> dict[str, Any]:
    return dict(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))))


def _tampered(token: str) -> str:
    header, payload, signature = _parts(token)
    return f"{header}.{_encode({**_decoded(payload), 'sub': str(uuid.uuid4())})}.{signature}"


def _unsigned(token: str) -> str:
    header, payload, _ = _parts(token)
    return f"{_encode({**_decoded(header), 'alg': 'none'})}.{payload}."


CHANGES: dict[str, Callable[[Request, Any, Situation], Request]] = {
    "remove-header": _remove_header,
    "set-header": _set_header,
    "remove-parameter": _remove_parameter,
    "set-parameter": _set_parameter,
    "repeat-parameter": _repeat_parameter,
    "remove-member": _remove_member,
    "set-member": _set_member,
    "json-body": _json_body,
    "raw-body": _raw_body,
    "method": _method,
    "path": _path,
    "tenant": _tenant,
    "credential": _credential,
    "assertion": _assertion,
    "token": _token,
}
