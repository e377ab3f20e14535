"""Several attempts in one paste, and what a request that was never sent, or a token, says beside them."""

import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CUSTOMER = "9d3f0a52-6b1e-4f7c-8a44-5e2b7c1d0f33"
CLOUD = "https://authorization.cerner.com"
PATH = "hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
TOKEN = f"{CLOUD}/tenants/{TENANT}/{PATH}"
API = f"https://api.cernermillennium.com/{TENANT}"
INBOX = f"{API}/message/20241001/patientMessages/inboxItems"
SENT = f"{API}/message/20241001/patientMessages/sentItems"
FHIR = f"https://fhir-ehr-code.cerner.com/r4/{TENANT}"
MESSAGE = "oraclehealth:millennium:message"


def gateway(status, tail, **pairs):
    said = {"code": f"urn:cerner:error:oauth2:resource-access:{tail}", **pairs}
    return json.dumps({"code": status, "message": ", ".join(f'{k}="{v}"' for k, v in said.items())})


def refusal(tail, error, tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = f"{CLOUD}/errors/{urn}/instances/7f3c2b10-4a5d?client=unknown&tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


def causes(text):
    return [each.id for each in explain(text) if each.kind == "cause"]


def details(answer, label):
    return " ".join(text for name, text in answer.details if name == label)


UNKNOWN_KEY = gateway(
    401, "signature-verification-failed", error="invalid_token", subcode="unknown_kid", kid="k1"
)
LACKING = gateway(
    403, "insufficient-scopes", error="insufficient_scope", subcode="no_scope_for_resource_path"
)
MONDAY = f"POST {TOKEN.replace('.cerner', '.sandboxcerner')} -> 200\nGET {INBOX}?patientId=1 -> 401\n{UNKNOWN_KEY}\n"
GRANT = '{"access_token":"eyJ...","scope":"system/Patient.read","expires_in":570}'
TUESDAY = (
    f"POST {TOKEN}\n  scope=system/Patient.read {MESSAGE}\n  -> 200 {GRANT}\n"
    f"GET {INBOX}?patientId=1 -> 403\n{LACKING}\n"
)
IN_BODY = (
    f"curl -d client_id=a -d client_secret=bbbbbbbbbb -d grant_type=client_credentials {TOKEN}\n"
)
BASIC = (
    f"curl -u {CUSTOMER}:secretsecret -d grant_type=client_credentials -d scope={MESSAGE} {TOKEN}\n"
)
NO_HEADER = f"HTTP/1.1 401 Unauthorized\n\n{refusal('oauth2:token:invalid-authorization-header', 'invalid_client')}\n\n"
NO_SCOPE = (
    f"HTTP/1.1 400 Bad Request\n\n{refusal('oauth2:token:empty-scopes', 'invalid_scope')}\n\n"
)
GRANTED = f'HTTP/1.1 200 OK\n\n{{"access_token":"abc","scope":"{MESSAGE}"}}\n'


def test_the_last_attempt_that_failed_is_the_one_that_is_explained():
    assert causes(MONDAY + TUESDAY) == ["scope-dropped"]
    assert causes(IN_BODY + NO_HEADER + BASIC + NO_SCOPE) == ["no-scope-granted"]


def test_what_an_attempt_before_was_granted_is_not_what_the_last_one_left_out():
    said = explain(MONDAY + TUESDAY)[0].means
    assert f"granted only system/Patient.read and silently left out {MESSAGE}" in said


def test_a_success_afterwards_settles_a_refusal():
    found = explain(IN_BODY + NO_HEADER + BASIC + GRANTED)
    assert (found[0].id, len(found[0].means) > 0) == ("settled", True)
    assert "Before that it was credential-in-body" in found[0].means
    assert "if it comes again" in details(found[0], "again")
    assert not [one for one in found if one.kind == "cause"]


def test_a_success_before_a_refusal_settles_nothing():
    found = explain(BASIC + GRANTED + IN_BODY + NO_HEADER)
    assert found[0].id == "credential-in-body"
    assert not details(found[0], "note")


def test_refusals_of_two_requests_are_two_causes():
    two = f"GET {INBOX}?patientId=1 -> 401\n{UNKNOWN_KEY}\nGET {INBOX}?patientId=2 -> 403\n{LACKING}\n"
    assert causes(two) == ["unknown-key-of-unknown-cloud", "scope-lacking"]


def test_a_write_that_may_have_been_done_stays_where_it_was_tried_again():
    body = '{"code":"Conflict","message":"duplicate"}'
    twice = f"POST {SENT} -> 503\n{{}}\nPOST {SENT} -> 409\n{body}\n"
    assert causes(twice)[0] == "write-of-unknown-outcome"


def test_the_status_alone_of_a_later_attempt_supersedes_no_reason():
    again = (
        f"GET {INBOX}?patientId=1 -> 401\n{UNKNOWN_KEY}\nGET {INBOX}?patientId=1 -> 401 (same)\n"
    )
    assert causes(again) == ["unknown-key-of-unknown-cloud"]


TAKEN = f'GET {INBOX}?patientId=1 -> 200 {{"items":[{{"id":"1"}}]}}\n'
REFUSED = f"GET {INBOX}?patientId=1 -> 401\n{UNKNOWN_KEY}\n"


LATE = "getaddrinfo EAI_AGAIN authorization.cerner.com\n"
WELL = f'POST {TOKEN} -> 200 {{"access_token":"abc","scope":"{MESSAGE}"}}\n'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (f"{LATE}will retry in 2 s\n{WELL}", "success"),
        (f"{LATE}\nfrom a shell it works:\n$ curl -u a:b {TOKEN}\n{WELL}", "name-server-silent"),
        (f"{WELL}{LATE}", "name-server-silent"),
        (f"{LATE}will retry in 2 s\n{WELL}Traceback: it failed\n", "name-server-silent"),
    ],
)
def test_a_failure_on_the_way_is_settled_where_the_program_s_own_retry_went_well(text, cause):
    assert explain(text)[0].id == cause


