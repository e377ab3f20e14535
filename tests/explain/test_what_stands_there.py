# ruff: noqa: E501
"""What stands in a paste beside the refusal decides: the server's own words, a second host, a value, a line of a log."""

import base64
import json
from typing import NamedTuple

import pytest

from golive.diagnosis.paste import explain
from golive.exchanges.jwt import encoded_part

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
FORMER = "0b8a0111-e8e6-4c26-a91c-5069cbc6b1ca"
CLOUD = "https://authorization.cerner.com"
TOKEN = f"{CLOUD}/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
MESSAGES = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
INBOX = f"{MESSAGES}/patientMessages/inboxItems?patientId=1"
FHIR = f"https://fhir-ehr-code.cerner.com/r4/{TENANT}"
MESSAGE, RECIPIENT = "oraclehealth:millennium:message", "oraclehealth:millennium:recipient"
CLIENT = "5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10"
SECRET = "Zx9-canary-of-the-secret-0001-abcd"
PAIR = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()


def refusal(tail, error="invalid_client", tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:oauth2:token:{tail}".replace(":", "%3A")
    return json.dumps(
        {"error": error, "error_uri": f"{CLOUD}/errors/{urn}/instances/1?tenant={tenant}"}
    )


def outcome(code, **said):
    issue = {"severity": "error", "code": code, **said}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})


NO_HEADER = refusal("invalid-authorization-header")
NO_SCOPE = refusal("empty-scopes", "invalid_scope")
FORBIDDEN = outcome(
    "forbidden", diagnostics='Bearer realm="fhir-ehr-code.cerner.com", error="insufficient_scope"'
)
EXPIRED_OR = 'Bearer realm="x", error="invalid_token", error_description="Token has expired or signature is invalid"'
PKIX = f"{TOKEN}\nPKIX path building failed: unable to find valid certification path\n"
DIAL = 'Post "' + TOKEN + '": dial tcp: lookup authorization.cerner.com on 10.96.0.10:53: '
APPOINTMENT = {"resourceType": "Appointment", "status": "booked"}
ASSERTION = ".".join(
    map(encoded_part, ({"alg": "ES384"}, {"iss": CLIENT, "sub": CLIENT, "aud": TOKEN, "exp": 1}))
)


def form(authorization, answer=NO_HEADER):
    return (
        f"POST {TOKEN}\nAuthorization: {authorization}\n\ngrant_type=client_credentials&scope={MESSAGE}\n\n"
        f"HTTP/1.1 401 Unauthorized\n\n{answer}\n"
    )


def appointment(text, after=""):
    body = json.dumps({**APPOINTMENT, "reasonCode": [{"text": text}]})
    return (
        f"POST {FHIR}/Appointment\nContent-Type: application/fhir+json\n\n{body}\n\n"
        f"HTTP/1.1 400 Bad Request\n\n{outcome('invalid')}\n{after}"
    )


def log(*lines, day="2026-11-24"):
    return "\n".join(f"{day} {line}" for line in lines) + "\n"


class Paste(NamedTuple):
    """What somebody has in hand, the cause in it, words of the answer, and a near miss that has another cause."""

    text: str
    cause: str
    words: str
    near: str


