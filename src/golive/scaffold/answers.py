"""The five answers from which everything that `golive init` writes follows; no secret is among them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from golive import __version__
from golive.environment import PUBLIC_SANDBOX_TENANT, is_tenant

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