def test_a_write_that_was_sent_again_is_not_settled_by_its_second_answer():
    timeout = "requests.exceptions.ReadTimeout: Read timed out.\n"
    text = f'POST {SENT}\n{timeout}retrying\nPOST {SENT} -> 201 {{"id":"1"}}\n'
    assert causes(text)[0] == "write-sent-again"


@pytest.mark.parametrize(
    ("order", "cause"),
    [
        ([REFUSED, TAKEN], "key-was-not-known-yet"),
        ([REFUSED, TAKEN, REFUSED], "unknown-key-of-unknown-cloud"),
        ([TAKEN, REFUSED], "unknown-key-of-unknown-cloud"),
        ([REFUSED, REFUSED], "unknown-key-of-unknown-cloud"),
    ],
)
def test_how_the_last_attempt_ended_decides(order, cause):
    assert causes("".join(order)) == [cause]


def test_what_was_settled_comes_behind_what_was_not():
    missing = f"curl -H 'Authorization: Bearer abc' '{INBOX}?patientId=1'\nHTTP/1.1 403 Forbidden\n\n{LACKING}\n"
    found = causes(IN_BODY + NO_HEADER + BASIC + GRANTED + missing)
    assert found == ["scope-not-honoured", "credential-in-body"]


def test_an_answer_belongs_to_the_request_on_its_own_line():
    outcome = (
        '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden"}]}'
    )
    other = "https://fhir.epic.com/interconnect-fhir-oauth/api/FHIR/R4/Patient/a"
    found = explain(
        f'GET {other} -> 403\n{outcome}\nGET {FHIR}/Patient/1 -> 200 {{"resourceType":"Patient"}}\n'
    )
    assert found[0].id == "another-server-forbids"
    assert not details(found[0], "note")


