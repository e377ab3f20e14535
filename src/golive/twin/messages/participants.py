"""Who may send to whom (contract-facts §2.4, in its newest generation).

The sender is the patient. Recipients are PERSONNEL or GROUPINBOX, or one single EMAIL address,
which can't be mixed with the others over recipients and carbon copies together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from golive.twin.messages.validation import objects, required_text
from golive.twin.service_errors import bad_request
from golive.twin.store import Participant

if TYPE_CHECKING:
    from golive.twin.world import World

_KINDS = ("PERSONNEL", "GROUPINBOX", "EMAIL")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def read_sender(world: World, body: dict[str, Any], patient_id: str) -> Participant:
    """Return the sender, who must be the patient as a PERSON."""
    value = body.get("messageSender")
    if value is None and world.injects("send-without-sender-accepted"):
        return Participant(patient_id, "PERSON")
    if not isinstance(value, dict):
        raise bad_request("messageSender is required.", "MissingParameter")
    sender = Participant(required_text(value, "id"), required_text(value, "type"))
    if sender.type != "PERSON" and not world.injects("sender-of-any-type-accepted"):
        raise bad_request("messageSender must be of type PERSON.")
    if sender.id != patient_id:
        raise bad_request("messageSender must be the patient.")
    return sender


def read_recipients(
    world: World,
    tenant: str,
    body: dict[str, Any],
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """Return recipients (at least one) and carbon copies."""
    if body.get("recipients") is None:
        if world.injects("send-without-recipients-accepted"):
            return (), ()
        raise bad_request("recipients is required.", "MissingParameter")
    recipients = _read(world, tenant, body, "recipients")
    copies = _read(world, tenant, body, "carbonCopyRecipients")
    if not recipients and not world.injects("send-to-nobody-accepted"):
        raise bad_request("recipients must name at least one recipient.")
    _check_addresses(world, recipients, copies)
    if copies and world.injects("copies-refused"):
        raise bad_request("carbonCopyRecipients can't be used.")
    return recipients, () if world.injects("copies-are-lost") else copies


def _check_addresses(
    world: World, recipients: tuple[Participant, ...], copies: tuple[Participant, ...]
) -> None:
    everyone = (*recipients, *copies)
    addresses = [one for one in everyone if one.type == "EMAIL"]
    if addresses and world.injects("email-recipient-refused"):
        raise bad_request("EMAIL is not a type of recipients.")
    if addresses and len(addresses) < len(everyone):
        within = any(one.type == "EMAIL" for one in recipients)
        if within and world.injects("email-mixed-with-others-accepted"):
            return
        if not within and world.injects("email-as-copy-accepted"):
            return
        raise bad_request("EMAIL can't be mixed with other types of recipients.")
    if len(addresses) > 1 and not world.injects("two-emails-accepted"):
        raise bad_request("Only one EMAIL address is allowed over recipients and carbon copies.")


def _read(world: World, tenant: str, body: dict[str, Any], name: str) -> tuple[Participant, ...]:
    return tuple(_recipient(world, tenant, entry, name) for entry in objects(body, name))


def _recipient(world: World, tenant: str, entry: dict[str, Any], name: str) -> Participant:
    if "type" not in entry and world.injects("recipient-without-type-accepted"):
        entry = {**entry, "type": "PERSONNEL"}
    participant = Participant(required_text(entry, "id"), required_text(entry, "type"))
    if participant.type == "PERSON" and world.injects("person-as-recipient-accepted"):
        return participant
    if participant.type not in _KINDS:
        raise bad_request(f"the type of {name} must be one of {', '.join(_KINDS)}.")
    if participant.type == "EMAIL":
        if not _ADDRESS.fullmatch(participant.id):
            raise bad_request(f"{name} has an EMAIL that is not an address.")
    elif not world.directory.receives(tenant, participant.id, participant.type):
        raise bad_request(f"{name} names a recipient that is not known.")
    return participant
