"""HEAD is answered as GET is, without the body: the same length of it, at every operation that reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from golive import Steps, check, expect, resources, respelled_operations
from suites.spellings.heads import HEAD, length_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "RFC 9110 §8.6, §9.1, §9.3.2"
NOT_IMPLEMENTED = 501


def _rows() -> Iterator[object]:
    for operation in respelled_operations(resources() / "schemas"):
        if operation.method == "GET":
            own = check(
                f"{operation.name}-by-head-is-as-by-get",
                level="must",
                basis="standard",
                source=SOURCE,
                area="requests in general",
                statement=f"{operation.operation_id} answers HEAD without a server error, with GET's Content-Length.",
            )
            marks = [own, getattr(pytest.mark, operation.suite)]
            yield pytest.param(operation.operation_id, id=operation.name, marks=marks)


@pytest.mark.parametrize("operation", list(_rows()))
def test_head_is_answered_as_get(operation: str, read_by_head: Steps) -> None:
    """A Content-Length that HEAD is answered with is that of GET; the media type is advice."""
    head = read_by_head[HEAD]
    with expect(head) as it:
        fails = head.status >= 500 and head.status != NOT_IMPLEMENTED
        it.that(not fails, "status", "2xx as for GET, or 405", str(head.status))
        if not head.succeeded:
            return  # no page names HEAD, so a service need not offer it
        gets = [one for step, one in read_by_head.items() if step != HEAD and one.succeeded]
        alike = [
            one for one in gets if one.header("Content-Encoding") == head.header("Content-Encoding")
        ]
        lengths = {length_of(one) for one in alike}
        own = head.header("Content-Length")
        # What GET is answered with may have another length each time.
        sure = own is not None and len(alike) > 1 and len(lengths) == 1 and None not in lengths
        expected = f"{next(iter(lengths), None)}, as for GET (or none)"
        it.that(not sure or own in map(str, lengths), "header:Content-Length", expected, str(own))
        types = {one.media_type for one in gets}
        it.that(
            head.media_type in types, "header:Content-Type", "as for GET", "another", advice=True
        )
