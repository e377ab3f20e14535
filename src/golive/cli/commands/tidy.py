"""`golive tidy`: keeps the last runs of each environment and tenant, and takes older run folders away."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import reports_option
from golive.kit.files import read_regular, run_folders
from golive.kit.problems import shown_path
from golive.report.summary import SUMMARY, Head, head_of
from golive.report.text import counted

if TYPE_CHECKING:
    from pathlib import Path

STILL_RUNNING = timedelta(days=1)
"""A run that has not ended may be under way; after a day it was killed."""

EPILOG = """\b
Exit codes: 0 tidied, 4 an option is wrong or a folder can't be removed."""


@click.command(epilog=EPILOG)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    metavar="N",
    help="Runs to keep of each environment and tenant.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@reports_option
def command(keep: int, dry_run: bool, reports: Path) -> int:
    """Keep the last runs of each environment and tenant, and remove the older run folders.

    Only folders of runs are removed: what has another name, is a link, holds no summary, or began within a day and has
    not ended is left alone, as is every run that a `latest` link leads to.
    """
    old = outdated(reports, keep, datetime.now(UTC))
    code = ExitCode.GO
    for folder in old:
        click.echo(f"{'would remove' if dry_run else 'removed'} {shown_path(folder)}")
        if dry_run:
            continue
        try:
            shutil.rmtree(folder)
        except OSError as error:
            click.echo(f"{shown_path(folder)} can't be removed: {error.strerror}.", err=True)
            code = ExitCode.CONFIGURATION
    click.echo(f"{counted(len(old), 'run')} older than the last {keep} of each tenant")
    return code


def outdated(reports: Path, keep: int, now: datetime) -> list[Path]:
    """Return the runs that are older than the last `keep` of their environment and tenant, the oldest first."""
    if not reports.is_dir():
        raise click.UsageError(f"{shown_path(reports)}: there is no such folder.")
    led_to = {link.resolve() for link in reports.iterdir() if link.is_symlink()}
    runs: dict[tuple[str, str], list[tuple[Head, Path]]] = {}
    for folder in run_folders(reports):
        head = read_head(folder)
        if head is not None and (head.finished or now - head.started > STILL_RUNNING):
            runs.setdefault((head.key, head.tenant), []).append((head, folder))
    found = [
        (head.started, folder)
        for each in runs.values()
        for head, folder in sorted(each, key=lambda one: (one[0].started, one[1].name))[:-keep]
        if folder.resolve() not in led_to
    ]
    return [folder for _, folder in sorted(found)]


def read_head(folder: Path) -> Head | None:
    """Return the head of a folder's summary, None where it is no run's or can't be read."""
    try:
        return head_of(folder.name, lambda most: read_regular(folder / SUMMARY, most))
    except OSError:
        return None
