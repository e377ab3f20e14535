# ruff: noqa: E501
"""The contract's facts as people stumble over them, in the words of their libraries: each with its cause and a near miss."""

import base64
import json
import re

import pytest

from golive.diagnosis.causes import entries
from golive.diagnosis.paste import explain
from golive.diagnosis.spelling import credential_shape
from golive.redaction import REDACTOR, redact

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLIENT = "3f6d1c1e-5d0f-4a53-9a1b-70f1d1d1a001"
SECRET = "Qw9-canary-of-a-secret-0123456789a"
HOST = "https://authorization.cerner.com"
TOKEN = f"{HOST}/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
API = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
INBOX = f"{API}/patientMessages/inboxItems"
SENT = f"{API}/patientMessages/sentItems"
STATUS = f"{API}/actions/updatePatientMessageStatus"
GROUPS = f"https://api.cernermillennium.com/{TENANT}/recipient/20241001/groupInboxes"
SCOPE = "oraclehealth:millennium:message"
BEARER = "-H 'Authorization: Bearer ***'"
CANARIES = (SECRET, base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode(), "Winter-canary-prx")


def uri(tail):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    return f"{HOST}/errors/{urn}/instances/5b1de8a2?client=unknown&tenant={TENANT}"


def refusal(tail, error="invalid_client"):
    return json.dumps({"error": error, "error_uri": uri(tail)})


def gateway(status, tail, **pairs):
    said = {"code": f"urn:cerner:error:oauth2:resource-access:{tail}", **pairs}
    return json.dumps({"code": status, "message": ", ".join(f'{k}="{v}"' for k, v in said.items())})


def jwt(header, claims):
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join(
        [*(base64.urlsafe_b64encode(one).decode().rstrip("=") for one in parts), "c2ln"]
    )


def assertion(**claims):
    given = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": TOKEN,
        "jti": "a",
        "iat": 1795641000,
        "exp": 1795641240,
    }
    return jwt({"alg": "ES384", "kid": "k1"}, given | claims)


def asked(url, answer="HTTP/2 400\n\n", more=""):
    return f"curl -i '{url}' {BEARER} {more}\n{answer}"


def sent(answer="HTTP/1.1 400 Bad Request\n", headers="", **message):
    body = {
        "patientId": "1",
        "subject": "x",
        "messageSender": {"id": "1", "type": "PERSON"},
        "recipients": [{"id": "2", "type": "PERSONNEL"}],
        "content": "x",
    }
    top = f"POST {SENT} HTTP/1.1\nAuthorization: Bearer ***\n{headers}Content-Type: application/json\n\n"
    return f"{top}{json.dumps(body | message)}\n\n{answer}"


def listed(url, items):
    return asked(
        url, f"HTTP/2 200\ncontent-type: application/json\n\n{json.dumps({'items': items})}\n"
    )


WRONG_PAIR = refusal("oauth2:token:invalid-client-credentials")
NO_PAIR = refusal("oauth2:token:invalid-authorization-header")
UNKNOWN_KID = gateway(
    401,
    "signature-verification-failed",
    error="invalid_token",
    subcode="unknown_kid",
    kid="2026-11-26T02:40:07.331.ec.es256",
)
SEALED = (
    'PyJWKClientError: Unable to find a signing key that matches: "2026-11-24T02:41:02.115.{}"\n'
)
PROXY = "curl: (56) CONNECT tunnel failed, response 407\n< Proxy-Authenticate: {}\n"
COMPOSE = "services:\n  sync:\n    environment:\n      TOKEN_URL: {}\n      CLIENT_ID: {}\n      CLIENT_SECRET: {}\n"
POWERSHELL = "$b=[Convert]::ToBase64String([Text.Encoding]::{}.GetBytes({}))\nInvoke-RestMethod -Method Post -Uri '{}' -Body @{{grant_type='client_credentials'}}\n{}\n"
AXIOS = f"""AxiosError: Request failed with status code 400
  config: {{
    method: 'get',
    url: '{INBOX}',
    params: {{ patientId: '1', createDateTimeGreaterThanOrEqualTo: '%s' }}
  }},
  response: {{ status: 400, data: {{ code: 'InvalidParameter', message: 'x' }} }}
"""
TIMEOUT = "requests.exceptions.ReadTimeout: HTTPSConnectionPool(host='api.cernermillennium.com', port=443): Read timed out. (read timeout=30)\n"
LOG = f"GET {INBOX}?patientId=1 401 {UNKNOWN_KID}\n"
MISMATCH = f"API=https://api.cernermillennium.com/{CLIENT}/message/20241001\nTOKEN_URL={TOKEN}\n"

