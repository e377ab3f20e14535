"""What logs of proxies, jobs and clients show: an exchange without its URL, a token's age, a header of another name."""

import pytest

from golive.diagnosis.paste import explain

TENANT = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
TOKEN = (
    f"https://authorization.cerner.com/tenants/{TENANT}/protocols/oauth2/profiles/smart-v1/token"
)
PATH = f"/{TENANT}/message/20241001/patientMessages/inboxItems"
INBOX = f"https://api.cernermillennium.com{PATH}"
NO_TOKEN = (
    '{"code":401,"message":"code=\\"urn:cerner:error:oauth2:resource-access:token-required\\""}'
)


def first(text):
    return explain(text)[0]


def detail(answer, label):
    return " ".join(text for name, text in answer.details if name == label)


@pytest.mark.parametrize(
    "line",
    [
        f'bridge[7]: dst=api.cernermillennium.com method=GET path="{PATH}" status=403 resp_body="-"',
        f'{{"host":"api.cernermillennium.com","uri":"{PATH}","method":"GET","status":403,"bytes":0}}',
        f'upstream_host=api.cernermillennium.com:443 request="GET {PATH}?patientId=1 HTTP/1.1" status=403',
    ],
)
def test_a_refusal_without_a_body_is_open_and_says_what_to_look_for(line):
    found = first(line)
    assert found.id == "call-forbidden"
    assert found.guessed
    assert all(word in found.means for word in ("a scope", "a tenant", "on the way"))
    assert "WWW-Authenticate" in detail(found, "guess")
    assert found.means.startswith("api.cernermillennium.com")
    assert not first(line.replace("api.cernermillennium.com", "h.example")).means.startswith("api.")


POLLS = (
    "ts=2026-11-23T08:00:01Z msg=starting token_url={token}\n"
    'ts=2026-11-23T08:00:02Z msg="token acquired" expires_in=570\n'
    "ts=2026-11-23T08:00:03Z msg=polled patient=1 status=200\n"
    "ts=2026-11-23T08:08:52Z msg=polled patient=2 status=200\n"
    "ts=2026-11-23T{time}Z msg=failed patient=3 status={status}\n"
)


@pytest.mark.parametrize(
    ("time", "status", "outlived"),
    [
        ("08:12:41", 401, True),
        ("08:08:55", 401, False),
        ("08:12:41", 403, False),
        ("08:12:41", 500, False),
    ],
)
def test_the_age_of_a_token_is_read_from_lines_that_name_no_url(time, status, outlived):
    found = explain(POLLS.format(token=TOKEN, time=time, status=status))
    assert ("token-not-renewed" in [one.id for one in found]) is outlived


def test_a_token_that_was_taken_anew_is_not_too_old():
    log = POLLS.format(token=TOKEN, time="08:12:41", status=401)
    anew = 'ts=2026-11-23T08:12:00Z msg="token acquired" expires_in=570\n'
    lines = log.splitlines(keepends=True)
    assert "token-not-renewed" not in [
        one.id for one in explain("".join([*lines[:4], anew, lines[4]]))
    ]


def test_dots_between_a_url_and_its_status_are_no_part_of_either():
    probed = "GET https://authorization.cerner.com/.well-known/smart-configuration ......... {}\n"
    assert first(f"{probed.format(404)}FATAL could not discover\n").id == "discovery-is-elsewhere"
    assert first(f"{probed.format(200)}FATAL could not discover\n").id != "discovery-is-elsewhere"


JOB = '\n{"class":"Sync","args":[{"tenant":"a"}],"retry_count":4}\n'


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (
            "Net::OpenTimeout (Failed to open TCP connection to {} (execution expired)):",
            "no-connection-in-time",
        ),
        ("tcp connect error: Connection timed out (os error 110) {}", "no-connection-in-time"),
        ("Net::ReadTimeout with #<TCPSocket:(closed)> {}", "no-answer-in-time"),
    ],
)
def test_the_arguments_of_a_job_are_not_the_answer(words, cause):
    found = first(words.format("authorization.cerner.com:443") + JOB)
    assert (found.id, found.known) == (cause, True)


