"""`golive report`: makes the go-live page of a run again from its summary."""

from __future__ import annotations

from pathlib import Path

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import reports_option
from golive.kit.problems import shown_path
from golive.report.files import unwritable
from golive.report.html.render import write

EPILOG = """\b
Exit codes: 0 written, 4 there is no such run or the page can't be written."""


@click.command(epilog=EPILOG)
@click.argument("run", metavar="[RUN]", default="latest")
@reports_option
def command(run: str, reports: Path) -> int:
    """Write report.html, the go-live page, of a run folder again (default: the last run)."""
    given = Path(run)
    folder = given if given.is_dir() or len(given.parts) > 1 else reports / run
    try:
        file = write(folder)
    except OSError as error:
        click.echo(unwritable("report.html", error), err=True)
        return ExitCode.CONFIGURATION
    click.echo(shown_path(file))
    return ExitCode.GO
