"""Tokens asked for right after one another, with scopes that have something in common with those of the one before."""

from __future__ import annotations

from functools import partial

from golive import Environment, Exchange, NotClaimedError, Steps, TokenClient, exchange
from suites.common.refusals import demand_control, demand_thorough


@partial(exchange, last=True)
def scopes_in_turn(tokens: TokenClient, environment: Environment, token_granted: Exchange) -> Steps:
    """Token requests for one scope, for two of which it is the last, for two of which it is the first, for the other.

    It is not the first of the environment's scopes: tokens that began with that one were granted before.
    """
    demand_thorough(environment)
    demand_control(token_granted)
    account = environment.main_account
    if len(set(account.scopes)) < 2:
        raise NotClaimedError("token.scopes")
    other, one = account.scopes[:2]
    return Steps(
        {
            step: tokens.send(tokens.request(account, asked), f"scopes in turn: {step}")
            for step, asked in {
                "one": (one,),
                "one last": (other, one),
                "one first": (one, other),
                "the other": (other,),
            }.items()
        }
    )
