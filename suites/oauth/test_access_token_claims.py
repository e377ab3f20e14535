"""The claims of the access token: those of RFC 7519, and those that Oracle's samples show."""

from __future__ import annotations

from golive import (
    VERSIONED_CLAIMS,
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    by_its_word,
    cloud_of,
    demand_oracles,
    expect,
    issuer_host,
    issuers,
    real_host,
    show,
    show_url,
    show_word,
)
from suites.oauth.access_token import AT, SAMPLES, absent, token_check, token_of

CLOCK_SKEW = 60
"""Seconds by which two clocks may differ before iat says anything."""


@token_check(
    "access-token-claims-keep-their-schema", level="must", basis="documented", source=SAMPLES
)
def test_the_claims_keep_their_schema(
    token_granted: Exchange, environment: Environment, contract: Contract
) -> None:
    """The token's claims have the members and types that the contract gives."""
    demand_oracles(environment)
    with expect(token_granted) as it:
        claims = token_of(token_granted, environment).claims
        it.schema(contract, "oauth/access-token-claims", claims, below=f"{AT}/payload")


@token_check(
    "access-token-issuer-is-its-host",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §4.4, §9",
)
def test_the_issuer_is_the_host_that_was_asked(
    token_granted: Exchange, environment: Environment
) -> None:
    """The issuer is the authorization server that was asked, with or without the tenant."""
    allowed = issuers(environment)
    issuer = token_of(token_granted, environment).claims.get("iss")
    label = by_its_word(environment, "RFC 9068 §4")
    expected = f"iss {' or '.join(sorted(allowed))}"
    with expect(token_granted) as it:
        it.that(issuer in allowed, AT, expected, f"iss {_shown_issuer(issuer)}", label=label)


@token_check(
    "access-token-is-of-the-api-cloud",
    level="must",
    basis="observed",
    source="contract-facts §5 row 23, §6.1",
)
def test_the_token_is_of_the_cloud_that_the_api_trusts(
    token_granted: Exchange, environment: Environment
) -> None:
    """The token's issuer belongs to the same cloud as the API host."""
    issuer = token_of(token_granted, environment).claims.get("iss")
    api_host = real_host(environment.api.base_url)
    token_cloud, api_cloud = cloud_of(issuer_host(issuer)), cloud_of(api_host)
    if token_cloud is None or api_cloud is None:
        host = api_host if api_cloud is None else f"the issuer {_shown_issuer(issuer)}"
        raise CouldNotTellError(f"nobody knows the cloud of {host}", unsettled_shape=True)
    with expect(token_granted) as it:
        it.that(
            token_cloud == api_cloud,
            AT,
            f"an issuer of the {api_cloud} cloud, as {api_host}",
            f"iss {_shown_issuer(issuer)} ({token_cloud} cloud)",
            next_step="Correct `token.url`: the API trusts the production cloud only.",
        )


@token_check(
    "access-token-tenant-is-the-environments", level="must", basis="documented", source=SAMPLES
)
def test_the_token_is_for_the_tenant(token_granted: Exchange, environment: Environment) -> None:
    """The token names the tenant that it was asked for, in each claim that carries one."""
    token = token_of(token_granted, environment)
    if token.tenant is None and not environment.token.is_oracles:
        raise absent("tenant in a claim that golive knows")
    versioned = token.claims.get(VERSIONED_CLAIMS)
    named = {str(token.tenant)}
    if isinstance(versioned, dict) and "tenant" in versioned:
        named.add(str(versioned["tenant"]))
    with expect(token_granted) as it:
        it.that(
            named == {environment.tenant},
            AT,
            f"tenant {environment.tenant}",
            f"tenant {' and '.join(map(show_word, sorted(named)))}",
        )


@token_check(
    "access-token-client-is-the-environments", level="must", basis="documented", source=SAMPLES
)
def test_the_token_is_for_the_client(token_granted: Exchange, environment: Environment) -> None:
    """The token names the client that asked for it in azp, or in client_id (RFC 9068 §2.2)."""
    named = token_of(token_granted, environment).client_id
    if named is None and not environment.token.is_oracles:
        raise absent("client in a claim that golive knows")
    with expect(token_granted) as it:
        client = environment.token.credential.client_id
        it.that(named == client, AT, f"azp {client}", f"azp {show_word(named)}")


