"""What `golive prove` shows: the kill matrix, the scores and each undetected fault, mutants of the twin's source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import table_of_numbers, unwritable
from golive.contract.outcomes import SuiteError
from golive.kit.signals import treat_endings_as_interrupt
from golive.mutation.matrix import areas
from golive.mutation.source.mutants import all_mutants, sample
from golive.mutation.source.runs import LONGEST, source_runs
from golive.mutation.source.score import (
    CLASSES,
    LEAST,
    LISTED,
    TARGET,
    SourceScore,
    as_line,
    kept,
    listed,
    wilson,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from golive.mutation.matrix import Fault, Matrix
    from golive.mutation.source.runs import SourceRun


SOURCES = ("defect", "mutant", "client")
MOST_LISTED = 40
FEW = 10
"""Faults that are listed one by one with the checks that detected them; for more there is the file."""


def rendered(matrix: Matrix) -> str:
    """Return the matrix as text: a row an area, then whatever is not as it should be."""
    rows = []
    for source in SOURCES:
        faults = [fault for fault in matrix.everything if fault.source == source]
        named = {**dict(sorted(areas(faults).items())), **({"all": faults} if faults else {})}
        rows += [(f"{source}s, {area}", *_counts(some)) for area, some in named.items()]
    columns = ("faults", "injected", "detected", "as advice", "equivalent", "undetected")
    lines = [table_of_numbers(columns, rows, width=100), ""]
    for source in SOURCES:
        for deciding in (True, False):
            killed, equivalent, injected = matrix.score(source, deciding=deciding)
            if injected:
                column = "deciding" if deciding else "advice"
                whole = injected - equivalent
                share = f"{100 * killed / max(1, whole):.1f} %"
                lines.append(f"{source}s, {column}: {killed} of {whole} detected ({share})")
    if matrix.mutants_per_second:
        lines.append(f"{matrix.mutants_per_second:.0f} mutants a second on one core")
    lines.append(
        f"{matrix.honest_runs} fault-free {'run' if matrix.honest_runs == 1 else 'runs'}, "
        f"{len(matrix.false_alarms)} false positives"
    )
    if len(matrix.faults) <= FEW:
        for fault in matrix.faults:
            who = ", ".join((*fault.detected_by, *fault.advised_by)) or "no check"
            who += _why(fault) if who == "no check" else ""
            lines.append(f"{fault.id}: detected by {who}")
    return "\n".join([*lines, *_open_list(matrix)])


def _counts(faults: list[Fault]) -> list[str]:
    advice = [fault for fault in faults if fault.killed and not fault.detected_by]
    return [
        str(len(faults)),
        str(sum(bool(fault.detected_by) for fault in faults)),
        str(len(advice)),
        str(sum(fault.equivalent is not None and not fault.killed for fault in faults)),
        str(sum(fault.undetected for fault in faults)),
    ]


def _undetected(fault: Fault) -> str:
    only = (
        f" Detected as advice only, by {', '.join(fault.advised_by)}." if fault.advised_by else ""
    )
    return f"undetected: {fault.source} {fault.id}: {fault.says}{only}{_why(fault)}"


def _why(fault: Fault) -> str:
    more = f"; and {len(fault.why) - FEW} more" if len(fault.why) > FEW else ""
    return f": {'; '.join(fault.why[:FEW])}{more}" if fault.why else ""


def _open_list(matrix: Matrix) -> list[str]:
    faults = matrix.everything
    lines = [_undetected(fault) for fault in faults if fault.undetected]
    lines += [
        f"no longer detected by {', '.join(one.missed_by)}: {one.source} {one.id}: {one.says}{_why(one)}"
        for one in faults
        if one.missed_by and not one.undetected
    ]
    crashed = [one for one in faults if one.crashed]
    lines += [f"crashed: {one.source} {one.id}: {', '.join(one.crashed)}" for one in crashed]
    lines += [f"false positive: {alarm}" for alarm in matrix.false_alarms]
    if matrix.complete:
        lines += [f"nothing makes this check fail: {check}" for check in matrix.without_kill()]
        lines += [f"nothing contradicts this requirement: {row}" for row in matrix.unheld()]
    if len(lines) > MOST_LISTED:
        lines = [*lines[:MOST_LISTED], f"… and {len(lines) - MOST_LISTED} more (see --json)"]
    return lines


ENDED = ("detected", "advice only", "no GO", "undetected", "timed out", "broken")


def prove_source(
    size: int, seed: int, jobs: int, results: Path | None, progress: Callable[[str, int, int], None]
) -> int:
    """Run the suite against so many mutants and return the exit code; `results` keeps what became of each."""
    wanted = sample(size, seed)
    score = SourceScore(len(wanted), len(all_mutants()))
    keys = {mutant.key for mutant in wanted}
    score.runs = [run for run in _known(results) if run.key in keys]
    known = {run.key for run in score.runs}
    left = [mutant for mutant in wanted if mutant.key not in known]
    treat_endings_as_interrupt()
    try:
        if left:
            _demand_no_finding(next(source_runs([None], 1, LONGEST)))
        for run in source_runs(left, jobs, LONGEST) if left else ():
            score.runs.append(run)
            _keep(results, run)
            progress("source mutants", len(score.runs), len(wanted))
    except KeyboardInterrupt:
        click.echo(score_as_text(score))
        click.echo("INTERRUPTED: the table holds what was known by then.")
        return ExitCode.INTERRUPTED
    click.echo(score_as_text(score))
    return ExitCode.GO if score.passed else ExitCode.NO_GO


def _demand_no_finding(unchanged: SourceRun) -> None:
    """Raise SuiteError where the suite finds something in the twin without any mutant."""
    if unchanged.ended != "undetected":
        what = ", ".join(unchanged.by) or unchanged.why
        raise SuiteError(f"there is no fault-free run to start from: {unchanged.ended} ({what})")


def _known(results: Path | None) -> list[SourceRun]:
    try:
        return kept(results) if results else []
    except OSError as error:
        raise unwritable(results, error) from None  # type: ignore[arg-type]
    except (ValueError, KeyError, TypeError):
        raise click.ClickException(
            f"{results} holds something else than results of --source-mutants. Name a new file."
        ) from None


def _keep(results: Path | None, run: SourceRun) -> None:
    if results is None:
        return
    try:
        with results.open("a", encoding="utf-8") as file:
            file.write(as_line(run))
    except OSError as error:
        raise unwritable(results, error) from None


def score_as_text(score: SourceScore) -> str:
    """Return the score as text: a row a module, the shares with their intervals, and whatever is not listed."""
    rows = []
    for module in sorted({run.key.split(" ", 1)[0] for run in score.runs}):
        some = [run for run in score.runs if run.key.startswith(f"{module} ")]
        rows.append((module, *_score_counts(SourceScore(len(some), len(some), some))))
    columns = ("mutants of the twin's source", "run", *ENDED, "equivalent")
    judged, found = score.judged, score.found
    lines = [
        table_of_numbers(columns, [*rows, ("all", *_score_counts(score))], width=120),
        "",
        f"{score.wanted} of {score.known} mutants were drawn; {judged} of them could be run and are not equivalent",
        _share("found: a check failed or advised, or there was no GO", found, judged),
        _share("of these by a deciding check", score.count("detected"), judged),
        f"target: {TARGET:.0%} found, of a sample of {LEAST} or more",
        *(f"{name}: {len(score.unfound(name))}" for name in CLASSES),
    ]
    for run in score.unfound(None):
        lines.append(f"not in {LISTED}, {_how(run)}: {run.key}")
    for run in score.outdated():
        lines.append(f"in {LISTED}, and {run.ended} by {', '.join(run.by[:3])}: {run.key}")
    for name in CLASSES[1:]:
        lines += [f"{name}: {run.key}: {listed()[run.key][1]}" for run in score.unfound(name)]
    return "\n".join(lines)


def _how(run: SourceRun) -> str:
    return f"{run.ended} ({run.why})" if run.why else run.ended


def _score_counts(score: SourceScore) -> list[str]:
    ended = (score.count(name) for name in ENDED)
    return [str(one) for one in (len(score.runs), *ended, len(score.unfound("equivalent")))]


def _share(what: str, hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return (
        f"{what}: {hits} of {of} ({hits / max(1, of):.1%}; 95 % interval {low:.1%} to {high:.1%})"
    )
