"""The error contracts: each row of an `errors.yaml` is one check, named by the row's id."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    Exchange,
    challenge_error,
    check,
    expect,
    parametrize_rows,
    show_word,
)
from suites.common.refusals import all_cases, judge, rows

pytestmark = pytest.mark.errors

OF_THEIR_OWN = {"send", "status"}
"""Operations whose valid request can't be sent a second time as it stands."""


@parametrize_rows(rows("token"))
def test_token_request_is_refused(row: str, refused_token: Exchange, contract: Contract) -> None:
    judge(row, refused_token, contract)


@parametrize_rows(rows("token-jwt"))
def test_assertion_is_refused(row: str, refused_assertion: Exchange, contract: Contract) -> None:
    judge(row, refused_assertion, contract)


@parametrize_rows(rows("token-jwt-rsa"))
def test_an_rsa_keys_assertion_is_refused(
    row: str, refused_rsa_assertion: Exchange, contract: Contract
) -> None:
    judge(row, refused_rsa_assertion, contract)


@parametrize_rows(
    case for case in all_cases().values() if case.operation and case.base not in OF_THEIR_OWN
)
def test_request_is_refused(row: str, refused: Exchange, contract: Contract) -> None:
    judge(row, refused, contract)


@pytest.mark.messages
@check(
    "challenge-without-token-has-no-error",
    level="should",
    basis="standard",
    source="RFC 6750 §3, §3.1",
    area="API access",
)
@pytest.mark.parametrize("row", ["inbox-without-token"])
def test_a_request_without_a_token_is_told_no_error(row: str, refused: Exchange) -> None:
    """The challenge to a request that has no token has no error code: nothing was wrong with a token."""
    with expect(refused) as it:
        it.header("WWW-Authenticate")
        has_error = challenge_error(refused) is not None
        it.that(
            not has_error, "header:WWW-Authenticate", "a challenge without error", "one with error"
        )


@pytest.mark.messages
@check(
    "missing-scope-is-403-insufficient-scope",
    level="should",
    basis="standard",
    source="RFC 6750 §3.1",
    area="API access",
)
@pytest.mark.parametrize("row", ["token-without-message-scope"])
def test_a_token_without_the_scope_gets_403(row: str, refused: Exchange) -> None:
    """A token without the scope is refused with 403, and the challenge says insufficient_scope."""
    with expect(refused) as it:
        it.status(403)
        stated = challenge_error(refused)
        wanted = "error insufficient_scope"
        right = stated in (
            None,
            "insufficient_scope",
        )  # one without an error is no more than a pity
        it.that(right, "header:WWW-Authenticate", wanted, f"error {show_word(stated)}")


@parametrize_rows(rows("send"))
def test_sending_is_refused(row: str, refused_sending: Exchange, contract: Contract) -> None:
    judge(row, refused_sending, contract)


@parametrize_rows(rows("status"))
def test_status_update_is_refused(row: str, refused_update: Exchange, contract: Contract) -> None:
    judge(row, refused_update, contract)
