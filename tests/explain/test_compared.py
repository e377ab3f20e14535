"""What stands beside a request and its answer counts: times, keys, tenants, settings, an error that nobody explains."""

import base64
import json

import pytest
from click.testing import CliRunner

from golive.cli.commands.explain import command
from golive.diagnosis.paste import explain
from golive.diagnosis.services import forms, vendor_of

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
FORMER = "0b8a0111-e8e6-4c26-a91c-5069cbc6b1ca"
CLOUD = "https://authorization.cerner.com"
TOKEN = f"{CLOUD}/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
MESSAGES = f"https://api.cernermillennium.com/{TENANT}/message/20241001"
INBOX = f"{MESSAGES}/patientMessages/inboxItems?patientId=1"
SENT = f"{MESSAGES}/patientMessages/sentItems"
CLIENT = "5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10"
CHALLENGE = 'WWW-Authenticate: Bearer error="invalid_token"'
REFUSED = f"HTTP/1.1 401 Unauthorized\nDate: Mon, 02 Mar 2026 08:10:00 GMT\n{CHALLENGE}\n"
AT = 1772439000
"""The time of that answer."""


def packed(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(claims, **header):
    return f"{packed({'alg': 'ES256', 'kid': 'k', **header})}.{packed(claims)}.c2ln"


def access(exp):
    own = {"ver": "1.0", "tnt": TENANT, "azs": "oraclehealth:millennium:message"}
    return {
        "iss": f"{CLOUD}/",
        "iat": exp - 600,
        "exp": exp,
        "urn:com:cerner:authorization:claims": own,
    }


def refusal(tail, error="invalid_client", tenant=TENANT):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    return json.dumps(
        {"error": error, "error_uri": f"{CLOUD}/errors/{urn}/instances/1?tenant={tenant}"}
    )


def first(text):
    return explain(text)[0]


HEADER = refusal("oauth2:token:invalid-authorization-header")
OLD_CODE = refusal("oauth2:token:code-invalid-or-expired", "invalid_grant")
RUST = 'E { kind: R, u: "https://authorisation.cerner.com", x: "failed to lookup address information" }'
UPDATE = "updatePatientMessageStatus"


def words(answer):
    return " ".join([answer.means, *(text for _, text in answer.details)])


def bearer(value, url=INBOX):
    return f"GET {url}\nAuthorization: Bearer {value}\n\n"


UNEXPLAINED = {
    "an error of a library": f"asking {TOKEN}\nBulkheadFullException: no permits\n",
    "words of a person": f"{TOKEN}\nit does not work since Monday\n",
    "an error behind a success": f"{TOKEN}\n"
    + json.dumps({"access_token": "x.y", "scope": "a"})
    + "\nFrobError: nope\n",
}


@pytest.mark.parametrize("text", UNEXPLAINED.values(), ids=UNEXPLAINED)
def test_an_error_that_no_rule_explains_is_unknown_although_a_url_stands_beside_it(text, tmp_path):
    file = tmp_path / "paste.txt"
    file.write_text(text)
    done = CliRunner().invoke(command, ["--file", str(file)], standalone_mode=False)
    assert done.return_value == 6
    assert "error-unexplained" in done.output


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (f"TOKEN_URL={TOKEN}\nTIMEOUT=30\n", False),
        (json.dumps({"access_token": "x.y", "scope": "a"}), True),
    ],
)
def test_settings_and_a_success_alone_report_no_error(text, known):
    found = explain(text)
    assert "error-unexplained" not in {answer.id for answer in found}
    assert found[0].known is known  # that nothing is known to be wrong explains nothing