@token_check(
    "access-token-scopes-are-the-granted", level="must", basis="documented", source=SAMPLES
)
def test_the_token_carries_the_granted_scopes(
    token_granted: Exchange, environment: Environment
) -> None:
    """The scopes inside the token are those that the response says were granted."""
    granted = _announced(token_granted, "scope")
    inside = token_of(token_granted, environment).scopes
    if inside is None:
        raise CouldNotTellError(
            "the token carries no scopes that can be read", unsettled_shape=True
        )
    with expect(token_granted) as it:
        wanted = set(granted.split()) if isinstance(granted, str) else inside
        it.that(
            inside == wanted,
            AT,
            f"azs {show_word(' '.join(sorted(wanted)))}",
            f"azs {show_word(' '.join(sorted(inside)))}",
        )


@token_check(
    "access-token-was-issued-now", level="must", basis="standard", source="RFC 7519 §4.1.6"
)
def test_the_token_was_issued_when_it_was_asked_for(
    token_granted: Exchange, environment: Environment
) -> None:
    """The token's iat is the time of the answer, within the skew of two clocks."""
    issued = _number(token_granted, environment, "iat")
    seconds = abs(issued - token_granted.sent_at.timestamp())
    with expect(token_granted) as it:
        it.that(
            seconds <= CLOCK_SKEW,
            AT,
            f"iat within {CLOCK_SKEW} s of the request",
            f"{seconds:.0f} s away",
            next_step="Compare this machine's clock with the server's Date header first.",
        )


@token_check(
    "access-token-outlives-expires-in",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §9",
)
def test_the_token_lives_at_least_as_long_as_announced(
    token_granted: Exchange, environment: Environment
) -> None:
    """The token's exp is no earlier than its iat plus expires_in."""
    lifetime = _lifetime(token_granted, environment)
    announced = _announced(token_granted, "expires_in")
    if not isinstance(announced, int):
        raise CouldNotTellError("the token response does not say expires_in", unsettled_shape=True)
    with expect(token_granted) as it:
        it.that(
            0 < announced <= lifetime,
            AT,
            f"exp - iat of at least {show_word(announced)} s",
            f"{show_word(lifetime)} s",
        )


@token_check(
    "access-token-grace-is-30-seconds",
    level="should",
    basis="observed",
    source="contract-facts §4.1, §9",
)
def test_the_token_outlives_expires_in_by_30_seconds(
    token_granted: Exchange, environment: Environment
) -> None:
    """The token outlives expires_in by 30 seconds, as in Oracle's samples."""
    demand_oracles(environment)
    lifetime = _lifetime(token_granted, environment)
    announced = _announced(token_granted, "expires_in")
    with expect(token_granted) as it:
        grace = lifetime - announced if isinstance(announced, int) else None
        it.that(grace == 30, AT, "30 s of grace", f"{show_word(grace)} s")


@token_check("access-token-id-is-unique", level="must", basis="standard", source="RFC 7519 §4.1.7")
def test_each_token_has_its_own_id(
    token_granted: Exchange, second_token: Exchange, environment: Environment
) -> None:
    """Two tokens carry two different jti."""
    first, second = (
        token_of(each, environment).claims.get("jti") for each in (token_granted, second_token)
    )
    if first is None or second is None:
        raise absent("jti, which is optional (RFC 7519 §4.1.7)")
    with expect(second_token) as it:
        it.that(first != second, AT, "a jti of its own", "the same again")


def _shown_issuer(issuer: object) -> str:
    return show_url(issuer) if isinstance(issuer, str) else show_word(issuer)


def _announced(exchange: Exchange, name: str) -> object:
    body = exchange.json_or_none
    return body.get(name) if isinstance(body, dict) else None


def _lifetime(exchange: Exchange, environment: Environment) -> float:
    return _number(exchange, environment, "exp") - _number(exchange, environment, "iat")


def _number(exchange: Exchange, environment: Environment, name: str) -> float:
    value = token_of(exchange, environment).claims.get(name)
    if value is None:
        raise absent(f"{name}, which is optional (RFC 7519 §4.1)")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CouldNotTellError(f"the token's {name} is not a number: {show(value)}")
    return value
