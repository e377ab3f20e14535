"""Pastes and words, each with the cause that it must get, and near misses that must not get it."""

import json
from functools import cache
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from golive.checks.verdict import ExitCode
from golive.cli.commands.checks import collected as collect
from golive.contract.catalogue import load
from golive.diagnosis.causes import entries
from golive.diagnosis.paste import explain
from golive.diagnosis.paste.answer import remarks, terms
from golive.diagnosis.paste.curl import parse
from golive.diagnosis.paste.protect import jwts
from golive.exchanges.jwt import encoded_part
from golive.kit.files import resources
from golive.twin.defects import DEFECT_FACTS, DEFECTS

ROOT = Path(__file__).parents[2]
PRODUCTION = "https://authorization.cerner.com"
SANDBOX = "https://authorization.sandboxcerner.com"
TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
FORMER = "0b8a0111-e8e6-4c26-a91c-5069cbc6b1ca"
API = f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems"
PATH = "protocols/oauth2/profiles/smart-v1/token"
RESOURCE = "urn:cerner:error:oauth2:resource-access:"
collected = cache(collect)  # every test asks for the same checks


def token_curl(host=PRODUCTION, *, more="-u id:{secret}", scope="oraclehealth:millennium:message"):
    return (
        f"curl {more} -d grant_type=client_credentials --data-urlencode 'scope={scope}' "
        f"'{host}/tenants/{TENANT}/{PATH}'\n"
    )


def token_error(tail, error="invalid_client"):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = f"{PRODUCTION}/errors/{urn}/instances/5b0a?client=unknown&tenant={TENANT}"
    return json.dumps({"error": error, "error_uri": uri})


def gateway(status, tail, **pairs):
    parts = [f'code="{RESOURCE}{tail}"', *(f'{k}="{v}"' for k, v in pairs.items())]
    return json.dumps({"code": status, "message": ", ".join(parts)})


UNKNOWN_KID = gateway(
    401, "signature-verification-failed", error="invalid_token", subcode="unknown_kid", kid="k"
)
API_CURL = f"curl -H 'Authorization: Bearer {{token}}' '{API}?patientId=1'\n"


@pytest.mark.parametrize(
    ("paste", "cause"),
    [
        (token_curl(SANDBOX) + API_CURL + UNKNOWN_KID, "wrong-cloud"),
        (token_curl() + API_CURL + UNKNOWN_KID, "unknown-key"),
        (UNKNOWN_KID, "unknown-key-of-unknown-cloud"),
        (token_curl(SANDBOX) + API_CURL, "wrong-cloud"),
        (token_curl() + API_CURL, "requests-without-an-answer"),
        (token_error("oauth2:token:empty-scopes", "invalid_scope"), "no-scope-granted"),
        (token_error("oauth2:token:invalid_client_credentials"), "pair-not-accepted"),
        (
            token_curl(more="-H 'Authorization: Bearer {x}'")
            + token_error("oauth2:token:invalid-authorization-header"),
            "credential-as-bearer",
        ),
        (
            token_curl(more="-d client_secret={s}")
            + token_error("oauth2:token:invalid-authorization-header"),
            "credential-in-body",
        ),
        (
            token_curl(more="") + token_error("oauth2:token:invalid-authorization-header"),
            "credential-missing",
        ),
        (
            token_error("oauth2:token:invalid-authorization-header"),
            "authorization-header-malformed",
        ),
        (token_error("oauth2:token:invalid-tenant", "invalid_grant"), "unknown-tenant"),
        (token_curl(scope="a,b"), "scopes-with-commas"),
        (
            token_curl(scope="system/Patient.read")
            + token_error("oauth2:token:empty-scopes", "invalid_scope"),
            "fhir-scopes-not-granted",
        ),
        (gateway(403, "insufficient-scopes", error="insufficient_scope"), "scope-lacking"),
        (gateway(401, "token-required"), "token-missing"),
        ("HTTP/1.1 503 Service Unavailable\nServer: x\n\n", "not-available"),
        ("HTTP/2 429\nretry-after: 3\n", "throttled"),
        ("HTTP/1.1 200 OK\nContent-Type: text/html\n\n<html><p>Sign in</p></html>", "sign-in-page"),
        ("<!DOCTYPE html><html><title>Sign in</title></html>", "page-for-a-person-to-sign-in"),
        (
            API_CURL.replace("20241001", "v9")
            + 'HTTP/1.1 404 Not Found\n\n{"code":"N","message":"n"}',
            "api-version-unknown",
        ),
        ('HTTP/1.1 404 Not Found\n\n{"code":"N","message":"n"}', "not-found"),
        (API_CURL + 'HTTP/1.1 404 Not Found\n\n{"code":"N","message":"n"}', "patient-unknown"),
        (
            API_CURL.replace("?patientId=1", "")
            + 'HTTP/1.1 404 Not Found\n\n{"code":"N","message":"n"}',
            "test-data-unknown",
        ),
        (
            API_CURL + "HTTP/1.1 404 Not Found\nContent-Type: text/html\n\n<html>Not Found</html>",
            "error-page",
        ),
        (
            'HTTP/1.1 400 Bad\n\n{"code":"X","message":"Unable to convert HTML to RTF"}',
            "content-refused",
        ),
        ('HTTP/1.1 400 Bad\n\n{"code":"X","message":"another reason"}', "unknown-input"),
        (
            'HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer realm="x", error="invalid_token"\n',
            "token-refused",
        ),
        ('{"access_token":"abcdefgh12","scope":"x","token_type":"Bearer"}', "success"),
    ],
)
def test_a_paste_gets_its_cause(paste, cause):
    assert explain(paste)[0].id == cause


