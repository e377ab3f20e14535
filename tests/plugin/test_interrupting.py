"""Ctrl-C and SIGTERM, before the checks and while they run."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import forked
import pytest

pytestmark = pytest.mark.whole_run

ROOT = Path(__file__).parents[2]


def interrupt(
    arguments: list[str], folder: Path, variables: dict[str, str], word: str, number: signal.Signals
) -> tuple[int, str]:
    """Start pytest, send it the signal when it has printed the word, and wait for its end."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:allure_pytest",
            *arguments,
        ],
        cwd=folder,
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if word in line:
                process.send_signal(number)
                break
        rest, _ = process.communicate(timeout=120)
        return process.returncode, said + rest
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def variables() -> dict[str, str]:
    import os

    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GOLIVE_", "PYTEST_"))}
    return {**kept, "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT / "src")}


def test_a_run_with_workers_that_is_stopped_before_they_start_ends_with_130(
    environment_file, tmp_path: Path, variables: dict[str, str]
) -> None:
    file = environment_file({"twin.latency": 250, "safety.concurrency": 2})
    arguments = ["-n", "2", f"--env={file}", f"--run-folder={tmp_path / 'out'}"]
    code, said = interrupt(arguments, ROOT, variables, "ok   API", signal.SIGTERM)
    assert code == 130, said
    assert "INTERRUPTED: " in said
    assert "Traceback" not in said
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["exit_code"], summary["checks"]) == (130, [])
    assert summary["requests"] >= 3
    assert [stage["ok"] for stage in summary["walk"]] == [True] * 5


@pytest.mark.parametrize(
    ("word", "number"),
    [("ok   environment", signal.SIGTERM), ("ok   API", signal.SIGINT)],
    ids=["in the walk", "in the exchanges"],
)
def test_a_run_that_is_stopped_ends_with_130(
    number: signal.Signals, word: str, environment_file, tmp_path: Path, variables: dict[str, str]
) -> None:
    file = environment_file({"twin.latency": 250, "safety.concurrency": 2})
    arguments = [f"--env={file}", f"--run-folder={tmp_path / 'out'}"]
    code, said = interrupt(arguments, ROOT, variables, word, number)
    assert code == 130, said
    assert "INTERRUPTED: " in said
    assert "Traceback" not in said
    assert '"exit_code": 130' in (tmp_path / "out" / "summary.json").read_text()


@pytest.mark.parametrize(
    ("workers", "number"), [("0", signal.SIGINT), ("0", signal.SIGTERM), ("2", signal.SIGINT)]
)
def test_a_run_that_is_stopped_in_a_check_ends_with_130_and_keeps_what_it_learnt(
    go, suite, tmp_path: Path, workers: str, number: signal.Signals
) -> None:
    who = "os.getppid()" if workers == "2" else "os.getpid()"
    body = f"""
import os, pathlib, signal, time

@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"One that has ended.\"\"\"

@check("slow", level="must", basis="standard", source="here")
def test_slow(token_granted):
    \"\"\"A slow one, in which somebody stops the run.\"\"\"
    results = pathlib.Path({str(tmp_path / "run" / "results.jsonl")!r})
    while not (results.is_file() and results.read_text()):  # until the other result has come
        time.sleep(0.05)
    os.kill({who}, signal.{number.name})
    time.sleep(20)
"""
    ended = go("-n", workers, folder=suite(body), variables={forked.OWN_WORKERS: "1"})
    assert ended.code == 130, ended.out
    assert "INTERRUPTED: " in ended.out
    assert ended.summary["exit_code"] == 130
    assert ended.outcomes() == {"first": "passed"}
    [line] = (ended.folder / "results.jsonl").read_text().splitlines()
    assert json.loads(line).items() >= ended.summary["checks"][0].items()


