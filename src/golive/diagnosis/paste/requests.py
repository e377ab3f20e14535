"""Parses the requests of a paste into the fields of `causes.yaml`, with the same functions as the doctor."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from golive.diagnosis.causes import places_in_pastes
from golive.diagnosis.credentials import credential_shape, pair_in, shape_place
from golive.diagnosis.fields import (
    SMART_SCOPE,
    api_of,
    grant_fields,
    patient_fields,
    place_fields,
    scope_fields,
    token_fields,
    version_fields,
)
from golive.diagnosis.paste.answers import plain
from golive.diagnosis.paste.curl import (
    api_parts,
    host_of,
    is_open,
    is_token_request,
    readable,
    tenant_of,
)
from golive.diagnosis.paste.pieces import PastedAnswer, PastedFailure
from golive.diagnosis.services import service_of
from golive.diagnosis.spelling import api_url_defect
from golive.environment import API_HOST, AUTHORIZATION_HOST
from golive.exchanges.jwt import read
from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest, Segment


@dataclass
class Transcript:
    """What a paste holds: its requests, and each answer with the request before it and its fields."""

    token_request: PastedRequest | None = None
    api_request: PastedRequest | None = None
    answers: list[tuple[PastedRequest | None, PastedAnswer | PastedFailure]] = field(
        default_factory=list
    )


def transcript_of(pieces: list[Segment]) -> Transcript:
    """Put the pieces in relation: an answer belongs to the request before it."""
    transcript = Transcript()
    last: PastedRequest | None = None
    for piece in pieces:
        if isinstance(piece, PastedAnswer | PastedFailure):
            transcript.answers.append((last, piece))
            continue
        last = piece
        if is_token_request(piece):
            transcript.token_request = _nearer(transcript.token_request, piece)
        else:
            transcript.api_request = _nearer(transcript.api_request, piece)
    return transcript


def _nearer(before: PastedRequest | None, now: PastedRequest) -> PastedRequest:
    """Return the later one of two requests, unless the earlier one alone is asked of the platform."""
    return before if before and is_of_the_platform(before) and not is_of_the_platform(now) else now


def is_of_the_platform(request: PastedRequest) -> bool:
    """Return whether a request is asked of one of Oracle Health's servers."""
    served = service_of(request.url)
    return served is not None and served.owner == "oracle"


def request_fields(transcript: Transcript) -> dict[str, Any]:
    """Read what the requests alone show: hosts, clouds, tenants, scopes, the form of the credential."""
    token, api = transcript.token_request, transcript.api_request
    base, version, tenant = api_parts(api.url) if api else (None, None, None)
    served = service_of(api.url) if api else None
    if served is None or served.service not in ("messages", "fhir", "fhir-open"):
        version = tenant = None  # the path of another service says nothing about either
    token_tenant = tenant_of(token.url) if token else None
    found: dict[str, Any] = dict(places_in_pastes())
    token_url = readable(token.url) if token else None
    found |= place_fields(token_url, readable(base) if base else None, tenant or token_tenant)
    found["host"] = found.get("api_host") or found.get("token_host")
    if token_tenant and tenant and not is_open(token_tenant) and not is_open(tenant):
        found["tenants"] = "same" if token_tenant == tenant else "differ"
        found["token_tenant"] = token_tenant
    if is_open(found.get("tenant") or ""):
        for name in ("tenant", "tenant_form", "tenant_cloud"):
            found.pop(name, None)
    found |= version_fields(None if version and is_open(version) else version, api_of(base))
    asked: list[str] = []
    if token:
        form = form_of(token)
        asked = " ".join(form.get("scope", [])).split()
        if asked and not any(is_open(scope) for scope in asked):
            found |= scope_fields(asked, api_of(base))
        found |= _client_fields(token, form)
        granting = service_of(token.url)
        found["owner"] = granting.owner if granting else None
    if api and "named" not in api.flags:
        found["api_credential"] = _api_credential(api)
    if api:
        found["url_defect"] = found.get("url_defect") or api_url_defect(api.url)
        found |= patient_fields(api.url)
        if api.method not in ("GET", "HEAD") or len(parse_qs(split_url(api.url).query)) > 1:
            found["patient"] = "with-more"
    found |= _caller(api, found, asked)
    found |= right_urls(found)
    found |= _bearer_fields(api, found)
    return {name: plain(value) for name, value in found.items() if value is not None}


