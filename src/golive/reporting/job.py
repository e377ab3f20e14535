"""What a GitHub Actions job is told of a run besides its log: the job summary, and the step's outputs.

GitHub names a file for each in a variable; every line written there counts for the step that runs.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from golive.reporting.markdown import plain
from golive.verdict import MEANINGS, TITLES, ExitCode

if TYPE_CHECKING:
    from pathlib import Path

    from golive.environment import GithubActions
    from golive.problems import ConfigurationProblem

LARGEST = 900_000
"""Bytes; GitHub drops a step's summary that is larger than 1 MiB."""


def outputs(job: GithubActions, code: int, folder: str = "") -> None:
    """Set the step's outputs `verdict`, `exit-code` and `report` (the run folder); raises OSError."""
    told = {"verdict": TITLES[ExitCode(code)], "exit-code": int(code), "report": folder}
    _append(job.output, "".join(_output(name, str(value)) for name, value in told.items()))


def _output(name: str, value: str) -> str:
    """Write one output; what has several lines stands between two of a word that nobody can guess."""
    if value.isprintable():
        return f"{name}={value}\n"
    end = f"golive-{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"


def summary(job: GithubActions, markdown: str) -> None:
    """Add Markdown to the job's summary; raises OSError."""
    _append(job.step_summary, markdown.encode()[:LARGEST].decode(errors="ignore") + "\n")


def problem_page(problem: ConfigurationProblem) -> str:
    """Return Markdown for a run that could not begin."""
    code = ExitCode.CONFIGURATION
    told = [f"- {plain(str(one))}" for one in problem.problems]
    return "\n".join([f"# ⚠️ golive: {TITLES[code]}", "", MEANINGS[code], "", *told]) + "\n"


def _append(file: Path | None, text: str) -> None:
    if file is not None:
        with file.open("a", encoding="utf-8") as stream:
            stream.write(text)
