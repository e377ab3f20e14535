"""`golive report`: makes the go-live page of a run again from its summary."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from golive.checks.verdict import ExitCode
from golive.kit.problems import shown_path
from golive.report.files import unwritable
from golive.report.html.render import write

EPILOG = """\b
Exit codes: 0 written, 4 there is no such run or the page can't be written."""


@click.command(epilog=EPILOG)
@click.argument("run", metavar="[RUN]", default="latest")
def command(run: str) -> NoReturn:
    """Write report.html, the go-live page, of a run folder again (default: the last run)."""
    sys.exit(report(run))


def report(run: str) -> int:
    """Write the page of the run in this folder, or of this name below `reports/`; return the exit code.

    Raises ConfigurationProblem where there is no run.
    """
    given = Path(run)
    folder = given if given.is_dir() or len(given.parts) > 1 else Path("reports") / run
    try:
        file = write(folder)
    except OSError as error:
        click.echo(unwritable("report.html", error), err=True)
        return int(ExitCode.CONFIGURATION)
    click.echo(shown_path(file))
    return int(ExitCode.GO)