def form_of(request: PastedRequest) -> dict[str, list[str]]:
    """Return the parameters of a token request, from a form or from the JSON that was sent in its place."""
    if request.body.lstrip().startswith("{"):
        try:
            sent = json.loads(request.body)
        except ValueError:
            return {}
        return {str(k): [v] for k, v in sent.items() if isinstance(v, str)}
    return parse_qs(request.body, keep_blank_values=True)


def _caller(api: PastedRequest | None, found: dict[str, Any], asked: list[str]) -> dict[str, Any]:
    """Return which API the requests are for; of a caller of FHIR nothing is said about the scope of Messages."""
    served = service_of(api.url) if api else None
    caller = {"messages": "messages", "fhir": "fhir", "fhir-open": "fhir"}.get(
        served.service if served else ""
    )
    hosts = str(found.get("hosts_name") or "")
    if caller is None and hosts:
        caller = "messages" if hosts == API_HOST else "fhir" if hosts.startswith("fhir-") else None
    if caller is None and asked and all(SMART_SCOPE.match(scope) for scope in asked):
        caller = "fhir"
    if caller != "fhir":
        return {"caller": caller, "service": served.service if served else None}
    syntax = found.get("scope_syntax")
    return {
        "caller": caller,
        "service": served.service if served else None,
        "message_scope": None,
        "message_scope_name": found.get("asked") or "SCOPES",
        "smart_syntax": syntax if syntax in ("smart-v1", "smart-v2") else None,
        "scope_syntax": "ok" if syntax in ("smart-v1", "smart-v2") else syntax,
    }


def merged(asked: dict[str, Any], answered: dict[str, Any]) -> dict[str, Any]:
    """Join the fields of requests and answer; compare what was granted with what was asked for."""
    facts = asked | answered
    facts |= right_urls(facts)
    if isinstance(facts.get("granted"), str) and isinstance(asked.get("asked"), str):
        facts |= grant_fields(asked["asked"].split(), facts["granted"])
    return facts


def right_urls(found: dict[str, Any]) -> dict[str, Any]:
    """Write the URLs that would be right for this API host and tenant."""
    if found.get("api_cloud") == "sandbox":
        return {}
    tenant = found.get("tenant") or found.get("token_tenant") or "{tenant}"
    host, base = API_HOST, f"https://{API_HOST}/{tenant}/message"
    if found.get("caller") == "fhir":
        hosts = str(found.get("hosts_name") or "")
        host = str(found.get("api_host") or (hosts if hosts.startswith("fhir-") else "{FHIR host}"))
        base = f"https://{host}/r4/{tenant}"
    elif found.get("api_cloud") == "production":
        host = str(found["api_host"])
    tail = f"/tenants/{tenant}/hosts/{host}/protocols/oauth2/profiles/smart-v1/token"
    return {
        "right_token_host": AUTHORIZATION_HOST,
        "right_token_url": f"https://{AUTHORIZATION_HOST}{tail}",
        "right_base_url": base,
    }


def _client_fields(request: PastedRequest, form: dict[str, list[str]]) -> dict[str, Any]:
    header = request.header("Authorization") or ""
    scheme, _, value = header.partition(" ")
    ways = []
    if header:
        ways.append({"basic": "client_secret_basic", "bearer": "bearer"}.get(scheme.lower(), ""))
    if "client_assertion" in form:
        ways.append("private_key_jwt")
    if "client_secret" in form:
        ways.append("body")
    way = "none" if not ways else "several" if len(ways) > 1 else ways[0]
    named = "named" in request.flags
    found: dict[str, Any] = {
        "client_authentication": None if named and way == "none" else way or None,
        "grant": form.get("grant_type", [""])[0],
        "body_kind": _body_kind(request),
        "scope_parameter": "absent" if _lacks_scope(request, form) else None,
    }
    if ECHOED.search(value):
        found["credential_shape"] = "with-line-end"
    pair = pair_in(value.strip()) if way == "client_secret_basic" else None
    if way == "body":
        pair = (form.get("client_id", [""])[0], form.get("client_secret", [""])[0])
    if pair and pair[1] and not any(is_open(part) for part in pair):
        found["credential_shape"] = credential_shape(*pair)
        found["shape_place"] = shape_place(*pair, found["credential_shape"])
    return found


