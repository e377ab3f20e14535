"""Access tokens: how they are made, and how the resource server reads them (RFC 7519, 8725)."""

from __future__ import annotations

import json
import secrets
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from joserfc import jwe, jws
from joserfc.errors import JoseError

from .problems import Refusal

if TYPE_CHECKING:
    from .accounts import Account
    from .clock import Clock
    from .keys import KeyRing
    from .layouts import Layout
    from .personality import Personality

_JWE = ["dir", "A128CBC-HS256", "DEF"]
_OLD = "urn:com:cerner:authorization:claims"
_NEW = "urn:cerner:authorization:claims:version:1"


@dataclass(frozen=True)
class Grant:
    """What a token stands for."""

    client_id: str
    tenant: str
    scopes: tuple[str, ...]
    issued: int
    expires: int
    host: str = ""


class TokenMint:
    """Makes the tokens of one cloud, and reads them back."""

    def __init__(
        self, cloud: int, ring: KeyRing, layout: Layout, personality: Personality, clock: Clock
    ) -> None:
        self.cloud, self.ring, self.layout = cloud, ring, layout
        self.personality, self.clock = personality, clock
        self._opaque: dict[str, Grant] = {}
        self._kept: dict[tuple[object, ...], tuple[str, int]] = {}

    def grant(self, account: Account, tenant: str, scopes: list[str], host: str) -> tuple[str, int]:
        """A token, new or kept, and the seconds that its answer announces."""
        announced, now = self.personality.expires_in, int(self.clock.now().timestamp())
        asked = (account.client_id, tenant, tuple(scopes), host)
        token, issued = self._kept.get(asked, ("", 0))
        if not self.personality.keeps_tokens or now - issued >= announced // 2:
            token, issued = self.issue(account, tenant, scopes, host), now
            self._kept[asked] = token, issued
        return token, announced - (now - issued)

    def issue(self, account: Account, tenant: str, scopes: list[str], host: str) -> str:
        """A new token for what was granted."""
        now = int(self.clock.now().timestamp())
        grant = Grant(
            account.client_id, tenant, tuple(scopes), now, now + self.personality.lifetime, host
        )
        if self.personality.token_form == "opaque":
            token = self.personality.opaque_prefix + secrets.token_urlsafe(48)
            self._opaque[token] = grant
            return token
        signed = self._signed(self._claims(grant, account.name))
        if self.personality.token_form == "jws":
            return signed
        head = {
            "zip": "DEF",
            "kid": self.ring.secret_kid,
            "cty": "JWT",
            "enc": "A128CBC-HS256",
            "alg": "dir",
        }
        return jwe.encrypt_compact(head, signed.encode(), self.ring.secret, algorithms=_JWE)

    def _signed(self, claims: dict[str, Any]) -> str:
        key = self.ring.current(self.layout.alg)
        head = {"kid": key.kid, "typ": "JWT", "alg": key.alg}
        return jws.serialize_compact(
            head, json.dumps(claims).encode(), key.key, algorithms=[key.alg]
        )

    @property
    def issuer(self) -> str:
        """The `iss` of this cloud, in its bare form."""
        return self.layout.issuers[self.cloud]

    def issuer_for(self, tenant: str) -> str:
        """The `iss` of a tenant's tokens."""
        bare = self.issuer
        within = bare if bare.endswith("/") else f"{bare}/"
        return f"{within}tenants/{tenant}" if self.personality.issuer_with_tenant else bare

    def _claims(self, grant: Grant, name: str) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "iss": self.issuer_for(grant.tenant),
            "sub": grant.client_id,
            "azp": grant.client_id,
            "iat": grant.issued,
            "exp": grant.expires,
        }
        if self.personality.token_jti:
            claims["jti"] = str(uuid.uuid4())
        if self.personality.long_tokens:
            claims["urn:example:roles"] = [f"role-{number:05d}" for number in range(400)]
        if self.personality.bound_to_host:
            claims["aud"] = f"https://{grant.host or self.layout.auth_hosts[self.cloud]}/"
        if not self.layout.oracle:
            return claims | {
                "aud": "messages",
                "scope": " ".join(grant.scopes),
                "tid": grant.tenant,
            }
        azs: Any = list(grant.scopes) if self.personality.azs_as_list else " ".join(grant.scopes)
        profiles: dict[str, Any] = {"smart-v1": {"azs": azs}}
        if self.personality.extra_profile:
            profiles["millennium-v1"] = {"azs": azs}
        claims[_OLD] = {"ver": "1.0", "tnt": grant.tenant, "azs": azs}
        client = {"name": name, "id": grant.client_id}
        claims[_NEW] = {
            "ver": "1.0",
            "profiles": profiles,
            "client": client,
            "tenant": grant.tenant,
        }
        return claims

    def read(self, token: str) -> Grant:
        """What a presented token grants, or the refusal of a token that is none of this cloud's."""
        grant = self._grant(token)
        if self.clock.now().timestamp() >= grant.expires:
            raise _bad("token-expired", "expired")
        if self.personality.bound_to_host and grant.host != self.layout.api_host:
            raise _bad("audience-mismatch", "wrong_audience")
        return grant

    def _grant(self, token: str) -> Grant:
        if self.personality.token_form == "opaque":
            if token not in self._opaque:
                raise _bad("invalid-token", "unknown_token")
            return self._opaque[token]
        if self.personality.token_form == "jwe":
            token = self._decrypted(token)
        return self._from_claims(self._verified(token))

    def _decrypted(self, token: str) -> str:
        head = _head(token, 5)
        if head.get("alg") != "dir" or head.get("enc") != "A128CBC-HS256":
            raise _bad("token-not-decryptable", "unsupported_alg")
        if head.get("kid") != self.ring.secret_kid:
            raise _unknown_kid(head)
        try:
            plain = jwe.decrypt_compact(token, self.ring.secret, algorithms=_JWE).plaintext
        except (JoseError, ValueError) as reason:
            raise _bad("token-not-decryptable", "bad_tag") from reason
        return (plain or b"").decode()

    def _verified(self, token: str) -> dict[str, Any]:
        head = _head(token, 3)
        if head.get("alg") != self.layout.alg or "crit" in head:
            raise _bad("signature-verification-failed", "unsupported_alg")
        key = self.ring.find(head.get("kid"))
        if key is None:
            raise _unknown_kid(head)
        try:
            signed = jws.deserialize_compact(token, key.key, algorithms=[self.layout.alg])
            claims = json.loads(signed.payload or b"")
        except (JoseError, ValueError) as reason:
            raise _bad("signature-verification-failed", "invalid_signature") from reason
        if not isinstance(claims, dict):
            raise _bad("malformed-token", "claims")
        return claims

    def _from_claims(self, claims: dict[str, Any]) -> Grant:
        if not str(claims.get("iss", "")).startswith(self.issuer):
            raise _bad("invalid-issuer", "issuer")
        tenant, azs = claims.get("tid"), claims.get("scope", "")
        if self.layout.oracle:
            tenant, azs = claims[_OLD]["tnt"], claims[_OLD]["azs"]
        scopes = tuple(azs) if isinstance(azs, list) else tuple(azs.split())
        host = str(claims.get("aud", "")).removeprefix("https://").rstrip("/")
        return Grant(claims["sub"], str(tenant), scopes, claims["iat"], claims["exp"], host)


