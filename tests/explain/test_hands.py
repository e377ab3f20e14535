"""What people have in their hands, in the forms in which they have it: each with the cause that was really there."""

import base64
import json
from typing import NamedTuple

import pytest

from golive.diagnosis.causes import entries, fields
from golive.diagnosis.paste import explain
from golive.diagnosis.paste.answer import terms
from golive.redaction import redact

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CUSTOMER = "9d3f0a52-6b1e-4f7c-8a44-5e2b7c1d0f33"
CLOUD = "https://authorization.cerner.com"
PROFILE = "protocols/oauth2/profiles/smart-v1/token"
TOKEN = f"{CLOUD}/tenants/{TENANT}/hosts/api.cernermillennium.com/{PROFILE}"
SANDBOX = TOKEN.replace("cerner.com/t", "sandboxcerner.com/t")
INBOX = f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1"
FHIR = f"https://fhir-ehr-code.cerner.com/r4/{TENANT}/Patient/1"
MESSAGE = "oraclehealth:millennium:message"
CLIENT = "5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10"
SECRET = "Zx9-canary-of-the-secret-0001-abcd"
PAIR = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
CANARIES = (SECRET, PAIR, "eyJhbGciOiJFUzI1NiJ9", "hmac-canary-0001", "token-canary-0001")


def refusal(tail, error, tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = f"{CLOUD}/errors/{urn}/instances/7f3c2b10-4a5d?client=unknown&tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


def gateway(status, tail, **pairs):
    said = {"code": f"urn:cerner:error:oauth2:resource-access:{tail}", **pairs}
    return json.dumps({"code": status, "message": ", ".join(f'{k}="{v}"' for k, v in said.items())})


def granted(token="eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln", scope=MESSAGE):
    return json.dumps({"access_token": token, "token_type": "Bearer", "scope": scope})


def asked(more=f"-u {CLIENT}:{SECRET}", scope=f"-d scope={MESSAGE}", url=TOKEN):
    return f"curl {more} -d grant_type=client_credentials {scope} '{url}'\n"


def redirect(urn, error="invalid_request"):
    once = f"urn:cerner:error:authorization-server:{urn}".replace(":", "%253A")
    uri = f"https%3A%2F%2Fauthorization.cerner.com%2Ferrors%2F{once}%2Finstances%2F7f3c%3Fpersona%3Dprovider"
    return f"myapp://cb/?state=s&error={error}&error_uri={uri}"


WRONG_HEADER = refusal("oauth2:token:invalid-authorization-header", "invalid_client")
WRONG_PAIR = refusal("oauth2:token:invalid-client-credentials", "invalid_client")
NO_SCOPE = refusal("oauth2:token:empty-scopes", "invalid_scope")
LACKING = gateway(
    403, "insufficient-scopes", error="insufficient_scope", subcode="no_scope_for_resource_path"
)
UNKNOWN_KID = gateway(
    401, "signature-verification-failed", error="invalid_token", subcode="unknown_kid", kid="k"
)


def outcome(code, error):
    said = f'Bearer realm="fhir-ehr-code.cerner.com", error="{error}"'
    issue = {"severity": "error", "code": code, "diagnostics": said}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})


AXIOS = f"""AxiosError: Request failed with status code 401 {{
  config: {{
    method: 'post',
    url: '{TOKEN}',
    headers: Object [AxiosHeaders] {{ Authorization: 'Bearer {PAIR}' }}
  }},
  response: {{
    status: 401,
    data: {{ error: 'invalid_client', error_uri: '{json.loads(WRONG_HEADER)["error_uri"]}' }}
  }}
}}"""
COLLECTION = {
    "info": {"name": "x"},
    "auth": {
        "type": "oauth2",
        "oauth2": [
            {"key": "accessTokenUrl", "value": SANDBOX},
            {"key": "clientId", "value": CLIENT},
            {"key": "clientSecret", "value": SECRET},
            {"key": "client_authentication", "value": "body"},
        ],
    },
    "item": [{"request": {"method": "GET", "header": [], "url": {"raw": INBOX}}, "response": []}],
}
HAR = {
    "log": {
        "entries": [
            {
                "request": {"method": "POST", "url": SANDBOX, "headers": [
                    {"name": "Authorization", "value": f"Basic {PAIR}"}]},
                "response": {"status": 200, "headers": [], "content": {"text": granted()}},
            },
            {
                "request": {"method": "GET", "url": INBOX, "headers": []},
                "response": {"status": 401, "headers": [], "content": {"text": UNKNOWN_KID}},
            },
        ]
    }
}  # fmt: skip
NEWMAN = {
    "run": {
        "executions": [
            {
                "request": {"method": "POST", "url": TOKEN, "header": [
                    {"key": "Authorization", "value": f"Bearer {PAIR}"}]},
                "response": {"code": 401, "stream": {"type": "Buffer", "data": [*WRONG_HEADER.encode()]}},
            }
        ]
    }
}  # fmt: skip


