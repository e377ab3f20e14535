"""Environment files for somebody's own folder: templates with the answers put in.

golive's own files are made of the same templates, and a test holds them against each other, so that the two can't
drift apart.
"""

from __future__ import annotations

import re
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, StrictUndefined

from golive.environment import PUBLIC_SANDBOX_TENANT
from golive.kit.files import resources

if TYPE_CHECKING:
    from golive.scaffold.answers import Answers

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
    texts = {name: _made(name, answers) for name in answers.environments}
    # Without the line that names its schema, which is not there elsewhere.
    return {**texts, TWIN: re.sub(r"\A# yaml-language-server: .*\n#\n", "", twin)}


def shipped_text(name: str) -> str:
    """Return what golive's own file of this name is made of its template."""
    return _rendered(name, shipped=True)


def variables_of(text: str) -> dict[str, bool]:
    """Return the variables that a file refers to, in its order, and whether it can't do without."""
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return {name: not default for name, default in REFERENCE.findall(code)}


def _made(name: str, answers: Answers) -> str:
    of_this = name == "production" or answers.environments == ("sandbox",)
    return _rendered(
        name,
        own_tenant=answers.tenant if of_this else "",
        with_key=answers.credential == "key",
        synthetic=answers.data == "synthetic",
    )


def _rendered(
    name: str,
    *,
    shipped: bool = False,
    own_tenant: str = "",
    with_key: bool = False,
    synthetic: bool = False,
) -> str:
    return TEMPLATES.from_string(template(f"environments/{name}.yaml.j2")).render(
        public_tenant=PUBLIC_SANDBOX_TENANT,
        shipped=shipped,
        own_tenant=own_tenant,
        with_key=with_key,
        synthetic=synthetic,
    )
