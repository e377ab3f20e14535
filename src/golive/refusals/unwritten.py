"""What every refusal is judged by although no row says so: no secret, no stack trace, and Oracle's own headers."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.contract.label import Basis, Level, observed, standard
from golive.exchanges.error_body import SEARCHED, error_uri_parts, members

if TYPE_CHECKING:
    from golive.checks.expect import Expect

STACK_TRACE = re.compile(
    r"Traceback \(most recent call last\)"
    # As it stands, or inside a JSON text.
    r"|(?:^|\\n)(?:[ \t\r]|\\t)++at [\w$.<>]++\([\w.$ ]*+(?::\d*+)?\)"
    r"|\b(?:java|javax|com|org|net|io)\.[\w.]{1,200}(?:Exception|Error)\b"
    r"|\bSQLException\b",
    re.MULTILINE,
)
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
WIRE = observed("contract-facts §4.1 (headers seen on successes and refusals)")
SEEN = 400
"""The one status of a refusal whose headers were seen (contract-facts §4.1, §5 row 1)."""


def judge_safety(it: Expect) -> None:
    """Nothing that was secret comes back, and nothing of the server's insides."""
    it.keeps_secrets(standard("RFC 6749 §10.3", Level.MUST))
    if it.exchange.succeeded:
        return  # what it shows is no error's text: a message may quote whatever it likes
    wanted = "an error without the server's insides"
    it.that(not shows_insides(it.exchange.text), "body", wanted, "a stack trace", advice=True)


def shows_insides(text: str) -> bool:
    """Return whether a stack trace stands in a text: anywhere, or of a long one at its beginning or its end."""
    ends = (text,) if len(text) <= 2 * SEARCHED else (text[:SEARCHED], text[-SEARCHED:])
    return any(map(STACK_TRACE.search, ends))


def judge_token_error(it: Expect) -> None:
    """Check what the wire showed of refusals by Oracle's token endpoint: no caching, one correlation id.

    The headers were seen on refusals with 400; that those with another status have them is inferred.
    """
    exchange = it.exchange
    known = WIRE if exchange.status == SEEN else replace(WIRE, basis=Basis.INFERRED)
    it.header_has("Cache-Control", "no-store", label=known)
    it.header_has("Pragma", "no-cache", label=known)
    parts = error_uri_parts(members(exchange).get("error_uri"))
    judge_correlation_id(it)
    correlation = exchange.header("Cerner-Correlation-ID")
    if parts is not None and correlation and not it.found_at("header:Cerner-Correlation-ID"):
        at = "relation:correlation-id-is-the-instance-in-error-uri"
        wanted = "one id in the header and in error_uri"
        it.that(parts[1] == correlation, at, wanted, "two different ids", label=WIRE)


def judge_correlation_id(it: Expect) -> None:
    """Check that the answer carries an id of the form that the wire showed; that it always does is inferred."""
    name = "Cerner-Correlation-ID"
    label = replace(WIRE, basis=Basis.INFERRED) if it.exchange.header(name) is None else WIRE
    it.header_matches(name, UUID, "a UUID", label=label)
