"""The same things in other forms: parameters apart, a body behind a label, logfmt, placeholders, variables."""

import json

import pytest

from golive.diagnosis.paste import explain
from golive.diagnosis.paste.curl import parse

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CUSTOMER = "9d3f0a52-6b1e-4f7c-8a44-5e2b7c1d0f33"
CLOUD = "https://authorization.cerner.com"
PATH = "hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
TOKEN = f"{CLOUD}/tenants/{TENANT}/{PATH}"
API = f"https://api.cernermillennium.com/{TENANT}"
INBOX = f"{API}/message/20241001/patientMessages/inboxItems"
SENT = f"{API}/message/20241001/patientMessages/sentItems"
VALIDATE = f"{API}/message/20241001/actions/validateRecipients"
FHIR = f"https://fhir-ehr-code.cerner.com/r4/{TENANT}"
FAMILY = "oraclehealth:millennium"
MESSAGE = f"{FAMILY}:message"


def refusal(tail, error, tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:oauth2:token:{tail}".replace(":", "%3A")
    uri = f"{CLOUD}/errors/{urn}/instances/7f3c2b10-4a5d?client=unknown&tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


LACKING = json.dumps(
    {
        "code": 403,
        "message": 'code="urn:cerner:error:oauth2:resource-access:insufficient-scopes", error="insufficient_scope", '
        'subcode="no_scope_for_resource_path"',
    }
)


def first(text):
    return explain(text)[0]


# -- a list that came -------------------------------------------------------------------------------------------------

LISTS = {
    "Python, parameters apart": (
        f">>> r = s.get('{INBOX}', params={{'patientId': '1'}})\n>>> r.status_code\n200\n>>> r.json()\n{{'items': []}}",
        "list-empty-by-its-default-window",
    ),
    "JavaScript": (
        f"const r = await axios.get('{INBOX}', {{ params: {{ patientId: '1' }} }})\n> r.data\n{{ items: [] }}",
        "list-empty-by-its-default-window",
    ),
    "curl without a status": (
        f"$ curl -H 'Authorization: Bearer x' '{SENT}?patientId=1'\n{{\"items\":[]}}",
        "list-empty-by-its-default-window",
    ),
    "a line of a log": (f"GET {INBOX}?patientId=1 -> 200 in 40 ms items=0\n", "list-empty-by-its-default-window"),
    "with a lower bound apart": (
        f">>> r = s.get('{INBOX}', params={{'patientId': '1', 'createDateTimeGreaterThanOrEqualTo': "
        "'2020-01-01T00:00:00Z'}})\n>>> r.json()\n{{'items': []}}".replace("{{", "{").replace("}}", "}"),
        "list-empty",
    ),
    "with an item": (f">>> s.get('{INBOX}', params={{'patientId': '1'}})\n{{'items': [{{'id': '1'}}]}}", "success"),
    "with items in a log": (f"GET {INBOX}?patientId=1 -> 200 in 40 ms items=3\n", "success"),
}  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_read_in_the_notation_of_its_program(name):
    text, cause = LISTS[name]
    assert first(text).id == cause


# -- a body behind a label --------------------------------------------------------------------------------------------


def labelled(label, member, status="400 Bad Request"):
    body = {
        "category": "MESSAGES",
        "patientId": "2",
        "recipients": [{"id": "1", member: "PERSONNEL"}],
    }
    answer = '{"code":"MissingParameter","message":"Required field is missing"}'
    return f"POST {VALIDATE}\n{label}{json.dumps(body)}\n{status}\n{answer}\n"


@pytest.mark.parametrize(
    "label", ["Body: ", "    body: ", "Payload: ", "request body: ", "Request Body:\n"]
)
def test_a_body_behind_a_label_is_compared_with_the_contract(label):
    said = first(labelled(label, "type")).means
    assert (
        "recipients/0/recipientType is missing (there is type, which this operation does not know"
        in said
    )


def test_a_body_with_all_its_members_is_not_called_wrong():
    assert first(labelled("Body: ", "recipientType")).id == "refused-in-the-api-s-own-words"


# -- scopes in logs and tokens ----------------------------------------------------------------------------------------


def logged(asked, call, granted=MESSAGE):
    return (
        f'time=1 level=info msg="token request" scope="{asked}"\ntime=2 level=info msg="token ok" granted="{granted}" '
        f"expires_in=570\nGET {API}/{call} 403\n{LACKING}\n"
    )


SETS, GROUPS = "codeSystem/20240101/codeSets", "recipient/20241001/groupInboxes"


@pytest.mark.parametrize(
    ("asked", "call", "cause"),
    [
        (f"{MESSAGE} {FAMILY}:codesystem", SETS, "scope-misspelt"),
        (f"{MESSAGE} {FAMILY}:codesystem", GROUPS, "scope-not-in-the-grant"),
        (f"{MESSAGE} {FAMILY}:recipient", GROUPS, "scope-dropped"),
        (f"{MESSAGE} {FAMILY}:code-system", SETS, "scope-dropped"),
        (MESSAGE, GROUPS, "scope-not-in-the-grant"),
    ],
)
def test_scopes_that_a_log_names_are_compared_with_what_the_call_needs(asked, call, cause):
    assert first(logged(asked, call)).id == cause


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ('we ask with scope "system/Communication.read"', "scope-not-asked"),
        ("we ask with the scope of the book", "scope-lacking"),
        (
            f"The scope: system/Patient.read is the other app's, this one has {MESSAGE}",
            "scope-lacking",
        ),
    ],
)
def test_the_scope_that_a_person_says_to_be_asked_for_counts(words, cause):
    call = f"GET {INBOX}?patientId=1\nAuthorization: Bearer ***\n\nHTTP/1.1 403 Forbidden\n\n{LACKING}\n{words}\n"
    assert first(call).id == cause


