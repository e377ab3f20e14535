"""The journal: what it keeps, what it leaves out, and what is wrong with a file that is none."""

from __future__ import annotations

import base64
import io
import json
import time

import httpx
import pytest

from golive.client.harmless import harmless, harmless_text
from golive.client.journal import Journal, Packed, line_of, read_journal
from golive.kit.problems import ConfigurationProblem
from golive.twin import Twin

from .conftest import API, CONTRACT, Day

SECRET = "c2VjcmV0LXNlY3JldC1zZWNyZXQ"


@pytest.fixture
def served():
    """A started twin with a journal, and the text of its file."""
    lines = io.StringIO()
    journal = Journal(CONTRACT, lines)
    with Twin(journal=journal) as twin:
        journal.address = twin.address
        yield twin, journal, lines


def kept(journal, number):
    """Return so many exchanges: the last is written down a moment after its answer is there."""
    ends = time.monotonic() + 10
    while len(journal.exchanges) < number and time.monotonic() < ends:
        time.sleep(0.01)
    assert len(journal.exchanges) == number
    return journal.exchanges


def token_of(twin, **more):
    from golive.twin.server import token_url

    account = twin.accounts["system"]
    form = {"grant_type": "client_credentials", "scope": "oraclehealth:millennium:message", **more}
    pair = (account.client_id, account.client_secret)
    return httpx.post(token_url(twin, account), data=form, auth=pair, trust_env=False).json()[
        "access_token"
    ]


def test_no_secret_is_in_a_journal_and_the_same_token_is_seen_again(served):
    twin, journal, lines = served
    token = token_of(twin)
    url = f"{twin.address}/{API.removeprefix('https://')}/patientMessages/inboxItems?patientId=12700100"
    headers = {"Authorization": f"Bearer {token}", "X-Copy": token, "Cookie": f"session={SECRET}"}
    httpx.get(f"{url}&access_token={token}", headers=headers, trust_env=False)
    httpx.post(url, headers=headers, json={"token": token}, trust_env=False)
    kept(journal, 3)
    text = lines.getvalue() + repr(
        [(one.request.url, one.request.headers.fields) for one in journal.exchanges]
    )
    account = twin.accounts["system"]
    pair = f"{account.client_id}:{account.client_secret}"
    for secret in (
        token,
        token.rsplit(".", 1)[1],
        account.client_secret,
        SECRET,
        base64.b64encode(pair.encode()).decode(),
    ):
        assert secret not in text
    granted, asked, written = kept(journal, 3)
    shown = json.loads(granted.response.body)["access_token"]
    assert asked.request.headers.get("Authorization") == f"Bearer {shown}"
    assert json.loads(written.request.body)["token"] == shown
    assert (
        account.client_id
        in base64.b64decode(granted.request.headers.get("Authorization").split()[1]).decode()
    )


def test_a_journal_keeps_request_and_answer_as_they_were(served):
    twin, journal, _ = served
    token_of(twin)
    (one,) = kept(journal, 1)
    assert (one.number, one.status, one.request.method, one.succeeded) == (1, 200, "POST", True)
    assert one.request.body.startswith(b"grant_type=client_credentials&scope=")
    assert one.response.headers.get("Cache-Control") == "no-store"
    assert 0 < one.seconds < 60


def test_a_long_answer_is_kept_compressed_and_once(served):
    twin, journal, lines = served
    headers = {"Authorization": f"Bearer {token_of(twin)}"}
    url = f"{twin.address}/{API.removeprefix('https://')}/patientMessages/inboxItems?patientId=12700300"
    whole = [httpx.get(url, headers=headers, trust_env=False).content for _ in range(2)]
    _, first, second = kept(journal, 3)
    assert isinstance(first.response, Packed)
    assert first.response.body == whole[0]
    assert first.response.packed is second.response.packed
    assert len(lines.getvalue()) < len(whole[0]) / 2


def test_a_request_that_no_host_of_the_twin_answers_is_kept_too(served):
    twin, journal, _ = served
    httpx.get(f"{twin.address}/fhir-ehr-code.cerner.com/r4/x", trust_env=False)
    assert [one.status for one in kept(journal, 1)] == [404]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a=1&client_secret=abcdefgh&b=2", "a=1&client_secret=golive-recording-"),
        ('{"access_token": "opaque-token-1"}', '{"access_token": "golive-recording-'),
        ("https://x/?access_token=opaque-token-1", "https://x/?access_token=golive-recording-"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_a_secret_is_replaced_where_its_name_says_so(text, shown):
    assert harmless_text(text).startswith(shown)
    assert "opaque-token-1" not in harmless_text(text)
    assert harmless_text(harmless_text(text)) == harmless_text(text)


@pytest.mark.parametrize(
    ("value", "readable"),
    [
        ("Basic bXk6c2VjcmV0LXNlY3JldA==", True),
        ("Basic bXktYXBwbGljYXRpb24=", False),
        ("Basic not base64", False),
    ],
)
def test_what_is_wrong_with_basic_stays_wrong(day: Day, value, readable):
    from suites.client import credentials

    one = harmless(
        day.ask(0, "POST", "https://authorization.cerner.com/x", headers={"Authorization": value})
    )
    pair = credentials.basic(one)
    assert (pair is not None) is readable
    assert pair is None or (pair[0] == "my" and "secret-secret" not in pair[1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the journal holds no request at all"),
        ("not json\n", "journal.jsonl:1: this line is not one of a journal: it can't be read."),
        (
            '{"url": "https://x", "method": "GET"}\n',
            "journal.jsonl:1: this line is not one of a journal: 'headers'",
        ),
        ("[]\n", "journal.jsonl:1: this line is not one of a journal: it can't be read."),
    ],
)
def test_a_file_that_is_no_journal_is_named_with_its_line(tmp_path, text, said):
    file = tmp_path / "journal.jsonl"
    file.write_text(text, "utf-8")
    with pytest.raises(ConfigurationProblem) as wrong:
        read_journal(file, CONTRACT)
    assert said.replace("'headers'", "headers is absent.") in str(wrong.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ConfigurationProblem, match="No such file"):
        read_journal(tmp_path / "journal.jsonl", CONTRACT)


def test_a_binary_body_comes_back(day: Day, tmp_path):
    day.ask(0, "POST", f"{API}/patientMessages/sentItems", body=b"\xff\xfe")
    file = tmp_path / "journal.jsonl"
    file.write_text(line_of(day.exchanges[0]), "utf-8")
    (again,) = read_journal(file, CONTRACT).exchanges
    assert again == day.exchanges[0]


def test_a_recording_of_a_browser_is_read_without_its_secrets(tmp_path):
    entry = {
        "startedDateTime": "2026-11-26T12:00:00Z",
        "time": 10,
        "request": {
            "method": "GET",
            "url": f"{API}/patientMessages/inboxItems?patientId=1",
            "headers": [{"name": "Authorization", "value": "Bearer opaque-token-1"}],
        },
        "response": {"status": 200, "headers": [], "content": {"size": 2, "text": "{}"}},
    }
    file = tmp_path / "traffic.har"
    file.write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
    (one,) = read_journal(file, CONTRACT).exchanges
    assert one.request.operation == "listInboxItems"
    assert "opaque-token-1" not in line_of(one)
