"""The forms in which a secret may come back: what HTTP, JSON, HTML, a shell, base64 or a JWT make of it.

A form is text that stands for the whole secret, or for so much of it that the rest does not matter: a
part of a JWT, a line of a private key, a private number of a JSON Web Key.
"""

from __future__ import annotations

import base64
import html
import json
import re
import shlex
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_MEMBERS = ("d", "p", "q", "dp", "dq", "qi", "k")
"""What a JSON Web Key keeps secret (RFC 7518 §6)."""


KEY_MEMBERS = frozenset({*PRIVATE_MEMBERS, "x", "y", "n", "e"})
LONG = 60
END = 16
PIECE = r"[\w.~+/=-]"
IN_ONE_PIECE = re.compile(f"{PIECE}+", re.ASCII)


def derived_forms(secret: str) -> Iterator[str]:
    """Yield the secret and the forms in which it may come back, repetitions among them."""
    raw = secret.encode("utf-8", "replace")
    yield secret
    for quoted in (quote(raw, safe=""), quote(raw), quote_plus(raw)):
        yield quoted
        yield re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quoted)
        yield quote(quoted, safe="")  # a URL inside a URL
    for in_json in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield in_json
        yield in_json.replace("/", "\\/")
        yield json.dumps(in_json)[1:-1]  # JSON inside a JSON text, as gateways pass it on
    yield repr(secret)[1:-1]
    yield repr(raw)[2:-1]
    yield html.escape(secret)
    yield html.escape(secret, quote=False)
    yield html.escape(secret).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield shlex.quote(secret)
    yield raw.hex()
    yield raw.hex().upper()
    yield from _in_base64(raw)
    if secret.count(".") in (2, 4) and secret.startswith("eyJ"):
        yield from secret.split(".")
    if "\n" in secret:
        yield from (line for line in secret.splitlines() if not line.startswith("-----"))
    yield from private_numbers(_json_or_none(secret))


def ends_of(secret: str) -> Iterator[tuple[str, str]]:
    """Yield the beginning and the end of each long part, and a pattern of what it is the beginning or end of.

    Whoever shortens a text to a beginning, dots and an end (as `reprlib` and tracebacks do) leaves no
    whole secret to be found.
    """
    for part in (secret, *secret.split("."), *secret.splitlines()):
        if len(part) >= LONG and IN_ONE_PIECE.fullmatch(part):
            first, last = part[:END], part[-END:]
            # As texts: hardly any of them is ever looked for, and to compile them all takes long.
            yield first, f"(?a){re.escape(first)}{PIECE}*"
            # Anchored where the piece begins: else each of its characters would be tried as a start.
            yield last, f"(?a)(?<!{PIECE}){PIECE}*{re.escape(last)}"


def _in_base64(raw: bytes) -> Iterator[str]:
    """Yield both alphabets of base64, by itself and inside a longer text that begins anywhere.

    Inside, the first and last characters depend on the neighbours; what is left between them does not.
    """
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        encoded = encode(raw).decode()
        yield encoded
        yield encoded.rstrip("=")
        yield quote(encoded, safe="")
        for offset in (0, 1, 2):
            shifted = encode(b"\0" * offset + raw).decode().rstrip("=")
            first = (0, 2, 3)[offset]
            ragged = (len(raw) + offset) % 3 != 0
            yield shifted[first : len(shifted) - ragged]


def private_numbers(value: object) -> Iterator[str]:
    """Yield the private numbers of each JSON Web Key that stands in a JSON value, at any depth."""
    todo = [value]
    while todo:
        one = todo.pop()
        if isinstance(one, list):
            todo.extend(one)
        elif isinstance(one, dict):
            todo.extend(one.values())
            if "kty" in one or "kid" in one or one.keys() <= KEY_MEMBERS:
                yield from (one[name] for name in PRIVATE_MEMBERS if isinstance(one.get(name), str))


def _json_or_none(text: str) -> object:
    try:
        return json.loads(text) if text.lstrip().startswith("{") else None
    except (ValueError, RecursionError):
        return None
