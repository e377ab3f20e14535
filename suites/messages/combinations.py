"""Options of the two lists of messages that are asked for at once: each value of one with each value of the others.

Absent is a value, too, and of a bound: far from the items, or between them. An upper bound alone that is near the
oldest of the last 90 days shows where a list begins then.

Bounds are set between the items that the plain list shows, so that nothing depends on how an edge counts: one is a
midnight, the others are odd seconds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from golive import Steps, ThinDataError, instant
from suites.common.lists import PAGE, items
from suites.messages.asked import OPTION
from suites.messages.list_rules import LOWER, UPPER, bound
from suites.messages.lists import sure_moments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from golive import Exchange

    Query = dict[str, str | list[str]]

AHEAD = timedelta(days=30)
AFTER = timedelta(seconds=2)
"""How long after an item a bound is: more than the fractions of a second that a time may have."""

BOTH, TURNED = ["MESSAGE", "REMINDER"], ["REMINDER", "MESSAGE"]
ALL: Query = {"limit": str(PAGE)}
WITH: Query = {OPTION: "true"}
WITHOUT: Query = {OPTION: "false"}
OLDEST: Query = {"sortBy": "createDateTime", "sortOrder": "ASC"}
RANKED: Query = {"sortBy": "priority"}

ASCENDING: Query = {"sortOrder": "ASC"}

OF_THE_INBOX: tuple[tuple[str, str, Query], ...] = (
    ("far", "middle", {"notificationType": "REMINDER", **WITH, **ASCENDING}),
    ("far", "ahead", {"notificationType": TURNED, **WITHOUT, **ASCENDING}),
    ("middle", "", {**OLDEST, **WITHOUT, "notificationType": "MESSAGE"}),
    ("", "early", {**ALL, **RANKED, **WITHOUT}),
    ("far", "", {**WITH, **ALL}),
    ("early", "ahead", {**RANKED, "notificationType": "REMINDER", **ALL}),
    ("", "", {"notificationType": "MESSAGE", **ALL, **ASCENDING}),
    ("early", "late", {**WITH, "notificationType": BOTH, **OLDEST, **ALL}),
    ("far", "ahead", OLDEST),
    ("far", "", {**RANKED, **WITHOUT, "notificationType": BOTH}),
    ("", "ahead", {"notificationType": "MESSAGE", **WITH, **RANKED, **ALL}),
    ("middle", "ahead", {**ALL, **WITHOUT, **ASCENDING}),
    ("", "", {**WITHOUT, "notificationType": "REMINDER", **ALL, **OLDEST}),
    ("far", "midnight", {**ALL, "notificationType": "MESSAGE"}),
    ("middle", "", {**WITHOUT, **ALL, "notificationType": "REMINDER"}),
    ("", "ahead", {"notificationType": TURNED}),
    ("late", "", {"notificationType": "REMINDER"}),
    # With an order, which is inferred here, an answer of the inbox is advice.
    ("middle", "late", WITH),
)
"""Names of the lower and the upper bound, none where empty, and the other parameters."""

OF_SENT_ITEMS: tuple[tuple[str, str, Query], ...] = (
    ("early", "middle", {}),
    ("", "", ASCENDING),
    ("far", "ahead", OLDEST),
    ("early", "", {**ALL, **OLDEST}),
    ("", "early", {**RANKED, **ALL}),
    ("", "ahead", ALL),
    ("far", "midnight", {**ALL, **ASCENDING}),
    ("far", "", RANKED),
    ("middle", "ahead", ASCENDING),
    ("", "middle", {**OLDEST, **ALL}),
    ("far", "", ALL),
    ("middle", "ahead", {**RANKED, **ALL}),
)


def combined(
    plain: Exchange,
    long: Exchange,
    rows: tuple[tuple[str, str, Query], ...],
    ask: Callable[[str, Mapping[str, str | list[str]]], Exchange],
) -> Steps:
    """Ask for a list with each row's options; every second request names the patient last.

    `long` is the list with the lower bound that counts as far back.
    """
    bounds = _bounds(plain, bound(long, LOWER))
    steps = Steps()
    patient = {"patientId": dict(plain.request.query)["patientId"]}
    for number, (lower, upper, others) in enumerate(rows):
        given = {LOWER: bounds.get(lower), UPPER: bounds.get(upper)}
        limits = {name: instant(at) for name, at in given.items() if at is not None}
        query = {**others, **limits, **patient} if number % 2 else {**patient, **limits, **others}
        called = f"{plain.name} {number + 1}: {', '.join([*limits, *others])}"
        steps[called] = ask(called, query)
    return steps


def _bounds(plain: Exchange, far: datetime) -> dict[str, datetime]:
    dated = sure_moments(plain, items(plain))
    times = sorted({at.replace(microsecond=0) for _, at in dated})
    if len(times) < 5:
        raise ThinDataError(
            f"{plain.name} has fewer than five items of different times to set bounds between",
            next_step="Choose a patient with at least five messages of the last 90 days.",
        )
    inner = {"early": times[0], "middle": times[len(times) // 2], "late": times[-2]}
    moved = {name: at + AFTER for name, at in inner.items()}
    moved["midnight"] = _midnight(times) or moved["middle"]
    return moved | {"far": far, "ahead": plain.sent_at + AHEAD}


def _midnight(times: list[datetime]) -> datetime | None:
    """Return the beginning of a day (UTC) that has items in it, and others before; None where no day has.

    What takes such a bound for its whole day lists those of the day.
    """
    days = ((at.replace(hour=0, minute=0, second=0), at) for at in times)
    wanted = [day for day, at in days if times[0] < day and day + AFTER < at]
    return wanted[len(wanted) // 2] if wanted else None