@pytest.mark.parametrize(
    ("exp", "cause"),
    [(AT - 1, "token-expired"), (AT + 100, "token-refused")],
    ids=["late", "in time"],
)
@pytest.mark.parametrize("form", ["sent", "compact beside it", "decoded beside it"])
def test_the_end_of_a_token_is_compared_with_the_time_of_the_answer(exp, cause, form):
    claims = access(exp)
    text = {
        "sent": bearer(jwt(claims)),
        "compact beside it": f"{jwt(claims)}\nGET {INBOX}\n\n",
        "decoded beside it": f"{json.dumps(claims)}\nGET {INBOX}\n\n",
    }[form]
    found = first(text + REFUSED)
    assert found.id == cause
    assert ("before" if cause == "token-expired" else "after") + " the time of the answer" in words(
        found
    )


def test_a_log_with_a_zone_gives_the_time_and_one_without_gives_none():
    failed = f"call failed: 401 Client Error: x for url: {INBOX}"
    line = f"{json.dumps(access(AT))}\n%s {failed}\n{REFUSED.replace('Date', 'X-D')}"
    assert first(line % "2026-03-02T08:11:00Z").id == "token-expired"
    assert first(line % "2026-03-02 08:11:00").id == "token-refused"


def test_what_was_not_compared_is_not_said_to_be_in_order():
    said = words(first(bearer("opaque") + REFUSED))
    assert "Not shown, so not compared: cloud, tenant, time, host segment" in said
    assert "nothing wrong" not in said


SENT_AS = {
    "{{access_token}}": "placeholder-sent-as-the-token",
    "${token}": "placeholder-sent-as-the-token",
    "Bearer opaque": "bearer-written-twice",
    "<redacted>": "token-refused",
    "opaque": "token-refused",
}


@pytest.mark.parametrize(("value", "cause"), SENT_AS.items())
def test_the_authorization_header_is_read_in_every_record_of_a_call(value, cause):
    console = {
        "Request Headers": {"authorization": f"Bearer {value}"},
        "Response Headers": {"www-authenticate": 'Bearer error="invalid_token"'},
    }
    okhttp = f"--> GET {INBOX}\nAuthorization: Bearer {value}\n--> END GET\n<-- 401 {INBOX} (8ms)\n"
    for text in (
        bearer(value) + REFUSED,
        okhttp + 'www-authenticate: Bearer error="invalid_token"\n<-- END HTTP\n',
        f"GET {INBOX}: {json.dumps(console)}",
    ):
        assert first(text).id == cause


def assertion(alg="ES384", aud=TOKEN, kid="own-2", life=200):
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": aud, "jti": "1", "iat": AT, "exp": AT + life}
    return (
        f"POST {TOKEN}\ncontent-type: application/x-www-form-urlencoded\n\ngrant_type=client_credentials&scope=a"
        f"&client_assertion={jwt(claims, alg=alg, kid=kid)}\n\n400\n"
        + refusal("client-assertion:jwt-bearer:invalid-signature")
    )


@pytest.mark.parametrize(
    ("text", "cause", "said"),
    [
        (assertion(alg="RS256"), "assertion-not-as-demanded", "alg is RS256"),
        (assertion(aud=f"{CLOUD}/"), "assertion-not-as-demanded", f"aud is {CLOUD}/"),
        (assertion(life=900), "assertion-not-as-demanded", "900 seconds"),
        (assertion(), "assertion-not-verified", "likely, not proven"),
        (
            '{"keys":[{"kty":"EC","kid":"own-1"}]}\n' + assertion(),
            "assertion-key-not-in-the-key-set",
            "own-1 alone",
        ),
        (
            '{"keys":[{"kty":"EC","kid":"own-2"}]}\n' + assertion(),
            "assertion-not-verified",
            "likely, not proven",
        ),
    ],
)
def test_an_assertion_is_compared_with_what_the_token_endpoint_demands(text, cause, said):
    found = first(text)
    assert found.id == cause
    assert said in words(found)


FORMS_OF_A_TENANT = {
    "a variable": f"TENANT={FORMER}\nTOKEN_URL={CLOUD}/tenants/${{TENANT}}/protocols/oauth2/profiles/smart-v1/token\n",
    "a URL": f"curl -u a:b -d grant_type=client_credentials -d scope=a {TOKEN.replace(TENANT, FORMER)}\n",
    "an answer": refusal("oauth2:token:invalid-tenant", "invalid_request", FORMER),
}


