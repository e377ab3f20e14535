"""Takes secrets out of what a client sent and got, so that the same one still shows as the same.

A token keeps its header and claims and gets another signature, Basic keeps the client's id and gets another secret.
What stands in for a secret is a hash by a key of this process: equal where the secrets are, and of no use elsewhere.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from golive.exchanges.headers import Headers
from golive.exchanges.jwt import REBUILT
from golive.exchanges.kept_token import kept, rebuilt
from golive.redaction import MARK, REDACTOR, SECRET_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.exchanges.model import Exchange

TOKEN = re.compile(
    r"(?:(?<![A-Za-z0-9_-])|(?<=%[0-9A-Fa-f]{2}))eyJ[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*+){2,4}"
)
"""A signed or an encrypted token (RFC 7515 §3.1, RFC 7516 §3.1), wherever it stands."""

_NAMES = "|".join((*SECRET_MEMBERS, "client_secret", "client_assertion", "password", "assertion"))
NAMED = re.compile("_token|client_|password|assertion")
"""A part of each of the names, to see quickly that a long list has none of them."""

PAIR = re.compile(rf"((?:^|[?&])(?:{_NAMES})=)([^&#\s]+)")
MEMBER = re.compile(rf'("(?:{_NAMES})"\s*:\s*)"([^"]+)"')
SECRET = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie"})
USERINFO = re.compile(r"(?<=//)[^/@?#\s]+@")


def stand_in(secret: str) -> str:
    """Return what takes the place of a secret that is no token: the same for the same one."""
    if REBUILT in secret:  # it is one already
        return secret
    return f"{REBUILT}{REDACTOR.pseudonym(secret)[7:-1]}"


def _token(found: re.Match[str]) -> str:
    text = found[0]
    try:
        return text if REBUILT in text else rebuilt(kept(text))
    except (ValueError, TypeError, LookupError):
        return stand_in(text)


def harmless_text(text: str) -> str:
    """Return a URL, a header's value or a body without the secrets in it."""
    if NAMED.search(text):
        text = PAIR.sub(lambda one: one[1] + _harmless(one[2]), text)
        text = MEMBER.sub(lambda one: f'{one[1]}"{_harmless(one[2])}"', text)
    if "eyJ" not in text:
        return REDACTOR.without_secrets(text)
    # A token of ours shares its header with every other one, secret ones included: only what is between is redacted.
    pieces, end = [], 0
    for found in TOKEN.finditer(text):
        pieces += [REDACTOR.without_secrets(text[end : found.start()]), _token(found)]
        end = found.end()
    return "".join((*pieces, REDACTOR.without_secrets(text[end:])))


def _harmless(secret: str) -> str:
    """Return what takes the place of a secret; a token keeps its form."""
    return _in_place_of(TOKEN.sub(_token, secret))


def _in_place_of(secret: str) -> str:
    return secret if REBUILT in secret else stand_in(secret)


def _fields(headers: Headers) -> Headers:
    """Return header fields without secrets; most have none, and are looked at all at once."""
    if not any(name.lower() in SECRET for name, _ in headers):
        values = "\n".join(value for _, value in headers)
        if harmless_text(values) == values:
            return headers
    return Headers(tuple((name, _header(name, value)) for name, value in headers))


def _header(name: str, value: str) -> str:
    lower = name.lower()
    if lower in ("cookie", "set-cookie"):
        return "; ".join(_cookie(one) for one in value.split("; "))
    if lower not in ("authorization", "proxy-authorization"):
        return harmless_text(value)
    return _authorization(value)


# A client presents one token many times, which would else be a long text of its own each time.
@lru_cache(maxsize=64)
def _authorization(value: str) -> str:
    scheme, space, credential = value.partition(" ")
    if scheme.lower() == "basic" and space:
        return f"{scheme} {_basic(credential)}"
    if not space:  # a credential without a scheme
        return _harmless(value)
    return f"{scheme} {_harmless(credential)}"


def _cookie(pair: str) -> str:
    """Return a cookie without its value; a token or a secret of the client's in it still shows as one."""
    name, sign, value = pair.partition("=")
    if not sign:
        return _harmless(pair)
    if MARK in harmless_text(value):
        return f"{name}={MARK}"
    return f"{name}={_token(token) if (token := TOKEN.fullmatch(value)) else _in_place_of(value)}"


def _basic(credential: str) -> str:
    """Return the same client with another secret; what is not base64 of a pair stays what it is: none."""
    try:
        pair = base64.b64decode(credential.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return f"{stand_in(credential)}:malformed"
    client, colon, secret = pair.partition(":")
    if not colon:
        return base64.b64encode(stand_in(pair).encode()).decode()
    return base64.b64encode(f"{client}:{_in_place_of(secret)}".encode()).decode()


def _bytes(body: bytes, change: Callable[[str], str]) -> bytes:
    if not body:
        return body
    return change(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def harmless(exchange: Exchange) -> Exchange:
    """Return the exchange without a secret of its request or its answer."""
    request, response = exchange.request, exchange.response
    url = USERINFO.sub(lambda one: f"{stand_in(one[0][:-1])}@", request.url)
    request = replace(
        request,
        url=harmless_text(url),
        headers=_fields(request.headers),
        body=_bytes(request.body, harmless_text),
    )
    if response.lacks_body:
        return replace(exchange, request=request)
    response = replace(
        response, headers=_fields(response.headers), body=_bytes(response.body, harmless_text)
    )
    return replace(exchange, request=request, response=response)
