"""All that the twin knows at one moment: clock, keys, accounts, messages, and which lies to tell.

Every request is handled between two awaits of one event loop, so nothing here needs a lock.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from golive.twin.accounts import TwinAccount, register_accounts
from golive.twin.keys import KeyRing
from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD
from golive.twin.population import populate
from golive.twin.store import Store

if TYPE_CHECKING:
    from golive.twin.settings import Settings


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
        # (client id, jti) of every assertion that was let in: none is let in twice (RFC 7523 §3).
        self.used_assertions: set[tuple[str, str]] = set()
        # jti -> resource host of the token URL, for tokens that were asked for with /hosts/X/.
        self.resource_hosts: dict[str, str] = {}

    def now(self) -> float:
        """POSIX seconds by the twin's own clock."""
        return time.time() + self.settings.clock_offset

    def lies(self, defect: str) -> bool:
        """Whether the twin was told to tell this lie."""
        return defect in self.settings.defects

    def account_of(self, cloud: str, client_id: object) -> TwinAccount | None:
        """Return the account with that client id in that cloud, or None."""
        for account in self.accounts.values():
            if account.cloud_host == cloud and account.client_id == client_id:
                return account
        return None
