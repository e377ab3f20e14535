"""The error contracts: each row of `schemas/errors.yaml` is one check, named by the row's id."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    Exchange,
    challenge_error,
    check,
    expect,
    parametrize_rows,
)
from suites.common.refusals import judge, rows

pytestmark = pytest.mark.errors


@pytest.mark.oauth
@parametrize_rows(rows("token"))
def test_token_request_is_refused(row: str, refused_token: Exchange, contract: Contract) -> None:
    judge(row, refused_token, contract)


@pytest.mark.oauth
@parametrize_rows(rows("token-jwt"))
def test_assertion_is_refused(row: str, refused_assertion: Exchange, contract: Contract) -> None:
    judge(row, refused_assertion, contract)


@pytest.mark.messages
@parametrize_rows(rows("inbox"))
def test_inbox_request_is_refused(row: str, refused_inbox: Exchange, contract: Contract) -> None:
    judge(row, refused_inbox, contract)


@pytest.mark.messages
@check(
    "challenge-without-token-has-no-error",
    level="should",
    basis="standard",
    source="RFC 6750 §3, §3.1",
    area="API access",
)
@pytest.mark.parametrize("row", ["inbox-without-token"])
def test_a_request_without_a_token_is_told_no_error(row: str, refused_inbox: Exchange) -> None:
    """The challenge to a request that has no token has no error code: nothing was wrong with a token."""
    with expect(refused_inbox) as it:
        it.header("WWW-Authenticate")
        has_error = challenge_error(refused_inbox) is not None
        it.that(
            not has_error, "header:WWW-Authenticate", "a challenge without error", "one with error"
        )


@pytest.mark.messages
@parametrize_rows(rows("sent"))
def test_sent_items_request_is_refused(
    row: str, refused_sent_items: Exchange, contract: Contract
) -> None:
    judge(row, refused_sent_items, contract)


@pytest.mark.messages
@parametrize_rows(rows("message"))
def test_message_request_is_refused(
    row: str, refused_message: Exchange, contract: Contract
) -> None:
    judge(row, refused_message, contract)


@pytest.mark.messages
@pytest.mark.writes
@parametrize_rows(rows("send"))
def test_sending_is_refused(row: str, refused_sending: Exchange, contract: Contract) -> None:
    judge(row, refused_sending, contract)


@pytest.mark.messages
@pytest.mark.writes
@parametrize_rows(rows("status"))
def test_status_update_is_refused(row: str, refused_update: Exchange, contract: Contract) -> None:
    judge(row, refused_update, contract)
