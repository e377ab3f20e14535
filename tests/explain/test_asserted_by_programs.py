"""What a program, a log or a page says of an assertion, a scope or an id is compared with what the server takes."""

import json

import pytest

from golive.diagnosis.paste import explain

SANDBOX = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
HOST = "https://authorization.cerner.com"
TOKEN = f"{HOST}/tenants/{SANDBOX}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
GOOGLE = "https://oauth2.googleapis.com/token"


def refused(urn, error="invalid_client"):
    uri = f"{HOST}/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3A{urn.replace(':', '%3A')}/instances/"
    uri += f"dfedd5eb-94fa-50aa-843a-e4454d3a10d3?client=unknown&tenant={SANDBOX}"
    return json.dumps({"error": error, "error_uri": uri})


NOT_VERIFIED = refused("client-assertion:jwt-bearer:invalid-signature")
REFUSED = refused("oauth2:token:invalid-client-credentials")
EMPTY = refused("oauth2:token:empty-scopes", "invalid_scope")


def signed(how):
    return (
        f"const a = jwt.sign({{ iss: C, sub: C, aud: '{TOKEN}' }}, pem, {how});\n"
        f"const body = new URLSearchParams({{ client_assertion: a }});\nHTTP 400 {NOT_VERIFIED}\n"
    )


ALGORITHMS = {
    "RS256": (signed("{ algorithm: 'RS256', expiresIn: '4m' }"), "alg is RS256"),
    "a constant": (signed("SignatureAlgorithm.RS256"), "alg is RS256"),
    "an hour": (signed("{ algorithm: 'RS384', expiresIn: '1h' }"), "it lives for 3600 seconds"),
    "milliseconds": (signed("{ exp: Date.now() + 240000 }"), "in milliseconds"),
}


@pytest.mark.parametrize(("text", "said"), ALGORITHMS.values(), ids=ALGORITHMS)
def test_what_a_program_signs_with_is_compared_with_what_is_taken(text, said):
    first = explain(text)[0]
    assert (first.id, said in first.means) == ("assertion-not-as-demanded", True)


@pytest.mark.parametrize(
    "how",
    [
        "{ algorithm: 'RS384', expiresIn: '4m' }",
        "{ algorithm: 'ES384', exp: Math.floor(Date.now() / 1000) + 240 }",
        "{ algorithm: 'ES384' }); jwt.verify(token, key, { algorithms: ['RS256'] }",
    ],
)
def test_an_assertion_as_it_is_demanded_is_not_said_to_be_otherwise(how):
    assert explain(signed(how))[0].id == "assertion-not-verified"


def rotated(signing, registered):
    return (
        f"02:09:02 signing assertion kid={signing} alg=ES384 aud={TOKEN}\n02:09:02 token 400 {NOT_VERIFIED}\n"
        f"ops: System account > JWKS: 1 key, kid {registered}, uploaded\n"
    )


def test_the_kid_that_signs_is_compared_with_the_one_that_is_registered():
    first = explain(rotated("oh-2026-11", "oh-2026-05"))[0]
    assert first.id == "assertion-key-not-in-the-key-set"
    assert "oh-2026-11" in first.means
    assert "oh-2026-05" in first.means
    assert explain(rotated("oh-2026-05", "oh-2026-05"))[0].id == "assertion-not-verified"


def google(times, said):
    body = json.dumps({"error": "invalid_grant", "error_description": said})
    form = "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"
    return f"const claims = {{ iss: s, {times} }};\nPOST {GOOGLE} {form}\n400 {body}\n"


SHORT = "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
GRANTS = {
    "milliseconds": (google("iat: Date.now()", SHORT), "assertion-in-milliseconds", "1000"),
    "thirteen digits": (google('"iat":1795851000123', SHORT), "assertion-in-milliseconds", "1000"),
    "seconds": (google('"iat":1795851000', SHORT), "another-server-says-why", "an hour later"),
}


@pytest.mark.parametrize(("text", "wanted", "cure"), GRANTS.values(), ids=GRANTS)
def test_times_in_milliseconds_are_named_at_the_servers_of_others(text, wanted, cure):
    first = explain(text)[0]
    assert (first.id, cure in dict(first.details)["change"]) == (wanted, True)


