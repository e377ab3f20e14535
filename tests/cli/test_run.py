"""`golive run` from its words to its exit code, over real HTTP to the embedded twin."""

from __future__ import annotations

import json
import signal
import subprocess
import time

import click
import pytest

from golive.cli.commands import run as running
from golive.cli.commands.run import refuse_what_is_ours
from golive.cli.targets import Asked, split
from golive.kit.problems import ConfigurationProblem

from .conftest import ROOT, command, environment

FORUM = ROOT / "tests" / "environments" / "forum-7979.yaml"


@pytest.mark.parametrize(
    ("words", "names", "options"),
    [
        ([], [], []),
        (["sandbox"], ["sandbox"], []),
        (["nowhere", "inbox"], ["nowhere"], ["inbox"]),
        (["sandbox", "production", "-v"], ["sandbox", "production"], ["-v"]),
        (["sandbox", "-k", "inbox"], ["sandbox"], ["-k", "inbox"]),
        (["-k", "twin"], [], ["-k", "twin"]),
        (["mine/odd.yaml", "-n", "2"], ["mine/odd.yaml"], ["-n", "2"]),
        (["suites/x.py"], [], ["suites/x.py"]),
        (["suites/oauth::x"], [], ["suites/oauth::x"]),
        ([""], [""], []),
    ],
)
def test_the_first_words_are_environments(words, names, options, folder):
    assert split(words) == (names, options)


@pytest.mark.parametrize("words", [("run", ""), ("doctor", ""), ("doctor", "--offline", "")])
def test_the_empty_name_of_an_unset_variable_is_not_the_twin(words, tmp_path):
    ended = subprocess.run(
        command(*words),
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 4, ended.stdout
    assert '"": there is no such environment. There are ' in ended.stderr


def test_a_folder_as_first_word_is_a_path_of_suites(folder):
    (folder / "suites").mkdir()
    (folder / "suites" / "test_own.py").touch()
    assert split(["suites"]) == ([], ["suites"])


def test_a_folder_without_checks_is_no_path_of_suites(folder):
    (folder / "mine").mkdir()
    (folder / "mine" / "hospital.yaml").touch()
    with pytest.raises(
        ConfigurationProblem, match=r"Did you mean mine/hospital\.yaml\?"
    ) as refused:
        running.run(["mine"], Asked())
    assert "mine: this is a folder. " in str(refused.value)


@pytest.mark.parametrize("option", ["--env", "--env=sandbox", "--run-folder=x"])
def test_what_run_sets_itself_is_refused(option):
    with pytest.raises(click.UsageError, match="is set by `golive run`"):
        refuse_what_is_ours(["-v", option])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["twn"], 'twn: there is no such environment. Did you mean "twin"?'),
        (["sandbox"], "the variable GOLIVE_CLIENT_ID is not set"),
        (["sandbox"], "the variable GOLIVE_CLIENT_SECRET is not set"),
        (["nosuch.yaml"], "there is no such file"),
    ],
)
def test_an_environment_that_cannot_be_used_gives_4_and_a_run_folder_that_says_so(
    golive, folder, arguments, said
):
    outcome = golive("run", *arguments)
    assert (outcome.code, outcome.out) == (4, "")
    assert said in outcome.err
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text())
    assert summary["exit_code"] == 4
    assert any(said in problem for problem in summary["problems"])
    assert outcome.err.endswith("\nexit code 4\n")
    closing = " ".join(outcome.err.partition("\nCONFIGURATION: ")[2].split())
    assert ("`golive doctor sandbox`" in closing) is (arguments == ["sandbox"])
    assert "`golive envs`" in closing


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["twin", "--nosuch"], "ERROR: unrecognized arguments: --nosuch"),
        (["twin", "--fail-on-advise"], 'no such option. Did you mean "--fail-on-advice"?'),
        (["twin", "suite/oauth"], 'no such file or folder. Did you mean "suites/oauth"?'),
        (["twin", "zzz"], "zzz: there is no such file or folder. An environment comes first"),
        (["twin", "--defect", "duplicate-itm"], 'Did you mean "duplicate-item"?'),
        ([FORUM, "-k", "(("], "Wrong expression"),
        (
            ["twin", "--", "--noconftest"],
            "golive needs conftest.py, in which the exchanges are: take",
        ),
    ],
)
@pytest.mark.measured
def test_an_option_that_is_wrong_gives_4_and_no_traceback(golive_process, folder, arguments, said):
    outcome = golive_process("run", *arguments)
    assert outcome.code == 4
    assert said in " ".join(f"{outcome.out}\n{outcome.err}".split())
    assert "Traceback" not in outcome.err + outcome.out
    printed = outcome.out + outcome.err
    assert printed.count("\nCONFIGURATION: ") == printed.count("\nexit code 4\n") == 1


