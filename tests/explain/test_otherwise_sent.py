# ruff: noqa: E501
"""Requests that arrive otherwise than they were meant: by their place, a proxy, a redirect, another issuer or clock."""

import pytest

from golive.diagnosis.paste import explain
from golive.exchanges.jwt import encoded_part

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = "https://authorization.cerner.com"
TOKEN = f"{CLOUD}/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
API = f"https://api.cernermillennium.com/{TENANT}"
SCOPE = "oraclehealth:millennium:message"
CLIENT = "00792788-a091-456f-a909-87c9f35cbf69"


def first(text):
    return explain(text)[0]


def gateway(subcode, kid="k"):
    said = f'code=\\"urn:cerner:error:oauth2:resource-access:{subcode[0]}\\", error=\\"invalid_token\\"'
    more = f', subcode=\\"{subcode[1]}\\", kid=\\"{kid}\\"' if subcode[1] else ""
    return f'{{"code": 401, "message": "{said}{more}"}}'


GUZZLE = f"Client error: `POST {TOKEN}?grant_type=client_credentials&scope={SCOPE.replace(':', '%3A')}` resulted in a `400 Bad Request` response:\n"


@pytest.mark.parametrize(
    "text",
    [
        GUZZLE
        + '{"error":"unsupported_grant_type","error_uri":"https://authorization.cerner.com/errors/urn (truncated...)\n',
        f"$http->post('{TOKEN}', [\n 'query' => ['grant_type' => 'client_credentials', 'scope' => '{SCOPE}'],\n]);\n",
        f"requests.post('{TOKEN}', params={{'grant_type': 'client_credentials'}}, auth=a)\n401 invalid_request\n",
    ],
)
def test_a_form_in_the_query_is_named(text):
    answer = first(text)
    assert answer.id == "form-in-the-query", answer
    assert "message`" not in repr(answer)


def test_a_form_in_the_body_is_no_query():
    sent = f"$http->post('{TOKEN}', [\n 'form_params' => ['grant_type' => 'client_credentials', 'scope' => '{SCOPE}'],\n]);\n"
    assert first(sent).id != "form-in-the-query"


def test_a_scope_in_the_quotes_of_a_text_is_spelt_right():
    assert first(f'{GUZZLE}{{"error":"invalid_scope"}}\n').id != "scope-misspelt"
    assert (
        first(f"requesting scope: {SCOPE}s\n400 invalid_scope from {TOKEN}\nticked: {SCOPE}\n").id
        == "scope-misspelt"
    )


def test_the_answer_of_a_proxy_to_connect_is_none_of_the_host():
    tunnel = "> CONNECT authorization.cerner.com:443 HTTP/1.1\n> Host: authorization.cerner.com:443\n> \n< HTTP/1.1 {}\n< Server: squid/5.9\n< \n"
    command = f"$ curl -sv -u a:b -d grant_type=client_credentials -d scope={SCOPE} {TOKEN}\n"
    end = "* CONNECT tunnel failed, response 403\ncurl: (56) CONNECT tunnel failed, response 403\n"
    answers = explain(command + tunnel.format("403 Forbidden") + end)
    assert [one.id for one in answers if one.kind == "cause"] == ["proxy-refuses-the-host"]
    refused = '> POST /token HTTP/1.1\n> Host: authorization.cerner.com\n> \n< HTTP/1.1 400 Bad Request\n< Content-Type: application/json\n< \n{"error":"invalid_scope"}\n'
    through = command + tunnel.format("200 Connection established") + refused
    assert "proxy" not in first(through).id


def token(issuer):
    claims = {"iss": issuer, "aud": "api://x", "exp": 1776764100, "iat": 1776760200}
    return ".".join((*map(encoded_part, ({"alg": "RS256", "kid": "k"}, claims)), "c2lnbmF0dXJl"))


@pytest.mark.parametrize(
    ("issuer", "cause"),
    [
        (
            "https://sts.windows.net/3aa4a235-b6e2-48d5-9195-7fcf05b459b0/",
            "token-of-another-issuer",
        ),
        ("https://sso.hosp.example/realms/a", "token-of-another-issuer"),
        (f"{CLOUD}/", "unknown-key"),
        ("https://authorization.sandboxcerner.com/", "wrong-cloud"),
    ],
)
def test_a_token_of_another_issuer_is_named_with_it(issuer, cause):
    call = f'$ curl -i -H "Authorization: Bearer {token(issuer)}" "{API}/message/20241001/patientMessages/inboxItems?patientId=1"\n'
    said = gateway(("signature-verification-failed", "unknown_kid"))
    answer = first(f"{call}HTTP/2 401\ncontent-type: application/json\n\n{said}\n")
    assert answer.id == cause
    assert (issuer in answer.means) is (cause == "token-of-another-issuer")


