"""Options that would lead past the redaction, or off this machine, are refused with the reason."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("-s",), "-s or --capture=no is refused: what a check or a library prints"),
        (("--capture=tee-sys",), "--capture=tee-sys is refused"),
        (("--capture=sys",), "--capture=sys is refused"),
        (("--pastebin=all",), "--pastebin is refused: it sends what was printed to a website"),
        (("--pdb",), "--pdb is refused: a debugger shows variables"),
        (("--trace",), "--trace is refused"),
        (("--tx=ssh=elsewhere", "-d"), "--tx ssh=elsewhere is refused: a run and its secrets stay"),
        (("--tx=popen//python=evil", "-d"), "--tx popen//python=evil is refused"),
        (("--rsyncdir=.",), "--rsyncdir is refused"),
    ],
)
def test_an_option_that_leads_past_what_golive_promises_is_refused(go, options, said) -> None:
    ended = go("--env=twin", *options)
    assert ended.code == 4, ended.out
    assert said in " ".join(ended.out.split())
    assert said in ended.summary["problems"][0]
    assert ended.summary["requests"] == 0


def test_options_are_refused_in_the_surroundings_as_well(go) -> None:
    ended = go("--env=twin", variables={"PYTEST_ADDOPTS": "--capture=tee-sys"})
    assert ended.code == 4, ended.out


def test_the_log_of_pytest_s_own_hooks_is_refused(go, tmp_path) -> None:
    ended = go("--env=twin", f"--debug={tmp_path / 'debug.log'}")
    assert ended.code == 4, ended.out
    assert "12700100" not in (tmp_path / "debug.log").read_text()


def test_workers_of_this_machine_are_not_refused(go) -> None:
    chosen = ("suites/oauth/test_token_success.py", "-k", "token-status-is-200")
    assert go("--env=twin", "--tx=2*popen", "-d", *chosen).code == 0


LEAKING = """
from pathlib import Path

@check("writes-a-log", level="must", basis="standard", source="here")
def test_writes(token_granted, request):
    \"\"\"A check that writes the token into files that options named.\"\"\"
    Path(request.config.getoption("--junit-prefix")).write_text(token_granted.json["access_token"])
    Path(request.config.getini("log_file")).write_text(token_granted.json["access_token"])
"""


def test_every_file_that_an_option_names_is_gone_over(go, suite, tmp_path, jwt_pattern) -> None:
    named, log = tmp_path / "named.txt", tmp_path / "log.txt"
    ended = go(f"--junit-prefix={named}", "-o", f"log_file={log}", folder=suite(LEAKING))
    assert ended.code == 0, ended.out
    for file in (named, log):
        assert file.read_text()
        assert not jwt_pattern.search(file.read_text())


@pytest.mark.parametrize(
    "word", ["exit_code", "findings", "response", "Could not tell", "passed", "summary", "verdict"]
)
def test_a_secret_that_is_a_word_of_the_reports_is_refused_with_its_line(
    go, environment_file, closed_port, word
) -> None:
    changes = {
        "token.credential": {
            "client_id": "${GOLIVE_MAIN_ID}",
            "client_secret": "${GOLIVE_MAIN_SECRET}",
        },
        "claims.accounts": None,
        "claims.expired_token": None,
    }
    file = environment_file(changes, at=f"http://127.0.0.1:{closed_port}")
    ended = go(
        f"--env={file}", variables={"GOLIVE_MAIN_ID": "a-client", "GOLIVE_MAIN_SECRET": word}
    )
    assert ended.code == 4, ended.out
    [problem] = ended.summary["problems"]
    why = (
        "the value of GOLIVE_MAIN_SECRET has fewer"
        if len(word) < 8
        else "the secret is a word that golive"
    )
    assert f"token.credential.client_secret: {why}" in problem
    assert ended.summary["requests"] == 0


@pytest.mark.parametrize("option", ["--collect-only", "--markers", "--fixtures"])
def test_what_makes_no_check_has_to_be_typed(go, option: str) -> None:
    ended = go("-k", "key-set", variables={"PYTEST_ADDOPTS": option})
    assert ended.code == 4, ended.out
    assert f"{option} is refused where it is not typed" in ended.out


NOBODY_ASKS = """
from golive.transport.client import ApiClient


def refuse(*_, **__):
    raise SystemExit("a request was sent")


ApiClient.send = refuse
"""
SPEAKING = """
@check("speaks", level="must", basis="standard", source="here")
def test_speaks(token_granted):
    \"\"\"It is never called.\"\"\"
    raise ValueError
"""


@pytest.mark.parametrize(
    "option",
    ["--fixtures", "--fixtures-per-test", "--setup-plan", "--setup-only", "--cache-show"],
)
def test_an_option_that_only_shows_something_sends_nothing_and_gives_no_verdict(
    go, suite, option
) -> None:
    ended = go(option, "-p", "cacheprovider", folder=suite(SPEAKING, conftest=NOBODY_ASKS))
    assert ended.code == 0, ended.out
    assert "exit code" not in ended.out
    assert "a request was sent" not in ended.out
    assert not ended.folder.exists()
    if option != "--cache-show":
        assert "token_granted" in ended.out
