"""What a request already does, what a server says in words, and what stands in front of a cause: each decides."""

import json
from typing import NamedTuple

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = "https://authorization.cerner.com"
TOKEN = f"{CLOUD}/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
MESSAGES = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
INBOX = f"{MESSAGES}/patientMessages/inboxItems?patientId=1"
FHIR = f"https://fhir-ehr-code.cerner.com/r4/{TENANT}"
DSTU2 = FHIR.replace("/r4/", "/dstu2/")
BOTH = "oraclehealth:millennium:message,oraclehealth:millennium:recipient"
WRITE = '{"resourceType":"Appointment","status":"booked"}'
PATCH = '[{"op":"replace","path":"/status","value":"arrived"}]'


class Hand(NamedTuple):
    """A paste, its cause and words of its cure, and a near miss that has another cause."""

    paste: str
    cause: str
    cure: str
    near: str


def refusal(tail, error):
    urn = f"urn:cerner:error:authorization-server:oauth2:token:{tail}".replace(":", "%3A")
    return f"{CLOUD}/errors/{urn}/instances/5b0a?tenant={TENANT}", error


def go(scopes):
    uri, error = refusal("empty-scopes", "invalid_scope")
    return f'SCOPES={scopes}\nstart: oauth2: "{error}" "" "{uri}"\n'


def wrong_pair(said):
    uri, error = refusal("invalid-client-credentials", "invalid_client")
    return f"{said}\nstatus 401 {json.dumps({'error': error, 'error_uri': uri})}\n"


def fhir(method, headers="", body="", answer="HTTP/1.1 400 Bad Request", url=FHIR):
    return (
        f"{method} {url}/Appointment/7\nAuthorization: Bearer $T\n{headers}\n\n{body}\n\n{answer}\n"
    )


def axios(media):
    headers = f"{{ 'Content-Type': '{media}', Authorization: 'Bearer ***' }}"
    return (
        "AxiosError: Request failed with status code 415\n  config: {\n    method: 'patch',\n"
        f"    url: '{FHIR}/Appointment/7',\n    headers: {headers},\n    data: '{PATCH}'\n  }},\n"
        "  response: { status: 415, statusText: 'Unsupported Media Type', data: '' }\n"
    )


def called_with(header):
    request = {"uri": INBOX, "method": "GET", "headers": {"Authorization": header}}
    said = 'code="urn:cerner:error:oauth2:resource-access:malformed-token", error="invalid_token"'
    answer = {"statusCode": 401, "body": {"code": 401, "message": said}}
    return json.dumps({"name": "Read", "inputs": request, "outputs": answer}, indent=1)


def validator(configuration):
    kid = "kid: '2026-11-02T02:41:02.115.ec.es256'"
    said = {"message": f"JWT Validation Failed: IDX10501: Unable to match key: {kid}."}
    return f"{json.dumps(said)}\n<openid-config url='{configuration}' />\ntoken from {TOKEN}\n"


def console(status):
    return (
        f"Access to fetch at '{FHIR}/Observation?patient=1' has been blocked by CORS policy: no header\n"
        f"GET {FHIR}/Observation?patient=1 net::ERR_FAILED{status}\n"
    )


def collection(auth):
    form = {"mode": "urlencoded", "urlencoded": [{"key": "client_secret", "value": "{{secret}}"}]}
    uri, error = refusal("invalid-authorization-header", "invalid_client")
    body = json.dumps({"error": error, "error_uri": uri})
    item = {
        "name": "token",
        "request": {"method": "POST", "header": [], "url": TOKEN, "body": form},
        "response": [{"code": 401, "header": [], "body": body}],
    }
    return json.dumps({"info": {"name": "x"}, "item": [item], **auth})


