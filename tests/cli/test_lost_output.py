"""The exit code survives whoever was to read what is printed: a pipe that closes, a full disk, a terminal that goes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import forked
import pytest

from .conftest import ROOT, command, environment

pytestmark = pytest.mark.whole_run

TOKEN = "suites/oauth/test_token_success.py"
LYING = ("run", "twin", "--defect", "token-response-may-be-cached", TOKEN)
PYTEST = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *LYING[2:])


PROVING = """
from golive.cli import main
from golive.cli.commands import prove

prove.fill = lambda matrix, *_, **__: None  # the proof takes long, and its end is the same
main()
"""


def ended(words, out, cwd, *, err=subprocess.DEVNULL, run=subprocess.run):
    """Run with these streams; `forked.run` is as good where the same loss was seen by a process that started."""
    return run(words, cwd=cwd, env=environment(), stdout=out, stderr=err, timeout=120).returncode


def closed_pipe():
    """A pipe whose reader has left before the first word."""
    reader, writer = os.pipe()
    os.close(reader)
    return os.fdopen(writer, "w")


def full_disk():
    return Path("/dev/full").open("w")


OUTPUTS = {"a pipe that is closed": closed_pipe, "a full disk": full_disk}
each_output = pytest.mark.parametrize("out", OUTPUTS.values(), ids=OUTPUTS)


@each_output
def test_a_run_whose_output_is_lost_ends_with_its_verdict_and_its_files(folder, out):
    with out() as stream:
        assert ended(command(*LYING), stream, folder, err=stream) == 1
    latest = folder / "reports" / "latest"
    assert json.loads((latest / "summary.json").read_text())["exit_code"] == 1
    assert {"junit.xml", "summary.md", "report.html"} <= {one.name for one in latest.iterdir()}


@each_output
def test_plain_pytest_whose_output_is_lost_ends_with_its_verdict(folder, out):
    with out() as stream:
        words = [*PYTEST, f"--run-folder={folder / 'run'}"]
        code = ended(words, stream.fileno(), ROOT, err=stream.fileno(), run=forked.run)
    assert code == 1
    assert json.loads((folder / "run" / "summary.json").read_text())["exit_code"] == 1


def test_a_reader_that_leaves_in_the_middle_changes_nothing(folder):
    with subprocess.Popen(
        command(*LYING), cwd=folder, env=environment(), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline()
        process.stdout.close()
        assert process.wait(timeout=120) == 1


def test_standard_output_that_was_closed_from_the_start_changes_nothing(folder):
    words = " ".join(command(*LYING))
    shell = ["sh", "-c", f"{words} >&- 2>&-"]
    done = subprocess.run(shell, cwd=folder, env=environment(), timeout=120, check=False)
    assert done.returncode == 1


@each_output
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (command("doctor", ROOT / "tests" / "environments" / "forum-7979.yaml"), 4),
        ([sys.executable, "-c", PROVING, "prove", "--defect", "token-type-is-mac"], 0),
        (command("diff", "--fail-on", "cosmetic"), 1),
    ],
    ids=["doctor", "prove", "diff"],
)
def test_every_command_whose_code_decides_keeps_it(folder, golive_process, out, words, code):
    if "diff" in words:
        for more in ((), ("--defect", "token-response-lacks-correlation-id")):
            golive_process("run", "twin", TOKEN, "-k", "token-type-is-bearer", *more)
        assert golive_process(*words[3:]).code == code
    with out() as stream:
        lost = stream.fileno()
        assert ended(words, lost, folder, err=lost, run=forked.run) == code


@pytest.mark.measured
def test_a_list_that_nobody_could_write_is_reported_and_one_that_was_read_enough_is_not(folder):
    with closed_pipe() as stream:
        assert ended(command("checks"), stream, folder) == 0
    with full_disk() as full, (folder / "err").open("w") as err:
        assert ended(command("checks"), full, folder, err=err) == 4
    assert "the output can't be written: No space left on device." in (folder / "err").read_text()


def test_a_terminal_that_closes_ends_a_run_as_interrupted_in_code_and_files(folder):
    twin = (ROOT / "environments" / "twin.yaml").read_text()
    (folder / "slow.yaml").write_text(twin.replace("  seed: 1", "  seed: 1\n  latency: 250"))
    words = command("run", "slow.yaml", "suites/messages", "-k", "inbox")
    with subprocess.Popen(
        words, cwd=folder, env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        while "ok   API" not in process.stdout.readline():
            pass
        process.stdout.close()
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=60) == 130
    summary = json.loads((folder / "reports" / "latest-slow" / "summary.json").read_text())
    assert (summary["exit_code"], len(summary["walk"])) == (130, 5)


REPORTER = """
import pytest

@pytest.hookimpl(trylast=True)
def pytest_{hook}({name}):
    raise RuntimeError("a reporter that fails")
"""


@pytest.mark.parametrize(
    ("hook", "name"),
    [
        ("sessionfinish", "session"),
        ("unconfigure", "config"),
        ("runtest_logreport", "report"),
        ("sessionstart", "session"),
    ],
)
@pytest.mark.parametrize("plain", [False, True], ids=["golive run", "pytest"])
def test_a_reporter_that_fails_is_3_in_code_and_in_every_file(folder, hook, name, plain):
    (folder / "failing.py").write_text(REPORTER.format(hook=hook, name=name))
    run = folder / "run"
    options = (TOKEN, "-k", "token-status-is-200", "-p", "failing")
    words, cwd, latest = command("run", "twin", *options), folder, folder / "reports" / "latest"
    if plain:
        reports = (f"--run-folder={run}", f"--junitxml={run / 'junit.xml'}")
        words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, *reports]
        cwd, latest = ROOT, run
    done = forked.run(
        words,
        cwd=cwd,
        env=environment() | {"PYTHONPATH": f"{ROOT / 'src'}:{folder}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert json.loads((latest / "summary.json").read_text())["exit_code"] == 3
    for file in ("summary.md", "report.html", "junit.xml"):
        assert "INTERNAL ERROR" in (latest / file).read_text(), file