def test_a_go_is_reported_from_its_header_to_its_exit_code(golive_process, folder):
    outcome = golive_process("run", "twin", "suites/oauth", "--allure")
    assert (outcome.code, outcome.err) == (0, "")
    first, last = outcome.out.splitlines()[0], outcome.out.splitlines()[-1]
    assert (first, last) == ("golive: twin - The embedded twin", "exit code 0")
    said = " ".join(outcome.out.split())
    assert "GO: Every deciding check passed. The checks were chosen by path" in said
    assert (
        "this says nothing about the rest. Token flow only: no operation of the API was judged. "
        "This was the embedded twin" in said
    )
    assert all(word not in outcome.out for word in ("=====", "rootdir", "plugins:", "xml"))
    assert "\n\n\n" not in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 80
    latest = folder / "reports" / "latest"
    summary = json.loads((latest / "summary.json").read_text())
    assert summary["exit_code"] == 0
    assert (latest / "junit.xml").is_file()
    assert len(list((latest / "allure-results").glob("*-result.json"))) == len(summary["checks"])
    described = [
        json.loads(path.read_text()) for path in (latest / "allure-results").glob("*-result.json")
    ]
    labels = [{one["name"]: one["value"] for one in each["labels"]} for each in described]
    assert {one["golive-id"] for one in labels} == {check["id"] for check in summary["checks"]}
    assert {each["name"] for each in described} == {c["statement"] for c in summary["checks"]}
    assert {one["severity"] for one in labels} <= {
        "blocker",
        "critical",
        "normal",
        "minor",
        "trivial",
    }
    # A check's exchanges are its steps; the look-ups of its fixtures are no files of their own.
    steps = [step["name"] for one in described for step in one.get("steps", ())]
    assert sum(name.startswith("token_granted: POST → 200") for name in steps) > 10
    assert not list((latest / "allure-results").glob("*-container.json"))


def test_workers_change_nothing_but_the_time(golive_process, folder):
    outcome = golive_process("run", "twin", "suites/oauth", "-n", "2", "-v")
    assert outcome.code == 0
    assert "suites/oauth/test_key_set.py::" in outcome.out
    summary = json.loads((folder / "reports/latest/summary.json").read_text())
    assert summary["counts"]["passed"] == len(summary["checks"]) > 30


@pytest.mark.measured
def test_a_failure_fits_on_a_screen_and_says_what_to_do(golive_process):
    outcome = golive_process(
        "run", "twin", "suites/oauth", "-k", "caches", "--defect", "token-response-may-be-cached"
    )
    assert outcome.code == 1
    screen = outcome.out.split("FAILED")[1].split("\narea ")[0]
    assert "run       golive run twin" in screen
    words = (
        "at ",
        "expected ",
        "actual ",
        "exchange ",
        "next ",
        "Cerner-Correlation-ID",
        "RFC 6749",
    )
    assert all(word in screen for word in words)
    assert len(screen.splitlines()) < 28
    assert "Traceback" not in outcome.out
    assert "NO-GO: The contract is broken." in outcome.out


