"""Whether the same question gets the same answer: without that, two lists that differ show nothing else.

The askings of a question are Steps: `first`, `midway` and `last` are the same plain request. A request that had to give
the same items and did not is there by its name, and asked once more as `again: NAME`.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from golive import CouldNotTellError, FindingsError
from suites.common.lists import identifiers, items
from suites.messages.list_rules import is_settled_between, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive import Exchange, Steps

AGAIN = "again: "


def pairs(askings: Steps) -> list[tuple[Exchange, Exchange]]:
    """Return each answer with a later one to the very same request."""
    same = [askings[name] for name in ("midway", "last") if name in askings]
    found = [(askings["first"], one) for one in same]
    repeated = [name for name in askings if name.startswith(AGAIN)]
    return [*found, *((askings[name.removeprefix(AGAIN)], askings[name]) for name in repeated)]


def gone_and_added(before: Exchange, after: Exchange) -> tuple[set[str], set[str]]:
    """Return the items that the later list lacks and those that it adds, where time can't have made the difference."""
    if set(identifiers(before, items(before))) == set(identifiers(after, items(after))):
        return set(), set()  # whatever their times say
    since, until = is_settled_between(before, after)
    gone = settled(before, since, until) - set(identifiers(after, items(after)))
    added = settled(after, since, until) - set(identifiers(before, items(before)))
    return gone, added


def differ(one: Exchange, other: Exchange) -> bool:
    """Return whether two lists differ; what can't be read does not."""
    try:
        return any(gone_and_added(one, other))
    except (CouldNotTellError, FindingsError):
        return False


@contextmanager
def unless_unsteady(askings: Steps) -> Iterator[None]:
    """Turn what is found about two lists into a doubt where one question was answered in two ways."""
    try:
        yield
    except FindingsError:
        unsteady = [after.name for before, after in pairs(askings) if differ(before, after)]
        if not unsteady:
            raise
        raise CouldNotTellError(
            f"the same question is answered differently ({', '.join(unsteady)}), so two lists that differ show nothing "
            "else",
            next_step="Fix the finding about the same question first.",
            unsettled_shape=True,
        ) from None
