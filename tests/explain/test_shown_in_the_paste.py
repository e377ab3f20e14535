"""What two places of a paste show together stands first and alone; where they agree, nothing is made of it."""

import base64
import json
import time

import pytest

from golive.diagnosis.paste import explain
from golive.diagnosis.paste.clocks import clock_facts

TENANT = "4f3a9d27-8c11-4e0a-b6a8-1d7f52c9e3b0"
SANDBOX = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
ID = "c2b83a10-7f4e-4d52-8a7d-9e1c05b4d6f2"
SECRET = "cnyA02+Vd8k/Nq3wHs7Yb2$r5Tz"
HOST = "https://authorization.cerner.com"
URI = (
    f"{HOST}/errors/urn%3Acerner%3Aerror%3Aauthorization-server%3Aoauth2%3Atoken%3Ainvalid-client-credentials"
    f"/instances/1f6cfb1b-3c84-4ad9-8a44-b70d1c3f0e65?client=unknown&tenant={TENANT}"
)
FORM = "Content-Type: application/x-www-form-urlencoded"
JSON = "Content-Type: application/json"
REFUSED = f'HTTP/1.1 401 Unauthorized\n\n{{"error":"invalid_client","error_uri":"{URI}"}}\n\n'
TOKEN = f"/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"


def basic(secret):
    return "Basic " + base64.b64encode(f"{ID}:{secret}".encode()).decode()


def sent(secret, then=""):
    return (
        f"POST {HOST}{TOKEN} HTTP/1.1\nAuthorization: {basic(secret)}\n{FORM}\n\n"
        f"grant_type=client_credentials\n\n{REFUSED}{then}"
    )


def other(secret):
    return f"curl sends\n> Authorization: {basic(secret)}\n< HTTP/2 200\n"


def logged(here, there):
    return f"secret_len={here} auth=basic\n{REFUSED}on the laptop: secret_len={there} -> token ok\n"


def kubernetes(secret, key="stringData"):
    manifest = (
        f"apiVersion: v1\nkind: Secret\n{key}:\n  CLIENT_ID: {ID}\n  CLIENT_SECRET: {secret}\n"
    )
    return f"{manifest}---\n# POST {HOST}{TOKEN}\n{REFUSED}"


ENCODED = base64.b64encode(SECRET.encode()).decode()
PAIRS = {
    "percent-encoded in one": (sent("cnyA02%2BVd8k%2FNq3wHs7Yb2%24r5Tz", other(SECRET)), "secret-percent-encoded"),
    "base64 in one": (sent(ENCODED, other(SECRET)), "secret-encoded-once-more"),
    "cut at a dollar": (sent(SECRET.split("$")[0], other(SECRET)), "secret-arrives-cut"),
    "one sign less": (sent(SECRET, other(SECRET[:-1])), "secret-arrives-cut"),
    "a line end in one": (sent(SECRET, other(f"{SECRET}\n")), "secret-with-something-around-it"),
    "another one at all": (sent(SECRET, other("Zq8nothing-alike")), "settled"),
    "the same in both": (sent(SECRET, "log: " + basic(SECRET)), "pair-not-accepted"),
    "36 against 25 characters": (logged(36, 25), "secret-encoded-once-more"),
    "26 against 25": (logged(26, 25), "secret-with-something-around-it"),
    "33, and 32 expected": (f"secret length: 33 (expected 32)\n{REFUSED}", "secret-with-something-around-it"),
    "33 in 32 tries": (f"secret length: 33, 32 tries\n{REFUSED}", "pair-not-accepted"),
    "31 against 25": (logged(31, 25), "pair-not-accepted"),
    "25 in both": (logged(25, 25), "pair-not-accepted"),
    "base64 under stringData": (kubernetes(ENCODED), "secret-encoded-once-more"),
    "plain under stringData": (kubernetes(SECRET), "pair-not-accepted"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), PAIRS.values(), ids=PAIRS)
def test_a_secret_that_stands_in_two_places_is_compared_and_never_shown(text, wanted):
    answers = explain(text)
    assert answers[0].id == wanted
    shown = json.dumps([one.as_dict() for one in answers])
    assert not any(
        part in shown for part in (SECRET, ENCODED, SECRET[:9], ENCODED[:9], SECRET[-5:])
    )