BEARER = {"auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{access_token}}"}]}}
SILENT = '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"invalid"}]}'
GRANTED = json.dumps(
    {"access_token": "***", "scope": "oraclehealth:millennium:recipient", "expires_in": 570}
)
STOPPED = f"POST {TOKEN}\n2026-11-02T06:00:30Z Task timed out after 30.03 seconds\n"
LOOKED_UP = f"request to {TOKEN} failed, reason: getaddrinfo EAI_AGAIN authorization.cerner.com\n"
WIRE = (
    f'http-outgoing-3 >> "POST {TOKEN.removeprefix(CLOUD)} HTTP/1.1[\\r][\\n]"\n'
    'http-outgoing-3 << "HTTP/1.1 200 OK[\\r][\\n]"\n'
    'http-outgoing-3 << "Content-Type: text/html[\\r][\\n]"\n'
    'http-outgoing-3 << "<html><head><title>Continue</title></head></html>"\n'
)
EXPORT = f"GET {FHIR}/Group/7/$export -> 202\npoll X-Progress: in-progress\nGET {FHIR}/Group/7/$export -> 429\n"

HANDS = {
    "scopes that a comma joins": Hand(
        go(BOTH), "scopes-seen-with-commas", "with a space between",
        go('["oraclehealth:millennium:message", "oraclehealth:millennium:recipient"]')),
    "a header that Ruby refuses, beside a URL with an ellipsis": Hand(
        "header.rb:183:in `set_field': header field value cannot include CR/LF (ArgumentError)\n"
        f"URI # {CLOUD}/tenants/.../token\n", "line-feed-in-the-header", "strict_encode64",
        f"header.rb: no CR/LF here\nURI # {CLOUD}/tenants/.../token\n"),
    "DSTU 2 asked as R4": Hand(
        f"HTTPError: 406 Client Error: Not Acceptable for url: {DSTU2}/Patient/1", "dstu2-has-its-own-media-type",
        "/r4/", f"HTTPError: 406 Client Error: Not Acceptable for url: {FHIR}/Patient/1"),
    "an Accept that is right already": Hand(
        fhir("GET", "Accept: application/fhir+json", answer="HTTP/1.1 406 Not Acceptable"),
        "documented-form-not-acceptable", "path first",
        fhir("GET", "Accept: text/plain", answer="HTTP/1.1 406 Not Acceptable")),
    "an Accept that is right for DSTU 2 already": Hand(
        fhir("GET", "Accept: application/json+fhir", answer="HTTP/1.1 406 Not Acceptable", url=DSTU2),
        "documented-form-not-acceptable", "path first",
        fhir("GET", "Accept: application/fhir+json", answer="HTTP/1.1 406 Not Acceptable", url=DSTU2)),
    "a status without a URL, of the call after the token": Hand(
        f"Response status code does not indicate success: 401 (Unauthorized).\nGET {INBOX}\nPOST {TOKEN} -> 200\n",
        "token-refused", "one cloud and one tenant",
        f"Response status code does not indicate success: 401 (Unauthorized).\nPOST {TOKEN}\n"),
    "a FHIR write without a reason": Hand(
        fhir("POST", "Content-Type: application/fhir+json", WRITE, f"HTTP/1.1 400 Bad Request\n\n{SILENT}"),
        "fhir-write-not-accepted", "one by one", fhir("GET", answer=f"HTTP/1.1 400 Bad Request\n\n{SILENT}")),
    "an If-Match with an id": Hand(
        f"Client request: PUT {FHIR}/AllergyIntolerance/77 HTTP/1.1\nIf-Match: 77\n"
        "Client response: HTTP 412 Precondition Failed\n", "if-match-is-no-etag", "W/",
        f"Client request: PUT {FHIR}/AllergyIntolerance/77 HTTP/1.1\nIf-Match: W/\"2\"\n"
        "Client response: HTTP 412 Precondition Failed\n"),
    "a FHIR version that is not matched": Hand(
        fhir("PUT", 'If-Match: W/"2"', WRITE, "HTTP/1.1 412 Precondition Failed"), "fhir-version-not-matched", "ETag",
        f"curl -X POST {MESSAGES}/actions/updatePatientMessageStatus\nHTTP/1.1 412 Precondition Failed\n"),
    "a JSON Patch as FHIR": Hand(
        axios("application/fhir+json"), "json-patch-under-another-type", "json-patch+json",
        axios("application/json-patch+json")),
    "a media type that is right already": Hand(
        fhir("POST", "Content-Type: application/fhir+json", WRITE, "HTTP/1.1 415 Unsupported Media Type"),
        "documented-type-not-read", "what arrives",
        fhir("POST", "Content-Type: text/plain", WRITE, "HTTP/1.1 415 Unsupported Media Type")),
    "a token of OAuth 1.0a as Bearer": Hand(
        "curl 'https://api.cernercare.com/oauth/access?oauth_version=1.0'\noauth_token=ConsumerKey%3Dx\n"
        f"curl -i {FHIR}/Patient/1 -H 'Authorization: Bearer ConsumerKey%3Dx'\nHTTP/2 401\n"
        'www-authenticate: Bearer realm="fhir-ehr-code.cerner.com", error="invalid_token"\n',
        "token-of-oauth-1", "grant_type=client_credentials",
        f"curl -i {FHIR}/Patient/1 -H 'Authorization: Bearer ConsumerKey%3Dx'\nHTTP/2 401\n"),
    "a refusal behind CORS": Hand(console(" 401"), "cors-hides-a-refusal", "online_access", console("")),
    "another vendor's error after Oracle's calls": Hand(
        f"GET {INBOX} 200\nERROR [archive] HTTP 401 "
        '{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret for an app."}\n',
        "another-server-says-why", "Microsoft Entra", f'GET {INBOX} 200\nHTTP 401 {{"error":"invalid_client"}}\n'),
    "a token response in the header": Hand(
        called_with('Bearer {"access_token":"eyJr[removed]","expires_in":570}'), "token-response-as-the-token",
        "alone", called_with("Bearer {access_token}")),
    "keys of another issuer": Hand(
        validator("https://login.microsoftonline.com/x/v2.0/.well-known/openid-configuration"),
        "own-key-set-of-another-issuer", "Leave Oracle's access token",
        validator("https://authorization.cerner.com/.well-known/openid-configuration")),
    "a status without a URL after a grant": Hand(
        f"form: grant_type=client_credentials&scope={BOTH.replace(',', '%20')}\nPOST {TOKEN}\nresponse 200: {GRANTED}\n"
        f"GET {INBOX}\nHttpRequestException: Response status code does not indicate success: 403 (Forbidden).\n",
        "scope-dropped", "added to the application",
        f"form: grant_type=client_credentials&scope={BOTH.replace(',', '%20')}\nPOST {TOKEN}\nresponse 200: {GRANTED}\n"
        f"GET {INBOX}\nHttpRequestException: Response status code does not indicate success: 429 (Too Many).\n"),
    "a wire log": Hand(WIRE, "sign-in-page", "sign in to the network", WIRE.replace("200 OK", "503 No")),
    "a Bearer that a collection hands down": Hand(
        collection(BEARER), "credential-as-bearer", "Basic", collection({})),
    "a secret that was changed": Hand(
        wrong_pair("On Friday security rotated the account's secret."), "old-secret-still-in-use", "start the program",
        wrong_pair("On Friday security changed shifts.")),
    "an export that still runs": Hand(
        EXPORT, "export-still-runs", "Content-Location", f"GET {FHIR}/Patient/1 -> 429\n"),
    "no DNS in a pod": Hand(
        f"{LOOKED_UP}kubectl get netpol\n", "dns-behind-a-network-policy", "UDP and TCP 53", LOOKED_UP),
    "a function in a VPC": Hand(
        f"{STOPPED}Since it is in the VPC.\n", "no-way-out-of-the-vpc", "NAT gateway", STOPPED),
}  # fmt: skip


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_a_refusal_gets_the_cause_that_its_request_shows_and_its_near_miss_another(hand):
    first, *_ = explain(hand.paste)
    assert first.id == hand.cause
    assert hand.cure in dict(first.details)["change"]
    assert hand.cause not in {answer.id for answer in explain(hand.near)}


