"""Which names may stand in a fingerprint: the contract's own, and others that look like nobody's data.

A member's name is shape, but a map may be keyed by ids or by people. So a name that the contract does not
know is written only where it is an identifier as programmers write them and is no text that the run has
learnt as a secret or a person's; every other name is folded into one sign, like an array's index.
"""

from __future__ import annotations

import re

from golive.known_words import words
from golive.personal import MEMBER_NAME
from golive.redaction import VAULT, redact

ITEM = "[]"
"""Stands for every index of an array."""

OTHER = "{}"
"""Stands for every name that may be data."""

LONGEST = 40
WORDS = words(
    """
    accept access accounting age akamai allow alt amz apigw app auth authenticate authorization azure b3 backend
    cache cdn cerner challenge charset ci client cloud cloudflare cluster code connection content control
    cookie correlation country credentials cross csp ct date debug deflate deprecation disposition dns domain
    download edge embedder encoding error etag execution expect expires expose failure fastly features for
    forwarded frame from gateway grpc headers hits host http id if info instance ip json keep kong language
    last latency length level limit link location loop match max methods mime mode modified nel next node none
    oauth oh opc opener options origin oracle page passed path permissions permitted poll policies policy port
    powered pragma preferred prefetch prev proto protection protocol proxy public quota range rate ratelimit
    real reason referrer refresh region remaining report reporting request requests reset resource response
    result retry robots route router runtime sec security sent served server service session set site source
    span status strict sunset tag time timer timing to token trace trailer transaction transfer transport
    traceid traceparent tracestate type ua unmodified upgrade upstream uri url user vary varnish version via
    warning web worker www x xss
    """
)
"""Words of which the names of headers are made: those of RFC 9110 and of servers, gateways and clouds in front."""

HEADER = re.compile(r"[A-Za-z]+[0-9]{0,2}(-[A-Za-z]+[0-9]{0,2})*")


def member(name: str) -> str:
    """Return a member's name that the contract does not know as a fingerprint may hold it."""
    return name if _shown(name, MEMBER_NAME) else OTHER


def header(name: str) -> str:
    """Return the name of a header that the contract does not know, in lower case, likewise.

    Where data may not be shown, one that is not made of words of headers' names may be somebody's.
    """
    low = name.lower()
    fine = VAULT.shows_data or set(low.split("-")) <= WORDS
    return low if fine and _shown(name, HEADER) and redact(low) == low else OTHER


def _shown(name: str, form: re.Pattern[str]) -> bool:
    return len(name) <= LONGEST and bool(form.fullmatch(name)) and redact(name) == name


def escaped(name: str) -> str:
    """Write a name as one step of a path, as a JSON pointer does (RFC 6901 §3)."""
    return name.replace("~", "~0").replace("/", "~1")
