"""A refused client whose pair works elsewhere, who sends an assertion, or whose request a log of its library shows."""

import base64
import json

import pytest

from golive.diagnosis.paste import explain

REALM = "https://sso.hospital.example/realms/ehr/protocol/openid-connect/token"
EPIC = "https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token"
OKTA = "https://dev-1.okta.com/oauth2/aus9/v1/token"
ORACLE = (
    "https://authorization.cerner.com/tenants/ec2458f2-1e24-41c8-b71b-0e701af7583d/hosts/"
    "api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
)
SPRING = (
    "org.springframework.security.oauth2.client.ClientAuthorizationException: [invalid_client] Invalid client\n"
    "client-authentication-method: client_secret_basic\nclient-id: inbox\nclient-secret: \"{secret}\"\n"
    f"provider.gateway.token-uri: {REALM}\n\n{{said}}\n"
)  # fmt: skip
WORKS = "Same id and secret with\ncurl -u works too."
ODD, PLAIN = "ab+cd/efgh9Xy", "abXcdYefgh9Xy"
BASIC = (
    f"POST {REALM} HTTP/1.1\nAuthorization: Basic aW5ib3g6czNjcjN0VmFsdWU5\n\ngrant_type=client_credentials\n\n"
    'HTTP/1.1 401 X\n\n{"error":"invalid_client"}\n\n'
)

REFUSED = {
    "Spring, and the pair works elsewhere": (SPRING.format(secret=ODD, said=WORKS), "pair-encoded-since-an-upgrade"),
    "a roll back": (SPRING.format(secret=ODD, said="Rolled back = works."), "pair-encoded-since-an-upgrade"),
    "a secret that stays as it is": (SPRING.format(secret=PLAIN, said=WORKS), "pair-taken-elsewhere"),
    "no word of another program": (SPRING.format(secret=ODD, said="Help"), "another-server-refuses-the-client"),
    "it fails elsewhere as well": (SPRING.format(secret=ODD, said=f"{WORKS[:22]} curl does not work"),
                                   "another-server-refuses-the-client"),
    "no library": (f"{BASIC}same credentials work in Postman", "pair-taken-elsewhere"),
    "no library, nothing said": (BASIC, "another-server-refuses-the-client"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), REFUSED.values(), ids=REFUSED)
def test_a_pair_that_works_elsewhere_is_not_the_matter(text, wanted):
    assert explain(text)[0].id == wanted


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def asserted(url, lives, body='{"error":"invalid_client","error_description":null}'):
    header = {"alg": "RS384", "typ": "JWT", "kid": "k1"}
    claims = {
        "iss": "c",
        "sub": "c",
        "aud": url,
        "jti": "6d1f5a52",
        "iat": 1_795_000_000,
        "exp": 1_795_000_000 + lives,
    }
    form = (
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type"
        f"%3Ajwt-bearer&client_assertion={part(header)}.{part(claims)}.c2lnbmF0dXJl"
    )
    return (
        f"POST {url} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n{form}\n\n"
        f"HTTP/1.1 400 X\nContent-Type: application/json\n\n{body}\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (asserted(EPIC, 3600), "assertion-lives-too-long"),
        (asserted(EPIC, 300), "another-server-refuses-the-assertion"),
        (asserted(OKTA, 3600), "another-server-refuses-the-assertion"),
        (asserted(EPIC, 3600, '{"error":"invalid_scope"}'), "another-server-wants-a-scope"),
    ],
)
def test_an_assertion_is_not_explained_by_a_secret(text, wanted):
    found = explain(text)[0]
    assert found.id == wanted
    assert "wrong secret" not in str(found)


SESSION = (
    "DEBUG:requests_oauthlib.oauth2_session:Encoding `client_id` with `client_secret` as Basic auth credentials.\n"
    f"DEBUG:requests_oauthlib.oauth2_session:Requesting url {ORACLE} using method POST.\n"
    "DEBUG:requests_oauthlib.oauth2_session:Supplying headers {{'Accept': 'application/json', 'Content-Type': "
    "'application/x-www-form-urlencoded'}} and data {{'grant_type': 'client_credentials'{more}}}\n"
    "DEBUG:urllib3.connectionpool:https://authorization.cerner.com:443 \"POST /tenants/x/token HTTP/1.1\" 400 None\n"
    "DEBUG:requests_oauthlib.oauth2_session:Request to fetch token completed with status 400.\n"
    "DEBUG:requests_oauthlib.oauth2_session:Response headers were {{'Content-Type': 'application/json'}} and content "
    '{{"error":"invalid_scope","error_uri":"https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3A'
    'authorization-server%3Aoauth2%3Atoken%3Aempty-scopes/instances/1aa5a1c6-1515-4e2b-a2e8-0e0e0e0e1515"}}.\n'
    'code: s = OAuth2Session(client=c, scope="oraclehealth:millennium:message")\n'
)  # fmt: skip


def test_a_log_of_the_session_holds_the_request_and_the_answer():
    found = explain(SESSION.format(more=""))[0]
    assert found.id == "scope-parameter-missing"
    assert "asked oraclehealth" not in str(found.details)
    assert "fetch_token" in str(found.details)


def test_a_scope_in_the_logged_request_was_asked_for():
    found = explain(SESSION.format(more=", 'scope': 'oraclehealth:millennium:message'"))[0]
    assert found.id == "no-scope-granted"
    assert "asked oraclehealth:millennium:message" in str(found.details)
