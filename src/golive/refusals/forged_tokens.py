"""Access tokens that no server may take: a good one with a change, and one that its holder has signed.

All of them are made of the run's own token, so what they claim is true, and only the signature is not.

Some signatures are such that no private key makes them (RFC 7518 §3.4). A verification by ECDSA that does not demand
that r and s are between 1 and the order of the curve takes zeros and orders for good ones of any message
(CVE-2022-21449). One in DER is right but for its form, which fails the validation, too.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import string
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.jwt import base64url, encoded_part, read
from golive.transport.credentials import private_key_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.environment import KeyCredential


DEGENERATE = frozenset({"signature-of-zeros", "signature-of-orders", "signature-in-der"})
"""The changes that `degenerate` makes."""


class Curve(NamedTuple):
    """The order of a curve's base point, and the octets of r and of s (FIPS 186-5, RFC 7518 §3.4)."""

    order: int
    size: int


CURVES = {
    "ES256": Curve(0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, 32),
    "ES384": Curve(
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
        48,
    ),
}
"""Algorithm of a signature -> its curve."""


def degenerate(which: str, token: str) -> str:
    """Return a signed token with another signature; CouldNotTellError for one that no elliptic curve signed."""
    curve = CURVES.get(str(read(token).header.get("alg")))
    if curve is None:
        raise CouldNotTellError("the token is not signed with ES256 or ES384", unsettled_shape=True)
    signed, _, signature = token.rpartition(".")
    match which:
        case "signature-of-zeros":
            octets = bytes(2 * curve.size)
        case "signature-of-orders":
            octets = curve.order.to_bytes(curve.size, "big") * 2
        case _:
            octets = _in_der(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    return f"{signed}.{base64url(octets)}"


def _in_der(octets: bytes) -> bytes:
    """Return r and s as the sequence of ASN.1 that libraries make of them, and that no JWS has."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    half = len(octets) // 2
    return encode_dss_signature(int.from_bytes(octets[:half]), int.from_bytes(octets[half:]))


FIRST = "Fix the findings about the key set first."
ALPHANUMERIC = string.ascii_letters + string.digits
TURNED = dict(zip(ALPHANUMERIC, ALPHANUMERIC[1:] + ALPHANUMERIC[:1], strict=True))
"""Each letter and digit -> the next one, so that a forged token has the characters of a true one."""

GARBLED = frozenset({"garbage", "parts-without-json", "header-is-a-list", "payload-is-no-json"})
"""The changes that `garbled` makes."""
NOWHERE = "../../../../../../dev/null"
"""A kid by which a server that reads keys from files finds an empty one."""


def garbled(which: str, token: str) -> str:
    """Make what is no token, in characters that one may have: a word, or parts that are no JSON objects."""
    if which == "garbage":
        return secrets.token_urlsafe(48)
    text = base64url(f"golive {uuid.uuid4()}".encode())
    own = read(token)
    known = not (own.problem or own.sealed)
    header = token.split(".")[0] if known else encoded_part({"alg": "ES256", "typ": "JWT"})
    first = {
        "parts-without-json": text,
        "header-is-a-list": base64url(b'["ES256","JWT"]'),
        "payload-is-no-json": header,
    }[which]
    return f"{first}.{text}.{base64url(uuid.uuid4().bytes * 4)}"


def _parts(token: str) -> list[str]:
    problem = read(token).problem
    if problem:
        raise CouldNotTellError(f"the access token can't be taken apart: {problem}")
    return token.split(".")


def tampered(token: str, *, opaque: bool) -> str:
    """Forge a token: another subject under the old signature, or other characters where nothing can be read."""
    if opaque or read(token).sealed:
        return _with_other_characters(token)
    header, _, signature = _parts(token)
    claims = {**read(token).claims, "sub": str(uuid.uuid4())}
    return f"{header}.{encoded_part(claims)}.{signature}"


def _with_other_characters(token: str) -> str:
    """Change characters in the middle of the longest part: of a JWE, that is the text under its authentication tag.

    No part ends there, so none of the changed bits is one that base64url leaves unused.
    """
    parts = token.split(".")
    longest = max(range(len(parts)), key=lambda at: len(parts[at]))
    part = parts[longest]
    start, end = len(part) // 3, 2 * len(part) // 3
    changed = "".join(TURNED.get(character, character) for character in part[start:end])
    parts[longest] = part[:start] + changed + part[end:]
    if parts[longest] == part:
        raise CouldNotTellError("the access token is too short to be changed", unsettled_shape=True)
    return ".".join(parts)


def demand_readable(token: str, *, opaque: bool) -> None:
    """Raise CouldNotTellError for a token whose header nobody but the server can read."""
    sealed = read(token).sealed
    if opaque or sealed:
        why = sealed or "opaque (`token.form`)"
        raise CouldNotTellError(
            f"the access token is {why}, so nobody outside can make an unsigned one of it, or forge its header",
            unsettled_shape=True,
        )


def forged(which: str, token: str, published: Sequence[dict[str, Any]]) -> str:
    """Forge a token with the claims of a good one: without a signature, or with one that proves nothing.

    `published` are the keys of the key set that was read.
    """
    own, payload, signature = _parts(token)
    header = read(token).header
    match which:
        # Both have the very header and claims of the token that was just taken: a server may remember those.
        case "no-signature":
            return f"{own}.{payload}."
        case "other-signature":
            return f"{own}.{payload}.{''.join(TURNED.get(one, one) for one in signature)}"
        case "alg-none":
            return f"{encoded_part({**header, 'alg': 'none'})}.{payload}."
        case "alg-none-odd-case":
            return f"{encoded_part({**header, 'alg': 'NonE'})}.{payload}."
        case _ if which in DEGENERATE:
            return degenerate(which, token)
        case "kid-is-a-path":
            changed = {**header, "alg": "HS256", "kid": NOWHERE}
            signed = f"{encoded_part(changed)}.{payload}"
            return f"{signed}.{base64url(hmac.digest(b'', signed.encode(), 'sha256'))}"
        case "hs256-public-key":
            signed = f"{encoded_part({**header, 'alg': 'HS256'})}.{payload}"
            # No JOSE library lends itself to this: a public key is no secret.
            code = hmac.digest(_public_key(token, published), signed.encode(), "sha256")
            return f"{signed}.{base64url(code)}"
        case _:
            from joserfc import jws
            from joserfc.jwk import ECKey

            key = ECKey.generate_key("P-256")
            named: dict[str, Any] = {"jwk": key.as_dict(private=False)}
            if which == "own-certificate":
                named = {"x5c": [self_signed(key.as_pem(private=True))]}
            if which == "unknown-kid":
                named = {"kid": str(uuid.uuid4())}
            header = {**header, "alg": "ES256", **named}
            content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
            return jws.serialize_compact(header, content, key, algorithms=["ES256"])


def signed_by_client(token: str, credential: KeyCredential) -> str:
    """Sign the claims of a good token with a key that a client has registered for its assertions, and name that key."""
    from joserfc import jws

    _, payload, _ = _parts(token)
    algorithm = credential.algorithm
    header = {**read(token).header, "alg": algorithm, "kid": credential.key_id}
    content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
    key = private_key_of(credential)
    return jws.serialize_compact(header, content, key, algorithms=[algorithm])  # type: ignore[arg-type]


def self_signed(pem: bytes) -> str:
    """Return a certificate that a private key has signed for itself, as a header has it in `x5c` (RFC 7515 §4.1.6)."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    key = serialization.load_pem_private_key(pem, None)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "golive")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        issuer_name=name,
        subject_name=name,
        public_key=key.public_key(),  # type: ignore[arg-type]
        serial_number=x509.random_serial_number(),
        not_valid_before=now - timedelta(hours=1),
        not_valid_after=now + timedelta(days=1),
    ).sign(key, hashes.SHA256())  # type: ignore[arg-type]
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def _public_key(token: str, published: Sequence[dict[str, Any]]) -> bytes:
    """Return the public key that verifies the token as PEM, which a careless server takes for a secret of HMAC."""
    from joserfc.errors import JoseError
    from joserfc.jwk import JWKRegistry, OctKey

    made = read(token)
    of_rsa = str(made.header.get("alg")).startswith(("RS", "PS"))
    named = [one for one in published if one.get("kid") == made.kid]
    # Keys of different types may share a kid (RFC 7517 §4.5).
    entry = min(named, key=lambda one: (one.get("kty") == "RSA") != of_rsa, default=None)
    if entry is None:
        why = "the key that signed the access token is not in a key set that was read"
        raise CouldNotTellError(why, next_step=FIRST, unsettled_shape=True)
    try:
        key = JWKRegistry.import_key(entry)
        if isinstance(key, OctKey):
            raise TypeError("a symmetric key")
        return key.as_pem(private=False)
    # KeyError: of a curve that nobody knows.
    except (JoseError, ValueError, TypeError, KeyError):
        why = "the key that signed the access token can't be used"
        raise CouldNotTellError(why, next_step=FIRST) from None
