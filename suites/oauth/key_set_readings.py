"""The key set as a run reads it: at the beginning, at its end, thoroughly some times more, and the other cloud's."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from golive import Environment, Exchange, NotClaimedError, Steps, TokenClient, exchange
from suites.common.refusals import demand_thorough


@partial(exchange, last=True)
def key_set_again(tokens: TokenClient, key_set: Exchange) -> Exchange:
    """The key set once more, when everything else was asked."""
    return tokens.send(key_set.request, "key_set_again")


@exchange
def key_sets_between(
    tokens: TokenClient, environment: Environment, key_set: Exchange, second_token: Exchange
) -> Steps:
    """The key set twice more while tokens are asked for: behind one address several servers may answer."""
    demand_thorough(environment)
    return _more_key_sets(tokens, key_set, ("between", "once more"))


@partial(exchange, last=True)
def key_sets_at_the_end(
    tokens: TokenClient, key_sets_between: Steps, key_set: Exchange, key_set_again: Exchange
) -> Steps:
    """Every answer with the key set, in the order of the run: the last two come after everything else."""
    late = _more_key_sets(tokens, key_set, ("at the end", "at last"))
    return Steps({"first": key_set, **key_sets_between, "again": key_set_again, **late})


def _more_key_sets(tokens: TokenClient, key_set: Exchange, names: tuple[str, ...]) -> Steps:
    return Steps({one: tokens.send(key_set.request, f"key_set {one}") for one in names})


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
