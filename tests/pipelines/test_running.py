"""The steps of the pipelines, run: with the real golive where the twin is enough, else with one that notes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import yaml

from golive.environment import PUBLIC_SANDBOX_TENANT, find, load
from golive.kit.problems import ConfigurationProblem

from .conftest import ROOT, repository_workflows, workflow, written

pytestmark = pytest.mark.whole_run

NOTING = """#!{python}
import json, os, pathlib, sys
log = pathlib.Path(os.environ["GOLIVE_LOG"])
seen = {{k: v for k, v in os.environ.items() if k.startswith("GOLIVE_")}}
with log.open("a") as file:
    file.write(json.dumps([sys.argv[1:], seen]) + "\\n")
if sys.argv[1] == "run":
    verdict = os.environ.get("VERDICT_TO_GIVE", "GO")
    folder = pathlib.Path("reports/a-run")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "summary.md").write_text("# the page")
    with open(os.environ["GITHUB_OUTPUT"], "a") as file:
        file.write(f"verdict={{verdict}}\\nexit-code=1\\nreport=reports/a-run\\n")
    sys.exit(0 if verdict == "GO" else 1)
if sys.argv[1] == "tell" and "NEWS" in os.environ:
    print(json.dumps({{"title": "golive x: NO-GO", "body": "b", "state": os.environ["NEWS"]}}))
