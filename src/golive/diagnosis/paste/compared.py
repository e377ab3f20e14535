"""Compares what a paste holds of a token with where it is sent: audience with URL, issuer with the expected one.

Both values are returned with what came of it; where one of them is not there, nothing is compared.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.services import service_of
from golive.exchanges.jwt import read
from golive.kit.wire import split_url
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.diagnosis.paste.beside import Beside
    from golive.diagnosis.paste.transcript import Transcript

REDIRECT_URI = re.compile(r"(?<![\w-])redirect_uri=([^&\s\"'<>`]{1,400})")


def redirect_uris(transcript: Transcript, text: str) -> dict[str, str]:
    """Return `redirect_uris: differ` where that of a token request is another than the ones of the text besides."""
    sent = transcript.token_request
    given = sent.form.get("redirect_uri", []) if sent else []
    others = {unquote(one) for one in REDIRECT_URI.findall(text)} - {*given}
    if len(given) != 1 or len(others) != 1:
        return {}
    first, second = others.pop(), given[0]
    slash = first.rstrip("/") == second.rstrip("/")
    by = "by the `/` at the end" if slash else "by more than the `/` at the end"
    return {"redirect_uris": "differ", "differ_by": by}


URL = re.compile(r"https?://[\w.:/-]{1,200}")
"""A URL that can be shown: without a query, user or placeholder."""


def assertion_audience(found: Beside, token_url: str | None) -> dict[str, Any]:
    """Return `assertion_aud` of an assertion for a server of others: `differs`, or `list` where it is inside one."""
    audience = (found.claims or {}).get("aud")
    if not token_url or not audience or _is_of_oracle(token_url):
        return {}
    named = audience if isinstance(audience, list) else [audience]
    sent_to = token_url.partition("?")[0]
    if not URL.fullmatch(sent_to) or not all(
        isinstance(one, str) and URL.fullmatch(one) for one in named
    ):
        return {}
    shown = {"audience": redact(", ".join(named)), "sent_to": redact(sent_to)}
    if sent_to.rstrip("/") in [one.rstrip("/") for one in named]:
        return shown | {"assertion_aud": "list"} if isinstance(audience, list) else {}
    return shown | {"assertion_aud": "differs"}


def token_audience(found: Beside, url: str | None) -> dict[str, Any]:
    """Return `token_aud: differs` of an access token whose audience is another host than the one that is called."""
    audience = (read(found.token).claims or {}).get("aud") if found.token else None
    called = split_url(url).hostname if url else None
    if not (called and isinstance(audience, str) and URL.fullmatch(audience)) or _is_of_oracle(url):
        return {}
    meant = split_url(audience).hostname or ""
    if not meant or meant == called or called.endswith(f".{meant}"):
        return {}
    return {"token_aud": "differs", "audience": redact(audience), "sent_to": redact(called)}


def issuer_facts(found: Beside, text: str) -> dict[str, Any]:
    """Return `issuers: differ` where a program is set to one issuer and the token of the text names another."""
    wanted = {one.rstrip("/.,") for one in pattern("issuer_setting").findall(text)}
    issuer = (read(found.token).claims or {}).get("iss") if found.token else None
    came = {one.rstrip("/.,") for one in pattern("issuer_seen").findall(text)}
    came |= {issuer.rstrip("/")} if isinstance(issuer, str) and URL.fullmatch(issuer) else set()
    came -= wanted
    if len(wanted) != 1 or len(came) != 1:
        return {}
    return {
        "issuers": "differ",
        "issuer_set": redact(wanted.pop()),
        "issuer_came": redact(came.pop()),
    }


def longer_scope(asked: object, text: str) -> dict[str, str]:
    """Return `longer_scope: shown` where a text holds one longer word that ends in the scope that is asked for."""
    name = str(asked or "")
    if not name or " " in name or len(name) < len("a:b:c"):
        return {}
    longer = re.search(rf"(?<!\S)https?://[^\s\"'<>&=]{{4,200}}{re.escape(name)}(?![\w:./-])", text)
    return {"longer_scope": "shown"} if longer else {}


PRINTED_TENANT = re.compile(
    r"(?<!\w)tnt[\"']?\s{0,3}(?:=>|[:=])\s{0,3}[\"']([0-9a-fA-F-]{36})[\"']"
)
"""The tenant among the claims of Oracle's access token, as programs print it."""


def printed_tenant(text: str, tenant: object) -> dict[str, str]:
    """Return `token_tenant` and `tenants` where a text prints the claims of a token beside a call for a tenant."""
    named = {one.lower() for one in PRINTED_TENANT.findall(text)}
    if len(named) != 1 or not isinstance(tenant, str):
        return {}
    of_token = named.pop()
    return {"token_tenant": of_token, "tenants": "same" if of_token == tenant.lower() else "differ"}


MOVED = re.compile(
    r"(?im)\b30[12378]\b[^\n]*\n(?:[^\n]*\n){0,12}?[^\n]{0,20}\blocation: https?://([\w.-]{1,120})"
)
ASKED = re.compile(
    r"(?i)(?:(?:\b|\\n)host: |Connected to |connection \(\d{1,3}\): |https?://)([\w.-]{1,120})"
)


def moved_facts(text: str) -> dict[str, str]:
    """Return `moved` and `moved_to` where a redirect leads to another host than the ones that were asked before it."""
    if (match := MOVED.search(text)) is None:
        return {}
    to = match[1].lower()
    asked = {one.lower() for one in ASKED.findall(text[: match.start(1) - len("https://")])}
    return {"moved": "other-host", "moved_to": redact(to)} if asked and to not in asked else {}


def place_of_the_form(transcript: Transcript, text: str) -> dict[str, str]:
    """Return `form_place: query` where the parameters of a token request stand in its URL, and its body is empty."""
    sent = transcript.token_request
    in_url = sent and "grant_type" in sent.query and not sent.body and sent.method == "POST"
    return {"form_place": "query"} if in_url or pattern("form_as_query").search(text) else {}


def _is_of_oracle(url: str | None) -> bool:
    served = service_of(url) if url else None
    return served is not None and served.owner == "oracle"
