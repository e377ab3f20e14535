"""The gateway's refusals, and the forum post's two commands."""

import base64
import json
import re

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

INBOX = "patientMessages/inboxItems?patientId=12700100"
URN = "urn:cerner:error:oauth2:resource-access:"
REALM = 'Bearer realm="api.cernermillennium.com"'


def refused(answer, status, tail, **pairs):
    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"message", "code"}
    assert answer.json()["code"] == status
    said = dict(re.findall(r'(\w+)="([^"]*)"', answer.json()["message"]))
    assert said == {"code": URN + tail, **pairs}
    joined = ", ".join(f'{name}="{value}"' for name, value in said.items())
    assert answer.json()["message"] == joined
    assert answer.headers["www-authenticate"].startswith(REALM)
    if "error" in pairs:
        assert f'error="{pairs["error"]}"' in answer.headers["www-authenticate"]
    assert re.fullmatch("/[0-9a-f]{32}/[0-9a-f]{32}", answer.headers["opc-request-id"])


def parts(token):
    return [
        json.loads(base64.urlsafe_b64decode(one + "=" * (-len(one) % 4)))
        for one in token.split(".")[:2]
    ]


def packed(*documents):
    return ".".join(
        base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in documents
    )


def test_the_forum_posts_two_commands_give_its_token_and_its_401(caller):
    tenant = "5a9dbc10-7e1f-4c3b-8f26-d0c4e9b71a55"
    known = caller.twin.accounts["sandbox-cloud"]
    first = caller.http.post(
        f"{caller.twin.address}/authorization.sandboxcerner.com/tenants/{tenant}"
        "/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token",
        auth=(known.client_id, known.client_secret),
        data={"grant_type": "client_credentials", "scope": "oraclehealth:millennium:message"},
    )
    assert first.status_code == 200
    token = first.json()["access_token"]
    second = caller.http.get(
        f"{caller.twin.address}/api.cernermillennium.com/{tenant}/message/20241001"
        "/patientMessages/inboxItems?patientId=12700100",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/ehr+json"},
    )
    kid = parts(token)[0]["kid"]
    assert second.status_code == 401
    assert second.json() == {
        "message": f'code="{URN}signature-verification-failed", error="invalid_token", '
        f'subcode="unknown_kid", kid="{kid}"',
        "code": 401,
    }


@pytest.mark.parametrize("sign", ["%0A", "%0D", "%00", "%0a%0d", "%e2%80%a8", "%7F", "%09"])
@pytest.mark.parametrize(
    "place", ["{}/message/x", "message{}/x", "message/20241001{}/x", "message/x{}"]
)
def test_no_encoded_control_character_leads_past_the_gateway(caller, sign, place):
    base = f"{caller.twin.address}/api.cernermillennium.com"
    path = place.format(sign)
    answer = caller.http.get(f"{base}/ec2458f2-1e24-41c8-b71b-0e701af7583d/{path}")
    refused(answer, 401, "token-required")
    headers = {"Authorization": f"Bearer {caller.token()}"}
    with_token = caller.http.get(
        f"{base}/ec2458f2-1e24-41c8-b71b-0e701af7583d/{path}", headers=headers
    )
    assert with_token.status_code == 404
    assert with_token.headers["content-type"] == "application/json"


@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "token"])
def test_without_a_bearer_token_one_is_required(caller, header):
    headers = {"Authorization": header} if header else {}
    answer = caller.get(INBOX, token=None, headers=headers)
    refused(answer, 401, "token-required")
    assert answer.headers["www-authenticate"] == REALM


def test_a_token_in_the_query_is_none(caller):
    answer = caller.get(f"{INBOX}&access_token={caller.token()}", token=None)
    refused(answer, 401, "token-required")


def test_a_token_in_both_places_is_refused(caller):
    answer = caller.get(f"{INBOX}&access_token={caller.token()}")
    refused(answer, 400, "multiple-tokens", error="invalid_request")


