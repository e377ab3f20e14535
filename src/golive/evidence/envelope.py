"""Signing evidence: a DSSE envelope (v1.0) with Ed25519 signatures, and the key files for it.

Keys are PEM as OpenSSL writes them: `openssl genpkey -algorithm ed25519 -out release.key` makes the private one,
`openssl pkey -in release.key -pubout -out release.pub` the public one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from golive.kit.files import UnreadableError, read_text
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

OTHER_KIND = "this key is not an Ed25519 key."
PAYLOAD_TYPE = "application/vnd.in-toto+json"
LARGEST_KEY = 10_000
MAKE = (
    "Make a pair: `openssl genpkey -algorithm ed25519 -out FILE.key`, "
    "`openssl pkey -in FILE.key -pubout -out FILE.pub`."
)
PRIVATE, PUBLIC, ENCRYPTED = "PRIVATE KEY-----", "PUBLIC KEY-----", "ENCRYPTED PRIVATE KEY-----"


class BrokenEnvelopeError(ValueError):
    """An envelope has not the form of one; the message is a sentence about it."""


def pae(payload_type: str, payload: bytes) -> bytes:
    """Return what is signed: DSSE's Pre-Authentication Encoding of type and payload."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def signed(payload: bytes, key: Ed25519PrivateKey) -> dict[str, Any]:
    """Return the envelope of a statement's bytes."""
    signature = key.sign(pae(PAYLOAD_TYPE, payload))
    one = {"keyid": key_id(key.public_key()), "sig": base64.b64encode(signature).decode()}
    content = base64.b64encode(payload).decode()
    return {"payloadType": PAYLOAD_TYPE, "payload": content, "signatures": [one]}


def payload_of(envelope: Mapping[str, Any]) -> bytes:
    """Return the bytes of the statement in an envelope; raises BrokenEnvelopeError."""
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        raise BrokenEnvelopeError(f"Its payloadType is not {PAYLOAD_TYPE}.")
    return _decoded(envelope.get("payload"), "payload")


def is_signed_by(envelope: Mapping[str, Any], key: Ed25519PublicKey) -> bool:
    """Whether one of an envelope's signatures is this key's; what an envelope says of its keys decides nothing."""
    message = pae(str(envelope["payloadType"]), payload_of(envelope))
    for one in signatures_of(envelope):
        try:
            key.verify(_decoded(one.get("sig"), "sig"), message)
        except InvalidSignature:
            continue
        return True
    return False


def signatures_of(envelope: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return an envelope's signatures; raises BrokenEnvelopeError where there is none, or something else."""
    found = envelope.get("signatures")
    if not isinstance(found, list) or not found or not all(isinstance(one, dict) for one in found):
        raise BrokenEnvelopeError("It is an envelope without a signature.")
    return found


def key_id(key: Ed25519PublicKey) -> str:
    """Return the SHA-256 of the public key (SubjectPublicKeyInfo, DER): a hint for people, no proof."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def private_key(file: Path) -> Ed25519PrivateKey:
    """Read the key that signs; raises ConfigurationProblem."""
    text = _pem(file)
    if ENCRYPTED in text:
        message = "the key has a passphrase, which golive does not ask for."
        cure = "Give it without one, from your pipeline's store of secrets: `openssl pkey -in FILE -out FILE.plain`."
        raise ConfigurationProblem.of(file, message, cure)
    if PUBLIC in text:
        raise ConfigurationProblem.of(file, "this is a public key; the private one signs.", MAKE)
    key = _loaded(file, "private", lambda: load_pem_private_key(text.encode(), None))
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationProblem.of(file, OTHER_KIND, MAKE)
    return key


def public_key(file: Path) -> Ed25519PublicKey:
    """Read the key that verifies; raises ConfigurationProblem."""
    text = _pem(file)
    if PRIVATE in text:
        message = "this is a private key, which has no place where evidence is verified."
        cure = "Give the public one: `openssl pkey -in FILE.key -pubout -out FILE.pub`."
        raise ConfigurationProblem.of(file, message, cure)
    key = _loaded(file, "public", lambda: load_pem_public_key(text.encode()))
    if not isinstance(key, Ed25519PublicKey):
        raise ConfigurationProblem.of(file, OTHER_KIND, MAKE)
    return key


def _pem(file: Path) -> str:
    try:
        return read_text(file, LARGEST_KEY)
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), error.cure, error.line) from None


def _loaded(file: Path, kind: str, load: Callable[[], object]) -> object:
    """Return the key that `load` reads in a file; raises ConfigurationProblem where there is none."""
    try:
        return load()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationProblem.of(file, f"this is not a {kind} key in PEM.", MAKE) from None


def _decoded(text: object, member: str) -> bytes:
    """Decode base64 of either alphabet, as DSSE allows both."""
    try:
        plain = str(text).replace("-", "+").replace("_", "/")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BrokenEnvelopeError(f"Its {member} is not base64.") from None
