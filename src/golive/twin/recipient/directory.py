"""Who can receive messages in each tenant: group inboxes and personnel, the same for the same seed.

All names are invented. Every case that a validation distinguishes is there: somebody who has no configuration of the
Message Center, an inbox that takes no reminders, and somebody of another logical domain (contract-facts §2.8).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from golive.twin.names import CUSTOMER_TENANT, RECIPIENTS, SANDBOX_CLOUD_TENANT, SANDBOX_TENANT

BOTH = frozenset({"MESSAGES", "REMINDERS"})
"""The categories of messages: what an ordinary recipient can receive."""

_INBOXES = (
    "Synthetic Refills & Renewals",
    "Synthetic Laboratory (results, 24/7)",
    "Synthetische Anfragen für Ärzte",
    "Synthetic Billing: 100% of questions",
    "Synthetic O'Clock Nurses + Triage",
)
_UNCONFIGURED = ("4463021", "PERSONNEL")
_ELSEWHERE = ("4463031", "PERSONNEL")


@dataclass(frozen=True)
class Recipient:
    """Somebody in the directory; ``type`` is PERSONNEL or GROUPINBOX.

    ``receives`` holds the categories that are configured. ``domain`` is the logical domain: that of the tenant's
    patients is 1.
    """

    id: str
    type: str
    name: str
    receives: frozenset[str] = BOTH
    domain: int = 1


class Directory:
    """The recipients of every tenant."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  (reproducible data, nothing secret)
        known = [Recipient(*key, name) for key, name in RECIPIENTS.items()]
        here = [
            *known,
            *_inboxes(chance, _INBOXES),
            Recipient(*_UNCONFIGURED, "Nocenter, Una (synthetic clerk)", frozenset()),
            Recipient(*_ELSEWHERE, "Faraway, Finn (synthetic nurse)", domain=2),
        ]
        self._tenants: dict[str, list[Recipient]] = {
            SANDBOX_TENANT: here,
            CUSTOMER_TENANT: [*known, *_inboxes(chance, ("Synthetic Customer's Desk",))],
            SANDBOX_CLOUD_TENANT: known,
        }

    def inboxes(self, tenant: str) -> list[Recipient]:
        """Return the group inboxes of a tenant, by name."""
        found = [one for one in self._tenants.get(tenant, []) if one.type == "GROUPINBOX"]
        return sorted(found, key=lambda one: one.name)

    def others_inbox(self, tenant: str) -> Recipient:
        """Return a group inbox that another tenant has and this one has not."""
        other = CUSTOMER_TENANT if tenant != CUSTOMER_TENANT else SANDBOX_TENANT
        own = {one.id for one in self.inboxes(tenant)}
        return next(one for one in self.inboxes(other) if one.id not in own)

    def find(self, tenant: str, recipient_id: str, kind: str) -> Recipient | None:
        """Return the recipient of that id and type, or None."""
        for one in self._tenants.get(tenant, []):
            if (one.id, one.type) == (recipient_id, kind):
                return one
        return None

    def receives(self, tenant: str, recipient_id: str, kind: str) -> bool:
        """Whether a message may be addressed to that recipient."""
        known = self.find(tenant, recipient_id, kind)
        return known is not None and "MESSAGES" in known.receives


def _inboxes(chance: random.Random, names: tuple[str, ...]) -> list[Recipient]:
    # Numbers differ from seed to seed, so that nobody comes to rely on one.
    first = 88200 + chance.randrange(1000) * 10
    return [
        Recipient(
            str(first + number),
            "GROUPINBOX",
            name,
            BOTH if number != 1 else frozenset({"MESSAGES"}),
        )
        for number, name in enumerate(names)
    ]
