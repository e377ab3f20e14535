"""Which server answered, which operation was called, and whether a later request asked for the same thing."""

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
HOST = "authorization.cerner.com"
PATH = f"/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
TOKEN = f"https://{HOST}{PATH}"
API = f"https://api.cernermillennium.com/{TENANT}"
INBOX = f"/{TENANT}/message/20241001/patientMessages/inboxItems"
MESSAGE, RECIPIENT = "oraclehealth:millennium:message", "oraclehealth:millennium:recipient"


def causes(text):
    return [each.id for each in explain(text) if each.kind == "cause"]


def of_urn(tail, error):
    urn = f"urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3A{tail}"
    uri = f"https://{HOST}/errors/{urn}/instances/7f3c2b10-4a5d?client=unknown&tenant={TENANT}"
    return f'{{"error":"{error}","error_uri":"{uri}"}}'


def a_log(keeping):
    grant = (
        f'{{"access_token":"eyJ...","scope":"{MESSAGE}","token_type":"Bearer","expires_in":570}}'
    )
    return (
        f"[2026-11-25 14:00:02] DEBUG POST {TOKEN} -> 200 {grant}\n"
        f"[2026-11-25 14:00:02] DEBUG redis {keeping}\n"
        f"[2026-11-25 14:05:02] INFO GET {INBOX}?patientId=1 -> 200 (4 items)\n"
        f"[2026-11-25 14:10:02] ERROR GET {INBOX}?patientId=1 -> 401\n"
        '    www-authenticate: Bearer realm="api.cernermillennium.com", error="invalid_token"\n'
        f"[2026-11-25 15:00:03] INFO GET {INBOX}?patientId=1 -> 200 (4 items)\n"
    )


@pytest.mark.parametrize("keeping", ["SETEX oh:access_token 3600", 'SET "oh:token" eyJ... EX 3600'])
def test_a_token_that_is_cached_for_longer_than_it_lives_is_the_cause_of_the_401(keeping):
    assert causes(a_log(keeping)) == ["token-not-renewed"]


@pytest.mark.parametrize("keeping", ["SETEX oh:access_token 540", "SETEX oh:patients 3600"])
def test_a_cache_that_ends_before_the_token_or_holds_another_thing_is_not_its_cause(keeping):
    found = causes(a_log(keeping))
    assert "token-not-renewed" not in found
    assert "token-request-refused" not in found  # a Bearer challenge is that of an API


def test_a_refusal_of_the_token_host_itself_stays_one():
    refused = of_urn("invalid-client-credentials", "invalid_client")
    challenge = f'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Basic realm="x"\n\n{refused}'
    assert causes(f"POST {TOKEN} HTTP/1.1\n\n{challenge}") == ["pair-not-accepted"]


def in_python(namespace, end):
    return (
        f'>>> base = "{API}/{namespace}/20241001"\n'
        '>>> r = s.get(base + "/patientMessages/inboxItems", params={"patientId": "1"}); r.status_code\n200\n'
        f'>>> r = s.get(base + "/{end}", params={{"name": "*"}}); r.status_code, r.text\n'
        '(404, \'{"code":404,"message":"Not Found"}\')\n'
        f">>> r.url\n'{API}/{namespace}/20241001/{end}?name=%2A'\n"
    )


def test_an_operation_under_the_namespace_of_another_api_is_recognised():
    (found,) = explain(in_python("message", "groupInboxes"))
    assert found.id == "api-path-incomplete"
    assert "in the namespace /recipient, and /message stands" in found.means
    assert f"{API}/recipient/20241001/groupInboxes" in dict(found.details)["change"]


def test_an_operation_under_its_own_namespace_has_no_wrong_path():
    assert "api-path-incomplete" not in causes(in_python("recipient", "groupInboxes"))


def wired(location, scheme_shown=""):
    return (
        f">>>>>>>>\nPOST {scheme_shown}{PATH} HTTP/1.1\nHost: {HOST}\nAuthorization: Basic YTpi\n"
        "Content-Type: application/x-www-form-urlencoded\n\n"
        f"grant_type=client_credentials&scope={MESSAGE}\n<<<<<<<<\n"
        f"HTTP/1.1 301 Moved Permanently\nLocation: {location}\nContent-Length: 0\n--------\n"
        f">>>>>>>>\nGET {PATH} HTTP/1.1\nHost: {HOST}\nUser-Agent: a\n\n<<<<<<<<\n"
        "HTTP/1.1 405 Method Not Allowed\nAllow: POST\nContent-Length: 0\n"
    )


def test_a_redirect_from_a_url_to_itself_is_one_from_http_to_https():
    (found,) = explain(wired(TOKEN))
    assert found.id == "redirected-to-https"
    assert "<<<<" not in str(found.details)


@pytest.mark.parametrize(
    "paste", [wired("https://portal.hospital.example/login"), wired(TOKEN, f"https://{HOST}")]
)
def test_a_redirect_to_another_place_or_from_https_is_not(paste):
    assert "redirected-to-https" not in causes(paste)


def commas(*granted):
    asked = f"{MESSAGE},{RECIPIENT}"
    grants = (
        f'{{"access_token":"eyJ...","scope":"{one}","token_type":"Bearer","expires_in":570}}\n'
        for one in granted
    )
    refused = of_urn("empty-scopes", "invalid_scope")
    return (
        f"curl -u a:bbbbbbbbbb -d grant_type=client_credentials -d scope={asked} {TOKEN}\n{refused}\n\n"
        + "# another try\n".join(grants)
    )


def test_a_grant_of_a_part_of_what_was_refused_settles_nothing():
    assert [one.id for one in explain(commas(MESSAGE, RECIPIENT)) if one.kind != "remark"] == [
        "scopes-with-commas"
    ]


def test_a_grant_of_the_same_scopes_settles_it():
    assert explain(commas(f"{MESSAGE} {RECIPIENT}"))[0].id == "settled"


def assertion(kind):
    refused = of_urn("invalid-authorization-header", "invalid_client")
    sent = f"client_assertion_type={kind}&" if kind else ""
    form = f"grant_type=client_credentials&scope={MESSAGE}&{sent}client_assertion=eyJh.eyJp.c2ln"
    return f"curl -d '{form}' {TOKEN}\n{refused}\n"


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion-of-another-type"),
        ("", "assertion-without-its-type"),
    ],
)
def test_a_type_with_another_value_is_not_an_absent_one(kind, cause):
    assert causes(assertion(kind)) == [cause]
