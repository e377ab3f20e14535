"""Requests right after one another, which something in front of the service that remembers answers may mix up."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Contract,
    Environment,
    Exchange,
    MessagesApi,
    Situation,
    Steps,
    TokenClient,
    access_token_of,
    changed,
    exchange,
    pairs_of,
    with_pairs,
)
from suites.common.answers import shown_by_both
from suites.common.other_tokens import (
    asked_with,
    authorized,
    of_another_client,
    scope_alone,
    with_scope_alone,
)
from suites.common.refusals import case_of, demand_control, demand_thorough, named_operation
from suites.messages.others import in_another_tenant

if TYPE_CHECKING:
    from golive import Request

WITHOUT_SCOPE = "token-without-message-scope"
"""The error case of a token that opens another API, and not the inbox."""

ES_KEY, RSA_KEY = "private_key_jwt", "private_key_jwt_rsa"
"""The accounts of clients with a key: their tokens open what the run's own does."""

WITH_SCOPE_ALONE = ("listSentItems", "getMessage")
WITH_ES_KEY = ("listCodeValues",)
"""Operations that are asked, before another tenant is, with the scope of their API alone, or by the client with an
ES384 key; the others by the one with an RSA key."""

NOT_GIVEN = (401, 403)
"""Statuses with which a gateway does not take a token."""

PREFLIGHT = {"Origin": "https://golive.invalid", "Access-Control-Request-Method": "GET"}
"""What a browser sends with OPTIONS before it lets a page of another origin ask."""


def key_before(operation: str) -> str:
    """Return the account with a key by which an operation is asked before another tenant is."""
    return ES_KEY if operation in WITH_ES_KEY else RSA_KEY


@partial(exchange, control=named_operation)
def asked_after_success(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation, at once the same without a token, and then with the run's own.

    Steps `given`, `asked`, `again` and, where `asked` succeeded, `elsewhere`: without a token at a URL that nobody has
    asked. `given` is asked for with the token of another client, where one is claimed.
    """
    demand_thorough(environment)
    demand_control(control)
    request = control.request
    bare = replace(request, headers=request.headers.without("Authorization"))
    steps = Steps()
    other = of_another_client(ES_KEY, operation, tokens, environment, contract)
    steps["given"] = asked_with(other, api, request, f"{operation} once more", steps)
    steps["asked"] = api.send(bare, f"{operation} right after it, without a token")
    if steps["asked"].succeeded:
        steps["elsewhere"] = api.send(_elsewhere(bare), f"{operation} elsewhere, without a token")
    steps["again"] = api.send(request, f"{operation} right after that, with the token")
    return steps


@partial(exchange, control=named_operation)
def asked_in_two_tenants(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation, and at once the same by an account of another tenant under that one's path.

    Steps `given`, with another token that opens the operation where there is one, `granted there` (the other tenant's
    token) and `there`; where that showed something of what was given, `marked` and `elsewhere`: here and there at a URL
    that nobody has asked. Where the token was taken there, `back`: with that token, under the path of before.
    """
    demand_thorough(environment)
    demand_control(control)
    request = control.request
    theirs = in_another_tenant(request, tokens, environment)
    granted = tokens.grant(environment.claims.accounts["other_tenant"]).exchange
    if operation in WITH_SCOPE_ALONE:
        other = with_scope_alone(operation, tokens, environment, contract)
    else:
        key = key_before(operation)
        other = of_another_client(key, operation, tokens, environment, contract)
    steps = Steps()
    steps["given"] = asked_with(
        other, api, request, f"{operation} before another tenant asks", steps
    )
    steps["granted there"] = granted
    steps["there"] = api.send(theirs, f"{operation} in another tenant")
    if shown_by_both(steps["given"], steps["there"]):
        for step, asked in (("marked", request), ("elsewhere", theirs)):
            steps[step] = api.send(_elsewhere(asked), f"{operation} in two tenants: {step}")
    if steps["there"].status not in NOT_GIVEN:
        back = authorized(request, theirs.headers.get("Authorization") or "")
        steps["back"] = api.send(back, f"{operation} with a token that another tenant took")
    return steps


@partial(exchange, control=named_operation)
def asked_by_options(
    operation: str, control: Exchange, api: MessagesApi, environment: Environment
) -> Steps:
    """What a browser asks before it lets a page of another origin send the plain request: OPTIONS, without a token.

    Steps `plain` and `options`.
    """
    demand_thorough(environment)
    demand_control(control)
    headers = control.request.headers.without("Authorization")
    for name, value in PREFLIGHT.items():
        headers = headers.with_(name, value)
    request = replace(control.request, method="OPTIONS", headers=headers)
    return Steps(plain=control, options=api.send(request, f"{operation} by OPTIONS"))


@partial(exchange, control=named_operation)
def scope_used_elsewhere(
    operation: str,
    control: Exchange,
    inbox_items: Exchange,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """A token without the scope of Messages where it is the right one, and then at the inbox.

    Steps `granted` (the token), `elsewhere` (the plain request of the operation with it) and `asked`.
    """
    demand_thorough(environment)
    demand_control(control)
    demand_control(inbox_items)
    situation = Situation.of(environment, contract, tokens)
    wrong = changed(case_of(contract, WITHOUT_SCOPE), api.renewed(inbox_items.request), situation)
    right = authorized(control.request, wrong.headers.get("Authorization") or "")
    steps = Steps()
    if account := environment.claims.accounts.get("without_message_scope"):
        steps["granted"] = tokens.grant(account).exchange
    steps["elsewhere"] = api.send(right, f"{operation} with a token of its scope alone")
    steps["asked"] = api.send(wrong, "the inbox with the token that was taken elsewhere")
    return steps


@partial(exchange, control=named_operation)
def asked_with_its_scope_alone(
    operation: str,
    control: Exchange,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Steps:
    """The plain request of an operation with a token of the run's own account that has the scope of its API alone.

    Steps `granted` (the token), `plain` (the request with all scopes) and `asked`.
    """
    demand_thorough(environment)
    demand_control(control)
    grant = scope_alone(operation, tokens, environment, contract)
    narrow = authorized(control.request, f"Bearer {access_token_of(grant)}")
    asked = api.send(narrow, f"{operation} with its own scope alone")
    return Steps(granted=grant, plain=control, asked=asked)


def _elsewhere(request: Request) -> Request:
    """Return a request at a URL that nobody has asked, and that no store can know: with a parameter of its own."""
    return with_pairs(request, [*pairs_of(request), ("golive", uuid.uuid4().hex)])
