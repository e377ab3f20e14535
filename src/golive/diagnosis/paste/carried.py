"""What a pasted request carries: the client's credential and the form of a token request, the token of a call."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.curl import is_open
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import json_in
from golive.diagnosis.services import fhir_asks, fhir_parts, service_of
from golive.diagnosis.spelling import (
    UUID,
    credential_shape,
    decoded,
    encoded_twice,
    pair_in,
    shape_place,
)
from golive.exchanges.jwt import read
from golive.kit.pointers import members, nodes

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest


NOTHING = ("", "undefined", "null", "none", "nil", "[object object]")
"""What programs write in place of a token that they have not."""

NOT_AWAITED = re.compile(
    r"\[object promise\]|<coroutine object .*|system\.threading\.tasks\.task.*", re.IGNORECASE
)
"""What programs write in place of a token for which they did not wait."""

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

WRAPS = re.compile(r"\| *(?:openssl +)?(?:enc +)?-?base64(?! *(?:-w|--wrap|-A|-b))\b")
"""A command that encodes a pair and wraps what it writes."""


def client_fields(
    request: PastedRequest, form: dict[str, list[str]], text: str = ""
) -> dict[str, Any]:
    """Return how a token request shows its client, what the credential looks like, and the form of the body."""
    value, way = request.authorization[1], _way(request, form)
    basic, named = way == "client_secret_basic", "named" in request.flags
    grant = form.get("grant_type", [""])[0]
    lacks_scope = not named and grant == "client_credentials" and "scope" not in form
    found: dict[str, Any] = {
        "client_authentication": None if named and way == "none" else way or None,
        "grant": grant,
        "body_kind": _body_kind(request),
        "scope_parameter": "absent" if lacks_scope else None,
        "body_break": "missing" if "no-empty-line" in request.flags else None,
    }
    if "client_assertion" in form and form.get("client_assertion_type") != [ASSERTION_TYPE]:
        found["assertion_type"] = "other" if "client_assertion_type" in form else "absent"
    if basic and ("\n" in value or (is_open(value) and WRAPS.search(value))):
        found["credential_shape"] = "header-wrapped"
    if pattern("echoed_pair").search(value) or (
        basic and is_open(value) and pattern("echoed_pair").search(text)
    ):
        found["credential_shape"] = "with-line-end"
    pair = pair_in(value) if basic else None
    if shape := _shape_of_basic(request):
        found["credential_shape"] = shape
    if way == "body":
        pair = (form.get("client_id", [""])[0], form.get("client_secret", [""])[0])
    sent = basic and value in text  # in base64, which nobody writes to be filled in
    if pair and pair[1] and (sent or not any(is_open(part) for part in pair)):
        found["credential_shape"] = credential_shape(*pair)
        found["shape_place"] = shape_place(*pair, found["credential_shape"])
        if basic and re.search(r"(?<!\s)\n\Z", pair[1]):
            found["credential_shape"] = "with-line-end"
    return found


WITHOUT_A_SPACE = re.compile(r"(?i)basic[:=]?[\w+/]{12,}={0,2}")
IN_CLEAR = re.compile(rf"(?:{UUID.pattern}|\$\{{?[\w.]+\}}?|\{{+[\w.]+\}}+):\S+")


def _shape_of_basic(request: PastedRequest) -> str | None:
    """Return what is wrong with a Basic header as a whole: a value of `credential_shape`."""
    scheme, value = request.authorization
    if WITHOUT_A_SPACE.fullmatch((request.header("Authorization") or "").strip()):
        return "no-space"
    if scheme != "basic":
        return None
    name, colon, _ = value.partition(":")
    encoded = decoded(name) if colon and len(name) >= LEAST_OF_A_SECRET else None
    if IN_CLEAR.fullmatch(value) or (encoded and encoded.isprintable()):
        return "not-encoded"
    if encoded_twice(value):
        return "encoded-twice"
    text = decoded(value) if len(value) >= LEAST_OF_A_SECRET else None
    return "no-colon" if text and text.isprintable() and ":" not in text else None


LEAST_OF_A_SECRET = 16  # characters: more than a word which masks one


def _way(request: PastedRequest, form: dict[str, list[str]]) -> str:
    """Return how the client is shown: a value of `client_authentication`, or nothing for a scheme of another kind."""
    scheme, value = request.authorization
    claims = read(value).claims if scheme == "bearer" else {}
    if claims and claims.get("iss") == claims.get("sub") and "aud" in claims:
        return "assertion-as-bearer"
    known = {"": [], "basic": ["client_secret_basic"], "bearer": ["bearer"]}
    ways = known.get(scheme, [""])
    if "client_assertion" in form:
        ways.append("private_key_jwt")
    if "client_secret" in form and scheme != "bearer":  # which decides, whatever the form holds
        ways.append("body")
    if "client_secret" in request.query:
        ways.append("query")
    return "several" if len(ways) > 1 else ways[0] if ways else "none"


def _body_kind(request: PastedRequest) -> str | None:
    """Return what kind of body a token request has, by the body itself before the header."""
    media = (request.header("Content-Type") or "").lower()
    if request.body.lstrip().startswith("{"):
        return "json"
    if media.startswith("multipart/"):
        return "multipart"
    return "form" if request.body else None


def api_credential(request: PastedRequest) -> str:
    """Return what the call of an API carries as its credential: a value of `api_credential`."""
    given = (request.header("Authorization") or "").strip()
    scheme, value = request.authorization
    if not given:
        in_the_url = {"access_token", "bearer_token"} & {*request.query}
        return "misspelt" if odd_header(request) else "query" if in_the_url else "none"
    if re.match(r"(?i)bearer[:=]?eyJ", given):
        return "no-space"
    if scheme != "bearer":
        known = {"basic": "basic", "oauth": "oauth1" if "oauth_" in value else "other"}
        token = any(read(one).form != "opaque" for one in (given, value))
        return known.get(scheme) or ("bare" if token else "other")
    if value.lower() in NOTHING:
        return "empty"
    if NOT_AWAITED.fullmatch(value):
        return "not-awaited"
    if re.search(r'^\{.*access_token\\?"\s*:', value):
        return "json"
    claims = read(value).claims
    if {"nonce", "fhirUser"} & {*claims} or str(claims.get("iss", "")).endswith("/oidc"):
        return "id-token"
    if re.match("b?[\"']", value):
        return "quoted"
    if pattern("token_placeholder").fullmatch(value) and not pattern("mask").search(value):
        return "placeholder"
    return "doubled" if value.lower().startswith("bearer ") else "bearer"


def odd_header(request: PastedRequest) -> str | None:
    """Return the header that is nearly named Authorization, or carries a Bearer token under another name."""
    names = {name.lower(): name for name, _ in request.headers}
    near = get_close_matches("authorization", [*names], 1, 0.85)
    bearing = [
        name.lower()
        for name, value in request.headers
        if re.match(r"(?i)bearer \S", value)
        and re.search("(?i)token|auth(?!orization$)", name)
        and not re.search("(?i)proxy", name)
    ]
    found = next((names[one] for one in (*near, *bearing)), None)
    return found if found is None or re.fullmatch(r"[\w-]{1,40}", found) else "another header"


ETAG = re.compile(r'(?:W/)?".*"|\*')


FHIR_MEDIA = dict.fromkeys(("dstu2", "may2015"), "application/json+fhir")
"""Versions of FHIR that are older than application/fhir+json."""


def media_fields(request: PastedRequest) -> dict[str, Any]:
    """Return which media types the call of an API sends and accepts, and what its If-Match and its path say."""
    version, served = fhir_parts(request.url), service_of(request.url)
    name = version[0].lower() if version else None
    documented = FHIR_MEDIA.get(name, "application/fhir+json") if name else "application/json"
    media, accept = media_of(request, "Content-Type"), media_of(request, "Accept")
    patch = request.method == "PATCH" and re.search(r'"op"\s*:', request.body)
    reads = request.method == "GET"
    known = served is not None and served.owner == "oracle"
    return {
        "fhir_version": name,
        "accept": "as-documented" if known and accept == documented else None,
        "sent_media": "as-documented" if known and media == documented else None,
        "patch_media": "other" if patch and media != "application/json-patch+json" else None,
        "if_match": _if_match(request),
        "export_job": "asked" if "/$export" in request.url else None,
        "prefer": "absent" if len(request.headers) > 1 and not request.header("Prefer") else None,
        "long_text": "seen" if name and _has_a_long_text(json_in(request.body)) else None,
        "codings": "mixed" if name and _mixes_codings(json_in(request.body)) else None,
        "fhir_asks": fhir_asks(request.url) if reads else None,
    }


def _if_match(request: PastedRequest) -> str | None:
    """Return what If-Match of a request holds: a value of `if_match`."""
    match = request.header("If-Match")
    if match is None:
        shown = len(request.headers) > 1 and request.method in ("PUT", "PATCH")
        return "absent" if shown else None
    return "etag" if ETAG.fullmatch(match.strip()) else "no-etag"


NOT_OF_PEOPLE = ("div", "data", "url")
"""Members whose text is long by nature."""

MOST_OF_A_TEXT = 255
"""Characters of a text in a resource; a longer reason of an Appointment was refused (forums.oracle.com thread 1888)."""


def _has_a_long_text(value: object) -> bool:
    """Return whether a resource has a long text, but for its narrative and for what is encoded."""
    return any(
        isinstance(each, str) and len(each) > MOST_OF_A_TEXT and name not in NOT_OF_PEOPLE
        for node in nodes(value)
        for name, each in members(node)
    )


OWN_CODES = re.compile(r"https?://fhir\.cerner\.com/[^/]+/codeSet/")
"""The system of a code of the platform's own, in a resource of FHIR."""


def _mixes_codings(value: object) -> bool:
    """Return whether one list of codings of a resource holds codes of the platform's own and of another system."""
    for node in nodes(value):
        for name, each in members(node):
            coded = each if name == "coding" and isinstance(each, list) else []
            systems = [str(one.get("system")) for one in coded if isinstance(one, dict)]
            if len({bool(OWN_CODES.match(one)) for one in systems}) > 1:
                return True
    return False


def media_of(request: PastedRequest, name: str) -> str:
    """Return the media type that a header names, in small letters and without parameters."""
    return (request.header(name) or "").partition(";")[0].strip().lower()
