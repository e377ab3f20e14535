"""Group inboxes and the validation of recipients, as the pages describe them."""

import re

import pytest

CUSTOMER = "7c1f5d6e-3b0a-4f5c-9d27-6a2e8b41c903"
NURSE, DESK = ("4463007", "PERSONNEL"), ("88120", "GROUPINBOX")
UNCONFIGURED, ELSEWHERE = ("4463021", "PERSONNEL"), ("4463031", "PERSONNEL")
NOBODY = ("1", "PERSONNEL")
MESSAGE, RECIPIENT = "oraclehealth:millennium:message", "oraclehealth:millennium:recipient"


def listed(caller, **params):
    answer = caller.inboxes(params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def verdicts(caller, *recipients, **changes):
    answer = caller.validate(*recipients, **changes)
    assert answer.status_code == 200, answer.text
    return {item["id"]: item["isValid"] for item in answer.json()["items"]}


def refused(answer, status=400):
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"code", "message"}


def test_without_name_and_id_all_group_inboxes_come_with_id_and_name(caller):
    items = listed(caller)
    assert len(items) == 6
    assert {"id": "88120", "name": "Synthetic Clinic Front Desk"} in items
    assert all(item.keys() == {"id", "name"} for item in items)


@pytest.mark.parametrize("name", ["*", " * ", "", "   "])
def test_an_asterisk_or_blanks_find_all_group_inboxes(caller, name):
    assert listed(caller, name=name) == listed(caller)


def test_a_group_inbox_is_found_by_its_name_whatever_the_case(caller):
    for item in listed(caller):
        assert listed(caller, name=item["name"]) == [item]
        assert listed(caller, name=f" {item['name'].upper()} ") == [item]
    assert listed(caller, name="Synthetic") == []


def test_of_several_ids_those_that_exist_are_answered(caller):
    items = listed(caller)
    ids = [items[2]["id"], "0", items[0]["id"]]
    assert listed(caller, id=ids) == [items[0], items[2]]
    assert listed(caller, id="0") == []


def test_name_and_id_together_are_refused(caller):
    refused(caller.inboxes(params={"id": "88120", "name": "*"}))
    refused(caller.inboxes(params={"id": "88120", "name": ""}))


def test_two_names_are_refused_and_there_is_only_one_page(caller):
    refused(caller.inboxes(params={"name": ["a", "b"]}))
    assert listed(caller, limit="1000") == listed(caller)
    for more in ({"limit": "10"}, {"limit": ["1000", "1000"]}, {"page": "2"}):
        refused(caller.inboxes(params=more))


def test_each_tenant_has_its_own_group_inboxes(caller):
    answer = caller.inboxes(token=caller.token("customer"), tenant=CUSTOMER)
    names = {item["name"] for item in answer.json()["items"]}
    assert names == {"Synthetic Clinic Front Desk", "Synthetic Customer's Desk"}
    answer = caller.inboxes(token=caller.token("customer"))
    assert answer.status_code == 401
    assert "tenant-mismatch" in answer.text


def test_the_numbers_of_group_inboxes_follow_the_seed(calling):
    first, again, other = (calling(seed=seed) for seed in (1, 1, 2))
    assert listed(first) == listed(again) != listed(other)
    assert {one["name"] for one in listed(first)} == {one["name"] for one in listed(other)}


@pytest.mark.parametrize("scope", [MESSAGE, "oraclehealth:millennium:code-system"])
def test_group_inboxes_need_the_recipient_scope(caller, scope):
    token = caller.ask_token(scope=scope).json()["access_token"]
    answer = caller.inboxes(token=token)
    assert answer.status_code == 403
    assert 'error="insufficient_scope"' in answer.json()["message"]
    assert f'scope="{RECIPIENT}"' in answer.headers["www-authenticate"]


def test_the_recipient_scope_is_enough_for_group_inboxes_and_not_for_the_validation(caller):
    token = caller.ask_token(scope=RECIPIENT).json()["access_token"]
    assert caller.inboxes(token=token).status_code == 200
    body = {"category": "MESSAGES", "recipients": []}
    answer = caller.api("POST", "actions/validateRecipients", json=body, token=token)
    assert answer.status_code == 403
    assert f'scope="{MESSAGE}"' in answer.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["groupInboxes/88120", "actions/validateRecipients", "x"])
def test_there_is_nothing_else_in_the_namespace_of_recipients(caller, path):
    refused(caller.get(path, namespace="recipient/20241001"), 404)


