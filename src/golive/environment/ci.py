"""What this machine sets for other programs: a proxy that golive does not use, a pipeline that it runs in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from golive.environment.variables import process_variables, variables_now

_NAMES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def proxy_in_surroundings() -> bool:
    """Say whether a proxy is set for other programs; golive itself takes one from its file alone."""
    variables = variables_now()
    return any(variables.get(name) for name in _NAMES)


@dataclass(frozen=True)
class GithubActions:
    """A job of GitHub Actions: the checked-out repository, and the files that it reads from a step."""

    workspace: Path
    step_summary: Path | None
    output: Path | None


def github_actions() -> GithubActions | None:
    """Give the job that this process runs in, None outside of GitHub Actions.

    What a runner says, it says in the real environment: a `.env` decides of no file that is written to.
    """
    variables = process_variables()
    if variables.get("GITHUB_ACTIONS") != "true":
        return None

    def file(name: str) -> Path | None:
        return Path(variables[name]) if variables.get(name) else None

    return GithubActions(
        workspace=file("GITHUB_WORKSPACE") or Path.cwd(),
        step_summary=file("GITHUB_STEP_SUMMARY"),
        output=file("GITHUB_OUTPUT"),
    )
