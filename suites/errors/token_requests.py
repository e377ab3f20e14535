"""Token requests with one change: the exchanges of their error cases."""

from __future__ import annotations

from dataclasses import replace

from golive import (
    Basis,
    Contract,
    Environment,
    ErrorCase,
    Exchange,
    NotClaimedError,
    Situation,
    TokenClient,
    changed,
    exchange,
)
from suites.common.refusals import case_of, demand_control, demand_tried


@exchange
def refused_token(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    token_granted: Exchange,
) -> Exchange:
    """A token request with one change."""
    demand_control(token_granted)
    case = case_of(contract, row)
    _demand_bound(case, environment.token.url, environment)
    demand_tried(case, environment)
    request = changed(
        case, tokens.request(environment.main_account), Situation.of(environment, contract, tokens)
    )
    return tokens.send(request, case.id)


@exchange
def refused_assertion(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    granted_by_assertion: Exchange,
) -> Exchange:
    """A token request with a signed assertion and one change."""
    return _spoilt(row, "private_key_jwt", granted_by_assertion, tokens, environment, contract)


@exchange
def refused_rsa_assertion(
    row: str,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    granted_by_rsa_assertion: Exchange,
) -> Exchange:
    """A token request with an assertion that the RSA key's account makes, and one change."""
    name = "private_key_jwt_rsa"
    return _spoilt(row, name, granted_by_rsa_assertion, tokens, environment, contract)


def _spoilt(
    row: str,
    name: str,
    granted: Exchange,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Exchange:
    demand_control(granted)
    case = case_of(contract, row)
    account = environment.account(name)
    _demand_bound(case, account.token_url, environment)
    demand_tried(case, environment)
    situation = Situation.of(environment, contract, tokens, granted=granted, account=name)
    request = changed(case, tokens.request(account), situation)
    return tokens.send(request, case.id)


def _demand_bound(case: ErrorCase, token_url: str, environment: Environment) -> None:
    """Ask no server but Oracle's for what Oracle documents, or was seen to answer."""
    token = replace(environment.token, url=token_url)
    if case.basis not in (Basis.STANDARD, Basis.OWN) and not token.is_oracles:
        raise NotClaimedError("token.server")
