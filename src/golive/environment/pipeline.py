"""What a pipeline says of itself: whether this process runs in one, and the files that GitHub Actions reads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from golive.environment.variables import process_variables


@dataclass(frozen=True)
class GithubActions:
    """A job of GitHub Actions: the checked-out repository, and the files that it reads from a step."""

    workspace: Path
    step_summary: Path | None
    output: Path | None


def in_pipeline() -> bool:
    """Return whether this process runs in a pipeline: every CI server that is in use sets CI."""
    return process_variables().get("CI", "").lower() not in ("", "0", "false")


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
