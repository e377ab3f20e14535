"""Who asks is said by the token of each request, and by nothing that a caller got with an earlier answer."""

from __future__ import annotations

import pytest

from golive import Steps, expect, resources, respelled_operations
from suites.common.refusals import denied_row

SEND = "sendMessage"
ROWS = [
    denied_row(
        operation,
        "not-by-cookie",
        "{denied} to a caller without a token who brings the cookies that an answer set.",
        "documented",
        "contract-facts §1 (the header authorization is required)",
    )
    for operation in respelled_operations(resources() / "schemas")
    if operation.operation_id != SEND
]


@pytest.mark.parametrize("operation", ROWS)
def test_a_cookie_is_no_token(operation: str, by_cookie: Steps) -> None:
    """The request is not granted; an answer that sets no cookie has given nothing to ask with."""
    for answer in by_cookie.values():
        with expect(answer) as it:
            refused = "401, as without a cookie"
            it.that(not answer.succeeded, "status", refused, str(answer.status))