PASTES = {
    "the tenant is a variable that is not set": Paste(
        f"curl -u $I:$S -d grant_type=client_credentials -d scope={MESSAGE} {TOKEN.replace(TENANT, 'undefined')}\n"
        f"HTTP/1.1 400 Bad Request\n\n{refusal('invalid-tenant', 'invalid_grant', 'undefined')}\n",
        "tenant-not-set", "Set the variable",
        f"HTTP/1.1 400 Bad Request\n\n{refusal('invalid-tenant', 'invalid_grant')}\n"),
    "an export that was begun some lines before": Paste(
        f"GET {FHIR}/Group/1/$export?_type=Patient\n  Prefer: respond-async\n<- 202 Accepted content-location=/jobs/5b\n"
        f"restarted\nGET {FHIR}/Group/1/$export -> 429 Too Many Requests\n",
        "export-still-runs", "DELETE the first job",
        f"GET {FHIR}/Group/1/$export -> 429 Too Many Requests\n"),
    "a kick-off alone": Paste(
        f"GET {FHIR}/Group/1/$export -> 429 Too Many Requests\n", "export-not-begun", "Two things do that",
        f"GET {FHIR}/Patient/1 -> 429 Too Many Requests, and $export is off\n"),
    "nearly the same request is taken": Paste(
        appointment("x" * 256, "One char less and I get 201.\n"), "near-request-is-taken", "their length",
        appointment("x" * 256, "One char less and I get 400.\n")),
    "a long text in a write": Paste(
        appointment("x" * 256), "fhir-text-too-long", "255 characters", appointment("x" * 255)),
    "a search whose outcome says why": Paste(
        f"GET {FHIR}/Observation?category=vital-signs -> 400\n"
        + outcome("required", details={"text": "Required parameter missing: patient or subject or _id"}),
        "fhir-search-refused-in-words", "says why: Required parameter missing",
        f"GET {FHIR}/Observation?category=vital-signs -> 400\n" + outcome("required", details={"text": "Invalid request"})),
    "a gateway's words before the API": Paste(
        f"GET {INBOX}\n\nHTTP/1.1 401 U\nContent-Type: text/plain\n\nMissing or invalid subscription key, see portal\n",
        "token-refused-in-these-words", "of something before the API",
        f"GET {INBOX}\n\nHTTP/1.1 401 U\nContent-Type: text/plain\n\nUnauthorized\n"),
    "a name server that is silent, in Python": Paste(
        "NameResolutionError(\"Failed to resolve 'authorization.cerner.com' ([Errno -3] Temporary failure in name resolution)\")\n",
        "name-server-silent", "port 53",
        "NameResolutionError(\"Failed to resolve 'authorization.cerner.com' ([Errno -2] Name or service not known)\")\n"),
    "a search of everybody": Paste(
        f"GET {FHIR}/Observation?category=vital-signs -> 400\n", "fhir-search-of-everybody", "patient=ID",
        f"GET {FHIR}/Observation?patient=1&category=vital-signs -> 400\n"),
    "a search of a type that is not served": Paste(
        f"GET {FHIR}/Medication?patient=1&status=active -> 404\n", "fhir-search-not-served", "MedicationRequest?patient=ID",
        f"GET {FHIR}/Medication/77 -> 404\n"),
    "a search that is refused in plain words": Paste(
        f"10:01:02 GET  {FHIR}/Patient?active=true   400 Bad Request  97 ms\nResponse headers\n  content-type: text/plain\n"
        f"Response body\n  no supported search parameters provided\n10:01:04 GET  {FHIR}/Patient/7   200 OK\n",
        "fhir-search-refused-in-words", "says why: no supported search parameters provided",
        f"GET {FHIR}/Patient?active=true   400 Bad Request  97 ms\n"),
    "the certificate is a filter's": Paste(
        f"{PKIX} 0 s:CN = authorization.cerner.com\n   i:O = Zscaler Inc., CN = Zscaler Intermediate Root CA\n",
        "certificate-of-an-inspecting-proxy", "Import no certificate of the host",
        f"{PKIX} 0 s:CN = authorization.cerner.com\n   i:O = DigiCert Inc\n"),
    "the certificate is a public authority's": Paste(
        f"{PKIX} 0 s:CN = authorization.cerner.com\n   i:O = DigiCert Inc, CN = DigiCert Global G2\n",
        "public-authority-not-known", "no filter of the network", f"{PKIX}our own site has DigiCert\n"),
    "a pair that a program does not encode": Paste(
        f'post("{TOKEN}", headers={{"Authorization": f"Basic {{client_id}}:{{secret}}"}}, data={{"grant_type": "client_credentials"}})\n401 {NO_HEADER}\n',
        "pair-not-encoded", "Encode the pair once",
        f'post("{TOKEN}", headers={{"Authorization": f"Basic {{b64}}"}}, data={{"grant_type": "client_credentials"}})\n401 {NO_HEADER}\n'),
    "another vendor says why it refuses a client": Paste(
        "POST https://login.microsoftonline.com/t/oauth2/v2.0/token\n\nHTTP/1.1 400 B\n\n"
        + json.dumps({"error": "unauthorized_client", "error_description": "The application was not found in this directory"}),
        "another-server-says-why", "was not found in this directory",
        "POST https://login.microsoftonline.com/t/oauth2/v2.0/token\n\nHTTP/1.1 400 B\n\n" + json.dumps({"error": "unauthorized_client"})),
    "a name server that is silent, in .NET": Paste(
        f"{TOKEN}\nHttpRequestException: Resource temporarily unavailable (authorization.cerner.com:443)\n",
        "name-server-silent", "port 53", f"{TOKEN}\nHttpRequestException: No such host is known. (authorization.cerner.com:443)\n"),
    "several names fail": Paste(
        "reason: getaddrinfo EAI_AGAIN authorization.cerner.com\nreason: getaddrinfo EAI_AGAIN hooks.chat.example\n",
        "no-name-resolves", "authorization.cerner.com, hooks.chat.example",
        "reason: getaddrinfo EAI_AGAIN authorization.cerner.com\nreason: getaddrinfo EAI_AGAIN authorization.cerner.com\n"),
    "a name server that is silent": Paste(
        f"{DIAL}read udp 10.2.3.17:48711->10.96.0.10:53: i/o timeout\n", "name-server-silent", "port 53",
        f"{DIAL}no such host\n"),
    "a name server behind a policy": Paste(
        f"{DIAL}read udp 10.2.3.17:48711->10.96.0.10:53: i/o timeout\nkubectl get netpol\ndefault-deny\n",
        "dns-behind-a-network-policy", "egress to the cluster's DNS",
        f'Post "{TOKEN}": dial tcp 192.0.2.7:443: i/o timeout\nkubectl get netpol\n'),
    "no space behind Basic": Paste(form(f"Basic{PAIR}"), "basic-without-a-space", "one space", form(f"Basic {PAIR}")),
    "a pair in clear": Paste(
        form(f"Basic {CLIENT}:{SECRET}"), "pair-not-encoded", "Encode the pair once", form(f"Basic {PAIR}")),
    "a secret alone in the base64": Paste(
        form(f"Basic {base64.b64encode(SECRET.encode()).decode()}"), "no-pair-in-the-base64", "Join id and secret",
        form("Basic ****************")),
    "base64 that wraps": Paste(
        f'curl -H "Authorization: Basic $(echo -n $I:$S | base64)" -d grant_type=client_credentials -d scope=a {TOKEN}\n'
        f"HTTP/1.1 401 U\n\n{NO_HEADER}\n",
        "basic-header-wrapped", "base64 -w0",
        f'curl -H "Authorization: Basic $(echo -n $I:$S | base64 -w0)" -d grant_type=client_credentials -d scope=a {TOKEN}\n'
        f"HTTP/1.1 401 U\n\n{NO_HEADER}\n"),
    "an assertion as Bearer": Paste(
        form(f"Bearer {ASSERTION}.c2ln"), "assertion-as-bearer", "client_assertion_type=urn:ietf", form("Bearer abc")),
    "the API says why": Paste(
        f"POST {MESSAGES}/patientMessages/sentItems\n\nHTTP/1.1 400 B\n\n"
        + json.dumps({"code": "X", "message": "subject may hold 80 characters"}),
        "refused-in-the-api-s-own-words", "says why: subject may hold 80 characters",
        f"POST {MESSAGES}/patientMessages/sentItems\n\nHTTP/1.1 400 B\n\n"
        + json.dumps({"code": "X", "message": "The request could not be processed"})),
    "two reasons in one challenge": Paste(
        f"GET {INBOX}\n\nHTTP/1.1 401 Unauthorized\nWWW-Authenticate: {EXPIRED_OR}\n\n",
        "token-refused-in-these-words", "keep it for `expires_in`",
        f"GET {INBOX}\n\nHTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm=\"x\", error=\"invalid_token\"\n\n"),
    "one reason in a challenge": Paste(
        f"GET {INBOX}\n\nHTTP/1.1 401 U\nWWW-Authenticate: {EXPIRED_OR.replace(' or signature is invalid', '')}\n\n",
        "token-expired", "570 seconds", f"GET {INBOX}\n\nHTTP/1.1 401 U\nWWW-Authenticate: {EXPIRED_OR}\n\n"),
    "a challenge in a log": Paste(
        log(f"10:00:00 poll GET {INBOX} 401 41ms", f'10:00:00 poll WWW-Authenticate: {EXPIRED_OR}'),
        "token-refused-in-these-words", "Token has expired or signature is invalid",
        log(f"10:00:00 poll GET {INBOX} 401 41ms")),
    "a token that is kept for an hour": Paste(
        log("10:00:00 new token, expires_in=570, kept for PT1H", f"10:00:01 GET {INBOX} 200", f"10:05:00 GET {INBOX} 200",
            f"10:10:00 GET {INBOX} 401", "11:00:00 new token, expires_in=570, kept for PT1H", f"11:00:01 GET {INBOX} 200"),
        "token-not-renewed", "600 s after the token was taken",
        log("10:00:00 new token, expires_in=570", f"10:00:01 GET {INBOX} 200", f"10:05:00 GET {INBOX} 401")),
    "a former tenant and a scope that is lacking": Paste(
        f"PATCH https://fhir-ehr.sandboxcerner.com/r4/{FORMER}/Coverage/1\nContent-Type: application/json-patch+json\n\n"
        f'[{{"op": "replace"}}]\n\n-> 403 Forbidden\n{FORBIDDEN}\ntoken response had "scope":"system/Coverage.read"\n',
        "scope-not-in-the-grant", "which needs Coverage.write",
        f"PATCH https://fhir-ehr.sandboxcerner.com/r4/{FORMER}/Coverage/1\nContent-Type: application/json-patch+json\n\n"
        f'[{{"op": "replace"}}]\n\n-> 403 Forbidden\n{FORBIDDEN}\ntoken response had "scope":"system/Coverage.write"\n'),
    "words behind the status of a library": Paste(
        "ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException: HTTP 403 Forbidden: Tenant not valid or accessible\n"
        f"GET {FHIR}/Patient/1\n", "tenant-not-accessible", "Have the tenant enable the application",
        f"ca.uhn.fhir.rest.server.exceptions.ForbiddenOperationException: HTTP 403 Forbidden\nGET {FHIR}/Patient/1\n"),
    "a status alone on its line": Paste(
        f"POST {FHIR}/DocumentReference\n{json.dumps({'resourceType': 'DocumentReference'})}\n\n422\n{outcome('invalid')}\n",
        "fhir-content-refused", "refuses its content (422)",
        f"POST {FHIR}/DocumentReference\n{json.dumps({'resourceType': 'DocumentReference'})}\n\n{outcome('invalid')}\n"),
    "an outcome without its status": Paste(
        outcome("invalid"), "fhir-outcome-without-a-status", "code invalid", outcome("odd")),
    "another vendor's words alone": Paste(
        "ClientAuthenticationError: AADSTS7000215: Invalid client secret provided. Ensure the secret value is sent.\n",
        "another-server-says-why", "Microsoft Entra", "ClientAuthenticationError: Invalid client secret provided.\n"),
    "a write without If-Match": Paste(
        f"PUT {FHIR}/Appointment/1\nContent-Type: application/fhir+json\nAccept: application/fhir+json\n\n"
        f"{json.dumps(APPOINTMENT)}\n\nHTTP/1.1 412 P\n\n", "if-match-missing", 'If-Match: W/"VERSION"',
        f"PUT {FHIR}/Appointment/1\nContent-Type: application/fhir+json\nIf-Match: W/\"1\"\n\n"
        f"{json.dumps(APPOINTMENT)}\n\nHTTP/1.1 412 P\n\n"),
}  # fmt: skip


