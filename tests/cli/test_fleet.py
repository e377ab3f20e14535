"""`golive run` of several: a process each, a line each as it ends, one overview and one exit code."""

from __future__ import annotations

import json
import signal
import subprocess
from dataclasses import replace

import forked
import pytest

from golive.environment import find, load
from golive.transport import admission
from golive.transport.admission import SharedRate, limiter

from .conftest import command, environment

SANDBOX = "ec2458f2-1e24-41c8-b71b-0e701af7583d"
LIST = f"""\
environment: mine
tenants:
  - {{name: river, tenant: {SANDBOX}}}
  - {{name: unknown, tenant: ec2458f2-0000-4000-8000-0e701af7583d}}
  - {{name: away, tenant: any, environment: nowhere}}
"""
MINE = """\
tenant: x
token:
  url: "{twin}/authorization.cerner.com/tenants/{tenant}/protocols/oauth2/profiles/smart-v1/token"
  scopes: [oraclehealth:millennium:message]
  client_authentication: client_secret_basic
  credential: {twin: system}
api:
  base_url: "{twin}/api.cernermillennium.com/{tenant}/message"
test_data: {patient: "12700100"}
claims: {operations: [listInboxItems]}
safety: {rate: 1000, concurrency: 8, retries: 0}
data: synthetic
"""


@pytest.fixture
def mine(folder):
    (folder / "environments").mkdir()
    (folder / "environments" / "mine.yaml").write_text(MINE)
    (folder / "tenants.yaml").write_text(LIST)
    return folder


def run(folder, *words):
    done = forked.run(
        command("run", *words),
        cwd=folder,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    file = folder / "reports" / "overview" / "summary.json"
    data = json.loads(file.read_text()) if file.exists() else None
    return done, data


@pytest.mark.whole_run
@pytest.mark.measured
def test_tenants_run_by_a_process_each_and_end_in_one_overview(mine):
    words = ("--tenants", "tenants.yaml", "-j", "2", "-k", "token-lifetime")
    done, data = run(mine, *words)
    assert done.returncode == data["exit_code"] == 4, done.stdout + done.stderr
    verdicts = {row["name"]: row["verdict"] for row in data["tenants"]}
    assert verdicts == {"river": "GO", "unknown": "CONFIGURATION", "away": "CONFIGURATION"}
    lines = done.stdout.splitlines()
    assert {line.split()[0] for line in lines[:3]} == {"1/3", "2/3", "3/3"}
    assert any(
        "GO" in line and "mine@river" in line and "reports/mine@river-2" in line for line in lines
    )
    assert done.stdout.endswith("exit code 4\n")
    # Only the lines of golive itself stand on the terminal: what each run prints is in its log.
    assert "checks passed" not in done.stdout
    assert "exit code 0" in (mine / "reports" / "logs" / "mine@river.log").read_text()
    assert (mine / "reports" / "overview" / "overview.html").is_file()


@pytest.mark.whole_run
def test_several_environments_run_by_name(mine):
    (mine / "environments" / "mine.yaml").write_text(
        MINE.replace("tenant: x", f"tenant: {SANDBOX}", 1)
    )
    done, data = run(mine, "twin", "mine", "-k", "token-lifetime")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [row["key"] for row in data["tenants"]] == ["mine", "twin"]
    assert "Each asked the embedded twin" in data["meaning"]


@pytest.mark.whole_run
@pytest.mark.measured
def test_a_fleet_that_is_stopped_is_interrupted_and_says_of_each_what_became_of_it(mine):
    slow = MINE.replace("data: synthetic", "twin: {latency: 2000}\ndata: synthetic")
    (mine / "environments" / "mine.yaml").write_text(slow)
    words = command("run", "--tenants", "tenants.yaml", "--only", "river", "--only", "unknown")
    with subprocess.Popen(
        words, cwd=mine, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        log = mine / "reports" / "logs" / "mine@river.log"
        while not (log.exists() and "ok   environment" in log.read_text()):
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    data = json.loads((mine / "reports" / "overview" / "summary.json").read_text())
    found = {row["name"]: (row["verdict"], row["reason"]) for row in data["tenants"]}
    assert found["river"][0] == "INTERRUPTED"
    assert found["unknown"] == ("COULD NOT TELL", "There is no run of this tenant.")
    assert said.endswith("exit code 130\n")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--only", "river"), "--only and --shard choose among the tenants of --tenants FILE."),
        (
            ("twin", "--tenants", "tenants.yaml"),
            "twin: each tenant of --tenants names its environment.",
        ),
        (("--tenants", "tenants.yaml", "--only", "lake"), "tenants.yaml has no tenant lake."),
        (("--tenants", "tenants.yaml", "--shard", "9"), "a shard is written I/N"),
        (("--tenants", "tenants.yaml", "--env=twin"), "--env is set by `golive run`."),
        (("--tenants", "tenants.yaml", "-j", "0"), "0 is not in the range 1<=x<=64"),
    ],
)
def test_words_that_do_not_fit_together_are_refused(golive, mine, words, said):
    outcome = golive("run", *words)
    assert outcome.code == 4
    assert said in " ".join(outcome.err.split())


def test_one_tenant_of_a_shard_is_an_ordinary_run(golive, mine, monkeypatch):
    taken = []

    def run_within(folder, options, given, _sign):
        taken.append((folder.environment, options, given().environment.name))
        return 0

    monkeypatch.setattr("golive.cli.commands.run.run_within", run_within)
    assert golive("run", "--tenants", "tenants.yaml", "--shard", "1/3", "-x").code == 0
    assert taken == [("mine@river", ["-x"], "mine@river")]


class _Clock:
    """A clock that only sleeping moves; it keeps when each request was let through."""

    def __init__(self):
        self.now, self.turns = 1000.0, []

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.turns.append(round(self.now + seconds, 3))


def test_several_processes_keep_one_rate_together(tmp_path, monkeypatch):
    clock = _Clock()
    monkeypatch.setattr(admission, "time", clock)
    file = tmp_path / "production"
    both = SharedRate(file, 4), SharedRate(file, 4)
    for _ in range(3):
        for one in both:
            one.try_acquire("request")
    assert clock.turns == [1000.0, 1000.25, 1000.5, 1000.75, 1001.0, 1001.25]
    assert both[0].try_acquire("request", blocking=False) is False
    clock.now = 2000.0
    both[0].try_acquire("request")
    assert clock.turns[-1] == 2000.0
    for one in both:
        one.close()


def test_the_rate_is_shared_by_cloud(tmp_path, folder):
    twin = load(find("twin"), variables={})
    shared = limiter(replace(twin, rates=tmp_path))
    assert isinstance(shared, SharedRate)
    shared.close()
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["production"]
    alone = limiter(twin)
    assert not isinstance(alone, SharedRate)
    alone.close()
