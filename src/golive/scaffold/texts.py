"""Environment files and pipelines for somebody's own folder: templates with the five answers of `golive init` put in.

No secret is among the answers.

golive's own environment files are made of the same templates, and a test holds them against each other, so that the two
can't drift apart. A pipeline's template is the file itself with `%{name}` where an answer goes; everything else is left
to the reader's own service.

`.env.example`: every variable that the written environments ask for, with what it is; no value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, Literal

from jinja2 import Environment, StrictUndefined

from golive import __version__
from golive.environment import PUBLIC_SANDBOX_TENANT, is_tenant
from golive.kit.files import resources

if TYPE_CHECKING:
    from collections.abc import Mapping


DEPLOYMENTS = {
    "sandbox": ("sandbox",),
    "production": ("production",),
    "both": ("sandbox", "production"),
}
"""What `--for` may say, and the environments that it means besides the twin."""

PIPELINES = {
    "github": "secrets of the repository",
    "gitlab": "masked CI/CD variables of the repository",
    "github-tenants": "secrets of an environment golive-NAME for each tenant",
    "gitlab-tenants": "masked CI/CD variables of the repository",
    "jenkins": "NAME=value lines of a secret file, the credential golive-variables",
    "azure": "secret variables of the variable group golive",
    "kubernetes": "members of the secret golive",
    "argo": "members of the secret golive",
    "none": "",
}
"""What `--pipeline` may say, and as what the variables get there; all from the third on are for many tenants."""

SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/:@+=~#\[\]-]*")
"""A requirement, a path or a URL for pip, which goes between quotes into YAML and a shell."""


@dataclass(frozen=True)
class Answers:
    """What somebody wants; `tenant` is empty where a variable shall name it.

    `tenant` is that of production where production is wanted, else the sandbox's. `pipeline` is one of PIPELINES.
    `source` is what a pipeline's `pip install` gets.
    """

    deployments: str = "both"
    tenant: str = ""
    credential: Literal["secret", "key"] = "secret"
    data: Literal["phi", "synthetic"] = "phi"
    pipeline: str = "github"
    source: str = f"wheels/golive-{__version__}-py3-none-any.whl"

    @property
    def environments(self) -> tuple[str, ...]:
        """The environments besides the twin, the safest first."""
        return DEPLOYMENTS[self.deployments]

    @property
    def gate(self) -> str:
        """The environment that decides about a release."""
        return self.environments[-1]

    def faults(self) -> list[str]:
        """Say what is wrong with the answers, each in a sentence with its cure."""
        found = []
        if self.tenant and not is_tenant(self.tenant):
            found.append(
                "--tenant: a tenant's id has only letters, digits, hyphens, dots and underscores. "
                "Copy the bare id, or leave it out: a variable names it then."
            )
        if self.tenant.lower() == PUBLIC_SANDBOX_TENANT and "production" in self.environments:
            found.append(
                "--tenant: this is Oracle's public developer sandbox, not a customer's production "
                "tenant. Take the customer's id, or leave it out."
            )
        if not SOURCE.fullmatch(self.source):
            found.append(
                "--source: pip can't be given this safely. Name a wheel, a git URL or a requirement, "
                "without spaces and quotes."
            )
        return found


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
    known = {
        "environment": answers.gate,
        "secrets": _secrets(own),
        "variables": "\n".join(f"          {name}: $({name})" for name in _names(own)),
    }
    named = {TENANTS_FILE: "tenants.yaml", **files}
    return {path: _filled(f"tenants/{name}", answers, **known) for path, name in named.items()}


def _github(answers: Answers, environments: Mapping[str, str]) -> dict[str, str]:
    secrets = _secrets(environments[answers.gate])
    gate = _filled("github/release-gate.yml", answers, environment=answers.gate, secrets=secrets)
    texts = {"pull-request": _filled("github/pull-request.yml", answers), "release-gate": gate}
    for number, name in enumerate(answers.environments):
        own = {"minute": str(17 + 20 * number), "secrets": _secrets(environments[name])}
        texts[f"nightly-{name}"] = _nightly("github", name, answers, **own)
    return {f".github/workflows/golive-{name}.yml": text for name, text in sorted(texts.items())}


def _gitlab(answers: Answers) -> dict[str, str]:
    jobs = [_nightly("gitlab", name, answers) for name in answers.environments]
    whole = _filled("gitlab/gitlab-ci.yml", answers, environment=answers.gate, jobs="\n".join(jobs))
    return {".gitlab-ci.yml": whole}


def _nightly(service: str, name: str, answers: Answers, **more: str) -> str:
    known = {"environment": name, "title": TITLES[name], "arguments": NIGHTLY[name], **more}
    return _filled(f"{service}/nightly.yml", answers, **known)


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


TWIN = "twin"
REFERENCE = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(:-)?")

TEMPLATES = Environment(  # noqa: S701 - YAML; the tenant, all that is written of an answer, is a bare id
    undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
)


def template(name: str) -> str:
    """Return the text of a file below `templates`."""
    return files("golive.scaffold").joinpath("templates", *name.split("/")).read_text("utf-8")


def environment_texts(answers: Answers) -> dict[str, str]:
    """Return the text of each environment file by the environment's name, the twin's last."""
    twin = (resources() / "environments" / f"{TWIN}.yaml").read_text(encoding="utf-8")
    texts = {name: environment_text(name, answers) for name in answers.environments}
    # Without the line that names its schema, which is not there elsewhere.
    return {**texts, TWIN: re.sub(r"\A# yaml-language-server: .*\n#\n", "", twin)}


def variables_of(text: str) -> dict[str, bool]:
    """Return the variables that a file refers to, in its order, and whether it can't do without."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {name: not default for name, default in REFERENCE.findall(code)}


def environment_text(name: str, answers: Answers, *, shipped: bool = False) -> str:
    """Return an environment's file; `shipped`: golive's own, which a test compares with what is there."""
    of_this = name == "production" or answers.environments == ("sandbox",)
    return TEMPLATES.from_string(template(f"environments/{name}.yaml.j2")).render(
        public_tenant=PUBLIC_SANDBOX_TENANT,
        shipped=shipped,
        own_tenant=answers.tenant if of_this else "",
        with_key=answers.credential == "key",
        synthetic=answers.data == "synthetic",
    )
