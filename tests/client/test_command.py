"""`golive client`, whole: a command in any language, its variables, its exit code, the verdict."""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import forked
import pytest

from golive.client.command import as_file, with_loopback
from golive.report.summary import whole

from .conftest import API

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.whole_run, pytest.mark.measured]

GOOD = """
import os, sys, httpx
e = os.environ
http = httpx.Client(headers={"User-Agent": "x/1"}, trust_env=False)
form = {"grant_type": "client_credentials", "scope": e["GOLIVE_SCOPE"]}
pair = (e["GOLIVE_CLIENT_ID"], e["GOLIVE_CLIENT_SECRET"])
token = http.post(e["GOLIVE_TOKEN_URL"], data=form, auth=pair).json()["access_token"]
headers = {"Authorization": f"Bearer {token}", "opc-request-id": "a-1"}
query = {"patientId": e["GOLIVE_PATIENT"], "createDateTimeGreaterThanOrEqualTo": sys.argv[1]}
print(http.get(e["GOLIVE_API_URL"] + "/patientMessages/inboxItems", params=query, headers=headers).status_code)
print(token)
sys.exit(int(sys.argv[2]))
"""
FINE, WRONG = "2026-11-01T00:00:00Z", "2026-11-01T00:00:00.000Z"


@dataclass
class Ended:
    code: int
    out: str
    err: str
    folder: Path

    @property
    def summary(self) -> dict[str, Any]:
        return whole(json.loads((self.folder / "reports/latest/summary.json").read_text("utf-8")))


def golive(folder: Path, *words: str) -> Ended:
    done = forked.run(
        [sys.executable, "-m", "golive", "client", *words],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    return Ended(done.returncode, done.stdout, done.stderr, folder)


@pytest.mark.parametrize(
    ("bound", "own", "code"),
    [
        pytest.param(FINE, 0, 0, marks=pytest.mark.unmeasured),
        pytest.param(FINE, 9, 9, marks=pytest.mark.unmeasured),
        (WRONG, 9, 1),
    ],
)
def test_a_command_is_judged_by_its_requests_and_its_exit_code_is_taken_along(
    tmp_path, bound, own, code
):
    ended = golive(tmp_path, "--", sys.executable, "-c", GOOD, bound, str(own))
    assert ended.code == code, ended.out + ended.err
    summary = ended.summary
    assert summary["verdict"] == ("NO-GO" if bound == WRONG else "GO")
    assert (summary["requests"], summary["token_requests"]) == (2, 1)
    assert summary["counts"]["not seen"] > 20
    assert ("the command ended with exit code 9" in ended.out) is (own == 9)
    failed = [one["id"] for one in summary["checks"] if one["outcome"] == "failed"]
    assert failed == (["client-bounds-have-no-milliseconds"] if bound == WRONG else [])
    run = tmp_path / "reports/latest"
    assert {"journal.jsonl", "exchanges.har", "junit.xml", "report.html", "summary.md"} <= {
        one.name for one in run.iterdir()
    }
    journal = (run / "journal.jsonl").read_text()
    assert (
        journal.count(".golive-recording-") == 2
    )  # the token, where it is granted and where it is used
    assert "[redacted]" not in journal
    again = golive(tmp_path, "--judge", str(run.resolve() / "journal.jsonl"))
    assert again.code == (1 if bound == WRONG else 0)
    assert [one["outcome"] for one in again.summary["checks"]] == [
        one["outcome"] for one in summary["checks"]
    ]


def test_a_client_that_asks_nothing_proves_nothing(tmp_path):
    ended = golive(tmp_path, "--", sys.executable, "-c", "pass")
    assert ended.code == 5
    assert "No request of the client's for an operation succeeded." in ended.out


def test_what_an_environment_demands_of_a_client_it_has_to_do(tmp_path):
    from golive.kit.files import resources

    (tmp_path / "environments").mkdir()
    text = (resources() / "environments" / "twin.yaml").read_text("utf-8")
    (tmp_path / "environments" / "ours.yaml").write_text(
        f"{text}\ndemands: {{sendMessage: 3}}\n", "utf-8"
    )
    ended = golive(tmp_path, "--env", "ours", "--", sys.executable, "-c", GOOD, FINE, "0")
    assert ended.code == 5
    assert "sendMessage 0 of 3" in " ".join(ended.out.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--env", "sandbox"], "it leads to a real service"),
        (["--", "no-such-program"], "no-such-program can't be started"),
        (["--judge", "x.jsonl", "--", "true"], "--judge takes neither a COMMAND"),
        (["--judge", "x.jsonl"], "x.jsonl: it can't be read: No such file"),
    ],
)
def test_a_mistake_is_named_and_ends_with_4(tmp_path, monkeypatch, words, said):
    for name in ("GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET", "GOLIVE_TENANT", "GOLIVE_PATIENT"):
        monkeypatch.setenv(name, "12345678-9")
    ended = golive(tmp_path, *words)
    assert ended.code == 4, ended.out + ended.err
    assert said in " ".join(ended.err.split())


