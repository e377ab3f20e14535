"""What stands in a paste and is no fault, and what says exactly what is one; each with a near miss."""

import json

import pytest

from golive.contract.document import Contract
from golive.diagnosis.paste import explain
from golive.kit.files import resources

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLOUD = "https://authorization.cerner.com"
PROFILE = f"{CLOUD}/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1"
TOKEN = f"{PROFILE}/token"
AUTHORIZE = (
    f"{PROFILE}/personas/provider/authorize?response_type=code&client_id=a&scope=launch&state=x"
)
MESSAGES = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
STATUS = f"{MESSAGES}/actions/updatePatientMessageStatus"
SENT = f"{MESSAGES}/patientMessages/sentItems"


def first(text):
    return explain(text)[0]


def causes(text):
    return [each.id for each in explain(text) if each.kind == "cause"]


def detail(answer, label):
    return " ".join(text for name, text in answer.details if name == label)


# -- a body beside the contract ---------------------------------------------------------------------------------------


def changed(**members):
    body = {"patientId": "1", "status": "OPENED", "messages": [{"id": "7.1.5.prsnl", **members}]}
    return f"POST {STATUS}\nContent-Type: application/json\n\n{json.dumps(body)}\n\nHTTP/1.1 400 Bad Request\n\n"


def test_a_member_that_the_operation_knows_is_not_named_as_meant_for_another():
    said = first(changed(notificationVersion=3)).means
    assert "messages/0/recipientNotificationVersion is missing" in said
    assert "does not know" not in said


def test_a_member_that_the_operation_does_not_know_is_named_beside_the_missing_one():
    said = first(changed(notificationVersion=3, recipientNotificationVersoin=1)).means
    assert "there is recipientNotificationVersoin, which this operation does not know" in said


def test_the_members_of_a_place_are_those_of_every_body_that_an_operation_takes():
    contract = Contract(resources() / "schemas")
    bodies = [one.body for one in contract.operations.values() if one.body]
    for body in bodies:
        known = contract.members_beside(body, "/anything")
        assert {*contract.schema(body).get("required", ())} <= known
    assert any(contract.members_beside(body, "/messages/0/x") >= {"id"} for body in bodies)
    assert contract.members_beside(bodies[0], "/of/no/such/place") == set()


# -- probes beside the request that failed ----------------------------------------------------------------------------

PROBES = [
    f"$ curl -sI {CLOUD} | head -1\nHTTP/2 404\n",
    f"$ curl -i {CLOUD}/\nHTTP/2 404\ncontent-length: 0\n\n",
    "$ curl -sI https://www.example.org/\nHTTP/2 200\ncontent-type: text/html\n\n",
]
FAILURES = {
    "certificate-not-trusted": "PKIX path building failed: unable to find valid certification path to requested target",
    "host-unknown": "java.net.UnknownHostException: authorization.cerner.com",
    "connection-refused": "java.net.ConnectException: Connection refused",
}


@pytest.mark.parametrize("probe", PROBES)
@pytest.mark.parametrize("words", FAILURES.values(), ids=FAILURES)
def test_a_failure_on_the_way_comes_before_the_answer_to_a_probe(words, probe):
    failed = f'I/O error on POST request for "{TOKEN}": {words}\n'
    assert causes(f"{failed}\n{probe}") == causes(failed) != []


def test_a_status_of_the_root_alone_is_no_answer_of_the_token_endpoint():
    assert first(PROBES[0]).id == "host-answers-at-its-root"
    assert (
        first(f"$ curl -i -X POST {CLOUD}/tenants/{TENANT}/token\nHTTP/2 404\n").id
        != first(PROBES[0]).id
    )
    assert "token-path-unknown" in causes(f"POST {TOKEN}\n\nHTTP/1.1 404 Not Found\n\n")


def test_a_probe_does_not_stand_beside_the_answer_to_a_request():
    refused = f"POST {TOKEN}\n\nHTTP/1.1 405 Method Not Allowed\n\n"
    assert causes(f"{PROBES[1]}{refused}") == causes(refused)


# -- redirects of the authorize endpoint ------------------------------------------------------------------------------


def redirected(url, to, method="GET"):
    return f"{method} {url}\n\nHTTP/1.1 302 Found\nLocation: {to}\n\n"