def _bad(tail: str, subcode: str) -> Refusal:
    return Refusal(401, tail, "invalid_token", subcode)


def unknown_kid(token: str) -> Refusal:
    """The refusal of a token whose key the verifier does not hold (row 23)."""
    return _unknown_kid(_head(token, token.count(".") + 1))


def _unknown_kid(head: dict[str, Any]) -> Refusal:
    kid = str(head.get("kid", ""))
    kid = kid if kid.isascii() and kid.isprintable() and not set(kid) & {'"', "\\"} else ""
    return Refusal(
        401, "signature-verification-failed", "invalid_token", "unknown_kid", kid, row=23
    )


def _head(token: str, parts: int) -> dict[str, Any]:
    """The header of a compact token whose parts are all base64url in its only spelling (RFC 4648 3.5)."""
    pieces = token.split(".")
    if len(pieces) != parts:
        raise _bad("malformed-token", "not_a_token")
    try:
        for piece in pieces:
            raw = urlsafe_b64decode(piece + "=" * (-len(piece) % 4))
            if urlsafe_b64encode(raw).rstrip(b"=").decode() != piece:
                raise _bad("malformed-token", "encoding")
        head = json.loads(urlsafe_b64decode(pieces[0] + "=" * (-len(pieces[0]) % 4)))
    except ValueError as reason:
        raise _bad("malformed-token", "encoding") from reason
    if not isinstance(head, dict):
        raise _bad("malformed-token", "header")
    return head