def _lacks_scope(request: PastedRequest, form: dict[str, list[str]]) -> bool:
    """Return whether a request of a system account names no scope; the other grants need none."""
    grant = form.get("grant_type", [""])[0]
    return "named" not in request.flags and grant == "client_credentials" and "scope" not in form


def _api_credential(request: PastedRequest) -> str:
    """Return what the call of an API carries as its credential: a value of `api_credential`."""
    given = (request.header("Authorization") or "").strip()
    scheme, _, value = given.partition(" ")
    if not given:
        return "none"
    if scheme.lower() != "bearer":
        return (
            "basic"
            if scheme.lower() == "basic"
            else "bare"
            if read(given).form != "opaque"
            else "other"
        )
    if value.strip().lower() in ("", "undefined", "null", "none", "nil", "[object object]"):
        return "empty"
    return "doubled" if value.lower().startswith("bearer ") else "bearer"


ECHOED = re.compile(r"\becho +(?!-n)[^|]*\| *(?:openssl +)?(?:enc +)?-?base64")
"""A command that encodes a pair with the line feed that echo adds."""


def _body_kind(request: PastedRequest) -> str | None:
    """Return what kind of body a token request has, by the body itself before the header."""
    media = (request.header("Content-Type") or "").lower()
    if request.body.lstrip().startswith("{"):
        return "json"
    if media.startswith("multipart/"):
        return "multipart"
    return "form" if request.body else None


def _bearer_fields(api: PastedRequest | None, found: dict[str, Any]) -> dict[str, Any]:
    """Read the token that the API was called with; its issuer names the cloud where no URL does."""
    scheme, _, token = ((api.header("Authorization") if api else None) or "").partition(" ")
    if scheme.lower() != "bearer":
        return {}
    read = token_fields(token.strip(), found.get("tenant"), datetime.now(UTC))
    read.pop("token_time", None)  # the call was made at another time than now
    if found.get("token_cloud") is None and read.get("issuer_cloud"):
        read["token_cloud"] = cloud = read["issuer_cloud"]
        read["token_host"] = host_of(str(read["issuer"]))
        if found.get("api_cloud"):
            read["clouds"] = "same" if cloud == found["api_cloud"] else "differ"
    return read


def request_marks(transcript: Transcript) -> dict[str, Any]:
    """Return what the remarks compare and no cause does: method, media type, flags, schemes."""
    token, api = transcript.token_request, transcript.api_request
    both = [request for request in (token, api) if request]
    marks: dict[str, Any] = {
        "insecure": any({"-k", "--insecure"} & request.flags for request in both),
        "plain_http": any(_is_plain(request) for request in both),
    }
    if token:
        form = (token.header("Content-Type") or "").startswith("application/x-www-form-urlencoded")
        grant = parse_qs(token.body).get("grant_type", [""])[0]
        marks |= {"token_method": token.method, "form": form, "grant": grant}
    if api:
        media = api.header("Content-Type")
        scheme = (api.header("Authorization") or "").partition(" ")[0].lower()
        marks |= {
            "api_method": api.method,
            "api_content_type": media is not None,
            "api_body": bool(api.body),
            "api_media": media.partition(";")[0].strip().lower() if media else None,
            "bearer": scheme == "bearer",
        }
    return marks


def _is_plain(request: PastedRequest) -> bool:
    parts = split_url(request.url)
    return parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1")
