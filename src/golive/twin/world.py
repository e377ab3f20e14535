"""All that the twin knows at one moment: clock, keys, accounts, messages, and which lies to tell.

Every request is handled between two awaits of one event loop, so nothing here needs a lock.

The signing keys of one cloud: three generations of three kinds, 48 hours apart.
"""

from __future__ import annotations

import random
import secrets
import time
import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from joserfc.jwk import ECKey, KeyParameters, OctKey, RSAKey

from golive.twin.accounts import TwinAccount, register_accounts
from golive.twin.code_system import CodeSets
from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD
from golive.twin.population import populate
from golive.twin.recipient import Directory
from golive.twin.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.twin.settings import Settings
    from golive.twin.store import Message, Status


class World:
    """The state behind one running twin. ``address`` is its base URL, without a final slash."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings = settings
        self.address = address
        self.accounts: dict[str, TwinAccount] = register_accounts()
        # The rest of a rotation that has passed differs between clouds and seeds, as in real life.
        chance = random.Random(settings.seed)  # noqa: S311  (reproducible data, nothing secret)
        self.keys = {
            cloud: KeyRing(self.now() - chance.uniform(4, 40) * 3600)
            for cloud in (PRODUCTION_CLOUD, SANDBOX_CLOUD)
        }
        self.store = Store()
        populate(self.store, now=self.now(), seed=settings.seed)
        self.directory = Directory(settings.seed)
        self.code_sets = CodeSets(settings.seed)
        # (client id, jti) of every assertion that was let in: none is let in twice (RFC 7523 §3).
        self.used_assertions: set[tuple[str, str]] = set()
        # jti -> resource host of the token URL, for tokens that were asked for with /hosts/X/.
        self.resource_hosts: dict[str, str] = {}
        # What lies repeat, count and put off: one id for everything, one secret for everybody, the
        # number of readings of each message, and status changes that nobody can see yet.
        self.refused_for_rotation = False
        self.one_id = str(uuid.uuid4())
        self.shared_secret = secrets.token_bytes(32)
        self.readings: Counter[str] = Counter()
        self.put_off: list[tuple[Message, Status]] = []

    def now(self) -> float:
        """POSIX seconds by the twin's own clock."""
        return time.time() + self.settings.clock_offset

    def shown(self, messages: Iterable[Message]) -> list[Message]:
        """Return the messages as readings show them now: what was just written may not show yet."""
        now = self.now()
        return [seen for one in messages if (seen := self.store.shown(one, now)) is not None]

    def write(self, message: Message, earlier: Message | None) -> None:
        """Note a write that readings show later, where the twin was asked to be like that."""
        delay = self.settings.visible_after
        if delay:
            self.store.keep_showing(message, earlier, self.now() + delay)

    def lies(self, defect: str) -> bool:
        """Whether the twin was told to tell this lie."""
        return defect in self.settings.defects

    def is_in(self, situation: str) -> bool:
        """Whether the twin was told to be in this state."""
        return situation in self.settings.situations

    def account_of(self, cloud: str, client_id: object) -> TwinAccount | None:
        """Return the account with that client id in that cloud, or None."""
        for account in self.accounts.values():
            if account.cloud_host == cloud and account.client_id == client_id:
                return account
        return None

    def anyone(self, cloud: str, tenant: str) -> TwinAccount | None:
        """Return some account of a tenant, for a server that lets in whom it does not know."""
        accounts = (a for a in self.accounts.values() if a.cloud_host == cloud)
        return next((account for account in accounts if account.tenant == tenant), None)


_ROTATION = timedelta(hours=48)
_GENERATIONS = (-1, 0, 1)  # outgoing, in use, coming
_KIND = {"P-256": ("ec.es256", "ES256"), "P-384": ("ec.es384", "ES384")}


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"


class KeyRing:
    """One cloud's keys. ``in_use_since``: POSIX seconds at which the signing generation began."""

    def __init__(self, in_use_since: float) -> None:
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
        # Some 40 ms each, and only the key set needs them: made when it is first asked for.
        return [
            RSAKey.generate_key(2048, {"kid": f"{stamp}.rsa", "use": "sig"})
            for stamp in self._stamps
        ]

    @cached_property
    def sealing(self) -> OctKey:
        """The symmetric key that encrypts tokens now; it is in no key set (contract-facts §4.1)."""
        return OctKey.generate_key(256, {"kid": f"{self._stamps[1]}.oct"}, private=True)

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