def test_steps_in_another_order_are_not_missing():
    path = "patientMessages/inboxItems?patientId=1"
    call = f"GET https://api.cernermillennium.com/{{}}/{path} -> 404\n"
    swapped = first(call.format(f"{TENANT}/20241001/message"))
    assert "another order" in swapped.means
    lacking = first(call.format(f"{TENANT}/20241001"))
    assert "the API's namespace is missing" in lacking.means
    other = first(call.format(f"{TENANT}/messages-api/20241001"))
    assert "missing in it, is another API's" in other.means


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        ("Authentication: Bearer eyJh.eyJp.c2ln", "authorization-misspelt"),
        ("X-Authorization: Bearer eyJh.eyJp.c2ln", "authorization-misspelt"),
        ("Proxy-Authorization: Bearer eyJh.eyJp.c2ln", "token-missing"),
        ("Accept: application/json", "token-missing"),
    ],
)
def test_a_token_in_another_header_is_seen_where_it_stands(header, cause):
    lines = (f"--> GET {INBOX}?patientId=1", header, f"<-- 401 {INBOX}?patientId=1", NO_TOKEN)
    log = "".join(f"D OkHttp : {line}\n" for line in lines)
    assert first(log).id == cause
    curl = f"curl -H '{header}' '{INBOX}?patientId=1'\nHTTP/1.1 401 Unauthorized\n\n{NO_TOKEN}\n"
    assert first(curl).id == cause
    if cause == "authorization-misspelt":
        assert header.partition(":")[0] in first(curl).means


@pytest.mark.parametrize(
    ("call", "cause"),
    [
        (f"curl '{INBOX}?patientId=1&access_token=eyJh.eyJp.c2ln'", "token-in-the-url"),
        (f"curl -H 'Authorization: Bearer x' '{INBOX}?access_token=eyJh'", "token-lost-on-the-way"),
        (f"curl '{INBOX}?patientId=1'", "token-missing"),
    ],
)
def test_a_token_in_the_query_is_no_credential_of_the_call(call, cause):
    assert first(f"{call}\nHTTP/1.1 401 Unauthorized\n\n{NO_TOKEN}\n").id == cause


IDLE = (
    "06:00:02 INFO pool: {pool} max=20\n06:00:02 INFO GET inboxItems patient=1 200\n"
    "06:07:30 ERROR GET inboxItems patient=2 failed\n{failed}\n06:07:31 {after}\n"
)
NO_ANSWER = (
    "org.apache.http.NoHttpResponseException: api.cernermillennium.com:443 failed to respond"
)
RESET = "java.net.SocketException: Connection reset"


@pytest.mark.parametrize(
    ("failed", "after", "cause"),
    [
        (NO_ANSWER, "INFO GET inboxItems patient=3 200", "kept-connection-was-stale"),
        (RESET, "INFO GET inboxItems patient=3 200", "kept-connection-was-stale"),
        (NO_ANSWER, f"ERROR GET inboxItems patient=3 failed\n{NO_ANSWER}", "connection-cut"),
        (RESET, "INFO the job ends", "connection-cut"),
    ],
)
def test_a_connection_that_stood_idle_is_one_after_which_calls_are_taken(failed, after, cause):
    found = first(
        IDLE.format(pool="PoolingHttpClientConnectionManager", failed=failed, after=after)
    )
    assert found.id == cause
    assert found.guessed


def test_a_write_is_not_to_be_sent_again_where_a_connection_stood_idle():
    log = IDLE.format(pool="Pooling", failed=NO_ANSWER, after="INFO GET inboxItems patient=3 200")
    assert (
        first(f"POST {INBOX.replace('inboxItems', 'sentItems')}\n{log}").id
        == "write-of-unknown-outcome"
    )
