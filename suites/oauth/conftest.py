"""Exchanges with the token endpoint that succeed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import (
    Environment,
    Exchange,
    NotClaimedError,
    TokenClient,
    exchange,
    pairs_of,
    with_pairs,
)

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
def granted_by_rsa_assertion(tokens: TokenClient, environment: Environment) -> Exchange:
    """A token asked for with an assertion that an RSA key signed (RS384)."""
    account = environment.claims.accounts.get("private_key_jwt_rsa")
    if account is None:
        raise NotClaimedError("claims.accounts.private_key_jwt_rsa")
    return tokens.ask(account, "granted_by_rsa_assertion")
