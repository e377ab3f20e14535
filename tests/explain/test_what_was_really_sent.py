# ruff: noqa: E501
"""What a request carried, or what a paste holds against a cause by its status, decides; and what looks alike gets no such cause."""

import base64
import json
from typing import NamedTuple

import pytest

from golive.diagnosis.paste import explain

from .test_hands import (
    CLIENT,
    FHIR,
    INBOX,
    LACKING,
    MESSAGE,
    NO_SCOPE,
    PAIR,
    TENANT,
    TOKEN,
    WRONG_PAIR,
)

API = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
OTHER = "2ba71521-1111-4776-babd-e0bf99775566"
RECIPIENT = "oraclehealth:millennium:recipient"


class Paste(NamedTuple):
    """A text, its first answer, words of that answer, and a text that looks alike and has another answer."""

    text: str
    id: str
    words: str
    near: str


def said(answer):
    return " ".join([answer.means, *(text for _, text in answer.details)])


def asked(scope):
    return f"POST {TOKEN}\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials&scope={scope}\n\n"


def curl(client):
    return f"curl -u {client}:Zx9-canary-of-the-secret {TOKEN} -d grant_type=client_credentials -d scope={MESSAGE}\n{WRONG_PAIR}\n"


def program(read, set_as):
    return f'auth=(id, os.environ["{read}"])\nPOST {TOKEN} -> 401\n{WRONG_PAIR}\n# .env\nOH_HOST=a\n{set_as}=x\n'


def refused(url, body='{"code":"InvalidParameter","message":"Bad."}', method="GET", sent=""):
    return f"{method} {url}\nContent-Type: application/json\n\n{sent}\n\nHTTP/1.1 400 Bad Request\n\n{body}\n"


def sending(recipients, before=""):
    content = "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>t</title></head><body><p>x</p></body></html>"
    sender = {"id": "1", "type": "PERSON"}
    body = {"patientId": "1", "messageSender": sender, "recipients": recipients, "content": content}
    return before + refused(
        f"{API}/patientMessages/sentItems", method="POST", sent=json.dumps(body)
    )


def shell(value):
    return f"# .env\nCLIENT_ID=a\nCLIENT_SECRET={value}\nPOST {TOKEN} 401 {WRONG_PAIR}\n"


TO_NUMBER = [{"id": "9900321", "type": "GROUPINBOX"}]
CHECKED = 'validateRecipients 200 {"items":[{"id":"9900321","isValid":%s}]}\n'
MESH = "curl: (35) OpenSSL: error:0A00010B:SSL routines::wrong version number\nhttps://authorization.cerner.com/jwk\nkind: DestinationRule\nspec:\n  tls:\n    mode: %s\n"
RUN = f"POST {TOKEN} [200 OK]\nGET {INBOX} [401 Unauthorized]\n│              assertions │                 6 │                %d │\n"
RENEWED = [f"10:00:01 POST {TOKEN} 200", f"10:00:02 GET {INBOX} 200", f"10:10:00 GET {INBOX} 401",
           f"10:10:01 POST {TOKEN} 200", f"10:10:02 GET {INBOX} 200"]  # fmt: skip
