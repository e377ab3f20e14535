"""`golive explain` as a person calls it: inputs, exit codes, JSON, and nothing secret printed."""

import base64
import io
import json
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from golive.diagnosis.causes import entries
from golive.redaction import REDACTOR

ROOT = Path(__file__).parents[2]
FORUM = ROOT / "docs" / "examples" / "forum-7979.txt"
SECRET = "s3cr3t-Value-9/x+y"
PAIR = base64.b64encode(f"0b8a0111-e8e6-4c26-a91c-5069cbc6b1ca:{SECRET}".encode()).decode()
JWT = "eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJodHRwczovL2F1dGhvcml6YXRpb24uY2VybmVyLmNvbS8ifQ.c2lnbmVkc2ln"
TOKEN_URL = "https://authorization.cerner.com/tenants/t/protocols/oauth2/profiles/smart-v1/token"


@pytest.fixture(autouse=True)
def _clean_vault():
    REDACTOR.clear()
    yield
    REDACTOR.clear()


@pytest.fixture
def pasted(golive, monkeypatch):
    """golive explain with this on standard input."""

    def call(text, *arguments):
        raw = text if isinstance(text, bytes) else text.encode()
        stdin = io.TextIOWrapper(io.BytesIO(raw))
        monkeypatch.setattr(sys, "stdin", stdin)
        return golive("explain", *arguments)

    return call


def test_the_forum_post_as_it_stands_gets_its_two_answers_and_the_side_findings(pasted):
    done = pasted(FORUM.read_text(), "--json")
    answers = {answer["id"]: answer for answer in json.loads(done.out)["answers"]}
    assert done.code == 0
    assert list(answers) == [
        "wrong-cloud",
        "flow-is-right",
        "which-url-for-what",
        "content-type-on-a-get",
        "undocumented-media-type",
    ]
    cause = answers["wrong-cloud"]
    assert "authorization.sandboxcerner.com" in cause["means"]
    assert "authorization.cerner.com" in str(cause["details"])


def test_a_remark_beside_what_is_not_known_is_no_explanation(pasted):
    done = pasted("curl http://h.example/x\ncurl: (99) odd\n")
    assert "not encrypted" in done.out or "http://" in done.out
    assert done.code == 6


@pytest.mark.parametrize(
    ("given", "code"), [("4", 0), ("unknown_kid", 0), ("no such thing here", 6), ("qqqq", 6)]
)
def test_the_exit_code_says_whether_anything_is_known(golive, given, code):
    done = golive("explain", given, "--json")
    told = json.loads(done.out)
    schema = json.loads((ROOT / "schemas" / "explain.schema.json").read_text())
    Draft202012Validator(schema).validate(told)
    assert (done.code, told["known"]) == (code, code == 0)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "It is empty."),
        (b" \n ", "It is empty."),
        (b"a\0b", "It is binary"),
        (b"caf\xe9", "It is not UTF-8 text (byte 4)."),
        (b"x" * 1_000_001, "longer than a million bytes"),
    ],
)
def test_input_that_can_not_be_read_is_reported_with_exit_code_4(pasted, raw, words):
    done = pasted(raw)
    assert done.code == 4
    assert words in done.err
    assert done.out == ""


def test_a_missing_file_and_a_folder_are_reported(golive, folder):
    assert "can't be read" in golive("explain", "--file", "absent.txt").err
    assert "This is a folder" in golive("explain", "--file", str(folder)).err
    assert golive("explain", "4", "--file", "x").code == 4


def test_a_file_in_utf_16_as_powershell_writes_it_is_read(golive, folder):
    (folder / "paste.txt").write_bytes(FORUM.read_text().encode("utf-16"))
    assert "wrong-cloud" in golive("explain", "--file", "paste.txt").out


@pytest.mark.parametrize(
    "paste",
    [
        f"curl -u id:{SECRET} -d grant_type=client_credentials {TOKEN_URL}",
        f"curl --user 'id:{SECRET}' {TOKEN_URL}",
        f"curl -H 'Authorization: Basic {PAIR}' {TOKEN_URL}",
        f"curl -H 'Authorization: Bearer {JWT}' https://api.cernermillennium.com/t/message/20241001/x",
        f"curl -d client_id=a -d 'client_secret={SECRET}' {TOKEN_URL}",
        f"curl --data-urlencode 'client_assertion={JWT}' {TOKEN_URL}",
        f"curl -b 'session={SECRET}' {TOKEN_URL}",
        f"HTTP/1.1 401 Unauthorized\nSet-Cookie: sid={SECRET}; Path=/\n\n{{}}",
        json.dumps({"access_token": JWT, "token_type": "Bearer", "scope": "x", "note": SECRET}),
        json.dumps({"error": SECRET, "client_secret": SECRET}),
        f"POST {TOKEN_URL} HTTP/1.1\nAuthorization: Basic {PAIR}\n\nscope={SECRET}&password={SECRET}",
        json.dumps({"error": SECRET, "error_uri": "x"}),
        json.dumps({"error": "x", "error_uri": f"{TOKEN_URL}?client={SECRET}"}),
        json.dumps(
            {"resourceType": "OperationOutcome", "issue": [{"code": SECRET, "diagnostics": SECRET}]}
        ),
        f"HTTP/1.1 403 Forbidden\nContent-Type: text/plain\n\n{SECRET} {JWT}",
        f"curl -u id:{SECRET} {TOKEN_URL}\ncurl: (6) Could not resolve host: {SECRET}@h.example",
        f"password: {SECRET}",
        JWT,
    ],
)
def test_nothing_secret_of_the_paste_is_printed(pasted, paste):
    for arguments in ((), ("--json",)):
        done = pasted(paste, *arguments)
        assert done.code in (0, 6)
        for secret in (SECRET, PAIR, JWT, *JWT.split(".")):
            assert secret not in done.out + done.err


def test_control_characters_never_reach_the_terminal(pasted):
    body = json.dumps({"error": "invalid_client\x1b[31m", "error_uri": "x\x07"})
    done = pasted(f"HTTP/1.1 401 \x1b[2J\nX-Request-Id: a\x1b]0;t\x07\n\n{body}")
    assert not any(ord(c) < 32 and c != "\n" for c in done.out)


def test_every_answer_fits_on_one_screen_of_80_columns(golive, pasted, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for entry in entries():
        lines = golive("explain", entry["id"]).out.splitlines()
        assert len(lines) <= 30, entry["id"]
    forum = pasted(FORUM.read_text()).out.splitlines()
    assert len(forum) <= 45
    assert all(len(line) <= 80 or "https://" in line for line in forum)


def test_help_states_the_exit_codes(golive):
    assert "6 unknown to golive" in golive("explain", "--help").out
