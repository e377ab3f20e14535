"""What runs the error cases of every API: an operation's rows, the request with its one change, the judgement."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from golive import (
    Contract,
    CouldNotTellError,
    Environment,
    Exchange,
    MessagesApi,
    NotClaimedError,
    Situation,
    TokenClient,
    changed,
    check,
    error_cases,
    judge_refusal,
    read_token,
    resources,
    respelled_operations,
)
from suites.common.lists import asked_id, identifier, objects

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive import ErrorCase, Operation, Request


@cache
def all_cases() -> dict[str, ErrorCase]:
    """Return every error case, by its id."""
    return {case.id: case for case in error_cases(resources() / "schemas")}


def rows(base: str) -> list[ErrorCase]:
    """Return the error cases of an operation, by its short name, or of the token endpoint."""
    return [case for case in all_cases().values() if case.base == base]


def operation_of(parameters: Mapping[str, object]) -> str:
    """Return the operationId whose plain request the error case `row` changes."""
    operation = all_cases()[str(parameters["row"])].operation
    return operation.operation_id if operation else ""


def named_operation(parameters: Mapping[str, object]) -> str:
    """Return the operationId that a test names in `operation`."""
    return str(parameters["operation"])


def ids_of(base: str) -> list[str]:
    """Return the ids of the error cases of an operation, by its short name."""
    return [case.id for case in rows(base)]


def case_of(contract: Contract, row: str) -> ErrorCase:
    """Return the error case of this id, as the run's contract has it."""
    return next(case for case in error_cases(contract.folder) if case.id == row)


def denied_row(operation: Operation, ending: str, words: str, basis: str, source: str) -> object:
    """Return the row of a check `NAME-ENDING` of an operation; `words` go on from `{denied}` or its `{name}`."""
    name = f"{operation.name}-{ending}"
    denied = operation.description.get("x-golive-denied", f"{operation.operation_id} is refused")
    own = check(
        name,
        level="must",
        basis=basis,
        source=source,
        area="API access",
        statement=words.format(denied=denied, name=operation.operation_id),
    )
    marks = [own, pytest.mark.errors, getattr(pytest.mark, operation.suite)]
    return pytest.param(operation.operation_id, id=name, marks=marks)


def reading_rows(
    ending: str, words: str, basis: str, source: str, *, of: str = "", named: tuple[str, ...] = ()
) -> list[object]:
    """Return a row for each operation that reads, of one API or of all, or for those that are named."""
    return [
        denied_row(operation, ending, words, basis, source)
        for operation in respelled_operations(resources() / "schemas")
        if not operation.writes and operation.suite == (of or operation.suite)
        if not named or operation.operation_id in named
    ]


def demand_control(control: Exchange) -> None:
    """Raise CouldNotTellError unless the unchanged request succeeded."""
    if not control.succeeded:
        raise CouldNotTellError(
            f"the unchanged request ({control.name}) answered {control.status}, so a refusal of the "
            "changed one says nothing",
            next_step="Fix the findings about the unchanged request first.",
        )


def demand_tried(case: ErrorCase, environment: Environment) -> None:
    """Raise NotClaimedError for a row that the run leaves out, as it spreads the rules about who may ask."""
    if case.thorough or any(_is_asked(one, environment) for one in case.elsewhere):
        demand_thorough(environment)


def _is_asked(operation: Operation, environment: Environment) -> bool:
    """Return whether the run asks an operation; one that writes needs a patient and a recipient for that."""
    data = environment.test_data
    writes = environment.may_write and data.write_patient and data.recipient
    named = operation.operation_id in environment.claims.operations
    return named and bool(writes or not operation.writes)


def demand_thorough(environment: Environment) -> None:
    """Raise NotClaimedError where the run leaves out what only varies another question."""
    if environment.safety.access_rules == "spread":
        raise NotClaimedError("safety.access_rules")


def refused(
    row: str,
    control: Exchange,
    api: MessagesApi,
    tokens: TokenClient,
    environment: Environment,
    contract: Contract,
) -> Exchange:
    """The plain request of an operation with the one change of an error case."""
    demand_control(control)
    known = {"id": asked_id(control), **_first_listed(control)}
    situation = Situation.of(environment, contract, tokens, **known)
    return send_changed(row, api.renewed(control.request), api, situation)


def _first_listed(control: Exchange) -> dict[str, str]:
    """Return the id and the name of the first item that a list shows with both; else some that are no item's."""
    body = control.json_or_none
    for item in objects(body.get("items")) if isinstance(body, dict) else []:
        own, name = identifier(item), item.get("name")
        if own and isinstance(name, str) and name.strip():
            return {"listed_id": own, "listed_name": name}
    return {"listed_id": "1", "listed_name": "golive"}


def send_changed(row: str, request: Request, api: MessagesApi, situation: Situation) -> Exchange:
    """Send a valid request with the change of this row; raises NotClaimedError where it may not be written."""
    case = case_of(situation.contract, row)
    demand_tried(case, situation.environment)
    wrong = changed(case, request, situation)
    if wrong.method not in {"GET", "HEAD"} and not situation.environment.may_write:
        raise NotClaimedError("safety.writes")
    return api.send(wrong, case.id)


def judge(row: str, exchange: Exchange, contract: Contract) -> None:
    """Raise what is wrong with the refusal that this row got."""
    case = all_cases()[row]
    scheme, _, credential = (exchange.request.headers.get("Authorization") or "").partition(" ")
    presented = read_token(credential) if case.operation and scheme == "Bearer" else None
    with judge_refusal(case, exchange, contract, presented):
        pass
