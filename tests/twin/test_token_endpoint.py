import base64
import json
import re
import uuid
from urllib.parse import quote

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

BOTH = "oraclehealth:millennium:message oraclehealth:millennium:recipient"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = "grant_type=client_credentials"


def refusal(answer, status, error, tail, client="unknown"):
    """Check a token error in full and return its body."""
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert set(answer.json()) == {"error", "error_uri"}
    host = str(answer.url).split("/")[3]
    urn = quote(f"urn:cerner:error:authorization-server:{tail}", safe="")
    instance = answer.headers["cerner-correlation-id"]
    assert answer.json()["error_uri"].startswith(
        f"https://{host}/errors/{urn}/instances/{instance}?client={client}&tenant="
    )
    uuid.UUID(instance)
    observed(answer)
    assert ("www-authenticate" in answer.headers) == (status == 401)
    if status == 401:
        assert answer.headers["www-authenticate"] == f'Basic realm="{host}"'


def observed(answer):
    """Check the header set that was seen on the wire."""
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["pragma"] == "no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["server"] == "cloud_authorization_server1"
    assert "expect-ct" in answer.headers
    assert answer.headers["content-type"] == "application/json"
    uuid.UUID(answer.headers["cerner-correlation-id"])


def test_a_system_account_gets_a_token(caller):
    answer = caller.ask_token()
    assert answer.status_code == 200
    observed(answer)
    body = answer.json()
    assert set(body) == {"access_token", "scope", "token_type", "expires_in"}
    assert body["token_type"] == "Bearer"
    assert body["expires_in"] == 570
    assert body["scope"] == "oraclehealth:millennium:message"


@pytest.mark.parametrize("account", ["system", "customer", "sandbox-cloud"])
def test_a_token_verifies_with_its_clouds_key_set_and_says_what_oracles_samples_say(
    caller, account
):
    known = caller.twin.accounts[account]
    keys = caller.http.get(f"{caller.twin.address}/{known.cloud_host}/jwk").json()
    token = jwt.decode(
        caller.ask_token(account).json()["access_token"],
        KeySet.import_key_set(keys),
        algorithms=["ES256"],
    )
    assert set(token.header) == {"alg", "typ", "kid"}
    assert token.header["typ"] == "JWT"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\.ec\.es256", token.header["kid"])
    claims = token.claims
    assert claims["iss"] == f"https://{known.cloud_host}/"
    assert claims["sub"] == claims["azp"] == known.client_id
    assert claims["exp"] - claims["iat"] == 600
    assert "aud" not in claims
    uuid.UUID(claims["jti"])
    assert claims["urn:com:cerner:authorization:claims"] == {
        "ver": "1.0",
        "tnt": known.tenant,
        "azs": "oraclehealth:millennium:message",
    }
    version = claims["urn:cerner:authorization:claims:version:1"]
    assert version["tenant"] == known.tenant
    assert version["client"]["id"] == known.client_id
    assert version["profiles"] == {"smart-v1": {"azs": "oraclehealth:millennium:message"}}


def test_each_token_has_an_id_of_its_own(caller):
    tokens = [caller.ask_token().json()["access_token"] for _ in range(2)]
    ids = {json.loads(base64.urlsafe_b64decode(t.split(".")[1] + "=="))["jti"] for t in tokens}
    assert len(ids) == 2


def test_the_caller_of_all_tests_uses_no_token_that_may_end_before_they_do(caller, monkeypatch):
    first = caller.token()
    assert caller.token() == first
    monkeypatch.setattr(caller, "keeps_for", 0)
    assert caller.token() != first
    assert caller.inbox()


def test_the_host_segment_is_optional(caller):
    assert caller.ask_token(hosts=None).status_code == 200


def test_the_lifetime_can_be_set(calling):
    caller = calling(token_lifetime=5)
    body = caller.ask_token().json()
    claims = json.loads(base64.urlsafe_b64decode(body["access_token"].split(".")[1] + "=="))
    assert body["expires_in"] == 5
    assert claims["exp"] - claims["iat"] == 35


def test_granted_scopes_are_those_asked_for_that_are_registered(caller):
    assert caller.ask_token(scope=BOTH).json()["scope"] == BOTH
    asked = "system/Patient.read oraclehealth:millennium:recipient"
    answer = caller.ask_token("without-message-scope", scope=f"{BOTH} {asked}")
    assert answer.json()["scope"] == "oraclehealth:millennium:recipient"


@pytest.mark.parametrize(
    "scope", ["", "system/Patient.read", BOTH.replace(" ", ","), "ORACLEHEALTH:millennium:message"]
)
def test_when_no_scope_is_left_the_token_is_refused(caller, scope):
    client = caller.twin.accounts["system"].client_id
    refusal(
        caller.ask_token(scope=scope), 400, "invalid_scope", "oauth2:token:empty-scopes", client
    )


def test_a_missing_scope_is_refused_like_an_empty_one(caller):
    answer = caller.ask_token(data={"grant_type": "client_credentials"})
    client = caller.twin.accounts["system"].client_id
    refusal(answer, 400, "invalid_scope", "oauth2:token:empty-scopes", client)


def basic(text):
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer abc"},
        {"Authorization": "Basic"},
        {"Authorization": "Basic %%%"},
        {"Authorization": "Basic /w=="},
        basic("no-colon"),
        basic(":only-a-secret"),
    ],
)
def test_a_missing_or_malformed_basic_header_is_refused(caller, headers):
    answer = caller.ask_token(headers=headers, auth=None)
    refusal(answer, 401, "invalid_client", "oauth2:token:invalid-authorization-header")


