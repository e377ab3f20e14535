"""What a request asks for at a place that has no such thing, what a shell or an escape made of it, and near misses."""

import base64
import json

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
CLIENT = "f8a60c2d-1b94-4e73-9d05-7c3e8b1f5a20"
HOST = f"https://api.cernermillennium.com/{TENANT}"
API = f"{HOST}/message/20241001"
INBOX = f"{API}/patientMessages/inboxItems?patientId=12700100"
UPDATE = f"{API}/actions/updatePatientMessageStatus"
TOKEN = f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
ITEM = "720564485.1.5.prsnl"
LACKING = json.dumps(
    {
        "code": 403,
        "message": 'code="urn:cerner:error:oauth2:resource-access:insufficient-scopes", '
        'error="insufficient_scope", subcode="no_scope_for_resource_path"',
    }
)


def refusal(tail, error="invalid_client", client="unknown", tenant=TENANT):
    uri = f"https://authorization.cerner.com/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3A{tail}"
    uri += f"/instances/0e7b9d24-6f1c-4a83-b5d0-29c8e4f7a613?client={client}&tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


def first(text):
    return explain(text)[0]


def got(url, status=404, method="GET"):
    return f"curl -i -X {method} -H 'Authorization: Bearer $T' '{url}'\nHTTP/1.1 {status} X\n\n"


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        (f"{API}/metadata", "fhir-asked-of-the-ehr-api"),
        (f"{HOST}/metadata", "fhir-asked-of-the-ehr-api"),
        (f"{API}/Patient/$export", "fhir-asked-of-the-ehr-api"),
        (f"{API}/Communication?subject=1", "fhir-asked-of-the-ehr-api"),
        (f"{HOST}/.well-known/smart-configuration", "discovery-is-elsewhere"),
        (f"{API}/.well-known/openid-configuration", "discovery-is-elsewhere"),
        (f"{API}/patientMessages/{ITEM}/attachments", "no-operation-at-this-path"),
        (f"https://authorization.cerner.com/{TENANT}/message/20241001/x", "api-asked-of-the-token-host"),
        (f"https://authorization.cerner.com/r4/{TENANT}/Patient/1", "api-asked-of-the-token-host"),
        # near misses: an operation of the contract, an API that golive has no contract of, a step in capitals
        (f"{API}/patientMessages/{ITEM}", "named-thing-unknown"),
        (f"{HOST}/condition/20240101/conditions?patientId=1", "named-thing-unknown"),
        (f"{HOST}/Message/20241001/PatientMessages/InboxItems?patientId=1", "api-path-incomplete"),
    ],
)  # fmt: skip
def test_a_path_that_a_host_has_not_gets_no_cause_about_ids_tenants_or_tokens(url, cause):
    assert first(got(url)).id == cause


def test_a_path_of_no_operation_names_the_operations_that_there_are():
    details = dict(first(got(f"{API}/metadata")).details)
    assert "GET patientMessages/inboxItems" in details["change"]
    assert "groupInboxes" not in details["change"]


def test_a_call_without_a_token_lacks_the_token_whatever_its_path_is():
    body = (
        '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:token-required\\""}'
    )
    assert first(f"curl -i {API}/metadata\nHTTP/1.1 401 X\n\n{body}").id == "token-missing"


def escaped(text, times):
    for _ in range(times):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return text


@pytest.mark.parametrize(
    "shown",
    [
        repr(LACKING),
        f'"{escaped(LACKING, 1)}"',
        json.dumps({"level": "error", "body": escaped(LACKING, 1)}),
        f'level=error body="{escaped(LACKING, 2)}"',
    ],
    ids=["python", "quoted", "log-in-json", "twice"],
)
def test_a_refusal_is_read_from_any_escaping_and_is_of_the_party_whose_form_it_has(shown):
    text = f"POST {TOKEN} 200\nGET {HOST}/recipient/20241001/groupInboxes 403\n{shown}\n"
    found = first(text)
    assert (found.kind, found.id) in {("cause", "scope-lacking"), ("cause", "scope-not-asked")}
    assert "oraclehealth:millennium:recipient" in str(found.details)