@pytest.mark.parametrize(
    ("to", "word"),
    [
        ("https://app.example.com/cb?code=5d7b1c9e&state=x", "code"),
        ("https://login.example.com/session?next=1", "sign"),
    ],
)
def test_a_redirect_of_the_authorize_endpoint_is_the_step_itself(to, word):
    found = explain(redirected(AUTHORIZE, to))
    assert [one.id for one in found if one.kind in ("cause", "document")] == [
        "authorization-went-on"
    ]
    assert word in found[0].means


def test_other_redirects_stay_what_they_are():
    assert "redirected" in causes(redirected(TOKEN, "https://login.example.com/", "POST"))
    refused = "https://app.example.com/cb?error=invalid_scope&state=x"
    assert "authorization-went-on" not in [
        one.id for one in explain(redirected(AUTHORIZE, refused))
    ]


def test_after_a_healthy_redirect_the_refusal_of_the_call_comes_first():
    step = redirected(AUTHORIZE, "https://app.example.com/cb?code=5d7b1c9e&state=x")
    refused = f"POST {TOKEN}\n\nHTTP/1.1 405 Method Not Allowed\n\n"
    assert causes(step + refused) == causes(refused) == ["token-request-not-posted"]


# -- what the text says exactly ---------------------------------------------------------------------------------------


def log(refused_at, host="https://api.cernermillennium.com"):
    call = f"/{TENANT}/message/20241001/patientMessages/inboxItems"
    return (
        f"2026-07-03 02:00:01 POST {TOKEN} -> 200 expires_in=570\n"
        f"2026-07-03 02:00:02 GET {call} -> 200\n"
        f'2026-07-03 {refused_at} GET {host}{call} -> 401, WWW-Authenticate: Bearer error="invalid_token"\n'
    )


def test_an_age_beyond_its_life_is_said_first_with_the_numbers():
    said = first(log("02:10:02")).means
    assert said.startswith("The token has expired: the first 401 came 601 s after")
    assert "570 s" in said
    assert "expired" not in first(log("02:03:02")).means


SCOPES = "system/Patient.read system/Patient.write"


@pytest.mark.parametrize("quote", ['"', '\\"', "'"])
def test_the_scope_by_which_two_lists_differ_is_named(quote):
    def warned(granted):
        return f"Warning: Scope has changed from {quote}{SCOPES}{quote} to {quote}{granted}{quote}."

    assert "system/Patient.write was left out" in first(warned("system/Patient.read")).means
    another_order = " ".join(reversed(SCOPES.split()))
    assert first(warned(another_order)).id == "granted-scope-differs"
    assert first("Warning: Scope has changed from one to another").id == "granted-scope-differs"


INVALID = 'TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["Authorization"]\n'


@pytest.mark.parametrize(
    ("shown", "word"),
    [
        ("0000140   W   U   =   \\r  \\n\n0000145", "`\\r`"),
        (">>> os.environ['BASIC']\n'c2VjcmV0LWNhbmFyeQ==\\r\\n'", "`\\r`"),
        ("BASIC=c2VjcmV0LWNhbmFyeQ==^M$", "`\\r`"),
        (">>> os.environ['BASIC']\n'c2VjcmV0LWNhbmFyeQ==\\n'", "`\\n`"),
    ],
)
def test_a_control_character_that_the_paste_shows_is_named_and_stripped_first(shown, word):
    found = first(INVALID + shown)
    assert word in found.means
    assert detail(found, "change").startswith("Strip the value")


def test_without_one_that_is_shown_the_general_answer_stays():
    wire = (
        "send: b'POST /token HTTP/1.1\\r\\nHost: h.example\\r\\n\\r\\n'\n0000140   W   U   =  \\n"
    )
    assert detail(first(INVALID + wire), "change").startswith("Strip the value")


def test_a_405_of_the_introspection_endpoint_is_read_in_the_form_of_a_library():
    asked = (
        'irb> Net::HTTP.get_response(URI("https://authorization.cerner.com/tokeninfo?token=ABC"))\n'
    )
    refused = "=> #<Net::HTTPMethodNotAllowed 405 Method Not Allowed readbody=true>"
    found = first(asked + refused)
    assert found.id == "introspection-not-posted"
    assert "Send a POST" in detail(found, "change")
    at_token = first(f'irb> Net::HTTP.get_response(URI("{TOKEN}"))\n{refused}')
    assert at_token.id == "token-request-not-posted"


# -- order, ids and remarks -------------------------------------------------------------------------------------------

