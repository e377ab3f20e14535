"""Placeholders in the changes of error cases."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from golive.contract.outcomes import NotClaimedError, SuiteError
from golive.refusals.request_parts import fill, instant

VALUES: dict[str, Any] = {
    "now": datetime(2026, 8, 15, 10, 0, 30, 123456, tzinfo=UTC),
    "patient": "1270",
    "message": None,
    "messages": {"id": "7"},
}


def test_as_many_different_entries_as_there_are_stand_in_one_update() -> None:
    entries = [{"id": str(number)} for number in range(3)]
    values = {**VALUES, "messages": entries}
    assert fill("{messages:3}", values) == entries
    assert fill("{messages:4}", values) == [*entries, entries[0]]
    assert fill("{messages}", values) == entries[:1]


@pytest.mark.parametrize(
    ("given", "filled"),
    [
        ("{patient}", "1270"),
        ("a {patient} and {patient}", "a 1270 and 1270"),
        ("{now}", "2026-08-15T10:00:30Z"),
        ("{now-1d}", "2026-08-14T10:00:30Z"),
        ("{now+90d:ms}", "2026-11-13T10:00:30.000Z"),
        ("{now-1d:offset}", "2026-08-14T10:00:30+00:00"),
        ("{text:3}", "xxx"),
        ("{text}", "x"),
        ("{messages:0}", []),
        ("{messages:2}", [{"id": "7"}, {"id": "7"}]),
        ("{messages}", [{"id": "7"}]),
        ({"a": ["{patient}", 5, None, True]}, {"a": ["1270", 5, None, True]}),
        ("{broken", "{broken"),
        ('{"json": 1}', '{"json": 1}'),
    ],
)
def test_placeholders_are_filled_wherever_they_stand(given: Any, filled: Any) -> None:
    assert fill(given, VALUES) == filled


def test_a_value_that_the_environment_lacks_is_not_claimed() -> None:
    with pytest.raises(NotClaimedError, match=r"^test_data\.message$"):
        fill("{message}", VALUES)
    with pytest.raises(NotClaimedError, match=r"^test_data\.other$"):
        fill("{other}", {"other": None})


@pytest.mark.parametrize("given", ["{patiant}", "{now:milliseconds}"])
def test_a_placeholder_that_does_not_exist_is_the_suite_s_mistake(given: str) -> None:
    with pytest.raises(SuiteError, match=r"errors\.yaml: "):
        fill(given, VALUES)


def test_an_instant_is_written_in_utc() -> None:
    moment = datetime(2026, 8, 15, 12, 0, 0, tzinfo=timezone(timedelta(hours=2)))
    assert instant(moment) == "2026-08-15T10:00:00Z"
