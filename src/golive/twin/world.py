"""All that the twin knows at one moment: clock, keys, accounts, messages, and which defects to inject.

Every request is handled between two awaits of one event loop, so nothing here needs a lock.
"""

from __future__ import annotations

import random
import secrets
import time
import uuid
from collections import Counter
from typing import TYPE_CHECKING, Any

from golive.twin.accounts import TwinAccount, register_accounts
from golive.twin.code_values import CodeSets
from golive.twin.defects import DEFECTS
from golive.twin.keys import KeyRing
from golive.twin.names import PRODUCTION_CLOUD, SANDBOX_CLOUD, TENANTS, further_tenants
from golive.twin.population import populate, populate_further
from golive.twin.recipients import Directory
from golive.twin.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from golive.twin.defects import Settings
    from golive.twin.store import Message, Status


class World:
    """The state behind one running twin. ``address`` is its base URL, without a final slash."""

    def __init__(self, settings: Settings, address: str) -> None:
        self.settings = settings
        self._injected = {name: name in settings.defects for name in DEFECTS}
        self.address = address
        self.further = further_tenants(settings.tenants, settings.seed)
        self.tenants = {
            **TENANTS,
            PRODUCTION_CLOUD: TENANTS[PRODUCTION_CLOUD] | {*self.further.values()},
        }
        self.accounts: dict[str, TwinAccount] = register_accounts(
            settings.accounts_seed, self.further
        )
        # The rest of a rotation that has passed differs between clouds and seeds, as in real life.
        chance = random.Random(settings.seed)  # noqa: S311  (reproducible data, nothing secret)
        self.keys = {
            cloud: KeyRing(cloud, self.now() - chance.uniform(4, 40) * 3600)
            for cloud in (PRODUCTION_CLOUD, SANDBOX_CLOUD)
        }
        self.store = Store()
        populate(self.store, now=self.now(), seed=settings.seed)
        self._empty = {tenant: number for number, tenant in enumerate(self.further.values(), 1)}
        self.directory = Directory(settings.seed, self.further.values())
        self.code_sets = CodeSets(settings.seed, {*self._empty}.union(*TENANTS.values()))
        # (client id, jti) of every assertion that was let in: none is let in twice (RFC 7523 §3).
        self.used_assertions: set[tuple[str, str]] = set()
        # What a scenario has let expire (tokens), taken away (the ids of keys) and not yet loaded.
        self.expired: set[str] = set()
        self.dropped: set[str | None] = set()
        self.refuses_next_key = False
        self.behind = 0.0  # seconds by which the clock of the authorization server is behind
        # jti -> resource host of the token URL, for tokens that were asked for with /hosts/X/.
        self.resource_hosts: dict[str, str] = {}
        # What defects repeat, count and put off: one id for everything, one secret for everybody, the
        # number of readings of each message, and status changes that nobody can see yet.
        self.one_id = str(uuid.uuid4())
        self.shared_secret = secrets.token_bytes(32)
        self.readings: Counter[str] = Counter()
        self.askings: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self.messages_read = 0
        self.statuses_read: dict[str, str] = {}
        self.messages_sent = 0
        self.sendings = 0  # that a defect has under way at the same time
        self.default_zone = "UTC"
        self.tokens_granted = 0
        self.newest: dict[str, str] = {}  # client id -> jti of the token that it was granted last
        self.stored: dict[tuple[str, tuple[tuple[str, str], ...]], bytes] = {}  # URL -> answer
        self.kept: dict[object, Any] = {}  # what defects keep of one request for later ones
        # What defects remember: the tokens that were let in, the URLs and the clients that were refused (until when).
        self.let_in: set[str] = set()
        self.admitted = 0
        self.refused: dict[object, float] = {}
        self.first_tokens: dict[
            tuple[str, tuple[str, ...]], str
        ] = {}  # tenant, scopes -> its first token
        self.taken: set[str] = set()  # header and claims of each token whose signature was verified
        self.key_sets_read = 0
        self.put_off: list[tuple[Message, Status]] = []
        self.updates = 0  # changes of status that were asked for
        # The number of an update, a message that it changed, and how it was: what is written back later by a defect.
        self.undoing: list[tuple[int, Message, Message]] = []
        self.fleeting: dict[
            str, Status
        ] = {}  # message id -> what a change that is shown once goes back to

    def open_tenant(self, tenant: str) -> None:
        """Let people move into a further tenant before it is asked for the first time: 500 at once would take long."""
        number = self._empty.pop(tenant, None)
        if number is not None:
            populate_further(self.store, tenant, number, now=self.now(), seed=self.settings.seed)

    def now(self) -> float:
        """POSIX seconds by the twin's own clock."""
        return time.time() + self.settings.clock_offset

    def now_at_cloud(self) -> float:
        """POSIX seconds by the clock of the authorization server, which may be behind on a bad day."""
        return self.now() - self.behind

    def shown(self, messages: Iterable[Message]) -> list[Message]:
        """Return the messages as readings show them now: what was just written may not show yet."""
        now = self.now()
        return [seen for one in messages if (seen := self.store.shown(one, now)) is not None]

    def write(self, message: Message, earlier: Message | None) -> None:
        """Note a write that readings show later, where the twin was asked to be like that."""
        delay = self.settings.visible_after
        if delay:
            self.store.keep_showing(message, earlier, self.now() + delay)

    def has_expired(self, token: str) -> bool:
        """Whether a scenario has let this token expire early."""
        return token in self.expired

    def refuses_key(self, kid: Any) -> bool:
        """Whether the API lacks the key of this id on a bad day, for good or for this request alone."""
        refuses, self.refuses_next_key = self.refuses_next_key, False
        return refuses or kid in self.dropped

    def injects(self, defect: str) -> bool:
        """Whether the twin injects this defect; raises KeyError for one that is not listed."""
        return self._injected[defect]

    def injects_at_third_token(self, defect: str) -> bool:
        """Whether the twin injects this defect, which shows in every third token alone, now."""
        return self.tokens_granted % 3 == 0 and self.injects(defect)

    def injects_any(self, conditions: Mapping[str, bool]) -> bool:
        """Whether the twin injects one of these defects whose condition holds."""
        return any(holds and self.injects(name) for name, holds in conditions.items())

    def changes(self, by_defect: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
        """Return what those of these defects that are injected change, by the names of members."""
        injected = (change for name, change in by_defect.items() if self.injects(name))
        return {name: value for change in injected for name, value in change.items()}

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
