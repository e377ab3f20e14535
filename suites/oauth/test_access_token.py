"""The access token itself: a JWT by RFC 7515 and RFC 7519, with the claims that Oracle's samples show."""

from __future__ import annotations

from golive import (
    SIGNATURES,
    VERSIONED_CLAIMS,
    AccessToken,
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    NotClaimedError,
    access_token_of,
    by_its_word,
    check,
    cloud_of,
    demand_oracles,
    expect,
    issuer_host,
    issuers,
    keys_of,
    may_be_unpublished,
    real_host,
    show,
    show_url,
    show_word,
    verification_problem,
)
from golive import read_token as read

SAMPLES = "contract-facts §4.1 (Oracle's decoded samples)"
ASSERTIONS = "contract-facts §4.1 (advertised methods); RFC 7523 §2.2"
CLOCK_SKEW = 60
"""Seconds by which two clocks may differ before iat says anything."""

AT = "/access_token"
TYPES = frozenset({"JWT", "AT+JWT", "APPLICATION/AT+JWT"})
"""Values of `typ` for an access token (RFC 7519 §5.1, RFC 9068 §2.1); case does not matter."""


def _token(exchange: Exchange, environment: Environment) -> AccessToken:
    """Return the token as far as it can be read.

    Raises NotClaimedError where the environment says that tokens are opaque, CouldNotTellError where its
    inside can't be seen.
    """
    if environment.token.form == "opaque":
        raise NotClaimedError("token.form")
    text = access_token_of(exchange)
    if text is None:
        raise CouldNotTellError("the token response holds no access token")
    token = read(text)
    if token.sealed:
        raise _unseen(token)
    if token.problem:
        raise CouldNotTellError(f"the access token can't be read: {token.problem}")
    return token


def _unseen(token: AccessToken) -> CouldNotTellError:
    return CouldNotTellError(
        f"the access token is {token.sealed}: nothing of its inside can be seen from outside",
        next_step="Nothing; only the server that takes the token can read it.",
        unsettled_shape=True,
    )


def _unpublished(kid: str | None) -> CouldNotTellError:
    return CouldNotTellError(
        f"the token's key {show_word(kid)} is newer than every key of the set, which may show it in a moment",
        next_step="Run again in some minutes. Where it stays away, ask Oracle with the kid and the time.",
        unsettled_shape=True,
    )


def _absent(what: str) -> CouldNotTellError:
    """Say that a claim which no standard demands is not there."""
    return CouldNotTellError(f"the access token carries no {what}", unsettled_shape=True)


@check("access-token-is-a-signed-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_access_token_is_a_signed_jwt(
    token_granted: Exchange, environment: Environment
) -> None:
    """The access token is a JWT of three parts, header and payload being JSON objects."""
    form = environment.token.form
    if form == "opaque":
        raise NotClaimedError("token.form")
    text = access_token_of(token_granted)
    token = read(text) if text else None
    if token is not None and token.sealed and form is None:
        raise _unseen(token)
    label = by_its_word(environment, "RFC 7515 §7.1") if form else None
    with expect(token_granted) as it:
        problem = token.problem if token else "there is none"
        it.that(problem is None, AT, "a signed JWT of three parts", str(problem), label=label)


@check("access-token-header-keeps-its-schema", level="must", basis="documented", source=SAMPLES)
def test_the_header_keeps_its_schema(
    token_granted: Exchange, environment: Environment, contract: Contract
) -> None:
    """The token's header names type, algorithm and key as the contract says."""
    demand_oracles(environment)
    with expect(token_granted) as it:
        header = _token(token_granted, environment).header
        it.schema(contract, "oauth/access-token-header", header, below=f"{AT}/header")


