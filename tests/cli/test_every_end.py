"""Every end leaves a run folder that says how it was, and no link shows an older verdict."""

from __future__ import annotations

import json
import re
import signal
import stat
import subprocess
import sys
from xml.etree import ElementTree

import forked
import pytest

from golive.kit.tls import trust

from .conftest import ROOT, command, environment

pytestmark = pytest.mark.whole_run

TOKEN = "suites/oauth/test_token_success.py::test_a_token_is_granted_with_200"
GOOD = ("run", "twin", TOKEN)
TWIN = (ROOT / "environments" / "twin.yaml").read_text()
FORUM = ROOT / "tests" / "environments" / "forum-7979.yaml"


def told(folder, link="latest"):
    return json.loads((folder / "reports" / link / "summary.json").read_text())


def verdict_of_junit(folder):
    root = ElementTree.parse(folder / "reports" / "latest" / "junit.xml").getroot()
    told = {one.get("name"): one.get("value") for one in root.iter("property")}
    return told["golive.verdict"]


@pytest.mark.parametrize(
    ("words", "link"),
    [
        (("nosuch",), "latest-nosuch"),
        (("broken.yaml",), "latest-broken"),
        (("sandbox",), "latest-sandbox"),
        (("../x;touch y/evil $(id).yaml",), "latest-evil-id"),
        (("twin", "--nosuch"), "latest-twin"),
        (("twin", "--env=sandbox"), "latest-twin"),
        (("twin", "--defect", "nosuch"), "latest-twin"),
        (("twin", "--seed", "7"), "latest-twin"),
        (("twin", "-k", "(("), "latest-twin"),
        (("twin", "no/such/suite"), "latest-twin"),
        (("twin", "--debug"), "latest-twin"),
        ((FORUM,), "latest-forum-7979"),
    ],
    ids=str,
)
def test_what_ends_before_the_first_check_is_the_latest_run(golive_process, folder, words, link):
    (folder / "broken.yaml").write_text("tenant: [")
    (folder / "reports" / "twin-20200101T000000Z").mkdir(parents=True)
    for name in ("latest", "latest-twin"):  # a GO of long ago
        (folder / "reports" / name).symlink_to("twin-20200101T000000Z")
    (folder / "reports" / "latest" / "summary.json").write_text('{"verdict": "GO"}')
    assert golive_process("run", *words).code == 4
    for name in ("latest", link):
        found = told(folder, name)["verdict"], told(folder, name)["exit_code"]
        assert found == ("CONFIGURATION", 4)
    said = told(folder)
    assert said.get("problems") or said["diagnosis"] or said["meaning"].startswith("The command")
    assert verdict_of_junit(folder) == "CONFIGURATION"
    for file in ("summary.md", "report.html"):
        assert "CONFIGURATION" in (folder / "reports" / "latest" / file).read_text()
    assert not (folder / "pytestdebug.log").exists()
    if link != "latest-twin":
        assert told(folder, "latest-twin")["verdict"] == "GO"


