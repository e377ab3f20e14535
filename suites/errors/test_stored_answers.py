"""What a caller with a token was given is not stored for those who have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive import CouldNotTellError, Steps, check, expect, resources, respelled_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Operation

API = "messages"
"""The API whose operations are asked: what stands before it stands before the others as well."""
NOT_GIVEN = (401, 403)


def _rows() -> Iterator[object]:
    for operation in respelled_operations(resources() / "schemas"):
        if operation.suite == API and not operation.writes:
            yield _row(operation)


def _row(operation: Operation) -> object:
    denied = operation.description.get("x-golive-denied", f"{operation.operation_id} is refused")
    name = f"{operation.name}-is-not-stored-for-others"
    own = check(
        name,
        level="must",
        basis="standard",
        source="RFC 9111 §3.5",
        area="API access",
        statement=f"{denied} to a caller without a token right after one with a token was answered.",
    )
    marks = [own, pytest.mark.errors, getattr(pytest.mark, operation.suite)]
    return pytest.param(operation.operation_id, id=name, marks=marks)


@pytest.mark.parametrize("operation", list(_rows()))
def test_no_stored_answer_is_given_to_others(operation: str, asked_after_success: Steps) -> None:
    """A cache in front of the API would give it."""
    given, asked = asked_after_success["given"], asked_after_success["asked"]
    with expect(given) as it:
        if not given.succeeded:
            it.violated("status", "2xx, as before", str(given.status), advice=True)
    if not asked.succeeded:
        return
    elsewhere = asked_after_success["elsewhere"]
    if elsewhere.status not in NOT_GIVEN:
        raise CouldNotTellError(
            f"{operation} is answered without a token anyway ({elsewhere.status} where nobody has asked before)",
            next_step="Fix the findings about callers without a token first.",
        )
    with expect(asked) as it:
        it.violated(
            "status",
            f"{elsewhere.status}, as where nobody with a token has asked before",
            f"{asked.status}, what a caller with a token was given just before",
        )
