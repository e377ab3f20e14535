"""The commands that read what runs have left: `golive report` and `golive diff`."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from golive.cli.epilogs import DIFF_EPILOG, REPORT_EPILOG

HELP = {"help_option_names": ["-h", "--help"]}


@click.command(context_settings=HELP, epilog=REPORT_EPILOG)
@click.argument("run", metavar="[RUN]", default="latest")
def report(run: str) -> NoReturn:
    """Write report.html, the go-live page, of a run folder again (default: the last run)."""
    from golive.cli.commands.report import report as write_page

    sys.exit(write_page(run))


@click.command(context_settings=HELP, epilog=DIFF_EPILOG)
@click.argument("runs", nargs=-1, metavar="[RUN RUN]")
@click.option("--env", "environments", multiple=True, metavar="ENV", help="Its last run; twice.")
@click.option(
    "--last", is_flag=False, flag_value="", metavar="[ENV]", help="The last two runs of ENV."
)
@click.option("--history", metavar="FILE", help="Compare with FILE's last line, and add one.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "visible", "cosmetic"]),
    help="End with 1 for such a change or a more serious one.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write FILE (schemas/drift.schema.json).")
def diff(
    runs: tuple[str, ...],
    environments: tuple[str, ...],
    last: str | None,
    history: str | None,
    fail_on: str | None,
    json_file: str | None,
) -> NoReturn:
    """Tell what has changed between two runs: shapes, never values. Without words: --last.

    RUN is a run's folder, or its name below reports/. A change is breaking (a client that got on with
    the first run's answers may fail on the second's), visible, or cosmetic. Nothing is sent.
    """
    from golive.cli.commands.diff import Asked
    from golive.cli.commands.diff import diff as compare_runs

    sys.exit(compare_runs(Asked(runs, environments, last, history, fail_on, json_file)))