def test_a_verbose_run_names_each_check_by_node_id_and_by_id(golive_process):
    outcome = golive_process("run", "twin", "suites/oauth", "-k", "caches", "-v")
    lines = [line for line in outcome.out.splitlines() if "token-is-not-stored-by-caches" in line]
    assert any("suites/oauth/" in line and "PASSED" in line for line in lines), lines


def test_the_forum_post_is_answered(golive_process, folder):
    outcome = golive_process("run", FORUM)
    assert outcome.code == 4
    told = " ".join(outcome.out.split())
    assert "Stopped before the first check" in told
    assert "The token comes from the sandbox cloud (authorization.sandboxcerner.com)" in told
    assert "Take the token from authorization.cerner.com" in told
    assert "CONFIGURATION" in told
    summary = json.loads((folder / "reports/latest/summary.json").read_text())
    assert summary["diagnosis"]["id"] == "wrong-cloud"


@pytest.mark.measured
def test_nothing_chosen_proves_nothing(golive_process):
    outcome = golive_process("run", "twin", "suites/oauth", "-k", "nothing-has-this-name")
    assert outcome.code == 5
    assert "nothing was sent" in outcome.out
    said = (
        "NOTHING PROVEN: No check was chosen, so nothing was asked. `golive checks` lists them all."
    )
    assert said in " ".join(outcome.out.split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-k", "inbox and("), "Wrong expression passed to '-k'"),
        (("-m", "oauth or"), "Wrong expression passed to '-m'"),
        (("-k", "not inbox-is-jsn"), 'Did you mean "inbox-is-json"?'),
        (("-m", "not wrtes"), 'Did you mean "writes"?'),
        (("suites/oauth/test_key_set.py::test_nothing",), "test_key_set.py::test_nothing"),
    ],
)
def test_a_selection_that_cannot_be_made_sends_nothing_and_says_one_thing(
    golive_process, folder, arguments, said
):
    outcome = golive_process("run", "twin", *arguments)
    assert outcome.code == 4
    assert " ".join(f"{outcome.out}\n{outcome.err}".split()).count(said) == 1
    assert "nothing was sent" in outcome.out
    assert outcome.out.splitlines()[-1] == "exit code 4"
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text())
    assert (summary["verdict"], summary["exit_code"]) == ("CONFIGURATION", 4)
    assert summary["meaning"].startswith("The command line is wrong: ")


def test_the_failed_ones_can_be_run_again(golive_process):
    fault = ("--defect", "token-response-may-be-cached")
    golive_process("run", "twin", "suites/oauth", *fault)
    again = golive_process("run", "twin", "suites/oauth", *fault, "--lf")
    assert again.code == 1
    assert "  1 check\n" in again.out or " of " in again.out


