"""A kill matrix for people: the table, the scores, and each fault that went undetected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.cli.output import table_of_numbers
from golive.mutation.matrix import areas

if TYPE_CHECKING:
    from golive.mutation.matrix import Fault, Matrix

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