"""
GH = """#!/bin/sh
case "$*" in *list*) cat "$ISSUES" ;; *) echo "$GH_TOKEN $*" >> "$ISSUES.calls" ;; esac
"""
SECRETS = {
    "GOLIVE_CLIENT_ID": "an-id",
    "GOLIVE_CLIENT_SECRET": "a-secret-of-some-length",
    "GOLIVE_PATIENT_ID": "1",
    "GOLIVE_SANDBOX_PATIENT_ID": "1",
    "GOLIVE_PRODUCTION_TENANT": "t-1",
    "GOLIVE_PRODUCTION_PATIENT_ID": "2",
}
EARLIER = {"before": {"cache-matched-key": "golive-sandbox-1"}}


def job_of(text):
    (job,) = workflow(text)["jobs"].values()
    return job


@pytest.fixture
def noting(service, tmp_path):
    """A service whose golive only notes how it was called."""
    service.program("golive", NOTING.format(python=sys.executable))
    service.program("python", '#!/bin/sh\necho "python $*"\n')
    service.program("gh", GH)
    issues = tmp_path / "issues"
    issues.write_text("")
    service.variables = {"GOLIVE_LOG": str(tmp_path / "log"), "ISSUES": str(issues)}
    service.issues = issues
    service.calls = lambda: [
        json.loads(line) for line in (tmp_path / "log").read_text().splitlines()
    ]
    return service


def told_of(service):
    calls = service.issues.with_name("issues.calls")
    return calls.read_text().splitlines() if calls.exists() else []


def test_a_pull_request_runs_the_real_suite_on_the_twin(service, repository):
    service.golive()
    service.program("python", '#!/bin/sh\necho "python $*"\n')
    text = written()[".github/workflows/golive-pull-request.yml"]
    made = service.run(job_of(text))
    assert made.codes["golive"] == 0, made.log
    assert "python -m pip install wheels/golive-0.1.0-py3-none-any.whl" in made.log
    assert made.outputs["golive"]["verdict"] == "GO"
    assert (repository / made.outputs["golive"]["report"] / "junit.xml").is_file()


def test_a_gate_without_its_secrets_is_stopped_with_4_by_the_real_golive(service, repository):
    service.golive()
    service.program("python", "#!/bin/sh\n")
    made = service.run(job_of(written()[".github/workflows/golive-release-gate.yml"]))
    assert made.codes["golive"] == 4
    assert made.outputs["golive"]["verdict"] == "CONFIGURATION"
    assert "::error file=environments/production.yaml,line=" in made.log
    assert "the variable GOLIVE_PRODUCTION_TENANT is set, but empty" in made.log


def test_a_night_runs_with_its_secrets_compares_and_says_nothing_new(noting, repository):
    text = written()[".github/workflows/golive-nightly-sandbox.yml"]
    made = noting.run(job_of(text), secrets=SECRETS, given=EARLIER)
    assert not made.failed, made.log
    (ran, seen), (compared, other), (asked, _) = noting.calls()
    assert ran == ["run", "sandbox", "--generated", "--profile", "nightly"]
    assert compared == ["diff", "--last", "sandbox", "--fail-on", "breaking"]
    assert seen["GOLIVE_CLIENT_SECRET"] == SECRETS["GOLIVE_CLIENT_SECRET"]
    assert "GOLIVE_CLIENT_SECRET" not in other
    assert asked[:6] == [
        "tell",
        "reports/a-run",
        "--for",
        "github",
        "--state",
        "reports/state.json",
    ]
    assert asked[6:] == ["--link", "https://github.example/o/r/actions/runs/1"]
    assert told_of(noting) == []


def test_the_first_night_has_nothing_to_compare_with(noting, repository):
    text = written()[".github/workflows/golive-nightly-sandbox.yml"]
    assert not noting.run(job_of(text), secrets=SECRETS).failed
    assert [words[0] for words, _ in noting.calls()] == ["run", "tell"]


def test_a_bad_night_still_compares_and_opens_an_issue(noting, repository):
    noting.variables |= {"VERDICT_TO_GIVE": "NO-GO", "NEWS": "open"}
    text = written()[".github/workflows/golive-nightly-production.yml"]
    made = noting.run(job_of(text), secrets=SECRETS, given=EARLIER)
    assert made.codes["golive"] == 1
    assert [words[:3] for words, _ in noting.calls()][:2] == [
        ["run", "production"],
        ["diff", "--last", "production"],
    ]
    assert told_of(noting) == ["a-token api repos/o/r/issues --input message.json --silent"]


@pytest.mark.parametrize("news", ["open", "closed"])
def test_an_issue_that_is_open_gets_a_comment_and_the_new_title_and_state(noting, repository, news):
    noting.variables |= {"VERDICT_TO_GIVE": "NO-GO", "NEWS": news}
    noting.issues.write_text("7\n")
    text = written()[".github/workflows/golive-nightly-production.yml"]
    noting.run(job_of(text), secrets=SECRETS, given=EARLIER)
    assert told_of(noting) == [
        "a-token api repos/o/r/issues/7/comments --input message.json --silent",
        "a-token api --method PATCH repos/o/r/issues/7 --input message.json --silent",
    ]


def test_where_no_issue_is_open_a_success_opens_none(noting, repository):
    noting.variables["NEWS"] = "closed"
    text = written()[".github/workflows/golive-nightly-production.yml"]
    assert not noting.run(job_of(text), secrets=SECRETS, given=EARLIER).failed
    assert told_of(noting) == []


def test_the_repository_s_night_hands_each_environment_its_own_tenant_and_patient(noting):
    job = job_of(repository_workflows()["nightly.yml"])
    by_name = {one["environment"]: one for one in job["strategy"]["matrix"]["include"]}
    (golive,) = [step for step in job["steps"] if step.get("id") == "golive"]
    step = {"id": "golive", "env": golive["env"], "run": "golive run x"}

    def seen(environment, secrets):
        noting.run({"steps": [step]}, secrets=secrets, matrix=by_name[environment])
        made = load(find(environment), variables=noting.calls()[-1][1])
        return made.tenant, made.test_data.patient

    assert seen("sandbox", SECRETS) == (PUBLIC_SANDBOX_TENANT, "1")
    assert seen("production", SECRETS) == ("t-1", "2")
    fewer = {**SECRETS, "GOLIVE_SANDBOX_PATIENT_ID": ""}
    assert seen("sandbox", fewer) == (PUBLIC_SANDBOX_TENANT, None)
    with pytest.raises(
        ConfigurationProblem, match="GOLIVE_PRODUCTION_PATIENT_ID is set, but empty"
    ):
        seen("production", {**SECRETS, "GOLIVE_PRODUCTION_PATIENT_ID": ""})


@pytest.fixture
def action(noting, tmp_path):
    """The action's steps, with golive already installed where it installs it."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    venv = tmp_path / "runner" / "golive" / "bin"
    venv.mkdir(parents=True)
    (venv / "golive").symlink_to(noting.bin / "golive")
    noting.variables["RUNNER_TEMP"] = str(tmp_path / "runner")

    def run(**inputs):
        given = {"environment": "twin", "arguments": "", "python-version": "3.11", **inputs}
        return noting.run({"steps": [steps[-1]]}, inputs=given)

    return run


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("", []),
        ("--generated --profile nightly", ["--generated", "--profile", "nightly"]),
        ('-k "inbox or sent" -n 2', ["-k", "inbox or sent", "-n", "2"]),
        ("-k 'a b'\n-x", ["-k", "a b", "-x"]),
        ("-n 2 -e -s", ["-n", "2", "-e", "-s"]),
        ("$(touch hacked) `x` $HOME ; *", ["$(touch", "hacked)", "`x`", "$HOME", ";", "*"]),
    ],
)
def test_the_action_s_arguments_are_words_and_never_commands(action, noting, arguments, words):
    made = action(environment="sandbox", arguments=arguments)
    assert made.codes == {"golive": 0}, made.log
    assert noting.calls()[0][0] == ["run", "sandbox", *words]
    assert not (noting.folder / "hacked").exists()


