"""`golive tell`: the message about a run or an overview, where something is new; the pipeline's own curl sends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from golive.cli.output import FILE, reports_option, write_named
from golive.kit.files import UnreadableError, named, read_text
from golive.kit.problems import ConfigurationProblem
from golive.report.markdown import NAME as MARKDOWN
from golive.report.overview import Row, news, overview, read_sources
from golive.report.overview.rows import rows_of
from golive.report.overview.sources import PAGE
from golive.report.summary import SUMMARY

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 50_000_000

EPILOG = """\b
Exit codes: 0 printed, or nothing is new; 4 there is no such run or overview,
or the state can't be read or written."""


@click.command(epilog=EPILOG)
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
def command(
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