def test_a_urn_that_a_narrow_page_broke_is_read():
    said = "Error Code:\n urn:cerner:error:authorization-\n server:smart-v1:grant:launch:code-\n required\n"
    assert explain(said)[0].id == "smart-v1:grant:launch:code-required"
    assert not explain(said.replace("smart-", "other-"))[0].known


def test_a_service_s_own_words_are_the_cause_where_they_say_why():
    body = json.dumps(
        {"code": "InvalidParameter", "message": "messages: size must be between 1 and 100"}
    )
    url = f"{MESSAGES}/actions/updatePatientMessageStatus"
    first = explain(f"POST {url}\n\nHTTP/1.1 400 Bad Request\n\n{body}\n")[0]
    assert first.means.endswith("says why: messages: size must be between 1 and 100")
    vague = body.replace("messages: size must be between 1 and 100", "The request is not valid")
    assert (
        "says why" not in explain(f"POST {url}\n\nHTTP/1.1 400 Bad Request\n\n{vague}\n")[0].means
    )
    refused = explain(f"POST {url}\n\nHTTP/1.1 500 Failed\n\n{body}\n")[0]
    assert "own words" not in str(refused.details)


def test_an_outcome_without_words_is_said_to_name_no_element():
    write = fhir(
        "PUT", "Content-Type: application/fhir+json", WRITE, "HTTP/1.1 400 Bad Request\n\n"
    )
    spoken = SILENT.replace("}]", ',"diagnostics":"reasonCode.text is longer than it may be"}]')
    assert "names no element" in explain(write + SILENT)[0].means
    assert "says why: reasonCode.text is longer" in explain(write + spoken)[0].means


