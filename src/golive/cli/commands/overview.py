"""`golive gather`: many run folders, or archives of them, as one overview; `golive tell`: what is new in it.

The message is about a run or an overview, where something is new; the pipeline's own curl sends it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import TITLES
from golive.cli.commands.environments import choosing
from golive.cli.output import FILE, FOLDER, PLACE, reports_option, unwritable, write_named
from golive.environment import chosen, read_tenants
from golive.kit.files import UnreadableError, read_text
from golive.kit.invisible import with_escapes
from golive.kit.problems import ConfigurationProblem, shown_path
from golive.kit.run_folders import named
from golive.report.markdown import NAME as MARKDOWN
from golive.report.overview import Row, news, overview, read_sources
from golive.report.overview.pages import LEFT_OUT, shortened, write
from golive.report.overview.rows import rows_of
from golive.report.overview.sources import PAGE
from golive.report.summary import SUMMARY
from golive.report.text import terminal_width, wrapped

if TYPE_CHECKING:
    from golive.checks.verdict import ExitCode
    from golive.report.overview import Overview


GATHER_EPILOG = """\b
Exit codes are those of `golive run`: the worst of the tenants' last runs, in its
precedence; 6 also where a tenant of the list has no run, 4 a place, the list or
an option is wrong, 5 there is no run."""


@click.command(epilog=GATHER_EPILOG)
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
def gather_command(
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


MOST_BYTES = 50_000_000

TELL_EPILOG = """\b
Exit codes: 0 printed, or nothing is new; 4 there is no such run or overview,
or the state can't be read or written."""


@click.command(epilog=TELL_EPILOG)
@click.argument("place", metavar="[RUN]", default="latest")
@click.option(
    "--for",
    "form",
    type=click.Choice([*news.FORMS]),
    required=True,
    help="Whom the message is for.",
)
@click.option(
    "--state",
    type=FILE,
    required=True,
    metavar="FILE",
    help="What is known from the runs before; written again.",
)
@click.option(
    "--after",
    type=click.IntRange(min=2),
    metavar="N",
    help="Print one more message when a failure has lasted for N runs.",
)
@click.option(
    "--link", default="", metavar="URL", help="An address with more, such as the pipeline's."
)
@reports_option
def tell_command(
    place: str, form: str, state: Path, after: int | None, link: str, reports: Path
) -> None:
    """Print a message about RUN if its verdict is news, else nothing; nothing is sent.

    RUN is a run folder, an overview's folder, or a name below reports (default: the last run). News is the first
    failure, another verdict, a failure that lasts (--after), and the first success. For slack and teams it is the
    body for their webhook, for github and gitlab an issue's for their API.
    """
    folder = named(place, reports, what="run or overview")
    found, known = news.news(_rows(folder), news.read(state), after)
    if found:
        message = news.Message(found, known, _page(folder), link)
        click.echo(json.dumps(news.FORMS[form](message), ensure_ascii=False))
    state.absolute().parent.mkdir(parents=True, exist_ok=True)
    write_named(state, news.as_json(known))


def _rows(folder: Path) -> tuple[Row, ...]:
    """Return the rows of an overview, or the one of a run."""
    if not (folder / PAGE).is_file():
        rows = overview(read_sources([folder])).rows
    else:
        try:
            rows = rows_of(json.loads(read_text(folder / SUMMARY, MOST_BYTES)))
        except (UnreadableError, ValueError, RecursionError):
            rows = ()
    if not rows:
        message = "this is neither a run's folder nor an overview's that this version can read."
        raise ConfigurationProblem.of(folder, message, "Name the folder of one.")
    return rows


def _page(folder: Path) -> str:
    try:
        return read_text(folder / MARKDOWN, MOST_BYTES)
    except UnreadableError:
        return "The run left no page; its log says why."
