# ruff: noqa: E501
"""A request in the form in which a program writes or logs it: bodies of many languages, entries of structured logs."""

import json

import pytest

from golive.diagnosis.paste import explain
from golive.diagnosis.paste.breaks import contract
from golive.diagnosis.paste.literals import literal_body
from golive.diagnosis.paste.recorded import recorded

HOST = "api.cernermillennium.com"
PATH = "/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/actions/updatePatientMessageStatus"
URL = f"https://{HOST}{PATH}"
MESSAGES = f"https://{HOST}/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/patientMessages"
SENT = {
    "patientId": "127",
    "status": "READ",
    "messages": [{"id": "7.1.prsnl", "notificationVersion": 4}],
}
SENT["messages"][0]["recipientNotificationVersion"] = 2
BODY = json.dumps(SENT)
REFUSED = "400 Bad Request"


def first(text):
    return explain(text)[0]


WRITTEN = {
    "C#": 'new { patientId = "127", status = "READ", messages = new[] { new { id = "7.1.prsnl", '
    "notificationVersion = 4, recipientNotificationVersion = 2 } } };",
    "Go": 'Update{PatientID: "127", Status: "READ", Messages: []Ref{{ID: "7.1.prsnl", NotificationVersion: 4, '
    "RecipientNotificationVersion: 2}}}",
    "Go maps": 'map[string]any{"patientId": "127", "status": "READ", "messages": []map[string]any{{"id": "7.1.prsnl", '
    '"notificationVersion": 4, "recipientNotificationVersion": 2}}}',
    "Python": "dict(patientId='127', status='READ', messages=[dict(id='7.1.prsnl', notificationVersion=4, "
    "recipientNotificationVersion=2)])",
    "Java prints": "Update[patientId=127, status=READ, messages=[Ref[id=7.1.prsnl, notificationVersion=4, "
    "recipientNotificationVersion=2]]]",
    "Kotlin": 'mapOf("patientId" to "127", "status" to "READ", "messages" to listOf(mapOf("id" to "7.1.prsnl", '
    '"notificationVersion" to 4, "recipientNotificationVersion" to 2)))',
    "Swift": '["patientId": "127", "status": "READ", "messages": [["id": "7.1.prsnl", "notificationVersion": 4, '
    '"recipientNotificationVersion": 2]]]',
    "Rust prints": 'Update { patient_id: "127", status: "READ", messages: [Ref { id: "7.1.prsnl", '
    "notification_version: 4, recipient_notification_version: 2 }] }",
    "PowerShell": '@{ patientId = "127"; status = "READ"; messages = @(@{ id = "7.1.prsnl"; notificationVersion = 4\n'
    "recipientNotificationVersion = 2 }) }",
    "PHP": "['patientId' => '127', 'status' => 'READ', 'messages' => [['id' => '7.1.prsnl', 'notificationVersion' => "
    "4, 'recipientNotificationVersion' => 2]]]",
    "JavaScript": "{ patientId: '127', status: 'READ', messages: [{ id: '7.1.prsnl', notificationVersion: 4, "
    "recipientNotificationVersion: 2 }] }",
}


@pytest.mark.parametrize("body", WRITTEN.values(), ids=WRITTEN)
def test_a_body_is_read_in_the_language_that_it_is_written_in(body):
    assert literal_body(f"body: {body}", contract().words) == SENT
    found = first(f"sends {body}\nPOST {URL}: {REFUSED}\n")
    assert found.id == "request-breaks-the-contract"
    assert "READ" in found.means
    in_order = first(f"sends {body.replace('READ', 'OPENED')}\nPOST {URL}: {REFUSED}\n")
    assert in_order.id == "request-not-accepted"


COMPUTED = {
    "a call": "{ patientId: pid, status: s.toUpperCase(), messages: ids.map(id => ({ id, notificationVersion: 4 })) }",
    "a choice": '{ patientId: "127", status: ok ? "READ" : "OPENED", messages: found }',
    "a sum": '{ "patientId": "1" + rest, "status": PREFIX + "ED", "messages": found }',
    "the rest of another one": '{ patientId: "127", ...base, messages: [{ id: "7" }] }',
    "arguments by their place": 'Update(patientId = p, status = status, messages = listOf(Ref("7.1.prsnl", 4, 2)))',
    "a query": "new { patientId = p, status = st, messages = ids.Select(i => new { i.Id }).ToList() }",
    "parameters of a list": "params={'patientId': '127', 'limit': 1000}",
    "printed texts with commas": "Update[patientId=127, note=read, please, status=OPENED, messages=[Ref[id=7.1]]]",
    "printed words": "Update[patientId=127, status=an odd one, messages=some of them]",
    "cut short": "{ patientId: '127', status: 'READ', messages: [{ id: '7.1",
}


@pytest.mark.parametrize("body", COMPUTED.values(), ids=COMPUTED)
def test_what_a_program_computes_breaks_no_rule(body):
    assert first(f"sends {body}\nPOST {URL}: {REFUSED}\n").id == "request-not-accepted"