def test_a_discovery_document_shows_its_public_words():
    found = explain(json.dumps({
        "token_endpoint": TOKEN, "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))[0]  # fmt: skip
    shown = dict(found.details)
    assert shown["token URL"].startswith(TOKEN)
    assert shown["client"].startswith("client_secret_basic;")


def test_a_line_of_golive_s_own_file_is_no_cure_for_another_program():
    assert "exactly" not in dict(explain(f"GET {FHIR}/Patient/1 -> 429\n")[0].details)


def test_an_address_in_a_sentence_that_begins_with_curl_is_no_request():
    said = wrong_pair("> curl from the jump host works, from 203.0.113.77.")
    assert "203.0.113.77" not in str(explain(said)[0].details)


@pytest.mark.parametrize("elided", ["...", "…", "ec2458f2-...", "xxxx"])
def test_a_tenant_that_somebody_left_out_is_no_tenant(elided):
    url = TOKEN.replace(TENANT, elided)
    found = explain(f"curl -u $ID:$SECRET -d grant_type=client_credentials -d scope=x '{url}'\n")
    assert "malformed-tenant" not in {answer.id for answer in found}
    slip = TOKEN.replace(TENANT, TENANT[:-1])
    found = explain(f"curl -u $ID:$SECRET -d grant_type=client_credentials -d scope=x '{slip}'\n")
    assert "malformed-tenant" in {answer.id for answer in found}


def test_a_token_that_a_log_leaves_out_is_not_called_opaque():
    said = f"POST {TOKEN}\n\nHTTP/1.1 200 OK\n\n"
    hidden = json.dumps({"access_token": "[redacted 1142 chars]", "scope": "x"})
    assert "token" not in dict(explain(said + hidden)[0].details)
    assert "token" in dict(
        explain(said + hidden.replace("[redacted 1142 chars]", "ab12cd"))[0].details
    )


def test_oracle_s_support_is_given_the_id_that_a_fhir_server_sends():
    said = 'code="urn:cerner:error:oauth2:resource-access:tenant-mismatch"'
    body = f"HTTP/1.1 403 Forbidden\n\n{json.dumps({'code': 403, 'message': said})}"
    assert "X-Request-Id" in dict(explain(f"GET {FHIR}/Patient/1\n\n{body}")[0].details)["support"]
    assert "opc-request-id" in dict(explain(f"GET {INBOX}\n\n{body}")[0].details)["support"]
