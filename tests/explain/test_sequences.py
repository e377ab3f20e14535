"""A paste is read as a sequence in time and by the shapes in it: no label, scheme or language is needed."""

import base64
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from golive.cli.commands.explain import command
from golive.diagnosis.paste import explain
from golive.diagnosis.paste.bodies import filled
from golive.diagnosis.paste.pieces import PastedAnswer, PastedRequest

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
OTHER_TENANT = "7c1f0e52-1b1d-4f6e-9a0c-3f6f6d7b2a19"
PATH = f"/{TENANT}/message/20241001/patientMessages/inboxItems"
STATUS_PATH = f"/{TENANT}/message/20241001/actions/updatePatientMessageStatus"
API = "api.cernermillennium.com"
GRANTING = "authorization.cerner.com"
TOKEN = f"https://{GRANTING}/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
KID = "2026-11-26T02:40:05.718.ec.es256"
URN = "urn:cerner:error:oauth2:resource-access:signature-verification-failed"
UNKNOWN_KID = json.dumps(
    {
        "message": f'code="{URN}", error="invalid_token", subcode="unknown_kid", kid="{KID}"',
        "code": 401,
    }
)
BODY = {
    "patientId": "12724066",
    "status": "OPENED",
    "messages": [
        {"id": "7.1.5.prsnl", "notificationVersion": 2, "recipientNotificationVersion": 1}
    ],
}
SENT = {
    "patientId": "12724066",
    "messageSender": {"id": "12724066", "type": "PERSON"},
    "recipients": [{"id": "4122622", "recipientType": "PERSONNEL"}],
    "subject": "Question",
    "content": "<html><head><title>m</title></head><body><p>hi</p></body></html>",
}


def refusal(tail, error):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = f"https://{GRANTING}/errors/{urn}/instances/7f3c2b10-4a5d?client=unknown&tenant={TENANT}"
    return json.dumps({"error": error, "error_uri": uri})


def calls(*lines, start="2026-11-26T08:00:02.640Z token fetched status=200 expires_in=570"):
    return "\n".join(
        [start, *(f"2026-11-26T08:{at}Z info GET {PATH} -> {status} 52ms" for at, status in lines)]
    )


def first(text):
    return explain(text)[0]


def test_calls_that_are_refused_since_the_token_ended_show_that_it_was_not_renewed():
    found = first(calls(("00:03", 200), ("05:03", 200), ("10:13", 401), ("15:03", 401)))
    assert found.id == "token-not-renewed"
    assert "611 s after the token was taken" in found.means
    assert "expires_in" in dict(found.details)["change"]


@pytest.mark.parametrize(
    "log",
    [
        calls(("00:03", 200), ("04:03", 401), ("05:03", 401)),
        calls(("00:03", 401), ("10:03", 401)),
        calls(("00:03", 200)) + calls(("10:13", 401), start="\n").replace(TENANT, OTHER_TENANT),
        calls(("00:03", 200), ("10:13", 401), ("10:15", 200), ("20:30", 401)),
        calls(("00:03", 200))
        + "\n2026-11-26T08:09:00Z token renewed status=200\n"
        + calls(("10:13", 401), start=""),
    ],
    ids=[
        "too early",
        "from the first call on",
        "another tenant",
        "it heals",
        "a new token was taken",
    ],
)
def test_another_sequence_of_401_is_not_a_token_that_was_not_renewed(log):
    assert "token-not-renewed" not in [each.id for each in explain(log)]


def test_a_call_that_is_taken_later_shows_a_rotated_key_and_no_other_cloud():
    lines = [
        f"2026-11-26T02:41:12.552Z INFO token ok host={GRANTING} tenant={TENANT} kid={KID}",
        f"2026-11-26T02:41:12.901Z ERROR GET {API}{PATH} 401 {UNKNOWN_KID}",
        f"2026-11-26T02:42:12.960Z INFO GET {API}{PATH} 200 items=12 (same token)",
    ]
    assert first("\n".join(lines)).id == "key-was-not-known-yet"
    assert first("\n".join(lines[:2])).id != "key-was-not-known-yet"


def test_a_host_that_a_log_names_without_a_url_tells_the_clouds_apart():
    log = f"token ok host=authorization.sandboxcerner.com\nGET {API}{PATH} 401 {UNKNOWN_KID}"
    assert first(log).id == "wrong-cloud"


@pytest.mark.parametrize("label", ["corpo enviado:", "Nutzlast:", "payload =", "送信した本文:", ""])
def test_a_body_belongs_to_the_request_whose_operation_takes_it_under_any_label(label):
    body = json.dumps(BODY | {"status": "READ"})
    error = f"HTTPError: 400 Client Error: Bad Request for url: https://{API}{STATUS_PATH}"
    found = first(f'{error}\n\n{label}\n{body}\nresposta: {{"code":"400","message":"Bad Request"}}')
    assert found.id == "request-breaks-the-contract"
    assert "UNREAD, OPENED, DELETED" in found.means


