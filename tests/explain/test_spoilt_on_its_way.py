# ruff: noqa: E501
"""A right pair, name or value that a shell, a template or a file made another one of on its way; each with a near miss."""

import base64
import json
from typing import NamedTuple

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
TOKEN = f"https://authorization.cerner.com/tenants/{TENANT}/hosts/api.cernermillennium.com/protocols/oauth2/profiles/smart-v1/token"
API = f"https://api.cernermillennium.com/{TENANT}"
INBOX = f"{API}/message/20241001/patientMessages/inboxItems?patientId=1"
CLIENT, SECRET = "5b1f0c7e-93a4-4d0e-8f3b-2a6c1d9e7f10", "Zx9-canary-of-the-secret-0001-abcd"
URN = "urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Ainvalid-client-credentials"
WRONG_PAIR = json.dumps(
    {
        "error": "invalid_client",
        "error_uri": f"https://authorization.cerner.com/errors/{URN}/instances/7f3c?tenant={TENANT}",
    }
)
FORM = "grant_type=client_credentials&scope=oraclehealth:millennium:message"
PYTHON = (
    'auth = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()\n'
    f'r = requests.post("{TOKEN}", headers={{"Authorization": "Basic " + auth}}, data={{"grant_type": "client_credentials"}})\n'
    "print(r.request.headers, r.text)\n\nBasic SENT\n401 " + WRONG_PAIR + "\n"
)  # fmt: skip


def encoded(pair):
    return base64.b64encode(pair.encode()).decode()


def printed(pair):
    return PYTHON.replace("SENT", encoded(pair))


def in_cmd(quote, behind):
    asked = f"-H {quote}Accept: application/json{quote} -u {quote}{CLIENT}:{SECRET}{quote} -d {quote}{FORM}{quote}"
    return f"C:\\Users\\qa>curl -i {asked} {TOKEN}\nHTTP/1.1 401 Unauthorized\n\n{WRONG_PAIR}{behind}\n"


def script(value):
    shown = SECRET[:8]
    return (
        f'#!/usr/bin/env bash\nset -x\nCLIENT_SECRET={value}\ncurl -u "{CLIENT}:$CLIENT_SECRET" -d "{FORM}" {TOKEN}\n'
        f"+ CLIENT_SECRET={shown}\n+ curl -u {CLIENT}:{shown} -d '{FORM}' {TOKEN}\n{WRONG_PAIR}\n"
    )


def other_host(before):
    said = "No subject alternative DNS name matching api.cernermillennium.com found."
    return (
        f"javax.net.ssl.SSLHandshakeException: (certificate_unknown) {said}\n"
        f"Caused by: java.security.cert.CertificateException: {said}\n{before}\n"
    )


def unsigned(line):
    return f"{line}\n\nError: error:1E08010C:DECODER routines::unsupported\n    at Sign.sign (node:internal/crypto/sig:128:29)\n"


def call(token):
    return f"GET {INBOX}\nAuthorization: Bearer {token}\n\nHTTP/1.1 401 Unauthorized\n\n{{}}\n"


def launched(path):
    back = "http%3A%2F%2Flocalhost%3A3000"
    said = WRONG_PAIR.replace("invalid-client-credentials", "invalid-redirect-uri")
    return (
        f"https://authorization.cerner.com/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/personas/provider/authorize"
        f"?response_type=code&redirect_uri={back}%2Fcallback&state=9a1\n\nPOST {TOKEN}\n\n"
        f"grant_type=authorization_code&code=9c0f&redirect_uri={back}{path}\n\nHTTP/1.1 400 Bad Request\n\n"
        + said.replace("invalid_client", "invalid_grant")
    )


NO_WAY_OUT = (
    "TypeError: fetch failed\n    at node:internal/deps/undici/undici:13185:13 {\n"
    "  [cause]: ConnectTimeoutError: Connect Timeout Error (attempted address: authorization.cerner.com:443, timeout: 10000ms)\n"
)


def boxed(category):
    return (
        f"↳ validate\n  POST {API}/message/20241001/actions/validateRecipients [400 Bad Request, 412B, 388ms]\n"
        f'  ┌ ↑ raw 118B\n  │ {{\n  │   "category": "{category}",\n  │   "patientId": "1",\n'
        '  │   "recipients": [{ "id": "4", "recipientType": "PERSONNEL" }]\n  │ }\n  └\n'
        '  ┌ ↓ application/json\n  │ {"code":"InvalidParameter","message":"no"}\n  └\n'
    )