def whole(answer):
    return " ".join([answer.means, *(text for _, text in answer.details)])


@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES)
def test_what_stands_there_decides_and_its_near_miss_has_another_cause(paste):
    first = explain(paste.text)[0]
    assert (first.id, first.known) == (paste.cause, True)
    assert paste.words in whole(first)
    shown = " ".join(map(whole, explain(paste.text)))
    assert not any(each in shown for each in (SECRET, PAIR, ASSERTION))
    assert explain(paste.near)[0].id != paste.cause


BOTH = f"{MESSAGE} {RECIPIENT}"


@pytest.mark.parametrize(
    "setting",
    [
        f'Scopes: []string{{"{MESSAGE}", "{RECIPIENT}"}},',
        f'scopes = ["{MESSAGE}", "{RECIPIENT}"]',
        f"scope: '{BOTH}',",
        f"scopes:\n  - {MESSAGE}\n  - {RECIPIENT}\n",
        f'.scope("{MESSAGE}", "{RECIPIENT}")',
    ],
)
def test_every_scope_of_a_list_is_read_and_asked_for_again(setting):
    text = (
        f'TokenURL: "{TOKEN}",\n{setting}\nAuthStyle: oauth2.AuthStyleInParams,\n401 {NO_HEADER}\n'
    )
    first = explain(text)[0]
    assert f"asked {BOTH}" in whole(first)
    assert f"scope='{BOTH}'" in dict(first.details)["exactly"]


