"""Writes by an account of another test tenant, under the path of its own, that name what this tenant has."""

from __future__ import annotations

from functools import partial

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    TokenClient,
    exchange,
)
from suites.common.refusals import demand_control, demand_thorough
from suites.messages import sending as writing
from suites.messages.others import in_another_tenant
from suites.messages.status_choice import other_status
from suites.writes.reading import inbox_of_writing, list_since


@exchange
def written_in_another_tenant(
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    sending: Steps,
    status_changed: Exchange,
    status_tour: Steps,
    write_inbox: Exchange,
) -> Steps:
    """A message for the patient for writing (`sent`), and a change of one of that patient's messages (`changed`).

    Both are asked for by another tenant's account at its own path, and only where that tenant is listed as a test
    tenant, too: it may have a patient or a message of the same id. No other check changes that message.
    """
    demand_thorough(environment)
    writing.require_writes(environment, "sendMessage", "updateMessageStatus", "listSentItems")
    account = environment.claims.accounts.get("other_tenant")
    if account is None:
        raise NotClaimedError("claims.accounts.other_tenant")
    if account.tenant not in environment.safety.test_tenants:
        raise NotClaimedError("safety.test_tenants")
    demand_control(sending["sent"])
    demand_control(status_changed)
    item = writing.refused_item(write_inbox, status_tour)
    bodies = {
        "sent": ("sendMessage", writing.valid_send_body(environment)),
        "changed": (
            "updateMessageStatus",
            writing.status_body(environment, item, other_status(item)),
        ),
    }
    steps = Steps()
    for step, (operation, body) in bodies.items():
        request = in_another_tenant(api.request(operation, body=body), tokens, environment)
        steps[step] = api.send(request, f"written_in_another_tenant: {step}")
    return steps


@partial(exchange, last=True)
def after_another_tenants_writes(
    api: MessagesApi, environment: Environment, written_in_another_tenant: Steps
) -> Steps:
    """Sent items and inbox of the patient for writing when the run ends, beside `sent` and `changed`.

    Steps `listed` (from just before the message) and `inbox`.
    """
    steps = Steps(written_in_another_tenant)
    name = "after_another_tenants_writes"
    steps["listed"] = list_since(api, environment, steps["sent"], f"{name}: listed")
    steps["inbox"] = inbox_of_writing(api, environment, f"{name}: inbox")
    return steps