# What is wrong: a paste, its cause; a paste like it, and what that is instead.
FACTS = {
    "parameters beside the URL": (
        AXIOS % "2026-10-01T00:00:00.000Z", "request-breaks-the-contract",
        AXIOS % "2026-10-01T00:00:00Z", "request-not-accepted"),
    "a limit in a dict of Python": (
        f'requests.get("{INBOX}", params={{"patientId": "1", "limit": 50}})\n400 {{"code":"x","message":"y"}}\n',
        "request-breaks-the-contract",
        f'requests.get("{INBOX}", params={{"patientId": "1", "limit": 1000}})\n400 {{"code":"x","message":"y"}}\n',
        "request-not-accepted"),
    "a date that Go makes": (
        f'http.NewRequest("GET", "{INBOX}", nil)\nq.Add("createDateTimeGreaterThanOrEqualTo", t.Format(time.RFC3339Nano))\nstatus: 400 Bad Request\n',
        "request-breaks-the-contract",
        f'http.NewRequest("GET", "{INBOX}", nil)\nq.Add("createDateTimeGreaterThanOrEqualTo", t.Format(time.RFC3339))\nstatus: 400 Bad Request\n',
        "request-not-accepted"),
    "a parameter of another name": (
        asked(f"{INBOX}?patient=1"), "request-breaks-the-contract",
        asked(f"{INBOX}?patientId=1"), "patient-not-accepted"),
    "bounds the wrong way round": (
        asked(f"{INBOX}?patientId=1&createDateTimeGreaterThanOrEqualTo=2026-11-01T00:00:00Z&createDateTimeLessThanOrEqualTo=2026-10-01T00:00:00Z"),
        "request-breaks-the-contract",
        asked(f"{INBOX}?patientId=1&createDateTimeGreaterThanOrEqualTo=2026-10-01T00:00:00Z&createDateTimeLessThanOrEqualTo=2026-11-01T00:00:00Z"),
        "request-not-accepted"),
    "several ids": (
        asked(f"{API}/patientMessages/7.1.5.prsnl,8.1.5.prsnl"), "request-breaks-the-contract",
        asked(f"{API}/patientMessages/7.1.5.prsnl"), "request-not-accepted"),
    "an id of the request with slashes": (
        asked(f"{INBOX}?patientId=1", more="-H 'opc-request-id: /a/b'"), "request-breaks-the-contract",
        asked(f"{INBOX}?patientId=1", more="-H 'opc-request-id: a-b'"), "patient-not-accepted"),
    "a zone that is none": (
        sent(headers="oh-content-time-zone: CST\n"), "request-breaks-the-contract",
        sent(headers="oh-content-time-zone: America/Chicago\n"), "request-not-accepted"),
    "EMAIL beside others": (
        sent(recipients=[{"id": "2", "type": "PERSONNEL"}, {"id": "a@b.example", "type": "EMAIL"}]),
        "request-breaks-the-contract",
        sent(recipients=[{"id": "2", "type": "PERSONNEL"}, {"id": "3", "type": "GROUPINBOX"}]), "request-not-accepted"),
    "a fragment of HTML": (
        sent(content="<p>Hi</p>"), "request-breaks-the-contract",
        sent(content="<html xmlns='x'><body><p>Hi</p></body></html>"), "request-not-accepted"),
    "id and name of a group inbox": (
        asked(f"{GROUPS}?id=1&name=x"), "request-breaks-the-contract", asked(f"{GROUPS}?name=x"), "test-data-not-accepted"),
    "an empty list without a lower bound": (
        listed(f"{INBOX}?patientId=1", []), "list-empty-by-its-default-window",
        listed(f"{INBOX}?patientId=1&createDateTimeGreaterThanOrEqualTo=2020-01-01T00:00:00Z", []), "list-empty"),
    "a list of 1000": (
        listed(f"{INBOX}?patientId=1", [{"id": "1"}] * 1000), "list-is-full",
        listed(f"{INBOX}?patientId=1", [{"id": "1"}] * 999), "success"),
    "group inboxes that are not there": (
        listed(f"{GROUPS}?id=9", []), "no-group-inbox-of-that-id", listed(f"{GROUPS}?id=9", [{"id": "9"}]), "success"),
    "Oracle's pattern of dates": (
        "java.time.format.DateTimeParseException: Text '2026-11-02T14:05:33:207Z' could not be parsed at index 19",
        "date-with-a-colon-before-the-milliseconds",
        "java.time.format.DateTimeParseException: Text '2026-11-02T14:05:33.207Z' could not be parsed at index 19",
        "date-unread"),
    "a date without a zone": (
        "System.FormatException: String '2026-11-02T14:05:33' was not recognized as a valid DateTime.", "date-without-a-zone",
        "System.FormatException: String '2026-11-02T14:05:33Z' was not recognized as a valid DateTime.", "date-unread"),
    "a retry that wrote twice": (
        f"send message -> {SENT}\n{TIMEOUT}retry 1/3\n201\n", "write-sent-again",
        f"GET {INBOX}?patientId=1\n{TIMEOUT}retry 1/3\n", "no-answer-in-time"),
    "a write without an answer and without a retry": (
        f"send message -> {SENT}\n{TIMEOUT}", "write-of-unknown-outcome",
        f"read messages -> {SENT}?patientId=1\n{TIMEOUT}", "no-answer-in-time"),
    "a change of status that has no body": (
        f"requests.post('{STATUS}', json=b)\n200\njson.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)\n",
        "write-answered-without-a-body",
        f"requests.get('{INBOX}?patientId=1')\n200\njson.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)\n",
        "body-is-no-json"),
    "stale versions": (
        asked(STATUS, "HTTP/2 409\n\n", "-X POST"), "versions-are-stale", asked(STATUS, "HTTP/2 500\n\n", "-X POST"),
        "write-of-unknown-outcome"),
    "another method": (
        asked(STATUS, "HTTP/2 405\n\n", "-X PUT"), "method-of-another-operation",
        asked(STATUS, "HTTP/2 406\n\n", "-X PUT"), "not-acceptable"),
    "a path without namespace and version": (
        asked(f"https://api.cernermillennium.com/{TENANT}/patientMessages/inboxItems?patientId=1", "HTTP/2 404\n\n"),
        "api-path-incomplete", asked(f"{INBOX}?patientId=1", "HTTP/2 404\n\n"), "patient-unknown"),
    "an operation at another API": (
        asked(f"{API}/groupInboxes?name=x", "HTTP/2 404\n\n"), "api-path-incomplete",
        asked(f"{GROUPS}?name=x", "HTTP/2 404\n\n"), "test-data-unknown"),
    "a step of the path that is nearly right": (
        asked(f"{API}/patientMessages/inbox?patientId=1", "HTTP/2 404\n\n"), "api-path-incomplete",
        asked(f"{API}/patientMessages/7.1.5.prsnl", "HTTP/2 404\n\n"), "named-thing-unknown"),
    "code as a number": (
        "json: cannot unmarshal number into Go struct field APIError.code of type string", "own-model-of-errors",
        "json: cannot unmarshal number into Go struct field Message.id of type string", "own-model-of-another-type"),
    "a refresh token that never comes": (
        "    self.refresh = tok['refresh_token']\nKeyError: 'refresh_token'\n", "refresh-token-of-client-credentials",
        "    self.token = tok['access_token']\nKeyError: 'access_token'\n", "answer-without-a-token"),
    "scopes in another order": (
        'Warning: Scope has changed from "b a" to "a b".', "granted-scope-differs",
        'Warning: Scope is "a b".', "unknown-input"),
    "a scope for reading alone": (
        f"curl -u {CLIENT}:{SECRET} -d 'grant_type=client_credentials&scope={SCOPE}.read' {TOKEN}\n{refusal('oauth2:token:empty-scopes', 'invalid_scope')}",
        "scope-misspelt",
        f"curl -u {CLIENT}:{SECRET} -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n{refusal('oauth2:token:empty-scopes', 'invalid_scope')}",
        "no-scope-granted"),
    "an encrypted token in a validator": (
        SEALED.format("oct"), "encrypted-token-is-for-the-api", SEALED.format("ec.es256"), "own-key-set-is-behind"),
    "demands on claims": (
        "jwt.exceptions.InvalidIssuerError: Invalid issuer", "own-demands-on-claims",
        "jwt.exceptions.ExpiredSignatureError: Signature has expired", "own-token-expired"),
    "discovery at the issuer": (
        f'Unable to resolve Configuration with the provided Issuer of "{HOST}/tenants/{TENANT}"', "own-discovery-of-the-issuer",
        f"java.net.UnknownHostException: {HOST[8:]}", "name-does-not-resolve"),
    "an assertion in milliseconds": (
        f"client_assertion={assertion(iat=1795641000123, exp=1795641240123)}\n{{\"error\":\"invalid_client\"}}",
        "assertion-not-as-demanded",
        f"client_assertion={assertion()}\n{{\"error\":\"invalid_client\"}}", "assertion-refused-for-an-unread-reason"),
    "an assertion as a grant": (
        f"curl -d 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&assertion={assertion()}' {TOKEN}\n{refusal('oauth2:token:unsupported-grant-type', 'unsupported_grant_type')}",
        "assertion-as-a-grant",
        f"curl -u a:b -d 'grant_type=password' {TOKEN}\n{refusal('oauth2:token:unsupported-grant-type', 'unsupported_grant_type')}",
        "wrong-grant-type"),
    "an assertion without its type": (
        f"curl -d 'grant_type=client_credentials&scope={SCOPE}&client_assertion={assertion()}' {TOKEN}\n{NO_PAIR}",
        "assertion-without-its-type",
        f"curl -d 'grant_type=client_credentials&scope={SCOPE}&client_assertion={assertion()}&client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer' {TOKEN}\n{NO_PAIR}",
        "authorization-header-malformed"),
    "a page beside a fault of the client": (
        f"{TOKEN.replace('/token', '/authorize')}\nSyntaxError: Unexpected token < in JSON at position 0", "authorize-url-for-a-token",
        f"auth_scheme: :request_body\n{TOKEN}\nSyntaxError: Unexpected token < in JSON at position 0", "page-in-place-of-json"),
    "a question about a retry": (
        f"send message -> {SENT}\n{TIMEOUT}retrying\n", "write-sent-again",
        f"send message -> {SENT}\n{TIMEOUT}may I retry this?\n", "write-of-unknown-outcome"),
    "a key that was taken later": (
        f"{LOG}GET {INBOX}?patientId=1 200 items=4\n", "key-was-not-known-yet",
        f"{LOG}GET {INBOX}?patientId=1 401 (same body)\n", "unknown-key-of-unknown-cloud"),
    "a launch that was asked for": (
        "urn:cerner:error:authorization-server:smart-v1:grant:launch:code-required", "smart-v1:grant:launch:code-required",
        "urn:cerner:error:authorization-server:smart-v1:grant:launch:another-thing", "unknown-urn"),
    "OAuth 1.0a in a configuration": (
        "JsonParseException: Unrecognized token 'oauth_token'\ncerner.token.url=https://api.cernercare.com/oauth/access\n",
        "token-of-oauth-1",
        f"JsonParseException: Unrecognized token 'x'\ncerner.token.url={TOKEN}\n", "error-unexplained"),
    "a page of the authorize endpoint": (
        f"[invalid_token_response] no suitable converter\ntoken-uri: {HOST}/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/personas/provider/authorize\n",
        "authorize-url-for-a-token",
        f"[invalid_token_response] no suitable converter\ntoken-uri: {TOKEN}\n", "answer-without-a-token"),
    "JSON of PowerShell": (
        f"$body = @{{grant_type='client_credentials'}} | ConvertTo-Json\nInvoke-RestMethod -Uri '{TOKEN}' -Body $body\nThe remote server returned an error: (400) Bad Request.",
        "token-request-in-json",
        f"$body = @{{grant_type='client_credentials'; scope='{SCOPE}'}}\nInvoke-RestMethod -Uri '{TOKEN}' -Body $body\nThe remote server returned an error: (400) Bad Request.",
        "token-request-refused-for-an-unread-reason"),
    "JSON of axios": (
        f"await axios.post('{TOKEN}', {{ grant_type: 'client_credentials', scope: '{SCOPE}' }});\nAxiosError: Request failed with status code 400",
        "token-request-in-json",
        f"await axios.post('{TOKEN}', qs.stringify({{ grant_type: 'client_credentials', scope: '{SCOPE}' }}));\nAxiosError: Request failed with status code 400",
        "token-request-refused-for-an-unread-reason"),
    "JSON of .NET": (
        f'client.PostAsJsonAsync("{TOKEN}", new {{ grant_type = "client_credentials" }});\nResponse status code does not indicate success: 400 (Bad Request).',
        "token-request-in-json",
        f'client.PostAsync("{TOKEN}", form); // grant_type, scope = "{SCOPE}"\nResponse status code does not indicate success: 400 (Bad Request).',
        "token-request-refused-for-an-unread-reason"),
    "a dollar in a compose file": (
        COMPOSE.format(TOKEN, CLIENT, "Zk7$kD9pQ-canary") + WRONG_PAIR, "secret-cut-at-a-dollar",
        COMPOSE.format(TOKEN, CLIENT, "${CLIENT_SECRET}") + WRONG_PAIR, "pair-not-accepted"),
    "a dollar in double quotes": (
        f'curl -u "{CLIENT}:Ab$cDe" -d grant_type=client_credentials -d scope={SCOPE} {TOKEN}\n{WRONG_PAIR}',
        "secret-cut-at-a-dollar",
        f"curl -u '{CLIENT}:Ab$cDe' -d grant_type=client_credentials -d scope={SCOPE} {TOKEN}\n{WRONG_PAIR}",
        "pair-not-accepted"),
    "a variable that Compose misses": (
        f'WARN[0000] The "CERNER_CLIENT_SECRET" variable is not set. Defaulting to a blank string.\n{WRONG_PAIR}',
        "credential-is-blank",
        f'WARN[0000] The "LOG_LEVEL" variable is not set. Defaulting to a blank string.\n{WRONG_PAIR}',
        "pair-not-accepted"),
    "PowerShell's colon": (
        POWERSHELL.format("ASCII", '"$id:$secret"', TOKEN, NO_PAIR), "pair-lost-in-powershell",
        POWERSHELL.format("ASCII", '"${id}:${secret}"', TOKEN, NO_PAIR), "authorization-header-malformed"),
    "PowerShell's Unicode": (
        POWERSHELL.format("Unicode", "$pair", TOKEN, WRONG_PAIR), "pair-in-utf-16",
        POWERSHELL.format("UTF8", "$pair", TOKEN, WRONG_PAIR), "pair-not-accepted"),
    "a pair that is encoded twice": (
        f"curl -H 'Authorization: Basic {base64.b64encode(CANARIES[1].encode()).decode()}' -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n{NO_PAIR}",
        "pair-encoded-twice",
        f"curl -H 'Authorization: Basic {CANARIES[1]}' -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n{NO_PAIR}",
        "authorization-header-malformed"),
    "single quotes in cmd.exe": (
        f"C:\\>curl -X POST '{TOKEN}' -u '{CLIENT}:{SECRET}' -H 'Accept: application/json'\ncurl: (1) Protocol \"'https\" not supported\ncurl: (6) Could not resolve host: application\n",
        "shell-took-the-quotes",
        f"curl -u a:b -d scope={SCOPE} {TOKEN}\ncurl: (6) Could not resolve host: authorization.cerner.com\n", "name-does-not-resolve"),
    "curl of PowerShell": (
        "Invoke-WebRequest : A parameter cannot be found that matches parameter name 'X'.", "curl-of-powershell",
        "Invoke-WebRequest : A parameter cannot be found that matches parameter name 'Depht'.", "error-unexplained"),
    "a URL without quotes": (
        f"$ curl {BEARER} {INBOX}?patientId=1&limit=1000\n[1] 40212\nHTTP/2 200\n", "url-not-quoted",
        f"$ curl {BEARER} '{INBOX}?patientId=1&limit=1000'\n[1] 40212\nHTTP/2 200\n", "success"),
    "a template of newman": (
        "POST {{token_url}} [errored]\n  getaddrinfo ENOTFOUND {{token_url}}\n", "url-not-filled-in",
        f"POST {TOKEN} [errored]\n  getaddrinfo ENOTFOUND authorization.cerner.com\n", "name-does-not-resolve"),
    "a variable of Python": (
        "requests.exceptions.MissingSchema: Invalid URL 'None/inboxItems': No scheme supplied.", "url-not-filled-in",
        "requests.exceptions.MissingSchema: Invalid URL 'api.example/inboxItems': No scheme supplied.", "url-malformed"),
    "a proxy with Negotiate": (
        PROXY.format("Negotiate\n< Proxy-Authenticate: NTLM"), "proxy-wants-negotiate",
        PROXY.format("Negotiate\n< Proxy-Authenticate: Basic realm=x"), "proxy-wants-a-login"),
    "a token in quotes": (
        f"curl -i '{INBOX}?patientId=1' -H 'Authorization: Bearer \"abc.def\"'\nHTTP/2 401\n\n{gateway(401, 'x', error='invalid_token')}",
        "bearer-in-quotes",
        f"curl -i '{INBOX}?patientId=1' -H 'Authorization: Bearer abc.def'\nHTTP/2 401\n\n{gateway(401, 'x', error='invalid_token')}",
        "token-refused-for-a-named-reason"),
    "a host with a part of Oracle's": (
        "curl: (6) Could not resolve host: api.cernermillennium.sandbox.example", "host-misspelt",
        "curl: (6) Could not resolve host: api.hospital.example", "name-does-not-resolve"),
    "a tenant with a digit too few": (
        MISMATCH.replace(TENANT, TENANT[:-1]), "malformed-tenant", MISMATCH, "tenant-mismatch"),
    "words that are no tenant's": (
        "HTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\nTenant not valid or accessible\n", "tenant-not-accessible",
        "HTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\nAccess denied\n", "call-forbidden"),
    "a page that is a number": (
        asked(f"{INBOX}?patientId=1&page=2"), "request-breaks-the-contract",
        asked(f"{INBOX}?patientId=1&page=abc.def"), "request-not-accepted"),
    "the example of the book": (
        asked(f"https://api.cernermillennium.com/{TENANT}/condition/20240101/conditions?patient=123"), "request-breaks-the-contract",
        asked(f"https://api.cernermillennium.com/{TENANT}/condition/20240101/conditions?patientId=123"), "request-not-accepted"),
    "an id_token as Bearer": (
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("***", jwt({"alg": "ES256"}, {"iss": f"{HOST}/oidc", "sub": "u"})),
        "id-token-in-place-of-the-access-token",
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("***", jwt({"alg": "ES256"}, {"iss": f"{HOST}/", "sub": "u"})),
        "token-refused"),
    "Bearer without a space": (
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("Bearer ***", "BearereyJabc"), "bearer-without-a-space",
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("Bearer ***", "Bearer eyJabc"), "token-refused"),
    "Authorization misspelt": (
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("Authorization", "Authorisation"), "authorization-misspelt",
        asked(f"{INBOX}?patientId=1", "HTTP/2 401\n\n").replace("Authorization", "X-Trace"), "token-missing"),
    "revocation behind a proxy": (
        "curl: (35) schannel: next InitializeSecurityContext failed: CRYPT_E_NO_REVOCATION_CHECK (0x80092012)",
        "revocation-not-checked",
        "curl: (35) schannel: next InitializeSecurityContext failed: SEC_E_ILLEGAL_MESSAGE", "tls-handshake-failed"),
    "a scope that needs a patient": (
        refusal("oauth2:token:patient-scope-requires-one-patient-id", "invalid_scope"),
        "oauth2:token:patient-scope-requires-one-patient-id",
        json.dumps({"error": "unauthorized_client"}), "unregistered-scope"),
    "a transcript that works": (
        f"curl -u {CLIENT}:{SECRET} -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n"
        + json.dumps({"access_token": "abc", "scope": SCOPE}) + "\n" + listed(f"{INBOX}?patientId=1", [{"id": "1"}]), "success",
        f"curl -u {CLIENT}:{SECRET} -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n" + asked(f"{INBOX}?patientId=1", ""),
        "requests-without-an-answer"),
    "a bare request line with its scope beside it": (
        f"scope=oraclehealth:millennium:chiefComplaint\nPOST {TOKEN}\n400 {refusal('oauth2:token:empty-scopes', 'invalid_scope')}",
        "scope-misspelt",
        f"scope=oraclehealth:millennium:chief-complaint\nPOST {TOKEN}\n400 {refusal('oauth2:token:empty-scopes', 'invalid_scope')}",
        "no-scope-granted"),
    "a template that was sent": (
        f"curl -H 'Authorization: Basic {base64.b64encode(b'{{id}}:{{secret}}').decode()}' -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n{WRONG_PAIR}",
        "placeholder-in-place-of-the-credential",
        f"curl -u '{{{{id}}}}:{{{{secret}}}}' -d 'grant_type=client_credentials&scope={SCOPE}' {TOKEN}\n{WRONG_PAIR}",
        "pair-not-accepted"),
    "a status in a body of Python": (
        f"requests.post('{STATUS}', json={{'patientId': pid, 'status': 'READ', 'messages': [{{'id': i, 'notificationVersion': v, 'recipientNotificationVersion': w}}]}})\n<Response [400]>",
        "request-breaks-the-contract",
        f"requests.post('{STATUS}', json={{'patientId': pid, 'status': 'OPENED', 'messages': [{{'id': i, 'notificationVersion': v, 'recipientNotificationVersion': w}}]}})\n<Response [400]>",
        "request-not-accepted"),
    "a recipient in a body of JavaScript": (
        f"axios.post('{SENT}', {{ patientId: pid, messageSender: {{ id: pid, type: 'PERSON' }}, recipients: [{{ id: '2', type: 'PERSON' }}], content: text }})\nAxiosError: Request failed with status code 400",
        "request-breaks-the-contract",
        f"axios.post('{SENT}', {{ patientId: pid, messageSender: {{ id: pid, type: 'PERSON' }}, recipients: [{{ id: '2', type: kind }}], content: text }})\nAxiosError: Request failed with status code 400",
        "request-not-accepted"),
    "a path of Messages at a FHIR host": (
        asked(f"https://fhir-ehr-code.cerner.com/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1", "HTTP/2 404\n\n"),
        "host-of-another-api",
        asked(f"https://fhir-ehr-code.cerner.com/{TENANT}/Patient/1", "HTTP/2 404\n\n"), "fhir-url-without-version"),
    "times that are hours off": (
        '{"items":[{"createDateTime":{"dateTime":"2026-11-02T14:05:33Z","timeZone":"America/Chicago"}}]}\nall are six hours off',
        "date-taken-for-utc",
        '{"items":[{"createDateTime":{"dateTime":"2026-11-02T14:05:33Z","timeZone":"America/Chicago"}}]}\nall are blue',
        "unknown-input"),
    "an assertion with times in quotes": (
        f"client_assertion={assertion(iat='1795641000', exp='1795641240')}\n{{\"error\":\"invalid_client\"}}",
        "assertion-not-as-demanded",
        f"client_assertion={assertion(iat=1795641000, exp=1795641240)}\n{{\"error\":\"invalid_client\"}}", "assertion-refused-for-an-unread-reason"),
    "a key that was taken later, in lines of JSON": (
        f'{{"url":"{INBOX}?patientId=1","status":401,"body":{UNKNOWN_KID}}}\n{{"url":"{INBOX}?patientId=1","status":200}}\n',
        "key-was-not-known-yet",
        f'{{"url":"{INBOX}?patientId=1","status":401,"body":{UNKNOWN_KID}}}\n{{"url":"{INBOX}?patientId=1","status":401}}\n',
        "unknown-key-of-unknown-cloud"),
    "an issuer in Spring": (
        f"provider:\n  cerner:\n    issuer-uri: {HOST}/tenants/{TENANT}\n", "own-discovery-of-the-issuer",
        f"provider:\n  cerner:\n    token-uri: {TOKEN}\n", "requests-without-an-answer"),
    "a time-out of Spring": (
        f'Retry: count=1\nI/O error on POST request for "{SENT}": Read timed out', "write-sent-again",
        f'I/O error on GET request for "{INBOX}?patientId=1": Read timed out', "no-answer-in-time"),
    "a Bearer of the call beside the token request": (
        f"POST {TOKEN}\nAuthorization: Bearer abc.def\n\nHTTP/1.1 401 Unauthorized\n\n{NO_PAIR}", "credential-as-bearer",
        f"POST {TOKEN} -> 401 {NO_PAIR}\nwe call {INBOX}?patientId=1 with authorization=Bearer abc.def\n", "authorization-header-malformed"),
    "a token URL beside a command": (
        f"TOKEN_URL={TOKEN.replace('api.cernermillennium.com', 'fhir-ehr-code.cerner.com')}\n{asked(f'{INBOX}?patientId=1', 'HTTP/2 401')}\n\n{gateway(401, 'x', error='invalid_token')}",
        "token-for-another-host",
        f"TOKEN_URL={TOKEN}\n{asked(f'{INBOX}?patientId=1', 'HTTP/2 401')}\n\n{gateway(401, 'x', error='invalid_token')}",
        "token-refused-for-a-named-reason"),
}  # fmt: skip


