"""Exchanges of messages right after one another: what one of them has is not what the next one is kept with."""

from __future__ import annotations

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    demand_accepted,
    exchange,
)
from suites.common.refusals import demand_thorough
from suites.messages import sending as writing
from suites.messages.recognise import answered_id
from suites.writes.reading import read_back
from suites.writes.replies import COPIES


@exchange
def sent_after_copies(
    api: MessagesApi, environment: Environment, contract: Contract, sent_message: Exchange
) -> Steps:
    """A message with a copy, and at once one without: `copied`, `plain`, and both as they are `shown` and `read`."""
    demand_thorough(environment)
    writing.require_writes(environment, "sendMessage", "getMessage")
    demand_accepted(contract, sent_message)
    copy = environment.test_data.copy_recipient
    if copy is None:
        raise NotClaimedError("test_data.copy_recipient")
    members = {COPIES: [{"id": copy.id, "type": copy.type}]}
    steps = Steps(
        copied=writing.send_message(api, environment, "sent_after_copies: copied", members=members)
    )
    steps["plain"] = writing.send_message(api, environment, "sent_after_copies: plain")
    patience = writing.patience_of(api, environment)
    for step, sent in (("shown", steps["copied"]), ("read", steps["plain"])):
        known = answered_id(sent)
        if not sent.succeeded or known is None:
            raise CouldNotTellError(
                f"of a message with a copy and one without, {sent.name} was answered {sent.status} without an id",
                unsettled_shape=True,
            )
        steps[step] = read_back(api, patience, f"sent_after_copies: {step}", known, sent)
    return steps
