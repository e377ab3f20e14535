"""The access token as a JWT: read without trust, then verified against a key set.

Oracle asks clients to treat the token as opaque; the suite reads it because the first question of a bare
401 is which cloud, tenant and client the token is for.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from golive.strict_json import RepeatedMemberError, read_json

MILLENNIUM_CLAIMS = "urn:com:cerner:authorization:claims"
VERSIONED_CLAIMS = "urn:cerner:authorization:claims:version:1"
BASE64URL = re.compile("[A-Za-z0-9_-]*")


@dataclass(frozen=True)
class AccessToken:
    """A token's parts, decoded and unverified. `problem` says why it is no JWT, if it is none."""

    parts: tuple[str, ...] = field(repr=False)
    header: dict[str, Any]
    claims: dict[str, Any]
    problem: str | None = None

    @property
    def kid(self) -> str | None:
        """The identifier of the signing key."""
        kid = self.header.get("kid")
        return kid if isinstance(kid, str) else None

    @property
    def tenant(self) -> str | None:
        """The tenant that the token is for."""
        return self._claim(MILLENNIUM_CLAIMS, "tnt") or self._claim(VERSIONED_CLAIMS, "tenant")

    @property
    def client_id(self) -> str | None:
        """The client that the token was issued to."""
        azp = self.claims.get("azp")
        return azp if isinstance(azp, str) else None

    @property
    def scopes(self) -> frozenset[str] | None:
        """The scopes inside the token, or None where it carries none."""
        scopes = self._member(MILLENNIUM_CLAIMS, "azs")
        if isinstance(scopes, str):
            return frozenset(scopes.split())
        return frozenset(map(str, scopes)) if isinstance(scopes, list) else None

    def _member(self, group: str, name: str) -> Any:
        members = self.claims.get(group)
        return members.get(name) if isinstance(members, dict) else None

    def _claim(self, group: str, name: str) -> str | None:
        value = self._member(group, name)
        return value if isinstance(value, str) else None


def _decode(part: str) -> dict[str, Any]:
    if not BASE64URL.fullmatch(part):
        raise ValueError("not base64url without padding")
    raw = base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)
    decoded = read_json(raw)
    if not isinstance(decoded, dict):
        raise TypeError("not a JSON object")
    return decoded


def encoded_part(members: dict[str, Any]) -> str:
    """Write a header or a payload as a part of a JWT: base64url of its JSON (RFC 7515 §2)."""
    raw = json.dumps(members, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@lru_cache(maxsize=64)
def read(token: str) -> AccessToken:
    """Take a token apart (RFC 7515 §3.1); what can't be read is named in `problem`."""
    parts = tuple(token.split("."))
    if len(parts) != 3:
        return AccessToken(parts, {}, {}, f"it has {len(parts)} parts, a signed JWT has 3")
    try:
        return AccessToken(parts, _decode(parts[0]), _decode(parts[1]))
    except RepeatedMemberError:
        why = "in its header or payload, two members have the same name (RFC 7515 §4, RFC 7519 §4)"
        return AccessToken(parts, {}, {}, why)
    except (ValueError, TypeError, binascii.Error):
        return AccessToken(parts, {}, {}, "its header or payload is not base64url of a JSON object")


def kids(key_set: object) -> list[str]:
    """Return the key identifiers of a key set (RFC 7517 §5), in order."""
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    listed = keys if isinstance(keys, list) else []
    return [k["kid"] for k in listed if isinstance(k, dict) and isinstance(k.get("kid"), str)]


def verification_problem(token: str, key_set: object) -> str | None:
    """Say why the token's signature does not verify with the key set, or return None.

    Only ES256 is tried, whatever the token's own header asks for (RFC 8725 §3.1).
    """
    from joserfc import jws
    from joserfc.errors import JoseError
    from joserfc.jwk import ECKey

    kid = read(token).kid
    if kid is None:
        return "the token names no key"
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    matching = [
        key
        for key in (keys if isinstance(keys, list) else [])
        if isinstance(key, dict) and key.get("kid") == kid
    ]
    if not matching:
        return "the key set holds no key with the token's kid"
    public = {k: v for k, v in matching[0].items() if k in {"kty", "crv", "x", "y", "kid"}}
    try:
        jws.deserialize_compact(token, ECKey.import_key(public), algorithms=["ES256"])
    except (JoseError, ValueError, TypeError, KeyError) as error:
        return f"the signature does not verify ({type(error).__name__})"
    return None
