"""`golive show`, `golive report`, `golive tidy`: what runs have left, their page made again, old ones removed.

The exchanges of a check are those of the run's own recording, as `curl -v` prints them.
"""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode, Outcome
from golive.cli.output import reports_option
from golive.exchanges.har import FILE
from golive.exchanges.har_reading import log_of
from golive.kit.files import read_regular
from golive.kit.problems import ConfigurationProblem, counted, did_you_mean, shown_path
from golive.kit.run_folders import named, run_folders
from golive.redaction import redact
from golive.report.exchange_text import as_curl_prints
from golive.report.files import unwritable
from golive.report.groups import grouped, with_outcome
from golive.report.html.render import summary_of, write
from golive.report.summary import SUMMARY, Head, head_of
from golive.report.text import failure_text

if TYPE_CHECKING:
    from golive.report.summary import Data, Summary


LATEST = "latest"
FEW = 10
"""Exchanges of a check without findings that are shown; the others are counted."""

SHOW_EPILOG = """\b
Exit codes: 0 shown, 4 there is no such run, recording or check."""


@click.command(epilog=SHOW_EPILOG)
@click.argument("words", metavar="[RUN] [CHECK]", nargs=-1)
@click.option("--full", is_flag=True, help="Show long bodies whole, not only around the places.")
@reports_option
def show_command(words: tuple[str, ...], full: bool, reports: Path) -> int:
    """Print the exchanges of a check as `curl -v` would, with the places of its findings marked.

    RUN is a run folder, or the name of one below reports (default: the last run). Without CHECK, those of every check
    that failed. Nothing is sent.
    """
    folder, checks = _split(words, reports)
    data = summary_of(folder)
    if data is None:
        message = "this is no folder of a run that has ended."
        raise ConfigurationProblem.of(folder, message, "Name one below reports.")
    log = log_of(folder / FILE)
    shown = [_check(data, name) for name in checks] or with_outcome(
        data["checks"], Outcome.FAILED, Outcome.ADVICE
    )
    entries = {one.get("_golive", {}).get("number"): one for one in log["entries"]}
    if not shown:
        click.echo("\n".join(_without_checks(data, entries, full=full)))
    for check in shown:
        click.echo("\n".join(_of_check(check, entries, full=full)))
        click.echo()
    first = log.get("_golive", {}).get("first")
    if shown and isinstance(first, list):
        click.echo("Before a curl command of a finding:")
        click.echo("\n".join(f"  {redact(str(line))}" for line in first))
    return ExitCode.GO


def _without_checks(data: Summary, entries: dict[int, Data], *, full: bool) -> list[str]:
    """Say why no check is shown; of a run that stopped before its first one, show the exchanges that it made."""
    if not (stopped := data["diagnosis"]):
        return ["Every check passed or was not decided; name one to see its exchanges."]
    lines = [f"The run stopped before its first check: {redact(stopped['cause'])}"]
    for entry in entries.values():
        lines += ["", *as_curl_prints(entry, [], full=full)]
    return [*lines, "", f"next step: {redact(stopped['cure'])}"]


def _split(words: tuple[str, ...], reports: Path) -> tuple[Path, list[str]]:
    """Separate the run from the checks: a first word that leads to a folder is the run."""
    first, *rest = words or [LATEST]
    if rest or Path(first).is_dir() or (reports / first).is_dir() or len(Path(first).parts) > 1:
        return named(first, reports), rest
    return reports / LATEST, [first]


def _check(data: Summary, name: str) -> Data:
    """Return the result of a check; raises ConfigurationProblem with the nearest id where there is none."""
    by_id = {str(one["id"]): one for one in data["checks"]}
    if name not in by_id:
        message = "this run has no such check."
        raise ConfigurationProblem.of(name, message, did_you_mean(name, by_id))
    return by_id[name]


def _of_check(check: Data, entries: dict[int, Data], *, full: bool) -> list[str]:
    findings = check["findings"]
    plain = [{name: one[name] for name in one if name != "excerpt"} for one in findings]
    about = failure_text({**check, "findings": plain}) if plain or check.get("cause") else ""
    lines = [about or f"{check['id']}: {check['statement']}\n  {check['outcome']}"]
    numbers = list(dict.fromkeys(one["exchange"].get("number") for one in findings))
    read = numbers or check.get("exchanges", [])
    for number in read if findings else read[:FEW]:
        lines.append("")
        entry = entries.get(number)
        if entry is None:
            lines.append(f"  * exchange {number} is not in {FILE}")
            continue
        of_it = [one for one in findings if one["exchange"].get("number") == number]
        lines += as_curl_prints(entry, of_it, full=full)
        curl = next((one["exchange"].get("curl") for one in of_it), None)
        if curl:
            lines.append(f"  * again: {curl}")
    if not findings and len(read) > FEW:
        lines.append(f"  * … and {len(read) - FEW} more exchanges in {FILE}")
    if not read:
        lines.append("  * it read no exchange of its own: every answer, or none")
    return lines


REPORT_EPILOG = """\b
Exit codes: 0 written, 4 there is no such run or the page can't be written."""


@click.command(epilog=REPORT_EPILOG)
@click.argument("run", metavar="[RUN]", default="latest")
@reports_option
def report_command(run: str, reports: Path) -> int:
    """Write report.html, the go-live page, of a run folder again (default: the last run)."""
    try:
        file = write(named(run, reports))
    except OSError as error:
        click.echo(unwritable("report.html", error), err=True)
        return ExitCode.CONFIGURATION
    click.echo(shown_path(file))
    return ExitCode.GO


STILL_RUNNING = timedelta(days=1)
"""A run that has not ended may be under way; after a day it was killed."""

TIDY_EPILOG = """\b
Exit codes: 0 tidied, 4 an option is wrong or a folder can't be removed."""


@click.command(epilog=TIDY_EPILOG)
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
def tidy_command(keep: int, dry_run: bool, reports: Path) -> int:
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
    runs = [
        (head, folder)
        for folder in run_folders(reports)
        if (head := read_head(folder)) and (head.finished or now - head.started > STILL_RUNNING)
    ]
    by_tenant = grouped(runs, lambda one: (one[0].key, one[0].tenant))
    found = [
        (head.started, folder)
        for each in by_tenant.values()
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
