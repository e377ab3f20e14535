"""Exchanges that read what another patient, or another tenant, may have."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from golive import (
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Steps,
    TokenClient,
    claimed_data,
    exchange,
    in_tenant,
    with_pairs,
)
from suites.common.other_tokens import authorized
from suites.common.refusals import demand_control, demand_thorough
from suites.messages.reading import read_inbox, read_sent_items

if TYPE_CHECKING:
    from golive import Request


@exchange
def empty_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of a patient who has received nothing."""
    return read_inbox(api, environment, "empty_inbox", "empty_patient")


@exchange
def other_inbox(api: MessagesApi, environment: Environment) -> Exchange:
    """The inbox of another patient."""
    return read_inbox(api, environment, "other_inbox", "other_patient")


@exchange
def other_sent_items(api: MessagesApi, environment: Environment) -> Exchange:
    """The sent items of another patient."""
    demand_thorough(environment)
    return read_sent_items(api, environment, "other_sent_items", "other_patient")


@exchange
def inbox_of_a_pattern(
    api: MessagesApi, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The inbox of the id of a patient whose last character is the wildcard of SQL, which no patient has.

    A service that takes it for a pattern answers with up to ten other patients' messages, so it is asked only where
    they are invented.
    """
    demand_control(inbox_items)
    if environment.data != "synthetic":
        raise NotClaimedError("data")
    pattern = claimed_data(environment, "listInboxItems", "patient")[:-1] + "%"
    return api.call("listInboxItems", name="inbox_of_a_pattern", query={"patientId": pattern})


def _both(environment: Environment, operation: str) -> list[str]:
    """Return the ids of the two patients of the test data that are read."""
    demand_thorough(environment)
    return [claimed_data(environment, operation, name) for name in ("patient", "other_patient")]


@exchange
def inbox_of_two_patients(
    api: MessagesApi, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The inbox, asked for with the ids of two patients in one value, as a list."""
    demand_control(inbox_items)
    both = ",".join(_both(environment, "listInboxItems"))
    return api.call("listInboxItems", name="inbox_of_two_patients", query={"patientId": both})


@exchange
def sent_of_two_patients(api: MessagesApi, environment: Environment, sent_items: Exchange) -> Steps:
    """Sent items, asked for with the ids of two patients: `listed` in one value, `repeated` in two."""
    demand_control(sent_items)
    both = _both(environment, "listSentItems")
    request = api.request("listSentItems", query={"patientId": ",".join(both)})
    twice = with_pairs(request, [("patientId", one) for one in both])
    asked = {"listed": request, "repeated": twice}
    return Steps(
        {step: api.send(one, f"sent_of_two_patients: {step}") for step, one in asked.items()}
    )


@exchange
def message_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, one_message: Exchange
) -> Exchange:
    """The id of a message, asked for by an account of another tenant under the path of its own."""
    return _in_another_tenant(api, tokens, environment, one_message, "message_in_another_tenant")


@exchange
def inbox_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, inbox_items: Exchange
) -> Exchange:
    """The patient's inbox, asked for by an account of another tenant under the path of its own."""
    demand_thorough(environment)
    return _in_another_tenant(api, tokens, environment, inbox_items, "inbox_in_another_tenant")


@exchange
def sent_in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, sent_items: Exchange
) -> Exchange:
    """The patient's sent items, asked for by an account of another tenant under the path of its own."""
    demand_thorough(environment)
    return _in_another_tenant(api, tokens, environment, sent_items, "sent_in_another_tenant")


def _in_another_tenant(
    api: MessagesApi, tokens: TokenClient, environment: Environment, own: Exchange, name: str
) -> Exchange:
    """Send a request once more, with another tenant in its path and a token of that one's account."""
    demand_control(own)
    return api.send(in_another_tenant(own.request, tokens, environment), name)


def in_another_tenant(request: Request, tokens: TokenClient, environment: Environment) -> Request:
    """Return a request with another tenant in its path and a token of that one's account.

    Raises NotClaimedError where no account of another tenant is claimed.
    """
    account = environment.claims.accounts.get("other_tenant")
    if account is None:
        raise NotClaimedError("claims.accounts.other_tenant")
    url = in_tenant(request.url, environment.tenant, account.tenant)
    if url is None or account.tenant == environment.tenant:
        raise NotClaimedError("claims.accounts.other_tenant")
    token = tokens.grant(account).access_token
    return authorized(replace(request, url=url), f"Bearer {token}")
