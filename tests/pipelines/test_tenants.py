"""Pipelines for many tenants: each against the schema or the form of its service, and its own commands run."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import jsonschema_rs
import pytest
import yaml

from golive.scaffold import PIPELINES, Answers, plan, write

from .conftest import workflow, written
from .test_shape import lint

PUBLISHED = Path(__file__).parent / "published"
OWN_NAMES = (".requests", ".limits", ".labels", ".annotations", ".nodeSelector")
MANY = [*PIPELINES][2:-1]
LIST = """\
environment: sandbox
tenants:
  - {name: river, tenant: id-river}
  - {name: hill, tenant: id-hill}
  - {name: lake, tenant: id-lake, environment: production}
"""
ROWS = [("river", "sandbox"), ("hill", "sandbox"), ("lake", "production")]
NOTING = """#!{python}
import json, os, subprocess, sys
with open(os.environ["CALLS"], "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "run":
    sys.exit(1)
sys.exit(subprocess.call([sys.executable, "-m", "golive", *sys.argv[1:]]))
"""


@pytest.fixture
def project(service, tmp_path):
    """A repository with three tenants, whose golive runs nothing but lists and gathers for real."""
    service.program("golive", NOTING.format(python=sys.executable))
    service.program("python", '#!/bin/sh\necho "python $*"\n')
    service.variables = {"CALLS": str(tmp_path / "calls")}

    def made(pipeline):
        write(service.folder, plan(Answers(pipeline=pipeline)))
        (service.folder / "tenants.yaml").write_text(LIST)
        return service.folder

    service.made = made
    service.calls = lambda: [
        json.loads(one) for one in (tmp_path / "calls").read_text().splitlines()
    ]
    return service


def shell(service, script, **variables):
    """Run a script as a pod or an agent does; the job of the tests' service."""
    return service.run({"env": variables, "steps": [{"id": "it", "run": script}]})


@pytest.mark.parametrize("pipeline", MANY)
def test_each_brings_a_list_to_begin_with_and_no_secret(pipeline, tmp_path, monkeypatch):
    from golive.environment import read_tenants

    write(tmp_path, texts := written(pipeline))
    monkeypatch.chdir(tmp_path)
    (first,) = read_tenants(tmp_path / "tenants.yaml")
    assert first.key == "production@first-hospital"
    for path, text in texts.items():
        assert not re.search(r"%\{|\{\{ *[a-z_]+ *\}\}(?!\S)", text.replace("{{ secrets", "")), path
    assert "GOLIVE_SOURCE" in "".join(texts.values()) or pipeline in ("kubernetes", "argo")


@pytest.mark.whole_run
@pytest.mark.parametrize(
    ("pipeline", "schema", "files"),
    [
        ("github-tenants", "vendor.github-workflows", [".github/workflows/golive-tenants.yml"]),
        ("gitlab-tenants", "vendor.gitlab-ci", [".gitlab-ci.yml", ".gitlab/golive-tenants.yml"]),
        ("azure", "vendor.azure-pipelines", ["azure-pipelines.yml"]),
    ],
)
def test_it_is_what_its_service_takes(project, pipeline, schema, files):
    folder = project.made(pipeline)
    code, said = lint(schema, "--regex-variant", "python", *(folder / one for one in files))
    assert code == 0, said


def test_github_runs_a_job_for_each_tenant_and_gathers_what_they_leave(project):
    folder = project.made("github-tenants")
    jobs = workflow((folder / ".github/workflows/golive-tenants.yml").read_text())["jobs"]
    assert (
        jobs["run"]["strategy"]["matrix"]["include"]
        == "${{ fromJSON(needs.list.outputs.tenants) }}"
    )
    assert jobs["run"]["strategy"]["fail-fast"] is False
    listed = project.run({**jobs["list"], "env": {"SHARD": "1/1"}})
    rows = json.loads(listed.outputs["list"]["tenants"])
    assert [(one["TENANT"], one["ENVIRONMENT"]) for one in rows] == ROWS
    for row in rows:
        assert project.run(jobs["run"], matrix=row).codes["golive"] == 1
    runs = [words for words in project.calls() if words[0] == "run"]
    assert runs == [["run", "--tenants", "tenants.yaml", "--only", name] for name, _ in ROWS]
    gathered = project.run({**jobs["gather"], "env": {"SHARD": "1/1"}})
    assert gathered.codes["gather"] == 6  # none of them left a run
    assert (folder / "reports" / "overview" / "overview.html").is_file()


@pytest.mark.whole_run
def test_gitlab_s_child_pipeline_has_the_list_as_its_matrix(project):
    folder = project.made("gitlab-tenants")
    script = yaml.safe_load((folder / ".gitlab-ci.yml").read_text())["list"]["script"]
    assert not shell(project, "\n".join(script)).failed
    child = yaml.safe_load((folder / "child.yml").read_text())
    matrix = child["tenant"]["parallel"]["matrix"]
    assert [(one["TENANT"], one["ENVIRONMENT"]) for one in matrix] == ROWS
    (folder / "child.gitlab-ci.yml").write_text((folder / "child.yml").read_text())
    assert lint("vendor.gitlab-ci", folder / "child.gitlab-ci.yml")[0] == 0
    shell(project, "\n".join(child[".tenant"]["script"]), TENANT="hill")
    assert project.calls()[-1] == ["run", "--tenants", "tenants.yaml", "--only", "hill"]
    assert shell(project, "\n".join(child["gather"]["script"])).codes == {"it": 4}  # no runs at all


def documents(folder, name):
    return [*yaml.safe_load_all((folder / name).read_text())]


def containers(job):
    pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    return pod, pod["containers"][0]


def test_kubernetes_runs_a_pod_for_each_index_and_nothing_twice(project):
    folder = project.made("kubernetes")
    tenants, whole = documents(folder, "kubernetes/golive-tenants.yaml")
    for each in (tenants, whole):
        assert (each["apiVersion"], each["kind"]) == ("batch/v1", "CronJob")
        job, (pod, container) = each["spec"]["jobTemplate"]["spec"], containers(each)
        assert job["backoffLimit"] == 0
        assert pod["restartPolicy"] == "Never"
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        mounted = {one["name"] for one in container["volumeMounts"]}
        assert mounted == {one["name"] for one in pod["volumes"]}
    job = tenants["spec"]["jobTemplate"]["spec"]
    assert job["completionMode"] == "Indexed"
    (script,) = containers(tenants)[1]["args"]
    for index in ("0", "2"):
        made = shell(project, script, JOB_COMPLETION_INDEX=index, TENANTS="3")
        assert made.codes == {"it": 0}  # a NO-GO ends no other pod: the overview decides
        assert "exit code 1" in made.log
    assert [words[4] for words in project.calls()] == ["1/3", "3/3"]
    (gather,) = containers(whole)[1]["args"]
    (folder / "reports").mkdir()
    assert shell(project, gather.replace("/reports", "reports")).codes == {"it": 6}
    assert project.calls()[-1][5] == f"{datetime.now(UTC):%Y-%m-%d}"


@pytest.mark.parametrize(("pipeline", "schema"), [("kubernetes", "cronjob"), ("argo", "workflow")])
def test_the_manifests_are_what_kubernetes_and_argo_publish(project, pipeline, schema):
    folder = project.made(pipeline)
    published = json.loads((PUBLISHED / f"{schema}.schema.json").read_text())
    validator = jsonschema_rs.Draft202012Validator(published)
    for document in documents(folder, f"{pipeline}/golive-tenants.yaml"):
        assert [*map(str, validator.iter_errors(document))] == []
        # A schema that lets everything pass would, too: a slip of the pen in each place is refused.
        for place, wrong in slips(document):
            assert not validator.is_valid(wrong), place


def slips(node, at=""):
    """Yield copies of a manifest, each with one member misspelt, but for names that are the user's own."""
    if isinstance(node, list):
        for number, one in enumerate(node):
            for place, wrong in slips(one, f"{at}[{number}]"):
                yield place, [*node[:number], wrong, *node[number + 1 :]]
    elif isinstance(node, dict):
        free = at.endswith(OWN_NAMES)
        for name, value in node.items():
            rest = {other: node[other] for other in node if other != name}
            if not free:
                yield f"{at}.{name}", {**rest, f"{name}x": value}
            for place, wrong in slips(value, f"{at}.{name}"):
                yield place, {**rest, name: wrong}


def test_argo_makes_a_step_of_each_item_and_repeats_none(project):
    folder = project.made("argo")
    (flow,) = documents(folder, "argo/golive-tenants.yaml")
    assert (flow["apiVersion"], flow["kind"]) == ("argoproj.io/v1alpha1", "Workflow")
    templates = {one["name"]: one for one in flow["spec"]["templates"]}
    assert flow["spec"]["entrypoint"] in templates
    (listing,), (each,), (gathering,) = templates["night"]["steps"]
    assert {one["template"] for one in (listing, each, gathering)} <= templates.keys()
    assert each["withParam"] == "{{steps.list.outputs.result}}"
    assert each["continueOn"] == {"failed": True}
    assert "retryStrategy" not in str(flow)
    words = templates["list"]["container"]["args"]
    done = subprocess.run(
        [sys.executable, "-m", "golive", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    items = json.loads(
        done.stdout
    )  # what Argo's withParam reads: an array, the script's whole output
    assert [one["TENANT"] for one in items] == [name for name, _ in ROWS]
    used = re.findall(r"\{\{item\.(\w+)\}\}", str(each))
    assert set(used) <= set(items[0])
    assert templates["tenant"]["container"]["args"][:4] == [
        "run",
        "--tenants",
        "tenants.yaml",
        "--only",
    ]


def test_azure_s_slices_are_shards(project):
    folder = project.made("azure")
    tenants, gather = yaml.safe_load((folder / "azure-pipelines.yml").read_text())["jobs"]
    (run,) = [one for one in tenants["steps"] if "golive run" in one.get("script", "")]
    assert run["env"]["SHARD"] == "$(System.JobPositionInPhase)/$(System.TotalJobsInPhase)"
    shell(project, run["script"], SHARD="2/3")
    assert project.calls()[-1][:5] == ["run", "--tenants", "tenants.yaml", "--shard", "2/3"]
    assert (gather["dependsOn"], gather["condition"]) == ("tenants", "always()")
    (script,) = [one["script"] for one in gather["steps"] if "gather" in one.get("script", "")]
    (folder / "workspace").mkdir()
    made = shell(project, script.replace("$(Pipeline.Workspace)", "workspace"))
    assert made.codes == {"it": 6}


def test_jenkins_has_a_cell_for_each_shard_and_gathers_them(project):
    folder = project.made("jenkins")
    text = (folder / "Jenkinsfile").read_text()
    code = re.sub(r"//.*|'[^'\n]*'|\"[^\"\n]*\"", "", text)
    depth = 0
    for sign in code:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    assert depth == 0
    assert code.count("(") == code.count(")")
    for section in ("pipeline {", "agent none", "stages {", "matrix {", "axes {", "post {"):
        assert section in text
    (values,) = re.findall(r"values (.*)", text)
    shards = re.findall(r"'(\d+)/(\d+)'", values)
    count = len(shards)
    assert shards == [(str(number), str(count)) for number in range(1, count + 1)]
    assert f'for (number in 1..{count}) {{ unstash "runs-${{number}}-of-{count}" }}' in text
    scripts = [one.replace(".venv/bin/", "") for one in re.findall(r"sh '([^'\n]*)'", text)]
    (run,) = [one for one in scripts if "golive run" in one]
    (folder / "variables").write_text("GOLIVE_X=1\n")
    shell(project, run, SHARD="4/4", VARIABLES="./variables")
    assert project.calls()[-1][:5] == ["run", "--tenants", "tenants.yaml", "--shard", "4/4"]
    (gather,) = [one for one in scripts if "golive gather" in one]
    (folder / "reports").mkdir()
    assert shell(project, gather).codes == {"it": 6}


def test_a_matrix_of_more_than_256_jobs_is_cut_into_shards(project):
    folder = project.made("github-tenants")
    rows = [f"  - {{name: t{number}, tenant: id-{number}}}" for number in range(400)]
    (folder / "tenants.yaml").write_text("\n".join(["environment: sandbox", "tenants:", *rows, ""]))
    job = workflow((folder / ".github/workflows/golive-tenants.yml").read_text())["jobs"]["list"]
    found = [
        json.loads(project.run({**job, "env": {"SHARD": shard}}).outputs["list"]["tenants"])
        for shard in ("1/2", "2/2")
    ]
    assert [len(one) for one in found] == [200, 200]
    assert len({row["TENANT"] for one in found for row in one}) == 400
