"""The signing keys of one cloud: three generations of three kinds, 48 hours apart.

Each generation has a P-256, a P-384 and an RSA key, named by a time stamp (contract-facts §4.4).
The middle generation signs, the oldest is on its way out and the newest is published ahead of its
use. Tokens are signed with P-256 only; the other six keys exist because the real key set holds
them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING

from joserfc.jwk import ECKey, KeyParameters, OctKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Iterable

_ROTATION = timedelta(hours=48)
_GENERATIONS = (-1, 0, 1)  # outgoing, in use, coming
_KIND = {"P-256": ("ec.es256", "ES256"), "P-384": ("ec.es384", "ES384")}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


@cache
def rsa_key(purpose: str) -> RSAKey:  # noqa: ARG001 - what it is kept by
    """Return the RSA key of this purpose: one for all twins of a process, as a new one costs up to 0.2 seconds.

    Nothing that a twin signs depends on one; what has to be new at each start are ids, secrets and signing keys.
    """
    return RSAKey.generate_key(2048)


def make_rsa_keys(clouds: Iterable[str], accounts: Iterable[str]) -> None:
    """Make the RSA keys of these clouds and accounts now, for a process that forks into many with a twin each."""
    for cloud in clouds:
        for generation in _GENERATIONS:
            rsa_key(f"{cloud} {generation}")
    for account in accounts:
        rsa_key(account)


class KeyRing:
    """One cloud's keys. ``in_use_since``: POSIX seconds at which the signing generation began."""

    def __init__(self, cloud: str, in_use_since: float) -> None:
        self._cloud = cloud
        start = datetime.fromtimestamp(in_use_since, UTC)
        self._stamps = [_stamp(start + _ROTATION * generation) for generation in _GENERATIONS]
        self._p256 = [self._curve_key("P-256", stamp) for stamp in self._stamps]
        self._p384 = [self._curve_key("P-384", stamp) for stamp in self._stamps]

    @staticmethod
    def _curve_key(curve: str, stamp: str) -> ECKey:
        suffix, algorithm = _KIND[curve]
        parameters: KeyParameters = {"kid": f"{stamp}.{suffix}", "use": "sig", "alg": algorithm}
        return ECKey.generate_key(curve, parameters)

    @cached_property
    def _rsa(self) -> list[RSAKey]:
        # Only the key set needs them: made when it is first asked for.
        found = []
        for generation, stamp in zip(_GENERATIONS, self._stamps, strict=True):
            key = rsa_key(f"{self._cloud} {generation}").raw_value
            found.append(RSAKey(key, key, {"kid": f"{stamp}.rsa", "use": "sig"}))
        return found

    @cached_property
    def sealing(self) -> OctKey:
        """The symmetric key that encrypts tokens now; it is in no key set (contract-facts §4.1)."""
        return OctKey.generate_key(256, {"kid": f"{self._stamps[1]}.oct"}, private=True)

    def rotate(self) -> str | None:
        """Sign with the coming generation from now on; return the id of the key that has signed until now."""
        before = self.signing.kid
        stamp = _stamp(datetime.fromisoformat(self._stamps[-1]) + _ROTATION)
        self._stamps = [*self._stamps[1:], stamp]
        self._p256 = [*self._p256[1:], self._curve_key("P-256", stamp)]
        self._p384 = [*self._p384[1:], self._curve_key("P-384", stamp)]
        if "_rsa" in self.__dict__:
            key = rsa_key(f"{self._cloud} {stamp}").raw_value
            self._rsa = [*self._rsa[1:], RSAKey(key, key, {"kid": f"{stamp}.rsa", "use": "sig"})]
        for made in ("sealing", "impostor", "stranger"):
            self.__dict__.pop(made, None)
        return before

    @property
    def signing(self) -> ECKey:
        """The P-256 key that signs access tokens now."""
        return self._p256[1]

    def verifying(self, kid: object) -> ECKey | None:
        """Return the P-256 key of that id, of any generation; None when there is none."""
        return next((key for key in self._p256 if key.kid == kid), None)

    def published(self) -> list[ECKey | RSAKey]:
        """Return all nine keys: three generations of P-256, of P-384, of RSA."""
        return [*self._p256, *self._p384, *self._rsa]

    def in_use(self) -> list[ECKey | RSAKey]:
        """Return the three keys of the generation in use."""
        return [self._p256[1], self._p384[1], self._rsa[1]]

    @cached_property
    def impostor(self) -> ECKey:
        """A P-256 key that bears the signing key's id and has signed nothing."""
        return self._curve_key("P-256", self._stamps[1])

    @property
    def outgoing(self) -> ECKey:
        """The P-256 key that signed before."""
        return self._p256[0]

    @cached_property
    def stranger(self) -> ECKey:
        """A P-256 key that bears the id of the key which signed before."""
        return self._curve_key("P-256", self._stamps[0])