@pytest.mark.usefixtures("in_pipeline")
def test_ctrl_c_ends_the_work_and_the_verdict_follows(tmp_path):
    started = subprocess.Popen(
        [sys.executable, "-m", "golive", "client", "--seed", "7", "--write-env", "client.json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    )
    file = tmp_path / "client.json"
    for _ in range(200):
        if file.exists():
            break
        time.sleep(0.1)
    offered = json.loads(file.read_text("utf-8"))
    done = subprocess.run(
        [sys.executable, "-c", GOOD, FINE, "0"],
        env=offered,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("200\n"), done.stderr
    token = done.stdout.split()[1].rpartition(".")[2]
    assert len(token) > 40
    time.sleep(0.2)
    started.send_signal(signal.SIGINT)
    out, _ = started.communicate(timeout=60)
    assert started.returncode == 0, out
    assert "GO: Every deciding check passed." in out
    assert offered["GOLIVE_CLIENT_ID"] == same_account(7)[0]
    assert same_account(7) == same_account(7) != same_account(8)
    pair = f"{offered['GOLIVE_CLIENT_ID']}:{offered['GOLIVE_CLIENT_SECRET']}"
    canaries = (offered["GOLIVE_CLIENT_SECRET"], base64.b64encode(pair.encode()).decode(), token)
    written = [one for one in (tmp_path / "reports/latest").rglob("*") if one.is_file()]
    assert len(written) > 50
    found = [one.name for one in written for each in canaries if each.encode() in one.read_bytes()]
    assert found == []


def same_account(seed):
    from golive.twin.accounts import register_accounts

    account = register_accounts(seed)["system"]
    return account.client_id, account.client_secret


def test_each_request_is_shown_as_it_comes_with_what_is_wrong_in_it(tmp_path):
    ended = golive(tmp_path, "--watch", "--", sys.executable, "-c", GOOD, WRONG, "0")
    assert (
        "!! query:createDateTimeGreaterThanOrEqualTo: expected an instant without milliseconds"
        in ended.out
    )
    assert "Cut the fraction off" in ended.out
    assert ended.out.index("Cut the fraction off") < ended.out.index("requests of a client")


def test_a_bad_day_is_played_and_judged(tmp_path):
    twice = GOOD.replace(
        "print(token)",
        "http.get(e['GOLIVE_API_URL'] + '/patientMessages/inboxItems', params=query, headers=headers)",
    )
    words = [
        "--",
        sys.executable,
        "-c",
        twice.replace("print(http.get", "for _ in range(3): print(http.get"),
        FINE,
        "0",
    ]
    ended = golive(tmp_path, "--scenario", "throttled", "--fail-on-advice", *words)
    failed = [one["id"] for one in ended.summary["checks"] if one["outcome"] == "failed"]
    assert (ended.code, "client-waits-as-it-is-asked-to" in failed) == (1, True), failed
    unknown = golive(tmp_path, "--scenario", "throttle", "--", "true")
    assert (unknown.code, 'Did you mean "throttled"?' in unknown.err) == (4, True)


def test_variables_are_written_as_json_or_for_a_shell(tmp_path):
    found = {"GOLIVE_API_URL": "http://127.0.0.1:1/x", "GOLIVE_SCOPE": "a b"}
    assert json.loads(as_file(tmp_path / "x.json", found)) == found
    assert (
        as_file(tmp_path / ".env", found)
        == "GOLIVE_API_URL=http://127.0.0.1:1/x\nGOLIVE_SCOPE='a b'\n"
    )


def test_no_proxy_stands_between_a_command_and_the_twin():
    given = with_loopback({"NO_PROXY": "example.org", "PATH": "/bin"}, {"GOLIVE_X": "1"})
    assert given == {"NO_PROXY": "example.org,127.0.0.1,localhost", "PATH": "/bin", "GOLIVE_X": "1"}


def test_a_port_that_is_taken_is_named_and_no_folder_is_left(tmp_path):
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = golive(tmp_path, "--port", str(port), "--", "true")
    assert (ended.code, "can't be used" in ended.err) == (4, True)
    assert not list((tmp_path / "reports").glob("client-*"))


def test_the_files_of_a_command_are_its_own(tmp_path):
    code = "open('made', 'w').close()"
    golive(tmp_path, "--", sys.executable, "-c", code)
    assert (tmp_path / "made").stat().st_mode & 0o044


@pytest.mark.usefixtures("in_pipeline")
def test_a_recording_of_a_real_service_needs_its_environment_and_shows_no_value(
    tmp_path, monkeypatch
):
    for name in ("GOLIVE_CLIENT_ID", "GOLIVE_CLIENT_SECRET", "GOLIVE_TENANT", "GOLIVE_PATIENT"):
        monkeypatch.setenv(name, "12345678-9")
    query = "patientId=77001&limit=Jane-Roe"
    entry = {
        "startedDateTime": "2026-11-26T12:00:00Z",
        "time": 10,
        "request": {
            "method": "GET",
            "url": f"{API}/patientMessages/inboxItems?{query}",
            "headers": [],
        },
        "response": {
            "status": 200,
            "headers": [],
            "content": {"size": 12, "text": '{"items": []}'},
        },
    }
    (tmp_path / "traffic.har").write_text(json.dumps({"log": {"entries": [entry]}}), "utf-8")
    unnamed = golive(tmp_path, "--judge", "traffic.har")
    assert (unnamed.code, "nothing in it says which environment" in unnamed.err) == (4, True)
    ended = golive(tmp_path, "--judge", "traffic.har", "--env", "production")
    assert ended.code == 1, ended.out + ended.err
    failed = [one["id"] for one in ended.summary["checks"] if one["outcome"] == "failed"]
    assert failed == ["client-limit-is-1000"]
    assert "Jane-Roe" not in ended.out
    written = [one for one in (tmp_path / "reports/latest").rglob("*") if one.is_file()]
    assert [one.name for one in written if b"Jane-Roe" in one.read_bytes()] == []
