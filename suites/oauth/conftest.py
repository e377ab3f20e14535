"""Exchanges with the token endpoint that succeed."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    NotClaimedError,
    Situation,
    Steps,
    TokenClient,
    access_token_of,
    error_cases,
    exchange,
    pairs_of,
    respelled,
    service_root,
    with_pairs,
)
from suites.common.refusals import demand_control, demand_thorough
from suites.oauth.key_set_readings import *
from suites.oauth.odd_scopes import COMMAS, LESS, UNKNOWN, UNKNOWN_SCOPE
from suites.oauth.odd_scopes import granted_beside_smart as granted_beside_smart
from suites.oauth.odd_scopes import grants_of_less as grants_of_less
from suites.oauth.scopes_in_turn import *

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pytest

    from golive import Request

SECOND = "second_token"
TOGETHER = {
    SECOND: ("BASIC id empty charset order encoded any",),
    LESS: ("basic secret blank capitals", "basic blank capitals"),
}
"""The exchanges in which spellings are asked for together, each with these: the first that the environment allows."""


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
        first, *others = account.scopes
        # In the other case it is another scope, which does not exist; where it is the only one, nothing would be left.
        asked = first.swapcase() if _asks_in_other_case(environment) else first
        return tokens.request(account, (asked, *others, UNKNOWN_SCOPE))
    request = tokens.request(account)
    return with_pairs(request, [*pairs_of(request), ("golive_unknown_parameter", "1")])


def _asks_in_other_case(environment: Environment) -> bool:
    """Return whether the grant of less asks for a scope in the other case, beside others that exist.

    Only of Oracle's server is it known that it grants none but what was asked for (contract-facts §4.1).
    """
    scopes = environment.token.scopes
    return environment.token.is_oracles and len(scopes) > 1 and scopes[0] != scopes[0].swapcase()


def _is_grant(answer: Exchange) -> bool:
    return answer.succeeded and access_token_of(answer) is not None


def _granted_or_alone(
    name: str, together: Steps, tokens: TokenClient, environment: Environment
) -> Exchange:
    """Return a token request with a detail more, in its usual spelling where another one was refused."""
    made = together.get(name)
    if made is not None and _is_grant(made):
        return made
    return tokens.send(_with_more(name, tokens, environment), name)


@exchange
def second_token(
    tokens: TokenClient, environment: Environment, spelled_together: Steps
) -> Exchange:
    """A second token for the same credential, asked for after the first, with a parameter more."""
    return _granted_or_alone(SECOND, spelled_together, tokens, environment)


@exchange
def plain_again(tokens: TokenClient, environment: Environment, second_token: Exchange) -> Exchange:
    """The second token where it was granted; else a third request, with nothing more than the first one had."""
    if second_token.succeeded:
        return second_token
    return tokens.send(tokens.request(environment.main_account), "plain_again")


@exchange
def granted_after_refusal(
    tokens: TokenClient, environment: Environment, token_granted: Exchange
) -> Steps:
    """A token request for a scope that does not exist, and at once a right one of the same client."""
    demand_thorough(environment)
    demand_control(token_granted)
    account = environment.main_account
    wrong = tokens.request(account, (UNKNOWN_SCOPE,))
    return Steps(
        refused=tokens.send(wrong, "a scope that does not exist, before a right request"),
        granted=tokens.send(tokens.request(account), "a right request after a refused one"),
    )


@partial(exchange, last=True)
def grants(tokens: TokenClient, token_granted: Exchange, contract: Contract) -> Steps:
    """Every other answer of the run that granted a token, by their names; none to a request that had to be refused."""
    wrong = {case.id for case in error_cases(contract.folder)}
    others = [
        one
        for one in tokens.granted
        if one.name not in wrong and one.response is not token_granted.response
    ]
    # Tokens that are asked for at once are granted in any order.
    others.sort(key=lambda one: one.name)
    return Steps({f"{number}": one for number, one in enumerate(others, 2)})


@exchange
def grant_of_less(
    tokens: TokenClient, environment: Environment, token_granted: Exchange, spelled_together: Steps
) -> Exchange:
    """A token asked for with a scope more than there are, which is left out or refused."""
    demand_control(token_granted)
    return _granted_or_alone(LESS, spelled_together, tokens, environment)


@partial(exchange, gathers=lambda: ("refused_token", (UNKNOWN, COMMAS)))
def odd_scopes(
    gathered: Mapping[str, Exchange],
    tokens: TokenClient,
    environment: Environment,
    token_granted: Exchange,
) -> Steps:
    """A scope that does not exist, and two with a comma between them, asked for alone: by their error cases.

    Those are of Oracle's hosts; of another server, and where none of them is part of the run, both are asked for here.
    """
    demand_control(token_granted)
    steps = Steps(gathered)
    if not (gathered and environment.token.is_oracles):
        account = environment.main_account
        known = account.scopes if len(account.scopes) > 1 else account.scopes * 2
        for name, scope in {UNKNOWN: UNKNOWN_SCOPE, COMMAS: ",".join(known)}.items():
            steps[name] = tokens.send(tokens.request(account, (scope,)), f"{name} of this server")
    return steps


@exchange
def scope_in_other_case(
    tokens: TokenClient, environment: Environment, token_granted: Exchange, grant_of_less: Exchange
) -> Exchange:
    """A token asked for with a scope whose letters are in the other case: beside others where there are any."""
    if _asks_in_other_case(environment):
        return grant_of_less
    demand_thorough(environment)
    demand_control(token_granted)
    account = environment.main_account
    other = account.scopes[0].swapcase()
    if other == account.scopes[0]:
        raise CouldNotTellError("the scope has no letter whose case could be changed")
    return tokens.send(tokens.request(account, (other,)), "scope_in_other_case")


@exchange
def asked_beside_another_id(
    tokens: TokenClient, environment: Environment, token_granted: Exchange
) -> Exchange:
    """The token request of the run once more, with the client_id of another client of the server in its form."""
    demand_thorough(environment)
    demand_control(token_granted)
    if environment.safety.attack_credential != "allowed":
        raise NotClaimedError("safety.attack_credential")
    request = tokens.request(environment.main_account)
    named = ("client_id", _another_client(environment))
    return tokens.send(with_pairs(request, [*pairs_of(request), named]), "asked_beside_another_id")


def _another_client(environment: Environment) -> str:
    """Return the id of another client of the run's authorization server: one of its tenant and scopes first."""
    main = environment.main_account
    own = main.credential.client_id
    if main.client_authentication == "private_key_jwt":
        raise NotClaimedError("token.credential.client_secret")
    others = sorted(
        environment.claims.accounts.values(),
        key=lambda one: (one.tenant != main.tenant, set(one.scopes).isdisjoint(main.scopes)),
    )
    for other in others:
        same_server = service_root(other.token_url) == service_root(main.token_url)
        if same_server and other.credential.client_id != own:
            return other.credential.client_id
    raise NotClaimedError("claims.accounts.private_key_jwt")


@exchange
def respelled_request(
    spelling: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    token_granted: Exchange,
    spelled_together: Steps,
    plain_again: Exchange,
) -> Exchange:
    """The token request of the run once more, in another spelling that means the same."""
    demand_control(token_granted)
    situation = Situation.of(environment, contract, tokens)
    request = respelled(tokens.request(environment.main_account), spelling, situation)
    for name, together in spelled_together.items():
        if _is_grant(together) and spelling in TOGETHER[name][0].split():
            return together
    demand_control(plain_again)
    return tokens.send(request, f"token request, {spelling} in another spelling")
