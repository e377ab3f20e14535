"""From a call to the request that is sent, and to the words that a person is told."""

import json
from dataclasses import replace

import pytest

from golive.exchanges.curl import short_url
from golive.exchanges.headers import Headers
from golive.exchanges.model import Request
from golive.fuzz.calls import AsText, Call, Change, Raw, Repeat, Shift, request_of
from golive.fuzz.send import curl, repeat
from golive.redaction import REDACTOR
from golive.transport.plain import Plain

PLAIN = Plain(
    query={"patientId": "1"},
    path={"patientMessageId": "7.x"},
    body={"messages": [{"id": "7", "notificationVersion": 3}], "status": "OPENED"},
)
HEADERS = {"Accept": "application/json", "Authorization": "Bearer a-secret-token"}


@pytest.fixture
def made(contract):
    def make(operation, *changes):
        call = Call(operation, changes)
        return request_of(call, PLAIN, contract.operations[operation], "http://h", HEADERS)

    return make


def test_the_query_is_changed_and_encoded(made):
    request = made("listInboxItems", Change("query", "page", ("a b", "\U0001f600")))
    assert request.url.endswith("inboxItems?patientId=1&page=a%20b&page=%F0%9F%98%80")


def test_the_path_is_replaced_or_goes_on(made):
    assert (
        made("getMessage", Change("path", "patientMessageId", "a/b"))
        .url.split("?")[0]
        .endswith("a%2Fb")
    )
    longer = made("getMessage", Change("path", "+patientMessageId", ";x"))
    assert longer.url.split("?")[0].endswith("/7.x%3Bx")


def test_headers_are_changed_and_the_token_is_taken_away(made):
    request = made("getMessage", Change("header", "opc-request-id", "a"), Change("token", ""))
    assert dict(request.headers) == {"Accept": "application/json", "opc-request-id": "a"}


@pytest.mark.parametrize(
    ("change", "body"),
    [
        (Change("body", "/status", None), {**PLAIN.body, "status": None}),
        (
            Change("body", "/messages", Repeat(2)),
            {**PLAIN.body, "messages": PLAIN.body["messages"] * 2},
        ),
        (Change("body", "/subject", Repeat(2)), {**PLAIN.body, "subject": [None, None]}),
        (
            Change("body", "/messages/0/notificationVersion", Shift(0.5)),
            {**PLAIN.body, "messages": [{"id": "7", "notificationVersion": 3.5}]},
        ),
        (Change("body", "/new", Shift(0.5)), {**PLAIN.body, "new": 0.5}),
        (
            Change("body", "/messages/0/notificationVersion", AsText()),
            {**PLAIN.body, "messages": [{"id": "7", "notificationVersion": "3"}]},
        ),
        (Change("body", "/messages/0", 1), {**PLAIN.body, "messages": [1]}),
        (Change("body", "/messages/4", 1), PLAIN.body),
        (Change("body", "/messages/4/id", 1), PLAIN.body),
        (Change("body", "", [1]), [1]),
        (Change("body", "", Raw(b"[1]")), [1]),
    ],
)
def test_a_member_of_the_body_is_changed_where_it_has_parents(made, change, body):
    assert json.loads(made("updateMessageStatus", change).body) == body
    assert PLAIN.body["status"] == "OPENED"


def test_a_call_says_shortly_what_is_unusual():
    call = Call("getMessage", (Change("path", "patientMessageId", "x" * 9999),))
    assert repr(call) == "<call getMessage: path patientMessageId>"
    assert Call("getMessage").part == "nothing unusual"
    assert call.key != Call("getMessage").key


def test_a_curl_command_holds_no_secret_and_shortens_long_runs(environment):
    REDACTOR.protect("a-secret-token")
    headers = {**HEADERS, "User-Agent": "golive", "opc-request-id": "a" * 500}
    request = Request("POST", "http://h/x?patientId=" + "0" * 200, Headers.of(headers), b"{'a': 1}")
    command = curl(request, environment)
    assert "a-secret-token" not in command
    assert '-H "Authorization: Bearer $TOKEN"' in command
    assert "$(printf '0%.0s' $(seq 200))" in command
    assert """-H 'opc-request-id: '"$(printf 'a%.0s' $(seq 500))\"""" in command
    assert command.startswith("curl -i -X POST")
    assert len(command) < 400


def test_a_curl_command_shows_no_patient_where_data_may_be_real(environment):
    REDACTOR.shows_data = False
    body = b'{"patientId": "12700100", "id": "55.prsnl"}'
    command = curl(Request("POST", "http://h/x?patientId=12700100", Headers(), body), environment)
    assert "12700100" not in command
    assert "55.prsnl" not in command


def test_a_body_that_stays_long_becomes_a_file(environment):
    body = json.dumps([f"{number}-" for number in range(2000)]).encode()
    assert "@body.json" in curl(Request("POST", "http://h/x", Headers(), body), environment)


def test_urls_and_runs_are_reported_shortly(environment):
    assert short_url("http://h/" + "%20" * 100) == "http://h/%20…100 times"
    wanted = "golive run twin --generated --profile gate --seed 1 -k generated-send"
    assert repeat(environment, "send") == wanted


def test_an_environment_that_has_no_name_is_repeated_by_its_path(
    environment, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    apart = replace(environment, path=tmp_path / "mine" / "twin.yaml")
    assert repeat(apart, "send").startswith("golive run mine/twin.yaml --generated")
