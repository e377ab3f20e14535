"""`golive checks --requirements`: the requirement table with its counts, without sending anything.

A row that names a check which does not exist would claim a test that nobody runs; that is the suite's own fault.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import Any

import click

from golive.cli.listing_checks import collected
from golive.findings import SuiteError
from golive.requirements import Held, Requirement, load
from golive.resources import resources
from golive.verdict import ExitCode


def list_requirements(environment: str, *, as_json: bool) -> int:
    """Print the table and return the exit code: 0, or 3 for the suite's own fault.

    Raises ConfigurationProblem when the environment can't be used.
    """
    try:
        table = load(resources() / "schemas")
        deciding = {check.id: check.deciding for check in collected(environment)}
        for row in table:
            for name in set(row.checks) - set(deciding):
                raise SuiteError(f"requirements.yaml: {row.id}: there is no check {name}")
    except SuiteError as fault:
        click.echo(f"internal error: {fault}", err=True)
        return ExitCode.INTERNAL_ERROR
    advisory = {row.id for row in table if row.checks and not any(map(deciding.get, row.checks))}
    click.echo(as_json_text(table, advisory) if as_json else as_text(table, advisory))
    return ExitCode.GO


def counts(table: tuple[Requirement, ...], advisory: set[str]) -> dict[str, int]:
    """Count the rows: all, tested (and of those by advice only), not testable."""
    held = Counter(row.held for row in table)
    return {
        "rows": len(table),
        "tested": held[Held.TESTED],
        "tested_by_advice_only": len(advisory),
        "not_testable": held[Held.UNTESTABLE],
    }


def as_json_text(table: tuple[Requirement, ...], advisory: set[str]) -> str:
    """Return `{"counts": {…}, "requirements": […]}`; `deciding` says whether a breach can be a NO-GO."""
    rows: list[dict[str, Any]] = [
        {**row.as_dict(), "deciding": bool(row.checks) and row.id not in advisory} for row in table
    ]
    content = {"counts": counts(table, advisory), "requirements": rows}
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_text(table: tuple[Requirement, ...], advisory: set[str]) -> str:
    """Return the table for people."""
    from golive.reporting.words import wrapped

    width = max(shutil.get_terminal_size((100, 24)).columns, 60)
    lines: list[str] = []
    for row in table:
        held = "tested by advice only" if row.id in advisory else row.held
        lines.append(f"{row.id}")
        for words in (
            row.statement,
            f"{row.basis}: {row.source}",
            f"{held}: {row.reason or ', '.join(row.checks)}",
        ):
            lines.append(wrapped(f"    {words}", width, hanging=4))
        lines.append("")
    number = counts(table, advisory)
    lines.append(
        f"{number['rows']} requirements: {number['tested']} tested "
        f"({number['tested_by_advice_only']} of them by advice only), "
        f"{number['not_testable']} not testable from outside"
    )
    lines.append("Inferred statements are no requirements; checks on them are advice.")
    return "\n".join(lines)