def test_a_run_that_is_killed_is_the_latest_one_and_says_interrupted(golive_process, folder):
    assert golive_process(*GOOD).code == 0
    (folder / "slow.yaml").write_text(TWIN.replace("  seed: 1", "  seed: 1\n  latency: 250"))
    words = command("run", "slow.yaml")
    with subprocess.Popen(
        words, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        while "ok   environment" not in process.stdout.readline():
            pass
        process.kill()
    assert process.returncode == -signal.SIGKILL
    data = told(folder)
    assert (data["verdict"], data["exit_code"], data["finished"]) == ("INTERRUPTED", 130, False)
    assert data["environment"]["tenant"]
    assert verdict_of_junit(folder) == "INTERRUPTED"
    assert golive_process("report").code == 0
    assert "INTERRUPTED" in (folder / "reports" / "latest" / "report.html").read_text()
    assert golive_process("diff", "reports/latest", "reports/latest").code == 4  # it got no answer


@pytest.mark.measured
def test_a_run_that_only_shows_something_leaves_no_folder_and_no_other_link(golive_process, folder):
    assert golive_process(*GOOD).code == 0
    before = sorted(one.name for one in (folder / "reports").iterdir())
    for option in ("--collect-only", "--markers", "--version"):
        assert golive_process("run", "twin", option).code == 0, option
        assert sorted(one.name for one in (folder / "reports").iterdir()) == before, option
        assert told(folder)["verdict"] == "GO"


@pytest.mark.parametrize("damage", ['{"schema_version": 1}', "[" * 100_000], ids=["short", "deep"])
@pytest.mark.measured
def test_what_an_earlier_run_left_can_not_break_a_later_one(golive_process, folder, damage):
    assert golive_process(*GOOD).code == 0
    first = (folder / "reports" / "latest").resolve()
    (first / "summary.json").write_text(damage)
    [cache] = (folder / "reports" / ".pytest_cache").glob("twin@*/v/cache")
    cache.mkdir(parents=True, exist_ok=True)
    for name in ("lastfailed", "nodeids", "stepwise"):
        (cache / name).write_text("[1]" if name == "lastfailed" else '{"a": 1}')
    outcome = golive_process(*GOOD)
    assert outcome.code == 0, outcome.out + outcome.err
    assert told(folder)["verdict"] == verdict_of_junit(folder) == "GO"
    assert first.name in (folder / "reports" / "latest" / "report.html").read_text()


def test_a_fingerprint_of_an_earlier_run_that_is_damaged_is_left_out_and_named(
    golive_process, folder
):
    runs = []
    for _ in range(3):
        assert golive_process(*GOOD).code == 0
        runs.append((folder / "reports" / "latest").resolve())
    (runs[1] / "fingerprint.json").write_text("{")
    outcome = golive_process("diff", "--fail-on", "breaking")
    assert outcome.code == 0, outcome.err
    assert f"{runs[1].name} was left out: its fingerprint can't be read." in outcome.err
    assert runs[0].name in outcome.out


@pytest.mark.usefixtures("in_pipeline")
@pytest.mark.parametrize("umask", [0o000, 0o777])
def test_what_a_run_writes_is_for_nobody_else_whatever_the_umask(folder, umask):
    (folder / "reports").mkdir()
    code = f"import os; os.umask({umask}); from golive.cli import main; main()"
    words = [sys.executable, "-c", code, *GOOD]
    done = forked.run(words, cwd=folder, env=environment(), capture_output=True)
    assert done.returncode == 0, done.stdout
    for path in (folder / "reports").rglob("*"):
        if not path.is_symlink():
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path


def test_a_junit_file_elsewhere_leaves_the_one_of_the_folder_with_the_same_verdict(
    golive_process, folder
):
    assert golive_process(*GOOD, f"--junitxml={folder / 'mine.xml'}").code == 0
    assert verdict_of_junit(folder) == "GO"
    texts = [
        file.read_text() for file in (folder / "reports/latest/junit.xml", folder / "mine.xml")
    ]
    own, mine = (re.sub(r'time(?:stamp)?="[^"]*"', "", text) for text in texts)
    assert own == mine


@pytest.mark.measured
def test_a_folder_in_place_of_the_link_is_reported(golive_process, folder):
    (folder / "reports" / "latest").mkdir(parents=True)
    outcome = golive_process(*GOOD)
    assert outcome.code == 0
    assert "reports/latest is not golive's link, so it does not show this run" in outcome.err
    assert told(folder, "latest-twin")["verdict"] == "GO"


@pytest.mark.usefixtures("in_pipeline")
@pytest.mark.parametrize("more", [(), ("-n", "1")], ids=["alone", "worker"])
def test_a_run_without_plugins_that_come_by_themselves_is_as_usual(folder, more):
    done = forked.run(
        command(*GOOD, *more),
        cwd=folder,
        env=environment() | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert list((folder / "reports" / "latest" / "allure-results").glob("*-result.json"))


def test_generated_requests_leave_nothing_in_the_temporary_folder_after_an_interrupt(folder):
    (folder / "tmp").mkdir()
    (folder / "slow.yaml").write_text(TWIN.replace("  seed: 1", "  seed: 1\n  latency: 20"))
    variables = environment() | {"TMPDIR": str(folder / "tmp")}
    words = command("run", "slow.yaml", "--generated", "-k", "generated")
    with subprocess.Popen(
        words, cwd=folder, env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        while "ok   API" not in process.stdout.readline():
            pass
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert process.returncode == 130
    assert list((folder / "tmp").iterdir()) == []
    assert not (folder / ".hypothesis").exists()


def test_no_key_of_a_connection_is_written_where_the_surroundings_ask_for_it(
    folder, certificate, monkeypatch
):
    bundle, _ = certificate()
    monkeypatch.setenv("SSLKEYLOGFILE", str(folder / "keys"))
    context = trust(bundle)
    assert context.keylog_filename is None
    assert not (folder / "keys").exists()
    assert context.check_hostname
