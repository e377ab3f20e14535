"""The error cases of the Code System API: each row of its errors.yaml is one check."""

from __future__ import annotations

import pytest

from golive import (
    Contract,
    Environment,
    Exchange,
    MessagesApi,
    Situation,
    TokenClient,
    exchange,
    parametrize_rows,
)
from suites.common.refusals import demand_control, judge, refused, rows

pytestmark = pytest.mark.errors


@exchange
def refused_code_values(
    row: str,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    code_values: Exchange,
) -> Exchange:
    """A request for the values of a code set with one change."""
    demand_control(code_values)
    return refused(row, code_values.request, api, Situation.of(environment, contract, tokens))


@exchange
def refused_code_value(
    row: str,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
    code_value: Exchange,
) -> Exchange:
    """A request for one code value with one change."""
    demand_control(code_value)
    return refused(row, code_value.request, api, Situation.of(environment, contract, tokens))


@parametrize_rows(rows("code-values"))
def test_a_request_for_code_values_is_refused(
    row: str, refused_code_values: Exchange, contract: Contract
) -> None:
    judge(row, refused_code_values, contract)


@parametrize_rows(rows("code-value"))
def test_a_request_for_one_code_value_is_refused(
    row: str, refused_code_value: Exchange, contract: Contract
) -> None:
    judge(row, refused_code_value, contract)
