"""Exchanges that ask whether recipients are valid: each distinct situation once.

Nothing here needs a patient, but for the one validation that names one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    TokenClient,
    exchange,
)
from suites.common.lists import identifiers, some_items
from suites.common.other_tokens import asked_with, with_scope_alone
from suites.recipient.inboxes import *
from suites.recipient.other_tenant import *
from suites.recipient.other_tenant import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Sequence


def _validated(
    api: MessagesApi,
    environment: Environment,
    name: str,
    recipients: Sequence[tuple[str, str]],
    **members: str,
) -> Exchange:
    _demand_validation(environment)
    body = _validation_of(recipients, **members)
    return api.call("validateRecipients", name=name, body=body)


def _validation_of(recipients: Sequence[tuple[str, str]], **members: str) -> dict[str, object]:
    named = [{"id": one, "recipientType": kind} for one, kind in recipients]
    return {"category": "MESSAGES", "recipients": named, **members}


def _demand_validation(environment: Environment) -> None:
    # It is a POST, and no page says that it changes nothing.
    if "validateRecipients" not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    if not environment.may_write:
        raise NotClaimedError("safety.writes")


def _recipient(environment: Environment) -> tuple[str, str]:
    _demand_validation(environment)
    recipient = environment.test_data.recipient
    if recipient is None:
        raise NotClaimedError("test_data.recipient", operation="validateRecipients")
    if recipient.type == "EMAIL":
        raise NotClaimedError("test_data.recipient", operation="validateRecipients")
    return recipient.id, recipient.type


@partial(exchange, plain="validateRecipients")
def validation(environment: Environment, recipient_validation: Steps) -> Exchange:
    """Whether the recipient of the test data can receive messages: asked before the first message was sent."""
    _recipient(environment)
    return recipient_validation["validated"]


@exchange
def validation_of_reminders(api: MessagesApi, environment: Environment) -> Exchange:
    """Whether the recipient of the test data can receive reminders, about a patient if that is answered."""
    name, recipients = "validation_of_reminders", [_recipient(environment)]
    patient = environment.test_data.write_patient
    if patient is not None:
        about = {"category": "REMINDERS", "patientId": patient}
        made = _validated(api, environment, name, recipients, **about)
        if made.succeeded:
            return made
    return _validated(api, environment, name, recipients, category="REMINDERS")


@exchange
def strangers_validated(
    api: MessagesApi, tokens: TokenClient, environment: Environment, contract: Contract
) -> Steps:
    """Whether a member of the staff and a group inbox that do not exist can receive messages: the step `asked`.

    It is asked for with a token that has the scope of its API alone.
    """
    _demand_validation(environment)
    body = _validation_of([(UNKNOWN[0], "PERSONNEL"), (UNKNOWN[1], "GROUPINBOX")])
    request = api.request("validateRecipients", body=body)
    alone = with_scope_alone("validateRecipients", tokens, environment, contract)
    steps = Steps()
    steps["asked"] = asked_with(alone, api, request, "validation_of_a_stranger", steps)
    return steps


@exchange
def validation_of_a_stranger(strangers_validated: Steps) -> Exchange:
    """Whether a member of the staff and a group inbox that do not exist can receive messages."""
    return strangers_validated["asked"]


@exchange
def validation_of_a_mix(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """The recipient of the test data, two group inboxes and somebody who does not exist, in one request.

    The last is neither first nor last nor in the middle, and so at another place among sorted ids, and among reversed
    ones: an answer that joins ids and verdicts by their places calls somebody else unknown.
    """
    ids = identifiers(group_inboxes, some_items(group_inboxes))[:2]
    known = [*((one, "GROUPINBOX") for one in ids), _recipient(environment)]
    recipients = dict.fromkeys([known[0], (UNKNOWN[0], "PERSONNEL"), *known[1:]])
    return _validated(api, environment, "validation_of_a_mix", list(recipients))


@exchange
def validation_of_other_types(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """Group inboxes and the recipient of the test data, each under the type that it is not."""
    one, kind = _recipient(environment)
    ids = identifiers(group_inboxes, some_items(group_inboxes))
    other = {"PERSONNEL": "GROUPINBOX", "GROUPINBOX": "PERSONNEL"}[kind]
    strangers = [(found, "PERSONNEL") for found in ids[:2] if found != one]
    return _validated(api, environment, "validation_of_other_types", [*strangers, (one, other)])


@exchange
def validation_for_a_patient(
    api: MessagesApi, environment: Environment, validation_of_reminders: Exchange
) -> Exchange:
    """Whether the recipient of the test data can receive messages, or reminders, about the patient for writing."""
    recipients = [_recipient(environment)]
    patient = environment.test_data.write_patient
    if patient is None:
        raise NotClaimedError("test_data.write_patient", operation="validateRecipients")
    if "patientId" in json.loads(validation_of_reminders.request.body):
        with suppress(CouldNotTellError):
            if all(item.get("isValid") is True for item in some_items(validation_of_reminders)):
                return validation_of_reminders
    return _validated(api, environment, "validation_for_a_patient", recipients, patientId=patient)
