"""Which members of a request are guessed, by the marks of its schema, and which refusals that excuses."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from golive.contract.outcomes import CouldNotTellError
from golive.redaction import REDACTOR
from golive.transport.valid import (
    demand_accepted,
    guess_to_blame,
    guessed_members,
    own_words,
    unsettled,
)

PLAIN = {
    "patientId": "1",
    "messageSender": {"id": "1", "type": "PERSON"},
    "recipients": [{"id": "2", "type": "PERSONNEL"}],
    "content": "<p/>",
}
NAMES = ["messageSender/id", "messageSender/type", "recipients/id", "recipients/type"]


@pytest.fixture
def sent(make_exchange):
    def make(status: int = 400, answer: Any = None, operation: str = "sendMessage", **more: Any):
        made = make_exchange(answer or {}, status=status, method="POST", operation=operation)
        body = json.dumps({**PLAIN, **more}).encode()
        return replace(made, request=replace(made.request, body=body))

    return make


def test_the_schemas_say_which_members_are_guessed(contract, sent) -> None:
    assert list(guessed_members(contract, sent().request)) == NAMES
    urgent = sent(priority={"value": "HIGH"}, subject="S", previousMessageId="7")
    assert list(guessed_members(contract, urgent.request)) == [*NAMES, "priority/value"]


def test_a_request_of_documented_names_alone_has_no_guess(contract, sent) -> None:
    update = {"patientId": "1", "status": "OPENED", "messages": [
        {"id": "7", "notificationVersion": 1, "recipientNotificationVersion": 1}]}  # fmt: skip
    made = sent(operation="updateMessageStatus")
    request = replace(made.request, body=json.dumps(update).encode())
    assert guessed_members(contract, request) == {}
    assert guess_to_blame(contract, replace(made, request=request)) is None


def test_what_another_request_was_accepted_with_is_settled(contract, sent) -> None:
    copies = [{"id": "3", "type": "PERSONNEL"}]
    plain, urgent = sent(201), sent(priority={"value": "HIGH"}, carbonCopyRecipients=copies)
    assert unsettled(contract, urgent.request, plain) == ["priority/value"]
    assert unsettled(contract, urgent.request, sent(400)) != ["priority/value"]
    assert guess_to_blame(contract, sent(), plain) is None


@pytest.mark.parametrize("status", [400, 403, 404, 409, 422])
def test_a_refusal_of_the_body_may_be_owed_to_a_guess(contract, sent, status: int) -> None:
    with pytest.raises(CouldNotTellError, match="only inferred") as raised:
        demand_accepted(contract, sent(status))
    assert raised.value.unsettled_shape


@pytest.mark.parametrize("status", [0, 302, 401, 405, 415, 500])
def test_no_guess_excuses_another_refusal(contract, sent, status: int) -> None:
    assert guess_to_blame(contract, sent(status)) is None
    with pytest.raises(CouldNotTellError, match="nothing was sent") as raised:
        demand_accepted(contract, sent(status))
    assert not raised.value.unsettled_shape


def test_a_refused_token_is_not_excused_by_a_guess(contract, sent) -> None:
    gateway = {"code": 403, "message": 'code="urn:x", error="insufficient_scope", subcode="y"'}
    assert guess_to_blame(contract, sent(403, gateway)) is None


def test_the_services_words_are_shown_where_the_data_is_synthetic(sent, monkeypatch) -> None:
    monkeypatch.setattr(REDACTOR, "shows_data", True)
    words = own_words(sent(400, {"code": "MissingMember", "message": "personId is required"}))
    assert words == 'it says: code MissingMember, message "personId is required"'


def test_elsewhere_their_shape_is_shown(sent, monkeypatch) -> None:
    monkeypatch.setattr(REDACTOR, "shows_data", False)
    words = own_words(sent(400, {"code": "JaneDoe", "message": "Jane Doe is unknown"}))
    assert "code a string of 7 characters" in words
    assert "Jane" not in words
    assert "code 400," in own_words(sent(400, {"code": 400, "message": "x"}))
    assert "5550142177" not in own_words(sent(400, {"code": 5550142177, "message": "x"}))
    assert "a string of 19 characters" in words


@pytest.mark.parametrize("answer", [b"", [], {"error": "x"}])
def test_a_body_without_words_is_reported_as_such(sent, answer: Any) -> None:
    assert own_words(sent(400, answer)).startswith("its body")
