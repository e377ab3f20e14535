"""The error contracts: each row of `schemas/errors.yaml` is one check, named by the row's id."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    ErrorCase,
    Exchange,
    challenge_error,
    check,
    expect,
    parametrize_rows,
    resources,
)
from golive import error_cases as load
from golive import judge_refusal as judge
from golive import read_token as read

TOKEN_BASES = frozenset({"token", "token-jwt"})
CASES = {case.id: case for case in load(resources() / "schemas")}
pytestmark = pytest.mark.errors


def _rows(base: str) -> list[ErrorCase]:
    return [case for case in CASES.values() if case.base == base]


def _judge(row: str, exchange: Exchange, contract: Contract) -> None:
    scheme, _, credential = (exchange.request.headers.get("Authorization") or "").partition(" ")
    of_api = CASES[row].base not in TOKEN_BASES
    presented = read(credential) if of_api and scheme == "Bearer" else None
    with judge(CASES[row], exchange, contract, presented):
        pass


@pytest.mark.oauth
@parametrize_rows(_rows("token"))
def test_token_request_is_refused(row: str, refused_token: Exchange, contract: Contract) -> None:
    _judge(row, refused_token, contract)


@pytest.mark.oauth
@parametrize_rows(_rows("token-jwt"))
def test_assertion_is_refused(row: str, refused_assertion: Exchange, contract: Contract) -> None:
    _judge(row, refused_assertion, contract)


@pytest.mark.messages
@parametrize_rows(_rows("inbox"))
def test_inbox_request_is_refused(row: str, refused_inbox: Exchange, contract: Contract) -> None:
    _judge(row, refused_inbox, contract)


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
@parametrize_rows(_rows("sent"))
def test_sent_items_request_is_refused(
    row: str, refused_sent_items: Exchange, contract: Contract
) -> None:
    _judge(row, refused_sent_items, contract)


@pytest.mark.messages
@parametrize_rows(_rows("message"))
def test_message_request_is_refused(
    row: str, refused_message: Exchange, contract: Contract
) -> None:
    _judge(row, refused_message, contract)


@pytest.mark.messages
@pytest.mark.writes
@parametrize_rows(_rows("send"))
def test_sending_is_refused(row: str, refused_sending: Exchange, contract: Contract) -> None:
    _judge(row, refused_sending, contract)


@pytest.mark.messages
@pytest.mark.writes
@parametrize_rows(_rows("status"))
def test_status_update_is_refused(row: str, refused_update: Exchange, contract: Contract) -> None:
    _judge(row, refused_update, contract)
