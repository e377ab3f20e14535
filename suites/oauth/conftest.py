"""Exchanges with the token endpoint that succeed."""

from __future__ import annotations

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

UNKNOWN_SCOPE = "oraclehealth:millennium:no-such-service"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("oauth")


@exchange
def second_token(
    tokens: TokenClient, environment: Environment, token_granted: Exchange
) -> Exchange:
    """A second token for the same credential, asked for after the first, with a parameter more."""
    request = tokens.request(environment.main_account)
    unknown = [*pairs_of(request), ("golive_unknown_parameter", "1")]
    return tokens.send(with_pairs(request, unknown), "second_token")


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
) -> Exchange:
    """The token request of the run once more, in another spelling that means the same."""
    demand_control(token_granted)
    situation = Situation.of(environment, contract, tokens)
    request = respelled(tokens.request(environment.main_account), spelling, situation)
    return tokens.send(request, f"token request, {spelling} in another spelling")
