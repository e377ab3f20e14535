"""The access token itself: a JWT by RFC 7515, with the header that Oracle's samples show."""

from __future__ import annotations

from golive import (
    Contract,
    Environment,
    Exchange,
    Expect,
    NotClaimedError,
    Steps,
    access_token_of,
    by_its_word,
    demand_oracles,
    expect,
    read_token,
    show_word,
)
from suites.oauth.access_token import AT, SAMPLES, absent, judge_each, token_check, token_of, unseen

ASSERTIONS = "contract-facts §4.1 (advertised methods); RFC 7523 §2.2"
TYPES = frozenset({"JWT", "AT+JWT", "APPLICATION/AT+JWT"})
"""Values of `typ` for an access token (RFC 7519 §5.1, RFC 9068 §2.1); case does not matter."""


@token_check("access-token-is-a-signed-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_access_token_is_a_signed_jwt(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The access token is a JWT of three parts, header and payload being JSON objects."""

    def judge(it: Expect, environment: Environment) -> None:
        form = environment.token.form
        if form == "opaque":
            raise NotClaimedError("token.form")
        text = access_token_of(it.exchange)
        token = read_token(text) if text else None
        if token is not None and token.sealed and form is None:
            raise unseen(token)
        label = by_its_word(environment, "RFC 7515 §7.1") if form else None
        problem = token.problem if token else "there is none"
        it.that(problem is None, AT, "a signed JWT of three parts", str(problem), label=label)

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-header-keeps-its-schema", level="must", basis="documented", source=SAMPLES
)
def test_the_header_keeps_its_schema(
    token_granted: Exchange, grants: Steps, environment: Environment, contract: Contract
) -> None:
    """The token's header names type, algorithm and key as the contract says."""

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        header = token_of(it.exchange, environment).header
        it.schema(contract, "oauth/access-token-header", header, below=f"{AT}/header")

    judge_each(token_granted, grants, environment, judge)


@token_check("access-token-is-signed-with-es256", level="must", basis="documented", source=SAMPLES)
def test_the_token_is_signed_with_es256(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The access token is signed with ES256, never with none."""

    def judge(it: Expect, environment: Environment) -> None:
        algorithm = token_of(it.exchange, environment).header.get("alg")
        if environment.token.is_oracles:
            it.that(algorithm == "ES256", AT, "alg ES256", f"alg {show_word(algorithm)}")
        else:
            signed = isinstance(algorithm, str) and algorithm.lower() != "none"
            wanted = "an algorithm, and not none (RFC 8725 §3.2)"
            it.that(signed, AT, wanted, f"alg {show_word(algorithm)}")

    judge_each(token_granted, grants, environment, judge)


@token_check("access-token-type-is-jwt", level="must", basis="documented", source=SAMPLES)
def test_the_token_says_that_it_is_a_jwt(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's header says typ JWT."""

    def judge(it: Expect, environment: Environment) -> None:
        kind = token_of(it.exchange, environment).header.get("typ")
        allowed = frozenset({"JWT"}) if environment.token.is_oracles else TYPES
        if kind is None and not environment.token.is_oracles:
            raise absent("typ, which is optional (RFC 7515 §4.1.9)")
        known = isinstance(kind, str) and kind.upper() in allowed
        it.that(known, AT, f"typ {' or '.join(sorted(allowed))}", f"typ {show_word(kind)}")

    judge_each(token_granted, grants, environment, judge)


@token_check("token-by-assertion-is-granted", level="must", basis="observed", source=ASSERTIONS)
def test_an_assertion_gets_a_token(granted_by_assertion: Exchange, contract: Contract) -> None:
    """A client that signs an assertion with its registered key is granted a token."""
    with expect(granted_by_assertion) as it:
        it.status(200)
        it.schema(contract, "oauth/token-response")


@token_check("token-by-rsa-assertion-is-granted", level="must", basis="observed", source=ASSERTIONS)
def test_an_rsa_assertion_gets_a_token(
    granted_by_rsa_assertion: Exchange, contract: Contract
) -> None:
    """A client that signs an assertion with its registered RSA key is granted a token."""
    with expect(granted_by_rsa_assertion) as it:
        it.status(200)
        it.schema(contract, "oauth/token-response")