def test_a_body_alone_is_compared_with_the_one_operation_that_takes_it():
    assert "UNREAD" in first(json.dumps(BODY | {"status": "READ"})).means
    assert first(json.dumps(BODY)).id != "request-breaks-the-contract"


def test_a_marked_exchange_with_a_relative_path_is_read_and_no_host_is_made_up():
    body = json.dumps(SENT, indent=2).replace("\n", "\n> ")
    path = PATH.replace("inboxItems", "sentItems")
    answer = '{"code":"BadRequest","message":"recipients[0].type must not be null"}'
    found = first(
        f"> POST {path}\n> {body}\n< 400 Bad Request\n< opc-request-id: /2F/9A\n< {answer}\n"
    )
    assert found.id == "request-breaks-the-contract"
    assert "recipients/0/type is missing (there is recipientType" in found.means
    assert API not in str(dict(found.details)["evidence"])


def test_a_form_that_begins_with_its_grant_is_read_behind_the_prefix_of_a_log():
    prefix = "<133>1 2026-11-26T07:58:41Z ig-01 mirth 2214 - - [Out]"
    form = "grant_type=client_credentials&scope=oraclehealth%3Amillennium%3Amessages"
    refused = refusal("oauth2:token:empty-scopes", "invalid_scope")
    found = first(f"{prefix} POST {TOKEN}\n{prefix} body: {form}\n{prefix} HTTP 400 {refused}\n")
    assert found.id == "scope-misspelt"


def test_a_scope_on_a_line_of_its_own_is_compared_and_one_of_an_answer_is_not():
    refused = refusal("oauth2:token:empty-scopes", "invalid_scope")
    asked = "scope=oraclehealth:millenium:message"
    assert (
        first(f"[1] token request {asked}\n[2] POST {TOKEN} -> 400\n{refused}").id
        == "scope-misspelt"
    )
    assert (
        first(f"[1] token response {asked}\n[2] POST {TOKEN} -> 400\n{refused}").id
        != "scope-misspelt"
    )


def test_every_mistake_of_one_date_is_named_with_what_it_is_in_utc():
    url = f"https://{API}{PATH}?patientId=1&createDateTimeGreaterThanOrEqualTo=2026-11-20T00:00:00.000+01:00"
    found = first(
        f'[400 Bad Request] during [GET] to [{url}]: [{{"code":"InvalidParameter","message":"Bad Request"}}]'
    )
    assert "Milliseconds are not allowed" in found.means
    assert "2026-11-19T23:00:00Z" in found.means


def test_a_validator_with_the_key_set_of_the_other_cloud_is_not_called_old():
    program = "createRemoteJWKSet(new URL('https://authorization.{}cerner.com/jwk'))\nissuer: '{}'"
    issuer = f"https://{GRANTING}/"
    failed = "\nJWKSNoMatchingKey: no applicable key found in the JSON Web Key Set\n"
    failed += 'token header: {"kid":"a","alg":"ES256"}'
    assert first(program.format("sandbox", issuer) + failed).id == "own-key-set-of-the-other-cloud"
    assert first(program.format("", issuer) + failed).id == "own-key-set-is-behind"


@pytest.mark.parametrize(
    ("moment", "cause"),
    [
        (
            "current time 2019-01-01T00:03:12Z is before 2026-03-04T00:00:00Z",
            "clock-behind-the-certificate",
        ),
        ("current time 2031-01-01T00:03:12Z is after 2027-03-04T00:00:00Z", "certificate-expired"),
    ],
)
def test_the_direction_in_which_a_certificate_is_out_of_its_time_counts(moment, cause):
    assert (
        first(f'Post "{TOKEN}": x509: certificate has expired or is not yet valid: {moment}').id
        == cause
    )


def test_a_pair_that_ends_in_a_line_feed_is_not_called_wrong_or_copied_with_it():
    secret = "Zx9-canary-of-the-secret-0001-abcd"
    pair = base64.b64encode(f"5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10:{secret}\n".encode()).decode()
    refused = refusal("oauth2:token:invalid-client-credentials", "invalid_client")
    path = TOKEN.partition(GRANTING)[2]
    verbose = f"> POST {path} HTTP/1.1\n> Host: {GRANTING}\n> Authorization: Basic {pair}\n>\n"
    found = explain(f"{verbose}< HTTP/1.1 401 Unauthorized\n<\n{refused}")
    assert found[0].id == "secret-with-line-end"
    assert secret not in str(found)
    assert pair not in str(found)