@pytest.mark.parametrize("said", ["0 failed", "errors=0", "no errors"])
def test_an_exchange_that_went_well_is_no_error_because_of_the_words_around_it(said):
    assert explain(f"{BASIC}{GRANTED}\ndone: 2 new, {said}\n")[0].id == "success"


# -- what is decoded beside a refusal ---------------------------------------------------------------------------------

FOREIGN = (
    f"GET {FHIR.replace('-ehr-code.cerner', '-ehr.sandboxcerner')}/Patient/1\nAuthorization: Bearer x\n\n"
    "HTTP/1.1 401 Unauthorized\nContent-Length: 0\n"
    'WWW-Authenticate: Bearer realm="fhir-ehr.sandboxcerner.com", error="invalid_token", error_description='
    '"Invalid issuer. Expected https://authorization.sandboxcerner.com/, received https://authorization.cerner.com"\n'
)


@pytest.mark.parametrize(
    "decoded",
    [
        '{"iss":"https://authorization.cerner.com/","exp":1794418800}',
        '{"alg":"ES256","kid":"k"}',
        "",
    ],
)
def test_a_decoded_token_is_no_body_of_the_answer_before_it(decoded):
    paste = f"{FOREIGN}\n$ echo $TOKEN | cut -d. -f2 | base64 -d\n{decoded}\n"
    assert causes(paste) == ["production-token-for-sandbox-fhir"]


# -- a connection that was never made ---------------------------------------------------------------------------------

NOT_REACHED = [
    "HTTPSConnectionPool(host='api.cernermillennium.com', port=443): ConnectTimeoutError(x, '(connect timeout=5)')",
    "java.net.SocketTimeoutException: connect timed out",
    "java.net.http.HttpConnectTimeoutException: HTTP connect timed out",
    "TypeError: fetch failed\n  cause: ConnectTimeoutError: Connect Timeout Error",
    "dial tcp 192.0.2.1:443: i/o timeout",
    "curl: (28) Connection timed out after 10001 milliseconds",
    "A connection attempt failed because the connected party did not properly respond after a period of time",
]
SLOW = [
    "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.cernermillennium.com', port=443): Read timed out.",
    "java.net.SocketTimeoutException: Read timed out",
    "net/http: request canceled (Client.Timeout exceeded while awaiting headers)",
    "curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received",
]


@pytest.mark.parametrize("words", NOT_REACHED)
def test_a_connection_that_was_not_made_did_nothing_even_for_a_write(words):
    assert causes(f"{words}\n  for POST {SENT}")[0] == "no-connection-in-time"


@pytest.mark.parametrize("words", SLOW)
def test_an_answer_that_was_slow_is_no_connection_that_was_not_made(words):
    assert causes(f"{words}\n  for GET {INBOX}?patientId=1")[0] == "no-answer-in-time"


def test_an_answer_that_was_waited_for_once_may_have_been_done():
    both = f"POST {SENT}\n{SLOW[0]}\nretry 1\n{NOT_REACHED[0]}"
    assert causes(both)[0] == "write-sent-again"


PROXY = "export HTTPS_PROXY=http://proxy.example:3128\n"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (f"{PROXY}{NOT_REACHED[3]}\nPOST {TOKEN}", "proxy-not-read-by-the-program"),
        (f"{PROXY}{NOT_REACHED[1]}\nPOST {TOKEN}", "proxy-not-read-by-the-program"),
        (f"{PROXY}{NOT_REACHED[0]}\nPOST {TOKEN}", "no-connection-in-time"),  # requests reads it
        (f"NO_PROXY=localhost\n{NOT_REACHED[3]}\nPOST {TOKEN}", "no-connection-in-time"),
        (f"{PROXY}{SLOW[1]}\nGET {INBOX}?patientId=1", "no-answer-in-time"),
    ],
)
def test_a_proxy_that_is_set_helps_only_programs_that_read_it(text, cause):
    assert causes(text) == [cause]
