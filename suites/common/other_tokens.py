"""Requests that carry another token which opens what they ask for, in place of the run's own.

A token with the scope of one API alone, and those of other clients, are tried where a request is made anyway. What is
refused to such a token is asked for again with the run's own, so that each check has its answer.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    NotClaimedError,
    access_token_of,
    asked_scopes,
    check,
    expect,
    service_root,
)
from suites.common.judging import advise_no_failure
from suites.common.refusals import demand_thorough
from suites.common.scopes import granted_scopes, opens

if TYPE_CHECKING:
    from golive import Contract, MessagesApi, Request, Steps, TokenClient

SCOPES = "contract-facts §1 (the scope of each API); mcfap/intro.html"
scope_alone_check = partial(
    check, level="must", basis="documented", source=SCOPES, area="API access"
)
"""A check of whether a request that no row names is answered for a token with its scope alone."""
GRANTED, BARRED = "granted", "barred"
"""The steps of the other token, and of the answer that refused it."""
NOT_TAKEN = (401, 403, 404)
"""Statuses with which a token is not taken, and what was asked for is not done."""


def authorized(request: Request, credentials: str) -> Request:
    """Return a request with other credentials than its own."""
    return replace(request, headers=request.headers.with_("Authorization", credentials))


def scope_alone(
    operation: str, tokens: TokenClient, environment: Environment, contract: Contract
) -> Exchange:
    """Return the grant of the scope of an operation's API alone, to the run's own client.

    Raises NotClaimedError where it asks for no other, CouldNotTellError where that is not granted.
    """
    main = environment.main_account
    needed = tuple(one for one in main.scopes if one in contract.operations[operation].scopes)
    if not needed or needed == main.scopes:
        raise NotClaimedError("token.scopes")
    return tokens.grant(replace(main, name="one_scope", scopes=needed)).exchange


def with_scope_alone(
    operation: str, tokens: TokenClient, environment: Environment, contract: Contract
) -> Exchange | None:
    """Return that grant to ask with in passing; None where there is none, or the run leaves such questions out."""
    if environment.safety.access_rules == "spread":
        return None
    with suppress(NotClaimedError, CouldNotTellError):
        return scope_alone(operation, tokens, environment, contract)
    return None


def of_another_client(
    name: str, operation: str, tokens: TokenClient, environment: Environment, contract: Contract
) -> Exchange | None:
    """Return the grant of another client of the tenant with the scope of an operation's API; None where there is none.

    `name` is its key below `claims.accounts`.
    """
    main, account = environment.main_account, environment.claims.accounts.get(name)
    if account is None or (account.tenant or main.tenant) != main.tenant:
        return None
    if service_root(account.token_url) != service_root(main.token_url):
        return None
    with suppress(CouldNotTellError):
        granted = tokens.grant(account).exchange
        return granted if opens(granted, contract.operations[operation]) else None
    return None


def asked_with(
    grant: Exchange | None, api: MessagesApi, request: Request, name: str, steps: Steps
) -> Exchange:
    """Send a request with the token of another grant, if any, and with the run's own where that is not taken.

    The grant becomes the step `granted`, and the answer that refused its token `barred`.
    """
    if grant is None:
        return api.send(request, name)
    steps[GRANTED] = grant
    made = api.send(authorized(request, f"Bearer {access_token_of(grant)}"), name)
    if made.status not in NOT_TAKEN:
        return made
    steps[BARRED] = made
    return api.send(request, f"{name}, with the run's own token")


def judge_taken(steps: Steps, step: str, environment: Environment, missing: str) -> None:
    """Raise a finding where another token was not taken, and the run's own was; `missing` is the key that has no other.

    The `step` is what was answered in the end.
    """
    own = steps[step]
    demand_thorough(environment)
    granted = steps.get(GRANTED)
    if granted is None:
        account = missing.removeprefix("claims.accounts.")
        several = missing == "token.scopes" and len(environment.token.scopes) > 1
        if several or account in environment.claims.accounts:
            raise CouldNotTellError("no other token was granted for it", unsettled_shape=True)
        raise NotClaimedError(missing)
    if granted_scopes(granted) - asked_scopes(granted):
        raise CouldNotTellError(
            "a token has more scopes than it was asked for with", unsettled_shape=True
        )
    advise_no_failure([granted])
    barred = steps.get(BARRED)
    if barred is None:
        advise_no_failure([own])
        return
    if not own.succeeded:
        raise CouldNotTellError(f"the run's own token is not taken there, either ({own.status})")
    with expect(barred) as it:
        it.violated("status", f"{own.status}, as with the run's own token,", str(barred.status))
