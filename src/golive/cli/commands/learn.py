"""`golive learn`: what runs taught about places that no public text names, kept in a project's own `schemas`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.cli.output import FOLDER, reports_option, unwritable
from golive.contract.document import Contract
from golive.contract.mapping import MAPPING
from golive.drift.runs import Runs, fingerprint_of
from golive.kit.problems import counted, shown_path
from golive.learning.lessons import ROOT, lessons, write
from golive.learning.recognise import Standing
from golive.redaction import redact
from golive.report.groups import grouped
from golive.report.text import labelled, some, terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.contract.roles import Question
    from golive.drift.fingerprint import Fingerprint
    from golive.learning.lessons import Lessons
    from golive.learning.recognise import Answer


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


SHOWN = 3


def as_text(found: Lessons) -> str:
    """Return the whole page, without a line feed at its end."""
    width = terminal_width()
    runs = found.runs
    days = sorted({f"{one.started:%Y-%m-%d}" for one in runs})
    answers = sum(sum(one.statuses.values()) for one in found.evidence.values())
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    lines = [
        wrapped(
            f"What {counted(len(runs), 'run')} of {runs[-1].environment} ({when}) saw in "
            f"{counted(answers, 'successful answer')} of what no public text names",
            width,
        ),
        "",
        *_news(found, width),
    ]
    for number, question in enumerate(found.contract.mapping.questions, start=1):
        lines += [
            "",
            wrapped(f"{number}. {question.asks}", width),
            *_answered(found, question, width),
        ]
    return redact("\n".join(lines))


def _news(found: Lessons, width: int) -> list[str]:
    lines = found.news()
    if lines:
        return [
            "elsewhere than golive assumes",
            *(wrapped(f"  {one}", width, hanging=4) for one in lines),
        ]
    if found.settled:
        return ["Everything that was seen is where golive assumes it."]
    return ["Nothing was seen that would settle a place."]


def _answered(found: Lessons, question: Question, width: int) -> list[str]:
    """Return the lines about one question: settled, contradicted, still open, and how it was refused."""
    lines: list[str] = []
    asked = [
        one
        for one in found.answers
        if one.role in question.roles and one.operation in (*question.operations, "")
    ]
    for standing in Standing:
        some_of = [one for one in asked if one.standing is standing]
        if standing is Standing.SETTLED and some_of:
            lines.append(labelled("settled", _settled(some_of), width))
        elif some_of:
            for why, names in _by_reason(some_of).items():
                lines.append(labelled(str(standing), f"{', '.join(names)}: {why}", width))
    statuses = {
        f"{operation} {status}": times
        for operation in question.operations
        if operation in found.evidence
        for status, times in sorted(found.evidence[operation].statuses.items())
    }
    if statuses:
        lines.append(labelled("answers", _counted(statuses), width))
    refused = found.refusals(question.answers)
    for kind, situations in refused.items():
        lines.append(labelled("refused", f"{kind}: {some(sorted(situations), SHOWN)}", width))
    if not asked and not refused:
        lines.append(labelled("open", "no run asked for it", width))
    if not lines or any(one.standing is Standing.OPEN for one in asked) or not (asked or refused):
        lines.append(labelled("settled by", question.settled_by, width))
    return lines


def _settled(answers: Iterable[Answer]) -> str:
    def shown(some_of: Iterable[Answer]) -> str:
        return ", ".join(f"{one.role} {one.place or ROOT} ({one.seen})" for one in some_of)

    places = grouped(answers, lambda one: one.operation or "headers")
    return "; ".join(f"{operation}: {shown(some_of)}" for operation, some_of in places.items())


def _by_reason(answers: Iterable[Answer]) -> dict[str, list[str]]:
    return {
        why: [" of ".join(filter(None, (one.role, one.operation))) for one in some_of]
        for why, some_of in grouped(answers, lambda one: one.why).items()
    }


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{what} ({times})" for what, times in counts.items())