# -- placeholders and variables ---------------------------------------------------------------------------------------


def tenant_asked(in_url, in_uri):
    return (
        f"POST {CLOUD}/tenants/{in_url}/{PATH}\nHTTP/1.1 400 Bad Request\n\n"
        f"{refusal('invalid-tenant', 'invalid_grant', in_uri)}\n"
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (tenant_asked("%7BtenantID%7D", "%7BtenantID%7D"), "tenant-not-filled-in"),
        (tenant_asked("%24%7BTENANT%7D", "%24%7BTENANT%7D"), "tenant-not-filled-in"),
        (tenant_asked("{tenant}", "%7Btenant%7D"), "tenant-not-filled-in"),
        (refusal("invalid-tenant", "invalid_grant", "%3Ctenant%3E"), "tenant-not-filled-in"),
        (f"GET {INBOX.replace(TENANT, '%7Bt%7D')}?patientId=1\n\nHTTP/1.1 404 Not Found\n\n", "tenant-not-filled-in"),
        (tenant_asked("{tenant}", CUSTOMER), "unknown-tenant"),
        (tenant_asked("undefined", "undefined"), "tenant-not-set"),
    ],
)  # fmt: skip
def test_a_placeholder_that_was_sent_is_told_from_one_that_hides_a_value(text, cause):
    assert first(text).id == cause


HOST, OTHER = "authorization.sandboxcerner.com", "authorization.cerner.com"


def settings(host, variable):
    return {
        "auth_host": host,
        "tenant": CUSTOMER,
        "token_url": f"https://{variable('auth_host')}/tenants/{variable('tenant')}/{PATH}",
        "base_url": f"https://api.cernermillennium.com/{variable('tenant')}/message/20241001",
    }


def postman(host):
    values = [
        {"key": k, "value": v} for k, v in settings(host, lambda name: f"{{{{{name}}}}}").items()
    ]
    return json.dumps({"name": "x", "values": values})


def dotenv(host):
    return "".join(f"{k}={v}\n" for k, v in settings(host, lambda name: f"${{{name}}}").items())


@pytest.mark.parametrize("form", [postman, dotenv])
@pytest.mark.parametrize(
    ("host", "cause"), [(HOST, "wrong-cloud"), (OTHER, "requests-without-an-answer")]
)
def test_the_variables_of_a_file_are_filled_in_from_it(form, host, cause):
    assert first(form(host)).id == cause


# -- the credential, the host, the status, the body -------------------------------------------------------------------


def basic(value):
    body = refusal("invalid-client-credentials", "invalid_client")
    return (
        f"curl -H 'Authorization: Basic {value}' -d grant_type=client_credentials -d scope={MESSAGE} {TOKEN}\n"
        f"HTTP/1.1 401 Unauthorized\n\n{body}\n"
    )


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        ("YzcxZTVhNDAxYjJkNGMzZTlmNTA3YThiOWMwZDFlMmY=:KNRY29-5f0e-44a2", "pair-not-encoded"),
        ("YzcxZTVhNDAxYjJkNGMzZTlmNTA3YThiOWMwZDFlMmY=:Zm9vYmFyYmF6", "pair-not-encoded"),
        ("base64(id:secret)", "pair-not-accepted"),
        ("<client_id:client_secret in base64>", "pair-not-accepted"),
    ],
)
def test_a_colon_behind_basic_is_a_pair_that_was_not_encoded(value, cause):
    assert first(basic(value)).id == cause


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        (f"{FHIR}/message/20241001/patientMessages/inboxItems?patientId=1", "host-of-another-api"),
        (f"{FHIR}/recipient/20241001/groupInboxes", "host-of-another-api"),
        (f"{FHIR}/Communication/1", "fhir-not-found"),
    ],
)
def test_the_path_of_an_ehr_api_behind_a_fhir_version_is_at_the_wrong_host(url, cause):
    outcome = (
        '{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"not-found"}]}'
    )
    assert (
        first(f"GET {url}\nAuthorization: Bearer x\n\nHTTP/1.1 404 Not Found\n\n{outcome}").id
        == cause
    )