def printed(start, end):
    return f"{{\n  iss: '{CLIENT}',\n  sub: '{CLIENT}',\n  aud: '{TOKEN}',\n  jti: 'b16a56fc',\n  iat: {start},\n  exp: {end}\n}}\n"


def test_claims_that_a_program_prints_are_compared():
    sent = f"POST {TOKEN}\nclient_assertion: assertion\n401 invalid_client\n"
    answer = first(sent + printed(1781006400412, 1781006400712))
    assert answer.id == "assertion-not-as-demanded"
    assert "milliseconds" in answer.means
    assert "assertion" in answer.means  # the word itself is no secret
    assert (
        first(sent + printed(1781006400, 1781006700)).id == "assertion-refused-for-an-unread-reason"
    )


def test_a_client_with_an_assertion_is_not_sent_to_basic():
    answer = first(
        f"await fetch('{TOKEN}', {{ method: 'POST', body: new URLSearchParams({{ client_assertion: a }}) }})\n401 invalid_client\n"
    )
    assert answer.id == "assertion-refused-for-an-unread-reason"
    assert "Basic" not in dict(answer.details)["change"]


@pytest.mark.parametrize(
    ("host", "cause"),
    [
        ("ehr-gw.corp.example", "token-lost-at-a-redirect"),
        ("api.cernermillennium.com", "redirected"),
    ],
)
def test_a_redirect_to_another_host_loses_the_token(host, cause):
    path = f"/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1"
    text = (
        f"GET {path} HTTP/1.1\nHost: {host}\nAuthorization: Bearer a.b.c\n\nHTTP/1.1 307 Temporary Redirect\n"
        f"Location: https://api.cernermillennium.com{path}\n\nGET {path} HTTP/1.1\nHost: api.cernermillennium.com\n\n"
        f"HTTP/1.1 401 Unauthorized\nContent-Type: application/json\n\n{gateway(('token-required', ''))}\n"
    )
    assert first(text).id == cause


PAIR = f"curl -u $'{CLIENT}{{0}}:keLvVY8VIbL_6ZpKljPkK8742Fdb40A7{{0}}' -d grant_type=client_credentials -d scope={SCOPE} {TOKEN}\n"
REFUSED = f'{{"error": "invalid_client", "error_uri": "{CLOUD}/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Ainvalid-client-credentials/instances/8e859b57?client=unknown&tenant={TENANT}"}}\n'


def test_a_carriage_return_in_the_credential_is_named():
    answer = first(PAIR.format("\\r") + REFUSED)
    assert answer.id == "credential-with-carriage-return"
    assert "GOLIVE" not in repr(answer)
    assert first(PAIR.format(" ") + REFUSED).id == "secret-with-whitespace"


def test_messages_that_a_log_leaves_out_are_counted_with_the_ones_that_it_shows():
    one = '{"id":"7.1","notificationVersion":2,"recipientNotificationVersion":2}'
    for left, breaks in ((99, True), (98, False)):
        sent = f'POST {API}/message/20241001/actions/updatePatientMessageStatus body={{"patientId":"1","status":"OPENED","messages":[{one},{one}, ... {left} more]}}\n'
        answer = first(
            f'{sent}400 Bad Request {{"code":"InvalidParameter","message":"Invalid request"}}\n'
        )
        assert (f"{left + 2} messages are named" in answer.means) is breaks


def test_id_and_code_set_exclude_each_other():
    call = f'GET {API}/codeSystem/20240101/codeValues?{{}} HTTP/1.1\nAuthorization: Bearer x\n\nHTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{{{{"code":"InvalidParameter","message":"Bad Request"}}}}\n'
    assert "id and codeSet exclude each other" in first(call.format("codeSet=72&id=27")).means
    assert "exclude" not in first(call.format("codeSet=72")).means


WORDS = {
    "Requesting the remote JWKS returned an error.\\nError: unable to verify the first certificate": "chain",
    "User name or password is invalid": "password of that user",
}


@pytest.mark.parametrize("said", WORDS)
def test_known_words_of_other_servers_have_a_cure_that_is_shown_whole(said):
    text = f'POST https://ehr.example-practice.org/oauth2/token\nHTTP/1.1 400 Bad Request\nContent-Type: application/json\n\n{{"error": "invalid_client", "error_description": "{said}"}}\n'
    answer = first(text)
    assert answer.id == "another-server-says-why"
    assert WORDS[said] in dict(answer.details)["change"]


def test_a_life_of_570_seconds_in_words_is_no_fault():
    text = f'we get 570, and jwt.io shows exp - iat = 600\nPOST {TOKEN}\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{"access_token":"a.b.c","scope":"{SCOPE}","token_type":"Bearer","expires_in":570}}\n'
    assert "lifetime-is-no-fault" in {one.id for one in explain(text)}
    assert "lifetime-is-no-fault" not in {one.id for one in explain(text.replace("600", "570"))}
