"""A status that moved in another patient's inbox: golive's own change shows in it twice, another person's does not."""

from __future__ import annotations

import json
import runpy
import warnings
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.model import Exchange, Headers, Request, Response, Steps
from golive.kit.files import resources
from suites.writes.around import mirrored, moved_statuses, read_along

with warnings.catch_warnings():
    # The mark is registered by the plugin, which rules the suites and not golive's own tests.
    warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
    CHECKS = runpy.run_path(str(resources() / "suites" / "writes" / "test_other_patients.py"))


def exchange(body: object, asked: object = None) -> Exchange:
    request = Request("POST", "https://api.example/inboxItems", body=json.dumps(asked).encode())
    response = Response(
        200, Headers.of({"Content-Type": "application/json"}), json.dumps(body).encode()
    )
    return Exchange("inbox_items", request, response, datetime.now(UTC), 0.1)


def inbox(*statuses: str) -> Exchange:
    return exchange({"items": [{"id": str(n), "status": one} for n, one in enumerate(statuses)]})


def to(status: str) -> Exchange:
    return exchange({}, {"status": status})


def around(first: Exchange, last: Exchange, *more: tuple[str, Exchange]) -> Steps:
    """The steps around changes: golive's own message goes to DELETED and back to UNREAD."""
    steps = Steps(first=first, last=last)
    changes = ("there", "back", "there again", "back again")
    for change, (status, after) in zip(changes, more, strict=False):
        steps[change], steps[f"after {change}"] = to(status), after
    return steps


BEFORE, MOVED = inbox("OPENED", "OPENED"), inbox("OPENED", "UNREAD")
AWAY, BACK = ("DELETED", inbox("OPENED", "DELETED")), ("UNREAD", inbox("OPENED", "UNREAD"))
ELSEWHERE = ("DELETED", inbox("OPENED", "OPENED"))


def judged(steps: Steps) -> None:
    CHECKS["test_the_inbox_of_another_patient_keeps_its_statuses"](steps)


def test_a_message_that_moves_along_twice_is_a_finding():
    with pytest.raises(FindingsError) as raised:
        judged(around(BEFORE, MOVED, AWAY, BACK))
    assert not raised.value.findings[0].advice
    assert "1 moved along with two changes more" in raised.value.findings[0].actual


def test_a_first_round_that_another_change_of_the_run_fell_into_is_made_again():
    with pytest.raises(FindingsError):
        judged(around(BEFORE, MOVED, ELSEWHERE, BACK, AWAY, BACK))


@pytest.mark.parametrize(
    "more",
    [
        (),  # the change was refused
        (AWAY,),
        (("DELETED", MOVED), ("UNREAD", MOVED)),
        (AWAY, ("UNREAD", inbox("OPENED", "OPENED"))),
        (("DELETED", inbox("DELETED", "UNREAD")), ("UNREAD", inbox("DELETED", "OPENED"))),
    ],
)
def test_what_does_not_move_along_may_be_somebody_elses_doing(more):
    with pytest.raises(CouldNotTellError, match="somebody else may have changed them"):
        judged(around(BEFORE, MOVED, *more))


def test_what_stayed_is_fine_and_what_was_opened_is_advice():
    judged(around(BEFORE, replace(BEFORE)))
    with pytest.raises(FindingsError) as raised:
        judged(around(MOVED, inbox("OPENED", "OPENED")))
    assert raised.value.findings[0].advice


def test_a_message_that_is_no_longer_listed_or_shows_no_status_has_not_moved():
    assert moved_statuses(BEFORE, inbox("OPENED")) == {}
    assert moved_statuses(BEFORE, exchange({"items": [{"id": "0"}, {"id": "1"}]})) == {}
    assert read_along({})
    assert mirrored(around(BEFORE, MOVED)) == set()
