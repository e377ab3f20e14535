"""A valid request in another spelling that means the same is answered as in the usual one, at every operation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from golive import CouldNotTellError, Steps, check, expect
from suites.common.refusals import all_cases
from suites.spellings.spellings import SPELLINGS, TOGETHER, answers_as, differs, spellings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Operation
    from suites.spellings.spellings import Spelling

SEND = "sendMessage"
NOT_REPEATED = "updateMessageStatus"
"""What it asks for can't be asked for again without a change in between."""


@cache
def _operations() -> dict[str, Operation]:
    found = (case.operation for case in all_cases().values() if case.operation)
    return {one.operation_id: one for one in found if one.operation_id != NOT_REPEATED}


def _row(operation: Operation, spelling: Spelling, *values: str) -> object:
    basis = spelling.basis_at(operation)
    own = check(
        f"{operation.name}-takes-{spelling.name}",
        level="must",
        basis=basis,
        source=spelling.source,
        area="requests in general",
        statement=f"{operation.operation_id} answers as usual to {spelling.words}.",
    )
    marks = [own, getattr(pytest.mark, operation.suite)]
    if operation.writes:
        marks.append(pytest.mark.writes)
    return pytest.param(*values, id=f"{operation.name}-{spelling.name}", marks=marks)


def _rows() -> Iterator[object]:
    for name, operation in _operations().items():
        if name != SEND:
            for spelling in spellings_of(operation):
                yield _row(operation, spelling, name, spelling.name)


def _rows_of_send() -> Iterator[object]:
    operation = _operations()[SEND]
    for spelling in spellings_of(operation):
        yield _row(operation, spelling, spelling.name)


@pytest.mark.parametrize(("operation", "spelling"), list(_rows()))
def test_another_spelling_is_answered_as_the_usual_one(
    operation: str, spelling: str, respelled: Steps
) -> None:
    """The answer is that to the plain request."""
    assert respelled["plain"].request.operation == operation
    _judge(respelled, spelling)


@pytest.mark.parametrize("spelling", list(_rows_of_send()))
def test_a_message_in_another_spelling_is_sent(spelling: str, sent_respelled: Steps) -> None:
    """The message is accepted as the plain one is."""
    _judge(sent_respelled, spelling)


def _judge(steps: Steps, spelling: str) -> None:
    """Raise what is wrong with the answer to a spelling: to all of them at once where that is as it should be."""
    alone = [steps[one.name] for one in SPELLINGS if one.name in steps]
    if alone and not any(differs(one, steps["plain"]) for one in alone):
        raise CouldNotTellError(
            f"{steps[TOGETHER].name} was answered {steps[TOGETHER].status}, and each of its spellings alone as usual",
            next_step="Run again; if it lasts, look at that request.",
        )
    with expect(steps.get(spelling, steps[TOGETHER])) as it:
        answers_as(it, steps["plain"])
