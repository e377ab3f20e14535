"""What golive can't read from the description of the Recipients API, for `golive prove`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive import Mutant, Recording, hookimpl
from suites.common.faults import Items, echoes, of_lists

if TYPE_CHECKING:
    from collections.abc import Iterable


def nameless(items: Items) -> Items:
    """Leave every name out."""
    return [{key: value for key, value in item.items() if key != "name"} for item in items]


def first_lost(items: Items) -> Items:
    """Leave out the first item."""
    return items[1:]


RULES = (
    ("group_inboxes", nameless, False, "a group inbox has a name"),
    ("group_inboxes_by_blanks", first_lost, True, "blanks list every group inbox"),
    ("validation", first_lost, False, "the recipient that was asked about is answered"),
)


@hookimpl
def golive_faults(recording: Recording) -> Iterable[Mutant]:
    """Lists that lack names or items, and answers that repeat the token."""
    yield from of_lists(recording, RULES)
    yield from echoes(recording, "group_inboxes", "validation")