class Hand(NamedTuple):
    """What somebody has, and what it must get: the cause, and words of the cure."""

    text: str
    cause: str
    cure: str = ""


ECHO = (
    f'curl -H "Authorization: Basic $(echo {{}}$ID:$SECRET | base64)" -d scope={MESSAGE} {TOKEN}\n'
)
HANDS = {
    # the public cases, in their smallest form
    "an encrypted token": Hand(
        granted("eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..aXY.dGV4dA.dGFn"), "success"
    ),
    "a wrong pair, by curl -v": Hand(
        f"{asked()}> POST /x HTTP/1.1\n> Host: authorization.cerner.com\n>\n< HTTP/1.1 401 U\n<\n{WRONG_PAIR}",
        "pair-not-accepted",
        "system account's page",
    ),
    "base64 that wraps": Hand(
        ECHO.format("-n ") + "curl: (43) bad argument", "line-feed-in-the-header", "-w0"
    ),
    "403 without the server's form": Hand(
        f"POST {TOKEN}\n\nHTTP/2 403 Forbidden\ncontent-type: text/plain\n\nAccess denied",
        "refused-before-the-token-host",
        "another network",
    ),
    "403 by axios alone": Hand(
        f"AxiosError: Request failed with status code 403\n  URL: {TOKEN}\n  Authorization: Basic {PAIR}",
        "refused-before-the-token-host",
        "another network",
    ),
    "a JavaScript object": Hand(AXIOS, "credential-as-bearer", "Basic base64"),
    "JSON under a form header": Hand(
        f"curl -H 'Content-Type: application/x-www-form-urlencoded' -d '{{\"grant_type\":\"client_credentials\"}}' "
        f"{TOKEN}\n" + refusal("oauth2:token:unsupported-grant-type", "unsupported_grant_type"),
        "token-request-in-json",
        "URLSearchParams",
    ),
    "http made a GET of the POST": Hand(
        asked("-i -L -X POST", url=TOKEN.replace("https", "http"))
        + f"HTTP/1.1 301 Moved\nLocation: {TOKEN}\n\nHTTP/1.1 405 Method Not Allowed\nAllow: POST\n\n",
        "redirected-to-https",
        "Write https://",
    ),
    "a line of requests": Hand(
        f"requests.exceptions.HTTPError: 401 Client Error: Unauthorized for url: {TOKEN}",
        "client-refused-for-an-unread-reason",
        "Print the body",
    ),
    "a session without its client": Hand(
        "ValueError: Please supply either code or authorization_response parameters.",
        "library-in-another-flow",
        "client=BackendApplicationClient",
    ),
    "Python behind a proxy that opens TLS": Hand(
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: "
        "self-signed certificate in certificate chain'))",
        "certificate-not-trusted",
        "REQUESTS_CA_BUNDLE",
    ),
    "Java without the authority": Hand(
        f'I/O error on POST request for "{TOKEN}": PKIX path building failed',
        "certificate-not-trusted",
        "keytool",
    ),
    "Node before a proxy's login": Hand(
        f"request to {CLOUD}/ failed, reason: tunneling socket could not be established, statusCode=407",
        "proxy-wants-a-login",
        "USER:PASSWORD",
    ),
    ".NET before a proxy's login": Hand(
        "The proxy tunnel request to proxy 'http://p.example:80/' failed with status code '407'.",
        "proxy-wants-a-login",
        "DefaultProxyCredentials",
    ),
    "a filter's page": Hand(
        "invalid JSON found at 'https://gateway.zscloud.example/auT?origurl=https%3A%2F%2Fh' - status: 200",
        "network-filter-page",
        "exempt",
    ),
    "a Postman collection": Hand(json.dumps(COLLECTION), "wrong-cloud", "authorization.cerner.com"),
    "an .http file": Hand(
        f"@auth = authorization.cerner.com\n\nPOST {TOKEN.replace('authorization.cerner.com', '{{auth}}')} HTTP/1.1\n"
        f"Content-Type: application/x-www-form-urlencoded\n\nclient_secret={SECRET}&scope={MESSAGE}\n\n"
        f"HTTP/1.1 401 Unauthorized\n\n{WRONG_HEADER}",
        "credential-in-body",
        "HTTP Basic",
    ),
    "a tutorial's form": Hand(
        asked(f"-d client_secret={SECRET}") + WRONG_HEADER, "credential-in-body", "HTTP Basic"
    ),
    "Basic without its space": Hand(
        f"POST {TOKEN}\nAuthorization: Basic{PAIR}\n\n"
        f"grant_type=client_credentials\n\nHTTP/1.1 401 U\n\n{WRONG_HEADER}",
        "basic-without-a-space",
        "one space",
    ),
    "Bearer with the pair": Hand(
        asked(f"-H 'Authorization: Bearer {PAIR}'") + f"401 Unauthorized\n{WRONG_HEADER}",
        "credential-as-bearer",
        "Basic base64",
    ),
    "smart-v2 in a .env": Hand(
        f"T_URL={TOKEN.replace('smart-v1', 'smart-v2')}\nT_BASE=https://fhir-open.cerner.com/r4/{{ID}}\n",
        "smart-v2-in-the-url",
        "/profiles/smart-v1/",
    ),
    "a launch that is none": Hand(
        redirect("smart-v1:grant:launch:invalid-launch-code"),
        "launch-code-not-of-the-ehr",
        "from the EHR",
    ),
    "a persona of another kind": Hand(
        redirect("oauth2:grant:client-persona-mismatch", "unauthorized_client"),
        "persona-of-another-kind",
        "registered for",
    ),
    "a scope that is not at the customer's yet": Hand(
        f"GET https://fhir-ehr.cerner.com/r4/{CUSTOMER}/Specimen?patient=1\n\nHTTP/1.1 403 Forbidden\n\n"
        + outcome("forbidden", "insufficient_scope"),
        "fhir-scope-missing-at-a-tenant",
        "does not reach a",
    ),
    "OAuth 1.0a": Hand(
        "curl -i https://api.sandboxcernercare.com/oauth/access\nHTTP/1.1 200 OK\n"
        "Content-Type: application/x-www-form-urlencoded\n\n"
        "oauth_token=token-canary-0001&oauth_token_secret=hmac-canary-0001",
        "token-of-oauth-1",
        "OAuth 2.0",
    ),
    "Epic's client": Hand(
        "POST https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token\n\nHTTP/1.1 400 Bad Request\n\n"
        '{"error": "invalid_client", "error_description": null}',
        "another-server-refuses-the-client",
        "registered",
    ),
    "Epic's grant": Hand(
        "POST https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token\n\nHTTP/1.1 400 Bad Request\n\n"
        '{"error": "invalid_grant", "error_description": null}',
        "another-server-refuses-the-grant",
        "new code",
    ),
    "athena's words": Hand(
        "POST http://192.0.2.200:9080/centricityps/ws/oauth2/token\n\nResponse Headers\nServer: x\n\nResponse Body\n"
        '{"message":"Bad credentials","id":401}',
        "another-server-says-why",
        "its own documentation",
    ),
    "a secret from a URL": Hand(
        asked(f"-u '{CLIENT}:a%2Bb%2F{SECRET}'") + f"HTTP/1.1 401 U\n\n{WRONG_PAIR}",
        "secret-percent-encoded",
        "Decode it once",
    ),
    "HAPI in a long job": Hand(
        "ca.uhn.fhir.rest.server.exceptions.AuthenticationException: HTTP 401 Unauthorized",
        "fhir-token-refused",
        "for all threads",
    ),
    "Spring's quotes": Hand(
        f'HttpClientErrorException$Unauthorized: 401 Unauthorized: "{WRONG_PAIR}"',
        "pair-not-accepted",
        "system account's page",
    ),
    "a description, which Oracle never sends": Hand(
        'failed (401): {"error":"invalid_client","error_description":"Invalid client"}',
        "another-server-refuses-the-client",
        "registered",
    ),
    "what a forum escapes": Hand(
        WRONG_HEADER.replace("_", "\\_"), "authorization-header-malformed", "encoded once"
    ),
    "a line break in a string": Hand(
        "403 Forbidden\n" + LACKING.replace(", ", ",\n"), "scope-lacking", "Compare `scope`"
    ),
    "an own validator": Hand(
        'PyJWKClientError: Unable to find a signing key that matches: "2026-01-01T02:40:05.718.ec.es256"',
        "own-key-set-is-behind",
        "once more",
    ),
    "a browser": Hand(
        f"Access to XMLHttpRequest at '{TOKEN}' from origin 'http://localhost' has been blocked by CORS policy",
        "blocked-by-cors",
        "back end",
    ),
    "a wildcard": Hand(
        asked(scope=f"--data-urlencode 'scope=system/*.read {MESSAGE[:-7]}*'") + NO_SCOPE,
        "wildcard-scope",
        "Name each scope",
    ),
    "a HAR file": Hand(json.dumps(HAR), "wrong-cloud", "authorization.cerner.com"),
    "plain text of a tenant": Hand(
        f"curl -i -H 'Authorization: Bearer $T' {INBOX}\nHTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\n"
        "Tenant not valid or accessible",
        "tenant-not-accessible",
        "enable the application",
    ),
    "PowerShell": Hand(
        f"Invoke-RestMethod : {WRONG_PAIR}\nAt C:\\x.ps1:14",
        "pair-not-accepted",
        "account's page",
    ),
    "times before each line": Hand(
        f"2026-07-30T04:05:06.1234567Z < HTTP/1.1 400 Bad Request\n2026-07-30T04:05:06.1234567Z <\n"
        f"2026-07-30T04:05:06.1234567Z {NO_SCOPE}",
        "no-scope-granted",
        "scope added",
    ),
    "docker compose": Hand(
        "worker-1  | 2026-02-03 04:05:06,789 ERROR status=400 body="
        + refusal("oauth2:token:invalid-tenant", "invalid_grant", CUSTOMER),
        "unknown-tenant",
        "Correct",
    ),
    "a grant without resources": Hand(
        f"{granted(scope='fhirUser launch openid')}\nGET {FHIR}\nAuthorization: Bearer x\n\n"
        f"HTTP/1.1 403 F\n\n{LACKING}",
        "scope-not-in-the-grant",
        "named (no wildcard)",
    ),
    "FHIR, some time later": Hand(
        asked(scope="-d scope=system/Patient.read", url=f"{CLOUD}/tenants/{TENANT}/{PROFILE}")
        + f"curl -H 'Authorization: Bearer {{token}}' {FHIR}\n"
        + outcome("login", "invalid_token"),
        "fhir-token-refused",
        "Take a new token",
    ),
    "curl -f": Hand(
        f'+ TOKEN=$(curl -fsS -u "$ID:$SECRET" -d scope={MESSAGE} "{TOKEN}" | jq .x)\n'
        "curl: (22) The requested URL returned error: 401",
        "client-refused-for-an-unread-reason",
        "Print the body",
    ),
    # others of their kinds
    "newman": Hand(json.dumps(NEWMAN), "credential-as-bearer", "Basic base64"),
    "Go": Hand(
        f"oauth2: cannot fetch token: 401 Unauthorized\nResponse: {WRONG_PAIR}",
        "pair-not-accepted",
        "page",
    ),
    "JSON in JSON in JSON": Hand(
        json.dumps(json.dumps({"level": "error", "body": NO_SCOPE})),
        "no-scope-granted",
        "scope added",
    ),
    "escaped in a log": Hand(
        'body="' + NO_SCOPE.replace('"', '\\"') + '"', "no-scope-granted", "scope added"
    ),
    "cut short": Hand(WRONG_PAIR[:-20], "pair-not-accepted", "page"),
    "a manifest": Hand(
        f"env:\n  - name: TOKEN_URL\n    value: {SANDBOX}\n  - name: BASE\n    value: {INBOX}\n"
        f"  - name: CLIENT_SECRET\n"
        f"    value: {SECRET}\n",
        "wrong-cloud",
        "authorization.cerner.com",
    ),
    "Spring's properties": Hand(
        f"client-id: {CLIENT}\nclient-secret: {SECRET}\nclient-authentication-method: client_secret_post\n"
        f"scope: {MESSAGE}\ntoken-uri: {TOKEN}\n",
        "credential-in-body",
        "HTTP Basic",
    ),
    "Bruno": Hand(
        f"post {{\n  url: {TOKEN}\n}}\n\nbody:form-urlencoded {{\n  client_id: {CLIENT}\n"
        f"  client_secret: {SECRET}\n}}\n",
        "credential-in-body",
        "HTTP Basic",
    ),
    "a Postman environment": Hand(
        json.dumps(
            {
                "name": "x",
                "values": [{"key": "url", "value": TOKEN.replace("smart-v1", "smart-v2")}],
            }
        ),
        "smart-v2-in-the-url",
        "/profiles/smart-v1/",
    ),
    "multipart": Hand(
        f"curl -u {CLIENT}:{SECRET} -F grant_type=client_credentials -F scope={MESSAGE} {TOKEN}\n"
        + refusal("oauth2:token:unsupported-grant-type", "unsupported_grant_type"),
        "token-request-multipart",
        "-d",
    ),
    "no scope at all": Hand(asked(scope="") + NO_SCOPE, "scope-parameter-missing", "Add scope"),
    "a scope with a slip": Hand(
        asked(scope=f"-d scope={MESSAGE}s") + NO_SCOPE, "scope-misspelt", f"mean {MESSAGE}"
    ),
    "a host with a slip": Hand(
        asked(url=TOKEN.replace("authorization", "authorisation")), "host-misspelt", "Did you"
    ),
    "a copied request line": Hand(
        f"curl '{INBOX} HTTP/1.1'\nHTTP/1.1 400 Bad Request\n", "url-with-request-line"
    ),
    "the line feed of echo": Hand(ECHO.format("") + WRONG_PAIR, "secret-with-line-end", "printf"),
    "no credential at the API": Hand(
        f"curl -i {INBOX}\nHTTP/1.1 401 Unauthorized\n\n", "token-missing", "Bearer TOKEN"
    ),
    "Basic at the API": Hand(
        f"curl -i -u {CLIENT}:{SECRET} {INBOX}\nHTTP/1.1 401 Unauthorized\n\n",
        "api-called-with-basic",
        "Bearer TOKEN",
    ),
    "a variable that was never filled": Hand(
        f"curl -i -H 'Authorization: Bearer undefined' {INBOX}\nHTTP/1.1 401 Unauthorized\n\n",
        "bearer-without-a-token",
    ),
    "a proxy that lets nobody through": Hand(
        "curl: (56) CONNECT tunnel failed, response 403", "proxy-refuses-the-host"
    ),
    "a key set": Hand(
        '{"keys": [{"kty": "EC", "kid": "2026-08-12T02:40:05.718.ec.es256"}]}', "key-set"
    ),
    "discovery": Hand(json.dumps({"issuer": CLOUD, "token_endpoint": TOKEN}), "discovery"),
    "the header of an encrypted token": Hand(
        '{"alg": "dir", "enc": "A128CBC-HS256"}', "jwe-header"
    ),
    "decoded claims": Hand(
        '{"iss": "https://authorization.sandboxcerner.com/", "exp": 1700000000}', "jwt-claims"
    ),
    "discovery where there is none": Hand(
        f"GET {CLOUD}/.well-known/smart-configuration\n\nHTTP/1.1 404 Not Found\n",
        "discovery-is-elsewhere",
        "/r4/",
    ),
    "one of several values": Hand(
        f"curl -H 'Authorization: Bearer x' '{INBOX}&limit=50'\nHTTP/1.1 400 Bad Request\n\n"
        '{"code":"InvalidParameter","message":"limit"}',
        "request-breaks-the-contract",
        "Correct each of these values",
    ),
    "a media type that is no form": Hand(
        f"POST {TOKEN}\nContent-Type: text/plain\n\nHTTP/1.1 415 Unsupported Media Type\n",
        "token-request-not-a-form",
        "as a form",
    ),
    "a pair on two lines": Hand(
        f"POST {TOKEN}\nAuthorization: Basic {PAIR[:76]}\n{PAIR[76:]}\n\ngrant_type=client_credentials\n\n"
        f"HTTP/1.1 401 Unauthorized\n\n{WRONG_HEADER}",
        "basic-header-wrapped",
        "-w0",
    ),
    "two tenants": Hand(
        f"TOKEN_URL={TOKEN}\nBASE={INBOX.replace(TENANT, CUSTOMER)}\n",
        "tenant-mismatch",
        "Use one tenant",
    ),
    "the credential in the URL": Hand(
        f"curl -X POST '{TOKEN}?client_id={CLIENT}&client_secret={SECRET}&scope={MESSAGE}'\n{WRONG_HEADER}",
        "credential-in-the-url",
        "make a new secret",
    ),
    "FHIR without its version": Hand(
        f"GET {FHIR.replace('/r4', '')}\nAuthorization: Bearer x\n\nHTTP/1.1 404 Not Found\n",
        "fhir-url-without-version",
        "/r4/",
    ),
    "FHIR's media type": Hand(
        f"GET {FHIR}\n\nHTTP/1.1 406 Not Acceptable\n", "not-acceptable", "fhir+json"
    ),
    "a message that is not there": Hand(
        f"curl -H 'Authorization: Bearer x' {INBOX.partition('inboxItems')[0]}1.1.5.prsnl\nHTTP/1.1 404 Not Found\n\n"
        '{"code":"NotFound","message":"x"}',
        "named-thing-unknown",
        "from a list",
    ),
    "a sibling's scope": Hand(
        asked()
        + granted()
        + f"\ncurl -H 'A: x' {INBOX.partition('message/')[0]}condition/20240101/conditions\n{LACKING}",
        "scope-not-in-the-grant",
        "registered",
    ),
    "a refusal without its reason": Hand(
        "https://app.example/cb?error=access_denied&state=abc", "access_denied", "give consent"
    ),
    "a dictionary without the token": Hand(
        "KeyError: 'access_token'", "answer-without-a-token", "curl -i"
    ),
    "introspection": Hand('{"active": false}', "introspection"),
}


