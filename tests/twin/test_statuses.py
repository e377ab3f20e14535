"""Changing the status of messages."""

import itertools

import pytest

STATUSES = ["UNREAD", "OPENED", "DELETED"]


def item(writer, message_id):
    return next(one for one in writer.inbox("12700400") if one["id"] == message_id)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(STATUSES, 2)))
def test_every_transition_sticks_and_raises_both_versions(writer, before, after):
    old = next(one for one in writer.inbox("12700400") if one["status"] == before)
    answer = writer.update(after, old)
    assert (answer.status_code, answer.content) == (200, b"")
    assert "opc-request-id" in answer.headers
    new = item(writer, old["id"])
    assert new["status"] == writer.one(old["id"])["status"] == after
    assert new["notificationVersion"] == old["notificationVersion"] + 1
    assert new["recipientNotificationVersion"] == old["recipientNotificationVersion"] + 1


def test_the_writing_patient_has_messages_in_all_states(caller):
    assert {one["status"] for one in caller.inbox("12700400")} == set(STATUSES)
    assert len(caller.inbox("12700400", notificationType="REMINDER")) == 1


def test_the_same_status_is_accepted_and_changes_nothing(writer):
    old = writer.inbox("12700400")[0]
    assert writer.update(old["status"], old).status_code == 200
    assert item(writer, old["id"]) == old


def test_a_whole_batch_changes(writer):
    batch = writer.inbox("12700400")[:100]
    assert writer.update("UNREAD", *batch).status_code == 200
    seen = {one["id"]: one["status"] for one in writer.inbox("12700400")}
    assert {seen[one["id"]] for one in batch} == {"UNREAD"}


@pytest.mark.parametrize("version", ["notificationVersion", "recipientNotificationVersion"])
def test_a_stale_version_is_refused_and_nothing_changes(writer, version):
    fresh, stale = writer.inbox("12700400")[:2]
    before = writer.inbox("12700400")
    answer = writer.update("DELETED", fresh, {**stale, version: stale[version] - 1})
    assert (answer.status_code, answer.json()["code"]) == (409, "StaleVersion")
    assert writer.inbox("12700400") == before


def test_a_message_of_another_patient_is_refused_and_nothing_changes(writer):
    own, other = writer.inbox("12700400")[0], writer.inbox("12700100")[0]
    before = writer.inbox("12700400")
    assert writer.update("DELETED", own, other).status_code == 400
    assert writer.update("DELETED", own, patientId="12700100").status_code == 400
    assert writer.update("DELETED", own, patientId="1").status_code == 400
    assert writer.inbox("12700400") == before


def test_a_sent_item_is_refused(writer):
    writer.send()
    assert writer.update("DELETED", writer.sent("12700400")[0]).status_code == 400


def test_a_reminder_changes_like_a_message(writer):
    reminder = writer.inbox("12700400", notificationType="REMINDER")[0]
    assert writer.update("OPENED", reminder).status_code == 200


def test_a_hundred_messages_change_at_once_and_not_one_more(writer):
    batch = writer.inbox("12700300")[:101]
    refused = writer.update("OPENED", *batch, patientId="12700300")
    assert refused.status_code == 400
    assert "1 to 100" in refused.json()["message"]
    assert writer.update("OPENED", *batch[:100], patientId="12700300").status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"messages": []},
        {"messages": None},
        {"messages": {}},
        {"messages": ["720564485.1.5.prsnl"]},
        {"messages": [{"notificationVersion": 1, "recipientNotificationVersion": 1}]},
        {"patientId": None},
        {"patientId": ""},
        {"status": None},
        {"status": "READ"},
        {"status": 1},
        {"colour": "blue"},
    ],
)
def test_a_request_that_breaks_a_rule_is_refused(refuser, changes):
    known = refuser.inbox("12700400")[0]
    assert refuser.update("OPENED", known, **changes).status_code == 400


@pytest.mark.parametrize("wrong", [None, "1", 1.0, True])
@pytest.mark.parametrize("version", ["notificationVersion", "recipientNotificationVersion"])
def test_a_version_that_is_no_integer_is_refused(refuser, version, wrong):
    known = refuser.inbox("12700400")[0]
    assert refuser.update("OPENED", {**known, version: wrong}).status_code == 400


def test_an_unknown_or_repeated_message_is_refused(writer):
    known = writer.inbox("12700400")[0]
    assert writer.update("OPENED", {**known, "id": "1.1.5.prsnl"}).status_code == 400
    assert writer.update("OPENED", known, known).status_code == 400
