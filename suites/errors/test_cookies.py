"""Who asks is said by the token of each request, and by nothing that a caller got with an earlier answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive import Steps, check, expect, resources, respelled_operations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Operation

SEND = "sendMessage"


def _rows() -> Iterator[object]:
    for operation in respelled_operations(resources() / "schemas"):
        if operation.operation_id != SEND:
            yield _row(operation)


def _row(operation: Operation) -> object:
    denied = operation.description.get("x-golive-denied", f"{operation.operation_id} is refused")
    own = check(
        f"{operation.name}-not-by-cookie",
        level="must",
        basis="documented",
        source="contract-facts §1 (the header authorization is required)",
        area="API access",
        statement=f"{denied} to a caller without a token who brings the cookies that an answer set.",
    )
    marks = [own, pytest.mark.errors, getattr(pytest.mark, operation.suite)]
    return pytest.param(operation.operation_id, id=f"{operation.name}-not-by-cookie", marks=marks)


@pytest.mark.parametrize("operation", list(_rows()))
def test_a_cookie_is_no_token(operation: str, by_cookie: Steps) -> None:
    """The request is not granted; an answer that sets no cookie has given nothing to ask with."""
    for answer in by_cookie.values():
        with expect(answer) as it:
            refused = "401, as without a cookie"
            it.that(not answer.succeeded, "status", refused, str(answer.status))
