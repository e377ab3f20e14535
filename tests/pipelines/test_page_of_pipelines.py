"""Every command of a pipeline is one that the page on pipelines tells people to type."""

from __future__ import annotations

import re

import yaml

from .conftest import ROOT, repository_workflows, workflow, written

PAGE = (ROOT / "docs" / "pipelines" / "README.md").read_text()
BLOCK = re.compile(r"(?ms)^```sh\n(.*?)^```$")
IGNORED = {"./.ci/run", ".ci/run", ".ci/night"}


def plain(command):
    """A command without what differs from place to place: the environment."""
    return re.sub(r'"\$ENVIRONMENT"|\b(sandbox|production)\b', "ENV", command).strip()


def told():
    for block in BLOCK.findall(PAGE):
        for line in block.splitlines():
            yield plain(re.split(r"\s{2,}#", line)[0])


def in_github(text):
    for job in workflow(text)["jobs"].values():
        for step in job["steps"]:
            yield from step.get("run", "").splitlines()


def in_gitlab(text):
    for job in yaml.safe_load(text).values():
        if isinstance(job, dict):
            for key in ("script", "before_script"):
                yield from job.get(key, [])


def every_command():
    for text in repository_workflows().values():
        yield from in_github(text)
    for path, text in written().items():
        if path.startswith(".github/workflows"):
            yield from in_github(text)
    yield from in_gitlab(written("gitlab")[".gitlab-ci.yml"])


def test_the_page_has_every_command_of_every_pipeline():
    commands = {plain(command) for command in every_command()} - IGNORED
    assert len(commands) >= 5
    assert commands <= set(told())


def test_contributing_names_the_one_script_for_development():
    assert "`.ci/run`" in (ROOT / "CONTRIBUTING.md").read_text()
    assert (ROOT / ".ci" / "run").is_file()


def test_the_page_names_only_workflows_that_golive_init_writes():
    for name in re.findall(r"uses: \./(\.github/workflows/[\w.-]+)", PAGE):
        assert name in written()