@pytest.fixture
def slow_environment(folder):
    text = (ROOT / "environments" / "twin.yaml").read_text()
    path = folder / "slow.yaml"
    path.write_text(text.replace("  seed: 1", "  seed: 1\n  latency: 20000"))
    return path


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_person_who_stops_a_run_need_not_wait_for_answers(slow_environment, number, workers):
    process = subprocess.Popen(
        command("run", slow_environment, "suites/oauth", *workers),
        cwd=slow_environment.parent,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stdout:
        if "ok   environment" in line:
            break
    process.send_signal(number)
    stopped = time.monotonic()
    try:
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert time.monotonic() - stopped < 19  # the answer takes 20 s
    assert process.returncode == 130
    assert out.rstrip().endswith("exit code 130")
    assert "INTERRUPTED: The run was stopped before its end." in out


def test_the_process_is_left_at_once_after_an_interrupt(golive, monkeypatch):
    left = []

    def leave(code):
        left.append(code)
        raise SystemExit(code)

    monkeypatch.setattr(running, "call_pytest", lambda *_: (130, []))
    monkeypatch.setattr(running.os, "_exit", leave)
    assert golive("run").code == 130
    assert left == [130]


def test_pytests_own_code_for_an_interrupt_is_translated(golive, monkeypatch):
    monkeypatch.setattr(pytest, "main", lambda *_args, **_options: pytest.ExitCode.INTERRUPTED)
    monkeypatch.setattr(running, "_leave_now", lambda _code: None)
    outcome = golive("run")
    assert outcome.code == 130
    assert outcome.out.endswith("INTERRUPTED: The run was stopped before its end.\nexit code 130\n")


def test_a_file_that_cannot_be_collected_is_the_suites_own_fault(golive_process, folder):
    (folder / "test_broken.py").write_text("import a_module_that_is_not_there\n")
    outcome = golive_process("run", "test_broken.py")
    assert outcome.code == 3
    assert "CAN'T BE COLLECTED" in outcome.out
    assert "a_module_that_is_not_there" in outcome.out
    assert outcome.out.rstrip().endswith("exit code 3")


@pytest.mark.parametrize(("options", "shown"), [((), False), (("--full-trace",), True)])
@pytest.mark.measured
def test_where_golive_itself_failed_is_shown_on_demand(golive_process, folder, options, shown):
    (folder / "odd").mkdir()
    (folder / "odd" / "test_odd.py").write_text("def test_nothing():\n    pass\n")
    (folder / "odd" / "conftest.py").write_text(
        "def pytest_collection_modifyitems():\n    raise RuntimeError('odd')\n"
    )
    outcome = golive_process("run", "twin", "odd", *options)
    assert outcome.code == 3
    assert "internal error: RuntimeError: odd" in outcome.out
    assert ("Traceback" in outcome.out or "conftest.py" in outcome.out) is shown


def test_a_run_that_stops_at_the_first_failure_says_so(golive_process):
    outcome = golive_process(
        "run", "twin", "suites/oauth", "-x", "--defect", "token-response-may-be-cached"
    )
    assert outcome.code == 1
    assert "stopping after 1 failures" in outcome.out


@pytest.mark.measured
def test_failures_can_be_left_out(golive_process):
    fault = ("--defect", "token-response-may-be-cached")
    outcome = golive_process("run", "twin", "suites/oauth", "-k", "caches", "--tb=no", *fault)
    assert outcome.code == 1
    assert "FAILED" not in outcome.out


@pytest.mark.whole_run
def test_a_run_folder_has_allure_s_results_in_a_pipeline_and_on_demand(
    golive_process, folder, monkeypatch
):
    chosen = ("run", "twin", "suites/oauth/test_token_success.py", "-k", "token-status-is")
    results = folder / "reports" / "latest" / "allure-results"
    for value, options, there in [
        ("", (), False),
        ("false", (), False),
        ("", ("--allure",), True),
        ("true", (), True),
    ]:
        monkeypatch.setenv("CI", value)
        assert golive_process(*chosen, *options).code == 0
        assert bool(list(results.glob("*-result.json"))) is there, (value, options)
    assert not (folder / "reports" / "latest" / "results.jsonl").exists()


@pytest.mark.whole_run
def test_what_failed_last_is_remembered_for_each_environment(golive_process, folder):
    text = (ROOT / "environments" / "twin.yaml").read_text()
    (folder / "other.yaml").write_text(text)
    chosen = ("-k", "token-status-is or token-wrong-secret")
    assert golive_process("run", "twin", *chosen, "--defect", "wrong-secret-accepted").code == 1
    assert golive_process("run", "other.yaml", *chosen).code == 0
    again = golive_process("run", "twin", *chosen, "--lf")
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text())
    assert [one["id"] for one in summary["checks"]] == ["token-wrong-secret"], again.out
    assert golive_process("run", "other.yaml", *chosen, "--lf").code == 0
    summary = json.loads((folder / "reports" / "latest" / "summary.json").read_text())
    assert len(summary["checks"]) > 1
