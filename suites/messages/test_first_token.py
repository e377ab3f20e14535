"""The first token of a run, when everything else was asked."""

from __future__ import annotations

from golive import CouldNotTellError, Environment, Exchange, check, demand_oracles, expect
from suites.oauth.access_token import member
from suites.oauth.test_access_token_times import CLOCK_SKEW

REFUSED_TOKEN = 401

EARLIER = 0.5
"""The part of its lifetime by which a short-lived token may end before its time, as two hosts' clocks differ."""


@check(
    "access-token-lasts-until-it-expires",
    level="must",
    basis="documented",
    source="contract-facts §4.1 (tokens only expire); RFC 6749 §5.1",
)
def test_the_first_token_of_a_run_is_good_at_its_end(
    token_granted: Exchange,
    first_token_at_the_end: Exchange,
    environment: Environment,
) -> None:
    """The first token of the run opens the inbox until its expires_in is over, whatever was granted since."""
    demand_oracles(environment)
    age = (first_token_at_the_end.sent_at - token_granted.sent_at).total_seconds()
    announced = member(token_granted, "expires_in")
    if not isinstance(announced, int):
        raise CouldNotTellError("the run's first token has no whole number of seconds to live")
    left = announced - age
    enough = min(CLOCK_SKEW, announced * EARLIER)
    if left <= 0 or (left <= enough and not first_token_at_the_end.succeeded):
        raise CouldNotTellError(
            f"the run's first token was {age:.0f} s old at its end, and may have expired: it lives {announced} s",
            next_step="Run again with fewer checks, or a higher safety.rate.",
        )
    with expect(first_token_at_the_end) as it:
        status = it.exchange.status
        # Another failure than that of the token is no more than worth knowing here.
        it.that(
            it.exchange.succeeded,
            "status",
            f"2xx for a token that is {age:.0f} s old, of {announced} s",
            f"{status}, whatever tokens were granted since",
            advice=status != REFUSED_TOKEN,
        )