EMPTY = refusal("empty-scopes", "invalid_scope")
FORM = "grant_type=client_credentials&scope=oraclehealth:millennium:message"


@pytest.mark.parametrize(
    ("command", "cause"),
    [
        (f"$ curl -u $A:$B {TOKEN} -d {FORM}\n[1] 40122", "form-cut-at-an-ampersand"),
        (f"$ curl -u $A:$B {TOKEN} -d {FORM}", "form-without-quotes"),
        (f"$ curl -u $A:$B {TOKEN} -d '{FORM}'\n[1] 40122", "no-scope-granted"),
        (f'$ curl -u $A:$B {TOKEN} -d "{FORM}"', "no-scope-granted"),
        (f"$ curl -u $A:$B {TOKEN} -d {FORM.replace('&', ' -d ')}", "no-scope-granted"),
        (f"$ curl -u $A:$B {TOKEN} -d {FORM.replace('&', chr(92) + '&')}", "no-scope-granted"),
    ],
    ids=["job", "written", "single", "double", "apart", "escaped"],
)
def test_what_a_shell_cut_off_is_not_said_to_be_sent(command, cause):
    assert first(f"{command}\n{EMPTY}").id == cause


def secret(key, encode):
    values = {"OH_CLIENT_ID": CLIENT, "OH_CLIENT_SECRET": "a-secret-of-16-signs"}
    lines = "".join(
        f"  {name}: {base64.b64encode(value.encode()).decode() if encode else value}\n"
        for name, value in values.items()
    )
    return f"kind: Secret\nmetadata:\n  name: oh\n{key}:\n{lines}  OH_TOKEN_URL: {TOKEN}\n"


@pytest.mark.parametrize(
    ("key", "encode", "cause"),
    [
        ("stringData", True, "base64-where-the-value-belongs"),
        ("data", False, "plain-value-where-base64-belongs"),
        ("stringData", False, "pair-not-accepted"),
        ("data", True, "pair-not-accepted"),
    ],
)
def test_values_of_a_secret_stand_in_the_form_that_their_key_takes(key, encode, cause):
    found = first(f"{secret(key, encode)}---\n401 {refusal('invalid-client-credentials')}\n")
    assert found.id == cause


def polled(step, last=429):
    lines = []
    for at in range(4):
        minute, second = divmod(at * step, 60)
        lines.append(f"2026-11-12T03:{minute:02}:{second:02}Z POST {TOKEN} 200")
        lines.append(f"2026-11-12T03:{minute:02}:{second:02}Z GET {INBOX} 200")
    return "\n".join([*lines, f"2026-11-12T03:59:59Z POST {TOKEN} {last}"])


def test_a_token_for_each_call_is_seen_where_the_one_before_was_still_good():
    assert first(polled(2)).id == "token-for-each-call"
    assert first(polled(900)).id == "throttled"  # each token had ended before the next one


def changed(versions, status):
    return (
        f"base={API}  bearer=eyJraWQiOiJ4In0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl\n"
        f"POST updatePatientMessageStatus OPENED  [{ITEM} v2/r2]   200\n"
        f"POST updatePatientMessageStatus UNREAD  [{ITEM} {versions}]   {status}\n"
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (changed("v2/r2", 409), "versions-used-before"),
        (changed("v3/r2", 409), "versions-are-stale"),
    ],
)
def test_a_conflict_is_explained_by_the_versions_that_the_log_shows(text, cause):
    assert first(text).id == cause


def test_what_a_token_says_of_itself_never_stands_for_the_answer():
    asked = changed("v3/r3", 200)
    assert not any(each.known for each in explain(asked) if each.id == "jwt")
    odd = "we got a strange 409 today\nbearer eyJraWQiOiJ4In0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    assert not any(each.known and each.id == "jwt" for each in explain(odd))
    alone = "what is in it?\neyJraWQiOiJ4In0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
    assert first(alone).id == "jwt"


