"""What is asked for at once is asked for alone where a service takes only some of it."""

from __future__ import annotations

import pytest

from golive.checks.findings import FindingsError

from .conftest import VALIDATE, Service

pytestmark = pytest.mark.whole_run

DETAILS = (
    "message_with_request_id",
    "message_with_unknown_parameter",
    "message_from_another_origin",
)
REFUSED = (400, {"code": 400, "message": "no"})


def test_details_of_one_request_that_is_answered_cost_no_other(deployed):
    service = deployed()
    assert {service.made(name).name for name in DETAILS} == {"message_asked_otherwise"}
    assert service.made("message_accepting", accept="ranked-media-types").name == (
        "message_asked_otherwise"
    )
    service.call("callers-request-id-is-accepted")


def test_a_service_that_refuses_one_detail_is_asked_for_each_alone(deployed):
    strict = Service(asked=lambda one: REFUSED if "goliveUnknown" in one.query else None)
    service = deployed(strict)
    assert [service.made(name).name for name in DETAILS] == [*DETAILS]
    assert service.made("message_with_unknown_parameter").status == 400
    service.call("callers-request-id-is-accepted")
    service.call("unknown-parameter-is-no-server-error")


def test_spellings_of_a_token_request_that_are_granted_together_are_not_asked_for_again(deployed):
    service = deployed()
    together = {
        spelling: service.made("respelled_request", spelling=spelling).name
        for spelling in ("BASIC", "id", "empty", "basic", "secret")
    }
    assert [*together.values()] == [*["second_token"] * 3, *["grant_of_less"] * 2]


def test_a_spelling_that_is_not_taken_is_the_only_one_that_is_refused(deployed):
    service = deployed(defects=("client-id-is-not-decoded",))
    refused = service.made("respelled_request", spelling="id")
    assert (refused.name, refused.succeeded) == ("token request, id in another spelling", False)
    for spelling in ("BASIC", "empty", "basic", "secret"):
        assert service.made("respelled_request", spelling=spelling).succeeded
    assert service.made("second_token").succeeded


def test_a_service_that_validates_reminders_for_no_patient_is_asked_about_both_alone(deployed):
    def asked(one):
        together = one.place == VALIDATE and one.body.get("category") == "REMINDERS"
        return REFUSED if together and "patientId" in one.body else None

    service = deployed(Service(asked=asked))
    alone = service.made("validation_of_reminders")
    assert alone.succeeded
    assert b"patientId" not in alone.request.body
    assert service.made("validation_for_a_patient").name == "validation_for_a_patient"
    assert deployed().made("validation_for_a_patient").name == "validation_of_reminders"


def test_a_limit_that_is_refused_beside_an_asterisk_is_asked_for_alone(deployed):
    both = Service(asked=lambda one: REFUSED if {"name=%2A", "limit=1000"} <= _parts(one) else None)
    service = deployed(both)
    assert service.made("group_inboxes_by_asterisk").succeeded
    assert service.made("group_inboxes_spelled_out").name == "group_inboxes_spelled_out"
    assert deployed().made("group_inboxes_spelled_out").name == "group_inboxes_by_asterisk"


def _parts(one):
    return set(one.query.split("&"))


def test_another_patient_s_message_is_read_at_the_end_once(deployed):
    service = deployed()
    service.make("message_after_changes", "write_inbox")
    assert service.made("message_after_changes").name == "message_at_the_end"
    service.call("status-change-leaves-other-patients-alone")


def test_a_message_that_was_read_before_the_changes_is_read_again(deployed):
    service = deployed()
    service.made("message_askings")
    assert service.made("message_after_changes").name == "message_after_changes"


def test_a_list_that_is_refused_is_a_finding_of_the_check_that_asks_for_it(deployed):
    late = Service(asked=lambda one: REFUSED if "LessThan" in one.query else None)
    with pytest.raises(FindingsError):
        deployed(late).call("sent-items-upper-bound-alone-holds")