def test_a_line_feed_behind_a_tenant_is_named():
    refused = refusal("oauth2:token:invalid-tenant", "invalid_grant")[:-2] + '%0A"}'
    assert "%0A" in first(refused).means


def test_a_token_in_quotes_is_seen_in_a_traced_command():
    traced = f"+ curl -si -H 'Authorization: Bearer \"{jwe().rpartition('.')[0]}\"' 'https://{API}{PATH}?patientId=1'"
    assert first(
        f'{traced}\nHTTP/2 401\nopc-request-id: /7D\n\n{{"message":"error=\\"invalid_token\\"","code":401}}'
    ).id == ("bearer-in-quotes")


def jwe():
    header = (
        base64.urlsafe_b64encode(b'{"alg":"dir","enc":"A128CBC-HS256","kid":"x.oct"}')
        .decode()
        .rstrip("=")
    )
    return f"{header}..aXY.Y2lwaGVy.dGFn"


def test_an_encrypted_token_that_is_called_damaged_is_explained():
    found = first(
        f"jwt.io says Invalid Signature and decode() failed. Is it damaged?\naccess_token: {jwe()}"
    )
    assert (found.id, found.known) == ("jwe", True)
    assert "`scope`" in dict(found.details)["note"]


def har(*exchanges):
    entries = [
        {
            "request": {"method": "GET", "url": url, "headers": []},
            "response": {"status": status, "headers": [], "content": {"text": text}},
        }
        for url, status, text in exchanges
    ]
    return json.dumps({"log": {"version": "1.2", "entries": entries}})


def test_what_others_answered_does_not_come_before_the_refusal_of_oracle():
    foreign = ("https://unpkg.com/favicon.ico", 404, "Not found")
    found = explain(har(foreign, (f"https://{API}{PATH}?patientId=1", 401, UNKNOWN_KID)))
    assert "another-server-refuses" not in [each.id for each in found]
    assert first(har(foreign)).id == "another-server-refuses"


def test_the_tenant_of_the_other_cloud_is_not_put_into_the_right_url():
    token = TOKEN.replace("cerner.com/", "sandboxcerner.com/").replace(TENANT, OTHER_TENANT)
    found = first(f"TOKEN_URL={token}\nAPI_BASE=https://{API}/{OTHER_TENANT}/message/20241001")
    assert found.id == "wrong-cloud"
    assert OTHER_TENANT not in dict(found.details)["exactly"]


def run(*arguments):
    return CliRunner().invoke(command, arguments)


def test_one_argument_that_is_a_file_is_read_as_the_file(tmp_path):
    file = tmp_path / "answer.txt"
    file.write_text(refusal("oauth2:token:empty-scopes", "invalid_scope"))
    found = run(str(file))
    assert "no-scope-granted" in found.output
    assert "Read the file" in found.stderr
    assert found.stdout == run("--file", str(file)).stdout


def test_a_path_to_no_file_gets_a_hint_and_a_word_does_not(tmp_path):
    missing = run(str(tmp_path / "missing.log"))
    assert "no such file" in str(missing.exception).lower() + missing.output.lower()
    assert "HTTP status 403" in run("403").output


def test_one_line_that_holds_a_request_and_its_status_is_an_exchange():
    logged = f'DEBUG urllib3.connectionpool https://{API}:443 "GET {PATH}?patientId=1&limit=50 HTTP/1.1" 400 71'
    found = first(logged)
    assert found.id == "request-breaks-the-contract"
    assert "limit" in found.means
    assert "status 400" in str(found.details)


def test_what_a_gateway_says_is_read_without_the_json_around_it():
    refused = f'2026-11-26 02:40:31 GET {API}{PATH} 401 subcode="unknown_kid"'
    assert (
        first(f"{refused}\n2026-11-26 02:42:30 GET {API}{PATH} 200").id == "key-was-not-known-yet"
    )


def test_one_refusal_that_a_log_repeats_by_its_status_is_explained_once():
    lines = [f"GET https://{API}{PATH}?patientId=1 401 {UNKNOWN_KID}"]
    lines += [f"GET https://{API}{PATH}?patientId=1 401 (same body)"]
    assert [each.id for each in explain("\n".join(lines)) if each.kind == "cause"] == [
        first(lines[0]).id
    ]


def test_a_json_body_after_a_label_belongs_to_the_token_request():
    body = '{"grant_type":"client_credentials","scope":"oraclehealth:millennium:message"}'
    page = "Response (415):\n<html><body>Unsupported Media Type</body></html>"
    assert first(f"Request:\n{body}\n{page}\nURL: {TOKEN}").id == "token-request-in-json"