def test_a_list_ends_where_another_member_begins():
    text = f'post("{TOKEN}", data={{"scope": "{MESSAGE}", "grant_type": "client_credentials"}})\n401 {NO_HEADER}\n'
    assert f"asked {MESSAGE}" in whole(explain(text)[0])
    assert "grant_type client" not in whole(explain(text)[0])


@pytest.mark.parametrize(
    ("settings", "joined"),
    [
        (f"SCOPES={MESSAGE},{RECIPIENT}\n", True),
        (f"spring:\n  scope: {MESSAGE},{RECIPIENT}\n", False),
    ],
)
def test_a_setting_that_its_program_takes_apart_at_commas_is_no_comma_in_the_request(
    settings, joined
):
    first = explain(f"{settings}TOKEN_URL={TOKEN}\n400 {NO_SCOPE}\n")[0]
    assert (first.id == "scopes-seen-with-commas") is joined
    assert first.id != "scopes-with-commas"


@pytest.mark.parametrize(
    "answer", ["curl: (6) Could not resolve host: authorization.cerner.com", "429"]
)
def test_the_form_of_a_secret_explains_no_failure_before_it_was_judged(answer):
    command = (
        f"curl -u {CLIENT}:{CLIENT.replace('5b', '6c')} -d grant_type=client_credentials {TOKEN}\n"
    )
    status = f"HTTP/1.1 {answer} X\n\n" if answer.isdigit() else f"{answer}\n"
    assert explain(command + status)[0].id in ("name-does-not-resolve", "throttled")