@pytest.mark.parametrize("text", FORMS_OF_A_TENANT.values(), ids=FORMS_OF_A_TENANT)
def test_the_tenant_of_the_former_sandbox_is_seen_in_any_form(text):
    found = first(text)
    assert found.id == "tenant-of-the-former-sandbox"
    assert TENANT in words(found)
    assert first(text.replace(FORMER, f"1{FORMER[1:]}")).id != "tenant-of-the-former-sandbox"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (f"POST {SENT}\n\nHTTP/1.1 500 Internal Server Error\n", "write-of-unknown-outcome"),
        (f"POST {SENT}\n\nHTTP/1.1 504 Gateway Timeout\n", "write-of-unknown-outcome"),
        (f"got 503 Service Unavailable from POST {SENT}\n", "write-of-unknown-outcome"),
        (
            f"POST {SENT}\njava.net.SocketTimeoutException: Read timed out\n",
            "write-of-unknown-outcome",
        ),
        (f"GET {INBOX}\n\nHTTP/1.1 500 Internal Server Error\n", "server-failed"),
        (f"POST {TOKEN}\n\nHTTP/1.1 503 Service Unavailable\n", "not-available"),
        (
            f"POST {SENT}\njava.net.UnknownHostException: api.cernermillennium.com\n",
            "name-does-not-resolve",
        ),
    ],
)
def test_a_write_of_unknown_outcome_is_looked_at_before_it_is_repeated(text, cause):
    found = first(text)
    assert found.id == cause
    assert ("Do not send it again before you have looked" in words(found)) == cause.startswith(
        "write"
    )


def test_where_the_method_is_not_known_a_write_is_named_before_a_repeat():
    assert "look first whether it was done" in words(
        first("HTTP/1.1 500 Internal Server Error\nopc-request-id: /A\n")
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"curl -H 'Authorization: Bearer x' '{INBOX}&limit=9'\nHTTP/1.1 400 Bad Request\n",
            "limit",
        ),
        (
            f"https GET {MESSAGES}/patientMessages/inboxItems patientId==1 limit==9\nHTTP/1.1 400 Bad Request\n",
            "limit",
        ),
        (
            f"GET {INBOX}&createDateTimeLessThanOrEqualTo=2026-01-01T00:00:00.000Z\n\nHTTP/1.1 400 Bad Request\n",
            "Milliseconds",
        ),
        (
            f'curl -d \'{{"patientId":"1","status":"SEEN","messages":[]}}\' {MESSAGES}/actions/{UPDATE}'
            "\nHTTP/1.1 400 Bad Request\n",
            "UNREAD, OPENED, DELETED",
        ),
    ],
)
def test_a_request_is_compared_with_the_contract(text, said):
    found = first(text)
    assert found.id == "request-breaks-the-contract"
    assert said in words(found)


def test_a_request_that_keeps_the_contract_breaks_no_rule():
    assert (
        first(f"GET {INBOX}&limit=1000\n\nHTTP/1.1 400 Bad Request\n").id == "request-not-accepted"
    )


VENDORS = {
    "Okta": '{"errorCode":"invalid_client","errorSummary":"The client is not one of this organization."}',
    "Microsoft Entra": '{"error":"invalid_client","error_description":"AADSTS70001: The app was not found here."}',
    "Google": '{"error":{"code":401,"message":"Request had no usable credential at all.","status":"X"}}',
    "a HAPI FHIR server": '{"resourceType":"OperationOutcome","issue":[{"diagnostics":"HAPI-0001: Not a thing here"}]}',
}


@pytest.mark.parametrize(("name", "body"), VENDORS.items(), ids=VENDORS)
def test_another_vendor_is_known_by_the_form_of_its_answer_and_its_own_words_are_repeated(
    name, body
):
    found = first(f"HTTP/1.1 401 Unauthorized\ncontent-type: application/json\n\n{body}")
    assert found.id == "another-server-says-why"
    assert name in found.means
    assert "Cerner" not in words(found)


