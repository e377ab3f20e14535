"""Writes with one change: the exchanges of their error cases, and what is read after all of them.

Each function takes the exchange that proves its base: where the unchanged request does not succeed in the same run, a
refusal of the changed one says nothing.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from golive import (
    Contract,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Patience,
    Situation,
    Steps,
    ThinDataError,
    TokenClient,
    demand_accepted,
    exchange,
    json_of,
)
from suites.common.lists import identifier, identifiers
from suites.common.refusals import case_of, demand_control, demand_tried, ids_of, send_changed
from suites.messages import sending as writing
from suites.messages.lists import reminders_of, some_items
from suites.messages.recognise import answered_id
from suites.messages.status_choice import (
    MOST,
    kept_aside,
    other_entries,
    other_status,
    status_entry,
    to_answer,
)
from suites.messages.status_steps import named_in, shown_status
from suites.writes.reading import inbox_of_writing, list_since

if TYPE_CHECKING:
    from collections.abc import Mapping

TOO_MANY = "status-of-too-many-messages"
"""The error case that names different messages, as many as the inbox shows: a repeated one may be refused as such."""

BESIDE_OWN = "status-of-another-patient-beside-own"
"""The error case that names a message of another patient after one of the patient's own."""

DISALLOWED = "send-script"
"""The error case of a message with a tag that may be disallowed; which are is in no public text."""


@exchange
def refused_sending(
    row: str,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    sent_message: Exchange,
) -> Exchange:
    """A message to send with one change."""
    demand_accepted(contract, sent_message)
    case = case_of(contract, row)
    demand_tried(case, environment)  # before anything is looked up for it
    body = writing.valid_send_body(environment, f"{writing.new_subject()} {case.id}")
    request = api.request("sendMessage", body=body)
    looked_up = {"reminder": _reminder, "received": _received}
    wanted = {name: find for name, find in looked_up.items() if f"{{{name}}}" in str(case.change)}
    known = {name: find(api, environment) for name, find in wanted.items()}
    return send_changed(row, request, api, Situation.of(environment, contract, tokens, **known))


@exchange
def refused_update(
    row: str,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    status_changed: Exchange,
    status_tour: Steps,
    write_inbox: Exchange,
) -> Exchange:
    """A status update with one change, of a message that no other check changes."""
    demand_control(status_changed)
    item = writing.refused_item(write_inbox, status_tour)
    # A status that no reading gives, so that a message which has it later was changed by what was refused.
    status = other_status(item)
    if row == BESIDE_OWN and "status" in item:
        # The one that it has: whether an update is made for some of its messages is open (contract-facts §2.5).
        status = item["status"]
    body = writing.status_body(environment, item, status)
    others = other_entries(write_inbox, item, status) if row == TOO_MANY else []
    aside = {identifier(one) for one in kept_aside(some_items(write_inbox))}
    if len(others) > MOST:
        # Their versions change meanwhile, and the update would be refused for them.
        others = [one for one in others if one["id"] not in aside]
    if row == BESIDE_OWN:
        others = [_of_another(api, environment, status)]
    entries = [*body["messages"], *others]
    situation = Situation.of(environment, contract, tokens, messages=entries)
    request = api.request("updateMessageStatus", body=body)
    return send_changed(row, request, api, situation)


@partial(exchange, gathers=lambda: ("refused_sending", ids_of("send")))
def sent_items_after_refusals(
    gathered: Mapping[str, Exchange], api: MessagesApi, environment: Environment, sending: Steps
) -> Steps:
    """What the patient for writing has sent, read once after all messages that had to be refused.

    Steps `listed`, and each message that was answered by the id of its error case. They come after a message that was
    accepted and was seen, so the list has had time to show what was stored. `kept` is the message with a tag that may
    be disallowed, read by its id where it was accepted.
    """
    writing.require_writes(environment, "sendMessage", "listSentItems")
    steps = Steps(gathered)
    accepted = gathered.get(DISALLOWED)
    known = answered_id(accepted) if accepted and accepted.succeeded else None
    if known is not None and "getMessage" in environment.claims.operations:
        path = {"patientMessageId": known}
        steps["kept"] = api.call(
            "getMessage", name="the tag as it was kept", path=path, answered=True
        )
    name = "sent_items_after_refusals"
    steps["listed"] = list_since(api, environment, sending["sent"], name)
    return steps


@partial(exchange, gathers=lambda: ("refused_update", ids_of("status")))
def inbox_after_refusals(
    gathered: Mapping[str, Exchange],
    api: MessagesApi,
    environment: Environment,
    write_inbox: Exchange,
) -> Steps:
    """The inbox of the patient for writing, read once after all changes of status that had to be refused.

    Steps `before` and `listed`, and each change that was answered by the id of its error case. Where a message that one
    of them named has another status than before, it is read again for a while: two replicas may be apart.
    """
    writing.require_writes(environment, "updateMessageStatus", "listInboxItems")
    named = {one for made in gathered.values() for one in named_in(json_of(made.request))}
    before = _shown(write_inbox, named)

    def read() -> Exchange:
        return inbox_of_writing(api, environment, "inbox_after_refusals")

    patience = Patience(environment.safety.visible_within, [])  # nothing was written
    listed = patience.read(write_inbox, read, lambda made: _shown(made, named) == before)
    return Steps(gathered, before=write_inbox, listed=listed)


def _shown(inbox: Exchange, named: set[str]) -> dict[str, object]:
    """Return the statuses in which an inbox shows these messages."""
    return {one: shown_status(inbox, one) for one in named}


def _reminder(api: MessagesApi, environment: Environment) -> str:
    """Return the id of a reminder of the patient for writing; it is looked up, never changed."""
    writing.require_writes(environment, "sendMessage", "listInboxItems")
    name = "reminders of the patient for writing"
    reminders = inbox_of_writing(api, environment, name, notificationType="REMINDER")
    return identifiers(reminders, reminders_of(reminders))[0]


def _received(api: MessagesApi, environment: Environment) -> str:
    """Return the id of a message of the patient for writing that can be replied to, as far as its list says."""
    writing.require_writes(environment, "sendMessage", "listInboxItems")
    inbox = inbox_of_writing(api, environment, "messages of the patient for writing")
    found = identifiers(inbox, to_answer(some_items(inbox)))
    if not found:
        raise ThinDataError(f"{inbox.name} shows no message that can be replied to")
    return found[0]


def _of_another(api: MessagesApi, environment: Environment, status: str) -> dict[str, Any]:
    """Return what an update says of a message of another patient that has the status already.

    So a service that takes the update gives that message no other status.
    """
    other = environment.test_data.other_patient
    if other is None or other == environment.test_data.write_patient:
        raise NotClaimedError("test_data.other_patient", operation="updateMessageStatus")
    name = "inbox of another patient for a status update"
    inbox = api.call("listInboxItems", name=name, query={"patientId": other})
    found = next((one for one in some_items(inbox) if one.get("status") == status), None)
    if found is None:
        raise ThinDataError(
            f"the other patient's inbox shows no message that is {status}",
            next_step="Choose a test_data.other_patient with messages that were opened and others that were not.",
        )
    return status_entry(found)