OCI = "https://objectstorage.us-ashburn-1.oraclecloud.com/n/"
EPIC = "https://fhir.epic.com/interconnect-fhir-oauth/oauth2/token"
NOT_AUTHENTICATED = json.dumps(
    {
        "code": "NotAuthenticated",
        "message": "The required information to complete authentication was not provided or was incorrect.",
    }
)


def signed(own, theirs):
    return (
        f'GET {OCI} HTTP/1.1\ndate: Wed, 25 Nov 2026 {own} GMT\nauthorization: Signature version="1"\n\n'
        f"HTTP/1.1 401 Unauthorized\nDate: Wed, 25 Nov 2026 {theirs} GMT\n{JSON}\n\n{NOT_AUTHENTICATED}\n"
    )


def asserted(now, theirs="11:02:40"):
    return (
        f"$ date -u\n{now}\n"
        f"POST {EPIC} HTTP/1.1\n{FORM}\n\n"
        "grant_type=client_credentials&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        f"&client_assertion=$JWT\n\nHTTP/1.1 400 X\nDate: Wed, 25 Nov 2026 {theirs} GMT\n{JSON}\n\n"
        '{"error":"invalid_client","error_description":null}\n'
    )


CLOCKS = {
    "behind": (signed("11:02:17", "11:25:40"), "oci-clock-off", "1403 s behind"),
    "ahead": (signed("11:45:40", "11:25:40"), "oci-clock-off", "1200 s ahead of"),
    "in step": (signed("11:25:38", "11:25:40"), "oci-signature-refused", ""),
    "in another zone, or another day": (signed("01:25:38", "11:25:40"), "oci-signature-refused", ""),
    "date -u": (asserted("Wed Nov 25 10:50:40 UTC 2026"), "assertion-by-a-clock-that-is-off", "720 s behind"),
    "date -u in step": (asserted("Wed Nov 25 11:02:39 UTC 2026"), "another-server-refuses-the-assertion", ""),
    "a date without a zone": (asserted("Wed Nov 25 10:50:40 2026"), "another-server-refuses-the-assertion", ""),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted", "said"), CLOCKS.values(), ids=CLOCKS)
def test_two_times_of_one_exchange_show_a_clock_that_is_off(text, wanted, said):
    first = explain(text)[0]
    assert (first.id, said in first.means) == (wanted, True)


DATES = ("\n", "\\n", " ")


@pytest.mark.parametrize("end", DATES, ids=["lines", "escaped", "one line"])
def test_a_long_log_of_dates_takes_time_in_proportion_to_its_length(end):
    moment = "Wed, 25 Nov 2026 11:{}:40 GMT"
    parts = (
        "GET /a HTTP/1.1",
        f"date: {moment.format('02')}",
        "HTTP/1.1 401 X",
        f"Date: {moment.format('25')}",
    )
    whole = end.join(parts * 4_000)
    start = time.process_time()
    clock_facts(whole, whole)
    assert time.process_time() - start < 10


def test_a_bound_before_the_first_of_all_days_is_no_failure_of_golive():
    early = "createDateTimeGreaterThanOrEqualTo=0001-01-01T00:00:00%2B05:00"
    url = f"https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1&{early}"
    first = explain(f"curl -i '{url}'\nHTTP/1.1 400 Bad Request\n\n{{\"code\":400}}\n")[0]
    assert first.id == "request-breaks-the-contract"


def program(expires, url=EPIC, body='{"error":"invalid_client"}'):
    return (
        f'URL = "{url}"\nnow = int(time.time())\nclaims = {{"iss": C, "sub": C, "aud": URL, "jti": j, {expires}}}\n'
        'requests.post(URL, data={"grant_type": "client_credentials", "client_assertion": a})\n'
        f"POST {url}\n400 {body}\n"
    )


@pytest.mark.parametrize(
    ("expires", "lives"),
    [
        ('"exp": now + 3600', 3600),
        ('"exp": now + 60 * 60', 3600),
        ('"exp": datetime.utcnow() + timedelta(hours=1)', 3600),
        ("exp: Math.floor(Date.now() / 1000) + 1800", 1800),
        ("expiresIn: '1h'", 3600),
        (".setExpirationTime('10m')", 600),
        ('"exp": time.Now().Add(time.Hour).Unix()', None),
        ('"exp": now + 300', None),
        ('"exp": datetime.utcnow() + timedelta(minutes=5)', None),
        ('"exp": end', None),
    ],
)
def test_the_life_that_a_program_gives_an_assertion_is_compared_with_what_is_taken(expires, lives):
    first = explain(program(expires))[0]
    wanted = "assertion-lives-too-long" if lives else "another-server-refuses-the-assertion"
    assert (first.id, str(lives or "") in first.means) == (wanted, True)


def dropped(tenant, said):
    api = f"https://api.cernermillennium.com/{tenant}/message/20241001/patientMessages/inboxItems?patientId=1"
    message = json.dumps(
        {
            "code": 403,
            "message": 'code="urn:cerner:error:oauth2:resource-access:insufficient-scopes", error="insufficient_scope"',
        }
    )
    members = {"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 570}
    granted = json.dumps(members | {"scope": "oraclehealth:millennium:recipient"})
    return (
        f"POST {HOST}/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token HTTP/1.1\n{FORM}\n\n"
        "grant_type=client_credentials&scope=oraclehealth:millennium:message+oraclehealth:millennium:recipient\n\n"
        f"HTTP/1.1 200 OK\n{JSON}\n\n{granted}\n\n"
        f"GET {api} HTTP/1.1\n\nHTTP/1.1 403 Forbidden\n\n{message}\n\n{said}\n"
    )


ADDED = "We added Messages to the app in the console last week."
SCOPES = {
    "added, at a customer's": (dropped(TENANT, ADDED), "scope-added-and-not-deployed"),
    "added, at the sandbox": (dropped(SANDBOX, ADDED), "scope-dropped"),
    "nothing is said of it": (dropped(TENANT, "We sent Messages to the app."), "scope-dropped"),
}


@pytest.mark.parametrize(("text", "wanted"), SCOPES.values(), ids=SCOPES)
def test_what_was_done_already_is_not_advised_again(text, wanted):
    assert explain(text)[0].id == wanted


def listed(query, said):
    return (
        f"{said}\nGET https://api.cernermillennium.com/{TENANT}/message/20241001/patientMessages/inboxItems?patientId=1{query}\n\n"
        f"HTTP/1.1 200 OK\n{JSON}\n\n"
        '{"items":[{"id":"1","createDateTime":{"dateTime":"2026-11-01T00:00:00"}}]}\n'
    )


LISTS = {
    "old ones are missed": (listed("", "Old messages are missing"), "list-cut-by-its-default-window"),
    "nothing is missed": (listed("", "A list of the patient"), "success"),
    "a bound is there": (
        listed("&createDateTimeGreaterThanOrEqualTo=2025-01-01T00:00:00Z", "Old messages are missing"),
        "success",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), LISTS.values(), ids=LISTS)
def test_old_messages_are_missed_for_the_default_window_where_no_bound_is_asked_for(text, wanted):
    assert explain(text)[0].id == wanted


NGINX = (
    "2026/11/24 13:50:02 [error] 29#29: SSL_do_handshake() failed (SSL: error:0A000410:SSL routines::sslv3 alert "
    "handshake failure) "
    'while SSL handshaking to upstream, upstream: "https://138.1.33.162:443/x", host: "api.cernermillennium.com"\n'
)


def test_a_gateway_that_names_no_host_is_not_said_to_know_no_tls():
    assert explain(f"proxy_pass https://$up;\n{NGINX}")[0].id == "tls-name-not-sent"
    named = explain(f"proxy_pass https://$up;\nproxy_ssl_server_name on;\n{NGINX}")
    assert named[0].id == "tls-handshake-failed"


@pytest.mark.parametrize(
    ("said", "cure"),
    [
        ("Client does not have permission to use the Grant Type:client_credentials", "«Client configuration»"),
        ("Client authentication failed", "which scopes and grants the client has"),
    ],
)  # fmt: skip
def test_the_words_of_an_identity_domain_lead_to_the_place_where_they_are_cured(said, cure):
    body = json.dumps({"error": "unauthorized_client", "error_description": said, "ecid": "3kQx"})
    url = "https://idcs-4c2f.identity.oraclecloud.com/oauth2/v1/token"
    text = f"POST {url}\n\nHTTP/1.1 401 X\n{JSON}\n\n{body}\n"
    assert cure in dict(explain(text)[0].details)["change"]