RECORDED = {
    "ECS with dots": {"http.request.method": "POST", "url.full": URL, "http.request.body": BODY,
                      "http.response.status_code": 400},
    "ECS nested": {"http": {"request": {"method": "POST", "body": {"content": BODY}}, "response": {"status_code": 400}},
                   "url": {"full": URL}},
    "OpenTelemetry": {"attributes": {"http.request.method": "POST", "server.address": HOST, "url.path": PATH,
                                     "http.request.body": BODY, "http.response.status_code": 400}},
    "its older names": {"attributes": {"http.method": "POST", "http.host": HOST, "http.target": PATH,
                                       "http.request.body": BODY, "http.status_code": "400"}},
    "pino": {"req": {"method": "POST", "url": PATH, "headers": {"host": HOST}, "body": SENT},
             "res": {"statusCode": 400}},
    "Serilog": {"RequestMethod": "POST", "RequestUri": URL, "RequestBody": BODY, "StatusCode": 400},
    "a HAR of one entry": {"request": {"method": "POST", "url": URL, "postData": {"text": BODY}},
                           "response": {"status": 400, "content": {"text": ""}}},
}  # fmt: skip


@pytest.mark.parametrize("entry", RECORDED.values(), ids=RECORDED)
def test_an_entry_of_a_log_is_read_by_the_names_of_its_members(entry):
    found = first(f"2026-11-20T10:00:00Z {json.dumps(entry)}\n")
    assert found.id == "request-breaks-the-contract"
    assert "READ" in found.means


NO_EXCHANGE = (
    {"Method": "mail", "StatusCode": 400, "Path": "/a"},
    {"url.full": URL},
    {"http.request.method": "BREW", "url.full": URL},
    {"status": 400, "message": "x"},
    {"http.response.status_code": 4000},
    {"StatusCode": 400, "app.name": "mail"},
    {"url": {"full": ["x"]}, "http": {"request": {"method": "POST"}}},
)


@pytest.mark.parametrize("entry", NO_EXCHANGE)
def test_what_names_no_exchange_is_none(entry):
    assert recorded(entry) == []


PAIRS = {
    "logfmt": f"level=error method=POST url={URL} status=400 body={json.dumps(BODY)}",
    "logfmt in quotes": f'method=POST url="{URL}" req_body={json.dumps(BODY)} status=400 resp_body="{{}}"',
    "Ruby": "{:status=>400, :request=>{:method=>:post, :url=>" + json.dumps(URL) + ", :body=>"
    + json.dumps(BODY) + "}}",
    "Ruby 3.4": "{status: 400, body: \"x\", request: {method: :post, url: " + json.dumps(URL) + ", body: "
    + json.dumps(BODY) + "}}",
    "HttpRequestMessage": f"Method: POST, RequestUri: '{URL}', Version: 1.1, Headers:\n{{\n  A: Bearer x\n}}\n"
    f"{BODY}\nStatusCode: 400, ReasonPhrase: 'Bad Request', Version: 1.1\n",
}  # fmt: skip


@pytest.mark.parametrize("text", PAIRS.values(), ids=PAIRS)
def test_a_request_is_read_from_the_pairs_of_its_members(text):
    found = first(text)
    assert found.id == "request-breaks-the-contract"
    assert "READ" in found.means


def test_several_ids_in_the_path_of_a_command_of_powershell():
    asks = (
        '+ $r = Invoke-RestMethod -Uri "{}" -Headers @{{Authorization="Bearer x"}}\nStatusCode: 400'
    )
    found = first(asks.format(f"{MESSAGES}/7.1.prsnl,8.1.prsnl"))
    assert "one id alone" in found.means
    assert first(asks.format(f"{MESSAGES}/7.1.prsnl")).id == "request-not-accepted"
    listed = f"urls = '{MESSAGES}/7.1.prsnl', '{MESSAGES}/8.1.prsnl'\nstatus code: 400"
    assert "one id alone" not in first(listed).means


def test_versions_that_were_used_before_are_seen_in_an_elastic_log():
    opened = BODY.replace("READ", "OPENED")
    lines = []
    for body, status in ((opened, 200), (opened.replace("OPENED", "DELETED"), 409)):
        asked = {"http.request.method": "POST", "url.full": URL, "http.request.body": body}
        answered = {
            "http.response.status_code": status,
            "http.response.body": '{"code":"Conflict","message":"m"}',
        }
        lines += [
            json.dumps(asked),
            json.dumps(answered if status > 400 else {"http.response.status_code": 200}),
        ]
    assert first("\n".join(lines)).id == "versions-used-before"
    assert first("\n".join(lines[2:])).id == "versions-are-stale"


SENDS = f"{MESSAGES}/sentItems"
XHTML = '<!DOCTYPE html><html xmlns="x"><head><title>m</title></head><body><p>Hello, you</p></body></html>'