@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_what_is_in_hand_gets_its_cause_and_its_cure(hand):
    answers = explain(hand.text)
    assert (answers[0].id, answers[0].known) == (hand.cause, True)
    assert hand.cure in str(answers[0].details)
    assert not [each for each in answers if not each.known]


@pytest.mark.unmeasured
@pytest.mark.parametrize("hand", HANDS.values(), ids=HANDS)
def test_no_secret_of_what_is_in_hand_is_in_an_answer(hand):
    said = json.dumps([each.as_dict() for each in explain(hand.text)])
    assert not [canary for canary in CANARIES if canary in said]


@pytest.mark.parametrize(
    "name", [name for name in HANDS if "FHIR" in name or "customer" in name or "resources" in name]
)
def test_a_caller_of_fhir_is_not_sent_to_messages(name):
    said = str(explain(HANDS[name].text))
    assert "cernermillennium" not in said
    assert MESSAGE not in said


@pytest.mark.parametrize(
    "key", ["scope-lacking", "call-forbidden", "fhir-scope-missing-at-a-tenant"]
)
def test_no_scope_is_said_to_be_granted_where_no_grant_was_seen(key):
    (entry,) = [each for each in entries() if each["id"] == key]
    assert entry["guess"]
    assert "although the scope was granted" not in entry["cause"]


