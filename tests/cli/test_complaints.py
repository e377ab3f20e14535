"""Why a command line is refused: in golive's words, once, and with what may have been meant."""

from __future__ import annotations

import io
import signal

import pytest

from golive.cli.complaints import Heard, in_own_words

OF_ARGPARSE = (
    "ERROR: usage: golive run [options] [file_or_dir] [file_or_dir] [...]\n"
    "golive run: error: {}\n"
    "  inifile: /x/pyproject.toml\n"
    "  rootdir: /x\n\n"
)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (
            "argument --profile: invalid choice: 'nightlyy' (choose from 'gate', 'nightly')",
            "--profile: invalid choice: 'nightlyy' (choose from 'gate', 'nightly'). Did you mean \"nightly\"?",
        ),
        (
            "argument --profile: invalid choice: 'x' (choose from gate, nightly)",
            "--profile: invalid choice: 'x' (choose from gate, nightly)",
        ),
        ("unrecognized arguments: --xyzzy", "unrecognized arguments: --xyzzy"),
        ("argument --budget: expected one argument", "--budget: expected one argument"),
    ],
)
def test_what_pytest_says_of_an_option_is_said_without_its_usage_and_its_folders(mistake, said):
    assert in_own_words(OF_ARGPARSE.format(mistake)) == f"ERROR: {said}\n\n"


def test_any_other_words_stay_as_they_are():
    text = "ERROR: nosuch: there is no such file or folder.\n  rootdir: of a test\n"
    assert in_own_words(text) == text


def test_what_the_verdict_has_said_is_not_said_again_and_is_remembered():
    stream = io.StringIO()
    heard = Heard(stream)
    heard.write("a warning\n")
    heard.said = "-k: no check has the word 'x'."
    heard.write("\x1b[31mERROR: -k: no check has the word 'x'.\x1b[0m\n")
    heard.write("\n")
    heard.write("something else\n")
    assert stream.getvalue() == "a warning\nsomething else\n"
    assert "-k: no check has the word 'x'." in heard.problems


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--profil", "nightly"), '--profil: there is no such option. Did you mean "--profile"?'),
        (("twin", "--profile", "nightlyy"), 'Did you mean "nightly"?'),
        (("twin", "-k", "nosuch"), "-k: no check has the word 'nosuch'."),
    ],
    ids=str,
)
def test_a_refused_command_line_says_why_once(golive_process, words, said):
    ended = golive_process("run", *words)
    whole = " ".join(f"{ended.out}\n{ended.err}".split())
    assert ended.code == 4
    assert whole.count(said) == 1, whole
    assert "usage:" not in whole
    assert "rootdir" not in whole


LATE = """
import os, signal, time

def pytest_unconfigure(config):
    os.kill(os.getpid(), signal.{name})
    time.sleep(0.2)
"""


@pytest.mark.whole_run
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_asks_a_run_to_end_after_its_verdict_changes_nothing(
    golive_process, folder, monkeypatch, number
):
    (folder / "late_signal.py").write_text(LATE.format(name=number.name))
    monkeypatch.setenv("PYTHONPATH", str(folder))
    ended = golive_process("run", "twin", "-k", "token-status-is-200", "-p", "late_signal")
    assert ended.code == 0, ended.out
    assert ended.out.count("exit code") == 1
    assert "INTERRUPTED" not in ended.out + ended.err
    assert '"exit_code": 0' in (folder / "reports" / "latest" / "summary.json").read_text()