@pytest.mark.parametrize(
    "prose",
    [
        "my colleague says unknown_kid means wrong-cloud",
        "we saw invalid_client in a dream about 401s",
        '{"note": "signature-verification-failed unknown_kid"}',
    ],
)
def test_causes_never_match_words_in_prose(prose):
    assert not [answer for answer in explain(prose) if answer.known]


GRANTED = 'HTTP/1.1 200 OK\n\n{"access_token":"x","scope":"oraclehealth:millennium:message"}\n'
REMARKED = {
    "answer-of-a-fhir-api": (
        API_CURL + '{"resourceType":"OperationOutcome","issue":[{"code":"login"}]}',
        API_CURL + UNKNOWN_KID,
    ),
    "scope-of-another-api": (
        token_curl(scope="system/Patient.read") + API_CURL,
        API_CURL + token_curl(scope="system/Patient.read oraclehealth:millennium:message"),
    ),
    "hosts-of-another-api": (
        token_curl().replace("/protocols/", "/hosts/fhir-ehr.cerner.com/protocols/") + API_CURL,
        token_curl().replace("/protocols/", "/hosts/api.cernermillennium.com/protocols/"),
    ),
    "flow-is-right": (token_curl() + API_CURL, token_curl(more="") + API_CURL),
    "tenant-of-the-former-sandbox": (
        f"GET https://fhir-ehr.sandboxcerner.com/r4/{FORMER}/Coverage/1\n\nHTTP/1.1 403 F\n\n"
        + gateway(403, "insufficient-scopes", error="insufficient_scope"),
        f"GET https://fhir-ehr.sandboxcerner.com/r4/{TENANT}/Coverage/1\n\nHTTP/1.1 403 F\n\n",
    ),
    "which-url-for-what": (token_curl(SANDBOX) + API_CURL, token_curl() + API_CURL),
    "lifetime-is-no-fault": (
        API_CURL + "\nfinding: expires_in=570 but exp - iat = 600\n",
        API_CURL + "\nfinding: expires_in=570 but exp - iat = 900\n",
    ),
    "no-refresh-token-is-no-fault": (
        API_CURL + "\nno refresh_token in the answer (grant_type=client_credentials)\n",
        API_CURL + "\nno refresh_token in the answer (grant_type=authorization_code)\n",
    ),
    "order-of-scopes-is-no-fault": (
        API_CURL + "\nasked system/A.read system/B.read\ngranted system/B.read system/A.read\n",
        API_CURL + "\nasked system/A.read system/B.read\ngranted system/B.read system/C.read\n",
    ),
    "content-type-on-a-get": (
        API_CURL.replace("curl", "curl -H 'Content-Type: application/json'"),
        API_CURL.replace("curl", "curl -H 'Content-Type: application/json' -d '{}'"),
    ),
    "undocumented-media-type": (
        API_CURL.replace("curl", "curl -H 'Content-Type: application/ehr+json'"),
        API_CURL.replace("curl", "curl -H 'Accept: application/json'"),
    ),
    "scope-allows-writes": (token_curl() + GRANTED, token_curl()),
    "certificate-not-checked": (API_CURL.replace("curl", "curl -sk"), API_CURL),
    "not-encrypted": (
        API_CURL.replace("https:", "http:"),
        f"curl http://127.0.0.1:80/api.cernermillennium.com/{TENANT}/message/20241001/x",
    ),
    "scopes-joined-by-commas": (token_curl(scope="a,b"), token_curl(scope="a b")),
}


@pytest.mark.parametrize("name", [entry["id"] for entry in remarks()])
def test_each_remark_is_made_where_it_holds_and_not_on_its_near_miss(name):
    hit, miss = REMARKED[name]
    assert name in [answer.id for answer in explain(hit)]
    assert name not in [answer.id for answer in explain(miss)]


