"""Judges the answer to an error case: not just that it is a refusal, but that it is the right one.

Some expectations stand in every row unwritten: nothing secret and no stack trace in the answer, the cache
headers of a token error, its correlation id equal to the instance in `error_uri`, and `opc-request-id` on
a documented 400.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.expect import Expect
from golive.redaction import show_name, show_reason, show_word
from golive.wire_values import split_url

if TYPE_CHECKING:
    from golive.contract import Contract
    from golive.error_catalogue import ErrorCase
    from golive.exchange import Exchange

TOKEN_URN = "urn:cerner:error:authorization-server:"  # noqa: S105 - the prefix of a URN
GATEWAY_URN = "urn:cerner:error:oauth2:resource-access:"
ERROR_URI = re.compile(r"(?:^|/)errors/([^/]+)/instances/([^/]+)\Z")
SEARCHED = 16 * 1024
"""Characters at the beginning of a text, and at its end, that are searched: an error has a few hundred."""

# What repeats is possessive (`++`), so that no text makes the search slower than its length.
QUOTED_PAIR = re.compile(r'(?<![A-Za-z_])([A-Za-z_]++)="([^"]*+)"')
STACK_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    # As it stands, or inside a JSON text.
    r"|(?:^|\\n)(?:[ \t\r]|\\t)++at [\w$.<>]++\([\w.$ ]*+(?::\d*+)?\)"
    r"|\b(?:java|javax|com|org|net|io)\.[\w.]{1,200}(?:Exception|Error)\b"
    r"|\bSQLException\b",
    re.MULTILINE,
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
BEARER = re.compile(r"Bearer(| .+)", re.IGNORECASE)
PARAMETER = re.compile(
    r"""[ ,]*+([A-Za-z0-9!#$%&'*+.^_`|~-]++) *= *("(?:[^"\\]|\\.)*+"|[^\s,"=]++)(?= *(,|$))"""
)
"""One parameter of a challenge (RFC 9110 §11.2); what stands in quotes is no parameter."""
CHALLENGE = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+(| .+)")
SHAPES = {
    "token-error": "oauth/token-error",
    "gateway-error": "oauth/gateway-error",
    "service-error": "oauth/service-error",
    "any-error": "oauth/any-error",
}


def gateway_pairs(exchange: Exchange) -> dict[str, str]:
    """Return the quoted pairs in the `message` of a gateway error, empty where there are none."""
    body = exchange.json_or_none
    message = body.get("message") if isinstance(body, dict) else None
    return quoted_pairs(message) if isinstance(message, str) else {}


def quoted_pairs(text: str) -> dict[str, str]:
    """Return the pairs `name="value"` that stand in the beginning of a text."""
    return dict(QUOTED_PAIR.findall(text[:SEARCHED]))


def error_uri_parts(uri: object) -> tuple[str, str] | None:
    """Return the URN and the instance in an `error_uri`, or None where it has another form."""
    match = ERROR_URI.search(split_url(uri).path) if isinstance(uri, str) else None
    return (unquote(match[1]), match[2]) if match else None


def judge(
    case: ErrorCase, exchange: Exchange, contract: Contract, presented_kid: str | None = None
) -> Expect:
    """Collect every way in which the answer is not the refusal that the case expects.

    `presented_kid` is the key id of the access token that was sent, for `kid: token`.
    """
    it = Expect(exchange)
    judge_safety(it)
    for name, wanted in case.expect.items():
        advice = name in case.inferred
        match name:
            case "status":
                _status(it, wanted, advice)
            case "body":
                _body(it, wanted, contract, advice)
            case "headers":
                for header in wanted:
                    _header(it, header, advice, is_api=case.base not in {"token", "token-jwt"})
            case "text":
                found = wanted.lower() in exchange.text.lower()
                it.that(
                    found, "body", f"a body that contains {wanted!r}", "it does not", advice=advice
                )
            case "kid":
                _same(it, "kid", presented_kid, gateway_pairs(exchange).get("kid"), advice)
            case _:
                _same(it, name, wanted, _reason(exchange, name), advice)
    if case.base in {"token", "token-jwt"}:
        # What stands in front of the server (a 405, a 415) need not speak its language.
        if isinstance(_members(exchange).get("error"), str):
            judge_token_error(it)
    else:
        it.header("opc-request-id", advice=exchange.status != 400)
    return it


def judge_safety(it: Expect) -> None:
    """Nothing that was secret comes back, and nothing of the server's insides."""
    it.keeps_secrets()
    it.that(
        not any(map(STACK_TRACE.search, _ends(it.exchange.text))),
        "body",
        "an error without the server's insides",
        "a stack trace",
    )


def _ends(text: str) -> tuple[str, ...]:
    """Return the parts of a text that are searched: all of it, or its beginning and its end."""
    return (text,) if len(text) <= 2 * SEARCHED else (text[:SEARCHED], text[-SEARCHED:])


def judge_token_error(it: Expect) -> None:
    """Check what the wire showed on every answer of the token endpoint: no caching, one correlation id."""
    exchange = it.exchange
    it.header_has("Cache-Control", "no-store")
    it.header_has("Pragma", "no-cache")
    body = exchange.json_or_none
    parts = error_uri_parts(body.get("error_uri")) if isinstance(body, dict) else None
    judge_correlation_id(it)
    correlation = exchange.header("Cerner-Correlation-ID")
    if parts is not None and correlation:
        it.that(
            parts[1] == correlation,
            "relation:correlation-id-is-the-instance-in-error-uri",
            "one id in the header and in error_uri",
            "two different ids",
        )


def judge_correlation_id(it: Expect) -> None:
    """Check that the answer carries an id of the form that the wire showed."""
    it.header_matches("Cerner-Correlation-ID", UUID, "a UUID")


def parameters(challenge: str) -> list[str]:
    """Return the names of the first challenge's parameters in small letters, in order (RFC 9110 §11.2)."""
    scheme = re.match(r"\S+", challenge)
    names, at = [], scheme.end() if scheme else 0
    while found := PARAMETER.match(challenge, at):
        names.append(found[1].lower())
        at = found.end()
    return names


def _header(it: Expect, name: str, advice: bool, *, is_api: bool) -> None:
    if name.lower() != "www-authenticate":
        it.header(name, advice=advice)
    elif is_api:
        it.header_matches(name, BEARER, "a Bearer challenge (RFC 6750 §3)", advice=advice)
        names = parameters(it.exchange.header(name) or "")
        for twice in sorted({one for one in names if names.count(one) > 1}):
            wanted = f"{show_name(twice)} at most once in a challenge (RFC 6750 §3)"
            it.violated(f"header:{name}", wanted, f"{names.count(twice)} times", advice=advice)
    else:
        it.header_matches(name, CHALLENGE, "a challenge (RFC 9110 §11.6.1)", advice=advice)


def _status(it: Expect, wanted: Any, advice: bool) -> None:
    status = it.exchange.status
    if isinstance(wanted, str):
        holds = f"{status // 100}xx" == wanted
    else:
        holds = status in (wanted if isinstance(wanted, list) else [wanted])
    shown = " or ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    it.that(holds, "status", shown, str(status), advice=advice)


def _body(it: Expect, wanted: str, contract: Contract, advice: bool) -> None:
    it.media_type(advice=advice)
    it.schema(contract, SHAPES[wanted], advice=advice)
    pairs = gateway_pairs(it.exchange)
    if wanted == "gateway-error" and pairs:
        it.schema(contract, "oauth/gateway-error-message", pairs, advice=advice)


def _reason(exchange: Exchange, name: str) -> Any:
    """Return the part of the answer that a row's expectation is about."""
    members = _members(exchange)
    pairs = gateway_pairs(exchange)
    if name == "urn":
        parts = error_uri_parts(members.get("error_uri"))
        urn = parts[0] if parts else pairs.get("code")
        return urn.removeprefix(TOKEN_URN).removeprefix(GATEWAY_URN) if urn else None
    if name == "error":
        return members.get("error", pairs.get("error"))
    return members.get(name) if name == "code" else pairs.get(name)


def _members(exchange: Exchange) -> dict[str, Any]:
    body = exchange.json_or_none
    return body if isinstance(body, dict) else {}


def _loose(value: Any) -> Any:
    """Fold the two spellings of URNs that the wire and the documents show."""
    return value.replace("_", "-") if isinstance(value, str) else value


PLACES = {"error": "/error", "urn": "/error_uri", "code": "/code"}


def _same(it: Expect, name: str, wanted: Any, actual: Any, advice: bool) -> None:
    gateway = bool(gateway_pairs(it.exchange))
    at = "/message" if gateway and name != "code" else PLACES.get(name, "/message")
    allowed = wanted if isinstance(wanted, list) else [wanted]
    fold = _loose if name == "urn" else (lambda value: value)
    holds = type(actual) in {type(one) for one in allowed} and fold(actual) in map(fold, allowed)
    if not holds:
        shown = "absent" if actual is None else show_reason(actual)
        # Of a key's id, what is wanted is what stood in the token.
        said = " or ".join(show_word(one) if name == "kid" else str(one) for one in allowed)
        it.violated(at, f"{name} {said}", shown, advice=advice)