PRINTS = "5e:2b:11:9c:aa:04:3d:71:88:0f:c2:6d:4e:90:37:b1"
OCI = 'GET https://objectstorage.us-ashburn-1.oraclecloud.com/n\n401 {"code":"NotAuthenticated","message":"The required information was incorrect."}\nfingerprint=%s\nMD5(stdin)= %s\n'
LIST = 'GET {0}\nHTTP/1.1 200 OK\n\n{{"items": []}}\n'
BOUND = f"{INBOX}&createDateTimeGreaterThanOrEqualTo=2026-05-01T00:00:00Z"
CODINGS = '{"resourceType":"Condition","code":{"coding":[{"system":"http://loinc.org","code":"1"},{"system":"%s","code":"2"}]}}'
PASTES = {
    "the id of the application": Paste(
        f"Application ID: {OTHER}\nClient ID: {CLIENT}\n{curl(OTHER)}", "id-of-another-thing", "application id",
        f"Application ID: {OTHER}\nClient ID: {CLIENT}\n{curl(CLIENT)}"),
    "a variable of another name": Paste(
        program("OH_CLIENT_SECRET", "OH_SECRET"), "variable-of-another-name", "OH_SECRET",
        program("OH_CLIENT_SECRET", "OH_CLIENT_SECRET")),
    "a comment in a file of variables": Paste(
        shell("Kx8vQ2#pLmT4"), "secret-cut-by-its-file", "`#` begins a comment", shell("'Kx8vQ2#pLmT4'")),
    "a plus that was encoded": Paste(
        asked(f"{MESSAGE}%2B{RECIPIENT}") + NO_SCOPE, "scope-with-a-sign-too-many", "%2B", asked(f"{MESSAGE}+{RECIPIENT}") + NO_SCOPE),
    "a scope in quotes": Paste(
        asked(f"%22{MESSAGE}%22") + NO_SCOPE, "scope-with-a-sign-too-many", f"scope={MESSAGE} ", asked(MESSAGE) + NO_SCOPE),
    "another grant, by the code alone": Paste(
        f"'form_params' => ['grant_type' => 'password']\nPOST {TOKEN} resulted in a `400 Bad Request` response:\n" + '{"error":"unsupported_grant_type","error_uri":"https (truncated...)\n',
        "wrong-grant-type", "password", f"POST {TOKEN} resulted in a `400 Bad Request` response:\n" + '{"error":"invalid_request","error_uri":"https (truncated...)\n'),
    "a word for nothing in a parameter": Paste(
        refused(INBOX.replace("patientId=1", "patientId=undefined")), "value-never-filled", "`undefined` in the parameter patientId", refused(INBOX)),
    "a placeholder that was encoded": Paste(
        refused(f"{API}/patientMessages/%7BmessageId%7D"), "value-never-filled", "`{messageId}` in the path", refused(f"{API}/patientMessages/720.1.5.prsnl")),
    "an object in place of a list": Paste(
        sending({"id": "2", "type": "PERSONNEL"}), "request-breaks-the-contract", "recipients: expected array", sending([{"id": "2", "type": "PERSONNEL"}])),
    "a recipient that was found not valid": Paste(
        sending(TO_NUMBER, CHECKED % "false"), "request-breaks-the-contract", "9900321 has isValid false", sending(TO_NUMBER, CHECKED % "true")),
    "two filters": Paste(
        refused(f"https://api.cernermillennium.com/{TENANT}/codeSystem/20240101/codeValues?codeSet=72&cki=A&cdfMeaning=B"),
        "request-breaks-the-contract", "cdfMeaning and cki exclude each other",
        refused(f"https://api.cernermillennium.com/{TENANT}/codeSystem/20240101/codeValues?codeSet=72&cki=A")),
    "a sent message in the inbox": Paste(
        f"POST {API}/patientMessages/sentItems => 201\n" + LIST.format(BOUND), "sent-message-sought-in-the-inbox", "GET patientMessages/sentItems", LIST.format(BOUND)),
    "a base in a variable": Paste(
        f">>> BASE\n'https://api.cernermillennium.com/{TENANT}'\n" + '>>> r = s.get(f"{BASE}/message/20241001/patientMessages/inboxItems?patientId=1&limit=5")\n>>> r.status_code\n400\n',
        "request-breaks-the-contract", "limit: expected 1000", '>>> r = s.get(f"{BASE}/message/20241001/patientMessages/inboxItems?patientId=1")\n>>> r.status_code\n400\n'),
    "TLS begun twice": Paste(MESH % "SIMPLE", "tls-begun-twice", "DestinationRule", MESH % "DISABLE"),
    "a run that passed": Paste(RUN % 0, "tests-passed", "nothing in it is left to cure", RUN % 1),
    "a token renewed at once": Paste(
        "\n".join(RENEWED), "renewed-as-designed", "Nothing is wrong", "\n".join([*RENEWED[:3], RENEWED[3].replace("10:10", "11:10"), RENEWED[4].replace("10:10", "11:10")])),
    "a log in which nothing failed": Paste(
        "token fetched, valid 570 s\nGET inboxItems patient=1 200 items=3\nGET inboxItems patient=1 200 items=3\nPOST updatePatientMessageStatus n=1 200\n",
        "nothing-failed", "each of its 3 exchanges was taken", "token fetched, valid 570 s\nGET inboxItems patient=1 200 items=3\nGET inboxItems patient=1 200\nPOST updatePatientMessageStatus n=1 409\n"),
    "a status alone": Paste(
        "AxiosError: Request failed with status code 400\n    at settle (core/settle.js:19:12)\n", "status-alone", "paste the request",
        f"AxiosError: Request failed with status code 400\nGET {INBOX}\n"),
    "two fingerprints": Paste(OCI % (PRINTS, PRINTS.replace("5e", "c4")), "oci-key-of-another-fingerprint", "key_file", OCI % (PRINTS, PRINTS)),
    "a framework without TLS 1.2": Paste(
        f"The request was aborted: Could not create SSL/TLS secure channel.\n.NET Framework 4.5.2. {TOKEN}\n", "only-old-tls-is-offered", "Tls12",
        f"The request was aborted: Could not create SSL/TLS secure channel.\n.NET Framework 4.8. {TOKEN}\n"),
    "scopes of FHIR that were left out": Paste(
        f'POST {TOKEN} scope="{MESSAGE} system/Patient.read"\n200 {{"scope":"{MESSAGE}","token_type":"Bearer","access_token":"x"}}\nGET {FHIR} -> 403\n{LACKING}\n',
        "fhir-scope-dropped", "system/Patient.rs", f'POST {TOKEN} scope="{MESSAGE}"\nGET {INBOX} -> 403\n{LACKING}\n'),
    "scopes in another order": Paste(
        f'I ask for scope={RECIPIENT} {MESSAGE}\n{{"access_token":"x","scope":"{MESSAGE} {RECIPIENT}","token_type":"Bearer"}}\n', "success", "Compare the two as sets",
        f'I ask for scope={RECIPIENT} {MESSAGE}\n{{"access_token":"x","scope":"{MESSAGE}","token_type":"Bearer"}}\n'),
    "a comment that docker keeps": Paste(
        f"TENANT={TENANT} # sandbox\ndocker run --env-file a.env x\nPOST {TOKEN} 401\n{WRONG_PAIR}\n", "comment-kept-in-the-variables", "on a line of its own",
        f"TENANT={TENANT} # sandbox\nnode --env-file=a.env x\nPOST {TOKEN} 401\n{WRONG_PAIR}\n"),
    "a scope without its audience": Paste(
        "curl https://idcs-1.identity.oraclecloud.com/oauth2/v1/token -d grant_type=client_credentials -d scope=urn:opc:resource:consumer::all\n"
        '{"error":"invalid_scope","error_description":"Invalid scope."}\nallowed: https://h.example:443urn:opc:resource:consumer::all\n',
        "scope-without-its-beginning", "whole name", "curl https://idcs-1.identity.oraclecloud.com/oauth2/v1/token -d grant_type=client_credentials -d scope=urn:opc:resource:consumer::all\n"
        '{"error":"invalid_scope","error_description":"Invalid scope."}\nallowed: https://h.example:443/ic/api/\n'),
    "codes of two kinds": Paste(
        refused(FHIR.replace("Patient", "Condition"), '{"resourceType":"OperationOutcome","issue":[{"code":"business-rule"}]}', "PUT", CODINGS % "https://fhir.cerner.com/t/codeSet/72"),
        "codes-of-two-kinds-in-one-coding", "one kind in each `coding`",
        refused(FHIR.replace("Patient", "Condition"), '{"resourceType":"OperationOutcome","issue":[{"code":"business-rule"}]}', "PUT", CODINGS % "http://snomed.info/sct")),
    "a body of another operation": Paste(
        f'request: POST {API}/actions/validateRecipients\nrequest: {{"category":"MESSAGES","recipients":[{{"id":"2","recipientType":"PERSONNEL"}}]}}\nresponse: Status 200\nresponse: {{"items":[]}}\n'
        f'request: POST {API}/patientMessages/sentItems\nrequest: {{"patientId":"1","content":"a","messageSender":{{"id":"1","type":"PERSON"}},"recipients":[{{"id":"2","recipientType":"PERSONNEL"}}]}}\n'
        'response: Status 400\nresponse: {"code":"a","message":"A required property is missing"}\n',
        "request-breaks-the-contract", "recipients/0/type is missing", refused(f"{API}/actions/validateRecipients", method="POST", sent='{"category":"MESSAGES","recipients":[{"id":"2","recipientType":"PERSONNEL"}]}')),
    "a status before the body in a log": Paste(
        f'10:00:00 DEBUG POST {API}/actions/updatePatientMessageStatus {{"patientId":"1"}}\n10:00:01 WARNING 409 {{"code":"Conflict","message":"Modified by another request."}}\n',
        "versions-are-stale", "both versions", f'10:00:00 DEBUG POST {API}/actions/updatePatientMessageStatus {{"patientId":"1"}}\n10:00:01 WARNING 409 ms {{"took":1}}\n'),
    "an empty tenant": Paste(
        "GET https://api.cernermillennium.com//message/20241001/patientMessages/inboxItems?patientId=1\nHTTP/1.1 404 Not Found\n", "api-path-incomplete", "the tenant is missing",
        f"GET https://api.cernermillennium.com/{TENANT}//message/20241001/patientMessages/inboxItems?patientId=1\nHTTP/1.1 404 Not Found\n"),
    "a member that the API names": Paste(
        refused(f"{API}/actions/updatePatientMessageStatus", '{"code":"a","message":"Invalid size for field messages"}', "POST"),
        "refused-for-a-member-of-the-contract", "at most 100 items", refused(f"{API}/actions/updatePatientMessageStatus", '{"code":"a","message":"Some messages were not updated"}', "POST")),
    "JSON in Guzzle": Paste(
        f"$client->post('{TOKEN}', ['json' => ['grant_type' => 'client_credentials']]);\nresulted in a `400 Bad Request` response:\n" + '{"error":"unsupported_grant_type"}\n',
        "token-request-in-json", "form", f"$client->post('{TOKEN}', ['form_params' => ['grant_type' => 'client_credentials']]);\nresulted in a `400 Bad Request` response:\n" + '{"error":"unsupported_grant_type"}\n'),
    "NO_PROXY": Paste(
        "NO_PROXY=.cerner.com HTTPS_PROXY=http://p:1\nConnectTimeoutError: HTTPSConnectionPool(host='authorization.cerner.com', port=443)\n", "host-excepted-from-the-proxy", "NO_PROXY",
        "NO_PROXY=.example.com HTTPS_PROXY=http://p:1\nConnectTimeoutError: HTTPSConnectionPool(host='authorization.cerner.com', port=443)\n"),
    "Basic at the API": Paste(
        f"DEBUG headers sent: {{'Authorization': 'Basic {PAIR}'}}\nGET {INBOX} 401\n", "api-called-with-basic", "session.auth", f"DEBUG headers sent: {{'Authorization': 'Bearer x'}}\nGET {INBOX} 401\n"),
    "a token that is kept": Paste(
        f"GET {INBOX} gets 401 at noon. After a restart it works for a few minutes.\n", "token-not-renewed", "works again after a restart", f"GET {INBOX} gets 401 at noon. After a restart nothing changed.\n"),
    "the list under another name": Paste(
        f"GET {INBOX}\nKeyError: 'entry'\nprint(r.json().keys()) -> dict_keys(['items', 'hasMore'])\n", "list-under-another-name", "`items`",
        f"GET {INBOX}\nKeyError: 'entry'\nprint(r.json().keys()) -> dict_keys(['code', 'message'])\n"),
}  # fmt: skip


