"""Exchanges with the token endpoint that succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import (
    Contract,
    Environment,
    Exchange,
    NotClaimedError,
    Situation,
    TokenClient,
    exchange,
    pairs_of,
    respelled,
    with_pairs,
)
from suites.common.refusals import demand_control

if TYPE_CHECKING:
    import pytest


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


@exchange
def granted_by_rsa_assertion(tokens: TokenClient, environment: Environment) -> Exchange:
    """A token asked for with an assertion that an RSA key signed (RS384)."""
    account = environment.claims.accounts.get("private_key_jwt_rsa")
    if account is None:
        raise NotClaimedError("claims.accounts.private_key_jwt_rsa")
    return tokens.ask(account, "granted_by_rsa_assertion")
