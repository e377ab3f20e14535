"""A valid request in another spelling that means the same is answered as in the usual one, at every operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive import (
    SPELLINGS,
    CouldNotTellError,
    Steps,
    check,
    counted,
    expect,
    resources,
    respelled_operations,
    spellings_of,
)
from suites.spellings.spellings import (
    CHUNKED,
    LENGTH_REQUIRED,
    PLAIN,
    TOGETHER,
    answers_as,
    differs,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Operation, Spelling

SEND = "sendMessage"
OPERATIONS = {one.operation_id: one for one in respelled_operations(resources() / "schemas")}


def _row(operation: Operation, spelling: Spelling, *values: str) -> object:
    own = check(
        spelling.check_at(operation),
        level="must",
        basis=spelling.basis_at(operation),
        source=spelling.source,
        area="requests in general",
        statement=f"{counted(operation.operation_id, 'answer')} as usual to {spelling.words}.",
    )
    marks = [own, getattr(pytest.mark, operation.suite)]
    if operation.writes:
        marks.append(pytest.mark.writes)
    return pytest.param(*values, id=f"{operation.name}-{spelling.name}", marks=marks)


def _rows(*, further: bool = False) -> Iterator[object]:
    for name, operation in OPERATIONS.items():
        if name != SEND:
            for spelling in spellings_of(operation, further=further):
                yield _row(operation, spelling, name, spelling.name)


def _rows_of_send() -> Iterator[object]:
    for spelling in spellings_of(OPERATIONS[SEND]):
        yield _row(OPERATIONS[SEND], spelling, spelling.name)


@pytest.mark.parametrize(("operation", "spelling"), list(_rows()))
def test_another_spelling_is_answered_as_the_usual_one(
    operation: str, spelling: str, respelled: Steps
) -> None:
    """The answer is that to the plain request."""
    _judge(operation, spelling, respelled)


@pytest.mark.parametrize(("operation", "spelling"), list(_rows(further=True)))
def test_a_further_spelling_is_answered_as_the_usual_one(
    operation: str, spelling: str, respelled_further: Steps
) -> None:
    """The answer is that to the plain request, although the other spellings of the same header are left out."""
    _judge(operation, spelling, respelled_further)


@pytest.mark.parametrize("spelling", list(_rows_of_send()))
def test_a_message_in_another_spelling_is_sent(spelling: str, sent_respelled: Steps) -> None:
    """The message is accepted as the plain one is."""
    _judge(SEND, spelling, sent_respelled)


def _judge(operation: str, spelling: str, steps: Steps) -> None:
    """Raise what is wrong with the answer to a spelling: to all of them at once where that is as it should be."""
    alone = [steps[one.name] for one in SPELLINGS if one.name in steps]
    if alone and not any(differs(one, steps[PLAIN]) for one in alone):
        raise CouldNotTellError(
            f"{operation}: all spellings at once were answered {steps[TOGETHER].status}, and each alone as usual",
            next_step="Run again; if it lasts, look at that request.",
        )
    made = steps.get(spelling, steps[TOGETHER])
    if spelling == CHUNKED and made.status == LENGTH_REQUIRED:
        raise CouldNotTellError(
            f"{operation}: a body in chunks was answered 411, as RFC 9112 §6.3 lets a server do"
        )
    with expect(made) as it:
        answers_as(it, steps[PLAIN])