STALE = '{"diagnostics": "The version in the If-Match header does not match the current version of the resource."}'


def export(prefer):
    host = "fhir-ehr-code.cerner.com"
    return (
        f"GET /r4/{TENANT}/Group/1/$export HTTP/1.1\nHost: {host}\nAccept: application/fhir+json\n{prefer}"
        "Authorization: Bearer abc\n\nHTTP/1.1 400 Bad Request\n\n{}\n"
    )


def message(priority):
    return (
        f"POST {API}/message/20241001/patientMessages/sentItems\nContent-Type: application/json\n\n"
        f'{{"patientId": "1", "subject": "x", "priority": {priority}}}\n\nHTTP/1.1 400 Bad Request\n\n{{}}\n'
    )


class Paste(NamedTuple):
    """What somebody has in hand, the cause in it, words of the answer, and a near miss that has another cause."""

    text: str
    cause: str
    words: str
    near: str


PASTES = {
    "a template in the printed header": Paste(
        printed("{client_id}:{client_secret}"), "placeholder-in-place-of-the-credential", "`f` before its quotes",
        printed(f"{CLIENT}:{SECRET}")),
    "a variable of a shell in the printed header": Paste(
        printed("${CLIENT_ID}:${CLIENT_SECRET}"), "placeholder-in-place-of-the-credential", "No new secret",
        printed(f"{CLIENT}:a$b{SECRET}")),
    "quotes in the printed header": Paste(
        printed(f'{CLIENT}:"{SECRET}"'), "secret-in-quotes", "quotes",
        printed(f"{CLIENT}:{SECRET}")),
    "single quotes in cmd.exe, cut at the sign &": Paste(
        in_cmd("'", "'scope' is not recognized as an internal or external command,"), "shell-took-the-quotes", "double quotes",
        in_cmd('"', "")),
    "single quotes in cmd.exe, and a word as a host": Paste(
        in_cmd("'", "curl: (6) Could not resolve host: application").replace("&scope", " scope"), "shell-took-the-quotes", "double quotes",
        in_cmd('"', "")),
    "a dollar within double quotes": Paste(
        script('"Zx9-cana$ry-0001"'), "secret-cut-at-a-dollar", "single quotes", script(f'"{SECRET}"')),
    "line feeds as two characters in a file of variables": Paste(
        unsigned("PRIVATE_KEY=-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"),
        "private-key-with-escaped-line-feeds", "key.replace",
        unsigned('{"key": "-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n"}')),
    "a line of /etc/hosts": Paste(
        other_host("$ cat /etc/hosts\n127.0.0.1 localhost\n10.20.0.9  api.cernermillennium.com # for a test"),
        "name-led-by-a-line-of-its-own", "Take that line out",
        other_host("$ cat /etc/hosts\n127.0.0.1 localhost\n$ getent hosts api.cernermillennium.com\n10.20.0.9  api.cernermillennium.com")),
    "extra_hosts of a compose file": Paste(
        other_host('    extra_hosts:\n      - "api.cernermillennium.com:10.20.0.9"'),
        "name-led-by-a-line-of-its-own", "10.20.0.9",
        other_host('    extra_hosts:\n      - "other.example:10.20.0.9"')),
    "several values behind one key": Paste(
        f"GET {INBOX}&notificationType=MESSAGE,REMINDER\n\nHTTP/1.1 400 Bad Request\n\n{{}}\n",
        "request-breaks-the-contract", "notificationType=MESSAGE&notificationType=REMINDER",
        f"GET {INBOX}&notificationType=MESSAGE&notificationType=REMINDER\n\nHTTP/1.1 400 Bad Request\n\n{{}}\n"),
    "several ids in one path, encoded": Paste(
        f"GET {API}/message/20241001/patientMessages/1.1.5.prsnl%2C2.1.5.prsnl\n\nHTTP/1.1 400 Bad Request\n\n{{}}\n",
        "request-breaks-the-contract", "one id alone",
        f"GET {API}/message/20241001/patientMessages/1.1.5.prsnl?shouldLoadOrganizationSummary=true\n\nHTTP/1.1 400 Bad Request\n\n{{}}\n"),
    "a promise behind Bearer": Paste(
        call("[object Promise]"), "bearer-holds-a-promise", "write `await` before the call", call("[object Object]")),
    "a coroutine behind Bearer": Paste(
        call("<coroutine object get_token at 0x7f10>"), "bearer-holds-a-promise", "Wait for it", call("undefined")),
    "two redirect URIs": Paste(
        launched("%2Fcallback%2F"), "redirect-uris-differ", "the `/` at the end", launched("%2Fcallback")),
    "two hosts to be sent back to": Paste(
        launched("%2Fother"), "redirect-uris-differ", "by more than", launched("%2Fcallback")),
    "the access control list of a database": Paste(
        "ORA-29273: HTTP request failed\nORA-24247: network access denied by access control list (ACL)\n",
        "database-lets-nothing-out", "APPEND_HOST_ACE", "ORA-29273: HTTP request failed\n"),
    "a proxy that was printed": Paste(
        f"$ echo $HTTPS_PROXY\nhttp://proxy.example:8080\n{NO_WAY_OUT}", "proxy-not-read-by-the-program", "EnvHttpProxyAgent",
        f"$ echo $HTTPS_PROXY\n\n{NO_WAY_OUT}"),
    "a full list in a ticket": Paste(
        "1. `GET /patientMessages/inboxItems?patientId=1` gives 200\n2. `jq '.items | length'` → `1000`\n", "list-is-full", "halves",
        "1. `GET /patientMessages/inboxItems?patientId=1` gives 200\n2. `jq '.items | length'` → `100`\n"),
    "a body in the boxes of newman": Paste(
        boxed("MESSAGE"), "request-breaks-the-contract", "category: expected one of MESSAGES", boxed("MESSAGES")),
    "an export without Prefer": Paste(
        export(""), "export-without-prefer", "respond-async", export("Prefer: respond-async\n")),
    "a version that is no longer current": Paste(
        f"10:14 PATCH Appointment/4\n10:15 412 Precondition Failed\n{STALE}\n", "etag-no-longer-current", "Read the resource",
        "10:14 PATCH Appointment/4\n10:15 412 Precondition Failed\n"),
    "a text in place of an object": Paste(
        message('"HIGH"'), "request-breaks-the-contract", 'an object, {"value": …}', message('{"value": "HIGH"}')),
    "pages of a list that has none": Paste(
        f"GET {API}/recipient/20241001/groupInboxes?limit=25&page=2  -> 200, the same 183 items\n",
        "list-without-pages", "without limit and page",
        f"GET {API}/recipient/20241001/groupInboxes?limit=1000  -> 200, 183 items\n"),
}  # fmt: skip