@pytest.mark.parametrize(("number", "cause"), [(1000, True), (999, False)])
def test_a_list_of_as_many_items_as_there_can_be_is_full(number, cause):
    found = first(f"INFO GET {INBOX}\nINFO 200, items={number}, limit=1000")
    assert (found.id == "list-is-full") is cause


LISTED = "inboxItems?patientId=12700100 -> 720564501, 720564502\ninboxItems?patientId=12700233 -> 720564917"


@pytest.mark.parametrize(("number", "cause"), [("720564917", True), ("720564502", False)])
def test_messages_of_another_patient_are_seen_by_the_lists_in_the_paste(number, cause):
    one = {"id": f"{number}.1.5.prsnl", "notificationVersion": 1, "recipientNotificationVersion": 1}
    body = json.dumps({"patientId": "12700100", "status": "OPENED", "messages": [one]})
    found = first(
        f"POST {UPDATE}\nAuthorization: Bearer a.b.c\n{body}\n\n400 Bad Request\n\n{LISTED}"
    )
    assert ("another patientId" in found.means) is cause
    assert "12700233" not in str(found)


@pytest.mark.parametrize(("kind", "cause"), [("REMINDER", True), ("MESSAGE", False)])
def test_a_reply_to_a_reminder_is_seen_by_the_item_in_the_paste(kind, cause):
    body = {
        "patientId": "12700100",
        "messageSender": {"id": "12700100", "type": "PERSON"},
        "recipients": [{"id": "1111", "type": "PERSONNEL"}],
        "previousMessageId": ITEM,
        "subject": "Re",
        "content": "<html><body>a</body></html>",
    }
    item = json.dumps({"id": ITEM, "notificationType": kind})
    found = first(
        f"{item}\n\nPOST {API}/patientMessages/sentItems\nAuthorization: Bearer a.b.c\n"
        f"{json.dumps(body)}\n\n400 Bad Request\n"
    )
    assert ("REMINDER" in found.means) is cause


@pytest.mark.parametrize(("status", "cause"), [("DELETED", True), ("OPENED", False)])
def test_a_list_goes_on_to_hold_what_was_put_to_the_trash(status, cause):
    listed = json.dumps({"items": [{"id": ITEM, "status": "DELETED"}]})
    text = f'POST {UPDATE}\n{{"patientId":"1","status":"{status}","messages":[]}}\n-> HTTP 200\n'
    found = first(f"{text}GET {INBOX}\nHTTP/1.1 200 OK\n\n{listed}")
    assert (found.id == "deleted-stays-listed") is cause


@pytest.mark.parametrize(
    ("tenant", "client", "cause"),
    [
        (CLIENT, CLIENT, "tenant-is-the-client-id"),
        (CLIENT, "2f64b8d1-03ce-4a97-b6e2-8d15f07a3c49", "unknown-tenant"),
    ],
)
def test_a_client_id_in_place_of_the_tenant_is_named(tenant, client, cause):
    body = refusal("invalid-tenant", "invalid_grant", client, tenant)
    url = TOKEN.replace(TENANT, tenant)
    assert first(f"POST {url}\nHTTP/1.1 400 Bad Request\n\n{body}").id == cause


def test_a_header_of_oauth_1_is_no_missing_header():
    body = (
        '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:token-required\\""}'
    )
    header = 'Authorization: OAuth oauth_version="1.0", oauth_token="a", oauth_signature="b"'
    sent = f"GET {INBOX}\nHEADER\nHTTP/1.1 401 Unauthorized\n\n{body}"
    assert first(sent.replace("HEADER", header)).id == "oauth-1-header"
    assert first(sent.replace("HEADER", "Accept: application/json")).id == "token-missing"


def resolved(address):
    return (
        f"FetchError: request to {INBOX} failed, reason: Hostname/IP does not match certificate's altnames: "
        "Host: api.cernermillennium.com. is not in the cert's altnames: DNS:a.example\n"
        "C:\\> nslookup api.cernermillennium.com\nServer:  UnKnown\nAddress:  10.0.0.1\n\n"
        f"Name:    api.cernermillennium.com\nAddress:  {address}\n"
    )