@pytest.mark.parametrize("token", ["garbage", "a.b.c", packed([], {}) + ".x", "a.b.c.d"])
def test_garbage_is_refused(caller, token):
    answer = caller.get(INBOX, token=token)
    subcode = "malformed_token"
    refused(answer, 401, "signature-verification-failed", error="invalid_token", subcode=subcode)


def test_a_tampered_payload_is_refused(caller):
    header, claims = parts(caller.token())
    claims["exp"] += 3600
    token = f"{packed(header, claims)}.{caller.token().split('.')[2]}"
    refused(
        caller.get(INBOX, token=token),
        401,
        "signature-verification-failed",
        error="invalid_token",
        subcode="invalid_signature",
        kid=header["kid"],
    )


def test_an_unsigned_token_is_refused(caller):
    _, claims = parts(caller.token())
    token = packed({"alg": "none", "typ": "JWT"}, claims) + "."
    refused(
        caller.get(INBOX, token=token),
        401,
        "signature-verification-failed",
        error="invalid_token",
        subcode="unsupported_algorithm",
    )


@pytest.mark.parametrize("kid", ["own-key", 'x", code="y', None])
def test_a_token_of_an_unknown_key_is_refused_and_only_a_plain_kid_is_repeated(caller, kid):
    header = {"alg": "ES256", **({"kid": kid} if kid else {})}
    key = ECKey.generate_key("P-256")
    token = jwt.encode(header, parts(caller.token())[1], key, algorithms=["ES256"])
    refused(
        caller.get(INBOX, token=token),
        401,
        "signature-verification-failed",
        error="invalid_token",
        subcode="unknown_kid",
        **({"kid": kid} if kid == "own-key" else {}),
    )


def test_an_expired_token_is_refused(caller):
    answer = caller.get(INBOX, token=caller.twin.tokens["expired-token"])
    refused(answer, 401, "token-expired", error="invalid_token")


def test_a_token_outlives_its_announced_lifetime_by_thirty_seconds(caller, calling):
    early, late = calling(clock_offset=0), calling(token_lifetime=1)
    assert early.get(INBOX).status_code == 200
    claims = parts(late.token())[1]
    assert claims["exp"] - claims["iat"] == 31


def test_another_tenants_token_is_refused(caller):
    answer = caller.get(INBOX, token=caller.token("customer"))
    refused(answer, 401, "tenant-mismatch", error="invalid_token")


def test_a_token_without_the_message_scope_is_refused(caller):
    answer = caller.get(INBOX, token=caller.token("without-message-scope"))
    refused(
        answer,
        403,
        "insufficient-scopes",
        error="insufficient_scope",
        subcode="no_scope_for_resource_path",
    )
    assert 'scope="oraclehealth:millennium:message"' in answer.headers["www-authenticate"]


def test_a_token_for_another_resource_host_is_refused(caller):
    token = caller.ask_token(hosts="fhir-ehr-code.cerner.com").json()["access_token"]
    refused(caller.get(INBOX, token=token), 401, "resource-host-mismatch", error="invalid_token")


def test_a_token_without_a_host_is_accepted(caller):
    token = caller.ask_token(hosts=None).json()["access_token"]
    assert caller.get(INBOX, token=token).status_code == 200


def test_the_scheme_may_be_written_in_any_case(caller):
    headers = {"Authorization": f"bearer {caller.token()}"}
    assert caller.get(INBOX, token=None, headers=headers).status_code == 200


def test_the_gateway_comes_before_the_service(caller):
    assert caller.get("nowhere", token=None).status_code == 401
    assert caller.api("DELETE", INBOX, token=None).status_code == 401


def test_the_customers_account_reads_the_customers_patient(caller):
    answer = caller.get(
        "patientMessages/inboxItems?patientId=41000100",
        token=caller.token("customer"),
        tenant=caller.twin.accounts["customer"].tenant,
    )
    assert len(answer.json()["items"]) == 25