@check("access-token-claims-keep-their-schema", level="must", basis="documented", source=SAMPLES)
def test_the_claims_keep_their_schema(
    token_granted: Exchange, environment: Environment, contract: Contract
) -> None:
    """The token's claims have the members and types that the contract gives."""
    demand_oracles(environment)
    with expect(token_granted) as it:
        claims = _token(token_granted, environment).claims
        it.schema(contract, "oauth/access-token-claims", claims, below=f"{AT}/payload")


@check("access-token-is-signed-with-es256", level="must", basis="documented", source=SAMPLES)
def test_the_token_is_signed_with_es256(token_granted: Exchange, environment: Environment) -> None:
    """The access token is signed with ES256, never with none."""
    algorithm = _token(token_granted, environment).header.get("alg")
    with expect(token_granted) as it:
        if environment.token.is_oracles:
            it.that(algorithm == "ES256", AT, "alg ES256", f"alg {show_word(algorithm)}")
        else:
            signed = isinstance(algorithm, str) and algorithm.lower() != "none"
            wanted = "an algorithm, and not none (RFC 8725 §3.2)"
            it.that(signed, AT, wanted, f"alg {show_word(algorithm)}")


@check("access-token-type-is-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_token_says_that_it_is_a_jwt(token_granted: Exchange, environment: Environment) -> None:
    """The token's header says typ JWT."""
    kind = _token(token_granted, environment).header.get("typ")
    allowed = frozenset({"JWT"}) if environment.token.is_oracles else TYPES
    if kind is None and not environment.token.is_oracles:
        raise _absent("typ, which is optional (RFC 7515 §4.1.9)")
    with expect(token_granted) as it:
        known = isinstance(kind, str) and kind.upper() in allowed
        it.that(known, AT, f"typ {' or '.join(sorted(allowed))}", f"typ {show_word(kind)}")


@check(
    "access-token-key-is-in-key-set",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_the_signing_key_is_published(
    token_granted: Exchange, key_set: Exchange, environment: Environment
) -> None:
    """The key that signed the token is in the key set of the host that granted it."""
    kid = _token(token_granted, environment).kid
    keys = keys_of(key_set)
    if kid is None and not environment.token.is_oracles:
        raise _absent("kid, which is optional (RFC 7515 §4.1.4)")
    if may_be_unpublished(kid, keys):
        raise _unpublished(kid)
    with expect(key_set) as it:
        known = [key.get("kid") for key in keys]
        it.that(
            kid in known, "/keys", f"a key with kid {show_word(kid)}", f"{len(known)} other keys"
        )


@check(
    "access-token-signature-verifies",
    level="must",
    basis="standard",
    source="RFC 7515 §5.2; RFC 8725 §3.1",
)
def test_the_signature_verifies(
    token_granted: Exchange, key_set: Exchange, environment: Environment
) -> None:
    """The token's signature verifies with the key of its kid."""
    token = _token(token_granted, environment)
    # Where the set could not be read, or is older than the key, nothing is said about the signature.
    if may_be_unpublished(token.kid, keys_of(key_set)):
        raise _unpublished(token.kid)
    oracles = environment.token.is_oracles
    algorithm = token.header.get("alg")
    if not oracles and algorithm not in SIGNATURES:
        why = f"a token with alg {show_word(algorithm)} can't be verified with a public key"
        raise CouldNotTellError(why, unsettled_shape=True)
    allowed = ("ES256",) if oracles else SIGNATURES
    with expect(token_granted) as it:
        text = access_token_of(token_granted) or ""
        problem = verification_problem(text, key_set.json, allowed, any_key=not oracles)
        it.that(problem is None, AT, "a signature that verifies", str(problem))


@check(
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
    issuer = _token(token_granted, environment).claims.get("iss")
    label = by_its_word(environment, "RFC 9068 §4")
    expected = f"iss {' or '.join(sorted(allowed))}"
    with expect(token_granted) as it:
        it.that(issuer in allowed, AT, expected, f"iss {_shown_issuer(issuer)}", label=label)


@check(
    "access-token-is-of-the-api-cloud",
    level="must",
    basis="observed",
    source="contract-facts §5 row 23, §6.1",
)
def test_the_token_is_of_the_cloud_that_the_api_trusts(
    token_granted: Exchange, environment: Environment
) -> None:
    """The token's issuer belongs to the same cloud as the API host."""
    issuer = _token(token_granted, environment).claims.get("iss")
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


@check("access-token-tenant-is-the-environments", level="must", basis="documented", source=SAMPLES)
def test_the_token_is_for_the_tenant(token_granted: Exchange, environment: Environment) -> None:
    """The token names the tenant that it was asked for, in each claim that carries one."""
    token = _token(token_granted, environment)
    if token.tenant is None and not environment.token.is_oracles:
        raise _absent("tenant in a claim that golive knows")
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


@check("access-token-client-is-the-environments", level="must", basis="documented", source=SAMPLES)
def test_the_token_is_for_the_client(token_granted: Exchange, environment: Environment) -> None:
    """The token names the client that asked for it in azp, or in client_id (RFC 9068 §2.2)."""
    named = _token(token_granted, environment).client_id
    if named is None and not environment.token.is_oracles:
        raise _absent("client in a claim that golive knows")
    with expect(token_granted) as it:
        client = environment.token.credential.client_id
        it.that(named == client, AT, f"azp {client}", f"azp {show_word(named)}")


@check("access-token-scopes-are-the-granted", level="must", basis="documented", source=SAMPLES)
def test_the_token_carries_the_granted_scopes(
    token_granted: Exchange, environment: Environment
) -> None:
    """The scopes inside the token are those that the response says were granted."""
    granted = _announced(token_granted, "scope")
    inside = _token(token_granted, environment).scopes
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


@check("access-token-was-issued-now", level="must", basis="standard", source="RFC 7519 §4.1.6")
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


@check(
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


@check(
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


@check("access-token-id-is-unique", level="must", basis="standard", source="RFC 7519 §4.1.7")
def test_each_token_has_its_own_id(
    token_granted: Exchange, second_token: Exchange, environment: Environment
) -> None:
    """Two tokens carry two different jti."""
    first, second = (
        _token(each, environment).claims.get("jti") for each in (token_granted, second_token)
    )
    if first is None or second is None:
        raise _absent("jti, which is optional (RFC 7519 §4.1.7)")
    with expect(second_token) as it:
        it.that(first != second, AT, "a jti of its own", "the same again")


@check("token-by-assertion-is-granted", level="must", basis="observed", source=ASSERTIONS)
def test_an_assertion_gets_a_token(granted_by_assertion: Exchange, contract: Contract) -> None:
    """A client that signs an assertion with its registered key is granted a token."""
    with expect(granted_by_assertion) as it:
        it.status(200)
        it.schema(contract, "oauth/token-response")


@check("token-by-rsa-assertion-is-granted", level="must", basis="observed", source=ASSERTIONS)
def test_an_rsa_assertion_gets_a_token(
    granted_by_rsa_assertion: Exchange, contract: Contract
) -> None:
    """A client that signs an assertion with its registered RSA key is granted a token."""
    with expect(granted_by_rsa_assertion) as it:
        it.status(200)
        it.schema(contract, "oauth/token-response")


def _shown_issuer(issuer: object) -> str:
    return show_url(issuer) if isinstance(issuer, str) else show_word(issuer)


def _announced(exchange: Exchange, name: str) -> object:
    body = exchange.json_or_none
    return body.get(name) if isinstance(body, dict) else None


def _lifetime(exchange: Exchange, environment: Environment) -> float:
    return _number(exchange, environment, "exp") - _number(exchange, environment, "iat")


def _number(exchange: Exchange, environment: Environment, name: str) -> float:
    value = _token(exchange, environment).claims.get(name)
    if value is None:
        raise _absent(f"{name}, which is optional (RFC 7519 §4.1)")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CouldNotTellError(f"the token's {name} is not a number: {show(value)}")
    return value
