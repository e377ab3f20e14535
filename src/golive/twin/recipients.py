"""Who can receive messages in each tenant: GET groupInboxes and POST validateRecipients (contract-facts §2.7, §2.8).

All names are invented, the same for the same seed. Every case that a validation distinguishes is there: somebody who
has no configuration of the Message Center, an inbox that takes no reminders, and somebody of another logical domain.
There is only ever one page of inboxes: ``limit`` is 1000, as the newer copies of the page say (§9), and no ``page`` is
known. A validation changes nothing. A recipient that does not exist is answered as not valid, the same one twice is
answered once, and the order of the answer is not that of the request (§9).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive.twin.http import Ask, Query, bad_request, json_answer
from golive.twin.messages.validation import objects, read_object, required_text, text
from golive.twin.names import CUSTOMER_TENANT, RECIPIENTS, SANDBOX_CLOUD_TENANT, SANDBOX_TENANT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from golive.twin.world import World


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

    def __init__(self, seed: int, further: Iterable[str]) -> None:
        chance = random.Random(seed)  # noqa: S311  (reproducible data, nothing secret)
        known = [Recipient(*key, name) for key, name in RECIPIENTS.items()]
        here = [
            *known,
            *_inboxes(chance, _INBOXES),
            Recipient(*_UNCONFIGURED, "Nocenter, Una (synthetic clerk)", frozenset()),
            Recipient(*_ELSEWHERE, "Faraway, Finn (synthetic nurse)", domain=2),
        ]
        self._tenants: dict[str, list[Recipient]] = {
            **dict.fromkeys(further, here),
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


def group_inboxes(world: World, ask: Ask) -> Response:
    """List group inboxes."""
    query = Query(ask.query)
    ids, name = query.many("id"), query.one("name")
    if query.one("limit") not in (None, "1000"):
        raise bad_request("limit must be 1000.")
    if query.one("page") is not None:
        raise bad_request("page is not a value of opc-next-page.")
    if ids and name is not None:
        raise bad_request("Either name or id may be given, not both.")
    inboxes = world.directory.inboxes(ask.segments[0])
    if ids and world.injects("group-inboxes-by-id-of-any-tenant"):
        found = _by_id(world, [*inboxes, world.directory.others_inbox(ask.segments[0])], ids)
    elif ids:
        found = _by_id(world, inboxes, ids)
    elif name is None:
        found = inboxes
    else:
        found = _by_name(inboxes, name)
    if world.injects("group-inboxes-are-kept-for-all-tenants"):
        found = world.kept.setdefault(ask.query, found)
    if world.injects("group-inbox-of-another-tenant"):
        found = [world.directory.others_inbox(ask.segments[0]), *found]
    return json_answer(200, {"items": [{"id": one.id, "name": one.name} for one in found]})


def _by_id(world: World, inboxes: list[Recipient], ids: list[str]) -> list[Recipient]:
    known = {one.id for one in inboxes}
    if not known & set(ids):
        if world.injects("unknown-group-inboxes-list-all"):
            return inboxes
    elif not known.issuperset(ids) and world.injects("unknown-group-inbox-refused"):
        raise bad_request("There is no such group inbox.")
    return [one for one in inboxes if one.id in ids]


def _by_name(inboxes: list[Recipient], name: str) -> list[Recipient]:
    wanted = name.strip().casefold()
    if wanted in ("", "*"):
        return inboxes
    return [one for one in inboxes if one.name.casefold() == wanted]


_MEMBERS = frozenset({"category", "patientId", "recipients"})
_KINDS = ("GROUPINBOX", "PERSONNEL")


def validate_recipients(world: World, ask: Ask) -> Response:
    """Say of each recipient whether it is valid."""
    body = read_object(world, ask, _MEMBERS)
    category = _category(body)
    patient = text(body, "patientId")
    asked = [_recipient(entry) for entry in objects(body, "recipients", required=True)]
    tenant = ask.segments[0]
    at_home = patient is None or world.store.knows(tenant, patient)
    verdicts = {
        key: at_home and _is_valid(world, tenant, key, category, for_patient=patient is not None)
        for key in sorted(set(asked))
    }
    items = [{"id": recipient, "isValid": valid} for (recipient, _), valid in verdicts.items()]
    if not all(verdicts.values()) and world.injects("one-invalid-recipient-makes-all-invalid"):
        verdicts = dict.fromkeys(verdicts, False)
        items = [{**one, "isValid": False} for one in items]
    in_order = [verdicts[key] for key in dict.fromkeys(asked)]
    for defect, turned in (
        ("verdicts-are-joined-by-place", in_order),
        ("verdicts-are-joined-from-the-end", in_order[::-1]),
    ):
        if world.injects(defect):
            items = [{**one, "isValid": it} for one, it in zip(items, turned, strict=True)]
    if world.injects("validation-names-strangers"):
        items.append({"id": "4463008", "isValid": True})
    return json_answer(200, {"items": items})


def _category(body: dict[str, Any]) -> str:
    category = required_text(body, "category")
    if category not in BOTH:
        raise bad_request(f"category must be one of {', '.join(sorted(BOTH))}.")
    return category


def _recipient(entry: dict[str, Any]) -> tuple[str, str]:
    unknown = sorted(entry.keys() - {"id", "recipientType"})
    if unknown and "recipientType" in entry:
        raise bad_request(f"recipients has members that are not known: {', '.join(unknown)}.")
    kind = required_text(entry, "recipientType")
    if kind not in _KINDS:
        raise bad_request(f"recipientType must be one of {', '.join(_KINDS)}.")
    return required_text(entry, "id"), kind


def _is_valid(
    world: World, tenant: str, key: tuple[str, str], category: str, *, for_patient: bool
) -> bool:
    known = world.directory.find(tenant, *key)
    if known is None and world.injects("validation-ignores-the-type"):
        found = (world.directory.find(tenant, key[0], kind) for kind in _KINDS)
        known = next(filter(None, found), None)
    if known is None:
        return key[1] == "GROUPINBOX" and world.injects("validation-calls-any-group-inbox-valid")
    return category in known.receives and not (for_patient and known.domain != 1)
