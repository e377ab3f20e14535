"""The options that are asked for at once are so in every pair of their values."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from suites.messages.combinations import OF_SENT_ITEMS, OF_THE_INBOX

if TYPE_CHECKING:
    from suites.messages.combinations import Query

    Row = tuple[str, str, Query]

LIMIT, OPTION, TYPE = "limit", "shouldLoadOrganizationSummary", "notificationType"
KINDS: tuple[object, ...] = (None, "MESSAGE", "REMINDER", frozenset({"MESSAGE", "REMINDER"}))
ORDERS = (
    (None, None),
    ("createDateTime", "ASC"),
    ("priority", None),
    (None, "ASC"),
)
BOUNDS: dict[str, tuple[object, ...]] = {
    "lower": ("", "far", "between"),
    "upper": ("", "between", "ahead"),
}
OF_BOTH = {**BOUNDS, LIMIT: (None, "1000"), "order": ORDERS}
OF_INBOX = {**OF_BOTH, TYPE: KINDS, OPTION: (None, "true", "false")}


def _values(row: Row) -> dict[str, object]:
    """Return the value that a row has for each option; of a bound, the kind of place where it is."""
    lower, upper, others = row
    kind = others.get(TYPE)
    return {
        "lower": lower if lower in BOUNDS["lower"] else "between",
        "upper": upper if upper in BOUNDS["upper"] else "between",
        LIMIT: others.get(LIMIT),
        "order": (others.get("sortBy"), others.get("sortOrder")),
        TYPE: frozenset(kind) if isinstance(kind, list) else kind,
        OPTION: others.get(OPTION),
    }


@pytest.mark.parametrize(
    ("rows", "options"),
    [(OF_THE_INBOX, OF_INBOX), (OF_SENT_ITEMS, OF_BOTH)],
    ids=["inbox", "sent items"],
)
def test_each_value_of_an_option_is_asked_for_beside_each_value_of_every_other_one(
    rows: tuple[Row, ...], options: dict[str, tuple[object, ...]]
) -> None:
    asked = [_values(row) for row in rows]
    lacking = [
        (one, value, other, beside)
        for one, other in combinations(options, 2)
        for value, beside in product(options[one], options[other])
        if not any(row[one] == value and row[other] == beside for row in asked)
    ]
    assert not lacking
    assert all(row[name] in options[name] for row in asked for name in options)


@pytest.mark.parametrize("rows", [OF_THE_INBOX, OF_SENT_ITEMS], ids=["inbox", "sent items"])
def test_an_upper_bound_alone_is_once_near_the_oldest_item(rows: tuple[Row, ...]) -> None:
    assert any(lower == "" and upper == "early" for lower, upper, _ in rows)
