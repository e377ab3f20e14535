"""Reads an answer of another vendor's server: whose it is by its form, its error, and its reason in its own words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.diagnosis.paste.curl import host_of
from golive.diagnosis.services import forms, reason_in, says_nothing, service_of, vendor_of
from golive.exchanges.error_body import quoted_pairs
from golive.redaction import redact

if TYPE_CHECKING:
    from golive.diagnosis.paste.pieces import PastedRequest
    from golive.exchanges.model import Exchange

LONGEST = 300
"""Characters of a server's own words that are repeated."""

FEWEST_WORDS = 2
"""Words of a reason that says more than its error code."""

OAUTH = frozenset(
    {"invalid_client", "invalid_grant", "invalid_scope", "invalid_request", "unauthorized_client"}
)
REASONS = (
    "error_description",
    "errorSummary",
    "detail",
    "diagnostics",
    "message",
    "error_message",
    "text",
)


def whose(
    request: PastedRequest | None,
    members: dict[str, Any],
    found: dict[str, Any],
    exchange: Exchange,
) -> dict[str, Any]:
    """Return who answered, by the content that only Oracle's servers have, and otherwise by the URL."""
    host = host_of(request.url) if request else ""
    urls = [request.url if request else "", str(found.get("host") or "")]
    known_ones = (service_of(url if "://" in url else f"https://{url}") for url in urls)
    served = next((one for one in known_ones if one), None)
    other = served is None or served.owner == "other"
    by: dict[str, Any] = {"service": served.service, "owner": served.owner} if served else {}
    if served and other:
        by["server"] = f"{served.name} ({host})" if host else served.name
    if found.get("urn"):
        return {"service": "fhir" if found.get("body_form") else None, **by, "owner": "oracle"}
    known = vendor_of(members, [name for name, _ in exchange.response.headers], exchange.text)
    if known and (served is None or known.decides or (known.name == served.name)):
        server = f"{known.name} ({host})" if host and other else known.name
        return {"owner": "other", "service": "other", "server": server}
    if served is None and host and host != "placeholder":
        return {"owner": "other", "server": f"{host}, a host that golive does not know"}
    if served is None and found.get("stage") == "token" and "error_description" in members:
        return {"owner": "other", "server": "a server that sends `error_description`"}
    if found.get("body_form") == "fhir" and other:
        by["service"] = "other" if served else "fhir"
    return by


def vendor_in(text: str) -> dict[str, Any]:
    """Return whose words stand in a text, where no other server has them, and the sentences that begin with them."""
    for form in (one for one in forms() if one.get("decides")):
        if match := re.search(form["text"], text):
            line = text[match.start() :].partition("\n")[0]
            said = redact(re.split(r"\\[rn]|\"[,}]", line)[0])[:LONGEST].strip()
            words = {"said": said, "says_why": len(said.split()) >= FEWEST_WORDS or None}
            found = {"owner": "other", "service": "other", "server": form["name"], **words}
            return found | known_reason(text)
    return {}


def known_reason(text: str) -> dict[str, Any]:
    """Return what is to be done about the words of another vendor's server, where that is known."""
    row = reason_in(text)
    return {"known_reason": True, "vendor_cure": row["cure"]} if row else {}


def unabridged(said: str, text: str) -> str:
    """Return words that end in dots as the text has them elsewhere, where it has more of them."""
    start = said.rstrip(".… ")
    if start == said or len(start.split()) < FEWEST_WORDS or not said.endswith(("...", "…")):
        return said
    copies = (text[match.start() :][:LONGEST] for match in re.finditer(re.escape(start), text))
    whole = (re.split(r"\\[rn]|[\"\n]| Trace ID", copy)[0].strip() for copy in copies)
    return redact(max((one for one in whole if one != said), key=len, default=said))


def oauth_error(members: dict[str, Any]) -> str | None:
    """Return the OAuth error that a vendor writes under a name of its own."""
    given = members.get("errorCode")
    return given if isinstance(given, str) and given in OAUTH else None


def reason_of(exchange: Exchange, members: dict[str, Any]) -> dict[str, Any]:
    """Return `said`, the reason in the server's own words, and `says_why` where it is more than a code."""
    texts = [*_reasons(members), exchange.header("WWW-Authenticate") or ""]
    if not members and not exchange.is_page and not exchange.succeeded:
        texts.append(exchange.text.strip().partition("\n")[0])
    said = [each for each in map(_words_of, texts) if each]
    text = next(filter(_says_why, said), next(iter(said), ""))
    whole = redact(re.sub(r"[^\x20-\x7e]+", " ", text)).strip()
    text = whole[:LONGEST].strip()
    if not text:
        return {}
    if len(whole) > LONGEST and ". " in text:  # up to the end of a sentence
        text = f"{text.rpartition('. ')[0]}."
    known = known_reason(whole)
    return {"said": text, "says_why": _says_why(text) or bool(known) or None, **known}


def _says_why(text: str) -> bool:
    """Return whether a sentence says more than that something is wrong."""
    words = re.findall("[a-z]+", text.lower())
    return len(text.split()) >= FEWEST_WORDS and not says_nothing().issuperset(words)


def _words_of(text: str) -> str:
    """Return a text, of a challenge or a gateway's message what it says in words."""
    pairs = quoted_pairs(text)
    return pairs.get("error_description", "") if {"error", "code", "realm"} & pairs.keys() else text


def _reasons(value: object, depth: int = 0) -> list[str]:
    if isinstance(value, list):
        return [found for each in value[:3] for found in _reasons(each, depth + 1)]
    if not isinstance(value, dict) or depth > 3:
        return []
    own = [value[name] for name in REASONS if isinstance(value.get(name), str)]
    inner = [value.get(name) for name in ("error", "issue", "details", "errors")]
    return [*own, *(found for each in inner for found in _reasons(each, depth + 1))]
