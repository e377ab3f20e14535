"""The fields of `causes.yaml` that an answer shows, and the form of a body that nothing is known about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from golive.diagnosis.fields import SKEW
from golive.exchanges.error_body import (
    GATEWAY_URN,
    TOKEN_URN,
    error_uri_parts,
    quoted_pairs,
    stated_pairs,
)
from golive.kit.wire import http_date
from golive.redaction.rendering import show_name, show_word

if TYPE_CHECKING:
    from golive.diagnosis.fields import Fields
    from golive.exchanges.model import Exchange

EXPIRED = frozenset({"token-expired"})
CONTENT_REFUSED = "unable to convert html to rtf"


def answer_fields(exchange: Exchange) -> Fields:
    """Parse an answer: status, kind of body, and what a token, gateway or service error says."""
    body = exchange.json_or_none
    members = body if isinstance(body, dict) else {}
    pairs = {**challenge_of(exchange), **stated_pairs(exchange)}
    parts = error_uri_parts(members.get("error_uri"))
    urn = parts[0] if parts else pairs.get("code")
    urn = urn if urn and urn.startswith("urn:") else None
    tail = urn_tail(urn) if urn else None
    given = members.get("error", pairs.get("error"))
    error = given if isinstance(given, str) else None
    said = pairs.get("subcode", members.get("subcode"))
    subcode = said if isinstance(said, str) else None
    found: Fields = {
        "status": exchange.status,
        "media": _media(exchange),
        "error": error,
        "urn": tail,
        "subcode": subcode,
        "names_reason": True if subcode or tail else None,
        "unavailable": True if exchange.unavailable else None,
    }
    if tail in EXPIRED:
        found["token_time"] = "expired"  # noqa: S105 - a state, not a password
    if "kid" in pairs:
        found["kid"] = pairs["kid"]
    if not exchange.succeeded and CONTENT_REFUSED in exchange.text.lower():
        found["service_reason"] = "html-to-rtf"
    if exchange.text.startswith("Tenant not valid"):
        found["service_reason"] = "tenant-not-valid"
    found["reason"] = subcode or tail or error or f"status {exchange.status}"
    return found


def urn_tail(urn: str) -> str:
    """Return a URN without its prefix and with hyphens, as `causes.yaml` writes it."""
    return urn.removeprefix(TOKEN_URN).removeprefix(GATEWAY_URN).replace("_", "-")


def issue_of(members: dict[str, Any]) -> dict[str, Any]:
    """Return the first issue of an OperationOutcome, empty where a body is none."""
    issues = members.get("issue") if members.get("resourceType") == "OperationOutcome" else None
    first = issues[0] if isinstance(issues, list) and issues else None
    return first if isinstance(first, dict) else {}


def challenge_of(exchange: Exchange) -> dict[str, str]:
    """Return the pairs of a Bearer challenge (RFC 6750 §3): of the header, or of the diagnostics of FHIR."""
    body = exchange.json_or_none
    said = issue_of(body).get("diagnostics") if isinstance(body, dict) else None
    challenge = said if isinstance(said, str) else exchange.header("WWW-Authenticate") or ""
    return quoted_pairs(challenge) if challenge.lower().startswith("bearer") else {}


def _media(exchange: Exchange) -> str:
    if not exchange.response.body:
        return "none"
    if exchange.json_or_none is not None:
        return "json"
    return "html" if exchange.is_page else "other"


def clock_fields(exchange: Exchange) -> Fields:
    """Compare this machine's clock with the answer's Date header (RFC 9110 §6.6.1)."""
    there = http_date(exchange.header("Date"))
    if there is None:
        return {}
    off = exchange.ended_at - there
    # Between sending and receiving, the server's clock may have stood anywhere.
    slack = SKEW + timedelta(seconds=exchange.seconds + 1)
    if abs(off) <= slack:
        return {"clock": "ok"}
    words = f"{_duration(abs(off))} {'ahead of' if off > timedelta() else 'behind'}"
    return {"clock": "skewed", "skew": words}


def _duration(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes != 1 else ''}"
    hours = round(minutes / 60)
    return f"{hours} hours" if hours < 72 else f"{round(hours / 24)} days"


def shape_of(exchange: Exchange) -> str:
    """Describe a body by its form alone, so that an unknown error can be shown without its values."""
    body = exchange.json_or_none
    size = f"{len(exchange.response.body)} bytes"
    if isinstance(body, dict):
        first = list(body.items())[:12]
        kinds = ", ".join(f"{show_name(name)}: {_kind(value)}" for name, value in first)
        return f"a JSON object with {kinds or 'no members'} ({size})"
    if body is not None:
        return f"JSON, {_kind(body)} ({size})"
    what = show_word(exchange.media_type) or "no Content-Type"
    return "no body" if not exchange.response.body else f"{what}, {size}"


def _kind(value: object) -> str:
    kinds = {str: "text", bool: "truth value", int: "number", float: "number", list: "list"}
    return "null" if value is None else kinds.get(type(value), "object")
