"""Pipelines for somebody's own repository: templates with the answers put in.

A template is the file itself with `%{name}` where an answer goes; everything else is left to the reader's own
service.

`.env.example`: every variable that the written environments ask for, with what it is; no value.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from golive.scaffold.environments import template, variables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from golive.scaffold.answers import Answers


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
    return _gitlab(answers) if answers.pipeline == "gitlab" else {}


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
        ".github/tell-verdict.sh": template("tell-verdict.sh"),
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
    names = [name for name in variables_of(environment) if name != "HTTPS_PROXY"]
    return "\n".join(f"          {name}: ${{{{ secrets.{name} }}}}" for name in names)


def _filled(name: str, answers: Answers, **values: str) -> str:
    return _Text(template(name)).substitute(source=answers.source, **values)


HEAD = """\
# Copy this file to .env, which git ignores, and fill it in. Variables that are set for real win over it.
# A secret can also come from a file of this folder: instead of NAME, set NAME_FILE to its name. A file elsewhere is
# named by an exported NAME_FILE. Only GOLIVE_* and the proxy variables are read from here.
# A value with a space, # or quotation mark goes between single quotes.
"""

MEANINGS = {
    "GOLIVE_CLIENT_ID": "The id of the system account.",
    "GOLIVE_CLIENT_SECRET": "Its secret.",
    "GOLIVE_PRIVATE_KEY": "Its private key, as PEM or JWK.",
    "GOLIVE_KEY_ID": "The key's id (kid) as it is registered.",
    "GOLIVE_PATIENT_ID": "A patient with messages in the sandbox; without it, nothing of messages is checked.",
    "GOLIVE_PRODUCTION_TENANT": "The customer's production tenant.",
    "GOLIVE_PRODUCTION_PATIENT_ID": "A test patient with messages in production.",
    "HTTPS_PROXY": "A proxy for all requests. What stands only here needs `golive hosts add HOST`, too.",
}
SECRETS = ("GOLIVE_CLIENT_SECRET", "GOLIVE_PRIVATE_KEY")


def example(texts: Mapping[str, str]) -> str:
    """Return the file for these environments, by name; an optional variable is commented out."""
    users: dict[str, list[str]] = {}
    needed: dict[str, bool] = {}
    for environment, text in texts.items():
        for name, required in variables_of(text).items():
            users.setdefault(name, []).append(environment)
            needed[name] = needed.get(name, False) or required
    blocks = [HEAD]
    for name in sorted(users, key=list(MEANINGS).index):
        who = " and ".join(users[name])
        how = f"Needed by {who}." if needed[name] else f"Used by {who}, if set."
        lines = [f"# {MEANINGS[name]} {how}", f"{name}=" if needed[name] else f"# {name}="]
        if name in SECRETS:
            lines.append(f"# {name}_FILE={name.removeprefix('GOLIVE_').lower()}.txt")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)
