"""The parts of a refusal's body: the URN and the instance in `error_uri`, the pairs of a gateway's message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from golive.kit.wire import split_url

if TYPE_CHECKING:
    from golive.exchanges.model import Exchange

TOKEN_URN = "urn:cerner:error:authorization-server:"  # noqa: S105 - the prefix of a URN
GATEWAY_URN = "urn:cerner:error:oauth2:resource-access:"
ERROR_URI = re.compile(r"(?:^|/)errors/([^/]+)/instances/([^/]+)\Z")
SEARCHED = 16 * 1024
"""Characters at the beginning of a text, and at its end, that are searched: an error has a few hundred."""

# What repeats is possessive (`++`), so that no text makes the search slower than its length.
QUOTED_PAIR = re.compile(r'(?<![A-Za-z_])([A-Za-z_]++)="([^"]*+)"')
REASONS = frozenset({"code", "error", "subcode"})
"""Names of pairs that say why."""

NOT_YET = re.compile(r"not[-_ ]?yet|future", re.IGNORECASE)
"""How a refusal says that a token's time has not come."""

PLACES = {"error": "/error", "urn": "/error_uri", "code": "/code"}
"""Where the part stands that an expectation is about; what is not here stands in the message."""


def gateway_pairs(exchange: Exchange) -> dict[str, str]:
    """Return the quoted pairs in the `message` of a gateway error, empty where there are none."""
    message = members(exchange).get("message")
    return quoted_pairs(message) if isinstance(message, str) else {}


def stated_pairs(exchange: Exchange) -> dict[str, str]:
    """Return the pairs that a refusal states: in `message`, or where a gateway of another make puts them.

    That is another text of its JSON object, such as `detail` (RFC 9457), or the challenge.
    """
    said = gateway_pairs(exchange)
    texts = [text for text in members(exchange).values() if isinstance(text, str)]
    found = (quoted_pairs(text) for text in (*texts, exchange.header("WWW-Authenticate") or ""))
    return said or next((pairs for pairs in found if pairs.keys() & REASONS), {})


def key_unknown(exchange: Exchange) -> bool:
    """Return whether the gateway refused a token because it does not know the key that signed it."""
    return exchange.status == 401 and stated_pairs(exchange).get("subcode") == "unknown_kid"


def names_no_reason(exchange: Exchange) -> bool:
    """Return whether a token is called invalid and nothing more is said of it: its key may be one that is not known."""
    pairs = stated_pairs(exchange)
    more = pairs.keys() & {"code", "subcode", "error_description"}
    return exchange.status == 401 and pairs.get("error") == "invalid_token" and not more


def too_early(exchange: Exchange) -> bool:
    """Return whether a token is refused for its time has not come: the clock that checks it may be behind."""
    pairs = stated_pairs(exchange)
    said = " ".join(pairs.get(name, "") for name in ("code", "subcode", "error_description"))
    return exchange.status == 401 and NOT_YET.search(said[:SEARCHED]) is not None


def quoted_pairs(text: str) -> dict[str, str]:
    """Return the pairs `name="value"` that stand in the beginning of a text."""
    return dict(QUOTED_PAIR.findall(text[:SEARCHED]))


def error_uri_parts(uri: object) -> tuple[str, str] | None:
    """Return the URN and the instance in an `error_uri`, or None where it has another form."""
    match = ERROR_URI.search(split_url(uri).path) if isinstance(uri, str) else None
    return (unquote(match[1]), match[2]) if match else None


def reason(exchange: Exchange, name: str) -> Any:
    """Return the part of the body that an expectation is about."""
    body = members(exchange)
    pairs = gateway_pairs(exchange)
    if name == "urn":
        parts = error_uri_parts(body.get("error_uri"))
        urn = parts[0] if parts else pairs.get("code")
        return urn.removeprefix(TOKEN_URN).removeprefix(GATEWAY_URN) if urn else None
    if name == "error":
        return body.get("error", pairs.get("error"))
    return body.get(name) if name == "code" else pairs.get(name)


def members(exchange: Exchange) -> dict[str, Any]:
    """Return the members of the body, none where it is not a JSON object."""
    body = exchange.json_or_none
    return body if isinstance(body, dict) else {}


def place(exchange: Exchange, name: str) -> str:
    """Return where in the body the part stands that an expectation is about."""
    gateway = bool(gateway_pairs(exchange))
    return "/message" if gateway and name != "code" else PLACES.get(name, "/message")