def shown(text):
    answers = explain(text)
    return answers, redact(json.dumps([answer.as_dict() for answer in answers], ensure_ascii=False))


@pytest.mark.parametrize("fact", FACTS.values(), ids=FACTS)
def test_a_fact_that_somebody_stumbles_over_has_its_cause_and_a_near_miss_another_one(fact):
    paste, cause, near, other = fact
    for text, wanted in ((paste, cause), (near, other)):
        REDACTOR.clear()
        answers, words = shown(text)
        assert answers[0].id == wanted
        assert not [canary for canary in (*CANARIES, "kD9pQ") if canary in words]


CLAIMS = re.compile(
    r"(?:was|were) (?:accepted|in order)|did not help|nothing came|Nothing was asked of the token host yet; a"
)


def test_no_cause_says_what_was_accepted_or_in_order_without_having_seen_it():
    """What a cause sets apart from others holds for every paste that it is found for, so it can't claim what was judged."""
    said = [(entry["id"], entry["differs"]) for entry in entries()]
    assert [one for one in said if CLAIMS.search(one[1])] == []


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (AXIOS % "2026-10-01T00:00:00Z", "patientId is missing"),
        (f'fromHttpUrl("{INBOX}").queryParam("patientId", pid)\nHttpClientErrorException$BadRequest: 400 x', "patientId"),
        (f"client_assertion={assertion()}\n{{\"error\":\"invalid_client\"}}", "aud is"),
        (f"{INBOX}?patientId=1 returned 400\n{INBOX}?patientId=1&limit=1000", "names no patient"),
        (f"POST {TOKEN}\nAuthorization: Basic abc\n\nHTTP/1.1 401 Unauthorized\n\n{NO_PAIR}", "carried no credential"),
        ("curl: (6) Could not resolve host: application\ncurl: (1) Protocol \"'https\" not supported", "name application"),
        ("getaddrinfo ENOTFOUND {{token_url}}", "does not resolve"),
        (listed(f"{INBOX}?patientId=1", []), "reports an error"),
        (MISMATCH, "signature"),
        (f"2026-11-02T14:05:33:207Z INFO asking {INBOX}?patientId=1\n", "colon"),
        (f"API_URL={INBOX}\nrate:\n  limit: 10\n", "1000 and no other"),
        (f"requests.get('{GROUPS}', params={{'name': 'x'}})\nlog = {{'id': '7'}}\n<Response [400]>", "exclude"),
    ],
)  # fmt: skip
def test_what_a_paste_does_not_hold_is_not_claimed(text, absent):
    assert absent not in shown(text)[1]


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (asked(f"{INBOX}?patient=1"), 'Did you mean \\"patientId\\"?'),
        (f"{API.replace('/message/20241001', '')}/patientMessages/inboxItems?patientId=77", f"Call {INBOX}"),
        (f"client_assertion={assertion(iat=1795641000123, exp=1795641240123)}\n{{\"error\":\"invalid_client\"}}", "milliseconds"),
        (f"POST {TOKEN}\n\nheader {{\"alg\":\"RS256\",\"kid\":\"k\"}}\nclaims {json.dumps({'iss': 'c', 'sub': 'c', 'aud': 'x', 'jti': 'a', 'exp': 1795641240})}\nHTTP 401 {{\"error\":\"invalid_client\"}}", "alg is RS256"),
        (f"GET {INBOX}?patientId=1\nAuthorization: Bearer undefined\n\nHTTP/1.1 401 Unauthorized\n", "`undefined`"),
        (f"cfg := clientcredentials.Config{{TokenURL: \"{TOKEN}\", AuthStyle: oauth2.AuthStyleInParams}}\n{NO_PAIR}", "AuthStyleInHeader"),
        (f"CONNECT authorization.cerner.com:443\n{PROXY.format('NTLM')}", "--proxy-ntlm"),
    ],
)  # fmt: skip
def test_the_answer_holds_what_was_asked_for(text, holds):
    assert holds in shown(text)[1]


def test_a_document_explains_no_error_beside_it():
    keys = json.dumps({"keys": [{"kid": "k", "kty": "EC"}]})
    assert explain(keys)[0].known
    assert not any(answer.known for answer in explain(f"{keys}\nKeyError: 'expires_at'\n"))


def test_what_a_token_says_of_itself_explains_no_error_beside_it():
    token = jwt({"alg": "ES256", "kid": "k"}, {"iss": f"{HOST}/", "sub": CLIENT, "exp": 1795641240})
    alone, beside = explain(f"this one:\n{token}\n"), explain(f"KeyError: 'expires_at'\n{token}\n")
    assert [answer.known for answer in alone] == [True]
    assert not any(answer.known for answer in beside)


@pytest.mark.parametrize(
    "value",
    [
        "{{client_secret}}",
        "${SECRET}",
        "<secret>",
        "%SECRET%",
        "changeme",
        "your-client-secret",
        "undefined",
    ],
)
def test_a_placeholder_is_no_secret(value):
    assert credential_shape(CLIENT, value) == "placeholder"
    assert credential_shape(CLIENT, f"a{value}b3") != "placeholder"