def test_a_secret_in_the_body_alone_is_refused_as_a_missing_header(caller):
    known = caller.twin.accounts["system"]
    form = {
        "grant_type": "client_credentials",
        "scope": BOTH,
        "client_id": known.client_id,
        "client_secret": known.client_secret,
    }
    answer = caller.ask_token(auth=None, data=form)
    refusal(answer, 401, "invalid_client", "oauth2:token:invalid-authorization-header")


@pytest.mark.parametrize("case", ["unknown client", "wrong secret", "other cloud", "key account"])
def test_a_wrong_credential_is_refused(caller, unknown, case):
    accounts = caller.twin.accounts
    pair = {
        "unknown client": (unknown, "secret-of-nobody"),
        "wrong secret": (accounts["system"].client_id, "not-the-secret"),
        "other cloud": (
            accounts["sandbox-cloud"].client_id,
            accounts["sandbox-cloud"].client_secret,
        ),
        "key account": (accounts["system-es384"].client_id, "secret-of-nobody"),
    }[case]
    answer = caller.ask_token(auth=pair)
    refusal(answer, 401, "invalid_client", "oauth2:token:invalid-client-credentials")


def test_a_form_encoded_credential_is_understood(caller):
    known = caller.twin.accounts["system"]
    encoded = known.client_id.replace("-", "%2D")
    headers = basic(f"{encoded}:{known.client_secret}")
    assert caller.ask_token(headers=headers, auth=None).status_code == 200


@pytest.mark.parametrize(
    ("body", "headers", "status", "error", "tail"),
    [
        ("scope=x", FORM, 400, "invalid_request", "missing-grant-type"),
        ("grant_type=&scope=x", FORM, 400, "invalid_request", "missing-grant-type"),
        ("grant_type=password", FORM, 400, "unsupported_grant_type", "unsupported-grant-type"),
        (f"{GRANT}&{GRANT}", FORM, 400, "invalid_request", "duplicate-parameter"),
        (f"{GRANT}&scope=a&scope=b", FORM, 400, "invalid_request", "duplicate-parameter"),
        (f"{GRANT}&scope=%FF", FORM, 400, "invalid_request", "malformed-body"),
        (b"\xff", FORM, 400, "invalid_request", "malformed-body"),
        ("{}", {"Content-Type": "application/json"}, 400, "invalid_request", "unsupported-media"),
        (GRANT, {}, 400, "invalid_request", "unsupported-media"),
        (f"{GRANT}&client_id=x", FORM, 400, "invalid_request", "client-id-mismatch"),
        (f"{GRANT}&client_secret=x", FORM, 400, "invalid_request", "multiple-client"),
        (f"{GRANT}&client_assertion=x", FORM, 400, "invalid_request", "multiple-client"),
    ],
)
def test_a_request_that_breaks_rfc_6749_is_refused(caller, body, headers, status, error, tail):
    answer = caller.ask_token(data=None, content=body, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error), answer.text
    assert tail in answer.json()["error_uri"]
    observed(answer)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_only_post_is_allowed(caller, method):
    answer = caller.http.request(method, caller.token_url())
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize("tenant", [str(uuid.UUID(int=7)), "not a uuid", "5a9dbc10-7e1f-4c3b-8f26"])
def test_an_unknown_or_malformed_tenant_is_refused(caller, tenant):
    known = caller.twin.accounts["system"]
    url = caller.token_url().replace(known.tenant, quote(tenant))
    answer = caller.ask_token(url=url)
    refusal(answer, 400, "invalid_grant", "oauth2:token:invalid-tenant", known.client_id)
    assert answer.json()["error_uri"].endswith(f"&tenant={quote(tenant)}")


def test_todays_sandbox_tenant_is_unknown_in_the_sandbox_cloud(caller):
    known = caller.twin.accounts["sandbox-cloud"]
    url = caller.token_url("sandbox-cloud").replace(
        known.tenant, caller.twin.accounts["system"].tenant
    )
    answer = caller.ask_token("sandbox-cloud", url=url)
    refusal(answer, 400, "invalid_grant", "oauth2:token:invalid-tenant", known.client_id)


def test_an_account_of_another_tenant_of_the_cloud_is_refused(caller):
    known = caller.twin.accounts["system"]
    url = caller.token_url("customer")
    tail = "oauth2:token:unauthorized-client-for-tenant"
    refusal(caller.ask_token(url=url), 400, "unauthorized_client", tail, known.client_id)


def test_the_smart_v2_path_does_not_exist(caller):
    url = caller.token_url().replace("smart-v1", "smart-v2")
    assert caller.ask_token(url=url).status_code == 404


def test_an_error_page_can_be_opened_and_is_safe_to_show(caller):
    uri = caller.ask_token(scope="x").json()["error_uri"]
    page = caller.http.get(uri.replace("https://", f"{caller.twin.address}/"))
    assert page.status_code == 200
    assert "empty-scopes" in page.text
    assert page.headers["content-type"].startswith("text/html")
    hostile = f"{caller.twin.address}/authorization.cerner.com/errors/%3Cscript%3E/instances/1"
    assert "<script>" not in caller.http.get(hostile).text
