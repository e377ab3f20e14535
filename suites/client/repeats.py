"""The same request again: what counts as the same, and from when on it is a loop."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from suites.client import seen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive import Exchange

LOOP = 4
"""The same answer to the same request so many times in a row is a loop: the first, and three that changed nothing."""

SOON = timedelta(minutes=1)


def repeated(requests: Iterable[Exchange]) -> Iterator[list[Exchange]]:
    """Yield the requests that ask the same, in their order."""
    found: dict[tuple[str, str, bytes], list[Exchange]] = defaultdict(list)
    for one in sorted(requests, key=lambda one: one.sent_at):
        request = one.request
        url = request.url.partition("?")[0] if seen.lists(one) else request.url
        found[request.method, url, request.body].append(one)
    yield from found.values()


def same_request(one: Exchange, other: Exchange) -> bool:
    """Whether two requests ask the same, whatever token they present."""
    ours, theirs = one.request, other.request
    return (ours.method, ours.url, ours.body) == (theirs.method, theirs.url, theirs.body)
