"""What holds for every API request: paths, methods, media types, request ids."""

import re

import pytest

INBOX = "patientMessages/inboxItems?patientId=12700100"
SEND = "patientMessages/sentItems"


def refused(answer, status, code=None):
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"code", "message"}
    assert isinstance(body["code"], str)
    assert code in (None, body["code"])
    assert answer.headers["content-type"] == "application/json"
    assert "opc-request-id" in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        "patientMessages",
        "patientMessages/",
        "patientMessages/inboxItems/1",
        "actions/groupInboxes",
        "../20240101/patientMessages/inboxItems",
        "",
    ],
)
def test_an_unknown_path_is_not_found(caller, path):
    refused(caller.get(path), 404, "NotFound")


def test_another_version_and_another_namespace_are_not_found(caller):
    base = f"{caller.twin.address}/api.cernermillennium.com/{caller.twin.accounts['system'].tenant}"
    headers = {"Authorization": f"Bearer {caller.token()}"}
    for path in ("message/20240101/patientMessages/inboxItems", "recipient/20241001/x", ""):
        refused(caller.http.get(f"{base}/{path}", headers=headers), 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("POST", "patientMessages/inboxItems", "GET, HEAD"),
        ("DELETE", "patientMessages/sentItems", "GET, HEAD, POST"),
        ("PUT", "patientMessages/1.1.5.prsnl", "GET, HEAD"),
        ("GET", "actions/updatePatientMessageStatus", "POST"),
    ],
)
def test_a_wrong_method_is_refused_and_the_right_ones_named(caller, method, path, allow):
    answer = caller.api(method, path)
    refused(answer, 405)
    assert answer.headers["allow"] == allow


@pytest.mark.parametrize(
    "accept",
    [
        "application/json",
        "*/*",
        "application/*;q=0.1",
        "text/html, application/json; charset=utf-8",
        "application/json;q=1, */*;q=0",
        "",
    ],
)
def test_json_is_given_to_a_caller_that_takes_it(caller, accept):
    assert caller.get(INBOX, headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize(
    "accept",
    ["text/html", "application/json;q=0", "application/json;q=0, */*", "application/json;q=x"],
)
def test_a_caller_that_takes_no_json_is_refused(caller, accept):
    refused(caller.get(INBOX, headers={"Accept": accept}), 406, "NotAcceptable")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_media_type_is_refused(caller, media_type):
    headers = {"Content-Type": media_type} if media_type else {}
    answer = caller.api("POST", SEND, content="{}", headers=headers)
    refused(answer, 415, "UnsupportedMediaType")


def test_the_media_type_of_a_get_means_nothing(caller):
    headers = {"Content-Type": "application/ehr+json"}
    assert caller.get(INBOX, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "body", ["{broken", "", "[]", '"text"', b"\xff", '{"patientId": NaN}', "[" * 100_000]
)
@pytest.mark.parametrize("path", [SEND, "actions/updatePatientMessageStatus"])
def test_a_malformed_body_is_refused(caller, body, path):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    refused(caller.api("POST", path, content=body, headers=headers), 400, "MalformedBody")


def test_every_answer_has_a_request_id_of_its_own(caller):
    ids = [caller.get(INBOX).headers["opc-request-id"] for _ in range(2)]
    assert all(re.fullmatch("/[0-9a-f]{32}/[0-9a-f]{32}", one) for one in ids)
    assert ids[0] != ids[1]


def test_a_callers_request_id_comes_back(caller):
    answer = caller.get(INBOX, headers={"opc-request-id": "My_id-7"})
    assert answer.status_code == 200
    assert answer.headers["opc-request-id"].startswith("My_id-7/")


@pytest.mark.parametrize("wrong", ["a b", "a/b", "ä".encode(), "a;b"])
def test_a_callers_request_id_with_other_characters_is_refused(caller, wrong):
    answer = caller.get(INBOX, headers={"opc-request-id": wrong})
    refused(answer, 400, "InvalidParameter")
    assert answer.headers["opc-request-id"].startswith("/")


@pytest.mark.parametrize("path", ["patientMessages/inboxItems", "patientMessages/sentItems"])
@pytest.mark.parametrize("query", ["", "patientId=", "patientId=%20", "patientId=1&patientId=1"])
def test_a_missing_or_repeated_patient_is_refused(caller, path, query):
    refused(caller.get(f"{path}?{query}"), 400)


@pytest.mark.parametrize("path", ["patientMessages/inboxItems", "patientMessages/sentItems"])
def test_an_unknown_patient_is_not_found(caller, path):
    refused(caller.get(f"{path}?patientId=41000100"), 404, "NotFound")


def test_another_tenants_patient_is_not_found(caller):
    answer = caller.get(
        INBOX, token=caller.token("customer"), tenant=caller.twin.accounts["customer"].tenant
    )
    refused(answer, 404)