def test_a_user_launch_by_its_page_says_what_client_credentials_has_none_of():
    uri = f"{CLOUD}/errors/urn:cerner:error:authorization-server:smart-v1:grant:launch:mismatched-identity/instances/7f"
    (answer,) = explain(uri)
    assert "client_credentials has none of it" in answer.means
    assert "private window" in str(answer.details)


def test_every_mistake_of_a_collection_is_named_not_the_first_alone():
    assert {"wrong-cloud", "credential-in-body"} <= {
        each.id for each in explain(json.dumps(COLLECTION))
    }


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (
            asked(f"-u {CLIENT}:{SECRET}") + WRONG_PAIR,
            "pair-not-accepted",
        ),  # nothing odd in its shape
        (asked(scope=f"-d scope={MESSAGE}") + NO_SCOPE, "no-scope-granted"),
        (
            asked("-d code=abc -d grant_type=authorization_code", "").replace(
                "-d grant_type=client_credentials", ""
            )
            + refusal("oauth2:token:invalid-redirect-uri", "invalid_request"),
            "oauth2:token:invalid-redirect-uri",
        ),
        (
            f"curl -H 'Authorization: Bearer x' '{INBOX}'\nHTTP/1.1 400 Bad\n\n"
            + '{"code":"X","message":"m"}',
            "patient-not-accepted",
        ),
        (f"POST {TOKEN}\n\nHTTP/1.1 500 X\n\n" + '{"error":"server_error"}', "server-failed"),
        (f"{asked('-i')}HTTP/1.1 302 Found\nLocation: https://login.example/\n\n", "redirected"),
        (
            f"{granted(scope='system/Patient.read')}\nGET {FHIR}\n\nHTTP/1.1 403 F\n\n{LACKING}",
            "scope-not-honoured",
        ),
        ('{"note": "error in the message"}', "unknown-input"),
        ("The integration has not worked since yesterday", "unknown-input"),
    ],
)
def test_a_near_miss_of_what_is_in_hand_is_something_else(text, kept):
    assert explain(text)[0].id == kept


