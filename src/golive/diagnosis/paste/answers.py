"""Parses one answer of a paste into the fields of `causes.yaml`, with the same functions as the doctor.

An answer says why in one of four places: the URN in `error_uri`, the `message` of a gateway, a Bearer challenge,
or the diagnostics of a FHIR OperationOutcome.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from golive.diagnosis.fields import place_fields, tenant_fields, token_fields
from golive.diagnosis.paste.curl import host_of, is_open, is_token_request
from golive.diagnosis.paste.vendors import oauth_error, reason_of, whose
from golive.diagnosis.response_fields import answer_fields, challenge_of, issue_of, shape_of
from golive.diagnosis.spelling import UUID
from golive.environment import cloud_of
from golive.exchanges.error_body import GATEWAY_URN, error_uri_parts
from golive.exchanges.headers import Headers
from golive.exchanges.jwt import read
from golive.exchanges.model import CORRELATION_HEADERS, Exchange, Request, Response
from golive.kit.wire import http_date, split_url
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest

PLAIN = re.compile(r"[A-Za-z0-9._:/*?=,$ @{}-]{1,300}")
TIME_UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
CODE = re.compile(r"[a-z]+(?:[_-][a-z]+)*")
"""The form of an error code; what has another one may be anything, and is not printed back."""

SERVER = re.compile(r"[A-Za-z][A-Za-z-]{1,20}(?:/[\d.]{1,12})?")

TITLE = re.compile(r"(?i)<title>\s{0,20}([45]\d\d)\b")
"""The status that an error page of a server has in its title."""

PHRASES = frozenset(each.phrase for each in HTTPStatus)

ISSUERS = re.compile(r"expected (https?://\S+?),? received (https?://\S+)", re.IGNORECASE)
STATUS_OF_ERROR = {"invalid_token": 401, "insufficient_scope": 403}
"""RFC 6750 §3.1: the status that goes with an error of a resource."""

STATUS_OF_ISSUE = {"login": 401, "forbidden": 403, "not-found": 404, "throttled": 429}
"""The code of an OperationOutcome's issue -> the status with which it was seen."""

NEARLY_A_TENANT = 24
"""Hexadecimal digits; what has as many and is no tenant id is one with a slip, and no mask or placeholder."""


MASKED = re.compile(r"[\[\](){}<>*…]|\.{3}")
"""What no token holds, and what people and logs write in place of one does."""


ESCAPED_AGAIN = re.compile(r'(?<!\\)\\(?:\\\\)+"')
"""A quote of a JSON text that was escaped once more for each log or language that it went through."""


def exchange_of(request: PastedRequest | None, answer: PastedAnswer) -> Exchange:
    """Return request and answer in the form that the doctor's functions read; status 0 is unknown."""
    body = ESCAPED_AGAIN.sub(r'\\"', answer.body).encode("utf-8", "replace")
    return Exchange(
        name="pasted",
        request=Request(request.method if request else "", request.url if request else ""),
        response=Response(answer.status or 0, Headers(answer.headers), body),
        sent_at=TIME_UNKNOWN,
        seconds=0,
    )


def answer_facts(request: PastedRequest | None, answer: PastedAnswer) -> dict[str, Any]:
    """Read the fields of one answer, the stage that it belongs to included."""
    exchange = exchange_of(request, answer)
    found = answer_fields(exchange)
    body = exchange.json_or_none
    members = body if isinstance(body, dict) else {}
    found |= _said_otherwise(exchange, members)
    if found.get("error") is None and (error := oauth_error(members)):
        found |= {"error": error, "reason": error}
    status = answer.status or _status(members, found, called=request is not None)
    if not status and (title := TITLE.search(answer.body)):
        status = int(title[1])
    found |= {"status": status, "unavailable": status in (429, 502, 503, 504) or None}
    if found["reason"] == "status 0":
        found["reason"] = f"status {status}" if status else None
    stage = found["stage"] = _stage(request, members, found, exchange)
    parts = error_uri_parts(members.get("error_uri"))
    if parts:
        found |= uri_fields(members["error_uri"])
    realm = found.pop("realm", None)
    by_another = request is None or (stage == "api" and is_token_request(request))
    if realm and by_another and stage == "api" and not found.get("api_host"):
        found |= {"api_host": realm, "api_cloud": cloud_of(realm)}
    found["host"] = found.get("api_host") or found.get("token_host")
    if request and "host-assumed" not in request.flags:
        found["host"] = host_of(request.url) or found["host"]
    found |= whose(request, members, found, exchange)
    found |= reason_of(exchange, members)
    said = str(found.get("said", "")).lower()
    if "expired" in said and " or " not in said and found.get("error") == "invalid_token":
        found["token_time"] = "expired"  # noqa: S105 - a state, not a password
    found |= _moved(request, exchange)
    found["shape"] = shape_of(exchange)
    served = exchange.header("Server") or ""
    found["gateway"] = f"`{served}` by its Server header" if SERVER.fullmatch(served) else None
    found["ids"] = _ids(exchange)
    if parts and found["ids"] is None:
        found["ids"] = {"Cerner-Correlation-ID": parts[1]}
    if isinstance(members.get("access_token"), str):
        found |= {"granted_now": True, "stage": "token"}
        if not MASKED.search(members["access_token"]):
            found["token_form"] = read(members["access_token"]).form.value
        now = http_date(exchange.header("Date")) or datetime.now(UTC)
        found |= token_fields(members["access_token"], None, now)
        found["granted"] = members.get("scope")
    found |= _codes(found)
    own = found.pop("vendor_cure", None)  # of golive's own data, which may be long
    shown = {name: plain(value) for name, value in found.items() if value is not None}
    return shown | ({"vendor_cure": own} if own else {})


