"""Whom a granted token was for, by its own request."""

from dataclasses import replace

import pytest

from golive.environment import Environment
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.transport.credentials import asked_scopes, is_of_another_server, seen_by
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


@pytest.mark.parametrize(
    "form",
    [
        "https://login.example/tenants/{}",
        "https://login.example/{}/v2.0",
        "https://{}.login.example/",
        "https://login.example/keys?tenant={}",
    ],
)
def test_what_is_said_per_tenant_is_said_of_each_account_with_its_own(
    environment: Environment, tokens: TokenClient, make_exchange, form: str
) -> None:
    own, other = environment.tenant, environment.account("other_tenant").tenant
    token = replace(environment.token, issuer=form.format(own), key_set_url=form.format(own))
    named = replace(environment, token=token)
    seen = {}
    for name in ("", "other_tenant"):
        grant = replace(make_exchange(), request=tokens.request(named.account(name)))
        seen[name] = seen_by(grant, named)
    assert own != other
    for name, tenant in {"": own, "other_tenant": other}.items():
        assert seen[name] is not None
        assert seen[name].token.issuer == seen[name].token.key_set_url == form.format(tenant)


def test_a_longer_word_that_holds_the_tenant_is_not_the_tenant(
    environment: Environment, tokens: TokenClient, make_exchange
) -> None:
    issuer = f"https://login.example/{environment.tenant}-old/x{environment.tenant}"
    named = replace(environment, token=replace(environment.token, issuer=issuer))
    request = tokens.request(named.account("other_tenant"))
    own = seen_by(replace(make_exchange(), request=request), named)
    assert own is not None
    assert own.token.issuer == issuer


def test_two_servers_below_one_host_are_not_taken_for_one(
    environment: Environment, tokens: TokenClient, make_exchange
) -> None:
    """Beyond Oracle's hosts, only a URL that differs in the tenant alone is the same server's."""
    host, path = "https://login.example", "/tenants/{}/token"
    accounts = {
        "other_tenant": replace(
            environment.account("other_tenant"),
            token_url=host + path.format(environment.account("other_tenant").tenant),
        ),
        "other_cloud": replace(
            environment.account("other_cloud"),
            token_url=f"{host}/second" + path.format(environment.account("other_cloud").tenant),
        ),
    }
    token = replace(
        environment.token, url=host + path.format(environment.tenant), issuer=f"{host}/"
    )
    named = replace(environment, token=token, claims=replace(environment.claims, accounts=accounts))
    grants = {
        name: replace(make_exchange(), request=tokens.request(account))
        for name, account in accounts.items()
    }
    apart = {name: is_of_another_server(grant, named) for name, grant in grants.items()}
    assert apart == {"other_tenant": False, "other_cloud": True}
    own = seen_by(grants["other_cloud"], named)
    assert own is not None
    assert (own.token.issuer, own.token.key_set_url) == (None, None)


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
