"""What became of one patient's statuses while another's messages were changed, and by whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from suites.common.lists import identifiers, items

if TYPE_CHECKING:
    from golive import Exchange, Steps


def after(change: str) -> str:
    """Return the name of the step that reads the other patient's inbox after a change."""
    return f"after {change}"


ROUNDS = (("last", "there", "back"), (after("back"), "there again", "back again"))
"""The inbox before each round, and the round's two changes. Another change of the run may fall into the first."""


SEVERAL = 3
"""How many messages somebody else does not move by chance to the status of all others."""


def _statuses(listed: Exchange) -> dict[str, object]:
    """Return the status of each item by its id; CouldNotTellError where one has no id, or the answer is no list."""
    found = items(listed)
    states = (item.get("status") for item in found)
    return dict(zip(identifiers(listed, found), states, strict=True))


def moved_statuses(before: Exchange, later: Exchange) -> dict[str, tuple[object, object]]:
    """Return the statuses before and after of each message that both lists show, in another status."""
    then, now = _statuses(before), _statuses(later)
    return {
        one: (then[one], now[one])
        for one in then.keys() & now.keys()
        if None not in (then[one], now[one]) and then[one] != now[one]
    }


def read_along(moved: dict[str, tuple[object, object]]) -> bool:
    """Return whether all that moved is what somebody moves who reads along: messages that were opened."""
    return all(pair == ("UNREAD", "OPENED") for pair in moved.values())


def all_alike(before: Exchange, later: Exchange) -> bool:
    """Return whether all messages that both lists show have one status now, and several of them had another."""
    then, now = _statuses(before), _statuses(later)
    left = {str(now[one]) for one in then.keys() & now.keys()}
    return len(left) == 1 and len(moved_statuses(before, later)) >= SEVERAL


def mirrored(steps: Steps) -> set[str]:
    """Return the messages that moved with each of two changes of another patient's message, to the same status.

    Somebody else who works on an inbox meanwhile moves messages, too, but not the same one twice to the status that
    golive has just set for another patient.
    """
    found: set[str] = set()
    for last, there, back in ROUNDS:
        if after(back) not in steps:
            break
        away, again = (_moved_with(steps, *one) for one in ((last, there), (after(there), back)))
        found |= away & again
    return found


def _moved_with(steps: Steps, before: str, change: str) -> set[str]:
    status = json.loads(steps[change].request.body)["status"]
    moved = moved_statuses(steps[before], steps[after(change)])
    return {one for one, (_, now) in moved.items() if now == status}
