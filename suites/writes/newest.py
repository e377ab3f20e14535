"""Exchanges of what only the newest generation takes: an e-mail address, and a time zone."""

from __future__ import annotations

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    demand_accepted,
    exchange,
)
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.recognise import answered_id
from suites.writes.reading import read_back

ADDRESS = "nobody@example.org"
"""An address of a domain that is reserved for examples: mail to it reaches nobody (RFC 2606 §3)."""

CALLERS_ID = "golive_Sending-01"
"""The caller's own id of two requests, each with a message of its own: no page says that it makes one of them."""

TIME_ZONE = "Asia/Kathmandu"
"""A zone that is neither UTC nor the system's zone by chance, has no summer time, and has quarters of an hour."""

LONG_ZONE = "America/Argentina/Buenos_Aires"
"""A zone whose name has three parts, and no summer time."""


@exchange
def sent_to_address(
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
    sent_message: Exchange,
    sent_from_zone: Exchange,
) -> Exchange:
    """A message to one e-mail address, and without a time zone, after one that said its own."""
    _demand_newest(environment)
    demand_accepted(contract, sent_message)
    recipients = [{"id": ADDRESS, "type": "EMAIL"}]
    headers = {"opc-request-id": CALLERS_ID}
    return writing.send_message(
        api, environment, "sent_to_address", members={"recipients": recipients}, headers=headers
    )


@exchange
def sent_from_zone(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Exchange:
    """A message that says in which time zone it was created."""
    _demand_newest(environment)
    demand_accepted(contract, sent_message)
    zone = {"oh-content-time-zone": TIME_ZONE, "opc-request-id": CALLERS_ID}
    return writing.send_message(api, environment, "sent_from_zone", headers=zone)


@exchange
def shown_in_zone(api: MessagesApi, environment: Environment, sent_from_zone: Exchange) -> Exchange:
    """The message that said its time zone, read by the id that its answer gives."""
    writing.require_writes(environment, "getMessage")
    known = answered_id(sent_from_zone)
    if not sent_from_zone.succeeded or known is None:
        raise CouldNotTellError(
            "the message with a time zone was answered without an id to read it by",
            unsettled_shape=True,
        )
    patience = writing.patience_of(api, environment)
    return read_back(api, patience, "shown_in_zone", known, sent_from_zone)


@exchange
def shown_without_zone(
    api: MessagesApi, environment: Environment, sent_from_zone: Exchange, sent_to_address: Exchange
) -> Exchange:
    """The message to an address, which said no time zone after another had, read by the id that its answer gives."""
    demand_thorough(environment)
    writing.require_writes(environment, "getMessage")
    known = answered_id(sent_to_address)
    if not sent_from_zone.succeeded or not sent_to_address.succeeded or known is None:
        raise CouldNotTellError(
            "of a message with a time zone and one without after it, not both were answered with an id",
            unsettled_shape=True,
        )
    patience = writing.patience_of(api, environment)
    return read_back(api, patience, "shown_without_zone", known, sent_to_address)


def _demand_newest(environment: Environment) -> None:
    if environment.claims.generation != "new":
        raise NotClaimedError("claims.generation")