LOSING = """
import os, signal

class Deaf:
    def __del__(self):
        os.kill(os.getpid(), signal.{name})
        for _ in range(1_000):
            pass  # Python raises here, and drops what a destructor raises

@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"One in which the interrupt gets lost.\"\"\"
    Deaf()

@check("last", level="must", basis="standard", source="here")
def test_last(token_granted):
    \"\"\"One that must not begin any more.\"\"\"
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_that_python_drops_ends_the_run_all_the_same(
    go, suite, number: signal.Signals
) -> None:
    ended = go("-W", "ignore", folder=suite(LOSING.format(name=number.name)))
    assert ended.code == 130, ended.out
    assert ended.outcomes() == {"first": "passed"}


def test_a_run_that_is_killed_has_written_each_result_as_it_came(
    go, suite, tmp_path: Path, variables: dict[str, str]
) -> None:
    body = """
import os, signal

@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"One that has ended.\"\"\"

@check("last", level="must", basis="standard", source="here")
def test_last(token_granted):
    \"\"\"One in which the whole run is killed.\"\"\"
    os.kill(os.getpid(), signal.SIGKILL)
"""
    ended = go(folder=suite(body))
    assert ended.code == -signal.SIGKILL
    files = sorted(path.name for path in ended.folder.iterdir())
    assert files == ["exchanges.har", "results.jsonl", "summary.json"]
    assert (ended.summary["exit_code"], ended.summary["finished"]) == (130, False)
    assert ended.summary["environment"]["name"] == "twin"
    [line] = (ended.folder / "results.jsonl").read_text().splitlines()
    assert (json.loads(line)["id"], json.loads(line)["outcome"]) == ("first", "passed")


SLOW = """

@exchange
def slow(api):
    \"\"\"What takes so long that somebody kills the run.\"\"\"
    import os, pathlib, signal, time
    results = pathlib.Path({file!r})
    until = time.monotonic() + 8
    while time.monotonic() < until and not (results.is_file() and results.read_text()):
        time.sleep(0.05)
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("data", ["synthetic", "phi"])
def test_a_run_that_is_killed_while_it_asks_has_judged_what_had_come(
    go, suite, environment_file, tmp_path: Path, data: str
) -> None:
    """Where data may be a person's, nothing is written before all answers are known."""
    body = """
@check("last", level="must", basis="standard", source="here")
def test_last(slow):
    \"\"\"One whose answer never comes.\"\"\"

@check("first", level="must", basis="standard", source="here")
def test_first(token_granted):
    \"\"\"One whose answer is there.\"\"\"

@check("second", level="must", basis="standard", source="here")
def test_second(key_set):
    \"\"\"Another one.\"\"\"
"""
    conftest = SLOW.format(file=str(tmp_path / "run" / "results.jsonl"))
    judging = ("-p", "golive.pytest_plugin.judging")
    environment = f"--env={environment_file({'data': data})}"
    ended = go(environment, *judging, folder=suite(body, conftest=conftest))
    assert ended.code == -signal.SIGKILL, ended.out
    if data == "phi":
        assert not (ended.folder / "results.jsonl").exists()
        return
    lines = (ended.folder / "results.jsonl").read_text().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["first"]
    assert json.loads((ended.folder / "exchanges.har").read_text())["log"]["entries"]


def test_checks_that_are_judged_while_the_run_asks_stand_in_their_order_and_end_as_ever(
    go, suite, tmp_path: Path
) -> None:
    body = """
@check("late", level="must", basis="standard", source="here")
def test_late(key_set, sent_items):
    \"\"\"One that fails late.\"\"\"
    import pathlib
    assert '"early"' in pathlib.Path({file!r}).read_text()
    with expect(sent_items) as it:
        it.status(201)

@check("early", level="must", basis="standard", source="here")
def test_early(token_granted):
    \"\"\"One that fails early.\"\"\"
    with expect(token_granted) as it:
        it.status(201)
"""
    judging = ("-p", "golive.pytest_plugin.judging")
    folder = suite(body.format(file=str(tmp_path / "run" / "results.jsonl")))
    ended = go(*judging, folder=folder)
    assert ended.outcomes() == {"early": "failed", "late": "failed"}
    assert ended.out.index("late: One that fails") < ended.out.index("early: One that fails")
    first = go(*judging, "-x", folder=folder)
    assert first.outcomes() == {"early": "failed"}
    assert "stopping after 1 failures" in first.out
