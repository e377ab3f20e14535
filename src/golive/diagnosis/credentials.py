"""What a client id and a secret look like, without using them and without keeping a character of them."""

from __future__ import annotations

import base64
import binascii
import re

from golive.diagnosis.spelling import UUID

PLACEHOLDER = re.compile(
    r"\{+[^{}]+\}+|\$\{?\w+\}?|<[^<>]+>|\[[\w -]+\]|%\w+%|(?i:undefined|null|none|changeme|x{4,}|\*{3,})"
    r"|(?i:(?:your|my|the)[-_ ](?:client[-_ ])?(?:secret|id).{0,10})"
)
"""What a template or a tutorial has in place of an id or a secret."""

PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def credential_shape(client_id: str, secret: str) -> str:
    """Say what a client id and a secret look like, without using them: a value of `credential_shape`."""
    if PLACEHOLDER.fullmatch(client_id.strip()) or PLACEHOLDER.fullmatch(secret.strip()):
        return "placeholder"
    if client_id != client_id.strip() or secret != secret.strip():
        return "surrounding-whitespace"
    if "\n" in secret or "\r" in secret:
        return "line-wrapped"
    if {secret[:1], secret[-1:]} & set("\"'") or {client_id[:1], client_id[-1:]} & set("\"'"):
        return "quoted"
    if PERCENT.search(secret) or PERCENT.search(client_id):
        return "percent-encoded"
    pair = pair_in(secret.removeprefix("Basic "))
    if pair and pair[1] and (pair[0] == client_id or UUID.fullmatch(pair[0])):
        return "base64-pair"
    if re.match(r"(?i)(?:basic|bearer)\s", secret):
        return "with-scheme"
    if UUID.fullmatch(client_id):
        return "ok"
    return "swapped" if UUID.fullmatch(secret) else "id-malformed"


def shape_place(client_id: str, secret: str, shape: str | None) -> str | None:
    """Say where the odd part of a credential is, by position and length and without a character of it."""
    pattern = {
        "percent-encoded": PERCENT.pattern,
        "quoted": "^[\"']|[\"']$",
        "line-wrapped": "[\r\n]",
        "surrounding-whitespace": r"^\s+|\s+$",
        "with-scheme": r"^\w+\s",
    }.get(shape or "")
    for what, text in (("secret", secret), ("client id", client_id)):
        match = re.search(pattern, text) if pattern else None
        if match:
            return f"character {match.start() + 1} of the {len(text)} of the {what}"
    return None


def encoded_twice(text: str) -> bool:
    """Return whether a text is base64 of the base64 of a pair."""
    try:
        inner = base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return False
    return ":" not in inner and pair_in(inner) is not None


def pair_in(text: str) -> tuple[str, str] | None:
    """Return the client id and the secret that a text is in base64, with or without its padding; None for no pair."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    name, colon, secret = decoded.partition(":")
    return (name, secret) if colon else None
