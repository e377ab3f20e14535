"""Explains what no one answers a request with: discovery, a key set, a decoded token, the answer of introspection."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from golive.diagnosis.paste.answer import Answer
from golive.diagnosis.paste.lookup import token_in
from golive.environment import cloud_of, real_host
from golive.exchanges.jwt import encoded_part
from golive.redaction.rendering import show_url, show_word

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
SHOWN_KEYS = 12


def document_in(body: str) -> Answer | None:
    """Return what a JSON body is, where it is one of these documents."""
    try:
        value = json.loads(body) if body.startswith("{") else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("token_endpoint"), str):
        return _discovery(value)
    if isinstance(value.get("keys"), list):
        return _key_set(value["keys"])
    if isinstance(value.get("active"), bool):
        return _introspected(active=value["active"])
    if isinstance(value.get("alg"), str) and ("typ" in value or "kid" in value or "enc" in value):
        return _header(value)
    if isinstance(value.get("iss"), str) and "exp" in value:
        return _claims(value)
    return None


def _discovery(value: dict[str, Any]) -> Answer:
    url = value["token_endpoint"]
    details = [("token URL", f"{show_url(url)}{_cloud(real_host(url))}")]
    if isinstance(value.get("issuer"), str):
        details.append(("issuer", show_url(value["issuer"])))
    ways = value.get("token_endpoint_auth_methods_supported")
    if isinstance(ways, list):
        words = [show_word(way) for way in ways if isinstance(way, str)]
        details.append(
            (
                "client",
                f"{', '.join(words)}; what is not listed, such as a secret in the form, is refused",
            )
        )
    details.append(
        (
            "note",
            "discovery is about FHIR: the oraclehealth:millennium scopes of the EHR APIs are not in it",
        )
    )
    return Answer(
        "document",
        "discovery",
        "A discovery document: where tokens come from.",
        tuple(details),
        "contract-facts §4.1, §4.4",
    )


def _key_set(keys: list[Any]) -> Answer:
    members = [key for key in keys if isinstance(key, dict)]
    kids = [show_word(str(key.get("kid", "no kid"))) for key in members]
    details = [("keys", ", ".join(kids[:SHOWN_KEYS]) or "none")]
    if any(PRIVATE & set(key) for key in members):
        details.append(
            (
                "change",
                "It holds private members (such as `d`): register the public half alone, and replace "
                "the key, which is public now",
            )
        )
    details.append(
        (
            "note",
            "Oracle's keys change every 48 hours: fetch the set again once where a kid is missing, "
            "and do not keep it for days",
        )
    )
    return Answer(
        "document",
        "key-set",
        f"A key set (JWKS) of {len(members)} keys.",
        tuple(details),
        "contract-facts §4.4; RFC 7517 §5",
    )


def _introspected(*, active: bool) -> Answer:
    means = (
        "The token is active."
        if active
        else "The token is not active: expired, revoked, or of another server."
    )
    change = (
        "Take a new token; one lives for 570 seconds. Each cloud has its own /tokeninfo, which "
        "knows only its own tokens."
    )
    return Answer(
        "document",
        "introspection",
        means,
        () if active else (("change", change),),
        "RFC 7662 §2.2; contract-facts §4.4",
    )


def _header(value: dict[str, Any]) -> Answer:
    kid = show_word(str(value.get("kid", "not named")))
    shown = f"alg {show_word(value['alg'])}, kid {kid}"
    if "enc" in value:
        shown += f", enc {show_word(str(value['enc']))}"
        note = (
            "an encrypted token (JWE): its claims can't be seen from outside, and that is no fault"
        )
        return Answer(
            "document",
            "jwe-header",
            "The header of an encrypted token.",
            (("evidence", shown), ("note", note)),
            "contract-facts §4.1; RFC 7516 §3.1",
        )
    note = (
        "a kid is in the key set of the cloud that signed the token: "
        "authorization.cerner.com/jwk or authorization.sandboxcerner.com/jwk"
    )
    return Answer(
        "document",
        "jwt-header",
        "The header of a signed token.",
        (("evidence", shown), ("note", note)),
        "contract-facts §4.4",
    )


def _claims(value: dict[str, Any]) -> Answer:
    it = token_in(f"{encoded_part({'alg': 'none'})}.{encoded_part(value)}.")
    means = "The claims of a token, decoded and not verified."
    details = tuple(each for each in it.details if each[0] not in ("evidence", "note"))
    return replace(it, kind="document", id="jwt-claims", means=means, details=details)


def _cloud(host: str) -> str:
    cloud = cloud_of(host)
    return f": {cloud} cloud" if cloud else ""
