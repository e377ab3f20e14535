"""Exchanges that list group inboxes and ask whether recipients are valid: each distinct situation once.

Nothing here needs a patient, but for the one validation that names one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    ThinDataError,
    exchange,
)
from suites.common.lists import identifiers, member, some_items
from suites.common.refusals import demand_thorough
from suites.recipient.other_tenant import *
from suites.recipient.other_tenant import SEVERAL, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


LIMIT = "1000"

ODD_NAME = "golive & twin: 100% \u00fc\u00df / \u65e5\u672c\u8a9e '?' +" * 8
"""A name that no group inbox has: any type of character is allowed, and any number of them."""

CALLERS_ID = "golive_Recipients-01"


def _inboxes(
    api: MessagesApi, environment: Environment, called: str, /, **query: str | Iterable[str]
) -> Exchange:
    if "listGroupInboxes" not in environment.claims.operations:
        raise NotClaimedError("claims.operations")
    return api.call("listGroupInboxes", name=called, query=query)


def _names(listed: Exchange) -> list[str]:
    return [str(member(listed, item, "name")) for item in some_items(listed) if "name" in item]


# ---- group inboxes ------------------------------------------------------------------------------------------


@partial(exchange, plain="listGroupInboxes")
def group_inboxes(api: MessagesApi, environment: Environment) -> Exchange:
    """All group inboxes: neither a name nor an id is asked for."""
    return _inboxes(api, environment, "group_inboxes")


@exchange
def group_inboxes_by_asterisk(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by an asterisk as name, with the one documented limit if that is answered."""
    name = "group_inboxes_by_asterisk"
    made = _inboxes(api, environment, name, name="*", limit=LIMIT)
    return made if made.succeeded else _inboxes(api, environment, name, name="*")


@exchange
def group_inboxes_by_blanks(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by blanks as name."""
    return _inboxes(api, environment, "group_inboxes_by_blanks", name="   ")


@exchange
def group_inboxes_spelled_out(
    api: MessagesApi, environment: Environment, group_inboxes_by_asterisk: Exchange
) -> Exchange:
    """All group inboxes with the one documented limit."""
    if ("limit", LIMIT) in group_inboxes_by_asterisk.request.query:
        return group_inboxes_by_asterisk
    return _inboxes(api, environment, "group_inboxes_spelled_out", limit=LIMIT)


@exchange
def group_inbox_by_name(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """The group inbox that is listed first, by its own name."""
    names = _names(group_inboxes)
    if not names:
        raise ThinDataError("group_inboxes shows no name, so none can be searched for")
    return _inboxes(api, environment, "group_inbox_by_name", name=names[0])


@exchange
def group_inboxes_by_odd_name(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes by a name of 272 letters, signs and ideographs."""
    return _inboxes(api, environment, "group_inboxes_by_odd_name", name=ODD_NAME)


@exchange
def group_inboxes_by_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """Several of the listed group inboxes but not the first, by their ids in the reverse order."""
    ids = identifiers(group_inboxes, some_items(group_inboxes))
    several = ids[1 : SEVERAL + 1] or ids
    return _inboxes(api, environment, "group_inboxes_by_id", id=several[::-1])


@exchange
def group_inboxes_with_unknown_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """A listed group inbox and one that does not exist, by their ids."""
    known = identifiers(group_inboxes, some_items(group_inboxes))[0]
    return _inboxes(api, environment, "group_inboxes_with_unknown_id", id=[UNKNOWN[0], known])


@exchange
def group_inboxes_of_unknown_ids(api: MessagesApi, environment: Environment) -> Exchange:
    """Group inboxes that do not exist, by their ids."""
    return _inboxes(api, environment, "group_inboxes_of_unknown_ids", id=UNKNOWN)


@exchange
def group_inboxes_with_request_id(
    api: MessagesApi, environment: Environment, group_inboxes: Exchange
) -> Exchange:
    """All group inboxes, asked for with the caller's own opc-request-id and the documented charset."""
    demand_thorough(environment)
    headers = group_inboxes.request.headers.with_("opc-request-id", CALLERS_ID)
    headers = headers.with_("accept-charset", "UTF-8")
    return api.send(
        replace(group_inboxes.request, headers=headers), "group_inboxes_with_request_id"
    )


# ---- validation ---------------------------------------------------------------------------------------------


def _validated(
    api: MessagesApi,
    environment: Environment,
    name: str,
    recipients: Sequence[tuple[str, str]],
    **members: str,
) -> Exchange:
    _demand_validation(environment)
    named = [{"id": one, "recipientType": kind} for one, kind in recipients]
    body = {"category": "MESSAGES", "recipients": named, **members}
    return api.call("validateRecipients", name=name, body=body)


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
def validation_of_a_stranger(api: MessagesApi, environment: Environment) -> Exchange:
    """Whether a member of the staff and a group inbox that do not exist can receive messages."""
    recipients = [(UNKNOWN[0], "PERSONNEL"), (UNKNOWN[1], "GROUPINBOX")]
    return _validated(api, environment, "validation_of_a_stranger", recipients)


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