def form(scope):
    return (
        f"POST {TOKEN} HTTP/1.1\nContent-Type: application/x-www-form-urlencoded\n\n"
        f"grant_type=client_credentials&scope={scope}\n\nHTTP/1.1 400 Bad Request\n\n{EMPTY}\n"
    )


def test_a_scope_that_is_encoded_twice_is_not_said_to_be_unregistered():
    once = "oraclehealth%3Amillennium%3Amessage"
    assert explain(form(once.replace("%", "%25")))[0].id == "scope-encoded-twice"
    assert explain(form(once))[0].id == "no-scope-granted"


def okta(sent, said):
    body = json.dumps({"error": "invalid_scope", "error_description": said})
    url = "https://dev-1.okta.com/oauth2/default/v1/token"
    return f"$ curl -X POST {url} -u id:cnyF04 -d '{sent}'\n{body}\n"


DEFAULTS = "The server does not have any configured default scopes, 'scope' must be provided."
NO_ONE = "One or more scopes are not allowed."
OKTA = {
    "said": (okta("grant_type=client_credentials", DEFAULTS), "another-server-wants-a-scope"),
    "seen": (okta("grant_type=client_credentials", NO_ONE), "another-server-wants-a-scope"),
    "sent": (okta("grant_type=client_credentials&scope=a.b", NO_ONE), "another-server-refuses-the-scope"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), OKTA.values(), ids=OKTA)
def test_a_scope_that_is_not_sent_is_not_said_to_be_refused(text, wanted):
    assert explain(text)[0].id == wanted


APPLICATION, CLIENT = "2ad41b7c-83f6-4e09-b5d8-7c1f9e60a3b4", "6e02f9a5-c7b1-4d38-8f4e-a90d5b2c7e16"


@pytest.mark.parametrize("call", ['auth=("{}", SECRET)', "basic_auth('{}', secret)"])
def test_an_id_that_a_program_sends_is_compared_with_what_the_paste_calls_it(call):
    page = f"| Application ID | {APPLICATION} |\n| Client ID | {CLIENT} |\n"
    for sent, wanted in ((APPLICATION, "id-of-another-thing"), (CLIENT, "pair-not-accepted")):
        text = f"{page}requests.post('{TOKEN}', {call.format(sent)})\n401 {REFUSED}\n"
        assert explain(text)[0].id == wanted


API = f"https://api.cernermillennium.com/{SANDBOX}/message/20241001"


def changed(owner):
    lists = "".join(
        f"GET {API}/patientMessages/inboxItems?patientId={patient} 200 ids=[{number}.1.5.prsnl]\n"
        for patient, number in (("12724066", "720564485"), (owner, "720571900"))
    )
    body = {"patientId": "12724066", "status": "DELETED"}
    body["messages"] = [
        {"id": f"{number}.1.5.prsnl", "notificationVersion": 1, "recipientNotificationVersion": 1}
        for number in (720564485, 720571900)
    ]
    refusal = '400 {"code":"X","message":"Bad Request"}'
    return f"{lists}POST {API}/actions/updatePatientMessageStatus {json.dumps(body)}\n{refusal}\n"


def test_messages_of_two_patients_are_seen_by_the_lists_that_they_came_in():
    assert "another patientId" in explain(changed("12742399"))[0].means
    assert "another patientId" not in explain(changed("12724066"))[0].means


def guzzle(ids):
    start = f"{API}/patientMessages/"
    return (
        f'$c->get("{start}".implode(",", $ids));\n'
        f"Client error: `GET {start}{ids}` resulted in a `400 Bad Request` response:\n"
        '{"code":"InvalidParameter","message":"Bad Request"}\n'
    )


def test_the_url_that_a_library_shows_whole_is_the_one_that_was_refused():
    assert "one id alone" in explain(guzzle("720564485.1.5.prsnl,720571900.1.5.prsnl"))[0].means
    assert "one id alone" not in explain(guzzle("720564485.1.5.prsnl"))[0].means


def sending(content, type_="PERSONNEL"):
    return (
        f'payload = {{"patientId": "1", "subject": "Q", "content": {content}\n'
        f'  "messageSender": {{"id": "1", "type": "PERSON"}}, "recipients": [{{"id": "2", "type": "{type_}"}}],\n'
        f'}}\nhttpx.post("{API}/patientMessages/sentItems", json=payload)\n400 {{"code":"X","message":"Bad Request"}}\n'
    )


