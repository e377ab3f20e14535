"""The error contracts: each row of an `errors.yaml` is one check, named by the row's id."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    asked_scopes,
    challenge_error,
    check,
    expect,
    parametrize_rows,
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


@pytest.mark.oauth
@check(
    "commas-separate-no-scopes",
    level="must",
    basis="standard",
    source="RFC 6749 §3.3; contract-facts §4.1",
    area="token errors",
)
@pytest.mark.parametrize("row", ["token-comma-separated-scopes"])
def test_two_scopes_with_a_comma_are_not_granted(
    row: str, refused_token: Exchange, environment: Environment
) -> None:
    """Of a scope with a comma in it, the parts are not granted as two scopes."""
    with expect(refused_token) as it:
        if not refused_token.succeeded:
            return
        parts = {part for one in asked_scopes(refused_token) for part in one.split(",")}
        body = refused_token.json_or_none
        scope = body.get("scope") if isinstance(body, dict) else None
        if not isinstance(scope, str):
            raise CouldNotTellError(f"{row}: the answer does not say what was granted")
        granted = set(scope.split())
        if not granted <= parts or set(environment.token.scopes) <= parts:
            raise CouldNotTellError(
                f"{row}: the scope may have been left aside, and a usual one granted",
                next_step="Have one more scope registered, and name it in token.scopes.",
            )
        both = len(granted) > 1
        it.that(
            not both, "/scope", "not the parts around a comma", f"{len(granted)} scopes of them"
        )


@parametrize_rows(rows("send"))
def test_sending_is_refused(row: str, refused_sending: Exchange, contract: Contract) -> None:
    judge(row, refused_sending, contract)


@parametrize_rows(rows("status"))
def test_status_update_is_refused(row: str, refused_update: Exchange, contract: Contract) -> None:
    judge(row, refused_update, contract)
