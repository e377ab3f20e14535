"""A key set as it was answered (RFC 7517 §5): read, or not read for a reason that can be named.

A key set that could not be read says nothing about any key: that a kid is not in it, least of all.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

from golive.contract.outcomes import CouldNotTellError
from golive.environment import real_host
from golive.exchanges.jwt import public_key
from golive.exchanges.model import NO_STATUS
from golive.redaction.rendering import show_word

if TYPE_CHECKING:
    from golive.exchanges.model import Exchange

STAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}(?=\.)")

PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
"""Members of a JWK that are nobody's but its holder's (RFC 7518 §6.2.2, §6.3.2, §6.4)."""


def why_unread(key_set: Exchange) -> str | None:
    """Say by status and media type why a key set could not be read; None where it was."""
    if key_set.status == NO_STATUS:
        return "no HTTP"
    found = f"status {key_set.status}, {show_word(key_set.media_type) or 'no Content-Type'}"
    if not key_set.succeeded:
        return found
    body = key_set.json_or_none
    if body is None:
        return f"{found}, not JSON"
    keys = body.get("keys") if isinstance(body, dict) else None
    return None if isinstance(keys, list) else f"{found}, without a list `keys`"


def import_problem(key: dict[str, Any]) -> str | None:
    """Say why nobody can make a public key of the members of a JWK, or return None."""
    from joserfc.errors import JoseError

    try:
        _ = public_key(key).raw_value  # made when it is asked for
    except (JoseError, ValueError, TypeError, KeyError) as error:
        return f"none ({type(error).__name__})"
    return None


def certificate_problem(key: dict[str, Any]) -> tuple[str, str, str] | None:
    """Say what is wrong with the certificate beside a public key: the member, what is expected there, and what it is.

    None where nothing is, or where the key has none (RFC 7517 §4.7 to §4.9). Of a chain it is the first one.
    """
    chain, made = key.get("x5c"), None
    if chain is not None:
        first = chain[0] if isinstance(chain, list) and chain else None
        made = _certificate(first)
        if made is None:
            return "x5c", "a list of certificates in base64", "another form"
        if import_problem(key) is None and made[1] != public_key(key).raw_value:
            return "x5c", "a certificate of this key", "one of another key"
    for name, size in (("x5t", 20), ("x5t#S256", 32)):
        if (said := key.get(name)) is None:
            continue
        digest = _decoded(said)
        if digest is None or len(digest) != size:
            return name, f"{size} bytes in base64url", "another form"
        if made is not None and digest != made[0][name]:
            return name, "the thumbprint of the first certificate", "another one"
    return None


def _certificate(text: object) -> tuple[dict[str, bytes], object] | None:
    """Return the thumbprints and the public key of a certificate; None for what is none."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        data = base64.b64decode(str(text), validate=True)
        key = x509.load_der_x509_certificate(data).public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    weak = hashlib.sha1(data, usedforsecurity=False).digest()
    return {"x5t": weak, "x5t#S256": hashlib.sha256(data).digest()}, key


def _decoded(text: object) -> bytes | None:
    try:
        return base64.b64decode(
            f"{text}{'=' * (-len(str(text)) % 4)}", altchars=b"-_", validate=True
        )
    except ValueError:
        return None


def may_be_unpublished(kid: str | None, keys: list[dict[str, Any]]) -> bool:
    """Return whether a key is newer than every key of the set, by the stamps that kids begin with.

    Tokens were seen whose key the set did not show yet (contract-facts §4.4, the end of September 2025).
    """
    stamps = {_stamp(str(key.get("kid"))) for key in keys} - {""}
    own = _stamp(kid or "")
    return bool(own and stamps) and own > max(stamps)


def _stamp(kid: str) -> str:
    """Return the time stamp of a kid such as `2026-11-26T00:09:39.521.ec.es256`, empty where it has none."""
    found = STAMP.match(kid)
    return found[0] if found else ""


def keys_of(key_set: Exchange) -> list[dict[str, Any]]:
    """Return the keys of a set; raises CouldNotTellError where it could not be read."""
    unread = why_unread(key_set)
    if unread is not None:
        host = real_host(key_set.request.url)
        raise CouldNotTellError(
            f"the key set at {host} could not be read ({unread})",
            next_step="See whether the host shows its keys to this network, or name another `token.key_set_url`.",
            unsettled_shape=True,
        )
    return [key for key in key_set.json["keys"] if isinstance(key, dict)]
