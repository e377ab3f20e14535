"""`golive gather`: many run folders, or archives of them, as one overview with one verdict."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import TITLES
from golive.cli.commands.tenants import choosing
from golive.cli.output import FOLDER, PLACE, unwritable
from golive.environment import chosen, read_tenants
from golive.kit.legible import with_escapes
from golive.kit.problems import shown_path
from golive.report.overview import overview, read_sources
from golive.report.overview.pages import LEFT_OUT, shortened, write
from golive.report.overview.sources import PAGE
from golive.report.text import terminal_width, wrapped

if TYPE_CHECKING:
    from golive.checks.verdict import ExitCode
    from golive.report.overview import Overview

EPILOG = """\b
Exit codes are those of `golive run`: the worst of the tenants' last runs, in its
precedence; 6 also where a tenant of the list has no run, 4 a place, the list or
an option is wrong, 5 there is no run."""


@click.command(epilog=EPILOG)
@click.argument("places", nargs=-1, required=True, metavar="DIR...", type=PLACE)
@click.option(
    "--tenants",
    type=PLACE,
    metavar="FILE",
    help="The list: a tenant of it without a run is COULD NOT TELL, other runs are left out.",
)
@choosing
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ"]),
    metavar="TIME",
    help="A tenant without a run since then (UTC) is COULD NOT TELL.",
)
@click.option(
    "--out",
    type=FOLDER,
    default=Path("reports") / "overview",
    metavar="FOLDER",
    help="Where the overview is written (default: reports/overview).",
)
def command(
    places: tuple[Path, ...],
    tenants: Path | None,
    only: tuple[str, ...],
    shard: str,
    since: datetime | None,
    out: Path,
) -> int:
    """Make one overview of run folders, or of zip and tar archives of them, with one verdict. Nothing is sent.

    It writes overview.html (a row for each tenant), summary.json, summary.md and junit.xml. The order does not matter,
    and a run that is there twice counts once.
    """
    if tenants is None and (only or shard):
        raise click.UsageError("--only and --shard choose among the tenants of --tenants FILE.")
    listed, sources = None, read_sources(places)
    if tenants is not None:
        every = read_tenants(tenants)
        listed = {one.key: one.tenant for one in chosen(every, only, shard)}
        sources.forget({one.key for one in every} - listed.keys())
    found = overview(sources, listed, since.replace(tzinfo=UTC) if since else None)
    try:
        write(out, found)
    except OSError as error:
        raise unwritable(out / PAGE, error) from None
    click.echo(closing(found, out, found.code))
    return found.code


def closing(found: Overview, out: Path, code: ExitCode) -> str:
    """Return what is printed of an overview: the worst rows, the verdict, and the exit code as the last line."""
    width = terminal_width()
    bad = [row for row in found.rows if row.code or not row.counts]
    lines = [
        wrapped(with_escapes(f"{row.verdict}  {row.key}: {row.reason}"), width, hanging=4)
        for row in bad[:LEFT_OUT]
    ]
    if len(bad) > LEFT_OUT:
        lines.append(f"{len(bad) - LEFT_OUT} more are in {PAGE}")
    lines += [
        wrapped(with_escapes(f"left out: {one}"), width, hanging=4)
        for one in shortened(found.left_out)
    ]
    lines += [f"overview {shown_path(out / PAGE)}", ""]
    lines.append(wrapped(f"{TITLES[code]}: {found.meaning}", width, hanging=2))
    return "\n".join([*lines, f"exit code {int(code)}"])
