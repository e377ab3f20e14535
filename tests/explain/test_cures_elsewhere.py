"""The cure of what another vendor's server says, and the place where the program that is to be mended runs."""

import re

import pytest

from golive.diagnosis.paste import explain
from golive.diagnosis.paste.phrases import knowledge
from golive.diagnosis.services import _knowledge, forms, rows

ENTRA = "https://login.microsoftonline.com/72f0aaaa-86f1-41af-91ab-2d7cd011db47/oauth2/v2.0/token"
KEYCLOAK = "https://sso.hospital.example/realms/ehr/protocol/openid-connect/token"
CLOUD = "https://authorization.cerner.com"
TOKEN = (
    f"{CLOUD}/tenants/ec2458f2-1e24-41c8-b71b-0e701af7583d/protocols/oauth2/profiles/smart-v1/token"
)
TENANT = "Specified tenant identifier 'x' is neither a valid DNS name, nor a valid external domain."
SIGNED = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256): 'OsDch8nCTDLRs='."
MISSING = "was not found in the tenant named Contoso Test. This can happen if nobody installed it. You might have sent"


def cure(text):
    found = explain(text)[0]
    return found.id, dict(found.details).get("change", "")


def refused(url, error, words):
    return f'POST {url}\nHTTP/1.1 401\n\n{{"error":"{error}","error_description":"{words}"}}\n'


KNOWN = {
    "a resource of Entra": (refused(ENTRA, "invalid_resource", f"AADSTS500011: a {MISSING}"), "`/.default`"),
    "a scope of Entra": (refused(ENTRA, "invalid_scope", "AADSTS70011: the scope openid is not valid"), "`/.default`"),
    "Keycloak": (refused(KEYCLOAK, "unauthorized_client", "Client not enabled to retrieve service account"),
                 "Service accounts"),
    "Okta": (refused("https://a.okta.com/v1/token", "access_denied", "Policy evaluation failed for this request, "
             "please check the policy configuration."), "access policy"),
    "a tenant of Entra": (refused(ENTRA, "invalid_request", f"AADSTS900023: {TENANT}"), "Correct the tenant"),
    "a user of Entra": (refused(ENTRA, "invalid_grant", "AADSTS50126: Error validating credentials due to invalid "
                        "username or password."), "not the application's secret"),
    "a user of Keycloak": (refused(KEYCLOAK, "invalid_grant", "Invalid user credentials"), "in this realm"),
    "an audience of Keycloak": (refused(KEYCLOAK, "invalid_client", "Invalid token audience"), "one value and no list"),
    "an API of Auth0": (refused("https://a.auth0.com/oauth/token", "access_denied", "Service not enabled within "
                        "domain: https://api.h.example"), "`audience`"),
    "a path at Amazon": (f'HTTP/1.1 403\nx-amzn-ErrorType: IncompleteSignatureException\n\n{{"message":"{SIGNED}"}}',
                         "letter by letter"),
    "HAPI": ('HTTP/1.1 404\n\n{"resourceType":"OperationOutcome","issue":[{"code":"invalid","diagnostics":"HAPI-0302: '
             "Unknown resource type 'patientMessages' - Server knows how to handle: [Patient]\"}]}", "base URL"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), KNOWN.values(), ids=KNOWN)
def test_words_of_another_server_whose_cure_is_known_have_it(text, wanted):
    name, change = cure(text)
    assert name == "another-server-says-why"
    assert wanted in change


OTHERS = {
    "another code": refused(
        ENTRA, "invalid_resource", "AADSTS5000113: something nobody has heard of"
    ),
    "a request that Entra does not take": refused(
        ENTRA, "invalid_request", "AADSTS90023: InvalidRequest - it is not valid."
    ),
    "other words": refused(KEYCLOAK, "unauthorized_client", "Client is not in the mood to answer"),
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_other_words_of_it_are_repeated_and_no_cure_is_invented(text):
    name, change = cure(text)
    assert name == "another-server-says-why"
    assert "its own documentation" in change


def test_oracle_s_refusal_beside_such_words_is_oracle_s():
    text = (
        f'GET {TOKEN}\nHTTP/1.1 401\n\n{{"error":"invalid_client","error_uri":"{CLOUD}/errors/"}}\n'
    )
    assert (
        "For "
        not in cure(
            f"{text}\nsomebody saw «Client not enabled to retrieve service account» once\n"
        )[1]
    )


def test_each_reason_is_of_a_vendor_that_is_known_and_its_words_can_be_read():
    names = {one.get("name") for one in (*forms(), *rows())}
    for row in _knowledge()["reasons"]:
        assert row["of"] in names
        re.compile(row["words"])


def test_words_that_are_cut_end_with_a_sentence():
    found = explain(
        refused(
            ENTRA, "invalid_resource", f"AADSTS500011: https://a {MISSING} {'the wrong one ' * 20}"
        )
    )[0]
    assert found.means.endswith("nobody installed it.")


ENCODED = {
    "JavaScript": 'const basic = btoa(encodeURIComponent(id) + ":" + encodeURIComponent(secret))',
    "Python": 'b64encode((quote(id, safe="") + ":" + quote(secret)).encode())',
    "Go": 'base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(id) + ":" + url.QueryEscape(secret)))',
    "C#": 'Convert.ToBase64String(b(Uri.EscapeDataString(id) + ":" + Uri.EscapeDataString(secret)))',
}
EPIC = 'POST https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token\nHTTP/1.1 401\n\n{"error":"invalid_client"}\n'


@pytest.mark.parametrize("line", ENCODED.values(), ids=ENCODED)
def test_a_program_that_encodes_the_pair_is_seen(line):
    assert cure(f"{line}\n{EPIC}")[0] == "pair-encoded-by-the-program"


@pytest.mark.parametrize(
    "line",
    [
        'btoa(id + ":" + secret)',
        'fetch(base + "/" + encodeURIComponent(id) + "/a")',
        "encodeURIComponent(scope)",
    ],
)
def test_what_else_a_program_encodes_is_no_matter(line):
    assert cure(f"{line}\n{EPIC}")[0] == "another-server-refuses-the-client"


UNTRUSTED = {
    ".NET": "The remote certificate is invalid because of errors in the certificate chain: PartialChain",
    "Python": "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate",
}
CONTAINERS = (
    "Only inside the container (mcr.microsoft.com/dotnet/aspnet:8.0).",
    "$ docker run --rm acme/app:1",
    "FROM python:3.12-slim",
    "$ kubectl logs worker-0",
)
NO_CONTAINERS = (
    "It works in the container.",
    "the servlet container starts",
    "from pages: nothing",
)


@pytest.mark.parametrize("failure", UNTRUSTED.values(), ids=UNTRUSTED)
@pytest.mark.parametrize("where", CONTAINERS)
def test_a_certificate_is_trusted_where_the_program_runs(failure, where):
    text = f"{failure}\n{where}\nPOST {TOKEN}\nthe browser shows Zscaler Intermediate Root CA\n"
    assert "into the image" in cure(text)[1]


@pytest.mark.parametrize("where", NO_CONTAINERS)
def test_where_no_container_is_shown_none_is_named(where):
    assert "image" not in cure(f"{UNTRUSTED['Python']}\n{where}\nPOST {TOKEN}\n")[1]


def test_a_runner_of_a_pipeline_is_a_place_of_its_own():
    text = f"##[error]{UNTRUSTED['Python']}\nPOST {TOKEN}\n"
    assert knowledge()["places"]["runner"] in cure(text)[1]
