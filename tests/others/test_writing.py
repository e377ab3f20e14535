"""Writing to services that are honest and chose otherwise than the twin."""

from __future__ import annotations

import pytest

from golive.checks.findings import FindingsError
from golive.contract.outcomes import CouldNotTellError, ThinDataError
from suites.messages.status_steps import moves

from .conftest import INBOX, SENT, UPDATE, VALIDATE, WITHIN, Service

pytestmark = pytest.mark.whole_run


def _refuses_sends(status=400, code="MissingMember", words="messageSender.personId is required"):
    def asked(one):
        if one.method == "POST" and one.place == SENT:
            return status, {"code": code, "message": words}
        return None

    return Service(asked)


def test_a_send_that_is_refused_for_a_guessed_name_breaks_no_contract(deployed):
    service = deployed(_refuses_sends())
    found = service.outcomes("send-", "reply-", "copy-")
    assert set(found.values()) == {"open", "passed"}
    # Whom it was for was asked before, and the answer says so whatever became of the message.
    assert [one for one, outcome in found.items() if outcome == "passed"] == [
        "send-recipient-was-valid",
        "send-answer-has-request-id",
    ]
    assert service.service.came[f"POST {SENT}"] == 1


def test_the_cause_is_one_and_shows_the_services_own_words(deployed):
    service = deployed(_refuses_sends())
    causes = set()
    for check_id in ("send-is-accepted", "send-item-is-listed-once", "reply-is-accepted"):
        with pytest.raises(CouldNotTellError) as caught:
            service.call(check_id)
        causes.add(caught.value.cause)
    assert len(causes) == 1
    (cause,) = causes
    assert "messageSender/id, messageSender/type, recipients/id, recipients/type" in cause
    assert "400" in cause
    assert 'code MissingMember, message "messageSender.personId is required"' in cause


@pytest.mark.parametrize("status", [401, 405, 415, 500, 503])
def test_a_refusal_that_no_name_can_cause_is_not_excused_by_a_guess(deployed, status):
    service = deployed(_refuses_sends(status))
    with pytest.raises((FindingsError, CouldNotTellError)) as caught:
        service.call("send-is-accepted")
    if status == 503:
        assert "not available" in str(caught.value)
    else:
        assert [one.at for one in caught.value.findings] == ["status"]
        assert not caught.value.advice


def test_a_reply_that_is_refused_for_its_priority_is_sent_without(deployed):
    def asked(one):
        if one.method == "POST" and one.place == SENT and "priority" in one.body:
            return 400, {"code": "BadRequest", "message": "priority must be a string"}
        return None

    service = deployed(Service(asked))
    found = service.outcomes("reply-", "copy-")
    assert found.pop("reply-keeps-its-priority") == "open"
    assert set(found.values()) == {"passed"}
    with pytest.raises(CouldNotTellError, match=r"priority/value are only inferred.*a string"):
        service.call("reply-keeps-its-priority")


def test_a_reply_that_is_refused_however_plain_it_is_breaks_the_contract(deployed):
    def asked(one):
        if one.method == "POST" and one.place == SENT and "previousMessageId" in one.body:
            return 400, {"code": "BadRequest"}
        return None

    service = deployed(Service(asked))
    with pytest.raises(FindingsError) as caught:
        service.call("reply-is-accepted")
    assert not caught.value.advice
    assert (
        service.service.came[f"POST {SENT}"] == 6
    )  # a plain one, the two of the odd text, and three replies


def test_a_copy_that_is_refused_breaks_the_contract_and_the_reply_does_not(deployed):
    def asked(one):
        if one.method == "POST" and one.place == SENT and "carbonCopyRecipients" in one.body:
            return 400, {"code": "BadRequest"}
        return None

    service = deployed(Service(asked))
    found = service.outcomes("reply-", "copy-")
    assert [one for one, outcome in found.items() if outcome == "failed"] == ["copy-is-accepted"]


@pytest.mark.parametrize("seconds", [0.3, 1.2])
def test_what_shows_a_moment_later_is_no_finding(deployed, seconds):
    service = deployed(visible_after=seconds)
    found = service.outcomes("send-", "reply-", "copy-", "status-")
    assert set(found.values()) == {"passed"}
    late = [one for one in service.visibility if one["readings"] > 1]
    assert {one["read"] for one in late} >= {"listInboxItems", "getMessage"}
    assert all(one["seen"] for one in late)
    assert seconds <= max(one["seconds"] for one in late) <= WITHIN


def test_nothing_is_asked_twice_where_the_first_reading_shows_it(deployed):
    service = deployed()
    found = service.outcomes("send-", "reply-", "copy-", "status-")
    assert set(found.values()) == {"passed"}
    assert {one["readings"] for one in service.visibility} == {1}
    assert service.service.came[f"POST {VALIDATE}"] == 1
    # Alone, the message of another patient is read once more than in a whole run: at the end, and after the changes.
    assert sum(service.service.came.values()) == 74


def test_the_time_for_looking_again_is_the_environments(deployed):
    service = deployed(visible_after=2.0, within=0.5)
    with pytest.raises(FindingsError) as caught:
        service.call("send-item-is-listed-once")
    assert [one.at for one in caught.value.findings] == ["relation:sent-message-is-listed"]
    (looked,) = [one for one in service.visibility if one["read"] == "listSentItems"]
    assert not looked["seen"]
    assert looked["readings"] in (2, 3)  # as many as half a second has room for


def test_what_never_shows_is_waited_for_twice_in_a_chain(deployed):
    service = deployed(defects=["status-change-does-not-stick"], within=0.5)
    with pytest.raises(FindingsError):
        service.call("status-{transition}-is-seen", transition="unread-to-opened")
    tour = [one for one in service.visibility if one["read"] == "listInboxItems"]
    *first, last = [one["readings"] for one in tour]
    assert {2, 3} >= {*first}  # as many as half a second has room for
    assert (len(first), last) == (2, 1)


