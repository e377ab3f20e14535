"""The command line as a whole: help, version, users' mistakes, and the last resort."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

import golive
from golive import cli
from golive.kit.problems import ConfigurationProblem, Problem


def test_without_words_it_shows_its_help_and_ends_with_0(golive):
    outcome = golive()
    assert outcome.code == 0
    assert all(name in outcome.out for name in ("run", "envs", "checks", "twin"))


@pytest.mark.parametrize("option", ["--help", "-h"])
@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_a_help(golive, command, option):
    outcome = golive(command, option)
    assert outcome.code == 0
    assert outcome.out.startswith(f"Usage: golive {command}")
    assert "\\b" not in outcome.out, "click's sign for lines to keep is not for people"
    assert golive(command, "--help").out == outcome.out


def test_the_list_of_commands_has_the_first_sentence_of_each_help(golive):
    context = click.Context(cli.cli)
    for name, sentence in cli.COMMANDS.items():
        command = cli.cli.get_command(context, name)
        assert " ".join(command.help.split()).startswith(sentence), name
        assert f"\n  {name} " in golive("--help").out


def test_the_help_of_run_is_not_taken_from_the_letters_of_another_option(golive, monkeypatch):
    taken = []
    monkeypatch.setattr("golive.cli.commands.run.run", lambda words, _: taken.append(words) or 0)
    assert golive("run", "twin", "-kinbox-without").code == 0
    assert taken == [["twin", "-kinbox-without"]]
    assert golive("run", "twin", "-h").out.startswith("Usage: golive run")


def test_the_help_of_run_names_every_option_that_a_person_may_want(golive):
    from golive.pytest_plugin.options import pytest_addoption

    parser = pytest.Parser(_ispytest=True)
    pytest_addoption(parser)
    group = parser.getgroup("golive")
    known = {name for option in group.options for name in option.names()}
    internal = {"--env", "--run-folder", "--client"}
    said = golive("run", "--help").out
    assert [name for name in sorted(known - internal) if name not in said] == []


def test_the_version_is_the_packages(golive):
    outcome = golive("--version")
    assert (outcome.code, outcome.out) == (0, f"golive {cli.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nosuch"], "No such command 'nosuch'"),
        (["envs", "--nosuch"], "No such option"),
        (["twin", "--port", "x"], "not a valid integer"),
        (["twin", "--latency", "-1"], "not in the range"),
    ],
)
def test_a_mistake_in_the_words_gives_4_and_a_sentence(golive, arguments, said):
    outcome = golive(*arguments)
    assert outcome.code == 4
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def raising(error):
    def fail(*_arguments, **_options):
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (ConfigurationProblem([Problem("x.yaml", 3, "tenant", "is odd.")]), 4, "x.yaml:3: tenant"),
        (click.Abort(), 130, ""),
        (KeyboardInterrupt(), 130, ""),
        (SystemExit(6), 6, ""),
        (SystemExit("words"), 3, ""),
        (RuntimeError("first line\nsecond"), 3, "internal error: RuntimeError: first line (test_"),
    ],
)
def test_every_way_out_has_its_code(golive, monkeypatch, error, code, said):
    monkeypatch.setattr(cli.cli, "make_context", raising(error))
    outcome = golive("envs")
    assert outcome.code == code
    assert said in outcome.err
    assert "Traceback" not in outcome.err


def test_the_last_resort_keeps_secrets(golive, monkeypatch):
    from golive.redaction import REDACTOR

    REDACTOR.protect("a-secret-of-some-length")
    monkeypatch.setattr(
        cli.cli, "make_context", raising(RuntimeError("a-secret-of-some-length is odd"))
    )
    assert "a-secret-of-some-length" not in golive("envs").err


def test_main_ends_the_process_with_the_code(monkeypatch):
    monkeypatch.setattr(cli, "exit_code_of", lambda arguments: len(arguments))
    with pytest.raises(SystemExit) as end:
        cli.main(["a", "b"])
    assert end.value.code == 2


def test_a_reader_that_has_seen_enough_is_no_failure():
    code = (
        "import sys; from golive import cli; sys.exit(cli.exit_code_of(['twin', '--list-defects']))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    process.stdout.close()
    with process.stderr:
        assert process.wait(timeout=60) == 0
        assert process.stderr.read() == ""


def test_the_help_loads_nothing_heavy():
    heavy = {"pytest", "httpx", "rich", "starlette", "uvicorn", "jsonschema", "joserfc"}
    code = (
        "import sys; from golive.cli import exit_code_of; exit_code_of(['--help']); "
        f"print('LOADED', sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert re.search(r"LOADED \[\]$", done.stdout.strip())


def test_python_m_golive_is_the_command_line(golive_process):
    outcome = golive_process("--version")
    assert (outcome.code, outcome.out) == (0, f"golive {golive.__version__}\n")
