"""What two bounds select: instants, whatever the zone in which a time is shown."""

from __future__ import annotations

from typing import Any

import pytest

from golive.checks.expect import Expect
from golive.contract.outcomes import CouldNotTellError
from suites.messages.bounds import BY_LOCAL_TIME, holds_between, includes_its_bounds
from suites.messages.list_rules import LOWER, UPPER

URL = (
    "https://api.cernermillennium.com/t/message/20241001/patientMessages/inboxItems?patientId=1"
    f"&{LOWER}=2026-10-05T15:00:00Z&{UPPER}=2026-10-05T18:00:00Z"
)
# Shown five hours behind UTC: 15:00Z to 18:00Z are 10:00 to 13:00 there.
HOURS = {"a": 9, "lower": 10, "b": 11, "c": 12, "upper": 13, "d": 16, "e": 19}


def _list(make_exchange, ids, name="inbox_between") -> Any:
    items = [
        {
            "id": one,
            "createDateTime": {
                "dateTime": f"2026-10-05T{HOURS[one]:02}:00:00.000",
                "timeZone": "America/Chicago",
            },
        }
        for one in ids
    ]
    return make_exchange({"items": items}, url=URL, name=name)


@pytest.fixture
def usual(make_exchange) -> Any:
    return _list(make_exchange, HOURS, "inbox_items")


def test_what_lies_between_by_instant_is_right(make_exchange, usual) -> None:
    it = Expect(_list(make_exchange, ["lower", "b", "c", "upper"]))
    holds_between(it, usual)
    includes_its_bounds(it, usual)
    assert it.findings == []


def test_a_list_by_local_time_is_reported_as_such_and_not_as_one_that_excludes_its_bounds(
    make_exchange, usual
) -> None:
    it = Expect(_list(make_exchange, ["d"]))
    holds_between(it, usual)
    assert [one.at for one in it.findings] == [BY_LOCAL_TIME]
    assert "the zone is left out" in it.findings[0].actual
    with pytest.raises(CouldNotTellError, match="by local times"):
        includes_its_bounds(it, usual)


def test_an_item_that_is_missing_at_a_bound_may_be_one_whose_time_is_shown_otherwise(
    make_exchange, usual
) -> None:
    it = Expect(_list(make_exchange, ["b", "c", "upper"]))
    holds_between(it, usual)
    assert it.findings == []
    includes_its_bounds(it, usual)
    assert [one.at for one in it.findings] == ["relation:no-item-is-missing"]
    assert "by another time than it shows" in it.findings[0].actual


@pytest.mark.parametrize("listed", [["b", "c"], ["lower", "b", "c", "upper"]])
def test_a_time_within_the_second_of_a_bound_says_nothing(make_exchange, usual, listed) -> None:
    """Bounds have whole seconds: whether 10:00:00.137 is at 10:00:00 or after it, nobody says."""
    for item in usual.json["items"]:
        item["createDateTime"]["dateTime"] = item["createDateTime"]["dateTime"][:-3] + "137"
    made = make_exchange({"items": usual.json["items"]}, url=URL, name="inbox_items")
    items = [item for item in made.json["items"] if item["id"] in listed]
    it = Expect(make_exchange({"items": items}, url=URL, name="inbox_between"))
    holds_between(it, made)
    assert it.findings == []


def test_an_item_at_the_edge_alone_does_not_show_that_the_zone_is_left_out(make_exchange) -> None:
    """By instant it is half a second after the upper bound; by its local time alone it is between the two."""
    when = {"dateTime": "2026-10-05T18:00:00.500", "timeZone": "UTC"}
    apart = {"dateTime": "2026-10-05T16:00:00.500", "timeZone": "Etc/GMT+2"}
    shown = [{"id": "one", "createDateTime": when}, {"id": "two", "createDateTime": apart}]
    usual = make_exchange({"items": shown}, url=URL, name="inbox_items")
    it = Expect(make_exchange({"items": shown}, url=URL, name="inbox_between"))
    holds_between(it, usual)
    assert it.findings == []