def test_a_date_that_a_program_puts_behind_the_url_is_judged_by_what_makes_it():
    url = f"https://{API}{PATH}?patientId=1&createDateTimeGreaterThanOrEqualTo="
    found = first(
        f'fetch("{url}" + new Date().toISOString())\n// -> 400 {{"code":"InvalidParameter","message":"x"}}'
    )
    assert "toISOString" in found.means
    assert "expected" not in found.means


def test_a_page_of_others_in_a_log_does_not_come_before_the_refusal_of_oracle():
    lacking = '{"code":403,"message":"error=\\"insufficient_scope\\", subcode=\\"no_scope_for_resource_path\\""}'
    log = f"GET https://cdn.example/x.js 404\nGET https://{API}{PATH}?patientId=1 403 {lacking}"
    assert first(log).id == "scope-lacking"
    assert "cdn.example" not in str(explain(log))


def test_an_object_with_an_id_of_its_own_is_an_answer_and_no_body():
    request = PastedRequest("POST", f"https://{API}{STATUS_PATH}", (), "", frozenset())
    sent, answered = (
        PastedAnswer(None, (), json.dumps(each)) for each in (BODY, BODY | {"id": "7"})
    )
    assert filled([request, answered], []) == [request, answered]
    assert filled([request, sent], []) == [replace(request, body=sent.body)]


def test_a_host_that_a_person_only_speaks_of_is_not_where_the_token_came_from():
    url = f"https://fhir-ehr.sandboxcerner.com/r4/{OTHER_TENANT}/Patient/1"
    text = f"GET {url}\n\nHTTP/1.1 401 Unauthorized\n\nShould I use authorization.cerner.com?"
    assert "production" not in first(text).id


def test_another_host_of_the_same_cloud_is_no_key_set_of_the_other_one():
    text = "jwks: https://authorization.cerner.com/jwk api: https://api.cernermillennium.com/\n"
    assert first(f"{text}JWKSNoMatchingKey: no applicable key found").id == "own-key-set-is-behind"


def test_what_follows_a_success_is_its_answer_and_no_body_of_the_request():
    answered = '{"status":"UPDATED","patientId":"1","messages":[{"id":"7"}]}'
    assert first(f"POST https://{API}{STATUS_PATH} 200\n{answered}").id == "success"


def test_the_url_of_a_cure_holds_no_host_that_the_paste_does_not_show():
    form = "grant_type=client_credentials&scope=system/Patient.read"
    command = f'H=$(echo "$ID:$S" | base64)\ncurl -d "{form}" {TOKEN}'
    pair = base64.b64encode(b"5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10:Zx9-canary-0001\n").decode()
    refused = refusal("oauth2:token:invalid-client-credentials", "invalid_client")
    found = first(f"{command} -H 'Authorization: Basic {pair}'\n{refused}")
    assert (found.id, TOKEN in dict(found.details)["exactly"]) == ("secret-with-line-end", True)


LOG_OF_A_NEW_KEY = (
    '{{"url":"{token}","status":200,"expires_in":570}}\n'
    '{{"url":"{inbox}?patientId=1","status":401,"body":{refused}}}\n'
    '{{"msg":"inbox ok","status":200,"items":3,"kid":"k1"}}\n'
)
EARLY = json.dumps(
    '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:signature-verification-failed\\", '
    'error=\\"invalid_token\\", subcode=\\"unknown_kid\\", kid=\\"k1\\""}'
)
CLAIMS = '{{"iss":"https://authorization.{cloud}.com/","sub":"a","azp":"a","exp":1795162604,"iat":1795162004}}\n'


def test_a_key_that_was_known_later_is_a_matter_of_time():
    urls = {
        "token": f"https://authorization.cerner.com/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token",
        "inbox": f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems",
    }
    found = explain(LOG_OF_A_NEW_KEY.format(refused=EARLY, **urls))[0]
    assert found.id == "key-was-not-known-yet"
    assert "what differs" not in str(found.details)
    other = {**urls, "token": urls["token"].replace(".cerner", ".sandboxcerner")}
    assert explain(LOG_OF_A_NEW_KEY.format(refused=EARLY, **other))[0].id == "wrong-cloud"


def test_the_issuer_of_a_token_that_is_shown_decoded_names_its_cloud():
    refused = f"unexpected status 401: {json.loads(EARLY)}\n\n"
    of_sandbox = explain(refused + CLAIMS.format(cloud="sandboxcerner"))[0]
    assert of_sandbox.id == "key-of-the-sandbox-cloud"
    assert "15 minutes" not in str(of_sandbox.details)
    unknown = explain(refused + CLAIMS.format(cloud="cerner"))[0]
    assert unknown.id == "unknown-key-of-unknown-cloud"
