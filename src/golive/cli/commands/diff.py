"""`golive diff`: two runs, what has changed from the one to the other, since when, and how serious it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.drift_text import as_text
from golive.cli.output import as_json, reports_option, write_named
from golive.contract.document import Contract
from golive.drift import history
from golive.drift.change import Comparison, Severity
from golive.drift.compare import compare
from golive.drift.runs import Runs, dated, fingerprint_of, with_detected_by
from golive.kit.problems import shown_path
from golive.learning.lessons import lessons
from golive.learning.lines import proposals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from golive.drift.fingerprint import Fingerprint

SCHEMA_VERSION = 1


EPILOG = """\b
Exit codes: 0 compared, 1 a change is as serious as --fail-on says or more,
4 a run is missing or an option is wrong."""


@dataclass(frozen=True)
class Asked:
    """What the command line asks to compare."""

    runs: tuple[str, ...] = ()
    environments: tuple[str, ...] = ()
    last: str | None = None
    history: str | None = None
    fail_on: str | None = None
    json_file: str | None = None
    reports: Path = Path("reports")


@click.command(epilog=EPILOG)
@click.argument("runs", nargs=-1, metavar="[RUN RUN]")
@click.option(
    "--env", "environments", multiple=True, metavar="ENV", help="Its last run; give it twice."
)
@click.option(
    "--last", is_flag=False, flag_value="", metavar="[ENV]", help="The last two runs of ENV."
)
@click.option("--history", metavar="FILE", help="Compare with FILE's last line, and add one.")
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "visible", "cosmetic"]),
    help="Exit with 1 for such a change or a more serious one.",
)
@click.option("--json", "json_file", metavar="FILE", help="Write FILE (schemas/drift.schema.json).")
@reports_option
def command(**options: Any) -> int:
    """Show what has changed between two runs: shapes, never values. Without arguments: --last.

    RUN is a run's folder, or its name below reports/. A change is breaking (a client that got on with
    the first run's answers may fail on the second's), visible, or cosmetic. Nothing is sent.
    """
    asked = Asked(**options)
    contract = Contract()
    runs = Runs(asked.reports)
    if asked.history is not None:
        first, second, found = _with_history(asked, runs, Path(asked.history), contract)
    else:
        one, other = _two_folders(asked, runs)
        first, second = fingerprint_of(one), fingerprint_of(other)
        found = compare(first, second, contract)
        found = dated(found, first, second, _between(runs, one, other), contract)
        found = with_detected_by(found, other)
    if found is not None:
        found = _with_proposals(found, second, contract)
    if found is not None and first is not None:
        click.echo(as_text(first, second, found))
    for name in dict.fromkeys(runs.unread):
        click.echo(f"{name} was left out: its fingerprint can't be read.", err=True)
    if asked.json_file is not None:
        write_named(Path(asked.json_file), as_json(as_dict(first, second, found)) + "\n")
    if found is None or asked.fail_on is None:
        return ExitCode.GO
    return ExitCode.NO_GO if found.at_least(Severity(asked.fail_on)) else ExitCode.GO


def _with_proposals(found: Comparison, second: Fingerprint, contract: Contract) -> Comparison:
    """Return the comparison with the lines that `golive learn` would write of the second run."""
    proposed = proposals(lessons([second], contract))
    changes = [
        replace(one, proposed=proposed.get((one.operation, "" if one.at == "/" else one.at)))
        for one in found.changes
    ]
    return replace(found, changes=tuple(changes))


def _two_folders(asked: Asked, runs: Runs) -> tuple[Path, Path]:
    """Return the folders of the two runs; what the words ask for, they must ask for in one way."""
    ways = [bool(asked.runs), bool(asked.environments), asked.last is not None]
    if sum(ways) > 1:
        message = "Name two runs, or two environments by --env, or --last: one of them."
        raise click.UsageError(message)
    if len(asked.runs) not in (0, 2):
        raise click.UsageError(f"Two runs are compared; {len(asked.runs)} named.")
    if len(asked.environments) not in (0, 2):
        raise click.UsageError("Two environments are compared: `--env sandbox --env production`.")
    named = [runs.named(word) for word in asked.runs]
    named += [runs.last(name)[0] for name in asked.environments]
    one, other = named or runs.last(asked.last or runs.latest(), 2)
    return one, other


def _between(runs: Runs, first: Path, second: Path) -> Iterator[Fingerprint]:
    """Yield the runs of the second's environment before it, the latest first, back to the first."""
    start, end = fingerprint_of(first), fingerprint_of(second)
    same = start.is_of(end)
    for folder in reversed(runs.before(end, second)):
        if same and folder.resolve() == first.resolve():
            break
        yield from (one for one in runs.read([folder]) if one.is_of(end))
    if same:
        yield start


def _with_history(
    asked: Asked, runs: Runs, file: Path, contract: Contract
) -> tuple[Fingerprint | None, Fingerprint, Comparison | None]:
    """Compare one run with the last line of its environment, and add its line."""
    several = len(asked.runs) > 1 or len(asked.environments) > 1
    if several or (asked.runs and (asked.environments or asked.last is not None)):
        raise click.UsageError("--history takes one run: RUN, --env ENV, or the last one.")
    if asked.runs:
        folder = runs.named(asked.runs[0])
    else:
        name = (asked.environments or (asked.last or runs.latest(),))[0]
        folder = runs.last(name)[0]
    second = fingerprint_of(folder)
    lines = history.read(file)
    try:
        last = history.last_before(lines, second)
    except ValueError as later:
        raise click.UsageError(
            f"{shown_path(file)} already holds {later}, which is later than {second.run}: "
            "a history is written in the order of its runs."
        ) from None
    found = None
    if last is not None:
        found = compare(last, second, contract)
        found = dated(found, last, second, [last], contract)
        found = with_detected_by(found, folder)
    if history.holds(lines, second):
        click.echo(f"{shown_path(file)} already holds {second.run}; nothing was added.\n")
    else:
        history.append(file, history.new_line(last, second, found))
    if last is None:
        click.echo(f"{second.run} is the first run of {second.environment} in {shown_path(file)}.")
    return last, second, found


def as_dict(
    first: Fingerprint | None, second: Fingerprint, found: Comparison | None
) -> dict[str, Any]:
    """Return the comparison as JSON can hold it (`schemas/drift.schema.json`)."""
    found = found or Comparison((), 0)
    return {
        "schema_version": SCHEMA_VERSION,
        "first": _side(first) if first else None,
        "second": _side(second),
        "counts": {str(one): found.count(one) for one in Severity},
        "situations": {
            "compared": found.compared,
            "only_in_first": list(found.only_first),
            "only_in_second": list(found.only_second),
        },
        "changes": [one.as_dict() for one in found.changes],
    }


def _side(one: Fingerprint) -> dict[str, Any]:
    data = one.as_dict()
    members = ("environment", "tenant", "started", "golive_version")
    return {"run": one.run, **{name: data[name] for name in members if name in data}}
