"""Words with one meaning, and what stands beside them: each with a text like it that means something else."""

import pytest

from golive.diagnosis.paste import explain

CALL = "https://api.cernermillennium.com/ec2458f2-1e24-41c8-b71b-0e701af7583d/message/20241001"
FHIR = "https://fhir.clinic.example/r4/metadata"
TITLE = "400 Request Header Or Cookie Too Large"
LARGE = (
    "<html>\n<head><title>400 Request Header Or Cookie Too Large</title></head>\n<body>\n"
    "<center><h1>400 Bad Request</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n"
)
PEM = '{{ "name": "KEY", "value": "-----BEGIN PRIVATE KEY-----{}MIIE...{}" }}'
DECODER = "Error: error:1E08010C:DECODER routines::unsupported\n    at Sign.sign (node:internal/crypto/sig:131:29)\n"
SHELL = (
    'PS C:\\> Invoke-RestMethod -Headers $h "{}/patientMessages/inboxItems?patientId=12724066"\n'
    'PS C:\\> Invoke-RestMethod -Headers $h "{}"\n'
    "Invoke-RestMethod : The remote server returned an error: (404) Not Found.\n"
)
PARSED = f"SyntaxError: Unexpected token '<', \"<Capabilit\"... is not valid JSON\nnetwork tab:\n  GET {FHIR}\n"
XML = 'Content-Type: application/fhir+xml\n<CapabilityStatement xmlns="http://hl7.org/fhir">\n'

JAVA = (
    'java.io.IOException: Unable to tunnel through proxy. Proxy returns "HTTP/1.1 407 Proxy '
    'Authentication Required"\n'
)
GIVEN = "-Dhttps.proxyHost=proxy.example -Dhttps.proxyUser=svc -Dhttps.proxyPassword=x\n"
PLAIN = "The plain HTTP request was sent to HTTPS port"
AGAIN = "Error: getaddrinfo EAI_AGAIN authorization.cerner.com\n$ cat /etc/resolv.conf\n"
MANY = "search ehr.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n"

BATCH = (
    f"DEBUG archive: POST {CALL}/actions/updatePatientMessageStatus body="
    '{{"patientId":"12742399","status":"DELETED","messages":[{{"id":"720564485.1.5.prsnl","notificationVersion":2,'
    '"recipientNotificationVersion":2}}, ... {} more]}}\n'
    'ERROR archive: 400 Bad Request {{"code":"InvalidParameter","message":"Invalid request"}}\n'
)
CASES = {
    "a login that Java does not send": (f"{GIVEN}{JAVA}", "proxy-login-not-sent-by-java"),
    "no login given": (GIVEN.partition(" ")[0] + f"\n{JAVA}", "proxy-wants-a-login"),
    "a login that Java may send": (f"-Djdk.http.auth.tunneling.disabledSchemes= {GIVEN}{JAVA}", "proxy-wants-a-login"),
    "plain HTTP at the port of TLS": (LARGE.replace(TITLE, f"400 {PLAIN}"), "plain-http-at-the-tls-port"),
    "a name among many domains": (AGAIN + MANY, "name-lost-among-search-domains"),
    "a batch that a log cuts short": (BATCH.format(135), "request-breaks-the-contract"),
    "a batch that is small enough": (BATCH.format(35), "request-not-accepted"),
    "a name among few": (AGAIN + MANY.replace("ndots:5", "ndots:1"), "name-server-silent"),
    "an old server": ("error:0A000152:SSL routines::unsafe legacy renegotiation disabled",
                      "tls-renegotiation-not-secure"),
    "an old server, to Python": ("ssl.SSLError: [SSL: UNSAFE_LEGACY_RENEGOTIATION_DISABLED] unsafe legacy "
                                 "renegotiation disabled (_ssl.c:1007)", "tls-renegotiation-not-secure"),
    "another failure of TLS": ("ssl.SSLError: [SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure",
                               "tls-handshake-failed"),
    "a header too large": (LARGE, "header-too-large"),
    "a page of another kind": (LARGE.replace(TITLE, "400 Bad Request"), "error-page"),
    "a page without a status": (LARGE.replace(TITLE, "Error"), "web-page"),
    "PyJWT alone": ("NotImplementedError: Algorithm 'RS384' could not be found. Do you have cryptography installed?",
                    "signing-library-incomplete"),
    "a key with two characters for a line feed": (DECODER + PEM.format("\\\\n", "\\\\n"),
                                                  "private-key-with-escaped-line-feeds"),
    "a key in JSON as it should be": (DECODER + PEM.format("\\n", "\\n"), "private-key-unreadable"),
    "no key shown": (DECODER, "private-key-unreadable"),
    "a call without a patient": (SHELL.format(CALL, f"{CALL}/groupInboxes?name=*"), "api-path-incomplete"),
    "a call with one": (SHELL.format(CALL, f"{CALL}/patientMessages/sentItems?patientId=1"), "patient-unknown"),
    "XML from the network tab": (f"{PARSED}  200 OK\n  {XML}", "xml-in-place-of-json"),
    "JSON at the next attempt": (f'{PARSED}HTTP/1.1 200 OK\nContent-Type: application/json\n\n{{"resourceType":'
                                 '"CapabilityStatement","status":"active"}\n', "settled"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES.values(), ids=CASES)
def test_words_have_their_meaning_and_words_like_them_another(text, wanted):
    found = explain(text)[0]
    assert (found.id, found.known) == (wanted, True)


def test_a_command_names_the_port_of_the_paste():
    said = "error:0A000152:SSL routines::unsafe legacy renegotiation disabled\ntarget = https://h.hosp.example{}/a"
    assert "h.hosp.example:8443 " in dict(explain(said.format(":8443"))[0].details)["exactly"]
    assert "h.hosp.example:443 " in dict(explain(said.format(""))[0].details)["exactly"]


def test_an_old_server_is_no_reason_for_a_newer_library():
    found = explain(CASES["an old server"][0])[0]
    assert "TLS library of today" not in str(found)
