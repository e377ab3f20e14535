"""The access token itself: a JWT by RFC 7515 and RFC 7519, with the claims that Oracle's samples show."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.access_token import VERSIONED_CLAIMS, AccessToken, read, verification_problem
from golive.environment import cloud_of, real_host
from golive.expect import expect
from golive.findings import CouldNotTellError
from golive.pytest_plugin import check
from golive.redaction import show, show_url, show_word
from golive.token import access_token_of

if TYPE_CHECKING:
    from golive.contract import Contract
    from golive.environment import Environment
    from golive.exchange import Exchange

SAMPLES = "contract-facts §4.1 (Oracle's decoded samples)"
ASSERTIONS = "contract-facts §4.1 (advertised methods); RFC 7523 §2.2"
CLOCK_SKEW = 60
"""Seconds by which two clocks may differ before iat says anything."""

AT = "/access_token"


def _token(exchange: Exchange) -> AccessToken:
    text = access_token_of(exchange)
    if text is None:
        raise CouldNotTellError("the token response holds no access token")
    token = read(text)
    if token.problem:
        raise CouldNotTellError(f"the access token can't be read: {token.problem}")
    return token


@check("access-token-is-a-signed-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_access_token_is_a_signed_jwt(token_granted: Exchange) -> None:
    """The access token is a JWT of three parts, header and payload being JSON objects."""
    text = access_token_of(token_granted)
    with expect(token_granted) as it:
        problem = read(text).problem if text else "there is none"
        it.that(problem is None, AT, "a signed JWT of three parts", str(problem))


@check("access-token-header-keeps-its-schema", level="must", basis="documented", source=SAMPLES)
def test_the_header_keeps_its_schema(token_granted: Exchange, contract: Contract) -> None:
    """The token's header names type, algorithm and key as the contract says."""
    with expect(token_granted) as it:
        header = _token(token_granted).header
        it.schema(contract, "oauth/access-token-header", header, below=f"{AT}/header")


@check("access-token-claims-keep-their-schema", level="must", basis="documented", source=SAMPLES)
def test_the_claims_keep_their_schema(token_granted: Exchange, contract: Contract) -> None:
    """The token's claims have the members and types that the contract gives."""
    with expect(token_granted) as it:
        claims = _token(token_granted).claims
        it.schema(contract, "oauth/access-token-claims", claims, below=f"{AT}/payload")


@check("access-token-is-signed-with-es256", level="must", basis="documented", source=SAMPLES)
def test_the_token_is_signed_with_es256(token_granted: Exchange) -> None:
    """The access token is signed with ES256, never with none."""
    with expect(token_granted) as it:
        algorithm = _token(token_granted).header.get("alg")
        it.that(algorithm == "ES256", AT, "alg ES256", f"alg {show_word(algorithm)}")


@check("access-token-type-is-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_token_says_that_it_is_a_jwt(token_granted: Exchange) -> None:
    """The token's header says typ JWT."""
    with expect(token_granted) as it:
        kind = _token(token_granted).header.get("typ")
        it.that(
            isinstance(kind, str) and kind.upper() == "JWT", AT, "typ JWT", f"typ {show_word(kind)}"
        )


@check(
    "access-token-key-is-in-key-set",
    level="must",
    basis="observed",
    source="contract-facts §4.4, §9",
)
def test_the_signing_key_is_published(token_granted: Exchange, key_set: Exchange) -> None:
    """The key that signed the token is in the key set of the host that granted it."""
    kid = _token(token_granted).kid
    keys = _keys(key_set)
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
def test_the_signature_verifies(token_granted: Exchange, key_set: Exchange) -> None:
    """The token's signature verifies with the key of its kid."""
    text = access_token_of(token_granted) or ""
    _token(token_granted)
    with expect(token_granted) as it:
        problem = verification_problem(text, key_set.json_or_none)
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
    host = real_host(environment.token.url)
    allowed = {f"https://{host}/", f"https://{host}/tenants/{environment.tenant}"}
    issuer = _token(token_granted).claims.get("iss")
    with expect(token_granted) as it:
        it.that(
            issuer in allowed,
            AT,
            f"iss {' or '.join(sorted(allowed))}",
            f"iss {_shown_issuer(issuer)}",
        )


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
    issuer = str(_token(token_granted).claims.get("iss"))
    api_host = real_host(environment.api.base_url)
    token_cloud, api_cloud = cloud_of(real_host(issuer)), cloud_of(api_host)
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
    token = _token(token_granted)
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
    """The token names the client that asked for it in azp."""
    with expect(token_granted) as it:
        client = environment.token.credential.client_id
        azp = _token(token_granted).client_id
        it.that(azp == client, AT, f"azp {client}", f"azp {show_word(azp)}")


@check("access-token-scopes-are-the-granted", level="must", basis="documented", source=SAMPLES)
def test_the_token_carries_the_granted_scopes(token_granted: Exchange) -> None:
    """The scopes inside the token are those that the response says were granted."""
    granted = _announced(token_granted, "scope")
    inside = _token(token_granted).scopes
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
def test_the_token_was_issued_when_it_was_asked_for(token_granted: Exchange) -> None:
    """The token's iat is the time of the answer, within the skew of two clocks."""
    issued = _number(token_granted, "iat")
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
def test_the_token_lives_at_least_as_long_as_announced(token_granted: Exchange) -> None:
    """The token's exp lies no earlier than its iat plus expires_in."""
    lifetime = _number(token_granted, "exp") - _number(token_granted, "iat")
    announced = _announced(token_granted, "expires_in")
    if not isinstance(announced, int):
        raise CouldNotTellError("the token response does not say expires_in")
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
def test_the_token_outlives_expires_in_by_30_seconds(token_granted: Exchange) -> None:
    """The token outlives expires_in by 30 seconds, as in Oracle's samples."""
    lifetime = _number(token_granted, "exp") - _number(token_granted, "iat")
    announced = _announced(token_granted, "expires_in")
    with expect(token_granted) as it:
        grace = lifetime - announced if isinstance(announced, int) else None
        it.that(grace == 30, AT, "30 s of grace", f"{show_word(grace)} s")


@check("access-token-id-is-unique", level="must", basis="standard", source="RFC 7519 §4.1.7")
def test_each_token_has_its_own_id(token_granted: Exchange, second_token: Exchange) -> None:
    """Two tokens carry two different jti."""
    first, second = (_token(e).claims.get("jti") for e in (token_granted, second_token))
    with expect(second_token) as it:
        it.that(bool(second) and first != second, AT, "a jti of its own", "the same or none")


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


def _keys(key_set: Exchange) -> list[dict[str, object]]:
    body = key_set.json_or_none
    keys = body.get("keys") if isinstance(body, dict) else None
    if not isinstance(keys, list):
        raise CouldNotTellError("the key set can't be read")
    return [key for key in keys if isinstance(key, dict)]


def _announced(exchange: Exchange, name: str) -> object:
    body = exchange.json_or_none
    return body.get(name) if isinstance(body, dict) else None


def _number(exchange: Exchange, name: str) -> float:
    value = _token(exchange).claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CouldNotTellError(f"the token's {name} is no number: {show(value)}")
    return value
