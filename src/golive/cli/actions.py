"""What a job of GitHub Actions gets from a command; outside of one nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.environment import github_actions
from golive.kit.problems import shown_path

if TYPE_CHECKING:
    from pathlib import Path

    from golive.kit.problems import ConfigurationProblem


def annotate(problem: ConfigurationProblem) -> None:
    """Leave in the job what made a run impossible."""
    actions = github_actions()
    if actions is None:
        return
    from golive.report import github as job
    from golive.report.github import of_problem
    from golive.report.workflow_commands import commands

    for line in commands(of_problem(problem, actions.workspace), more="below"):
        click.echo(line)
    job.summary(actions, job.problem_page(problem))


def set_outputs(code: int, folder: Path) -> None:
    """Give the job the result of its step, and the folder with its report where that is there."""
    from golive.report.github import outputs

    outputs(github_actions(), code, shown_path(folder) if folder.is_dir() else "")
