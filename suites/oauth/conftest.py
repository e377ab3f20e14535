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

SECOND, LESS = "second_token", "grant_of_less"
TOGETHER = {SECOND: ("BASIC id empty",), LESS: ("basic secret", "basic")}
"""The exchanges in which spellings are asked for together, each with these: the first that the environment allows."""

UNKNOWN_SCOPE = "oraclehealth:millennium:no-such-service"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the checks below this folder."""
    here = __file__.removesuffix("conftest.py")
    for item in items:
        if str(item.path).startswith(here):
            item.add_marker("oauth")


@exchange
def spelled_together(
    tokens: TokenClient, environment: Environment, contract: Contract, token_granted: Exchange
) -> Steps:
    """Two token requests with a detail more, each in several other spellings at once.

    Where one is granted, each of its spellings is accepted; where it is refused, each is asked for alone.
    """
    steps = Steps()
    situation = Situation.of(environment, contract, tokens)
    for name, spellings in TOGETHER.items() if token_granted.succeeded else ():
        request = _with_more(name, tokens, environment)
        for which in spellings:
            with suppress(NotClaimedError):
                steps[name] = tokens.send(respelled(request, which, situation), name)
                break
    return steps


def _with_more(name: str, tokens: TokenClient, environment: Environment) -> Request:
    account = environment.main_account
    if name == LESS:
        return tokens.request(account, (*account.scopes, UNKNOWN_SCOPE))
    request = tokens.request(account)
    return with_pairs(request, [*pairs_of(request), ("golive_unknown_parameter", "1")])


def _granted_or_alone(
    name: str, together: Steps, tokens: TokenClient, environment: Environment
) -> Exchange:
    """Return a token request with a detail more, in its usual spelling where another one was refused."""
    made = together.get(name)
    if made is not None and made.succeeded:
        return made
    return tokens.send(_with_more(name, tokens, environment), name)


@exchange
def second_token(
    tokens: TokenClient, environment: Environment, spelled_together: Steps
) -> Exchange:
    """A second token for the same credential, asked for after the first, with a parameter more."""
    return _granted_or_alone(SECOND, spelled_together, tokens, environment)


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
    tokens: TokenClient, environment: Environment, token_granted: Exchange, spelled_together: Steps
) -> Exchange:
    """A token asked for with a scope more than there are, which is left out or refused."""
    demand_control(token_granted)
    return _granted_or_alone(LESS, spelled_together, tokens, environment)


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
    situation = Situation.of(environment, contract, tokens)
    request = respelled(tokens.request(environment.main_account), spelling, situation)
    for name, together in spelled_together.items():
        if together.succeeded and spelling in TOGETHER[name][0].split():
            return together
    return tokens.send(request, f"token request, {spelling} in another spelling")
