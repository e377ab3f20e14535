"""What several reports show once: causes, exchanges, areas."""

from __future__ import annotations

import pytest

from golive.checks.verdict import Outcome
from golive.exchanges.failures import TransportError
from golive.report.groups import by_area, by_cause, by_exchange
from golive.transport.retry import NOT_SERVED, SILENT, THROTTLED

from .conftest import EXCHANGE, finding, result


def test_a_cause_is_one_group_for_each_next_step_and_outcome():
    down = {"cause": "It was down.", "next_step": "Wait."}
    checks = [
        result("a", "could not tell", **down),
        result("b"),
        result("c", "not claimed", reason="It was down."),
        result("d", "could not tell", cause="It was down.", next_step="Call."),
        result("e", "could not tell", **down),
    ]
    found = by_cause(checks, Outcome.COULD_NOT_TELL, Outcome.NOT_CLAIMED)
    assert [(one.outcome, one.why, one.next_step, one.ids) for one in found] == [
        ("could not tell", "It was down.", "Wait.", ["a", "e"]),
        ("not claimed", "It was down.", "", ["c"]),
        ("could not tell", "It was down.", "Call.", ["d"]),
    ]


def test_findings_stand_with_the_exchange_that_shows_them():
    other = EXCHANGE | {"method": "POST"}
    places = [finding(0), finding(1, exchange=other), finding(2)]
    assert by_exchange(places) == [(EXCHANGE, [places[0], places[2]]), (other, [places[1]])]


def test_areas_are_counted_in_alphabetical_order():
    checks = [result("a", area="z"), result("b", "failed", area="a"), result("c", area="z")]
    assert list(by_area(checks).items()) == [("a", {"failed": 1}), ("z", {"passed": 2})]


@pytest.mark.parametrize("outage", [SILENT, NOT_SERVED, THROTTLED])
def test_why_a_host_was_not_asked_any_more_comes_after_what_was_answered_before(outage):
    silent = str(TransportError(outage, "h"))
    checks = [
        result("a", "could not tell", cause=silent),
        result("b", "could not tell", cause=silent),
        result("c", "could not tell", cause="h: the connection was refused"),
    ]
    found = by_cause(checks, Outcome.COULD_NOT_TELL)
    assert [one.ids for one in found] == [["c"], ["a", "b"]]


def test_what_a_run_left_to_a_longer_one_is_no_key_that_the_environment_lacks():
    begin = "not claimed by the environment: "
    checks = [
        result("a", "not claimed", reason=f"{begin}safety.access_rules"),
        result("b", "not claimed", reason=f"{begin}token.url"),
    ]
    left, missing = by_cause(checks, Outcome.NOT_CLAIMED)
    assert (left.is_left_out, missing.is_left_out) == (True, False)
