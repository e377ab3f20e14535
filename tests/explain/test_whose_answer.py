"""Whose answer it is comes first: what is documented for Oracle's servers alone explains no other server's answer."""

import itertools

import pytest

from golive.diagnosis.causes import OF_ORACLE_ALONE, entries
from golive.diagnosis.paste import explain

SERVERS = {
    "Keycloak": "https://kc.lab.example/realms/ehr/protocol/openid-connect/token",
    "Okta": "https://dev-1.okta.com/oauth2/aus9/v1/token",
    "Entra": "https://login.microsoftonline.com/72f0aaaa-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token",
    "Epic": "https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token",
    "a host of no known owner": "https://sso.hospital.example/oauth/token",
}
ORACLE = (
    "https://authorization.cerner.com/tenants/ec2458f2-1e24-41c8-b71b-0e701af7583d/hosts/"
    "api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
)
FORMS = {
    "without a scope": "grant_type=client_credentials&client_id=inbox&client_secret=s3cr3tValue9",
    "with a wildcard": "grant_type=client_credentials&scope=system/*.read&client_id=inbox&client_secret=s3cr3tValue9",
    "of SMART v2": "grant_type=client_credentials&scope=system/Patient.rs&client_id=inbox&client_secret=s3cr3tValue9",
    "with an id like a secret": "grant_type=client_credentials&client_id=pQ9xUr7sL0aZk3Wn&client_secret="
    "c330e3c6-1515-49f3-a3a3-52dd7764d745",
}
ANSWERS = {
    "words": (401, '{"error":"unauthorized_client","error_description":"The grant is not set up in this place"}'),
    "invalid_scope": (400, '{"error":"invalid_scope"}'),
    "invalid_request": (400, '{"error":"invalid_request"}'),
    "invalid_client": (401, '{"error":"invalid_client"}'),
    "not found": (404, '{"error":"Realm does not exist"}'),
    "forbidden": (403, '{"error":"access_denied"}'),
}  # fmt: skip
CASES = list(itertools.product(SERVERS, FORMS, ANSWERS))


def exchange(url, form, answer):
    status, body = answer
    return (
        f"POST {url} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{form}\n\n"
        f"HTTP/1.1 {status} X\nContent-Type: application/json\n\n{body}\n"
    )


def of_oracle_alone():
    named = (
        (one["id"], one["when"] if isinstance(one["when"], list) else [one["when"]], one)
        for one in entries()
    )
    return {
        name
        for name, sets, one in named
        if OF_ORACLE_ALONE.fullmatch(one["source"]) and not any("owner" in each for each in sets)
    }  # fmt: skip


@pytest.mark.parametrize(("server", "form", "answer"), CASES, ids=["; ".join(one) for one in CASES])
def test_no_cause_of_oracle_alone_explains_another_server(server, form, answer):
    found = explain(exchange(SERVERS[server], FORMS[form], ANSWERS[answer]))[0]
    assert found.id.startswith("another-server"), found.id
    assert found.id not in of_oracle_alone()
    assert "cerner.com" not in str(found.details)


def test_the_same_request_at_oracle_has_the_cause_that_is_documented_there():
    text = exchange(ORACLE, FORMS["without a scope"], (400, '{"error":"invalid_scope"}'))
    found = explain(text.replace("&client_id=inbox&client_secret=s3cr3tValue9", ""))
    assert "scope-parameter-missing" in of_oracle_alone()
    assert found[0].id == "scope-parameter-missing"


SERVICE_ACCOUNT = (
    401,
    '{"error":"unauthorized_client","error_description":'
    '"Client not enabled to retrieve service account"}',
)


@pytest.mark.parametrize("form", [*FORMS.values(), "grant_type=client_credentials&scope=a,b,c"])
def test_words_whose_meaning_is_known_come_before_what_the_request_looks_like(form):
    found = explain(exchange(SERVERS["Keycloak"], form, SERVICE_ACCOUNT))[0]
    assert found.id == "another-server-says-why"
    assert "Service accounts roles" in str(found.details)


def test_a_token_request_without_a_scope_breaks_no_rule_of_another_server():
    lone = f"POST {SERVERS['Keycloak']} HTTP/1.1\nAuthorization: Basic e30=\n\ngrant_type=client_credentials\n"
    assert "scope-parameter-missing" not in {one.id for one in explain(lone)}


def test_the_header_counts_where_the_body_says_nothing():
    body = '{"resourceType":"OperationOutcome","issue":[{"code":"login","diagnostics":"Authentication failed."}]}'
    text = (
        "GET https://stmary.azurehealthcareapis.com/Patient HTTP/1.1\nAuthorization: Bearer x\n\nHTTP/1.1 401 X\n"
        f'WWW-Authenticate: Bearer error="invalid_token", error_description="SAID"\n\n{body}\n'
    )
    found = explain(text.replace("SAID", "The audience is invalid"))[0]
    assert found.id == "another-server-says-why"
    assert "letter by letter" in str(found.details)
    assert explain(text.replace("SAID", "Error"))[0].id == "another-server-refuses"


@pytest.mark.parametrize(
    ("id_", "found"), [("730001122.1.5.prsnl", True), ("720564485.1.5.prsnl", False)]
)
def test_a_reminder_is_the_message_whose_own_object_says_so(id_, found):
    base = "https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/patientMessages"
    text = (
        f"GET {base}/inboxItems?patientId=1 HTTP/1.1\n\nHTTP/1.1 200 OK\n\n"
        '{"items":[{"id":"720564485.1.5.prsnl","notificationType":"MESSAGE"},'
        '{"id":"730001122.1.5.prsnl","notificationType":"REMINDER","priority":{"value":"NORMAL"}}]}\n'
        f"POST {base}/sentItems HTTP/1.1\nContent-Type: application/json\n\n"
        f'{{"patientId":"1","previousMessageId":"{id_}"}}\n\nHTTP/1.1 400 Bad Request\n'
    )
    assert ("REMINDER" in explain(text)[0].means) is found