def test_one_number_alone_and_the_value_that_is_none_of_a_list_are_named():
    limit = explain(f"GET {INBOX}&limit=50\n\nHTTP/1.1 400 B\n\n")[0]
    assert "1000 and no other number" in limit.means
    body = {"patientId": "1", "status": "READ", "messages": []}
    url = f"{MESSAGES}/actions/updatePatientMessageStatus"
    text = f"POST {url}\nContent-Type: application/json\n\n{json.dumps(body)}\n\nHTTP/1.1 400 B\n\n"
    assert "and it is READ" in explain(text)[0].means


def test_a_host_that_is_asked_about_a_token_is_no_api_host():
    asked = whole(explain(f"GET {CLOUD}/tokeninfo?token=x\n\nHTTP/1.1 405 M\n\n")[0])
    assert "introspection host authorization.cerner.com" in asked
    assert "API host" not in asked


def test_a_search_by_post_needs_the_scope_for_reading():
    text = f'token response had "scope":"system/Patient.read"\nPOST {FHIR}/Patient/_search -> 403\n{FORBIDDEN}\n'
    assert explain(text)[0].id == "scope-not-honoured"


def test_a_success_stays_one_where_a_sentence_beside_it_names_a_refusal():
    text = f"GET {INBOX}&limit=50\n\nHTTP/1.1 200 OK\n\n"
    said = "a colleague got 400 Bad Request for the same call yesterday, now it works\n"
    assert not {each.id for each in explain(text + said) if each.kind == "cause"}
    refused = explain(text.replace("200 OK", "400 Bad Request"))
    assert refused[0].id == "request-breaks-the-contract"


def test_a_secret_in_clear_is_redacted_in_the_words_of_an_answer_too():
    said = f"HTTP/1.1 400 B\nContent-Type: text/plain\n\nno client has the secret {SECRET} here\n"
    text = f"GET {INBOX}\nAuthorization: Basic {CLIENT}:{SECRET}\n\n{said}"
    assert "no client has the secret" in whole(explain(text)[0])
    assert SECRET not in whole(explain(text)[0])