def test_every_kind_of_the_phrases_and_terms_has_a_cause():
    kinds = {
        value
        for each in entries()
        for when in _sets(each["when"])
        for value in _values(when.get("kind"))
    }
    from golive.diagnosis.paste.phrases import knowledge

    said = {row.get("fields", {}).get("kind") for row in knowledge()["phrases"]} - {None}
    said |= {each["failure"] for each in terms() if "failure" in each}
    assert said <= {*fields()["kind"]["values"]}
    assert said - kinds <= {"reset", "route"}  # these have the sentence of their failure


def _sets(when):
    return when if isinstance(when, list) else [when]


def _values(wanted):
    return wanted if isinstance(wanted, list) else [wanted]


def test_what_a_browser_asked_of_others_is_passed_over():
    fonts = [
        {"request": {"method": "GET", "url": f"https://fonts.h.example/{i}", "headers": []},
         "response": {"status": 404, "headers": [], "content": {}}}
        for i in range(9)
    ]  # fmt: skip
    har = {"log": {"entries": [*fonts, *HAR["log"]["entries"], *fonts]}}
    assert [each.id for each in explain(json.dumps(har)) if each.kind == "cause"] == ["wrong-cloud"]


def test_a_caller_of_fhir_gets_the_urls_of_its_own_host_and_cloud():
    def said_of(host):
        text = asked(f"-d client_secret={SECRET}", "-d scope=system/Patient.read")
        text += f"curl https://{host}/r4/{TENANT}/Patient/1\n{WRONG_HEADER}"
        return str(explain(text.replace("hosts/api.cernermillennium.com/", ""))[0])

    assert "authorization.cerner.com/tenants/" in said_of("fhir-ehr.cerner.com")
    assert "/hosts/fhir-ehr.cerner.com/" in said_of("fhir-ehr.cerner.com")
    assert "/hosts/fhir-ehr-code.cerner.com/" in said_of(
        "fhir-open.cerner.com"
    )  # that has no tokens
    assert "authorization.sandboxcerner.com/tenants/" in said_of("fhir-ehr.sandboxcerner.com")


