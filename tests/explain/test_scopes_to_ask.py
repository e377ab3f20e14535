"""Scopes that were asked for, granted and left out: which is which, and what has to be asked for in the end."""

import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
TOKEN = (
    f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com"
    "/protocols/oauth2/profiles/smart-v1/token"
)
INBOX = f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems"
OURS = "oraclehealth:millennium"
MESSAGE, RECIPIENT = f"{OURS}:message", f"{OURS}:recipient"
EMPTY = json.dumps(
    {
        "error": "invalid_scope",
        "error_uri": "https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A"
        f"oauth2%3Atoken%3Aempty-scopes/instances/7f3c2b10?client=unknown&tenant={TENANT}",
    }
)
LACKING = (
    '{"code":403,"message":"code=\\"urn:cerner:error:oauth2:resource-access:insufficient-scopes\\", '
    'error=\\"insufficient_scope\\", subcode=\\"no_scope_for_resource_path\\""}'
)


def asked(scope):
    return f"curl -u a:b -d grant_type=client_credentials -d 'scope={scope}' {TOKEN}\n"


def granted(scope):
    body = {"access_token": "x", "scope": scope, "token_type": "Bearer", "expires_in": 570}
    return f"HTTP/1.1 200 OK\n\n{json.dumps(body)}\n"


def first(text):
    return explain(text)[0]


def detail(answer, label):
    return " ".join(text for name, text in answer.details if name == label)


@pytest.mark.parametrize(
    ("scope", "cause", "wanted"),
    [
        (f"{MESSAGE},{RECIPIENT}", "scopes-with-commas", f"{MESSAGE} {RECIPIENT}"),
        (f"{RECIPIENT},{OURS}:code-system", "scopes-with-commas", f"{RECIPIENT} {OURS}:code-system"),
        ("system/Patient.read,system/Observation.read", "scopes-with-commas",
         f"system/Patient.read system/Observation.read {MESSAGE}"),
        (f"{RECIPIENT} {OURS}:messages", "scope-misspelt", f"{RECIPIENT} {MESSAGE}"),
    ],
)  # fmt: skip
def test_what_is_to_be_asked_for_holds_all_that_was_asked_for(scope, cause, wanted):
    found = first(f"{asked(scope)}HTTP/1.1 400 Bad Request\n\n{EMPTY}\n")
    assert found.id == cause
    said = detail(found, "exactly").partition("scope=")[2].partition(" (")[0]
    assert {*said.split()} == {*wanted.split()}


def test_the_scope_of_the_api_is_added_to_those_of_another_one():
    call = f"curl -H 'Authorization: Bearer x' '{INBOX}?patientId=1'\n"
    refused = f"HTTP/1.1 403 Forbidden\n\n{LACKING}\n"
    found = first(asked("system/Patient.rs") + call + refused)
    assert found.id == "scope-not-asked"
    assert f"scope=system/Patient.rs {MESSAGE}" in detail(found, "exactly")


def test_a_grant_that_lacks_what_was_asked_for_is_no_plain_success():
    found = first(asked(f"{MESSAGE} {RECIPIENT}") + granted(RECIPIENT))
    assert f"Silently left out: {MESSAGE}" in found.means
    assert "403" in detail(found, "change")
    assert "not registered" in detail(found, "change")
    whole = first(asked(f"{MESSAGE} {RECIPIENT}") + granted(f"{MESSAGE} {RECIPIENT}"))
    assert not detail(whole, "change")


def test_what_is_misspelt_and_left_out_is_not_to_be_registered_but_to_be_spelt():
    found = first(asked(f"{MESSAGE} {OURS}:codesystem") + granted(MESSAGE))
    assert f"Did you mean {OURS}:code-system" in detail(found, "change")
    other = first(asked(f"{MESSAGE} {OURS}:personnel") + granted(MESSAGE))
    assert "Did you mean" not in detail(other, "change")


LOGGED = 'client.fetch_token(scope="{}")\n! HTTP 403 Forbidden.\n[1] "{}"\n'


def test_a_misspelt_scope_explains_a_refusal_of_a_call_that_is_not_shown():
    body = LACKING.replace("\\", "\\\\").replace('"', '\\"')
    found = first(LOGGED.format(f"{MESSAGE} {OURS}:codesystem", body))
    assert found.id == "scope-misspelt"
    assert f"{MESSAGE} {OURS}:code-system" in detail(found, "exactly")
    right = first(LOGGED.format(f"{MESSAGE} {OURS}:code-system", body))
    assert right.id == "scope-lacking"


@pytest.mark.parametrize(
    "response",
    [
        "{{\n  access_token: 'eyJ...',\n  scope: '{}',\n  token_type: 'Bearer',\n  expires_in: 570\n}}\n",
        "   'access_token' => 'eyJ...'\n   'expires_in' => 570\n   'scope' => '{}'\n   'token_type' => 'Bearer'\n",
    ],
)
def test_the_scope_of_a_token_response_is_not_one_that_was_asked_for(response):
    call = f"GET {INBOX}?patientId=1 -> 403\n{LACKING}\n"
    shown = f"POST {TOKEN} -> 200\n{response.format('system/Patient.read')}{call}"
    assert "asked" not in detail(first(shown), "evidence")


def test_a_setting_of_the_life_of_a_token_hides_no_scope_that_is_asked_for():
    settings = f"token_url: {TOKEN}\nscope: {RECIPIENT}\nexpires_in: 570\nclient_id: a\n"
    assert f"asked {RECIPIENT}" in detail(first(settings), "evidence")


@pytest.mark.parametrize(
    ("text", "is_made"),
    [
        (asked(MESSAGE) + granted(MESSAGE), True),
        (asked(f"{MESSAGE} {RECIPIENT}") + granted(RECIPIENT), False),
        (asked(MESSAGE), False),
        (f"{asked(MESSAGE)}HTTP/1.1 400 Bad Request\n\n{EMPTY}\n", False),
    ],
)
def test_the_remark_about_writes_is_made_where_a_token_can_write(text, is_made):
    assert ("scope-allows-writes" in [one.id for one in explain(text)]) is is_made
