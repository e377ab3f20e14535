"""The scope of a granted token: what was asked for, what was granted, and what the answer says of it."""

from __future__ import annotations

from functools import partial

from golive import (
    CouldNotTellError,
    Environment,
    Exchange,
    Expect,
    NotClaimedError,
    Steps,
    asked_scopes,
    check,
    demand_oracles,
    expect,
    show_word,
)
from suites.oauth.access_token import judge_each, member

scope_check = partial(check, area="token success")


@scope_check(
    "token-scope-covers-what-was-asked",
    level="must",
    basis="documented",
    source="contract-facts §1 (the scope of each API), §4.1; mcfap/intro.html",
)
def test_every_scope_asked_for_is_granted(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """Every scope that was asked for is granted; an absent scope member means all of them."""
    own = environment.token.credential

    def judge(it: Expect, environment: Environment) -> None:
        if environment.token.credential != own:  # an account for a refusal need not get all it asks
            raise NotClaimedError("token.scopes")
        asked = set(environment.token.scopes)
        scope = member(it.exchange, "scope")
        if scope is not None:
            granted = set(scope.split()) if isinstance(scope, str) else set()
            it.that(
                asked <= granted,
                "/scope",
                f"at least {' '.join(sorted(asked))}",
                f"without {' '.join(sorted(asked - granted))}",
                next_step="Have the missing scope added to the application; it was dropped silently.",
            )

    judge_each(token_granted, grants, environment, judge)


@scope_check(
    "token-scope-is-no-more-than-asked",
    level="should",
    basis="observed",
    source="contract-facts §4.1",
)
def test_no_scope_is_granted_unasked(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """No scope is granted that was not asked for."""

    def judge(it: Expect, environment: Environment) -> None:
        demand_oracles(environment)
        scope = member(it.exchange, "scope")
        unasked = set(scope.split() if isinstance(scope, str) else ()) - asked_scopes(it.exchange)
        it.that(
            not unasked, "/scope", "only what was asked for", show_word(" ".join(sorted(unasked)))
        )

    judge_each(token_granted, grants, environment, judge)


@scope_check(
    "token-scope-names-what-is-granted", level="must", basis="standard", source="RFC 6749 §5.1"
)
def test_a_grant_of_less_says_what_it_grants(grant_of_less: Exchange) -> None:
    """Where less is granted than was asked for, the token response says in scope what it is."""
    if grant_of_less.status // 100 == 4:
        why = "a scope that does not exist is refused here, not left out, so the granted one was as asked"
        raise CouldNotTellError(why, unsettled_shape=True)
    with expect(grant_of_less) as it:
        it.status(200)
        scope = member(grant_of_less, "scope")
        wanted = "the scopes that are granted"
        if not isinstance(scope, str):
            it.violated("/scope", wanted, "absent, though less is granted than was asked for")
        else:
            echoed = asked_scopes(grant_of_less) <= set(scope.split())
            it.that(not echoed, "/scope", wanted, "all that was asked for, one that does not exist")
