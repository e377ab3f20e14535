"""Every pipeline against the schema that its service publishes, and against our own rules."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT, repository_workflows, workflow, written

pytestmark = pytest.mark.whole_run

VARIANTS = [
    {"deployments": deployments, "credential": credential}
    for deployments in ("sandbox", "production", "both")
    for credential in ("secret", "key")
]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())


def all_workflows():
    """Each workflow there is: the repository's own, and those that `golive init` writes."""
    yield from repository_workflows().items()
    many = [{**changes, "pipeline": "github-tenants"} for changes in VARIANTS]
    for number, changes in enumerate([*VARIANTS, *many]):
        for path, text in written(**changes).items():
            if path.startswith(".github/workflows/"):
                yield f"{number}-{Path(path).name}", text


WORKFLOWS = dict(all_workflows())


def lint(schema, *files):
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, *map(str, files)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def files_of(folder, texts):
    for name, text in texts.items():
        (folder / name).write_text(text)
        yield folder / name


def test_the_workflows_are_what_github_takes(tmp_path):
    assert len(WORKFLOWS) >= 20
    assert lint("vendor.github-workflows", *files_of(tmp_path, WORKFLOWS))[0] == 0


def test_the_action_is_what_github_takes():
    assert lint("vendor.github-actions", ROOT / "action.yml")[0] == 0


def test_the_pipelines_for_gitlab_are_what_gitlab_takes(tmp_path):
    texts = {
        f"{number}.gitlab-ci.yml": written("gitlab", **changes)[".gitlab-ci.yml"]
        for number, changes in enumerate(VARIANTS)
    }
    assert lint("vendor.gitlab-ci", *files_of(tmp_path, texts))[0] == 0


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        ("vendor.github-workflows", "on: push\njobs: {a: {runs-on: x, steps: [{runn: y}]}}\n"),
        ("vendor.github-actions", "name: x\nruns: {using: composite}\n"),
        ("vendor.gitlab-ci", "a: {script: [x], when: sometimes}\n"),
    ],
)
def test_the_schemas_refuse_what_is_wrong(tmp_path, schema, text):
    code, said = lint(schema, *files_of(tmp_path, {"wrong.yml": text}))
    assert code == 1, said
    assert "wrong.yml" in said


def steps():
    for name, text in WORKFLOWS.items():
        for job in workflow(text)["jobs"].values():
            for step in job["steps"]:
                yield name, step
    for step in ACTION["runs"]["steps"]:
        yield "action.yml", step


def test_no_expression_stands_in_a_shell():
    """What it holds would be a part of the script: an input or a name could then be a command."""
    for name, step in steps():
        assert "${{" not in step.get("run", ""), name


def test_a_workflow_may_only_what_it_must_and_ends_some_day():
    for name, text in WORKFLOWS.items():
        data = workflow(text)
        allowed = {"contents": "read"}
        if "nightly" in name:
            allowed["issues"] = "write"
        assert data["permissions"] == allowed, name
        for job in data["jobs"].values():
            assert job["timeout-minutes"] <= 90, name


def test_only_the_steps_that_need_a_secret_are_given_one():
    for name, text in WORKFLOWS.items():
        data = workflow(text)
        pulls = data["on"] == "pull_request"
        assert not (pulls and "secrets." in text), name
        for job in data["jobs"].values():
            assert "secrets" not in str(job.get("env", {})), name
            for step in job["steps"]:
                if "secrets" in str(step):
                    assert step["id"] == "golive", name


def test_a_checkout_leaves_no_token_behind():
    for name, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}, name


def test_steps_that_are_referred_to_are_there():
    for name, text in {**WORKFLOWS, "action.yml": (ROOT / "action.yml").read_text()}.items():
        ids = set(re.findall(r"(?m)^\s+(?:- )?id: (\w+)$", text))
        assert set(re.findall(r"steps\.(\w+)\.", text)) <= ids, name


def test_the_action_says_what_comes_in_and_out():
    assert set(ACTION["inputs"]) == {"environment", "arguments", "python-version"}
    assert set(ACTION["outputs"]) == {"verdict", "exit-code", "report"}
    for one in [*ACTION["inputs"].values(), *ACTION["outputs"].values()]:
        assert len(one["description"]) > 20


def test_the_nights_of_two_environments_do_not_begin_together():
    texts = [text for name, text in WORKFLOWS.items() if re.search(r"4-golive-nightly", name)]
    crons = {workflow(text)["on"]["schedule"][0]["cron"] for text in texts}
    assert len(crons) == len(texts) == 2


def test_production_is_asked_for_nothing_generated():
    for name, text in WORKFLOWS.items():
        for command in re.findall(r"golive run production.*", text):
            assert command == "golive run production", name
    whole = written("gitlab")[".gitlab-ci.yml"]
    assert set(re.findall(r"golive run production.*", whole)) == {"golive run production"}


def audited(*files):
    """Have zizmor read these, offline; return its exit code and what it says."""
    done = subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", *files],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_zizmor_finds_nothing_in_any_workflow_or_in_the_action(tmp_path):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    code, said = audited(*files_of(folder, WORKFLOWS), ROOT / "action.yml")
    assert code == 0, said
    assert "No findings to report" in said


def test_zizmor_would_see_the_whole_of_the_secrets_handed_over_and_a_command_made_of_an_input(
    tmp_path,
):
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = WORKFLOWS["nightly.yml"]
    text = text.replace("${{ secrets.GOLIVE_CLIENT_ID }}", "${{ secrets[matrix.environment] }}")
    text = text.replace("run: golive diff", "run: golive ${{ github.event.issue.title }}")
    code, said = audited(*files_of(folder, {"nightly.yml": text}))
    assert code != 0
    assert "overprovisioned-secrets" in said
    assert "template-injection" in said


def test_only_actions_of_github_s_own_are_used_and_each_by_its_digest():
    texts = {**WORKFLOWS, "action.yml": (ROOT / "action.yml").read_text()}
    for name, text in texts.items():
        for line in re.findall(r"(?m)^ *(?:- )?uses: (.*)", text):
            ours = line.startswith("./")
            assert ours or re.fullmatch(
                r"actions/[a-z-]+(/[a-z]+)?@[0-9a-f]{40} # v[0-9.]+", line
            ), (name, line)
