"""What a presented token is: taken out of its encryption and apart, and verified with the production cloud's keys."""

from __future__ import annotations

import base64
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509 import load_der_x509_certificate
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from golive.twin.authorization.tokens import (
    is_degenerate,
    opened,
    part,
    signed_with_public_key,
)
from golive.twin.names import MESSAGE_SCOPE, PRODUCTION_CLOUD, SANDBOX_CLOUD

if TYPE_CHECKING:
    from golive.twin.world import World

_URN = "urn:cerner:error:oauth2:resource-access:"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_PRINTABLE_KID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


class GatewayError(Exception):
    """A refusal by the gateway: status, the URN's tail, and the further pairs of its message."""

    scope = MESSAGE_SCOPE
    """The scope that the refused request would have needed."""

    def __init__(self, status: int, tail: str, **pairs: str) -> None:
        super().__init__(tail)
        self.status = status
        self.pairs = {"code": _URN + tail, **pairs}


@dataclass(frozen=True)
class PresentedToken:
    """A token's parts, decoded but not yet believed."""

    text: str
    header: dict[str, Any]
    claims: dict[str, Any]


def invalid_token(tail: str, **pairs: str) -> GatewayError:
    """Make the refusal of a token that is none, or not a good one."""
    return GatewayError(401, tail, error="invalid_token", **pairs)


def _unverifiable(subcode: str, kid: object) -> GatewayError:
    # The key id comes from the caller: only a plain one is repeated.
    named = {"kid": kid} if isinstance(kid, str) and _PRINTABLE_KID.fullmatch(kid) else {}
    return invalid_token("signature-verification-failed", subcode=subcode, **named)


def unknown_kid(kid: object) -> GatewayError:
    """Make the refusal of a token that a key signed which nobody here knows."""
    return _unverifiable("unknown_kid", kid)


def _unsealed(world: World, text: str) -> str:
    """Return the signed token inside an encrypted one (five parts); any other text as it is."""
    if text.count(".") != 4:
        return text
    try:
        kid = part(text.split(".")[0]).get("kid")
    except ValueError:
        kid = None
    key = world.keys[PRODUCTION_CLOUD].sealing
    if kid != key.kid and world.injects("other-clouds-token-accepted"):
        key = world.keys[SANDBOX_CLOUD].sealing
    if kid != key.kid:
        raise unknown_kid(kid)
    try:
        return opened(text, key)
    except (JoseError, ValueError):
        raise _unverifiable("invalid_encryption", kid) from None


def read_token(world: World, text: str) -> PresentedToken:
    """Take a token apart, and out of its encryption; raise GatewayError for what is none."""
    text = _unsealed(world, text)
    try:
        header, claims, _ = text.split(".")
        documents = [part(one) for one in (header, claims)]
    except ValueError:
        if world.injects("token-without-json-breaks-the-gateway") and text.count(".") == 2:
            raise GatewayError(500, "server-error") from None
        raise _unverifiable("malformed_token", None) from None
    return PresentedToken(text, *documents)


def certified(header: dict[str, Any]) -> bytes:
    """Return the key of the first certificate in a header as PEM that anybody may have signed."""
    public = load_der_x509_certificate(base64.b64decode(header["x5c"][0])).public_key()
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def check_signature(world: World, token: PresentedToken, *, writes: bool) -> bool:
    """Raise unless a trusted key signed the token; return whether the other cloud's key did."""
    kid, algorithm = token.header.get("kid"), token.header.get("alg")
    if _is_trusted_all_the_same(world, token, writes=writes):
        return False
    key = world.keys[PRODUCTION_CLOUD].verifying(kid)
    foreign = False
    if key is None and world.injects("other-clouds-token-accepted"):
        key = world.keys[SANDBOX_CLOUD].verifying(kid)
        foreign = key is not None
    if algorithm == "ES256" and key is None and world.injects("unknown-kid-is-not-verified"):
        return False
    if algorithm != "ES256":
        raise _unverifiable("unsupported_algorithm", kid)
    if key is None:
        raise unknown_kid(kid)
    try:
        jws.deserialize_compact(token.text, key, algorithms=["ES256"])
    except (JoseError, ValueError):
        if not world.injects("tampered-token-accepted"):
            raise _unverifiable("invalid_signature", kid) from None
    world.taken.add(token.text.rpartition(".")[0])
    return foreign


def _is_trusted_all_the_same(world: World, token: PresentedToken, *, writes: bool) -> bool:
    """Whether a defect believes a token whose signature proves nothing."""
    algorithm, signature = token.header.get("alg"), token.text.rpartition(".")[2]
    if writes and world.injects("writes-need-no-signature"):
        return True
    if not signature and algorithm == "ES256":
        return world.injects("empty-signature-accepted")
    if algorithm == "ES256" and _is_good_enough(world, token, signature):
        return True
    if world.injects("token-is-known-without-its-signature"):
        return token.text.rpartition(".")[0] in world.taken
    match algorithm:
        case "none":
            return world.injects("unsigned-token-accepted")
        case str() if algorithm.lower() == "none":
            return world.injects("odd-case-of-none-accepted")
        case "HS256" if world.injects("public-key-taken-for-a-secret"):
            key = world.keys[PRODUCTION_CLOUD].verifying(token.header.get("kid"))
            return key is not None and signed_with_public_key(token.text, key.as_pem(private=False))
        case "HS256" if world.injects("kid-leads-to-a-file"):
            # The one file that is surely there and empty.
            named = str(token.header.get("kid")).endswith("/dev/null")
            return named and signed_with_public_key(token.text, b"")
        case "HS256":
            return world.injects("token-is-signed-with-hs256")
    return _is_verified_by_its_own(world, token)


def _is_verified_by_its_own(world: World, token: PresentedToken) -> bool:
    """Whether a defect verifies a token with a key that it brings along, or that a client has registered."""
    header = token.header
    key: ECKey | None = None
    if world.injects("clients-keys-verify-tokens"):
        kid = header.get("kid")
        owner = next((one for one in world.accounts.values() if kid and one.key_id == kid), None)
        # The private key verifies, too: the twin keeps no other one of its clients.
        if owner is not None and owner.private_key_pem and owner.algorithm == "ES384":
            key = ECKey.import_key(owner.private_key_pem)
    elif "x5c" in header and world.injects("certificate-in-token-trusted"):
        key = ECKey.import_key(certified(header))
    elif "jwk" in header and world.injects("key-in-token-trusted"):
        key = ECKey.import_key(header["jwk"])
    if key is None:
        return False
    jws.deserialize_compact(token.text, key, algorithms=["ES256", "ES384"])
    return True


def _is_good_enough(world: World, token: PresentedToken, signature: str) -> bool:
    """Whether a defect takes a signature of ES256 with an r and an s that none has, or in another form."""
    degenerate = world.injects("degenerate-signatures-accepted")
    if not degenerate and not world.injects("signatures-in-der-accepted"):
        return False
    with suppress(ValueError, JoseError):  # a signature may be anything
        octets = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        if degenerate:
            return is_degenerate(octets, _ORDER)
        key = world.keys[PRODUCTION_CLOUD].verifying(token.header.get("kid"))
        if len(octets) == 64 or key is None:
            return False
        r, s = decode_dss_signature(octets)
        raw = base64.urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
        text = f"{token.text.rpartition('.')[0]}.{raw.decode().rstrip('=')}"
        jws.deserialize_compact(text, key, algorithms=["ES256"])
        return True
    return False