NEEDED = {
    "severity": "error",
    "code": "required",
    "diagnostics": "Either _id or one of patient, subject must be provided",
}
OUTCOME = json.dumps({"resourceType": "OperationOutcome", "issue": [NEEDED]})


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("FhirClientError: 400", "fhir-search-refused-in-words"),
        ("HTTPError: 400 Bad Request", "fhir-search-refused-in-words"),
        ("the client prints nothing else", "fhir-outcome-without-a-status"),
    ],
)
def test_the_one_status_that_is_reported_is_that_of_the_one_answer(line, cause):
    assert first(f"{line}\nGET {FHIR}/Observation?category=laboratory\n{OUTCOME}").id == cause


def test_a_status_that_is_reported_is_not_that_of_a_token_response():
    granted = f'{{"access_token":"abc","scope":"{MESSAGE}","expires_in":570}}'
    found = explain(
        f"{granted}\nrequests.exceptions.HTTPError: 403 Client Error: Forbidden for url: {INBOX}?patientId=1"
    )
    assert found[0].id == "scope-not-honoured"


@pytest.mark.parametrize(
    "arrow",
    [
        '"error"=>"invalid_client", "error_uri"=>{}',
        '"error" => "invalid_client", "error_uri" => {}',
    ],
)
@pytest.mark.parametrize("before", ["", "%"])
def test_a_map_of_another_language_is_read_as_json(arrow, before):
    uri = json.dumps(
        json.loads(refusal("invalid-authorization-header", "invalid_client"))["error_uri"]
    )
    assert (
        first(f"OAuth2::Error: {before}{{{arrow.format(uri)}}}").id
        == "authorization-header-malformed"
    )


def test_a_signature_that_oci_refuses_is_none_of_oracle_health_s_tokens():
    error = {
        "status": 401,
        "code": "NotAuthenticated",
        "message": "The required information was not provided or was incorrect.",
    }
    asked = {"request_endpoint": "GET https://objectstorage.us-ashburn-1.oraclecloud.com/n"}
    assert first(f"oci.exceptions.ServiceError: {error | asked}").id == "oci-signature-refused"
    other = {**error, "status": 404, "code": "NotAuthorizedOrNotFound"}
    assert first(f"oci.exceptions.ServiceError: {other | asked}").id == "another-server-says-why"


VERIFY = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed:"
UNKNOWN_AUTHORITY = f'Post "{TOKEN}": tls: failed to verify certificate: x509: certificate signed by unknown authority'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (
            f"{VERIFY} Basic Constraints of CA cert not marked critical\n{TOKEN}",
            "authority-not-as-strict-as-demanded",
        ),
        (f"{VERIFY} unable to get local issuer certificate\n{TOKEN}", "certificate-not-trusted"),
        (f"FROM scratch\nCOPY app /\n{UNKNOWN_AUTHORITY}", "container-without-authorities"),
        (
            f"FROM scratch\nCOPY ca-certificates.crt /etc/ssl/certs/\n{UNKNOWN_AUTHORITY}",
            "certificate-not-trusted",
        ),
        (UNKNOWN_AUTHORITY, "certificate-not-trusted"),
    ],
)
def test_why_a_certificate_is_not_trusted_is_said_where_it_shows(text, cause):
    found = first(text)
    assert found.id == cause
    assert "[redacted]" not in str(found.details)


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("fhir-ehr-code.cerner.com", "token-url-names-another-host"),
        ("api.cernermillennium.com", "requests-without-an-answer"),
    ],
)
def test_a_token_url_for_another_host_shows_before_anything_is_sent(host, cause):
    url = TOKEN.replace("api.cernermillennium.com", host)
    assert first(f"TOKEN_URL={url}\nBASE_URL={API}/message/20241001\n").id == cause


