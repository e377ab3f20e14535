"""Who may send to whom (contract-facts §2.4, in its newest generation).

The sender is the patient. Recipients are PERSONNEL or GROUPINBOX, or one single EMAIL address,
which can't be mixed with the others over recipients and carbon copies together.
"""

from __future__ import annotations

import re
from typing import Any

from golive.twin.bodies import objects, required_text
from golive.twin.names import RECIPIENTS
from golive.twin.service_errors import bad_request
from golive.twin.store import Participant

_KINDS = ("PERSONNEL", "GROUPINBOX", "EMAIL")
_ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def read_sender(body: dict[str, Any], patient_id: str) -> Participant:
    """Return the sender, who must be the patient as a PERSON."""
    value = body.get("messageSender")
    if not isinstance(value, dict):
        raise bad_request("messageSender is required.", "MissingParameter")
    sender = Participant(required_text(value, "id"), required_text(value, "type"))
    if sender.type != "PERSON":
        raise bad_request("messageSender must be of type PERSON.")
    if sender.id != patient_id:
        raise bad_request("messageSender must be the patient.")
    return sender


def read_recipients(
    body: dict[str, Any],
) -> tuple[tuple[Participant, ...], tuple[Participant, ...]]:
    """Return recipients (at least one) and carbon copies."""
    if body.get("recipients") is None:
        raise bad_request("recipients is required.", "MissingParameter")
    recipients = _read(body, "recipients")
    copies = _read(body, "carbonCopyRecipients")
    if not recipients:
        raise bad_request("recipients must name at least one recipient.")
    everyone = (*recipients, *copies)
    addresses = [one for one in everyone if one.type == "EMAIL"]
    if addresses and len(addresses) < len(everyone):
        raise bad_request("EMAIL can't be mixed with other types of recipients.")
    if len(addresses) > 1:
        raise bad_request("Only one EMAIL address is allowed over recipients and carbon copies.")
    return recipients, copies


def _read(body: dict[str, Any], name: str) -> tuple[Participant, ...]:
    return tuple(_recipient(entry, name) for entry in objects(body, name))


def _recipient(entry: dict[str, Any], name: str) -> Participant:
    participant = Participant(required_text(entry, "id"), required_text(entry, "type"))
    if participant.type not in _KINDS:
        raise bad_request(f"the type of {name} must be one of {', '.join(_KINDS)}.")
    if participant.type == "EMAIL":
        if not _ADDRESS.fullmatch(participant.id):
            raise bad_request(f"{name} has an EMAIL that is not an address.")
    elif (participant.id, participant.type) not in RECIPIENTS:
        raise bad_request(f"{name} names a recipient that is not known.")
    return participant
