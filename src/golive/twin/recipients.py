"""POST validateRecipients: who of the named recipients can receive a category of messages (contract-facts §2.8).

It changes nothing. A recipient that does not exist is answered as not valid, the same one twice is answered once, and
the order of the answer is not that of the request (§9).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.twin.group_inboxes import BOTH
from golive.twin.http import Ask, bad_request, json_answer
from golive.twin.messages.validation import objects, read_object, required_text, text

if TYPE_CHECKING:
    from starlette.responses import Response

    from golive.twin.world import World

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
    if world.injects("validity-is-joined-by-position"):
        verdicts = dict(zip(verdicts, [verdicts[one] for one in dict.fromkeys(asked)], strict=True))
    items = [{"id": recipient, "isValid": valid} for (recipient, _), valid in verdicts.items()]
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
