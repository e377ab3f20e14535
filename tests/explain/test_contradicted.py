"""What the paste contradicts is not the answer: causes by their data, and pastes that look like another one."""

import json

import pytest

from golive.diagnosis.causes import diagnose_all, entries, matches
from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
HOST = "https://api.cernermillennium.com"
API = f"{HOST}/{TENANT}/message/20241001"
TOKEN = (
    f"https://authorization.cerner.com/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
)
MESSAGE = "oraclehealth:millennium:message"
LACKING = (
    '{"code":403,"message":"code=\\"urn:cerner:error:oauth2:resource-access:insufficient-scopes\\", '
    'error=\\"insufficient_scope\\", subcode=\\"no_scope_for_resource_path\\""}'
)
NO_TOKEN = (
    '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:token-required\\""}'
)


def first(text):
    return explain(text)[0]


def sets_of(when):
    return when if isinstance(when, list) else [when]


def shown(fields):
    return {k: v[0] if isinstance(v, list) else v for k, v in fields.items()}


@pytest.mark.parametrize("entry", entries(), ids=[one["id"] for one in entries()])
def test_a_cause_is_not_named_where_one_of_its_facts_is_another(entry):
    for fields in sets_of(entry["when"]):
        for name in fields:
            near = shown(fields) | {name: "something else"}
            others = [one for one in sets_of(entry["when"]) if one is not fields]
            assert not matches(fields, near)
            assert matches(others, near) or not matches(entry["when"], near)


CONTRADICTED = [one for one in entries() if "unless" in one]


@pytest.mark.parametrize("entry", CONTRADICTED, ids=[one["id"] for one in CONTRADICTED])
def test_a_cause_is_not_named_where_something_contradicts_it(entry):
    for fields in sets_of(entry["when"]):
        against = [one for one in entry["unless"] if not (one.keys() & fields.keys() - {"urn"})]
        for one in against:
            facts = shown(fields) | shown(one)
            assert matches(entry["when"], shown(fields))
            assert entry["id"] not in {each.id for each in diagnose_all(facts, ())}


def refusal(tail, error, tenant=TENANT):
    uri = f"https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A{tail}/instances/1?tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


NO_GRANT = refusal("oauth2%3Atoken%3Aunsupported-grant-type", "unsupported_grant_type")
FORM = f"grant_type=client_credentials&scope={MESSAGE}"
POST = f"POST {TOKEN}\nAuthorization: Basic YTpi\nContent-Type: application/x-www-form-urlencoded\n"
GROUPS = f"REQUEST: {HOST}/{TENANT}/recipient/20241001/groupInboxes?name=*\nRESPONSE: 200 OK\n"
CALL = f"GET {API}/patientMessages/inboxItems?patientId=1"
GRANT = '{"access_token":"abc","scope":"oraclehealth:millennium:recipient","expires_in":570}\n'
ASKED = f"POST {TOKEN}\ngrant_type=client_credentials&scope={MESSAGE}+oraclehealth:millennium:recipient\n"
BEARER = "Authorization: Bearer eyJraWQiOiJ4In0.eyJzdWIiOiJ4In0.c2ln\n"
LIST = "/patientMessages/inboxItems?patientId=1"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{POST}{FORM}\n\nHTTP/1.1 400 Bad Request\n\n{NO_GRANT}", "body-without-a-blank-line"),
        (f"{POST}\n{FORM}\n\nHTTP/1.1 400 Bad Request\n\n{NO_GRANT}", "form-did-not-arrive"),
        (f"{POST}\ngrant_type=password\n\nHTTP/1.1 400 Bad Request\n\n{NO_GRANT}", "wrong-grant-type"),
        (f"{ASKED}{GRANT}{GROUPS}REQUEST: {API}{LIST}\nRESPONSE: 403 Forbidden\n{LACKING}\n", "scope-dropped"),
        (f"{CALL} HTTP/1.1\n{BEARER}\nHTTP/1.1 401 Unauthorized\n\n{NO_TOKEN}\n", "token-lost-on-the-way"),
        (f"{CALL} HTTP/1.1\nAuthorization: Bearer $T\n\nHTTP/1.1 401 Unauthorized\n\n{NO_TOKEN}\n", "token-missing"),
        (f"GET {HOST}/message/20241001/{TENANT}{LIST}\n\nHTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\n"
         "Tenant not valid or accessible\n", "api-path-incomplete"),
        (f"GET {API}{LIST}\n\nHTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\nTenant not valid or accessible\n",
         "tenant-not-accessible"),
        (f"got token expires_in=570 (cached for 3600s)\npatient 9 401 {CALL}\n", "token-not-renewed"),
        (f"2026-11-24 18:00:02 poll lte=2026-11-25T00:00:00Z\n{CALL} 200\n", "upper-bound-in-the-future"),
        ("ConnectException: cURL error 28: Failed to connect to api.cernermillennium.com port 443 after 10002 ms: "
         "Timeout was reached", "no-connection-in-time"),
        ("upstream connect error or disconnect/reset before headers. reset reason: connection failure "
         f"for {API}{LIST}", "not-connected"),
        (f"java.net.ConnectException: null\n  for {CALL}", "not-connected"),
        (f"java.net.ConnectException: Connection refused\n  for {CALL}", "connection-refused"),
        ("HTTP/1.1 404 Not Found\nServer: kong/3.4.0\nContent-Type: application/json\n\n"
         '{"message":"no Route matched with those values"}', "method-or-path-not-at-the-gateway"),
        (f"INFO {CALL} 200\nERROR com.example.Db - org.example.PSQLException: too long\n", "error-behind-a-success"),
        (f"{CALL} timeout after 30s\nretry 1\n{CALL} 200 12 items\ndone\n", "settled"),
        (f"attempt=1 status=429 url={API}{LIST}\nattempt=2 status=200 url={API}{LIST}\n", "settled"),
        (f"attempt=1 status=200 url={API}{LIST}\nattempt=2 status=429 url={API}{LIST}\n", "throttled"),
        ("https_proxy=http://p.example:3128\ncurl: (7) Failed to connect to p.example port 3128", "proxy-failed"),
        (refusal("oauth2%3Atoken%3Ainvalid-tenant", "invalid_grant", f"{TENANT}%0D"), "tenant-with-a-line-end"),
        (f"collected 137 unread\nPOST {API}/actions/updatePatientMessageStatus\nERROR the server responded with status "
         "400 (Faraday::BadRequestError)", "request-breaks-the-contract"),
        (refusal("oauth2%3Atoken%3Aempty-scopes", "invalid_scope")
         + "\nsent: grant_type=client_credentials&scope=OracleHealth%3AMillennium%3AMessage", "scope-misspelt"),
    ],
)  # fmt: skip
def test_what_stands_in_the_paste_decides_between_causes_that_look_alike(text, found):
    assert first(text).id == found


def test_what_was_sent_is_not_said_to_be_read():
    sent = f'POST {API}/patientMessages/sentItems\n\nHTTP/1.1 200 OK\n\n{{"id":"1"}}\n'
    assert "not that anybody has seen it" in first(sent).means
    assert "idempotency" in dict(first(sent).details)["note"]