def test_a_comment_in_a_program_is_no_member_of_the_body_that_it_sends():
    assert "computed" not in str(explain(sending('open("m").read(),  # XHTML, checked', "PERSON")))
    assert "PERSON" in explain(sending('open("m").read(),  # XHTML, checked', "PERSON"))[0].means


def called(member, refusal="AxiosError: Request failed with status code 401"):
    return (
        f"const r = await axios.post('{TOKEN}', form, {{auth: {{username: ID, password: SECRET}}}});\n"
        f"const t = r.data.{member};\n"
        f"await axios.get('{API}/patientMessages/inboxItems', {{params: {{patientId: '1'}}, headers: {{Authorization: "
        f"'Bearer ' + t}}}});\n{refusal}\n"
    )


CALLED = {
    "another member": (called("token"), "token-read-by-another-name"),
    "the right one": (called("access_token"), "token-request-or-call-refused"),
    "of the token request": (
        called("access_token", f"requests.HTTPError: 401 Client Error: Unauthorized for url: {TOKEN}"),
        "client-refused-for-an-unread-reason",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CALLED.values(), ids=CALLED)
def test_a_refusal_that_may_be_of_either_request_is_laid_on_none_of_them(text, wanted):
    assert explain(text)[0].id == wanted


def test_a_member_that_is_named_for_another_is_not_one_too_many_as_well():
    body = '{"category":"X","recipients":[{"id":"4122622","type":"PERSONNEL"}]}'
    refusal = '400 {"code":"X","message":"Bad Request"}'
    said = explain(f"POST {API}/actions/validateRecipients\n{body}\n{refusal}\n")[0].means
    assert "recipientType is missing (there is type" in said
    assert "no other members" not in said


def test_what_is_sent_in_place_of_the_right_value_is_said():
    many = ",".join(
        f'{{"id":"{n}.1.5.prsnl","notificationVersion":1,"recipientNotificationVersion":1}}'
        for n in range(700001, 700151)
    )
    body = f'{{"patientId":"1","status":"OPENED","messages":[{many}]}}'
    refusal = 'HTTP/1.1 400 Bad Request\n\n{"code":"X","message":"Bad Request"}\n'
    said = explain(f"POST {API}/actions/updatePatientMessageStatus\n{body}\n{refusal}")[0].means
    assert "there are 150: send them in 2" in said
    url = f"{API}/patientMessages/inboxItems?patientId=1&createDateTimeGreaterThanOrEqualTo="
    said = explain(f"GET {url}2026-11-01T00:00:00.000Z\n{refusal}")[0].means
    assert "write 2026-11-01T00:00:00Z" in said


def test_a_list_that_has_to_be_empty_is_not_sent_in_parts():
    body = '{"recipients":[{"id":"a@b.example","type":"EMAIL"}],"carbonCopyRecipients":["77"]}'
    refusal = '400 {"code":"X","message":"Bad Request"}'
    said = explain(f"POST {API}/patientMessages/sentItems\n{body}\n{refusal}\n")[0].means
    assert "carbonCopyRecipients: expected maxItems 0" in said


def test_a_path_that_ends_as_one_of_the_api_names_that_one():
    wrong = explain(f"GET {API}/sentItems?patientId=1\n404 Not Found\n")[0]
    assert "GET patientMessages/sentItems or POST" in dict(wrong.details)["change"]
    other = explain(f"GET {API}/outbox?patientId=1\n404 Not Found\n")[0]
    assert "likely meant" not in str(other.details)


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        ("Token eyJhbGciOiJFUzI1NiJ9.e30.abc", "bearer-missing-before-the-token"),
        ("JWT eyJhbGciOiJFUzI1NiJ9.e30.abc", "bearer-missing-before-the-token"),
        ("Token abc", "token-missing"),
    ],
)
def test_a_token_behind_another_word_than_bearer_is_not_missing(sent, wanted):
    refusal = (
        '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:token-required\\""}'
    )
    text = f"GET {API}/patientMessages/inboxItems?patientId=1 HTTP/1.1\nAuthorization: {sent}\n\n"
    assert explain(f"{text}HTTP/1.1 401 Unauthorized\n\n{refusal}\n")[0].id == wanted
