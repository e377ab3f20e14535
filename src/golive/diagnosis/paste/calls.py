"""Reads the calls that a log reports by the names of their operations alone, without a URL."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from golive.contract.apis import known_apis
from golive.diagnosis.paste.breaks import contract
from golive.diagnosis.paste.phrases import pattern
from golive.diagnosis.paste.pieces import PastedRequest
from golive.environment import PUBLIC_SANDBOX_TENANT
from golive.environment.urls import segments

if TYPE_CHECKING:
    from golive.contract.operations import Operation

LONGEST_LINE = 2_000
MARKED = re.compile(r"\[([^\]\n]{8,200})\]")
"""What a line puts in brackets: here the ids and versions that a call named."""


class Call(NamedTuple):
    """A call that a line reports: its operation, its status, and what the line puts in brackets behind its name."""

    operation: Operation
    status: int
    named: str


@cache
def _operations() -> tuple[tuple[re.Pattern[str], Operation], ...]:
    """Return each operation whose path ends in a name, with how a line says its method and that name."""
    named = [(one, one.path.rpartition("/")[2]) for one in contract().operations.values()]
    return tuple(
        (re.compile(rf"\b{one.method}\s{{1,8}}(?:[\w/.-]{{0,80}}/)?{name}\b"), one)
        for one, name in named
        if "{" not in name
    )


def calls_in(text: str) -> list[Call]:
    """Return the calls that the lines of a text report, in their order."""
    found = []
    for whole in text.split("\n"):
        line = whole[:LONGEST_LINE]
        for form, operation in _operations():
            said = form.search(line) if "://" not in line else None
            bare = MARKED.sub(" ", line[said.end() :]) if said else ""
            if said and (status := pattern("logged_status").search(bare)):
                marked = MARKED.search(line, said.end())
                found.append(Call(operation, int(status[1]), marked[1] if marked else ""))
    return found


def refused_in(text: str, base: str | None) -> tuple[PastedRequest, int, bool] | None:
    """Return the last refused call of a text as a request, its status, and whether it named what was taken before.

    `base` is a URL of the API that the text names; None where no call was refused.
    """
    calls = calls_in(text)
    at = next((i for i in reversed(range(len(calls))) if calls[i].status >= 400), None)
    if at is None:
        return None
    last = calls[at]
    steps = segments(base or "")
    tenant = steps[0] if steps else PUBLIC_SANDBOX_TENANT
    root = known_apis()[last.operation.api].base_url.replace("{tenant}", tenant)
    flags = frozenset({"named"} if base else {"named", "host-assumed"})
    request = PastedRequest(last.operation.method, f"{root}{last.operation.path}", (), "", flags)
    again = any(
        one.operation is last.operation and one.status < 300 and one.named == last.named
        for one in calls[:at]
    )
    return request, last.status, again and bool(last.named)
