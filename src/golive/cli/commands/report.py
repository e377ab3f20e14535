"""`golive report`: makes the go-live page of a run again from its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import reports_option
from golive.kit.files import named
from golive.kit.problems import shown_path
from golive.report.files import unwritable
from golive.report.html.render import write

if TYPE_CHECKING:
    from pathlib import Path

EPILOG = """\b
Exit codes: 0 written, 4 there is no such run or the page can't be written."""


@click.command(epilog=EPILOG)
@click.argument("run", metavar="[RUN]", default="latest")
@reports_option
def command(run: str, reports: Path) -> int:
    """Write report.html, the go-live page, of a run folder again (default: the last run)."""
    try:
        file = write(named(run, reports))
    except OSError as error:
        click.echo(unwritable("report.html", error), err=True)
        return ExitCode.CONFIGURATION
    click.echo(shown_path(file))
    return ExitCode.GO