def test_the_action_hands_the_exit_code_and_the_outputs_on(action, noting):
    noting.variables["VERDICT_TO_GIVE"] = "NO-GO"
    made = action()
    assert made.codes == {"golive": 1}
    assert made.outputs["golive"] == {
        "verdict": "NO-GO",
        "exit-code": "1",
        "report": "reports/a-run",
    }


def test_a_quotation_mark_that_is_not_closed_is_4_and_no_run(action, noting, tmp_path):
    made = action(arguments='-k "inbox')
    assert made.codes == {"golive": 4}
    assert "::error title=golive::The input arguments can't be split" in made.log
    assert not (tmp_path / "log").exists()


def test_the_action_installs_what_is_pinned_from_its_own_folder(service, tmp_path):
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    service.program("python", '#!/bin/sh\necho "$@"\nmkdir -p "$3/bin"\ncp "$0" "$3/bin/python"\n')
    paths = tmp_path / "paths"
    service.variables = {
        "RUNNER_TEMP": str(tmp_path / "runner"),
        "GITHUB_PATH": str(paths),
        "GITHUB_ACTION_PATH": "/the action",
    }
    given = {"python": {"python-path": str(service.bin / "python")}}
    made = service.run({"steps": [steps[1]]}, given=given)
    venv = tmp_path / "runner" / "golive"
    assert not made.failed, made.log
    assert f"-m venv {venv}" in made.log
    assert "--constraint /the action/constraints.txt /the action" in made.log
    assert paths.read_text() == f"{venv}/bin\n"


def test_the_crontab_s_line_is_silent_on_go_and_reports_the_rest(noting):
    text = (ROOT / "docs" / "pipelines" / "golive.crontab").read_text()
    (line,) = [one for one in text.splitlines() if one[:1].isdigit()]
    command = line.split(maxsplit=5)[5].replace("/srv/golive", str(noting.folder))
    assert "%" not in command  # cron would end the line there
    venv = noting.folder / ".venv" / "bin"
    venv.mkdir(parents=True)
    for code, told in ((0, ""), (1, "NO-GO: it is broken\n")):
        (venv / "golive").write_text(f"#!/bin/sh\necho 'NO-GO: it is broken'\nexit {code}\n")
        (venv / "golive").chmod(0o755)
        done = subprocess.run(
            ["sh", "-c", command], capture_output=True, text=True, timeout=30, check=False
        )
        assert (done.stdout, done.stderr) == (told, "")


def test_the_units_of_systemd_name_one_another_and_run_golive():
    folder = ROOT / "docs" / "pipelines"
    service = (folder / "golive@.service").read_text()
    timer = (folder / "golive@.timer").read_text()
    assert "ExecStart=/srv/golive/.venv/bin/golive run %i\n" in service
    assert "Environment=GOLIVE_CLIENT_SECRET_FILE=%d/client_secret\n" in service
    assert "WantedBy=timers.target\n" in timer
    for text in (service, timer):
        for line in text.splitlines():
            assert not line or line[0] in "#[" or "=" in line


def test_the_script_of_gitlab_runs_what_the_readme_shows(noting):
    jobs = yaml.safe_load(written("gitlab")[".gitlab-ci.yml"])
    scripts = {name: job["script"] for name, job in jobs.items() if "script" in job}
    assert set(scripts) == {
        "twin",
        "nightly-sandbox",
        "drift-sandbox",
        "nightly-production",
        "drift-production",
        "gate",
    }
    for script in scripts.values():
        assert not noting.run({"steps": [{"run": "\n".join(script)}]}).failed
    assert [words for words, _ in noting.calls()][-1] == ["run", "production"]