def test_a_message_is_read_as_a_program_writes_it_and_as_it_prints_it():
    start = 'new { patientId = pid, subject = $"Visit {day}", content = html, '
    written = f'{start}messageSender = new {{ id = pid, type = "PERSON" }}, '
    both = 'recipients = new[] { new { id = a, type = "PERSONNEL" }, new { id = b, type = "EMAIL" } } };'
    assert "EMAIL may not be mixed" in first(f"{written}{both}\nPOST {SENDS}: {REFUSED}\n").means
    alone = both.replace("EMAIL", "PERSONNEL")
    assert first(f"{written}{alone}\nPOST {SENDS}: {REFUSED}\n").id == "request-not-accepted"
    printed = f"Message[patientId=1, subject=Visit, content={XHTML}, messageSender=Party[id=1, type=PERSON]]"
    assert first(f"{printed}\nPOST {SENDS}: {REFUSED}\n").id == "request-not-accepted"


def test_recipients_that_are_to_be_validated_are_read_whatever_stands_first():
    url = SENDS.replace("patientMessages/sentItems", "actions/validateRecipients")
    body = '@{ recipients = @(@{ id = "2"; recipientType = "DOCTOR" }); patientId = "1"; category = cat }'
    found = first(f"$b = {body}\nPOST {url}: {REFUSED}\n")
    assert "DOCTOR" in found.means
    other = body.replace("DOCTOR", "PERSONNEL")
    assert first(f"$b = {other}\nPOST {url}: {REFUSED}\n").id == "request-not-accepted"


ARGUMENTS = (
    'send(subject="x", recipients=["4464007"])',
    'def send(patient_id, recipients): ...\nsend(patient_id="1", recipients=["4464007"])',
    "Mail::to($user)->send(new Notice(subject: 'Hi', recipients: ['a@b.example']));",
)


@pytest.mark.parametrize("line", ARGUMENTS)
def test_the_arguments_of_a_function_of_the_program_are_no_body(line):
    assert first(f"{line}\nPOST {SENDS}: {REFUSED}\n").id == "request-not-accepted"


MAPS = """Map<String, Object> body = Map.of("patientId", "1",
    "messageSender", Map.of("id", "1", "type", "PERSON"),
    "recipients", List.of(Map.of("id", "4", "type", "PERSONNEL"), Map.of("id", "a@b.example", "type", "{type}")),
    "subject", "Hi", "content", "{content}");
rt.postForEntity("https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/patientMessages/sentItems", body);
HttpClientErrorException$BadRequest: 400 Bad Request
"""
WHOLE = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body><p>a</p></body></html>"


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [("EMAIL", WHOLE, "EMAIL may not be mixed"), ("PERSONNEL", "<p>a</p>", "fragment of HTML")],
)
def test_a_map_of_java_is_read_in_pairs(kind, content, said):
    text = MAPS.replace("{type}", kind).replace("{content}", content)
    found = explain(text)[0]
    assert found.id == "request-breaks-the-contract"
    assert said in found.means


def test_a_map_of_java_that_breaks_nothing_is_not_said_to():
    text = MAPS.replace("{type}", "PERSONNEL").replace("{content}", WHOLE)
    assert explain(text)[0].id != "request-breaks-the-contract"
    odd = text.replace('"subject", "Hi", ', '"subject", ')
    assert explain(odd)[0].id != "request-breaks-the-contract"


def test_the_form_and_the_body_of_one_entry_are_of_request_and_answer():
    cloud = "https://authorization.cerner.com/tenants/ec2458f2-1e24-41c8-b71b-0e701af7583d"
    form = "grant_type=client_credentials&scope=system%2FPatient.read%20oraclehealth%3Amillennium%3Amessage"
    granted = {"access_token": "a.b.c", "scope": "system/Patient.read", "token_type": "Bearer"}
    api = "https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/patientMessages/inboxItems?patientId=1"
    said = 'code="urn:cerner:error:oauth2:resource-access:insufficient-scopes", error="insufficient_scope", subcode="no_scope_for_resource_path"'
    asked = {
        "method": "POST",
        "url": f"{cloud}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token",
    }
    entries = [
        {**asked, "form": form, "status": 200, "body": granted},
        {
            "method": "GET",
            "url": api,
            "status": 403,
            "body": json.dumps({"code": 403, "message": said}),
        },
    ]
    answers = explain("\n".join(map(json.dumps, entries)))
    assert answers[0].id == "scope-dropped"
    assert "oraclehealth:millennium:message" in answers[0].means
    assert all("SMART on FHIR writes" not in one.means for one in answers)


def test_a_body_behind_the_url_on_a_line_of_a_log_is_sent_there():
    url = "https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
    one = '{"id":"7.1","notificationVersion":1,"recipientNotificationVersion":1}'
    log = f'GET {url}/patientMessages/inboxItems?patientId=1 200\nPOST {url}/actions/updatePatientMessageStatus {{"patientId":"1","status":"{{}}","messages":[{one}]}}\n-> 400 {{"code":"InvalidParameter","message":"Invalid request"}}\n'
    found = explain(log.replace("{}", "READ"))[0]
    assert (found.id, "it is READ" in found.means) == ("request-breaks-the-contract", True)
    assert explain(log.replace("{}", "OPENED"))[0].id != "request-breaks-the-contract"
