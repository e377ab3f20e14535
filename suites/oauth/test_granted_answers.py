"""What every answer that grants a token is: no error beside it, nobody else's token, and from no cache."""

from __future__ import annotations

from functools import partial

from golive import (
    Environment,
    Exchange,
    Expect,
    Steps,
    access_token_of,
    check,
    expect,
    seen_by,
    show_word,
    whole_number,
)
from suites.oauth.access_token import AT, judge_each, member

grant_check = partial(check, area="token success")
"""A check of a request that has to succeed: it is counted with the others that do."""


@grant_check(
    "token-response-has-no-error", level="must", basis="standard", source="RFC 6749 §5.1, §5.2"
)
def test_a_granted_token_has_no_error_beside_it(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """A token response has no member error: that is a refusal, and comes with 400 or 401."""

    def judge(it: Expect, _: Environment) -> None:
        error = member(it.exchange, "error")
        stated = isinstance(error, str) and bool(error)
        it.that(not stated, "/error", "absent beside an access token", show_word(error))

    judge_each(token_granted, grants, environment, judge)


@grant_check(
    "tokens-of-two-clients-differ", level="must", basis="standard", source="RFC 6749 §1.4, §4.4.3"
)
def test_two_clients_share_no_token(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """No access token is granted to two clients: it stands for what one of them may do."""
    owners: dict[str, str] = {}
    for each in (token_granted, *grants.values()):
        own, token = seen_by(each, environment), access_token_of(each)
        if own is None or token is None:
            continue
        client = str(own.token.credential.client_id)
        with expect(each) as it:
            same = owners.setdefault(token, client) == client
            it.that(same, AT, "a token of its own", "the token that another client was granted")


@grant_check(
    "grants-come-from-no-cache", level="must", basis="standard", source="RFC 9111 §5.1, §5.2.2.5"
)
def test_no_grant_comes_from_a_cache(
    token_granted: Exchange, grants: Steps, environment: Environment
) -> None:
    """No token response has an Age above 0: what must not be stored was not made for an earlier request."""

    def judge(it: Expect, _: Environment) -> None:
        age = (it.exchange.header("Age") or "").strip()
        stored = (whole_number(age) or 0) > 0
        it.that(not stored, "header:Age", "absent, or 0", f"{age[:12]} seconds")

    judge_each(token_granted, grants, environment, judge)


@grant_check(
    "token-is-granted-after-a-refusal",
    level="must",
    basis="standard",
    source="RFC 6749 §4.4.3, §5.1",
)
def test_a_token_is_granted_after_a_refusal(granted_after_refusal: Steps) -> None:
    """A right token request is granted right after one of the same client was refused."""
    refused, granted = granted_after_refusal["refused"], granted_after_refusal["granted"]
    with expect(granted) as it:
        after = f", though the one before it was answered {refused.status}"
        it.that(granted.succeeded, "status", f"200{after}", str(granted.status))