@pytest.mark.parametrize(
    "command",
    [
        "curl --location --request POST 'https://h.example/t' \\\n --header 'A: b' --data-raw 'c=d'",
        'curl -L -X POST "https://h.example/t" ^\n -H "A: b" ^\n -d "c=d"',
        "curl -L -X POST 'https://h.example/t' `\n -H 'A: b' `\n -d 'c=d'",
        "curl --url=https://h.example/t -HA:b -dc=d --compressed --frobnicate",
        "curl \u2018https://h.example/t\u2019 -H \u201cA: b\u201d --data-urlencode c=d",
        "curl https://h.example/t -H $'A: b' --data-binary $'c=d' | jq .",
    ],
)
def test_every_shell_s_way_to_write_a_command_is_the_same_request(command):
    request = parse(command)
    assert (request.method, request.url, request.body) == ("POST", "https://h.example/t", "c=d")
    assert request.header("a") == "b"


def test_a_command_without_a_url_or_with_an_open_quote_breaks_nothing():
    assert parse("curl --version") is None
    assert parse("curl 'https://h.example/t").url.endswith("h.example/t")


def test_an_exported_request_and_the_marks_of_curl_v_are_read():
    raw = f"POST {SANDBOX}/tenants/{TENANT}/{PATH} HTTP/1.1\nAuthorization: Bearer x\n\n"
    answer = token_error("oauth2:token:invalid-authorization-header")
    assert (
        explain(f"{raw}grant_type=client_credentials\n\n{answer}")[0].id == "credential-as-bearer"
    )
    verbose = f"* Trying\n> GET /x HTTP/1.1\n> Host: api.cernermillennium.com\n>\n< HTTP/1.1 401 U\n<\n{UNKNOWN_KID}"
    assert explain(verbose)[0].id == "unknown-key-of-unknown-cloud"


def test_every_exit_code_term_defect_cause_and_error_row_is_explained():
    words = {str(int(code)) for code in ExitCode} | set(DEFECTS)
    words |= {entry["id"] for entry in (*terms(), *entries()) if entry.get("kind") != "urn"}
    words |= {
        f"urn:cerner:error:authorization-server:{t['id']}" for t in terms() if t["kind"] == "urn"
    }
    words |= {case.id for case in load(resources() / "schemas")}
    assert not [w for w in words - {"unknown"} if not explain(w)[0].known]


def test_a_row_says_what_oracle_s_hosts_alone_must_answer_and_how_that_is_known():
    (answer,) = [one for one in explain("token-wrong-secret") if one.kind == "check"]
    assert dict(answer.details)["Oracle's"] == (
        "urn oauth2:token:invalid-client-credentials (observed: contract-facts §5 row 7)"
    )
    assert answer.source == "RFC 6749 §5.2"


@pytest.mark.parametrize(
    ("body", "cause", "evidence", "cure"),
    [
        (
            {"error": "invalid_token", "subcode": "unknown_kid"},
            "unknown-key-of-unknown-cloud",
            "status 401, error invalid_token, subcode unknown_kid",
            "Take the token from",
        ),
        (
            {"error": "insufficient_scope"},
            "scope-lacking",
            "status 403, error insufficient_scope",
            "Compare `scope` in the token response",
        ),
        (
            {"error": "invalid_token", "subcode": "Mrs Smith's key"},
            "token-refused-for-a-named-reason",
            "subcode (a text of 15 characters)",
            "compare the token URL",
        ),
    ],
)
def test_a_resource_s_error_is_known_without_the_gateway_s_message(body, cause, evidence, cure):
    """RFC 6750 §3.1: invalid_token and insufficient_scope are said by the API, never by the token endpoint."""
    (answer,) = explain(json.dumps(body))
    details = dict(answer.details)
    assert answer.id == cause
    assert evidence in details["evidence"]
    assert cure in details["change"]


@pytest.mark.parametrize("body", [{"error": []}, {"error": {}, "subcode": 1}, {"subcode": [1]}])
def test_an_error_of_another_form_is_no_crash(body):
    assert explain(json.dumps(body))[0].id == "unknown-input"


def test_what_only_generated_requests_show_is_run_with_them():
    def command(word, label):
        (answer,) = explain(word, lambda: collected(generated=True))
        return dict(answer.details)[label]

    for name, facts in DEFECT_FACTS.items():
        assert ("--generated" in command(name, "try it")) is facts.needs_unusual_input
    assert command("year-1-breaks-the-server", "try it") == (
        "golive run twin --generated --defect year-1-breaks-the-server"
    )
    assert command("generated-inbox-no-server-error", "run it") == (
        "golive run ENV --generated -k generated-inbox-no-server-error"
    )


@pytest.mark.unmeasured
def test_every_check_is_explained():
    checks = collected()
    assert len(checks) > 100
    for check in checks:
        assert check.statement in [answer.means for answer in explain(check.id, lambda: checks)]


