"""The key set of one cloud (RFC 7517 §5), and what can be wrong with a key of it."""

from __future__ import annotations

import base64
import secrets
import uuid
from typing import TYPE_CHECKING, Any

from golive.twin.http import Ask, html_answer, json_answer
from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.world import World


def key_set(world: World, ask: Ask) -> Response:
    """Publish the JSON Web Key Set of the cloud (RFC 7517 §5)."""
    if world.injects("key-set-needs-a-credential") and "authorization" not in ask.headers:
        return html_answer(401, "Unauthorized", "Sign in first.")
    ring = world.keys[ask.host]
    if ask.host == PRODUCTION_CLOUD:
        world.key_sets_read += 1
    second = world.key_sets_read % 2 == 0
    one_generation = world.injects("key-set-holds-one-generation")
    keys = ring.in_use() if one_generation else ring.published()
    if world.injects("signing-key-missing-from-key-set") or (
        second and world.injects("every-second-key-set-lacks-the-signing-key")
    ):
        keys = [key for key in keys if key is not ring.signing]
    if world.injects("key-set-holds-another-key-of-that-id"):
        keys = [ring.impostor if key is ring.signing else key for key in keys]
    if second and world.injects("key-set-changes-a-key-under-its-kid"):
        keys = [ring.stranger if key is ring.outgoing else key for key in keys]
    if world.injects("other-clouds-keys-in-key-set"):
        keys = [*keys, *world.keys[SANDBOX_CLOUD].in_use()]
    private = world.injects("private-key-in-key-set")
    entries: list[dict[str, Any]] = [dict(key.as_dict(private=private)) for key in keys]
    if world.injects("two-keys-share-a-kid"):
        entries[-1]["kid"] = entries[-2]["kid"]
    _spoil(world, entries)
    headers = {"Cerner-Correlation-ID": str(uuid.uuid4())}
    if world.injects("key-set-may-be-kept-for-a-year"):
        headers["Cache-Control"] = "public, max-age=31536000"
    return json_answer(200, {"keys": entries}, headers)


def _spoil(world: World, entries: list[dict[str, Any]]) -> None:
    """Make keys that sign nothing what no key may be, where a defect says so."""
    curve = [entry for entry in entries if entry["kty"] == "EC"]
    rsa = [entry for entry in entries if entry["kty"] == "RSA"]
    if world.injects("coordinate-lacks-a-byte"):
        curve[-1]["x"] = curve[-1]["x"][:-2]
    if world.injects("key-is-off-its-curve"):
        curve[-1]["y"] = curve[-1]["x"]
    if world.injects("algorithm-contradicts-the-curve"):
        curve[-1]["alg"] = "ES256"
    if world.injects("key-for-signatures-says-enc"):
        curve[-1]["use"] = "enc"
    if world.injects("key-operations-contradict-its-use"):
        curve[-1]["key_ops"] = ["encrypt"]
    if world.injects("rsa-key-has-1024-bits"):
        rsa[-1]["n"] = _number(secrets.randbits(1024) | 1 | 1 << 1023)
    if world.injects("rsa-exponent-is-one"):
        rsa[-1]["e"] = _number(1)


def _number(value: int) -> str:
    """Write a number as JWK has it (RFC 7518 §2)."""
    raw = value.to_bytes((value.bit_length() + 7) // 8)
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
