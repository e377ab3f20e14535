"""The error cases of the Code System API: each row of its errors.yaml is one check."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    ErrorCase,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Request,
    Situation,
    TokenClient,
    changed,
    error_cases,
    exchange,
    judge_refusal,
    parametrize_rows,
    read_token,
    resources,
)

CASES = {case.id: case for case in error_cases(resources() / "schemas")}
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
    _demand_control(code_values)
    situation = Situation(environment, contract, tokens, {"now": datetime.now(UTC)})
    return _refused(row, code_values.request, api, situation)


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
    _demand_control(code_value)
    situation = Situation(environment, contract, tokens, {"now": datetime.now(UTC)})
    return _refused(row, code_value.request, api, situation)


def _demand_control(control: Exchange) -> None:
    if not control.succeeded:
        raise CouldNotTellError(
            f"the unchanged request ({control.name}) answered {control.status}, so a refusal of the "
            "changed one says nothing",
            next_step="Settle the findings about the unchanged request first.",
        )


def _refused(row: str, request: Request, api: MessagesApi, situation: Situation) -> Exchange:
    case = next(case for case in error_cases(situation.contract.folder) if case.id == row)
    wrong = changed(case, request, situation)
    if wrong.method not in {"GET", "HEAD"} and not situation.environment.may_write:
        raise NotClaimedError("safety.writes")
    return api.send(wrong, case.id)


def _rows(base: str) -> list[ErrorCase]:
    return [case for case in CASES.values() if case.base == base]


def _judge(row: str, exchange: Exchange, contract: Contract) -> None:
    scheme, _, credential = (exchange.request.headers.get("Authorization") or "").partition(" ")
    presented = read_token(credential) if scheme == "Bearer" else None
    with judge_refusal(CASES[row], exchange, contract, presented):
        pass


@parametrize_rows(_rows("code-values"))
def test_a_request_for_code_values_is_refused(
    row: str, refused_code_values: Exchange, contract: Contract
) -> None:
    _judge(row, refused_code_values, contract)


@parametrize_rows(_rows("code-value"))
def test_a_request_for_one_code_value_is_refused(
    row: str, refused_code_value: Exchange, contract: Contract
) -> None:
    _judge(row, refused_code_value, contract)