def test_an_error_uri_states_the_tenant_of_the_other_cloud():
    uri = json.loads(token_error("oauth2:token:invalid-tenant"))["error_uri"]
    assert "unknown-tenant" in str(explain(uri)[0].details)
    other = str(explain(uri.replace(PRODUCTION, SANDBOX))[0].details)
    assert "sandbox-tenant-at-sandbox-cloud" in other


@pytest.mark.parametrize("word", ["999", "12345", "urn:cerner:error:nothing", "eyJ.a.b"])
def test_a_word_of_a_known_form_that_is_not_known_is_said_to_be_unknown(word):
    assert not explain(word)[0].known


def test_the_data_keep_their_schema_and_every_cause_they_name_exists():
    schema = json.loads((ROOT / "schemas" / "terms.schema.json").read_text())
    file = ROOT / "src" / "golive" / "diagnosis" / "paste" / "terms.yaml"
    Draft202012Validator(schema).validate(yaml.safe_load(file.read_text()))
    assert {t["cause"] for t in terms() if "cause" in t} <= {entry["id"] for entry in entries()}


@pytest.mark.parametrize("word", ["401", "504", "418", "2"])
def test_a_status_and_an_exit_code_of_another_program_are_reported(word):
    answer = explain(word)[0]
    assert answer.id == word
    assert answer.known


@pytest.mark.parametrize(("host", "trusted"), [(PRODUCTION, True), (SANDBOX, False)])
def test_a_token_states_its_cloud_and_its_time(host, trusted):
    claims = {"iss": f"{host}/", "exp": 1_600_000_000}
    token = f"{encoded_part({'alg': 'ES256', 'kid': 'k1'})}.{encoded_part(claims)}.c2lnbmF0dXJl"
    details = dict(explain(token)[0].details)
    assert ("change" not in details) == trusted
    assert details["time"].startswith("expired since 2020-09-13")


def test_an_encrypted_token_shows_its_header_and_nothing_else():
    header = {"alg": "dir", "enc": "A128CBC-HS256", "kid": "2025-01-20T02:40:30.561.oct"}
    answer = explain(f"{encoded_part(header)}..aXY.dGV4dA.dGFn")[0]
    assert answer.id == "jwe"
    assert "2025-01-20T02:40:30.561.oct" in dict(answer.details)["evidence"]
    assert "can't be seen from outside" in dict(answer.details)["note"]


def test_a_token_whose_issuer_is_half_an_address_is_read_all_the_same():
    token = f"{encoded_part({'alg': 'ES256', 'kid': 'k1'})}.{encoded_part({'iss': 'https://[half'})}.c2ln"
    assert dict(explain(token)[0].details)["issuer"] == "https://[half: unknown cloud"


def test_a_word_that_nearly_is_one_gets_the_one_that_may_be_meant():
    assert 'Did you mean "unknown_kid"?' in explain("unknown_kidd")[0].means
    near = explain("inbox-newest-frist", collected)[0]
    assert 'Did you mean "inbox-newest-first"?' in near.means


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("exit 6", "6"),
        ("exit code 4", "4"),
        ("golive exited with code 7.", "7"),
        ("rc=130", "130"),
        ("exit status: 0", "0"),
        ("COULD NOT TELL", "6"),
        ("no-go", "1"),
    ],
)
def test_an_exit_code_is_known_by_the_words_around_it(said, code):
    answer = explain(said)[0]
    assert (answer.kind, answer.id) == ("exit-code", code)


@pytest.mark.parametrize("said", ["status 401", "401", "error: 429"])
def test_a_status_is_no_exit_code(said):
    assert explain(said)[0].kind == "status"


def test_a_cause_by_its_name_has_the_line_to_write_and_reads_as_a_sentence():
    answer = explain("wrong-cloud")[0]
    details = dict(answer.details)
    assert details["exactly"].startswith("https://authorization.cerner.com/tenants/{tenant}/hosts/")
    assert "`token.url` of your environment file" in details["change"]
    for entry in entries():
        told = explain(entry["id"])[0]
        said = f"{told.means} {' '.join(text for _, text in told.details)}"
        assert "(unknown " not in said, said
        assert "your requests" not in said, said
        assert not told.means.startswith(("the ", "your ")), said


def test_a_jwt_is_found_wherever_it_stands():
    token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJ4In0.c2ln"
    for text in (
        token,
        f"Bearer%20{token}",
        f"x.y.{token}",
        f'"{token}".',
        "eyJ" * 300_000 + f" {token}",
    ):
        assert any(token in found for found in jwts(text)), text[:40]
    assert not list(jwts("eyJ" * 300_000))


def test_prose_with_a_urn_or_a_status_is_read_by_these():
    assert explain(f"it says {RESOURCE}token-required today")[0].id == "token-required"
    assert explain("status 429")[0].id == "429"
