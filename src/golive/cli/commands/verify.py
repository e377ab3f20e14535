"""`golive verify`: whether the evidence of a run is whole, its own, and signed by the key that is expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import PLACE
from golive.evidence.envelope import public_key
from golive.evidence.reading import Evidence, MalformedError, read
from golive.evidence.statement import FILE, configured
from golive.evidence.verify import Verified, verify
from golive.kit.files import UnreadableError
from golive.kit.invisible import with_escapes
from golive.kit.problems import ConfigurationProblem, counted, shown_path
from golive.report.text import terminal_width, wrapped

if TYPE_CHECKING:
    from pathlib import Path

NAMED = 5
"""What was not tested that is named; the others are counted."""

EPILOG = """\b
Exit codes: 0 the evidence holds, 1 it does not, 4 there is no such file or the key can't be read."""


@click.command(epilog=EPILOG)
@click.argument("path", metavar="[FILE|DIR]", default="reports/latest", type=PLACE)
@click.option(
    "--key",
    metavar="PUB",
    type=PLACE,
    help="The public key (Ed25519, PEM) by which the evidence has to be signed.",
)
def command(path: Path, key: Path | None) -> int:
    """Verify the evidence of a run, offline: its digests, its signature, and that nothing is missing.

    FILE is an evidence.json, DIR a run folder (default: the last run). Without --key, a signature is not verified.
    """
    expected = public_key(key) if key is not None else None
    file = path / FILE if path.is_dir() else path
    if path.is_dir() and not file.exists():
        message = (
            f"this folder has no {FILE}: the run was refused or killed, or an older golive made it."
        )
        raise ConfigurationProblem.of(path, message)
    try:
        evidence = read(file)
    except UnreadableError as error:
        raise ConfigurationProblem.of(file, str(error), line=error.line) from None
    except MalformedError as error:
        return _show([shown_path(file)], Verified(faults=[str(error)]))
    return _show(about(evidence), verify(evidence, expected, configured()))


def about(evidence: Evidence) -> list[str]:
    """Say what the evidence claims: the decision, then how far it reaches and what was not tested."""
    said = evidence.golive
    who = said["double"] and f", of {said['double']}"
    untested = [one["what"] for one in said["not_tested"]]
    more = f"; and {len(untested) - NAMED} more" if len(untested) > NAMED else ""
    return [
        f"{shown_path(evidence.file)}: {said['verdict']} of {said['environment']}, tenant {said['tenant']}, "
        f"{said['ended']}{who}",
        f"  reach {said['reach'].get('percent', 0)} %, {counted(len(said['known_deviations']), 'known deviation')}"
        + (f"; not tested: {'; '.join(untested[:NAMED])}{more}" if untested else ""),
    ]


def _show(claims: list[str], found: Verified) -> int:
    width = terminal_width()
    for claim in claims:
        click.echo(wrapped(with_escapes(claim), width))
    marked = {"ok  ": found.good, "note": found.remarks, "NO  ": found.faults}
    for mark, sentences in marked.items():
        for sentence in sentences:
            click.echo(wrapped(with_escapes(f"  {mark} {sentence}"), width, hanging=7))
    if not found.faults:
        click.echo("\nThe evidence holds.")
        return ExitCode.GO
    click.echo(f"\nThe evidence does not hold: {counted(len(found.faults), 'reason')}.")
    return ExitCode.NO_GO
