"""The signing keys of an authorization server, in generations that are 48 hours apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from joserfc.jwk import ECKey, OctKey, RSAKey

_KINDS = (("ec.es256", "ES256"), ("ec.es384", "ES384"), ("rsa", "RS384"))


@dataclass(frozen=True)
class SigningKey:
    """A key with its name; `alg` is the only algorithm it may be used with (RFC 8725 3.1)."""

    kid: str
    alg: str
    generation: int  # -1 the last, 0 the present, 1 the coming one
    key: ECKey | RSAKey


@dataclass(frozen=True)
class KeyRing:
    """Every signing key of a server, and its secret key for encrypted tokens."""

    keys: tuple[SigningKey, ...]
    secret: OctKey
    secret_kid: str

    def current(self, alg: str) -> SigningKey:
        """The key that signs today."""
        return next(key for key in self.keys if key.alg == alg and key.generation == 0)

    def find(self, kid: object) -> SigningKey | None:
        """The key of that name."""
        return next((key for key in self.keys if key.kid == kid), None)

    def public_set(
        self, generations: int, *, only: str | None, hints: bool, behind: bool
    ) -> dict[str, Any]:
        """The key set as published; a set that is behind lacks the generation in use."""
        wanted = (-1,) if behind else {1: (0,), 2: (-1, 0), 3: (-1, 0, 1)}[generations]
        chosen = [key for key in self.keys if key.generation in wanted and only in {None, key.alg}]
        return {"keys": [_public(key, hints=hints) for key in chosen]}


def _public(key: SigningKey, *, hints: bool) -> dict[str, Any]:
    members: dict[str, Any] = dict(key.key.as_dict(private=False))
    members["kid"] = key.kid
    if hints:
        members |= {"use": "sig", "alg": key.alg}
    return members


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


@cache
def key_ring(server: str, gateway_alg: str | None = None) -> KeyRing:
    """The keys of one server, made once in a process: RSA keys take their time."""
    born = datetime.now(UTC) - timedelta(hours=7, minutes=18, milliseconds=len(server))
    kinds = _KINDS if gateway_alg is None else (("sig", gateway_alg),)
    made = [
        SigningKey(
            f"{_stamp(born + timedelta(hours=48 * generation))}.{suffix}",
            alg,
            generation,
            _fresh(alg),
        )
        for generation in (-1, 0, 1)
        for suffix, alg in kinds
    ]
    return KeyRing(tuple(made), OctKey.generate_key(256), f"{_stamp(born)}.oct")


def _fresh(alg: str) -> ECKey | RSAKey:
    if alg.startswith("ES"):
        return ECKey.generate_key({"ES256": "P-256", "ES384": "P-384"}[alg])
    return RSAKey.generate_key(2048)
