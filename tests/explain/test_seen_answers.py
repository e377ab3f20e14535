"""The answers that were seen in the wild, pasted without a command: each with its cause, evidence and cure."""

import json
from typing import NamedTuple

import pytest

from golive.diagnosis.paste import explain

CLOUD = "https://authorization.cerner.com"
OTHER = "https://authorization.sandboxcerner.com"
PUBLIC = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
FOREIGN = "5a9dbc10-7e1f-4c3b-8f26-d0c4e9b71a55"
INSTANCE = "675905ca-0a64-4143-bef0-1bde021ac5a3"


def token_error(tail, error, *, host=CLOUD, tenant=PUBLIC):
    urn = f"urn:cerner:error:authorization-server:{tail}".replace(":", "%3A")
    uri = f"{host}/errors/{urn}/instances/{INSTANCE}?client=unknown&tenant={tenant}"
    return json.dumps({"error": error, "error_uri": uri})


def gateway(status, tail, **pairs):
    said = {"code": f"urn:cerner:error:oauth2:resource-access:{tail}", **pairs}
    message = ", ".join(f'{name}="{value}"' for name, value in said.items())
    return json.dumps({"code": status, "message": message})


def outcome(code, diagnostics):
    issue = {"severity": "error", "code": code, "diagnostics": diagnostics}
    return json.dumps({"resourceType": "OperationOutcome", "issue": [issue]})


def block(status, body="", *headers):
    return "\n".join([f"HTTP/1.1 {status} Words", *headers, "", body])


def challenge(realm, wanted, came):
    said = f"Invalid issuer. Expected {wanted}/, received {came}"
    return f'WWW-Authenticate: Bearer realm="{realm}", error="invalid_token", error_description="{said}"'


class Seen(NamedTuple):
    """A paste, and what it must get: the cause, and words of its evidence or ids and of its cure."""

    paste: str
    cause: str
    evidence: str
    cure: str