def test_a_private_address_of_the_host_shows_that_its_name_is_led_elsewhere():
    assert first(resolved("10.20.0.9")).id == "name-led-elsewhere"
    assert first(resolved("203.0.113.7")).id == "certificate-of-another-host"


def test_a_proxy_that_speaks_no_tls_is_told_from_a_host_that_speaks_none():
    words = "tls: first record does not look like a TLS handshake"
    assert first(f'Post "{TOKEN}": proxyconnect tcp: {words}').id == "proxy-named-with-https"
    assert first(f'Post "{TOKEN}": {words}').id == "no-tls-at-this-port"


def test_a_second_attempt_of_a_library_hides_no_scope():
    scope = refusal("empty-scopes", "invalid_scope")
    unread = refusal("invalid-authorization-header")
    settings = f'TokenURL: "{TOKEN}"\nclientcredentials.Config\nScopes: []string{{"a:b:c"}}\n'
    assert first(f"{settings}<< 400  {scope}\n<< 401  {unread}\n").id == "no-scope-granted"
    assert first(f"{settings}<< 401  {unread}\n").id == "authorization-header-malformed"


def test_secrets_are_empty_in_the_run_of_a_pull_request():
    log = (
        "Event: EVENT (opened)\n##[group]Run node smoke.mjs\nenv:\n  OH_CLIENT_SECRET: \n##[endgroup]\n"
        f"POST {TOKEN}\nauthorization: Basic Og==\n401 {refusal('invalid-authorization-header')}\n"
    )
    assert first(log.replace("EVENT", "pull_request")).id == "no-secrets-for-a-pull-request"
    assert first(log.replace("EVENT", "push")).id == "credential-is-blank"


def test_an_account_of_the_sandbox_cloud_is_unknown_in_the_production_cloud():
    tried = f"curl -u {CLIENT}:a-secret-of-16-signs -d '{FORM}' {TOKEN}\n{refusal('invalid-client-credentials')}\n"
    made = "https://{}/system-accounts -> Add\n"
    found = first(made.format("sandboxcernercentral.com") + tried)
    assert found.id == "account-made-in-the-sandbox-cloud"
    assert first(made.format("cernercentral.com") + tried).id == "pair-not-accepted"


def test_a_pair_that_a_library_encoded_is_told_from_a_variable_that_was():
    pair = base64.b64encode(f"{CLIENT.replace('-', '%2D')}:a%2Dsecret".encode()).decode()
    sent = f"POST {TOKEN}\nAuthorization: Basic {pair}\n\n{FORM}\n\nHTTP/1.1 401 X\n\n"
    sent += refusal("invalid-client-credentials")
    assert (
        first(f"at node_modules/oauth4webapi/build/index.js\n{sent}").id
        == "pair-encoded-by-the-library"
    )
    assert first(sent).id == "secret-percent-encoded"


def test_versions_of_a_change_are_compared_with_the_change_before_it():
    def change(version, status):
        one = {"id": ITEM, "notificationVersion": version, "recipientNotificationVersion": 1}
        body = json.dumps({"patientId": "1", "status": "OPENED", "messages": [one]})
        sent = (
            f"POST {UPDATE}\nAuthorization: Bearer a.b.c\nContent-Type: application/json\n\n{body}"
        )
        return f"{sent}\n\nHTTP/1.1 {status} X\nContent-Length: 0\n\n"

    assert first(change(2, 200) + change(2, 409)).id == "versions-used-before"
    assert first(change(2, 200) + change(3, 409)).id == "versions-are-stale"


def test_a_proxy_with_the_scheme_of_tls_is_likelier_than_the_port_of_the_host():
    words = f"[SSL: WRONG_VERSION_NUMBER] wrong version number: {TOKEN}\nHTTPS_PROXY={{}}://p.example:3128"
    assert first(words.format("https")).id == "proxy-perhaps-without-tls"
    assert first(words.format("http")).id == "no-tls-at-this-port"
