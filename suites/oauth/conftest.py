"""Exchanges with the token endpoint that succeed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Contract,
    Environment,
    Exchange,
    NotClaimedError,
    Situation,
    Steps,
    TokenClient,
    error_cases,
    exchange,
    pairs_of,
    respelled,
    with_pairs,
)
from suites.common.refusals import demand_control

if TYPE_CHECKING:
    import pytest

    from golive import Request

TOGETHER = ("basic id empty", "BASIC secret")
"""Spellings that are asked for at once."""

UNKNOWN_SCOPE = "oraclehealth:millennium:no-such-service"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("oauth")


def _with_unknown(request: Request) -> Request:
    return with_pairs(request, [*pairs_of(request), ("golive_unknown_parameter", "1")])


@exchange
def spelled_together(
    tokens: TokenClient, environment: Environment, contract: Contract, token_granted: Exchange
) -> Steps:
    """The token request of the run in several other spellings at once, the first one with a parameter more.

    Where one is granted, each of its spellings is accepted; where it is refused, each is asked for alone.
    """
    situation = Situation.of(environment, contract, tokens)
    request = tokens.request(environment.main_account)
    steps = Steps()
    for which in TOGETHER if token_granted.succeeded else ():
        with suppress(NotClaimedError):
            asked = respelled(request, which, situation)
            first = which == TOGETHER[0]
            asked, name = (
                (_with_unknown(asked), "second_token") if first else (asked, _spelled(which))
            )
            steps[which] = tokens.send(asked, name)
    return steps


@exchange
def second_token(
    tokens: TokenClient, environment: Environment, spelled_together: Steps
) -> Exchange:
    """A second token for the same credential, asked for after the first, with a parameter more."""
    together = spelled_together.get(TOGETHER[0])
    if together is not None and together.succeeded:
        return together
    request = tokens.request(environment.main_account)
    return tokens.send(_with_unknown(request), "second_token")


@partial(exchange, last=True)
def grants(tokens: TokenClient, token_granted: Exchange, contract: Contract) -> Steps:
    """Every other answer of the run that granted a token, in their order; none to a request that had to be refused."""
    wrong = {case.id for case in error_cases(contract.folder)}
    others = [
        one
        for one in tokens.granted
        if one.name not in wrong and one.response is not token_granted.response
    ]
    return Steps({f"{number}": one for number, one in enumerate(others, 2)})


@partial(exchange, last=True)
def key_set_again(tokens: TokenClient, key_set: Exchange) -> Exchange:
    """The key set once more, when everything else was asked."""
    return tokens.send(key_set.request, "key_set_again")


@exchange
def other_key_set(tokens: TokenClient, environment: Environment, key_set: Exchange) -> Exchange:
    """The key set of the other cloud of Oracle's."""
    account = environment.claims.accounts.get("other_cloud")
    if account is None:
        raise NotClaimedError("claims.accounts.other_cloud")
    token = replace(environment.token, url=account.token_url, key_set_url=None)
    if not environment.token.is_oracles or token.key_set in (None, environment.token.key_set):
        raise NotClaimedError("token.url")
    return tokens.send(replace(key_set.request, url=token.key_set or ""), "other_key_set")


@exchange
def grant_of_less(
    tokens: TokenClient, environment: Environment, token_granted: Exchange
) -> Exchange:
    """A token asked for with a scope more than there are, which is left out or refused."""
    demand_control(token_granted)
    account = environment.main_account
    request = tokens.request(account, (*account.scopes, UNKNOWN_SCOPE))
    return tokens.send(request, "grant_of_less")


@exchange
def respelled_request(
    spelling: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    token_granted: Exchange,
    spelled_together: Steps,
) -> Exchange:
    """The token request of the run once more, in another spelling that means the same."""
    demand_control(token_granted)
    for which, together in spelled_together.items():
        if spelling in which.split() and together.succeeded:
            return together
    situation = Situation.of(environment, contract, tokens)
    request = respelled(tokens.request(environment.main_account), spelling, situation)
    return tokens.send(request, _spelled(spelling))


def _spelled(which: str) -> str:
    return f"token request, {which} in another spelling"
