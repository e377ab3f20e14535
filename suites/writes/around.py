"""What became of one patient's statuses while another's messages were changed, and by whom."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from suites.common.lists import identifiers, items

if TYPE_CHECKING:
    from golive import Exchange, Steps


def moved_statuses(before: Exchange, after: Exchange) -> dict[str, tuple[object, object]]:
    """Return the statuses before and after of each message that both lists show, in another status."""
    then, now = (
        dict(
            zip(
                identifiers(one, items(one)),
                [item.get("status") for item in items(one)],
                strict=True,
            )
        )
        for one in (before, after)
    )
    return {
        one: (then[one], now[one])
        for one in then.keys() & now.keys()
        if None not in (then[one], now[one]) and then[one] != now[one]
    }


def read_along(moved: dict[str, tuple[object, object]]) -> bool:
    """Return whether all that moved is what somebody moves who reads along: messages that were opened."""
    return all(pair == ("UNREAD", "OPENED") for pair in moved.values())


def mirrored(steps: Steps) -> set[str]:
    """Return the messages that moved with each of two changes of another patient's message, to the same status.

    Somebody else who works on an inbox meanwhile moves messages, too, but not the same one twice to the status that
    golive has just set for another patient.
    """
    found: list[set[str]] = []
    before = steps["last"]
    for change in ("there", "back"):
        after = steps.get(f"after {change}")
        if after is None:
            return set()
        status = json.loads(steps[change].request.body)["status"]
        moved = moved_statuses(before, after)
        found.append({one for one, (_, now) in moved.items() if now == status})
        before = after
    return set.intersection(*found)