def _codes(found: dict[str, Any]) -> dict[str, Any]:
    """Return what has to stand in place of codes that have not the form of one, and so may be anything."""
    odd: dict[str, Any] = {}
    for name in ("subcode", "error"):
        value = found.get(name)
        if value and not CODE.fullmatch(value) and value not in PHRASES:
            odd[name] = f"(a text of {len(value)} characters)"
            odd["reason"] = odd[name] if found.get("reason") == value else found.get("reason")
    return odd


def _moved(request: PastedRequest | None, exchange: Exchange) -> dict[str, Any]:
    """Return whether a redirect leads from http to https alone, where many clients go on with a GET."""
    to, url = exchange.header("Location") or "", request.url if request else ""
    unseen = request is not None and "scheme-assumed" in request.flags
    if unseen and exchange.status in (301, 302, 303) and to == url:
        return {"redirect": "to-https"}  # only another scheme leads from a URL to itself
    if not url.startswith("http://"):
        return {}
    to_https = split_url(to).scheme == "https" and host_of(to) == host_of(url)
    became_a_get = exchange.status == 405 and request is not None and request.method == "POST"
    moved = exchange.status in (301, 302, 303) and to_https
    return {"redirect": "to-https"} if moved or became_a_get else {}


def _ids(exchange: Exchange) -> dict[str, str] | None:
    """Return the ids for Oracle's support as they were pasted, None for none; of one that is no word its length."""
    given = {name: exchange.header(name) for name in CORRELATION_HEADERS}
    found = {
        name: redact(value) if PLAIN.fullmatch(value) else f"(a text of {len(value)} characters)"
        for name, value in given.items()
        if value
    }
    return found or None


def uri_fields(uri: str) -> dict[str, Any]:
    """Read host, cloud and tenant from an `error_uri`; of a tenant with a slip only that it has one."""
    tenant = parse_qs(split_url(uri).query).get("tenant", [""])[0]
    found = place_fields(uri, None, tenant if UUID.fullmatch(tenant) else None)
    if is_open(tenant):
        found |= {"tenant": tenant, "tenant_form": "placeholder"}
    elif tenant and parse_qs(split_url(uri).query).get("client") == [tenant]:
        found["tenant_form"] = "client-id"
    elif len(re.findall("[0-9a-fA-F]", tenant)) >= NEARLY_A_TENANT and "tenant" not in found:
        of_tenant = tenant_fields(tenant)
        found |= {k: of_tenant[k] for k in ("tenant_form", "tenant_length", "tenant_end")}
    found.pop("url_defect", None)
    return {name: value for name, value in found.items() if value is not None}


def _said_otherwise(exchange: Exchange, members: dict[str, Any]) -> dict[str, Any]:
    """Read the form of FHIR, and the hosts that a Bearer challenge names."""
    found: dict[str, Any] = {}
    if members.get("resourceType") == "OperationOutcome":
        found = {"body_form": "fhir", "issue": issue_of(members).get("code")}
    pairs = challenge_of(exchange)
    if "realm" in pairs and cloud_of(host_of(pairs["realm"])):
        found["realm"] = host_of(pairs["realm"])
    if issuers := ISSUERS.search(pairs.get("error_description", "")):
        wanted, came = (host_of(issuer) for issuer in issuers.groups())
        found |= {"token_host": came, "token_cloud": cloud_of(came), "api_cloud": cloud_of(wanted)}
        found |= {"api_host": host_of(pairs["realm"])} if "realm" in pairs else {}
    return {name: value for name, value in found.items() if value}


def _status(members: dict[str, Any], found: dict[str, Any], *, called: bool) -> int | None:
    """Infer the status of an answer that was pasted without it, from what goes with one status only."""
    for name in ("code", "status", "statusCode"):
        code = members.get(name)
        if type(code) is int and 400 <= code < 600:
            return code
    if "error_uri" in members:
        return None
    if called and isinstance(members.get("items"), list):
        return 200  # a list is what these APIs answer with alone
    return STATUS_OF_ERROR.get(str(found.get("error"))) or STATUS_OF_ISSUE.get(
        str(found.get("issue"))
    )


def _stage(
    request: PastedRequest | None,
    members: dict[str, Any],
    found: dict[str, Any],
    exchange: Exchange,
) -> str | None:
    """Return what an answer belongs to: by its own form, then by its request, then by what is likely."""
    error, error_uri = members.get("error"), "error_uri" in members
    challenged = challenge_of(exchange).get("error") in STATUS_OF_ERROR  # of who is shown a token
    of_resource = (challenged or str(error) in STATUS_OF_ERROR) and not error_uri
    if found.get("body_form") == "fhir" or of_resource:
        return "api"
    if GATEWAY_URN in str(members.get("message", "")) and not error_uri:
        return "api"  # a refusal is of the party whose form it has, whatever URL stands before it
    if error_uri or "access_token" in members or isinstance(error, str) or oauth_error(members):
        return "token"
    if request is not None:
        return "token" if is_token_request(request) else "api"
    code = members.get("code")
    of_an_api = "message" in members and (isinstance(code, str) or code in range(400, 600))
    if of_an_api or found.get("error"):
        return "api"
    if exchange.header("opc-request-id") or exchange.header("Cerner-Correlation-ID"):
        return "api" if exchange.header("opc-request-id") else "token"
    # JSON with none of the members that Oracle's servers send may be anybody's.
    bare = found["media"] in ("none", "other")
    return "api" if bare and found.get("status") in (401, 403) else None


def plain(value: Any) -> Any:
    """Keep only what can be printed; an odd value of an answer is described by its length."""
    if not isinstance(value, str) or PLAIN.fullmatch(value) or value.startswith(("a JSON", "`")):
        return value
    return f"(a text of {len(value)} characters)" if len(value) > 300 else value
