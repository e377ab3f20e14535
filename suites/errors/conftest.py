"""Refused requests of the token endpoint, and those that would write messages: what succeeds, and its one change.

Each function takes the exchange that proves its base: where the unchanged request does not succeed in the
same run, a refusal of the changed one says nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from golive import (
    Basis,
    Contract,
    Environment,
    ErrorCase,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Situation,
    Steps,
    ThinDataError,
    TokenClient,
    by_cookies,
    changed,
    demand_accepted,
    exchange,
    instant,
    pairs_of,
    with_pairs,
)
from suites.common.lists import identifier, identifiers
from suites.common.refusals import (
    case_of,
    demand_control,
    demand_thorough,
    demand_tried,
    ids_of,
    named_operation,
    send_changed,
)
from suites.messages import sending as writing
from suites.messages.lists import some_items
from suites.messages.status_choice import (
    MOST,
    kept_aside,
    other_entries,
    other_status,
    status_entry,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

TOO_MANY = "status-of-too-many-messages"
"""The error case that names different messages, as many as the inbox shows: a repeated one may be refused as such."""

BESIDE_OWN = "status-of-another-patient-beside-own"
"""The error case that names a message of another patient after one of the patient's own."""

IN_OTHER_CASE = "send-script-in-other-case"
DISALLOWED = "send-script"
"""The error case of a message with a tag that may be disallowed; which are is in no public text."""


@exchange
def refused_token(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    token_granted: Exchange,
) -> Exchange:
    """A token request with one change."""
    demand_control(token_granted)
    case = case_of(contract, row)
    _demand_bound(case, environment.token.url, environment)
    demand_tried(case, environment)
    request = changed(
        case, tokens.request(environment.main_account), Situation.of(environment, contract, tokens)
    )
    return tokens.send(request, case.id)


@exchange
def refused_assertion(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    granted_by_assertion: Exchange,
) -> Exchange:
    """A token request with a signed assertion and one change."""
    return _spoilt(row, "private_key_jwt", granted_by_assertion, tokens, environment, contract)


@exchange
def refused_rsa_assertion(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    granted_by_rsa_assertion: Exchange,
) -> Exchange:
    """A token request with an assertion that the RSA key's account makes, and one change."""
    name = "private_key_jwt_rsa"
    return _spoilt(row, name, granted_by_rsa_assertion, tokens, environment, contract)


def _spoilt(
    row: str,
    name: str,
    granted: Exchange,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Exchange:
    demand_control(granted)
    case = case_of(contract, row)
    account = environment.account(name)
    _demand_bound(case, account.token_url, environment)
    demand_tried(case, environment)
    situation = Situation.of(environment, contract, tokens, granted=granted, account=name)
    request = changed(case, tokens.request(account), situation)
    return tokens.send(request, case.id)


@partial(exchange, control=named_operation)
def by_cookie(
    operation: str, control: Exchange, api: MessagesApi, environment: Environment
) -> Steps:
    """The plain request of an operation with the cookies that its answer set, if any, in place of the token."""
    demand_control(control)
    request = by_cookies(control)
    if request is None:
        return Steps()
    if request.method not in {"GET", "HEAD"} and not environment.may_write:
        raise NotClaimedError("safety.writes")
    return Steps(asked=api.send(request, f"{operation} by cookie"))


@partial(exchange, control=named_operation)
def asked_after_success(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    environment: Environment,
) -> Steps:
    """The plain request of an operation, and at once the same without a token.

    Steps `given`, `asked` and, where that succeeded, `elsewhere`: without a token at a URL that nobody has asked.
    """
    demand_thorough(environment)
    demand_control(control)
    request = api.renewed(control.request)
    bare = replace(request, headers=request.headers.without("Authorization"))
    steps = Steps(given=api.send(request, f"{operation} once more"))
    steps["asked"] = api.send(bare, f"{operation} right after it, without a token")
    if steps["asked"].succeeded:
        unasked = with_pairs(bare, [*pairs_of(bare), ("golive", uuid.uuid4().hex)])
        steps["elsewhere"] = api.send(unasked, f"{operation} elsewhere, without a token")
    return steps


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
    body = writing.valid_send_body(environment, f"{writing.new_subject()} {case.id}")
    request = api.request("sendMessage", body=body)
    known = {"reminder": _reminder(api, environment)} if "{reminder}" in str(case.change) else {}
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
    aside = kept_aside(some_items(write_inbox))
    if aside is not None and len(others) > MOST:
        # Its versions change meanwhile, and the update would be refused for them.
        others = [one for one in others if one["id"] != identifier(aside)]
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
    patient = writing.require_writes(environment, "sendMessage", "listSentItems")
    since = instant(sending["sent"].sent_at - writing.JUST_BEFORE)
    query = {"patientId": patient, "createDateTimeGreaterThanOrEqualTo": since}
    steps = Steps(gathered)
    accepted = gathered.get(DISALLOWED)
    known = writing.answered_id(accepted) if accepted and accepted.succeeded else None
    if known is not None and "getMessage" in environment.claims.operations:
        path = {"patientMessageId": known}
        steps["kept"] = api.call(
            "getMessage", name="the tag as it was kept", path=path, answered=True
        )
    steps["listed"] = api.call("listSentItems", name="sent_items_after_refusals", query=query)
    return steps


@partial(exchange, gathers=lambda: ("refused_update", ids_of("status")))
def inbox_after_refusals(
    gathered: Mapping[str, Exchange],
    api: MessagesApi,
    environment: Environment,
    write_inbox: Exchange,
) -> Steps:
    """The inbox of the patient for writing, read once after all changes of status that had to be refused.

    Steps `before` and `listed`, and each change that was answered by the id of its error case.
    """
    patient = writing.require_writes(environment, "updateMessageStatus", "listInboxItems")
    listed = api.call("listInboxItems", name="inbox_after_refusals", query={"patientId": patient})
    return Steps(gathered, before=write_inbox, listed=listed)


def _reminder(api: MessagesApi, environment: Environment) -> str:
    """Return the id of a reminder of the patient for writing; it is looked up, never changed."""
    patient = writing.require_writes(environment, "sendMessage", "listInboxItems")
    query = {"patientId": patient, "notificationType": "REMINDER"}
    reminders = api.call("listInboxItems", name="reminders of the patient for writing", query=query)
    return identifiers(reminders, some_items(reminders))[0]


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


def _demand_bound(case: ErrorCase, token_url: str, environment: Environment) -> None:
    """Ask no server but Oracle's for what Oracle documents, or was seen to answer."""
    token = replace(environment.token, url=token_url)
    if case.basis not in (Basis.STANDARD, Basis.OWN) and not token.is_oracles:
        raise NotClaimedError("token.server")
