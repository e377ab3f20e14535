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
    pairs_of,
    show_word,
)
from suites.common.answers import for_each, succeeds
from suites.common.judging import advise_no_failure
from suites.common.scopes import granted_scopes, named_scopes
from suites.oauth.access_token import judge_each, member
from suites.oauth.odd_scopes import COMMAS, demand_unknown_refused

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
        # What a token request leaves out, or writes otherwise to see it refused, need not be granted.
        asked = set(environment.token.scopes) & asked_scopes(it.exchange)
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
    "token-scope-is-that-of-its-own-request",
    level="must",
    basis="documented",
    source="contract-facts §1 (the scope of each API), §4.1; mcfap/intro.html",
)
def test_each_request_is_granted_its_own_scopes(scopes_in_turn: Steps) -> None:
    """Of token requests right after one another, with other scopes each, each is granted what it asked for."""
    alone = [scopes_in_turn[step] for step in ("one", "the other")]
    advise_no_failure(alone)
    if not all(one.succeeded for one in alone):
        raise CouldNotTellError("the two scopes are not both granted alone", unsettled_shape=True)

    def has_its_own(it: Expect) -> None:
        if succeeds(it):
            asked = asked_scopes(it.exchange)
            missing = asked - granted_scopes(it.exchange)
            expected, actual = " ".join(sorted(asked)), " ".join(sorted(missing))
            it.that(not missing, "/scope", f"at least {expected}", f"without {actual}")

    for_each(has_its_own, *scopes_in_turn.values())


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
        unasked = granted_scopes(it.exchange) - asked_scopes(it.exchange)
        it.that(
            not unasked, "/scope", "only what was asked for", show_word(" ".join(sorted(unasked)))
        )

    judge_each(token_granted, grants, environment, judge)


@scope_check(
    "token-scope-names-what-is-granted", level="must", basis="standard", source="RFC 6749 §5.1"
)
def test_a_grant_of_less_says_what_it_grants(grants_of_less: Steps) -> None:
    """Where less is granted than was asked for, the token response says in scope what it is."""
    granted = [one for one in grants_of_less.values() if one.status // 100 != 4]
    if not granted:
        why = "a scope that does not exist is refused here, not left out, so no less was granted than was asked for"
        raise CouldNotTellError(why, unsettled_shape=True)

    def says_it(it: Expect) -> None:
        it.status(200)
        named = named_scopes(it.exchange)
        wanted = "the scopes that are granted"
        if named is None:
            it.violated("/scope", wanted, "absent, though less is granted than was asked for")
        else:
            echoed = asked_scopes(it.exchange) <= named
            it.that(not echoed, "/scope", wanted, "all that was asked for, one that does not exist")

    for_each(says_it, *granted)


@scope_check(
    "registered-scopes-are-granted-beside-an-unknown-one",
    level="must",
    basis="observed",
    source="contract-facts §4.1, §5 (row 4)",
)
def test_an_unknown_scope_takes_no_other_away(
    grants_of_less: Steps, environment: Environment
) -> None:
    """Scopes that are registered are granted, whatever scope stands beside them that does not exist."""
    _grants_the_others(environment, *grants_of_less.values())


@scope_check(
    "registered-scopes-are-granted-beside-a-smart-one",
    level="must",
    basis="observed",
    source="contract-facts §1 (combined with SMART scopes), §4.1",
)
def test_a_smart_scope_takes_no_other_away(
    granted_beside_smart: Exchange, environment: Environment
) -> None:
    """Scopes of this family that are registered are granted, whether or not a scope of SMART beside them is."""
    _grants_the_others(environment, granted_beside_smart)


def _grants_the_others(environment: Environment, *asked_for: Exchange) -> None:
    demand_oracles(environment)
    known = set(environment.token.scopes)

    def grants_the_others(it: Expect) -> None:
        if it.exchange.status // 100 == 4:
            asked = dict(pairs_of(it.exchange.request)).get("scope", "").split()
            other = [str(at) for at, one in enumerate(asked, 1) if one not in known]
            which = f"of {len(asked)} scopes, not the environment's: number {' and '.join(other)}"
            it.violated("status", "200, with the others", f"{it.exchange.status} ({which})")
            return
        it.status(200)
        granted = named_scopes(it.exchange)
        if granted is not None:
            lost = (known & asked_scopes(it.exchange)) - granted
            without = show_word(" ".join(sorted(lost)))
            it.that(not lost, "/scope", "each scope that is registered", f"without {without}")

    for_each(grants_the_others, *asked_for)


@scope_check("scopes-are-case-sensitive", level="must", basis="standard", source="RFC 6749 §3.3")
def test_a_scope_in_another_case_is_not_granted(
    scope_in_other_case: Exchange, odd_scopes: Steps, environment: Environment
) -> None:
    """A scope whose letters are in the other case is not granted as the one that exists."""
    asked = asked_scopes(scope_in_other_case)
    known = [one for one in environment.token.scopes if one.swapcase() in asked]
    with expect(scope_in_other_case) as it:
        if not it.exchange.succeeded:
            return
        if asked - {one.swapcase() for one in known}:  # others that exist were asked for, too
            named = named_scopes(it.exchange)
            if named is None:
                raise CouldNotTellError("the answer does not say what was granted")
            granted = {one for one in named if one.lower() == known[0].lower()}
            wanted = f"without {show_word(known[0])}, which was asked for in the other case"
            it.that(not granted, "/scope", wanted, show_word(" ".join(sorted(granted))))
        else:
            demand_unknown_refused(odd_scopes)
            it.violated(
                "status", "400, as for a scope that does not exist", str(it.exchange.status)
            )


@check(
    "commas-separate-no-scopes",
    level="must",
    basis="standard",
    source="RFC 6749 §3.3; contract-facts §4.1",
    area="token errors",
)
def test_two_scopes_with_a_comma_are_not_granted(
    odd_scopes: Steps, environment: Environment
) -> None:
    """Scopes with a comma between them are one scope, and its parts are not granted."""
    answer = odd_scopes.get(COMMAS)
    if answer is None:
        raise NotClaimedError("token.scopes")
    with expect(answer) as it:
        if not answer.succeeded:
            return
        parts = {part for one in asked_scopes(answer) for part in one.split(",")}
        granted = named_scopes(answer)
        # Where the parts are fewer than the usual scopes, and granted alone, no usual grant is meant.
        if not granted or not granted <= parts or set(environment.token.scopes) <= parts:
            demand_unknown_refused(odd_scopes)
        shown = "all of it" if granted is None else show_word(" ".join(sorted(granted)))
        it.violated("/scope", "nothing, as for a scope that does not exist", shown)
