"""Pipelines for somebody's own repository: templates with the answers put in.

A template is the file itself with `%{name}` where an answer goes; everything else is left to the reader's own
service.

`.env.example`: every variable that the written environments ask for, with what it is; no value.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from golive.scaffold.environments import TEMPLATES, template, variables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.scaffold.answers import Answers


TENANTS_FILE = "tenants.yaml"
TENANTS = {
    "github-tenants": {".github/workflows/golive-tenants.yml": "github.yml"},
    "gitlab-tenants": {
        ".gitlab-ci.yml": "gitlab-ci.yml",
        ".gitlab/golive-tenants.yml": "gitlab-child.yml",
    },
    "jenkins": {"Jenkinsfile": "Jenkinsfile"},
    "azure": {"azure-pipelines.yml": "azure-pipelines.yml"},
    "kubernetes": {"kubernetes/golive-tenants.yaml": "kubernetes.yaml"},
    "argo": {"argo/golive-tenants.yaml": "argo.yaml"},
}
"""The files of a pipeline for many tenants, each by the template that it is made of."""

NIGHTLY = {"sandbox": " --generated --profile nightly", "production": ""}
"""What a nightly run adds: people are at work in production, so it gets no generated requests."""

TITLES = {"sandbox": "sandbox", "production": "production, read-only"}


class _Text(Template):
    """A template that leaves `${{ … }}` and `$NAME` to the pipeline."""

    delimiter = "%"


def pipeline_texts(answers: Answers, environments: Mapping[str, str]) -> dict[str, str]:
    """Return the text of each file of the pipeline by its path, relative to the repository."""
    if answers.pipeline == "github":
        return _github(answers, environments)
    if answers.pipeline == "gitlab":
        return _gitlab(answers)
    return _for_tenants(answers, environments)


def _for_tenants(answers: Answers, environments: Mapping[str, str]) -> dict[str, str]:
    """Return a list of tenants to begin with, and the files that run each of them on a service."""
    files = TENANTS.get(answers.pipeline, {})
    if not files:
        return {}
    own = environments[answers.gate]
    texts = {
        path: _filled(
            f"tenants/{name}",
            answers,
            environment=answers.gate,
            secrets=_secrets(own),
            variables="\n".join(f"          {name}: $({name})" for name in _names(own)),
        )
        for path, name in files.items()
    }
    return {
        TENANTS_FILE: _filled("tenants/tenants.yaml", answers, environment=answers.gate),
        **texts,
    }


def _github(answers: Answers, environments: Mapping[str, str]) -> dict[str, str]:
    folder = ".github/workflows"
    texts = {
        f"{folder}/golive-pull-request.yml": _filled("github/pull-request.yml", answers),
        f"{folder}/golive-release-gate.yml": _filled(
            "github/release-gate.yml",
            answers,
            environment=answers.gate,
            secrets=_secrets(environments[answers.gate]),
        ),
    }
    for number, name in enumerate(answers.environments):
        texts[f"{folder}/golive-nightly-{name}.yml"] = _filled(
            "github/nightly.yml",
            answers,
            environment=name,
            title=TITLES[name],
            minute=str(17 + 20 * number),
            arguments=NIGHTLY[name],
            secrets=_secrets(environments[name]),
        )
    return dict(sorted(texts.items()))


def _gitlab(answers: Answers) -> dict[str, str]:
    jobs = [
        _filled(
            "gitlab/nightly.yml",
            answers,
            environment=name,
            title=TITLES[name],
            arguments=NIGHTLY[name],
        )
        for name in answers.environments
    ]
    whole = _filled("gitlab/gitlab-ci.yml", answers, environment=answers.gate, jobs="\n".join(jobs))
    return {".gitlab-ci.yml": whole}


def _secrets(environment: str) -> str:
    """Return the lines that hand a repository's secrets to the one step that needs them."""
    return "\n".join(f"          {name}: ${{{{ secrets.{name} }}}}" for name in _names(environment))


def _names(environment: str) -> list[str]:
    return [name for name in variables_of(environment) if name != "HTTPS_PROXY"]


def _filled(name: str, answers: Answers, **values: str) -> str:
    return _Text(template(name)).substitute(source=answers.source, **values)


def example(texts: Mapping[str, str]) -> str:
    """Return the file for these environments, by name; an optional variable is commented out."""
    users: dict[str, list[str]] = {}
    needed: set[str] = set()
    for environment, text in texts.items():
        for name, required in variables_of(text).items():
            users.setdefault(name, []).append(environment)
            if required:
                needed.add(name)
    return TEMPLATES.from_string(template("env.example.j2")).render(users=users, needed=needed)