def test_an_answer_with_none_of_the_forms_is_nobodys():
    assert not first('HTTP/1.1 401 Unauthorized\n\n{"reason":"no"}').known
    assert vendor_of({"code": 401, "message": "x"}, ["opc-request-id"], "") is None
    assert len({form["name"] for form in forms()}) == len(forms())


def test_the_scope_of_oracle_at_another_token_endpoint_is_named():
    ask = "curl -u a:b -d 'grant_type=client_credentials&scope={}' https://x.identity.oraclecloud.com/oauth2/v1/token\n"
    answer = '{"error":"invalid_client","error_description":"no"}'
    assert (
        first(ask.format("oraclehealth:millennium:message") + answer).id
        == "oracle-scope-asked-of-another-server"
    )
    assert (
        first(ask.format("urn:opc:idm:__myscopes__") + answer).id
        == "another-server-refuses-the-client"
    )


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (f"{TOKEN}\nOAuthError: invalid_client:\n", "client-refused"),
        (f"{TOKEN}\nOAuthError: invalid_scope:\n", "scope-refused-for-an-unread-reason"),
        (f"auth_scheme: :request_body\n{HEADER}", "credential-in-body"),
        (f"auth_scheme: :basic_auth\n{HEADER}", "authorization-header-malformed"),
        (f"{TOKEN}\nTask timed out after 3.00 seconds\n", "killed-by-its-platform"),
        (f"{TOKEN}\njwt.exceptions.ImmatureSignatureError: The token is not yet valid (nbf)\n", "own-clock-behind"),
        (f"{TOKEN}\nTypeError: fetch failed\n  code: 'ECONNRESET'\n", "connection-cut"),
        ("No connection adapters were found for '\"https://h.example/token\"'\n", "url-in-quotes"),
        (f'# docker run --env-file x.env i\nTOKEN_URL="{TOKEN}"\n', "quotes-kept-in-the-variables"),
        (f'# docker compose up\nTOKEN_URL="{TOKEN}"\n', "requests-without-an-answer"),
        (RUST, "host-misspelt"),
        (f"POST {TOKEN} 200 (OK)\nPOST {TOKEN} 400 (Bad Request)\n{OLD_CODE}", "code-exchanged-twice"),
        (f"POST {TOKEN} 400 (Bad Request)\n{OLD_CODE}", "code-not-accepted"),
        (refusal("oauth2:token:refresh-token:session-invalid", "invalid_grant"), "session-of-the-refresh-token-ended"),
    ],
)  # fmt: skip
def test_what_the_text_says_has_its_cause(text, cause):
    assert first(text).id == cause


def test_a_line_end_in_a_kubernetes_secret_is_seen_and_its_value_is_not_shown():
    secret = "canary-of-a-secret-0042"
    for ends, cause in (("\n", "secret-data-with-line-end"), ("", "pair-not-accepted")):
        data = {"CLIENT_ID": CLIENT + ends, "CLIENT_SECRET": secret + ends, "TOKEN_URL": TOKEN}
        lines = [
            f"  {name}: {base64.b64encode(value.encode()).decode()}" for name, value in data.items()
        ]
        text = "\n".join(
            [
                "kind: Secret",
                "data:",
                *lines,
                "# " + refusal("oauth2:token:invalid-client-credentials"),
            ]
        )
        found = first(text)
        assert found.id == cause
        assert secret not in json.dumps(found.as_dict())


def test_scopes_of_an_httpie_command_are_read_whole():
    ask = f"http --form POST {TOKEN} -a id:x grant_type=client_credentials scope='system/A.read system/B.read'\n"
    found = first(ask + refusal("oauth2:token:empty-scopes", "invalid_scope"))
    assert "asked system/A.read system/B.read" in words(found)
