"""The claims of the access token: those of RFC 7519, and those that Oracle's samples show."""

from __future__ import annotations

from golive import (
    VERSIONED_CLAIMS,
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    Steps,
    by_its_word,
    cloud_of,
    demand_oracles,
    expect,
    issuer_host,
    issuers,
    real_host,
    show_url,
    show_word,
)
from suites.common.answers import each_once
from suites.common.lists import same_json
from suites.common.scopes import granted_scopes
from suites.oauth.access_token import (
    AT,
    SAMPLES,
    absent,
    demand_same_server,
    judge_each,
    token_check,
    token_of,
)


@token_check(
    "access-token-claims-keep-their-schema", level="must", basis="documented", source=SAMPLES
)
def test_the_claims_keep_their_schema(
    token_granted: Exchange, grants: Steps, environment: Environment, contract: Contract
) -> None:
    """The token's claims have the members and types that the contract gives."""

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        claims = token_of(it.exchange, environment).claims
        # The schema has the issuers of Oracle's own hosts; that of a double is the file's to name.
        named = "iss" in claims and not environment.token.is_at_oracles_host
        it.schema(
            contract,
            "oauth/access-token-claims",
            claims,
            below=f"{AT}/payload",
            apart_from=frozenset({"/iss"}) if named else frozenset(),
        )

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-issuer-is-its-host",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §4.4, §9",
)
def test_the_issuer_is_the_host_that_was_asked(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The issuer is the authorization server that was asked, with or without the tenant."""

    def judge(it: Expect, environment: Environment) -> None:
        allowed = issuers(environment)
        issuer = token_of(it.exchange, environment).claims.get("iss")
        label = by_its_word(environment, "RFC 9068 §4")
        expected = f"iss {' or '.join(sorted(allowed))}"
        known = isinstance(issuer, str) and issuer in allowed
        it.that(known, AT, expected, f"iss {_shown_issuer(issuer)}", label=label)

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-is-of-the-api-cloud",
    level="must",
    basis="observed",
    source="contract-facts §5 row 23, §6.1",
)
def test_the_token_is_of_the_cloud_that_the_api_trusts(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's issuer belongs to the same cloud as the API host."""

    def judge(it: Expect, own: Environment) -> None:
        demand_same_server(it.exchange, token_granted, environment)
        issuer = token_of(it.exchange, own).claims.get("iss")
        api_host = real_host(own.api.base_url)
        token_cloud, api_cloud = cloud_of(issuer_host(issuer)), cloud_of(api_host)
        if token_cloud is None or api_cloud is None:
            host = api_host if api_cloud is None else f"the issuer {_shown_issuer(issuer)}"
            raise CouldNotTellError(f"nobody knows the cloud of {host}", unsettled_shape=True)
        it.that(
            token_cloud == api_cloud,
            AT,
            f"an issuer of the {api_cloud} cloud, as {api_host}",
            f"iss {_shown_issuer(issuer)} ({token_cloud} cloud)",
            next_step="Correct `token.url`: the API trusts the production cloud only.",
        )

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-tenant-is-the-environments", level="must", basis="documented", source=SAMPLES
)
def test_the_token_is_for_the_tenant(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token names the tenant that it was asked for, in each claim that carries one."""

    def judge(it: Expect, environment: Environment) -> None:
        token = token_of(it.exchange, environment)
        if token.tenant is None and not environment.token.is_oracles:
            raise absent("tenant in a claim that golive knows")
        versioned = token.claims.get(VERSIONED_CLAIMS)
        named = {str(token.tenant)}
        if isinstance(versioned, dict) and "tenant" in versioned:
            named.add(str(versioned["tenant"]))
        it.that(
            named == {environment.tenant},
            AT,
            f"tenant {environment.tenant}",
            f"tenant {' and '.join(map(show_word, sorted(named)))}",
        )

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-client-is-the-environments", level="must", basis="documented", source=SAMPLES
)
def test_the_token_is_for_the_client(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token names the client that asked for it in azp, or in client_id (RFC 9068 §2.2)."""

    def judge(it: Expect, environment: Environment) -> None:
        named = token_of(it.exchange, environment).client_id
        if named is None and not environment.token.is_oracles:
            raise absent("client in a claim that golive knows")
        client = environment.token.credential.client_id
        it.that(named == client, AT, f"azp {client}", f"azp {show_word(named)}")

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-scopes-are-the-granted", level="must", basis="documented", source=SAMPLES
)
def test_the_token_carries_the_granted_scopes(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The scopes inside the token are those that the response says were granted."""

    def judge(it: Expect, environment: Environment) -> None:
        inside = token_of(it.exchange, environment).scopes
        if inside is None:
            raise CouldNotTellError(
                "the token carries no scopes that can be read", unsettled_shape=True
            )
        wanted = granted_scopes(it.exchange)
        it.that(
            inside == wanted,
            AT,
            f"azs {show_word(' '.join(sorted(wanted)))}",
            f"azs {show_word(' '.join(sorted(inside)))}",
        )

    judge_each(token_granted, grants, environment, judge)


@token_check("access-token-id-is-unique", level="must", basis="standard", source="RFC 7519 §4.1.7")
def test_each_token_has_its_own_id(
    token_granted: Exchange, second_token: Exchange, grants: Steps, environment: Environment
) -> None:
    """No two tokens carry the same jti; one that is granted again is the same token."""
    given = each_once([token_granted, second_token], grants.values())
    tokens = [(each, token_of(each, environment).claims) for each in given]
    if any(claims.get("jti") is None for _, claims in tokens[:2]):
        raise absent("jti, which is optional (RFC 7519 §4.1.7)")
    if all(same_json(claims, tokens[0][1]) for _, claims in tokens):
        raise CouldNotTellError("every token of the run is the same one", unsettled_shape=True)
    for number, (each, claims) in enumerate(tokens):
        named = claims.get("jti")
        known = [one for _, one in tokens[:number] if named is not None and one.get("jti") == named]
        with expect(each) as it:
            again = any(not same_json(one, claims) for one in known)
            it.that(not again, AT, "a jti of its own", "that of another token")


def _shown_issuer(issuer: object) -> str:
    return show_url(issuer) if isinstance(issuer, str) else show_word(issuer)
