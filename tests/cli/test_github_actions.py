"""A whole run in a job of GitHub Actions: what its runner takes from the output and finds in its files."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import ROOT

FORUM = ROOT / "tests" / "environments" / "forum-7979.yaml"


@pytest.fixture
def job(folder, monkeypatch):
    """A job whose repository is golive's."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "step.md"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "output"))
    return folder


def outputs(folder):
    return dict(line.split("=", 1) for line in (folder / "output").read_text().splitlines())


def taken(out):
    """The commands that a runner takes from the output, and what it was told while it took none."""
    commands, silent, ignored = [], None, []
    for line in out.splitlines():
        stripped = line.lstrip()
        if silent:
            if stripped == f"::{silent}::":
                silent = None
            else:
                ignored.append(line)
        elif match := re.fullmatch(r"::stop-commands::(\w+)", stripped):
            silent = match[1]
        elif stripped.startswith("::"):
            commands.append(stripped)
        else:
            ignored.append(line)
    return commands, silent, ignored


@pytest.mark.measured
def test_a_no_go_is_annotated_summed_up_and_put_out(golive_process, job):
    words = ("suites/oauth/test_token_success.py", "--defect", "token-response-may-be-cached")
    outcome = golive_process("run", "twin", *words)
    assert outcome.code == 1
    commands, silent, rest = taken(outcome.out)
    (command,) = commands
    assert silent is None
    assert rest[-1] == "exit code 1"
    source = ROOT / "suites/oauth/test_token_success.py"
    line = int(re.search(r"line=(\d+)", command)[1])
    assert command.startswith("::error file=suites/oauth/test_token_success.py,line=")
    assert "token-is-not-stored-by-caches" in source.read_text().splitlines()[line - 1]
    told = outputs(job)
    assert (told["verdict"], told["exit-code"]) == ("NO-GO", "1")
    page = (job / told["report"] / "summary.md").read_text()
    assert (job / "step.md").read_text() == page + "\n"
    assert page.startswith("# ❌ golive twin: NO-GO")
    summary = json.loads((job / told["report"] / "summary.json").read_text())
    failed = [one for one in summary["checks"] if one["outcome"] == "failed"]
    assert [one["line"] for one in failed] == [line]


def test_what_is_printed_can_give_the_runner_no_command(golive_process, job):
    """A runner takes a line for a command although it is indented; a text that is broken can begin one."""
    chosen = ("suites/messages", "-k", "inbox-newest-first")
    outcome = golive_process("run", "twin", *chosen, "-n", "1", "-v")
    commands, silent, rest = taken(outcome.out)
    assert (outcome.code, commands, silent) == (0, [], None)
    assert any("GO:" in line for line in rest)


@pytest.mark.unmeasured
@pytest.mark.parametrize("command", ["envs", "doctor", "run", "checks"])
@pytest.mark.parametrize(
    "title",
    [
        "x ::add-mask::golive",
        "##[set-env name=X]y",
        "a\\e]0;title\\a",
        "a\\u202Eb",
        "a\\n::error::b",
    ],
)
def test_no_title_of_a_file_gives_a_terminal_or_a_runner_orders(golive, job, command, title):
    text = (ROOT / "environments" / "twin.yaml").read_text()
    (job / "environments").mkdir()
    file = job / "environments" / "odd.yaml"
    file.write_text(text.replace("title: The embedded twin", f'title: "{title}"'))
    outcome = golive(command) if command == "envs" else golive(command, "odd")
    shown = outcome.out + outcome.err
    assert not [sign for sign in shown if sign in "\x1b\x07\u202e"]
    assert "add-mask" not in shown
    assert "##[" not in shown
    assert "::error::b" not in shown
    assert "odd.yaml:6: title: the text" in " ".join(shown.split())


def test_a_stop_before_the_first_check_points_to_the_line_to_change(golive_process, job):
    outcome = golive_process("run", FORUM)
    assert outcome.code == 4
    (command,) = taken(outcome.out)[0]
    place = "::error file=tests/environments/forum-7979.yaml,line=11,title=golive%3A CONFIGURATION"
    assert command.startswith(place)
    assert "Stopped before the first check" in (job / "step.md").read_text()


def test_a_missing_variable_is_annotated_although_nothing_was_run(golive, job):
    outcome = golive("run", "sandbox")
    assert outcome.code == 4
    first, second = taken(outcome.out)[0]
    assert re.match(r"::error file=environments/sandbox\.yaml,line=\d+,title=golive%3A", first)
    assert "GOLIVE_CLIENT_SECRET" in second
    told = outputs(job)
    assert (told["verdict"], told["exit-code"]) == ("CONFIGURATION", "4")
    assert "GOLIVE_CLIENT_SECRET" in (job / told["report"] / "junit.xml").read_text()
    assert "GOLIVE\\_CLIENT" not in (job / "step.md").read_text()
    assert "the variable GOLIVE_CLIENT_ID is not set" in (job / "step.md").read_text()


def test_a_wrong_option_still_sets_the_outputs(golive_process, job):
    outcome = golive_process("run", "twin", "--nosuch")
    assert outcome.code == 4
    told = outputs(job)
    assert (told["verdict"], told["exit-code"]) == ("CONFIGURATION", "4")
    assert "unrecognized arguments: --nosuch" in (job / told["report"] / "summary.json").read_text()


def test_files_that_the_runner_does_not_let_us_write_change_no_verdict(
    golive_process, job, monkeypatch
):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(job))
    monkeypatch.setenv("GITHUB_OUTPUT", str(job / "nowhere" / "output"))
    assert golive_process("run", "twin", "suites/oauth/test_key_set.py").code == 0


def test_collecting_only_says_nothing_to_the_runner(golive_process, job):
    outcome = golive_process("run", "twin", "suites/oauth", "--collect-only")
    assert "::stop-commands" not in outcome.out


def test_outside_of_a_job_there_are_no_commands_and_still_the_page(golive_process, folder):
    outcome = golive_process("run", "twin", "suites/oauth/test_key_set.py")
    assert "::" not in outcome.out
    assert (folder / "reports/latest/summary.md").read_text().startswith("# ✅ golive twin: GO")