@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES)
def test_what_was_sent_decides_and_what_looks_alike_has_another_answer(paste):
    answer = explain(paste.text)[0]
    assert answer.id == paste.id
    assert paste.words in said(answer)
    near = explain(paste.near)[0]
    assert near.id != paste.id or paste.words not in said(near)


def test_a_refused_pair_names_no_culprit_and_its_cure_ends_with_a_new_secret():
    answer = explain(curl(CLIENT))[0]
    assert "names no culprit" in answer.means
    change = dict(answer.details)["change"]
    order = [
        change.index(word)
        for word in (
            "decode the Basic header",
            "the client id",
            "cloud and tenant",
            "A new secret comes last",
        )
    ]
    assert order == sorted(order)


def test_a_url_inside_a_resource_was_not_asked():
    text = f'POST {FHIR}\n{{"resourceType":"Patient","identifier":[{{"system":"https://fhir.cerner.com/x"}}]}}\nERROR 422 Unprocessable Entity\n'
    outcome = '{"resourceType":"OperationOutcome","issue":[{"code":"business-rule","details":{"text":"codes may not be set in one array"}}]}'
    answer = explain(text + outcome)[0]
    assert "codes may not be set" in answer.means
    assert "fhir.cerner.com" not in said(answer)


def test_no_secret_of_a_compared_pair_is_printed():
    secret = base64.b64encode(b"canary-of-a-pair").decode()
    text = f"Application ID: {OTHER}\nClient ID: {CLIENT}\n" + curl(OTHER).replace(
        "Zx9-canary-of-the-secret", secret
    )
    assert secret not in "".join(map(said, explain(text)))