@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES)
def test_what_spoilt_it_on_its_way_is_the_cause(paste):
    (first, *_) = explain(paste.text)
    assert first.id == paste.cause
    assert paste.words in f"{first.means} {first.details}"
    assert SECRET not in json.dumps(first.as_dict())


@pytest.mark.parametrize("paste", PASTES.values(), ids=PASTES)
def test_a_near_miss_has_another_cause(paste):
    assert explain(paste.near)[0].id != paste.cause or paste.words not in str(
        explain(paste.near)[0]
    )


@pytest.mark.parametrize("host", ["192.168.4.7", "10.1.2.3"])
def test_a_private_address_without_its_line_is_a_guess(host):
    (first, *_) = explain(
        other_host(f"$ getent hosts api.cernermillennium.com\n{host}  api.cernermillennium.com")
    )
    details = dict(first.details)
    assert first.id == "name-led-elsewhere"
    assert "not proven" in details["guess"]
    assert "/etc/hosts" in details["change"]


@pytest.mark.parametrize("user", [f"{CLIENT}:{SECRET}", f"no-uuid:{SECRET}"])
def test_a_refused_pair_is_looked_at_before_another_is_made(user):
    cure = dict(explain(f"curl -u {user} -d '{FORM}' {TOKEN}\n{WRONG_PAIR}")[0].details)["change"]
    assert "new secret" not in cure or cure.index("really sent") < cure.index("new secret")
