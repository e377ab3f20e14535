"""`golive prove`: the kill matrix on the terminal and in a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import FILE, unwritable, write_named
from golive.cli.proofs import prove_source, rendered
from golive.kit.signals import treat_endings_as_interrupt
from golive.mutation.defects import INJECTED
from golive.mutation.matrix import Matrix
from golive.mutation.proof import prove as fill
from golive.twin.defects import chosen
from golive.twin.defects import command as command_for

if TYPE_CHECKING:
    from collections.abc import Sequence

CLEARED = "\r\x1b[K"
"""Takes the terminal back to the beginning of the line, and empties it."""

FEWEST, MOST = 1, 20
"""Fault-free runs beside a defect that is named, and beside all of them."""

ORDINARY_SAMPLE = 300
"""Mutants of the twin's source where no number is said."""

EPILOG = """\b
Exit codes: 0 every fault was detected, 1 a fault went undetected, a check detected
none, the fault-free twin produced a finding, or a source mutant that was not detected
is not listed or too few were found, 3 there was no fault-free run to
start from, 4 an option is wrong, 130 interrupted."""


@click.command(epilog=EPILOG)
@click.option("--json", "json_file", metavar="FILE", help="Write the whole kill matrix into FILE.")
@click.option(
    "--kill-matrix",
    "matrix_file",
    metavar="FILE",
    help="Write what runs calculate their reach from (golive's own schemas/kill-matrix.json) into FILE.",
)
@click.option(
    "--seeds",
    type=click.IntRange(1),
    show_default="20; with --defect 1",
    help="Fault-free runs to make.",
)
@click.option(
    "--jobs", "-j", type=click.IntRange(1), default=2, show_default=True, help="Processes."
)
@click.option("--mutants-only", is_flag=True, help="Only the faults that need no HTTP.")
@click.option("--defects-only", is_flag=True, help="Only the faults that the twin injects.")
@click.option("--clients-only", is_flag=True, help="Only the bad habits of clients.")
@click.option("--defect", "names", multiple=True, metavar="NAME", help="Only this; repeatable.")
@click.option(
    "--source-mutants",
    type=click.IntRange(1),
    is_flag=False,
    flag_value=ORDINARY_SAMPLE,
    metavar="[N]",
    help=f"Only mutants of the twin's source: N, {ORDINARY_SAMPLE} where none is said.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Which source mutants.")
@click.option(
    "--results",
    type=FILE,
    metavar="FILE",
    help="Keep what becomes of each source mutant in FILE, and go on from there.",
)
def command(
    json_file: str | None,
    matrix_file: str | None,
    seeds: int | None,
    jobs: int,
    mutants_only: bool,
    defects_only: bool,
    clients_only: bool,
    names: tuple[str, ...],
    source_mutants: int | None,
    seed: int,
    results: Path | None,
) -> int:
    """Prove that every check can fail: inject known faults, and report which checks detect them."""
    if source_mutants is not None:
        if mutants_only or defects_only or clients_only or names or seeds or json_file:
            raise click.UsageError("--source-mutants goes with --seed, --jobs and --results only.")
        return prove_source(source_mutants, seed, jobs, results, _show_progress)
    if results:
        raise click.UsageError("--results is for --source-mutants.")
    if mutants_only and (defects_only or names):
        raise click.UsageError("--mutants-only excludes --defects-only and --defect.")
    if clients_only and (mutants_only or defects_only or names):
        raise click.UsageError(
            "--clients-only excludes --mutants-only, --defects-only and --defect."
        )
    if matrix_file and (mutants_only or defects_only or clients_only or names):
        raise click.UsageError("--kill-matrix needs all faults: leave out what selects some.")
    few = names or clients_only
    defects = [] if mutants_only or clients_only else to_inject(names)
    wanted = {
        "mutants": not (defects_only or clients_only or names),
        "workers": seeds is not None or not few,  # one more run, which shows what workers change
        "clients": not (mutants_only or defects_only or names),
    }
    files = [_writable(Path(name)) if name else None for name in (json_file, matrix_file)]
    matrix = Matrix()
    interrupted = False
    treat_endings_as_interrupt()
    try:
        fill(matrix, seeds or (FEWEST if few else MOST), jobs, _show_progress, defects, **wanted)
    except KeyboardInterrupt:  # what was learnt is kept
        interrupted = True
    return _concluded(matrix, *files, interrupted=interrupted)


def to_inject(names: Sequence[str]) -> list[str]:
    """Return the defects of these names, all where none is named; raises click's UsageError."""
    try:
        chosen(names)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    unusual = [name for name in names if name not in INJECTED]
    if unusual:
        raise click.UsageError(
            f"{unusual[0]} shows on unusual input only, which `golive prove` does not send: "
            f"`{command_for(unusual[0])}`."
        )
    return list(dict.fromkeys(names)) or list(INJECTED)


def _concluded(
    matrix: Matrix, file: Path | None, for_runs: Path | None, *, interrupted: bool
) -> int:
    """Show the matrix, write it into the files that were named, and return the exit code."""
    if sys.stderr.isatty():
        click.echo(CLEARED, nl=False, err=True)
    click.echo(rendered(matrix))
    if file:
        write_named(file, json.dumps(matrix.as_dict(), indent=1) + "\n")
    if for_runs and matrix.complete:
        write_named(for_runs, matrix.for_runs().as_text())
    if interrupted:
        click.echo("INTERRUPTED: the matrix holds what was known by then.")
        return ExitCode.INTERRUPTED
    if not matrix.complete:
        said = "Only some of the faults were injected, so these scores don't hold for the whole."
        click.echo(said)
    clean = matrix.passed if matrix.complete else matrix.clean
    return ExitCode.GO if clean else ExitCode.NO_GO


def _show_progress(phase: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        shown = f"{phase}: {done} of {total}" if total else phase
        click.echo(f"{CLEARED}{shown}", nl=False, err=True)
    elif done == total:
        click.echo(f"{phase}: {total}" if total else phase, err=True)


def _writable(file: Path) -> Path:
    """Find out before the proof, which takes minutes, whether its result can be written."""
    probe = file.with_name(f"{file.name}.part")
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise unwritable(file, error) from None
    return file
