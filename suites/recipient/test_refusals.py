"""The error cases of the Recipients API: each row of its errors.yaml is one check."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    ErrorCase,
    Exchange,
    error_cases,
    judge_refusal,
    parametrize_rows,
    read_token,
    resources,
)

CASES = {case.id: case for case in error_cases(resources() / "schemas")}
pytestmark = pytest.mark.errors


def _rows(base: str) -> list[ErrorCase]:
    return [case for case in CASES.values() if case.base == base]


def _judge(row: str, exchange: Exchange, contract: Contract) -> None:
    scheme, _, credential = (exchange.request.headers.get("Authorization") or "").partition(" ")
    presented = read_token(credential) if scheme == "Bearer" else None
    with judge_refusal(CASES[row], exchange, contract, presented):
        pass


@parametrize_rows(_rows("group-inboxes"))
def test_a_request_for_group_inboxes_is_refused(
    row: str, refused_group_inboxes: Exchange, contract: Contract
) -> None:
    _judge(row, refused_group_inboxes, contract)


@pytest.mark.writes
@parametrize_rows(_rows("validation"))
def test_a_validation_is_refused(
    row: str, refused_validation: Exchange, contract: Contract
) -> None:
    _judge(row, refused_validation, contract)
