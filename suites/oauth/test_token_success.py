"""A token that is granted: RFC 6749 §4.4.3 and §5.1, and what Oracle's server was seen to add."""

from __future__ import annotations

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    Steps,
    check,
    demand_oracles,
    expect,
    inferred,
    judge_correlation_id,
    show_word,
)
from suites.messages.citations import SECRECY
from suites.oauth.access_token import judge_each, member

RESPONSE = "RFC 6749 §5.1"
WIRE = "contract-facts §4.1 (headers of a success, 2023-11)"
ALWAYS = inferred("contract-facts §4.1 (in each of the answers that were published)")
TOO_LARGE = inferred("contract-facts §4.1 (too many scopes): where a header ends is not said")
HEADER_SAFE = 7000
"""Characters: with `Authorization: Bearer ` below the 8 KiB that common servers take for one field."""


@check("token-status-is-200", level="must", basis="standard", source=RESPONSE)
def test_a_token_is_granted_with_200(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """A valid client-credentials request is answered with 200."""

    def judge(it: Expect, _: Environment) -> None:
        it.status(200)

    judge_each(token_granted, grants, environment, judge)


@check("token-response-is-json", level="must", basis="standard", source=RESPONSE)
def test_the_token_response_is_json(token_granted: Exchange) -> None:
    """The token response is a JSON object with media type application/json."""
    with expect(token_granted) as it:
        it.media_type()
        body = it.json()
        it.that(isinstance(body, dict), "body", "a JSON object", type(body).__name__)


@check("token-response-keeps-its-schema", level="must", basis="standard", source=RESPONSE)
def test_the_token_response_keeps_its_schema(
    token_granted: Exchange, grants: Steps, contract: Contract, environment: Environment
) -> None:
    """Each member of the token response has the type and form that the contract gives."""

    def judge(it: Expect, _: Environment) -> None:
        it.schema(contract, "oauth/token-response")

    judge_each(token_granted, grants, environment, judge)


@check("token-type-is-bearer", level="must", basis="documented", source="contract-facts §4.1")
def test_the_token_type_is_bearer(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's type is Bearer, whatever its case."""

    def judge(it: Expect, _: Environment) -> None:
        kind = member(it.exchange, "token_type")
        it.that(
            isinstance(kind, str) and kind.lower() == "bearer",
            "/token_type",
            "Bearer",
            show_word(kind),
        )

    judge_each(token_granted, grants, environment, judge)


@check("token-lifetime-is-positive", level="must", basis="observed", source="contract-facts §4.1")
def test_the_token_says_how_long_it_lives(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token response says in expires_in for how many seconds the token lives."""

    def judge(it: Expect, environment: Environment) -> None:
        seconds = member(it.exchange, "expires_in")
        if seconds is None and not environment.token.is_oracles:
            why = "the token response has no expires_in, which is recommended only (RFC 6749 §5.1)"
            raise CouldNotTellError(why, unsettled_shape=True)
        holds = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
        it.that(holds, "/expires_in", "a positive whole number of seconds", show_word(seconds))

    judge_each(token_granted, grants, environment, judge)


@check("token-lifetime-is-570", level="should", basis="observed", source="contract-facts §4.1, §9")
def test_the_token_lives_as_long_as_usual(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token lives 570 seconds, as on every answer seen since 2016."""

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        usual = environment.twin.token_lifetime if environment.twin else 570
        seconds = member(it.exchange, "expires_in")
        it.that(seconds == usual, "/expires_in", str(usual), show_word(seconds))

    judge_each(token_granted, grants, environment, judge)


@check(
    "token-comes-without-refresh-token", level="should", basis="standard", source="RFC 6749 §4.4.3"
)
def test_no_refresh_token_is_issued(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """A client-credentials answer has no refresh token."""

    def judge(it: Expect, _: Environment) -> None:
        absent = member(it.exchange, "refresh_token") is None
        it.that(absent, "/refresh_token", "absent", "present")

    judge_each(token_granted, grants, environment, judge)


@check("token-is-not-stored-by-caches", level="must", basis="standard", source=RESPONSE)
def test_no_cache_stores_the_token(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token response carries Cache-Control: no-store and Pragma: no-cache."""

    def judge(it: Expect, _: Environment) -> None:
        if member(it.exchange, "access_token") is None:
            raise CouldNotTellError("the token response holds no access token")
        it.header_has("Cache-Control", "no-store")
        it.header_has("Pragma", "no-cache")

    judge_each(token_granted, grants, environment, judge)


@check("token-response-has-correlation-id", level="must", basis="observed", source=WIRE)
def test_the_token_response_has_a_correlation_id(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token response carries a Cerner-Correlation-ID, a UUID."""

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        judge_correlation_id(it)

    judge_each(token_granted, grants, environment, judge)


@check("token-is-granted-again", level="must", basis="standard", source="RFC 6749 §4.4.3, §5.1")
def test_a_second_token_is_granted(plain_again: Exchange) -> None:
    """A client that has a token is granted another one."""
    with expect(plain_again) as it:
        it.status(200)


@check("token-unknown-parameter-is-ignored", level="must", basis="standard", source="RFC 6749 §3.2")
def test_an_unknown_parameter_is_ignored(second_token: Exchange, plain_again: Exchange) -> None:
    """A token request with a parameter that the server does not know is granted as without it."""
    if not plain_again.succeeded:
        raise CouldNotTellError(
            f"a second token is not granted without the parameter, either ({plain_again.status})"
        )
    with expect(second_token) as it:
        it.status(200)


@check("token-correlation-id-is-fresh", level="must", basis="observed", source=WIRE)
def test_each_answer_has_its_own_correlation_id(
    token_granted: Exchange, second_token: Exchange, grants: Steps, environment: Environment
) -> None:
    """No two token responses carry the same correlation id: each is the answer to its own request."""
    demand_oracles(environment)
    name = "Cerner-Correlation-ID"
    known: dict[str, Exchange] = {}
    given = {id(one.response): one for one in (token_granted, second_token, *grants.values())}
    for each in given.values():
        with expect(each) as it:
            own = it.header(name, label=ALWAYS) if each is second_token else each.header(name)
            before = known.setdefault(own, each) if own else each
            it.that(before is each, f"header:{name}", "a fresh id", f"that of {before.name}")


@check("token-response-keeps-the-secret", level="must", basis="standard", source=SECRECY)
def test_the_token_response_does_not_echo_the_credential(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """Nothing in the token response, but for what it grants, repeats a credential or a token of the run."""

    def judge(it: Expect, _: Environment) -> None:
        it.keeps_secrets()

    judge_each(token_granted, grants, environment, judge)


@check(
    "token-comes-without-id-token",
    level="should",
    basis="observed",
    source="contract-facts §4.1 (members of user flows)",
)
def test_no_id_token_is_issued(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """A client-credentials answer has no id_token: there is no user whom it could be about."""

    def judge(it: Expect, _: Environment) -> None:
        absent = member(it.exchange, "id_token") is None
        it.that(absent, "/id_token", "absent", "present")

    judge_each(token_granted, grants, environment, judge)


@check(
    "token-fits-into-a-header",
    level="must",
    basis="standard",
    source="RFC 6750 §2.1",
)
def test_the_token_fits_into_a_header(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token is made of characters that an Authorization header takes, and is not too long for it."""

    def judge(it: Expect, _: Environment) -> None:
        token = member(it.exchange, "access_token")
        text = token if isinstance(token, str) else ""
        plain = text.isascii() and not any(c.isspace() or c == "," for c in text)
        it.that(bool(text) and plain, "/access_token", "b64token characters", "others")
        it.that(
            len(text) <= HEADER_SAFE,
            "/access_token",
            f"at most {HEADER_SAFE} characters",
            f"{len(text)} characters",
            label=TOO_LARGE,
            next_step="Ask for fewer scopes; many scopes make a token too large for a header.",
        )

    judge_each(token_granted, grants, environment, judge)
