"""Two answers of a run that contradict each other: about a status that was changed, and about a recipient."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from suite_files import checks_of

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError
from golive.environment import find, load
from golive.exchanges.model import Exchange, Headers, Request, Response, Steps
from suites.messages.status_steps import FIRST

STATUS = checks_of("writes/test_status_kept")
VALIDATIONS = checks_of("recipient/test_every_validation")
ROOT = "https://api.example/tenant/message/20241001"
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
ENVIRONMENT = load(find("twin"), variables={})


def made(operation: str, path: str, second: float, asked: Any, answered: Any, status: int = 200):
    method = "GET" if asked is None else "POST"
    body = b"" if asked is None else json.dumps(asked).encode()
    request = Request(method, f"{ROOT}/{path}", body=body, operation=operation)
    headers = Headers.of({"Content-Type": "application/json"})
    response = Response(status, headers, json.dumps(answered).encode())
    return Exchange(f"at {second}", request, response, BEGUN + timedelta(seconds=second), 0.1)


def inbox(second: float, status: str, version: int | None) -> Exchange:
    versions = {"notificationVersion": 1, "recipientNotificationVersion": version}
    item = {"id": "1", "status": status, **versions}
    return made("listInboxItems", "patientMessages/inboxItems", second, None, {"items": [item]})


def change(second: float, status: str, answered: int = 200) -> Exchange:
    body = {"patientId": "1", "messages": [{"id": "1"}], "status": status}
    path = "actions/updatePatientMessageStatus"
    return made("updateMessageStatus", path, second, body, {}, answered)


FOUND, OPENED, SEEN = inbox(0, "UNREAD", 1), change(1, "OPENED"), inbox(2, "OPENED", 2)


def judged(*later: Exchange) -> None:
    answers = [FOUND, OPENED, SEEN, *later]
    STATUS.test_a_change_of_status_is_not_undone(answers, ENVIRONMENT, Steps({FIRST: FOUND}))


@pytest.mark.parametrize("between", [(), (change(3, "DELETED", 409),)])
def test_a_status_with_the_versions_from_before_was_undone(between):
    with pytest.raises(FindingsError) as raised:
        judged(*between, inbox(20, "UNREAD", 1))
    assert raised.value.findings[0].at == "relation:status-lasts"


@pytest.mark.parametrize(
    "later",
    [
        (inbox(20, "OPENED", 2),),
        (inbox(20, "UNREAD", 3),),  # somebody else changed it
        (inbox(20, "UNREAD", 2),),  # whether each change has a version is in no public text
        (inbox(20, "UNREAD", None),),
        (inbox(3, "UNREAD", 1), inbox(20, "OPENED", 2)),  # a replica that is behind
        (change(10, "UNREAD"), inbox(20, "UNREAD", 1)),
        (change(10, "UNREAD", 503), inbox(20, "UNREAD", 1)),  # it may have been made
    ],
)
def test_what_others_or_the_run_may_have_done_is_no_finding(later):
    judged(*later)


def test_without_a_change_that_was_shown_nothing_is_seen():
    with pytest.raises(CouldNotTellError):
        STATUS.test_a_change_of_status_is_not_undone(
            [FOUND, change(1, "OPENED", 409)], ENVIRONMENT, Steps({FIRST: FOUND})
        )


def validated(second: float, *verdicts: tuple[str, str, bool], **about: str) -> Exchange:
    named = [{"id": key, "recipientType": kind} for key, kind, _ in verdicts]
    asked = {"category": "MESSAGES", "recipients": named, **about}
    items = [{"id": key, "isValid": valid} for key, _, valid in verdicts]
    return made("validateRecipients", "actions/validateRecipients", second, asked, {"items": items})


ALONE = validated(0, ("1", "PERSONNEL", True))
MIX = validated(1, ("1", "PERSONNEL", True), ("9", "PERSONNEL", False))


def said(*answers: Exchange) -> None:
    VALIDATIONS.test_every_validation_says_the_same_of_a_recipient([ALONE, *answers], ALONE, MIX)


def test_a_recipient_who_is_valid_alone_and_not_among_others_is_a_finding():
    with pytest.raises(FindingsError) as raised:
        said(validated(2, ("1", "PERSONNEL", False), ("9", "PERSONNEL", False)))
    assert [one.actual.partition(";")[0] for one in raised.value.findings] == ["false"]


@pytest.mark.parametrize(
    "other",
    [
        validated(2, ("1", "PERSONNEL", True)),
        validated(2, ("1", "GROUPINBOX", False)),
        validated(2, ("1", "PERSONNEL", False), category="REMINDERS"),
        validated(2, ("1", "PERSONNEL", False), patientId="7"),
        validated(2, ("1", "PERSONNEL", False), ("1", "GROUPINBOX", True)),
    ],
)
def test_another_question_may_have_another_answer(other):
    said(other)