INVALID_HEADER = token_error("oauth2:token:invalid-authorization-header", "invalid_client")
TOKEN_REFUSED = 'Bearer realm="fhir-ehr-code.cerner.com", error="invalid_token"'
UNKNOWN_KID = gateway(
    401, "signature-verification-failed", error="invalid_token", subcode="unknown_kid", kid="2025-k"
)
ROWS = {
    "1 nothing granted": Seen(
        block(400, token_error("oauth2:token:empty-scopes", "invalid_scope"), "Cerner-Correlation-ID: c-1"),
        "no-scope-granted", "Cerner-Correlation-ID c-1", "exact names, with spaces"),
    "4 one scope that is not registered": Seen(
        json.dumps({"error": "unauthorized_client"}), "unregistered-scope", "error unauthorized_client",
        "Have the scope added"),
    "5 no Basic header": Seen(
        block(401, INVALID_HEADER), "authorization-header-malformed", "production cloud", "encoded once"),
    "6 the same in the other cloud": Seen(
        token_error("oauth2:token:invalid-authorization-header", "invalid_client", host=OTHER),
        "authorization-header-malformed", "authorization.sandboxcerner.com: sandbox cloud", "encoded once"),
    "7 a wrong pair": Seen(
        token_error("oauth2:token:invalid-client-credentials", "invalid_client"),
        "pair-not-accepted", f"Cerner-Correlation-ID {INSTANCE}", "id and secret swapped"),
    "8 a tenant of another domain": Seen(
        token_error("oauth2:token:invalid-tenant", "invalid_grant", tenant=FOREIGN),
        "unknown-tenant", f"tenant {FOREIGN}", "another cloud than the one that authorization.cerner.com serves"),
    "8 a tenant with a stray character": Seen(
        token_error("oauth2:token:invalid-tenant", "invalid_grant", tenant=FOREIGN + "x"),
        "malformed-tenant", "urn oauth2:token:invalid-tenant", "Copy the bare id"),
    "8 a tenant that somebody masked": Seen(
        token_error("oauth2:token:invalid-tenant", "invalid_grant", tenant="xxxxxxxx-xxxx"),
        "unknown-tenant", "production cloud", "the tenant in the URLs"),
    "9 an assertion by an unknown key": Seen(
        token_error("client-assertion:jwt-bearer:invalid-signature", "invalid_client"),
        "assertion-not-verified", "invalid-signature", "the `kid` in the assertion's header"),
    "10 an old code": Seen(
        block(400, token_error("oauth2:token:code-invalid-or-expired", "invalid_grant")),
        "code-not-accepted", "error invalid_grant", "one time"),
    "11 a scope that is missing for the path": Seen(
        gateway(403, "insufficient-scopes", error="insufficient_scope", subcode="no_scope_for_resource_path"),
        "scope-lacking", "no_scope_for_resource_path", "Compare `scope` in the token response"),
    "12 no token": Seen(
        gateway(401, "token-required"), "token-missing", "urn token-required", "Authorization: Bearer TOKEN"),
    "13 another tenant's token": Seen(
        gateway(401, "tenant-mismatch"), "tenant-mismatch", "urn tenant-mismatch", "one tenant in the token URL"),
    "14 a refused token, told by FHIR": Seen(
        outcome("login", TOKEN_REFUSED), "fhir-token-refused", "status 401", "one cloud, one tenant"),
    "15 a missing scope, told by FHIR": Seen(
        outcome("forbidden", TOKEN_REFUSED.replace("invalid_token", "insufficient_scope")),
        "fhir-scope-missing-at-a-tenant", "status 403", "Look at `scope` in the token response"),
    "16 a token of the production cloud at the other": Seen(
        block(401, "", challenge("fhir-ehr.sandboxcerner.com", OTHER, CLOUD), "X-Request-Id: x-1"),
        "production-token-for-sandbox-fhir", "FHIR host fhir-ehr.sandboxcerner.com: sandbox cloud",
        "Take both from one cloud"),
    "16 the other way round": Seen(
        block(401, "", challenge("fhir-ehr.cerner.com", CLOUD, OTHER)),
        "wrong-cloud", "token host authorization.sandboxcerner.com: sandbox cloud",
        "Take the token from authorization.cerner.com"),
    "17 a tenant that is not accessible": Seen(
        block(403, "Tenant not valid or accessible", "Content-Type: text/plain"),
        "tenant-not-accessible", "status 403", "Have the tenant enable the application"),
    "18 the public sandbox at the other cloud": Seen(
        token_error("oauth2:grant:unknown-tenant", "invalid_request", host=OTHER),
        "sandbox-tenant-at-sandbox-cloud", "sandbox cloud", "Take the token from authorization.cerner.com"),
    "19 throttled, told by FHIR": Seen(
        outcome("throttled", "Too Many Requests"), "throttled", "status 429", "Wait a minute"),
    "20 a gateway that gave up": Seen(
        block(504, "<html>Gateway</html>"), "gateway-timed-out", "status 504", "look first whether it was done"),
    "21 content that can't be converted": Seen(
        json.dumps({"code": "X", "message": "no", "details": ["Unable to convert HTML to RTF"]}),
        "content-refused", "", "whole XHTML 1.0 Transitional document"),
    "22 not found, told by FHIR": Seen(
        block(404, outcome("not-found", "x")), "fhir-not-found", "status 404", "version (/r4/ before the tenant)"),
    "23 an unknown key": Seen(
        UNKNOWN_KID, "unknown-key-of-unknown-cloud", "kid 2025-k", "that is authorization.cerner.com"),
    "a challenge alone": Seen(
        'WWW-Authenticate: Bearer realm="x", error="invalid_token"', "token-refused", "status 401", "Compare"),
    "a proxy that asks for a password": Seen(
        block(407), "proxy-wants-a-login", "status 407", "`--proxy-user` of curl"),
    "a tunnel before the answer": Seen(
        f"HTTP/1.1 200 Connection established\n\n{block(401, UNKNOWN_KID)}",
        "unknown-key-of-unknown-cloud", "status 401", "authorization.cerner.com"),
}  # fmt: skip