@pytest.mark.parametrize("status", [400, 404])
def test_the_open_sandbox_refuses_for_other_reasons_than_a_token(status):
    text = f"curl https://fhir-open.cerner.com/r4/{TENANT}/Patient\nHTTP/1.1 {status} X\n\n"
    assert explain(text)[0].id in ("fhir-search-not-served", "fhir-request-not-accepted")


@pytest.mark.parametrize(
    "export",
    [
        json.dumps({"auth": {"oauth2": [{"key": "clientSecret", "value": SECRET}]}}),
        f"env:\n  - name: CERNER_CLIENT_SECRET\n    value: {SECRET}\n",
        f"CERNER_CLIENT_SECRET={SECRET}",
    ],
)
def test_a_secret_is_known_by_the_name_beside_it(export):
    explain(export)
    assert SECRET not in redact(f"it was {SECRET}.")


@pytest.mark.parametrize(
    "url", ["https://℀⒈/token", "https://[half/token", "https://a.b:99999999/token"]
)
def test_a_url_that_is_none_breaks_nothing_wherever_it_stands(url):
    for text in (
        f"curl {url}\nHTTP/1.1 401 U\n",
        f"GET {url}\n\nHTTP/1.1 301 Moved\nLocation: {url}\n",
        f"https://h.example/cb?error=x&error_uri={url}",
        f"TOKEN_URL={url}\nCLIENT_SECRET=abcdefghi\n",
        json.dumps({"request": {"method": "GET", "url": url}, "response": {"status": 401}}),
    ):
        assert explain(text)
