"""The times in an access token, and the lifetime that its answer announces."""

from __future__ import annotations

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    Steps,
    demand_oracles,
    show,
    show_word,
)
from suites.oauth.access_token import AT, absent, judge_each, member, token_check, token_of

CLOCK_SKEW = 60
"""Seconds by which two clocks may differ before iat says anything."""

GRACE, ROUNDED = 30, 3
"""Seconds that a token outlives what is announced, and what rounding and the way of an answer may make of them."""

FINER = ((10**3, "milliseconds"), (10**6, "microseconds"), (10**9, "nanoseconds"))
A_TOKENS_AGE = 10 * 365 * 86_400
"""Seconds: a date within ten years of now is meant as one of today."""


@token_check(
    "access-token-was-issued-now", level="must", basis="standard", source="RFC 7519 §4.1.6"
)
def test_the_token_was_issued_when_it_was_asked_for(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's iat is the time of the answer, within the skew of two clocks, or as long ago as it says."""
    counted_down = _counted_down([token_granted, *grants.values()])

    def judge(it: Expect, environment: Environment) -> None:
        age = it.exchange.sent_at.timestamp() - _number(it.exchange, environment, "iat")
        seconds, right = abs(age), abs(age) <= CLOCK_SKEW
        # A server may grant a token that it has kept, or date it back for clocks that are behind: what its answer
        # announces is then what is left of a longer life.
        left = member(it.exchange, "expires_in")
        may_be_older = counted_down or not environment.token.is_oracles
        if not right and age > 0 and may_be_older and isinstance(left, int):
            right = left <= _lifetime(it.exchange, environment) - age + CLOCK_SKEW
        it.that(
            right,
            AT,
            f"iat within {CLOCK_SKEW} s of the request",
            f"{seconds:.0f} s away",
            next_step="Compare this machine's clock with the server's Date header first.",
        )

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-times-are-in-seconds",
    level="must",
    basis="standard",
    source="RFC 7519 §2, §4.1.4, §4.1.6",
)
def test_the_tokens_times_are_in_seconds(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's exp, iat and nbf are numbers and count seconds; a date of today in milliseconds does not."""

    def judge(it: Expect, environment: Environment) -> None:
        claims = token_of(it.exchange, environment).claims
        now = it.exchange.sent_at.timestamp()
        known = [name for name in ("exp", "iat", "nbf") if claims.get(name) is not None]
        if not known:
            raise absent("exp, iat or nbf, which are optional (RFC 7519 §4.1)")
        for name in known:
            if type(claims[name]) not in (int, float):
                it.violated(AT, f"{name} as a number", show(claims[name]))
                continue
            finer = [
                words for times, words in FINER if abs(claims[name] / times - now) < A_TOKENS_AGE
            ]
            said = f"{name} in {finer[0]}" if finer else ""
            it.that(not finer, AT, f"{name} in seconds since 1970", said)

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-outlives-expires-in",
    level="must",
    basis="standard",
    source="RFC 6749 §5.1; RFC 7519 §4.1.4",
)
def test_the_token_lives_at_least_as_long_as_announced(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token's exp is no earlier than its iat plus expires_in."""

    def judge(it: Expect, environment: Environment) -> None:
        lifetime = _lifetime(it.exchange, environment)
        announced = member(it.exchange, "expires_in")
        if not isinstance(announced, int):
            raise CouldNotTellError(
                "the token response does not say expires_in", unsettled_shape=True
            )
        it.that(
            0 < announced <= lifetime,
            AT,
            f"exp - iat of at least {show_word(announced)} s",
            f"{show_word(lifetime)} s",
        )

    judge_each(token_granted, grants, environment, judge)


@token_check(
    "access-token-grace-is-30-seconds",
    level="should",
    basis="observed",
    source="contract-facts §4.1, §9",
)
def test_the_token_outlives_expires_in_by_30_seconds(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """The token outlives expires_in by 30 seconds, as in Oracle's samples."""
    counted_down = _counted_down([token_granted, *grants.values()])

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        lifetime = _lifetime(it.exchange, environment)
        announced = member(it.exchange, "expires_in")
        grace = lifetime - announced if isinstance(announced, int) else None
        right = grace == GRACE
        if grace is not None and counted_down:  # the answer is about what is left of a token
            issued = _number(it.exchange, environment, "iat")
            grace -= round(it.exchange.sent_at.timestamp() - issued)
            right = abs(grace - GRACE) <= ROUNDED
        it.that(right, AT, f"{GRACE} s of grace", f"{show_word(grace)} s")

    judge_each(token_granted, grants, environment, judge)


def _counted_down(answers: list[Exchange]) -> bool:
    """Return whether the answers of a run announce several lifetimes, as those of a server that keeps tokens do."""
    said = {left for one in answers if isinstance(left := member(one, "expires_in"), int)}
    return len(said) > 1


def _lifetime(exchange: Exchange, environment: Environment) -> float:
    return _number(exchange, environment, "exp") - _number(exchange, environment, "iat")


def _number(exchange: Exchange, environment: Environment, name: str) -> float:
    value = token_of(exchange, environment).claims.get(name)
    if value is None:
        raise absent(f"{name}, which is optional (RFC 7519 §4.1)")
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise CouldNotTellError(f"the token's {name} is not a number: {show(value)}")
    return value