FRAGMENT = {
    "patientId": "1",
    "subject": "s",
    "messageSender": {"id": "1", "type": "PERSON"},
    "recipients": [{"id": "4", "type": "GROUPINBOX"}],
    "content": "<div>a</div>",
}
LOG_OF_A_REFUSAL = (
    'validateRecipients -> 200 {"items":[{"id":"4","isValid":true}]}\n'
    f"POST {SENT}\npayload {json.dumps(FRAGMENT)}\n"
    "sentItems status=400 opc-request-id=/5C1E2A77B90D4E3F/9F8E7D6C5B4A3928 "
    'body={"code":"BadRequest","message":"Unable to convert HTML to RTF"}\n'
)


def test_what_the_server_says_comes_before_a_guess_and_has_the_id_that_the_log_holds():
    found = explain(LOG_OF_A_REFUSAL)
    assert found[0].id == "content-refused"
    assert "opc-request-id /5C1E2A77B90D4E3F/9F8E7D6C5B4A3928" in detail(found[0], "support")
    two = LOG_OF_A_REFUSAL + "opc-request-id=/AAAA2A77B90D4E3F/9F8E7D6C5B4A3928\n"
    assert "5C1E2A77B90D4E3F" not in detail(first(two), "support")


def test_the_remark_about_the_scope_is_made_where_scopes_are_the_matter():
    asked = (
        f"curl -d grant_type=client_credentials -d scope=oraclehealth:millennium:message {TOKEN}\n"
    )
    refused = (
        'HTTP/1.1 415 Unsupported\nContent-Type: application/json\n\n{"error":"invalid_request"}\n'
    )
    granted = "HTTP/1.1 200 OK\n\n" + json.dumps(
        {"access_token": "x", "scope": "oraclehealth:millennium:message"}
    )
    remarks = [[one.id for one in explain(text)] for text in (asked + refused, asked + granted)]
    assert ["scope-allows-writes" in each for each in remarks] == [False, True]


BEARER = 'headers={"Authorization": "Bearer " + open("/run/token").read()}\n'
REFUSED_HERE = "requests.exceptions.InvalidHeader: Invalid leading whitespace in header value"


@pytest.mark.parametrize(
    ("shown", "cause"),
    [
        (": 'Bearer eyJh.eyJp.c2lnbmF0dXJl\\n'", "line-feed-behind-a-value"),
        (": b'Bearer eyJh.eyJp.c2lnbmF0dXJl\\n'", "line-feed-behind-a-value"),
        ("", "line-feed-in-the-token"),
        (' # was: "Basic " + pair', "line-feed-in-the-header"),
    ],
)
def test_a_token_with_a_line_end_gets_no_advice_about_a_pair(shown, cause):
    found = first(f"{BEARER}{REFUSED_HERE}{shown}\n")
    assert found.id == cause
    assert ("base64" in detail(found, "change")) is (cause == "line-feed-in-the-header")
    assert not detail(found, "exactly")


SETTINGS = f"""# of the sandbox
CLIENT_ID=2c7710e6-52cb-456c-8d97-1b356de44c6c
TOKEN_URL=https://authorization.cerner.com/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token
API_URL=https://api.cernermillennium.com/{TENANT}/message/20241001
SCOPE=oraclehealth:millennium:message
"""
OTHER_TENANT = "9d3f0a52-6b1e-4f7c-8a44-5e2b7c1d0f33"
NO_SETTINGS_IN_ORDER = {
    "a line of a program": f"{SETTINGS}it does not start\n",
    "no scope": SETTINGS.replace("SCOPE=oraclehealth:millennium:message", ""),
    "no API": "\n".join(line for line in SETTINGS.split("\n") if "API_URL" not in line),
    "another cloud": SETTINGS.replace(
        "authorization.cerner.com", "authorization.sandboxcerner.com"
    ),
    "another tenant": SETTINGS.replace(f"com/{TENANT}/message", f"com/{OTHER_TENANT}/message"),
    "an error in it": f"{SETTINGS}LAST_ERROR=401 Unauthorized\n",
}


def test_settings_that_fit_each_other_are_explained():
    (found,) = explain(SETTINGS)
    assert (found.id, found.known) == ("settings-in-order", True)


@pytest.mark.parametrize("text", NO_SETTINGS_IN_ORDER.values(), ids=NO_SETTINGS_IN_ORDER)
def test_settings_that_lack_something_or_stand_beside_more_are_not_called_in_order(text):
    assert "settings-in-order" not in {one.id for one in explain(text)}