def test_group_inboxes_are_only_read_and_there_is_one_version(caller):
    answer = caller.api("POST", "groupInboxes", namespace="recipient/20241001", json={})
    refused(answer, 405)
    assert answer.headers["allow"] == "GET, HEAD"
    refused(caller.get("groupInboxes", namespace="recipient/20240101"), 404)


def test_every_answer_has_a_request_id(caller):
    for answer in (caller.inboxes(), caller.validate(NURSE), caller.inboxes(token=None)):
        assert re.search("/[0-9a-f]{32}/[0-9a-f]{32}$", answer.headers["opc-request-id"])


# ---- validation --------------------------------------------------------------------------------------------


def test_known_recipients_are_valid_and_others_are_not(caller):
    known = verdicts(caller, NURSE, DESK, UNCONFIGURED, NOBODY, ("88120", "PERSONNEL"))
    assert known["4463007"] is True
    assert known["4463021"] is known["1"] is False


def test_the_type_belongs_to_the_recipient(caller):
    assert verdicts(caller, ("88120", "PERSONNEL")) == {"88120": False}
    assert verdicts(caller, DESK) == {"88120": True}


def test_every_listed_group_inbox_can_receive_messages_and_one_takes_no_reminders(caller):
    keys = [(item["id"], "GROUPINBOX") for item in listed(caller)]
    assert set(verdicts(caller, *keys).values()) == {True}
    reminders = verdicts(caller, *keys, category="REMINDERS")
    assert sorted(reminders.values()) == [False, *[True] * 5]


def test_with_a_patient_the_logical_domain_counts(caller):
    both = {"4463007": True, "4463031": True}
    assert verdicts(caller, NURSE, ELSEWHERE) == both
    assert verdicts(caller, NURSE, ELSEWHERE, patientId="12700100") == {**both, "4463031": False}
    assert verdicts(caller, NURSE, patientId="1") == {"4463007": False}


def test_a_recipient_is_answered_once_and_in_another_order_than_asked(caller):
    asked = [DESK, NURSE, DESK]
    items = caller.validate(*asked).json()["items"]
    assert [item["id"] for item in items] == ["4463007", "88120"]


def test_no_recipients_are_answered_with_none(caller):
    assert verdicts(caller) == {}


def test_the_validation_changes_nothing(writer):
    before = [writer.inbox("12700400"), writer.sent("12700400"), verdicts(writer, NURSE, NOBODY)]
    verdicts(writer, NURSE, DESK, patientId="12700400")
    assert [
        writer.inbox("12700400"),
        writer.sent("12700400"),
        verdicts(writer, NURSE, NOBODY),
    ] == before


@pytest.mark.parametrize(
    "changes",
    [
        {"category": "ABSENT"},
        {"category": "LETTERS"},
        {"category": None},
        {"category": 1},
        {"recipients": "ABSENT"},
        {"recipients": None},
        {"recipients": {}},
        {"recipients": ["1111"]},
        {"recipients": [{"recipientType": "PERSONNEL"}]},
        {"recipients": [{"id": "1111"}]},
        {"recipients": [{"id": "1111", "type": "PERSONNEL"}]},
        {"recipients": [{"id": 1111, "recipientType": "PERSONNEL"}]},
        {"recipients": [{"id": "1111", "recipientType": "EMAIL"}]},
        {"recipients": [{"id": "1111", "recipientType": "PERSON"}]},
        {"recipients": [{"id": "1111", "recipientType": "PERSONNEL", "name": "x"}]},
        {"patientId": 2222},
        {"patientId": None},
        {"subject": "x"},
    ],
)
def test_a_body_that_breaks_a_rule_is_refused(caller, changes):
    refused(caller.validate(**changes))


def test_a_body_that_is_no_object_is_refused(caller):
    send = "actions/validateRecipients"
    refused(caller.api("POST", send, json=[]))
    refused(caller.api("POST", send, content="{", headers={"Content-Type": "application/json"}))
    refused(caller.api("POST", send, content="{}", headers={"Content-Type": "text/plain"}), 415)
    refused(caller.get(send), 405)


def test_a_message_can_be_sent_to_every_recipient_that_is_valid_and_to_no_other(writer):
    inbox = listed(writer)[0]["id"]
    for key in ((inbox, "GROUPINBOX"), NURSE):
        assert writer.send(recipients=[{"id": key[0], "type": key[1]}]).status_code == 201
    for key in (UNCONFIGURED, NOBODY):
        refused(writer.send(recipients=[{"id": key[0], "type": key[1]}]))