def test_a_token_without_a_scope_is_no_plain_success():
    assert "none at all" in first('{"access_token":"abc","scope":"","expires_in":570}').means


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        (
            "Invalid character found in the request target [/r4/Patient?name=[x] ]",
            "url-not-encoded",
        ),
        ("Something else was found in the request target", "said-in-the-paste"),
    ],
)
def test_a_page_that_says_what_is_wrong_with_the_url_is_read(said, cause):
    page = f"<!doctype html><html><body>HTTP Status 400 {said}</body></html>"
    assert (
        first(f"GET {FHIR}/Patient?name=[x]\n\nHTTP/1.1 400\nContent-Type: text/html\n\n{page}").id
        == cause
    )


def test_the_few_words_of_a_refusal_of_content_are_evidence():
    issue = {"severity": "error", "code": "value", "diagnostics": "gender is invalid"}
    outcome = json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})
    found = first(f"POST {FHIR}/Patient\n\nHTTP/1.1 422 Unprocessable Entity\n\n{outcome}")
    assert "gender is invalid" in str(found.details)


def test_a_body_that_is_too_large_is_not_one_of_a_wrong_form():
    assert first(f"POST {SENT}\n\nHTTP/1.1 413 Content Too Large\n\n").id == "body-too-large"


def test_the_one_status_is_not_that_of_one_answer_among_several():
    two = f"HTTPError: 400 Bad Request\nGET {FHIR}/Observation?category=a\n{OUTCOME}\nGET {FHIR}/Patient/1\n{OUTCOME}"
    assert "fhir-search-refused-in-words" not in [each.id for each in explain(two)]


@pytest.mark.parametrize(
    "words",
    [
        "JsonParseException: Illegal character ((CTRL-CHAR, code 31)): only regular white space",
        r"invalid character '\x1f' looking for beginning of value",
        "UnicodeDecodeError: 'utf-8' codec can't decode byte 0x8b in position 1: invalid start byte",
        "System.Text.Json.JsonException: '0x1F' is an invalid start of a value.",
    ],
)
def test_the_bytes_of_gzip_are_known_in_each_parser_s_words(words):
    assert first(f"GET {INBOX}?patientId=1 200\n{words}").id == "body-still-compressed"
    other = (
        words.replace("31", "0")
        .replace("0x8b", "0xe9")
        .replace("x1f", "x00")
        .replace("0x1F", "0x00")
    )
    assert first(f"GET {INBOX}?patientId=1 200\n{other}").id != "body-still-compressed"


def test_a_certificate_that_php_does_not_trust_has_a_cure_of_its_own():
    words = "cURL error 60: SSL certificate problem: unable to get local issuer certificate"
    assert (
        first(f"GuzzleHttp\\RequestException: {words} for {TOKEN}").id == "php-without-authorities"
    )
    assert first(f"curl: (60) {words[15:]}\n{TOKEN}").id == "certificate-not-trusted"


@pytest.mark.parametrize(
    "read_by", ["docker run --rm --env-file ehr.env poller", "docker compose up"]
)
def test_quotes_that_are_kept_come_before_a_wrong_secret(read_by):
    file = f'TOKEN_URL={TOKEN}\nCLIENT_ID="{CUSTOMER}"\nCLIENT_SECRET="abcdefghijklmnop"\n'
    answer = refusal("invalid-client-credentials", "invalid_client")
    found = [
        each.id for each in explain(f"{file}\n$ {read_by}\nHTTP/1.1 401 Unauthorized\n\n{answer}")
    ]
    kept = "--env-file" in read_by
    assert found[0] == ("quotes-kept-in-the-variables" if kept else "pair-not-accepted")


def test_words_that_a_copy_cuts_short_are_shown_whole():
    whole = "AADSTS7000215: Invalid client secret provided. Ensure that it is the value, not the secret ID"
    body = {
        "error": "invalid_client",
        "error_description": "AADSTS7000215: Invalid client secret provided. ...",
    }
    found = first(
        f"MsalServiceException: {whole}. Trace ID: 1\nStatusCode: 401\n{json.dumps(body)}"
    )
    assert "not the secret ID" in found.means
    assert "Trace" not in found.means


@pytest.mark.parametrize(
    ("command", "method", "flag"),
    [
        ("curl -sSu id:secret -d a=b https://h.example/t", "POST", "-S"),
        ("curl -siX PUT https://h.example/t", "PUT", "-i"),
        ("curl -k1 https://h.example/t", "GET", "-k"),
    ],
)
def test_letters_of_curl_may_stand_together(command, method, flag):
    request = parse(command)
    assert (request.method, request.url) == (method, "https://h.example/t")
    assert flag in request.flags
