# ruff: noqa: E501
"""What a paste holds of a token, compared with where it is sent: both values stated, and nothing where one is missing."""

import pytest

from golive.diagnosis.paste import explain
from golive.exchanges.jwt import encoded_part

TOKEN_URL = "https://idp.hospital.example/oauth2/token"
REFUSED = '400 {"error":"invalid_client"}'
ISSUED = "https://sso.hosp.example/realms/hosp"
INVALID = "An error occurred while attempting to decode the Jwt: The iss claim is not valid\n"


def signed(**claims):
    return ".".join((*map(encoded_part, ({"alg": "RS384", "kid": "k1"}, claims)), "c2lnbmF0dXJl"))


def assertion(audience):
    return signed(iss="inbox", sub="inbox", aud=audience, exp=1795000240, iat=1795000000, jti="a")


def asked(audience, answer=REFUSED):
    form = f"grant_type=client_credentials&client_assertion={assertion(audience)}"
    return f"POST {TOKEN_URL}\nContent-Type: application/x-www-form-urlencoded\n\n{form}\n\nHTTP/1.1 {answer[:3]} Bad\nContent-Type: application/json\n\n{answer[4:]}\n"


def test_an_assertion_for_another_url_is_stated_with_both():
    first = explain(asked("https://idp.hospital.example"))[0]
    assert first.id == "assertion-for-another-url"
    assert first.guessed
    assert f"https://idp.hospital.example, and it is sent to {TOKEN_URL}" in first.means


@pytest.mark.parametrize("audience", [TOKEN_URL, f"{TOKEN_URL}/", "api://inbox", 7, None])
def test_an_audience_that_fits_or_is_no_url_is_not_the_cause(audience):
    assert explain(asked(audience))[0].id == "another-server-refuses-the-assertion"


def test_the_right_audience_inside_a_list_is_a_matter_of_form():
    text = asked([TOKEN_URL])
    assert explain(text)[0].id == "assertion-audience-in-a-list"
    assert explain(asked(["https://a.example", TOKEN_URL]))[0].id == "assertion-audience-in-a-list"


def called(audience, host="hds.fhir.azurehealthcareapis.com"):
    token = signed(aud=audience, iss="https://sts.example/", exp=1795003600)
    return f"GET https://{host}/Patient\nAuthorization: Bearer {token}\n\nHTTP/1.1 401 Unauthorized\n\n"


def test_a_token_for_another_service_is_stated_with_both():
    first = explain(called("https://management.azure.com"))[0]
    assert first.id == "token-of-another-audience"
    assert "https://management.azure.com" in first.means
    assert "hds.fhir.azurehealthcareapis.com" in first.means


@pytest.mark.parametrize(
    "audience",
    ["https://hds.fhir.azurehealthcareapis.com", "https://azurehealthcareapis.com", "api://x"],
)
def test_a_token_whose_audience_may_fit_is_not_compared(audience):
    assert explain(called(audience))[0].id == "another-server-refuses"


def test_the_token_of_oracle_has_no_audience_to_compare():
    host = "api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
    assert (
        explain(called("https://management.azure.com", host))[0].id != "token-of-another-audience"
    )


def test_an_issuer_that_is_set_otherwise_is_stated_with_both():
    text = f"{INVALID}issuer-uri: http://keycloak:8080/realms/hosp\ntoken iss: {ISSUED}\n"
    first = explain(text)[0]
    assert first.id == "issuer-set-differently"
    assert "http://keycloak:8080/realms/hosp" in first.means
    assert ISSUED in first.means


@pytest.mark.parametrize(
    "settings", [f"issuer-uri: {ISSUED}\ntoken iss: {ISSUED}\n", f"token iss: {ISSUED}\n", ""]
)
def test_an_issuer_that_is_the_same_or_not_shown_is_not_compared(settings):
    assert explain(f"{INVALID}{settings}")[0].id == "own-demands-on-claims"


CLAIMS = "{'iss': 'https://authorization.cerner.com/', 'exp': 1795161600, 'urn:com:cerner:authorization:claims': {'ver': '1.0', 'tnt': 'ec2458f2-1e24-41c8-b71b-0e701af7583d'}}"


@pytest.mark.parametrize(
    ("tenant", "cause"),
    [
        ("6f1a2f5e-33b1-4a6c-9d41-70b6f5f4c0aa", "tenant-mismatch"),
        ("ec2458f2-1e24-41c8-b71b-0e701af7583d", "token-refused"),
    ],
)
def test_the_tenant_of_printed_claims_is_compared_with_the_call(tenant, cause):
    call = f"https://api.cernermillennium.com/{tenant}/message/20241001/patientMessages/inboxItems?patientId=1"
    assert explain(f"jwt.decode(token)\n{CLAIMS}\nGET {call} -> 401\n")[0].id == cause


def test_the_token_of_another_call_lends_its_issuer_and_audience_to_no_call():
    others = signed(aud="https://management.azure.com", iss="https://sts.example/", exp=1795003600)
    own = signed(iss="https://authorization.cerner.com/", exp=1795003600)
    api = "https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001/patientMessages/inboxItems?patientId=1"
    call = "GET {}\nAuthorization: Bearer {}\n\nHTTP/1.1 401 Unauthorized\n\n"
    other = f"GET https://h.azure.example/a\nAuthorization: Bearer {others}\n\nHTTP/1.1 200 OK\n\n"
    assert explain(other + call.format(api, own))[0].id == "token-refused"
    assert explain(other + call.format(api, others))[0].id == "token-of-another-issuer"
