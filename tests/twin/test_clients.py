"""private_key_jwt: what an assertion must be."""

import base64
import json
import time
import uuid

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
NAMES = ["system-es384", "system-rs384"]


def signed(caller, name="system-es384", *, key=None, header=None, **claims):
    known = caller.twin.accounts[name]
    kind = ECKey if known.algorithm == "ES384" else RSAKey
    stated = {
        "iss": known.client_id,
        "sub": known.client_id,
        "aud": caller.token_url(name),
        "exp": int(time.time()) + 300,
        "jti": str(uuid.uuid4()),
        **claims,
    }
    return jwt.encode(
        {"alg": known.algorithm, "kid": known.key_id, **(header or {})},
        {member: value for member, value in stated.items() if value is not None},
        key or kind.import_key(known.private_key_pem),
        algorithms=["ES384", "RS384", "ES256"],
    )


def ask(caller, assertion, name="system-es384", **form):
    data = {
        "grant_type": "client_credentials",
        "scope": "oraclehealth:millennium:message",
        "client_assertion_type": TYPE,
        "client_assertion": assertion,
        **form,
    }
    data = {member: value for member, value in data.items() if value is not None}
    return caller.ask_token(name, data=data)


@pytest.mark.parametrize("name", NAMES)
def test_a_signed_assertion_gets_a_token_that_the_api_accepts(caller, name):
    answer = ask(caller, signed(caller, name), name)
    assert answer.status_code == 200, answer.text
    token = answer.json()["access_token"]
    listed = caller.get("patientMessages/inboxItems?patientId=12700100", token=token)
    assert listed.status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_private_key_is_pkcs8_text(caller, name):
    assert caller.twin.accounts[name].private_key_pem.startswith("-----BEGIN PRIVATE KEY-----")


def test_the_real_url_is_an_audience_too_and_may_be_one_of_several(caller):
    real = caller.token_url("system-es384").replace(f"{caller.twin.address}/", "https://")
    assert ask(caller, signed(caller, aud=real)).status_code == 200
    assert ask(caller, signed(caller, aud=["https://x.example", real])).status_code == 200


def refused(answer, tail):
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client"), answer.text
    assert tail.replace(":", "%3A") + "/instances" in answer.json()["error_uri"]
    assert "www-authenticate" in answer.headers


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": 1}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
        ({"exp": float("nan")}, "expired"),
        ({"exp": int(time.time()) + 7200}, "lifetime-too-long"),
        ({"aud": "https://authorization.cerner.com/"}, "invalid-audience"),
        ({"aud": None}, "invalid-audience"),
        ({"aud": [7]}, "invalid-audience"),
        ({"sub": "someone-else"}, "invalid-subject"),
        ({"jti": None}, "missing-jti"),
        ({"jti": ""}, "missing-jti"),
    ],
)
def test_an_assertion_with_a_wrong_claim_is_refused(caller, claims, reason):
    refused(ask(caller, signed(caller, **claims)), f"client-assertion:jwt-bearer:{reason}")


def test_an_assertion_works_once(caller):
    assertion = signed(caller)
    assert ask(caller, assertion).status_code == 200
    refused(ask(caller, assertion), "client-assertion:jwt-bearer:replayed")


def test_an_unregistered_key_is_refused(caller):
    tail = "client-assertion:jwt-bearer:invalid-signature"
    refused(ask(caller, signed(caller, key=ECKey.generate_key("P-384"))), tail)
    refused(ask(caller, signed(caller, header={"kid": "another"})), tail)
    weaker = ECKey.generate_key("P-256")
    refused(ask(caller, signed(caller, key=weaker, header={"alg": "ES256"})), tail)


def test_an_account_that_has_no_key_is_refused(caller):
    client = caller.twin.accounts["system"].client_id
    key = ECKey.generate_key("P-384")
    assertion = signed(caller, key=key, iss=client, sub=client)
    refused(ask(caller, assertion), "client-assertion:jwt-bearer:invalid-signature")


def test_an_unknown_issuer_is_refused(caller, unknown):
    assertion = signed(caller, iss=unknown, sub=unknown)
    refused(ask(caller, assertion), "oauth2:token:invalid-client-credentials")


def part(document):
    return base64.urlsafe_b64encode(json.dumps(document).encode()).decode().rstrip("=")


@pytest.mark.parametrize("assertion", ["", "abc", "a.b.c", f"{part([])}.{part({})}.x", "é.é.é"])
def test_what_is_no_token_is_refused(caller, assertion):
    refused(ask(caller, assertion), "client-assertion:jwt-bearer:malformed")


@pytest.mark.parametrize("wrong", ["urn:example:saml", None])
def test_another_assertion_type_is_refused(caller, wrong):
    answer = ask(caller, signed(caller), client_assertion_type=wrong)
    refused(answer, "client-assertion:unsupported-type")


def test_an_assertion_as_a_bearer_token_is_refused_as_a_bad_header(caller):
    headers = {"Authorization": f"Bearer {signed(caller)}"}
    answer = caller.ask_token("system-es384", headers=headers)
    refused(answer, "oauth2:token:invalid-authorization-header")