def _can_reply(answer):
    def answered(one, status, body):
        if one.method == "GET" and "content" in body:
            return {**body, "canReply": answer(one.number, body)}
        return body

    return answered


def test_a_message_that_cannot_be_replied_to_is_not_replied_to(deployed):
    refused = []

    def answer(number, body):
        refused[:] = refused or [body["id"]]
        return body["id"] not in refused

    service = deployed(Service(answered=_can_reply(answer)))
    assert service.outcomes("reply-is-accepted") == {"reply-is-accepted": "passed"}
    original = service.made("replying")["original"]
    assert original.json["canReply"] is True
    assert original.json["id"] not in refused


def test_without_a_message_that_can_be_replied_to_no_reply_is_sent(deployed):
    service = deployed(Service(answered=_can_reply(lambda *_: False)))
    with pytest.raises(ThinDataError, match="canReply: false"):
        service.call("reply-is-accepted")
    assert service.service.came[f"POST {SENT}"] == 3  # a plain one, and the two of the odd text


def test_a_refused_reply_to_a_message_that_does_not_say_whether_it_can_be_is_no_finding(deployed):
    def asked(one):
        if one.method == "POST" and one.place == SENT and "previousMessageId" in one.body:
            return 409, {"code": "CannotReply"}
        return None

    service = deployed(Service(asked, _can_reply(lambda *_: None)))
    with pytest.raises(CouldNotTellError, match="does not say canReply: true"):
        service.call("reply-is-accepted")


def test_ids_that_are_numbers_work_throughout(deployed):
    numbers = {}

    def number(value):
        return numbers.setdefault(value, 700000000 + len(numbers))

    def numbered(message):
        ids = {k: number(message[k]) for k in ("id", "previousMessageId") if k in message}
        return {**message, **ids}

    def answered(one, status, body):
        if one.place == VALIDATE:
            return body  # people, and not messages
        if "items" in body:
            return {"items": [numbered(item) for item in body["items"]]}
        return numbered(body)

    service = deployed(Service(_asked_by_number(numbers), answered))
    found = service.outcomes("send-", "reply-", "status-", "message-agrees", "inbox-names")
    # That it should be a string is advice, and only the checks of the form say so.
    told = {one: outcome for one, outcome in found.items() if outcome != "passed"}
    assert told == {
        "send-detail-keeps-its-schema": "advice",
        "send-answer-keeps-its-schema": "advice",
    }


def _asked_by_number(numbers):
    def asked(one):
        known = {str(number): own for own, number in numbers.items()}
        one.place = known.get(one.place, one.place)
        for entry in one.body.get("messages", []) if one.place == UPDATE else []:
            entry["id"] = known[entry["id"]]
        if one.place == SENT and one.method == "POST" and "previousMessageId" in one.body:
            one.body["previousMessageId"] = known[one.body["previousMessageId"]]
        return

    return asked


def test_an_answer_with_another_messages_id_is_reported_at_the_answer(deployed):
    earlier = []

    def answered(one, status, body):
        if one.method == "POST" and one.place == SENT and status == 201:
            earlier.append(body["id"])
            return {"id": earlier[0]}
        return body

    service = deployed(Service(answered=answered))
    found = service.outcomes("reply-", "copy-is-shown")
    assert {one: what for one, what in found.items() if what != "passed"} == {
        "reply-is-readable": "advice"
    }
    with pytest.raises(FindingsError) as caught:
        service.call("reply-is-readable")
    assert [(one.at, one.exchange["method"]) for one in caught.value.findings] == [("/id", "POST")]


def test_a_change_that_reverts_is_reported_at_the_change_and_not_as_one_of_others(deployed):
    changed = {}

    def asked(one):
        if one.place == UPDATE and len(one.body["messages"]) > 1 and not changed:
            changed.update(id=one.body["messages"][1]["id"], after=None)
        return

    def answered(one, status, body):
        if one.place != INBOX or not changed:
            return body
        changed["after"] = changed["after"] or one.number
        reverted = one.number >= changed["after"] + 2
        items = [
            {**item, "status": "UNREAD"} if reverted and item["id"] == changed["id"] else item
            for item in body["items"]
        ]
        return {**body, "items": items}

    service = deployed(Service(asked, answered), within=0.3)
    second = _moves(service)[1]
    found = service.outcomes("status-")
    failed = [one for one, outcome in found.items() if outcome == "failed"]
    assert f"status-{second.name}-is-seen" in failed
    assert "status-change-leaves-others-alone" not in failed
    with pytest.raises(FindingsError) as caught:
        service.call("status-{transition}-is-seen", transition=second.name)
    assert [one.at for one in caught.value.findings] == ["relation:status-lasts"]


def _moves(service):
    return moves(service.made("status_tour"))


def test_a_message_is_read_twice_before_anything_is_written(deployed):
    service = deployed()
    service.make("status_tour", "sent_message", "one_message_again")
    order = service.service.order
    assert order[0] == "POST token"
    assert len([one for one in order[:4] if one.endswith(".prsnl")]) == 2
    assert order[4:]


def test_a_change_that_reaches_another_patient_is_reported_as_that(deployed):
    honest = deployed()
    honest.call("status-change-leaves-other-patients-alone")
    service = deployed(defects=["change-deletes-other-patients-messages"])
    service.make("status_tour", "one_message_again")
    service.call("message-reads-the-same-twice")
    with pytest.raises(FindingsError) as caught:
        service.call("status-change-leaves-other-patients-alone")
    assert caught.value.findings[-1].advice
    assert [one.at for one in caught.value.findings if not one.advice] == ["/status"]
