"""`golive learn`: what runs taught about places that no public text names, kept in a project's own `schemas`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.cli.learn_text import as_text
from golive.cli.output import FOLDER, reports_option, unwritable
from golive.contract.document import Contract
from golive.contract.mapping import MAPPING
from golive.drift.runs import Runs, fingerprint_of
from golive.kit.problems import shown_path
from golive.learning.lessons import lessons, write
from golive.report.text import counted

if TYPE_CHECKING:
    from golive.drift.fingerprint import Fingerprint

SCHEMAS = Path("schemas")

EPILOG = """\b
Exit codes: 0 read, and written where that was asked for,
4 a run is missing, or the folder's mapping.yaml is wrong."""


@click.command(epilog=EPILOG)
@click.argument("runs", nargs=-1, metavar="[RUN…]")
@click.option(
    "--env", metavar="ENV", help="All runs of ENV. Default: of the last run's environment."
)
@reports_option
@click.option(
    "--write",
    "folder",
    type=FOLDER,
    metavar="FOLDER",
    help="Write it into FOLDER, a project's schemas, without asking.",
)
def command(runs: tuple[str, ...], env: str | None, reports: Path, folder: Path | None) -> None:
    """Show what runs taught about places that no public text names, and keep it. Nothing is sent.

    RUN is a run's folder, or its name below reports/; all must be of one environment. What was settled goes into
    schemas/mapping.yaml of the current folder, where every command finds it: the next run reads answers by it.
    """
    contract = Contract()
    found = lessons(_read(Runs(reports), runs, env), contract)
    click.echo(as_text(found))
    if not found.rows():
        return
    click.echo()
    target = folder or SCHEMAS
    if folder is None and not _agreed(target, len(found.news())):
        click.echo(f"Nothing was written. To keep it: golive learn --write {shown_path(target)}")
        return
    try:
        changed = write(target, found)
    except OSError as error:
        raise unwritable(target / MAPPING, error) from None
    if not changed:
        click.echo(f"{shown_path(target)} says so already; nothing was changed.")
    else:
        for name in changed:
            click.echo(f"{shown_path(target / name)} was written.")
        click.echo(
            f"The next run reads answers by it: golive run {found.runs[-1].environment.partition('@')[0]}"
        )


def _agreed(target: Path, differing: int) -> bool:
    """Ask whether to keep it, where somebody can answer."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    what = counted(differing, "differing place")
    question = f"Keep what is settled ({what}) in {shown_path(target / MAPPING)}?"
    return click.confirm(question, default=True)


def _read(runs: Runs, words: tuple[str, ...], env: str | None) -> list[Fingerprint]:
    """Return the fingerprints of the runs in question, the oldest first."""
    if words and env:
        raise click.UsageError("Name runs, or an environment by --env: one of them.")
    if words:
        found = [fingerprint_of(runs.named(word)) for word in words]
        if len({one.environment for one in found}) > 1:
            raise click.UsageError(
                "These runs are of several environments: learn from one at a time."
            )
    else:
        name = env or runs.latest()
        runs.last(name)  # raises where there is none
        found = list(runs.read(runs.of(name)))
        for unread in dict.fromkeys(runs.unread):
            click.echo(f"{unread} was left out: its fingerprint can't be read.", err=True)
    return sorted(found, key=lambda one: one.started)
