"""`golive run` on machines that are short of something: room on the disk, UTF-8, a home folder."""

from __future__ import annotations

import json
import resource
import subprocess
import sys

import forked
import pytest

from .conftest import ROOT, command, environment

pytestmark = pytest.mark.whole_run

FILE = "suites/oauth/test_token_success.py"
TOKEN = (FILE, "-k", "token-status-is-200 or token-type-is-bearer")
LYING = ("--defect", "token-response-may-be-cached", FILE)
TWIN = ROOT / "environments" / "twin.yaml"


@pytest.fixture
def run(folder):
    """`golive run` as a process; gives its exit code and the bytes that it printed."""

    def start(*arguments, file_size=None, variables=None):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

        if file_size:  # a measurement of coverage would want to write a file of its own
            kept = environment().items()
            variables = {name: value for name, value in kept if not name.startswith("COVERAGE")}
            # Python would leave half of a compiled file for everybody who imports it afterwards.
            variables["PYTHONDONTWRITEBYTECODE"] = "1"
        done = subprocess.run(
            [sys.executable, "-m", "golive", "run", *map(str, arguments)],
            cwd=folder,
            env=environment() if variables is None else variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=None if file_size is None else limit,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout

    return start


def test_a_disk_that_is_full_is_reported_with_the_cure_and_hides_no_failure(run, folder):
    code, out = run("twin", *LYING, file_size=7000)
    said = " ".join(out.decode().split())
    assert code == 3, said
    assert "Traceback" not in said
    assert "─ FAILED ─" in said
    for file in ("results.jsonl", "summary.json"):
        assert said.count(f"internal error: {file} can't be written: File too large. Raise") == 1
    assert said.endswith(
        "this says nothing about the API. The embedded twin was asked, not the API. exit code 3"
    )
    [kept] = [path for path in (folder / "reports").iterdir() if path.name.startswith("twin-")]
    assert (kept / "results.jsonl").stat().st_size > 0
    assert not (kept / "summary.json.part").exists()


def test_a_disk_that_is_full_from_the_start_is_reported_before_anything_is_asked(run, folder):
    code, out = run("twin", *LYING, file_size=1000)
    said = " ".join(out.decode().split())
    assert code == 4, said
    assert "Traceback" not in said
    assert "tenant" not in said
    assert "can't be written: File too large. Raise the limit" in said
    [kept] = [path for path in (folder / "reports").iterdir() if path.name.startswith("twin-")]
    for file in kept.iterdir():  # what fits says the same as the exit code; what does not is gone
        assert "CONFIGURATION" in file.read_text(), file


def test_a_folder_in_which_nobody_can_write_is_reported_before_anything_is_asked(folder):
    (folder / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--run-folder=" + str(folder / "file")],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 4, done.stdout
    assert "file can't be written: File exists. Choose a folder in which" in done.stderr
    assert "tenant" not in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_utf_8_shows_everything_in_signs_that_it_has(run, encoding):
    odd = {"LC_ALL": "C", "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    code, out = run("twin", *LYING, variables={**environment(), **odd})
    said = out.decode(encoding)
    assert code == 1, said
    assert "- FAILED -" in said
    assert " -> 200, " in " ".join(said.split())
    assert "\\u" not in said
    assert "\\n" not in said


def test_without_any_variable_a_run_is_as_usual(run):
    code, out = run("twin", *TOKEN, variables={})
    assert code == 0, out.decode()


def test_without_a_home_folder_a_run_is_as_usual(folder):
    done = forked.run(
        command("run", "twin", *TOKEN),
        cwd=folder,
        env={**environment(), "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_an_environment_that_windows_has_saved_is_as_good_as_any(golive_process, folder):
    text = TWIN.read_text(encoding="utf-8")
    (folder / "windows.yaml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    outcome = golive_process("run", "windows.yaml", *TOKEN)
    assert outcome.code == 0, outcome.out
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text())
    assert summary["environment"]["title"] == "The embedded twin"
