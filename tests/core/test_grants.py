"""Whom a granted token was for, by its own request."""

from dataclasses import replace

import pytest

from golive.environment import Environment
from golive.exchanges.model import Headers, Request
from golive.transport.grants import asked_scopes, seen_by
from golive.transport.token import TokenClient


@pytest.mark.parametrize("name", ["", "other_cloud", "other_tenant", "private_key_jwt"])
def test_a_grant_is_seen_as_its_own_account_sees_the_environment(
    environment: Environment, tokens: TokenClient, make_exchange, name: str
) -> None:
    account = environment.account(name)
    grant = replace(make_exchange(), request=tokens.request(account))
    own = seen_by(grant, environment)
    assert own is not None
    assert (own.tenant, own.token.url) == (account.tenant, account.token_url)
    assert (own.token.credential, own.token.scopes) == (account.credential, account.scopes)
    assert asked_scopes(grant) == set(account.scopes)


def test_what_is_said_of_a_server_holds_for_its_own_accounts_alone(
    environment: Environment, tokens: TokenClient, make_exchange
) -> None:
    token = replace(environment.token, issuer="https://issuer.example")
    named = replace(environment, token=token)
    issuers = {}
    for name in ("other_tenant", "other_cloud"):
        grant = replace(make_exchange(), request=tokens.request(named.account(name)))
        own = seen_by(grant, named)
        issuers[name] = own.token.issuer if own else ""
    assert issuers == {"other_tenant": "https://issuer.example", "other_cloud": None}


@pytest.mark.parametrize("credential", ["Basic !", "Basic YTpi", "Basic", ""])
def test_a_grant_to_an_account_that_the_environment_does_not_name_is_nobodys(
    environment: Environment, make_exchange, credential: str
) -> None:
    headers = Headers.of({"Authorization": credential})
    request = Request("POST", environment.token.url, headers)
    assert seen_by(replace(make_exchange(), request=request), environment) is None


def test_every_answer_that_grants_is_kept_in_order(
    environment: Environment, tokens: TokenClient
) -> None:
    before = len(tokens.granted)
    first = tokens.ask(environment.main_account, "one")
    tokens.send(replace(first.request, body=b""), "refused")
    tokens.ask(environment.account("other_tenant"), "two")
    assert [one.name for one in tokens.granted[before:]] == ["one", "two"]
