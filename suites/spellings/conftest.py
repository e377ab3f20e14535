"""Requests in other spellings that mean the same, one chain for each operation."""

from __future__ import annotations

from functools import partial

from golive import (
    Contract,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Request,
    Steps,
    demand_accepted,
    exchange,
    is_spread_to,
)
from suites.common.refusals import demand_control, demand_thorough, named_operation
from suites.messages import sending as writing
from suites.spellings.heads import asked_by_head
from suites.spellings.spellings import asked_otherwise


def _demand_tried(operation: str, environment: Environment, contract: Contract) -> None:
    """Raise NotClaimedError for an operation that the run leaves out, as it spreads rules over them."""
    if not is_spread_to(contract.operations[operation], contract.folder):
        demand_thorough(environment)


@partial(exchange, control=named_operation)
def respelled(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation in other spellings."""
    _demand_tried(operation, environment, contract)
    demand_control(control)
    if control.request.method not in {"GET", "HEAD"} and not environment.may_write:
        raise NotClaimedError("safety.writes")
    described = contract.operations[operation]
    return asked_otherwise(control, described, partial(api.renewed, control.request), api.send)


@partial(exchange, control=named_operation)
def respelled_further(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation that reads in the spellings that change what others change, too."""
    demand_thorough(environment)
    demand_control(control)
    described = contract.operations[operation]
    make = partial(api.renewed, control.request)
    return asked_otherwise(control, described, make, api.send, further=True)


@partial(exchange, control=named_operation)
def read_by_head(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation that reads, by HEAD."""
    demand_thorough(environment)
    demand_control(control)
    return asked_by_head(control, partial(api.renewed, control.request), api.send)


@exchange
def sent_respelled(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Steps:
    """A plain message, sent in other spellings."""
    writing.require_writes(environment, "sendMessage")
    _demand_tried("sendMessage", environment, contract)
    demand_accepted(contract, sent_message)

    def make() -> Request:
        return api.request("sendMessage", body=writing.valid_send_body(environment))

    described = contract.operations["sendMessage"]
    return asked_otherwise(sent_message, described, make, api.send)