@pytest.mark.parametrize("seen", ROWS.values(), ids=ROWS)
def test_an_answer_that_was_seen_gets_its_cause_evidence_and_cure(seen):
    answer = explain(seen.paste)[0]
    assert (answer.id, answer.known) == (seen.cause, True)
    details = dict(answer.details)
    supports = [text for label, text in answer.details if label in ("evidence", "support")]
    assert any(seen.evidence in text for text in supports) or not seen.evidence, supports
    assert seen.cure in details.get("change", "")


@pytest.mark.parametrize(
    ("paste", "kept"),
    [
        (block(403, "Tenant not known or accessible"), "call-forbidden"),
        (outcome("odd", "Bearer nothing"), "unknown-input"),
        (json.dumps({"resourceType": "OperationOutcome", "issue": ["odd"]}), "unknown-input"),
        (block(401, "", challenge("x", "elsewhere", CLOUD)), "token-refused-in-these-words"),
        (json.dumps({"code": "X", "message": "Unable to convert PDF"}), "unknown-input"),
        (block(200, json.dumps({"content": "Unable to convert HTML to RTF"})), "success"),
    ],
)
def test_a_near_miss_of_what_was_seen_is_something_else(paste, kept):
    assert explain(paste)[0].id == kept


@pytest.mark.parametrize(
    ("said", "cause", "words"),
    [
        ("curl: (5) Could not resolve proxy: proxy.corp", "proxy-failed", "`--proxy` of curl"),
        ("curl: (6) Could not resolve host: autorization.cerner.com", "host-misspelt", "authorization.cerner.com"),
        ("curl: (7) Failed to connect to h.example port 443: Connection refused", "connection-refused", "h.example"),
        ("curl: (7) Failed to connect to h.example port 443: No route to host", "unreachable", "no way to the host"),
        ("curl: (28) Operation timed out after 30001 milliseconds", "no-answer-in-time", "`--max-time` of curl"),
        ("curl: (35) error:0A00010B:SSL routines::wrong version number", "no-tls-at-this-port", "plain port"),
        ("curl: (52) Empty reply from server", "connection-cut", "closed without an answer"),
        ("curl: (56) CONNECT tunnel failed, response 407", "proxy-wants-a-login", "`--proxy-user` of curl"),
        ("curl: (60) SSL certificate problem: certificate has expired", "certificate-expired", "clock"),
        ("curl: (60) SSL: self-signed certificate", "certificate-not-trusted", "`--cacert` of curl"),
        ("curl: (99) odd", "unknown-input", "curl: (99)"),
    ],
)  # fmt: skip
def test_what_curl_says_where_no_answer_came_has_its_cause(said, cause, words):
    answer = explain(f"$ curl https://api.cernermillennium.com/x\n{said}\n")[0]
    assert answer.id == cause
    assert words in answer.means + str(answer.details)


def test_the_host_of_a_failure_is_the_one_that_was_called_where_curl_names_none():
    paste = "curl https://api.cernermillennium.com/x\ncurl: (28) Operation timed out\n"
    assert "api.cernermillennium.com did not answer" in explain(paste)[0].means


def test_a_paste_of_many_answers_is_cut_and_says_so():
    paste = "\n".join(block(status) for status in range(400, 500))
    answers = explain(paste)
    assert 1 < len(answers) <= 5
    assert "96 more answers" in answers[-1].means
    assert len(explain(block(401) * 1000)) == 1


@pytest.mark.unmeasured
@pytest.mark.parametrize("line", ['{"a":', "{", "HTTP/1.1 401 X", '{"code": 1}', "curl 'open"])
def test_a_hundred_thousand_characters_of_pieces_are_answered_on_one_screen(line):
    answers = explain(f"{line}\n" * (100_000 // (len(line) + 1)))
    assert 1 <= len(answers) <= 5
