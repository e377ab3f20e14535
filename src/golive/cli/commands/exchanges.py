"""`golive exchanges`: what is sent in a run, by name, and which checks read it; nothing is sent."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.commands.checks import gather
from golive.cli.output import as_json
from golive.contract.apis import known_operations
from golive.report.text import terminal_width, wrapped

if TYPE_CHECKING:
    from golive.cli.commands.checks import Gathering

FEW = 3
"""Checks that are named of the many that may read an exchange; --json has them all."""

NO_OPERATION = "tokens, keys and others"
"""The heading of what names no operation of an API."""


@click.command()
@click.argument("environment", metavar="[ENV]", default="twin")
@click.option(
    "--json", "json_wanted", is_flag=True, help="Print a JSON array with one object per exchange."
)
def command(environment: str, json_wanted: bool) -> int:
    """List the exchanges that a check can take: name, sentence, operation, who reads it.

    A check takes one by its name, as a parameter. Nothing is sent.
    """
    gathering, code = gather(environment)
    if code == ExitCode.GO:
        found = listed(gathering)
        click.echo(as_json(found) if json_wanted else as_text(found))
    return code


def listed(gathering: Gathering) -> list[dict[str, Any]]:
    """Return every exchange by operation and name, with the checks that take it and the exchanges made with it."""
    from golive.pytest_plugin.fixtures import EXCHANGES
    from golive.pytest_plugin.making import readers

    known = known_operations()
    names = EXCHANGES.names()
    operations = {name: set(EXCHANGES[name].texts & known) for name in names}
    checks: dict[str, set[str]] = {name: set() for name in names}
    for key, ids in readers(gathering.items).items():
        checks[key[0]] |= ids
        operations[key[0]] |= EXCHANGES.operations(key, {}, known)
    made_with: dict[str, list[str]] = {name: [] for name in names}
    for name in names:
        for need in EXCHANGES[name].needs:
            made_with.get(need, []).append(name)
    rows = [
        {
            "name": name,
            "sentence": (EXCHANGES[name].make.__doc__ or "").strip().split("\n")[0],
            "operations": sorted(operations[name]),
            "checks": sorted(checks[name]),
            "exchanges": sorted(made_with[name]),
        }
        for name in names
    ]
    return sorted(rows, key=lambda row: (row["operations"], row["name"]))


def as_text(rows: list[dict[str, Any]]) -> str:
    """Return the exchanges for people, operation by operation."""
    width = terminal_width()
    lines: list[str] = []
    for operations, members in groupby(rows, key=lambda row: row["operations"]):
        lines += [wrapped(", ".join(operations) or NO_OPERATION, width), ""]
        for row in members:
            lines.append(f"  {row['name']}")
            lines.append(wrapped(f"      {row['sentence']}", width, hanging=6))
            said = [_some("read by", row["checks"]), _some("made with it:", row["exchanges"])]
            readers = "; ".join(filter(None, said)) or "read by no check"
            lines.append(wrapped(f"      {readers}", width, hanging=6))
        lines.append("")
    lines.append(f"{len(rows)} exchanges")
    return "\n".join(lines)


def _some(words: str, names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"{words} {', '.join(names[:FEW])}{more}" if names else ""
