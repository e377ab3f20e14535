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
from enum import StrEnum
from functools import lru_cache
from typing import Any

from golive.contract.outcomes import NotRecordedError
from golive.kit.json_text import RepeatedMemberError, read_json
from golive.redaction.rendering import show_word

LONGEST_LIFETIME = 86_400
"""Seconds that a token is believed to live; JSON knows numbers of any size, and some are telephone numbers."""

MILLENNIUM_CLAIMS = "urn:com:cerner:authorization:claims"
VERSIONED_CLAIMS = "urn:cerner:authorization:claims:version:1"
BASE64URL = re.compile("[A-Za-z0-9_-]*")
CLIENT_CLAIMS = ("azp", "client_id", "cid")
"""Names of the claim that holds the client: Oracle's samples, RFC 9068 §2.2, and what other servers use."""

SIGNATURES = (
    *("ES256", "ES384", "ES512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    "Ed25519",
)
"""Algorithms whose key is public (RFC 7518 §3.1, RFC 9864 §2.2); with any other one nobody else can verify."""

PUBLIC_MEMBERS = frozenset({"kty", "crv", "x", "y", "n", "e", "kid"})
"""Members of a public key (RFC 7518 §6.2.1, §6.3.1; RFC 8037 §2)."""


JOSE = "eyJ"
"""How the first part of every JWS and JWE begins: base64url of `{"` (RFC 7515 §3.1, RFC 7516 §3.1)."""

REBUILT = "golive-recording-"
"""How the last part begins of a token that stands for one whose signature a recording leaves out."""


class Form(StrEnum):
    """What kind of text an access token is, as far as it can be seen from outside."""

    JWS = "signed"
    JWE = "encrypted"
    OPAQUE = "opaque"
    MALFORMED = "malformed"


@dataclass(frozen=True)
class AccessToken:
    """A token's parts, decoded and unverified. `problem` says why it is not a signed JWT, if it isn't.

    An encrypted token has a header and no claims; an opaque or malformed one has neither.
    """

    parts: tuple[str, ...] = field(repr=False)
    header: dict[str, Any]
    claims: dict[str, Any]
    problem: str | None = None
    form: Form = Form.JWS

    @property
    def sealed(self) -> str | None:
        """Say why nothing inside can be known from outside, though nothing is wrong; None where it can."""
        match self.form:
            case Form.JWE:
                kid = f", kid {show_word(self.kid)}" if self.kid else ""
                return f"encrypted (a JWE of five parts{kid})"
            case Form.OPAQUE:
                return "opaque (no JWT)"
        return None

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
        named = (self.claims.get(name) for name in CLIENT_CLAIMS)
        return next((client for client in named if isinstance(client, str)), None)

    @property
    def scopes(self) -> frozenset[str] | None:
        """The scopes inside the token, or None where it carries none."""
        # Oracle's claim, then that of RFC 9068 §2.2.3, then what other servers use.
        azs, own = self._member(MILLENNIUM_CLAIMS, "azs"), self.claims
        members = (azs, own.get("scope"), own.get("scp"))
        scopes = next((member for member in members if member is not None), None)
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
    return base64url(json.dumps(members, separators=(",", ":")).encode())


def base64url(octets: bytes) -> str:
    """Write octets as a part of a JWT (RFC 7515 §2)."""
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


@lru_cache(maxsize=64)
def read(token: str) -> AccessToken:
    """Take a token apart (RFC 7515 §3.1, RFC 7516 §3.1); what can't be read is named in `problem`."""
    parts = tuple(token.split("."))
    try:
        header = _decode(parts[0])
        if "enc" in header and len(parts) == 5:
            return AccessToken(parts, header, {}, "it is encrypted", Form.JWE)
        if len(parts) == 3:
            return AccessToken(parts, header, _decode(parts[1]))
    except RepeatedMemberError:
        why = "in its header or payload, two members have the same name (RFC 7515 §4, RFC 7519 §4)"
        return AccessToken(parts, {}, {}, why, Form.MALFORMED)
    except (ValueError, TypeError, binascii.Error):
        if len(parts) != 3 or not _may_be_a_header(parts[0]):
            return AccessToken(parts, {}, {}, "it is opaque, not a JWT", Form.OPAQUE)
        why = "its header or payload is not base64url of a JSON object"
        return AccessToken(parts, {}, {}, why, Form.MALFORMED)
    why = f"it has {len(parts)} parts, a signed JWT has 3"
    return AccessToken(parts, {}, {}, why, Form.MALFORMED)


def _may_be_a_header(part: str) -> bool:
    """Return whether a token's first part begins like a JOSE header, or is JSON of another kind in its place."""
    if part.startswith(JOSE):
        return True
    try:
        json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):  # what is not base64, UTF-8 or JSON
        return False
    return True


def kids(key_set: object) -> list[str]:
    """Return the key identifiers of a key set (RFC 7517 §5), in order."""
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    listed = keys if isinstance(keys, list) else []
    return [k["kid"] for k in listed if isinstance(k, dict) and isinstance(k.get("kid"), str)]


def public_key(key: dict[str, Any]) -> Any:
    """Return the public key of a JWK, whatever else it holds; raises JoseError, ValueError, TypeError, KeyError."""
    from joserfc.jwk import import_key

    return import_key({name: value for name, value in key.items() if name in PUBLIC_MEMBERS})


def verification_problem(
    token: str, key_set: object, algorithms: tuple[str, ...] = ("ES256",), *, any_key: bool = False
) -> str | None:
    """Say why the token's signature does not verify with the key set, or return None.

    Only these algorithms are tried, whatever the token's own header asks for (RFC 8725 §3.1). With `any_key`, a
    token that names no key may verify with any key of the set (`kid` is optional, RFC 7515 §4.1.4). Raises
    NotRecordedError for a token of golive's own recording.
    """
    from joserfc import jws
    from joserfc.errors import JoseError

    if token.rsplit(".", 1)[-1].startswith(REBUILT):
        raise NotRecordedError("the token's signature, which golive keeps out of every file")
    kid = read(token).kid
    if kid is None and not any_key:
        return "the token names no key"
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    held = [key for key in (keys if isinstance(keys, list) else []) if isinstance(key, dict)]
    # Keys of different types may share a kid (RFC 7517 §4.5).
    matching = [key for key in held if kid is None or key.get("kid") == kid]
    if not matching:
        return "the key set holds no key with the token's kid"
    why = ""
    for key in matching:
        try:
            readable = public_key(key)
        except (JoseError, ValueError, TypeError, KeyError):
            why = why or "the key that its kid names can't be read as a key"
            continue
        try:
            jws.deserialize_compact(token, readable, algorithms=list(algorithms))
        except (JoseError, ValueError, TypeError, KeyError) as error:
            why = why or f"the signature does not verify ({type(error).__name__})"
        else:
            return None
    return why
