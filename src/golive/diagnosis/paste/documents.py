"""Explains what no one answers a request with: discovery, a key set, a decoded token, the answer of introspection."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from golive.checks.authority import issuer_host
from golive.diagnosis.causes import matches
from golive.diagnosis.paste.answer import Answer, own_answers, stated
from golive.diagnosis.paste.answers import PLAIN
from golive.environment import cloud_of, real_host
from golive.exchanges.jwt import AccessToken, Form, read
from golive.kit.wire import instant_of
from golive.redaction.rendering import show_word

PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "k"})
SHOWN_KEYS = 12
KINDS = {str: "text", list: "list", dict: "object", int: "number", float: "number"}


def document_in(value: dict[str, Any]) -> Answer | None:
    """Return what a JSON object is, where it is a document of `terms.yaml`."""
    forms = {
        name: each if isinstance(each, bool) else KINDS.get(type(each), "null")
        for name, each in value.items()
    }
    for row in own_answers():
        if "members" in row and matches(row["members"], forms):
            return stated(row["id"], _words(value) | {"active": value.get("active")})
    return None


def is_of_a_token(value: dict[str, Any]) -> bool:
    """Return whether an object is the header or the claims of a token, which a person decoded: no server sends them."""
    found = document_in(value) if value else None
    return found is not None and found.id in ("jwt-claims", "jwt-header", "jwe-header")


def public(value: str) -> str:
    """Return what a document that anybody may read holds, where it can be printed."""
    return value if PLAIN.fullmatch(value) else show_word(value)


def _words(value: dict[str, Any]) -> dict[str, Any]:
    """Return the words for the documents that an object may be, as far as it has their members."""
    url, issuer = value.get("token_endpoint"), value.get("issuer")
    ways, keys = value.get("token_endpoint_auth_methods_supported"), value.get("keys")
    words: dict[str, Any] = {
        "kid": public(str(value.get("kid", "not named"))),
        "algorithm": public(str(value.get("alg"))),
        "encryption": public(str(value.get("enc"))),
        "named_issuer": public(issuer) if isinstance(issuer, str) else None,
    }
    if isinstance(url, str):
        cloud = cloud_of(real_host(url))
        words["token_url"] = f"{public(url)}{(cloud and f': {cloud} cloud') or ''}"
    if isinstance(ways, list):
        words["ways"] = ", ".join(public(way) for way in ways if isinstance(way, str))
    if isinstance(keys, list):
        members = [key for key in keys if isinstance(key, dict)]
        kids = [public(str(key.get("kid", "no kid"))) for key in members]
        words |= {"key_count": len(members), "key_ids": ", ".join(kids[:SHOWN_KEYS]) or "none"}
        words["private"] = any(PRIVATE & set(key) for key in members)
    return words | _words_of(AccessToken((), {}, value))


def _words_of(token: AccessToken) -> dict[str, Any]:
    """Return what a token says of itself."""
    issuer, moment = str(token.claims.get("iss", "not named")), instant_of(token.claims.get("exp"))
    state = "expired since" if moment and moment < datetime.now(UTC) else "good until"
    return {
        "issuer": issuer,
        "cloud": cloud_of(issuer_host(issuer)) or "unknown",
        "tenant": token.tenant or "not named",
        "client": token.client_id or "not named",
        "scopes": " ".join(sorted(token.scopes or ())) or "not named",
        "time": f"{state} {moment:%Y-%m-%dT%H:%M:%SZ}" if moment else None,
    }


def token_in(word: str) -> Answer:
    """Return what a token says of itself; anything else is unknown."""
    token = read(word)
    if token.problem and token.form is not Form.JWE:
        return stated("unknown-input", {"shape": f"a text like a JWT, but {token.problem}"})
    header = {"signing_kid": str(token.kid), "signed_by": str(token.header.get("alg"))}
    words = {"compact": True, "encryption": token.header.get("enc"), **header, **_words_of(token)}
    return stated("jwe" if token.form is Form.JWE else "jwt", words)
