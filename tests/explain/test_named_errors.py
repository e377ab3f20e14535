# ruff: noqa: E501
"""Errors that name their cause themselves: each found by its own words, and by nothing that only looks like them."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from golive.diagnosis.causes import entries, errors
from golive.diagnosis.paste import explain
from golive.diagnosis.paste.phrases import failure_in, words_of_library
from golive.kit.files import read_yaml, resources

ROOT = resources()
ROWS = errors()


def test_the_data_keep_their_schema():
    wanted = json.loads((ROOT / "schemas" / "named-errors.schema.json").read_text())
    Draft202012Validator.check_schema(wanted)
    file = ROOT / "src" / "golive" / "diagnosis" / "named_errors.yaml"
    Draft202012Validator(wanted).validate(read_yaml(file))


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_an_error_is_found_by_its_own_words_and_not_by_a_near_miss(row):
    assert failure_in(f"before\n{row['seen']}\nafter")["kind"] == row["id"]
    assert not re.search(row["words"], row["near"])
    assert "library" not in row or words_of_library(row["library"])


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_an_error_alone_is_explained_by_its_row(row):
    answers = explain(f"the job ended with this today:\n{row['seen']}\n")
    assert answers[0].id == row["id"], [one.id for one in answers]
    assert answers[0].guessed is row.get("guess", False)


URLLIB3 = "urllib3 v2 only supports OpenSSL 1.1.1+, currently the 'ssl' module is compiled with"
MSAL = "ValueError: Unable to get authority configuration for https://{}. Authority would typically be in a format of https://login.microsoftonline.com/your_tenant"
NODE = "ClientAuthError: endpoints_resolution_error: Error: could not resolve endpoints. Please check network and try again. Detail: openid_config_error: Attempted to retrieve endpoints from: https://{}/v2.0/.well-known/openid-configuration"
DENIED = "(13)Permission denied: "
EQUAL = "key=value pair (missing equal-sign) in Authorization header"
CODEC = "UnicodeEncodeError: '{}' codec can't encode character '{}' in position 7: {}"
SIGN = (
    "Unrecognized named-value: 'secrets'. Located at position 1 within expression: secrets.ID != ''"
)
KINDS = {
    "an urllib3 that starts no more": (f"ImportError: {URLLIB3} 'OpenSSL 1.0.2k'", "tls-library-too-old"),
    "another authority, to Python": (MSAL.format("authorization.cerner.com/a"), "msal-is-for-entra-alone"),
    "another authority, to Node": (NODE.format("authorization.cerner.com/a"), "msal-is-for-entra-alone"),
    "a host that only begins like Entra's": (MSAL.format("login.example.com/a"), "msal-is-for-entra-alone"),
    "the server's parameters": ("curl: (35) error:141A318A:SSL routines:tls_process_ske_dhe:dh key too small",
                                "key-exchange-of-the-server-too-short"),
    "a certificate of one's own": ("[SSL: EE_KEY_TOO_SMALL] ee key too small (_ssl.c:4046)", "certificate-with-a-short-key"),
    "no HTTP/1 from an upstream": ("upstream sent no valid HTTP/1.0 header while reading response header from upstream",
                                   "not-tls-what-came"),
    "secrets in a condition": (SIGN, "secrets-where-the-workflow-has-none"),
    "a key that is no key object": ("TypeError: Key for the RS384 algorithm must be one of type CryptoKey, KeyObject, or JSON "
                                    "Web Key. Received an instance of Uint8Array", "key-not-in-the-form-of-the-library"),
    "bytes to golang-jwt": ("sign: key is of invalid type", "key-not-in-the-form-of-the-library"),
    "a connection that is denied": (f"{DENIED}AH00957: HTTPS: attempt to connect to 192.0.2.7:443 (h.example) failed",
                                    "server-may-not-connect"),
    "a connection that an old Apache is denied": (f"{DENIED}proxy: HTTP: attempt to connect to 192.0.2.7:8080 (h.example) failed",
                                                  "server-may-not-connect"),
    "a bearer token to an API Gateway": (f"{{\"message\":\"'eyJ.a.b' not a valid {EQUAL}: 'Bearer eyJ.a.b'.\"}}",
                                         "method-or-path-not-at-the-gateway"),
    "a pool that was closed": ("IllegalStateException: Connection pool shut down", "client-closed-and-used-again"),
    "IPv6 that is not there": ("* Immediate connect fail for ::1: Cannot assign requested address", "ipv6-is-not-there"),
    "IPv6 that is not there, to Go": ("Get \"http://[::1]:8080/\": dial tcp [::1]:8080: connect: cannot assign requested "
                                      "address", "ipv6-is-not-there"),
    "ports that are used up": ("OSError: [Errno 99] Cannot assign requested address", "connections-used-up"),
    "a certificate for the server": ('Post "https://h.example/token": remote error: tls: bad certificate',
                                     "client-certificate-demanded"),
    "a caller that trusts no certificate": ("http: TLS handshake error from [::1]:4452: remote error: tls: unknown certificate "
                                            "authority", "caller-does-not-trust-the-certificate"),
    "a hard space": (CODEC.format("ascii", "\\xa0", "ordinal not in range(128)"), "character-that-no-header-takes"),
    "letters in a body": (CODEC.format("latin-1", "x", "").replace(" 'x' in position 7: ", "s in position 7-9: Body ('ñ') is not "
                          "valid Latin-1. Use body.encode('utf-8') if you want"), "body-outside-of-latin-1"),
    "a quote in a header": (CODEC.format("latin-1", "\\u2019", "ordinal not in range(256)"), "character-that-no-header-takes"),
    "an issuer that wget does not know": ("ERROR: cannot verify h.example's certificate, issued by 'CN=kubernetes':\n"
                                          "  Unable to locally verify the issuer's authority.", "certificate-not-trusted"),
    "an expired certificate, to iOS": ("Error Domain=NSURLErrorDomain Code=-1201", "certificate-expired"),
    "a certificate of tomorrow, to iOS": ("Error Domain=NSURLErrorDomain Code=-1204", "clock-behind-the-certificate"),
    "a peer that is not trusted": ("SSLPeerUnverifiedException: peer not authenticated", "certificate-not-trusted"),
    "a peer of another name": ("SSLPeerUnverifiedException: Hostname h.example not verified:", "certificate-of-another-host"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), KINDS.values(), ids=KINDS)
def test_words_of_two_meanings_are_explained_by_what_stands_beside_them(text, wanted):
    assert explain(f"the job ended with this today:\n{text}\n")[0].id == wanted


OPEN = {
    "an urllib3 that only warns": f"NotOpenSSLWarning: {URLLIB3} 'LibreSSL 2.8.3'. See: https://github.com/urllib3/urllib3/issues/3020",
    "a tenant of Entra": MSAL.format("login.microsoftonline.com/hospitl.example"),
    "a tenant of Entra outside": MSAL.format("hospitl.ciamlogin.com/hospitl"),
    "Entra not reached by Node": NODE.format("login.microsoftonline.us/a"),
    "endpoints without a host": "ClientAuthError: endpoints_resolution_error: Endpoints cannot be resolved",
    "files of Apache": f"{DENIED}[client 10.4.2.9:5012] AH00035: access to / denied (filesystem path '/srv/app')",
    "a socket of Apache on the disk": f"{DENIED}AH02454: FCGI: attempt to connect to Unix domain socket /run/a.sock (*) failed",
    "a letter on a screen": CODEC.format("ascii", "\\xe9", "ordinal not in range(128)"),
    "a pin that differs": "SSLPeerUnverifiedException: Certificate pinning failure!",
}


@pytest.mark.parametrize("text", OPEN.values(), ids=OPEN)
def test_words_that_only_look_like_an_error_with_a_name_are_given_no_cause(text):
    found = explain(f"the job ended with this today:\n{text}\n")[0]
    assert found.id in ("said-in-the-paste", "error-unexplained", "unknown-input"), found.id


def test_braces_of_a_workflow_are_written_as_they_are_there():
    change = dict(explain(f"the job ended with this today:\n{SIGN}\n")[0].details)["change"]
    assert "`CLIENT_ID: ${{ secrets.CLIENT_ID }}`" in change
    assert "`if: ${{ env.CLIENT_ID != '' }}`" in change


def test_no_two_entries_share_what_they_are():
    named = {row["id"] for row in ROWS}
    assert len(named) == len(ROWS)
    assert sum(one["id"] in named for one in entries()) == len(ROWS)


def test_a_model_of_ones_own_that_does_not_fit_is_not_settled_by_the_answer_that_it_could_not_read():
    said = "The JSON value could not be converted to System.Int32. Path: $.items[0].id"
    call = (
        "GET https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
    )
    text = f'{said}\n{call}/patientMessages/inboxItems?patientId=1 -> 200\n{{"items": [{{"id": "7.1"}}]}}\n'
    assert explain(text)[0].id == "own-model-of-another-type"
