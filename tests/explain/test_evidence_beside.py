"""Evidence that stands in a paste decides: what settles a guess is compared where it is there. With near misses."""

import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "9d3f0a52-6b1e-4f7c-8a44-5e2b7c1d0f33"
API = f"https://api.cernermillennium.com/{TENANT}"
TOKEN = (
    f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com"
    "/protocols/oauth2/profiles/smart-v1/token"
)
FHIR = f"https://fhir-ehr.cerner.com/r4/{TENANT}/Patient/77"
LACKING = json.dumps(
    {
        "code": 403,
        "message": 'code="urn:cerner:error:oauth2:resource-access:insufficient-scopes", '
        'error="insufficient_scope", subcode="no_scope_for_resource_path"',
    }
)


def refused(tail, tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = (
        f"https://authorization.cerner.com/errors/{urn}/instances/5f?client=unknown&tenant={tenant}"
    )
    return json.dumps({"error": "invalid_client", "error_uri": uri})


def first(text):
    return explain(text)[0]


def causes(text):
    return [each.id for each in explain(text) if each.kind == "cause"]


# -- a success beside a refusal ---------------------------------------------------------------------------------------

LIST = f"{API}/recipient/20241001/groupInboxes?id=4"
SENT = f"{API}/message/20241001/patientMessages/sentItems"
EMPTY = f'GET {LIST}\n\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{{"items":[]}}\n\n'
REFUSED = f"GET {SENT}?patientId=7\n\nHTTP/1.1 403 Forbidden\n\n{LACKING}\n\n"


def test_what_a_success_lacks_comes_after_the_cause_of_a_refusal():
    assert causes(EMPTY) == ["no-group-inbox-of-that-id"]
    alone = causes(REFUSED)
    assert causes(EMPTY + REFUSED) == [*alone, "no-group-inbox-of-that-id"]
    assert causes(REFUSED + EMPTY) == [*alone, "no-group-inbox-of-that-id"]


# -- the request against the contract ---------------------------------------------------------------------------------


def sent(kind):
    body = {
        "patientId": "7",
        "subject": "Visit",
        "content": "<html><head><title>v</title></head><body><p>v</p></body></html>",
        "messageSender": {"id": "7", "type": "PERSON"},
        "recipients": [{"id": "4", kind: "PERSONNEL"}],
    }
    return (
        f"POST {SENT}\nContent-Type: application/json\n\n"
        f'{json.dumps(body)}\n\nHTTP/1.1 400 Bad Request\n\n{{"code":"X","message":"no"}}\n\n'
    )


PASSING = "# this was fine: POST .../message/20241001/actions/validateRecipients\n"


@pytest.mark.parametrize("after", ["", PASSING])
def test_a_request_is_compared_with_the_contract_whatever_is_mentioned_after_it(after):
    found = first(sent("recipientType") + after)
    assert found.id == "request-breaks-the-contract"
    assert "recipients/0/type is missing (there is recipientType" in found.means
    assert first(sent("type") + after).id != "request-breaks-the-contract"


def changed(line):
    url = f"{API}/message/20241001/actions/updatePatientMessageStatus"
    return f"{line}\nrequests.exceptions.HTTPError: 400 Client Error: Bad Request for url: {url}\n"


def test_more_messages_than_one_change_of_status_takes_are_named():
    found = first(changed("marking 101 messages"))
    assert found.id == "request-breaks-the-contract"
    assert "101 messages are named" in found.means


@pytest.mark.parametrize("line", ["marking 100 messages", "found 250 messages", "took 250 ms"])
def test_a_number_that_is_allowed_or_of_another_thing_breaks_no_rule(line):
    assert first(changed(line)).id != "request-breaks-the-contract"


# -- kids, scopes, commands that are there ----------------------------------------------------------------------------


def asserted(kid, more="'alg': 'RS384', "):
    refusal = refused("client-assertion:jwt-bearer:invalid-signature")
    keys = '{"keys":[{"kty":"EC","alg":"ES384","kid":"k-new","crv":"P-384","x":"AA","y":"AA"}]}'
    return (
        f"signing with {{{more}'kid': '{kid}'}}\nDEBUG POST {TOKEN}\nDEBUG 400 {refusal}\n"
        f"$ curl -s https://keys.clinic.example/jwks.json\n{keys}\n"
    )


def test_the_kid_that_a_log_shows_is_compared_with_the_key_set_beside_it():
    found = first(asserted("k-old"))
    assert found.id == "assertion-key-not-in-the-key-set"
    assert "k-old" in found.means
    assert "k-new" in found.means
    assert not any("API host" in text for _, text in found.details)


@pytest.mark.parametrize(
    "near", [("k-new",), ("k-old", ""), ("k-old", "'alg': 'x', 'kty': 'EC', ")]
)
def test_a_kid_of_the_set_or_of_something_else_is_none_that_is_missing(near):
    assert first(asserted(*near)).id == "assertion-not-verified"


def called(line):
    return f"{line}\nGET {FHIR}\nAuthorization: Bearer x\n\nHTTP/1.1 403 Forbidden\n\n{LACKING}\n"


@pytest.mark.parametrize("scope", ["openid user/*.read", "openid+patient%2F*.rs"])
def test_a_wildcard_that_was_asked_for_was_dropped(scope):
    assert first(called(f"authorize scope={scope}")).id == "wildcard-scope-dropped"


@pytest.mark.parametrize(
    "line", ["authorize scope=user/Patient.read", "token ok: scope=user/*.read", "rm user/*.read"]
)
def test_a_named_scope_a_granted_one_and_another_word_are_no_dropped_wildcard(line):
    assert first(called(line)).id != "wildcard-scope-dropped"


def encoded(command, more="it works in Postman; we rotated the secret twice"):
    return (
        f'P=$({command})\ncurl -X POST -H "Authorization: Basic $P" -d grant_type=client_credentials '
        f"'{TOKEN}'\n{refused('oauth2:token:invalid-client-credentials')}\n{more}\n"
    )


def test_the_line_feed_of_echo_is_seen_in_the_command_before_the_request():
    assert first(encoded('echo "$ID:$SECRET" | base64')).id == "secret-with-line-end"


@pytest.mark.parametrize(
    "command",
    [
        'echo -n "$ID:$SECRET" | base64',
        'printf %s "$ID:$SECRET" | base64',
        'echo "$ID:$SECRET" | tr -d "\\n" | base64',
        'echo "$REPORT" | base64',
    ],
)
def test_a_pair_without_a_line_feed_leaves_the_other_causes(command):
    assert first(encoded(command)).id == "old-secret-still-in-use"


def blocked(line):
    return (
        f"Access to fetch at '{API}/message/20241001/patientMessages/inboxItems?patientId=7' from origin "
        "'https://app.example' has been blocked by CORS policy: Response to preflight request doesn't pass access "
        f"control check\nGET {API} net::ERR_FAILED 401 (Unauthorized)\n{line}\n"
    )


def test_a_token_that_works_with_curl_is_not_the_refusal_behind_cors():
    assert first(blocked("curl with the same token answers 200")).id == "blocked-by-cors"


@pytest.mark.parametrize(
    "line", ["", "curl with the same token: 401", "curl with another token is OK"]
)
def test_a_refusal_behind_cors_stays_one_where_nothing_else_worked(line):
    assert first(blocked(line)).id == "cors-hides-a-refusal"


# -- small ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tenant", "unset"), [("undefined", True), ("null", True), ("nullable", False)]
)
def test_a_tenant_that_is_a_programs_word_for_nothing_is_named(tenant, unset):
    url = TOKEN.replace(TENANT, tenant)
    said = refused("oauth2:token:invalid-tenant", tenant).replace("invalid_client", "invalid_grant")
    found = first(f"POST {url}\n\nHTTP/1.1 400 Bad Request\n\n{said}\n")
    assert found.id == ("tenant-not-set" if unset else "malformed-tenant")
    assert ("a variable that is not set" in found.means) is unset


def test_a_version_behind_the_tenant_is_to_be_moved():
    found = first(
        f"GET https://fhir-ehr.cerner.com/{TENANT}/r4/Patient/7\n\nHTTP/1.1 404 Not Found\n\n"
    )
    assert found.id == "fhir-url-without-version"
    assert "moves before it" in dict(found.details)["change"]
