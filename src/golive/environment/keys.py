"""Whether a text can be a private key, before anybody tries to sign with it."""

from __future__ import annotations

import json


def private_key_fault(text: str) -> str:
    """Say why a text is no private key in PEM or JWK form; empty when it looks like one."""
    stripped = text.strip()
    if stripped.startswith("-----BEGIN "):
        if "PRIVATE KEY-----" not in stripped.partition("\n")[0]:
            return "the key is not a private one."
        if "ENCRYPTED" in stripped:
            return "the private key is encrypted with a passphrase, which golive can't ask for."
        ended = stripped.endswith("-----") and "-----END " in stripped
        return "" if ended else "the private key is not complete."
    try:
        members = json.loads(stripped)
    except (ValueError, RecursionError):
        members = None
    if not isinstance(members, dict) or "kty" not in members:
        return "the private key is neither PEM nor JWK text."
    return "" if "d" in members else "the key is not a private one."
