"""`golive exchanges`: what a run sends, and which checks read it; `golive openapi`: the contract as one document."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.commands.checks import gather
from golive.cli.output import as_json, write_named
from golive.contract import publishing
from golive.contract.apis import known_operations
from golive.contract.document import Contract
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
def exchanges_command(environment: str, json_wanted: bool) -> int:
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


ENDINGS = {".yaml": False, ".yml": False, ".json": True}


OPENAPI_EPILOG = """\b
Exit codes: 0 written, 4 FILE can't be written or has another ending."""


@click.command(epilog=OPENAPI_EPILOG)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--api", default="messages", show_default=True, help="Which API, by its name.")
def openapi_command(file: str | None, api: str) -> None:
    """Write the contract of an API as one OpenAPI 3.1 document, to make a client or a mock from.

    FILE ends in .yaml, .yml or .json; without it, YAML goes to standard output. Nothing is sent.
    """
    ending = Path(file).suffix if file else ".yaml"
    if ending not in ENDINGS:
        raise click.UsageError(f"{file}: the name has to end in {', '.join(ENDINGS)}.")
    contract = Contract()
    known = sorted(contract.apis)
    folder = next((one for one in reversed(known) if api in (one, one.rpartition("-")[0])), None)
    if folder is None:
        names = ", ".join(one.rpartition("-")[0] for one in known)
        raise click.UsageError(f"--api {api}: there is no such API. There are: {names}.")
    document = publishing.self_contained(contract, folder)
    text = publishing.as_text(document, as_json=ENDINGS[ending])
    if file is None:
        click.echo(text, nl=False)
        return
    write_named(Path(file), text)
    schemas = document["components"]["schemas"]
    click.echo(f"{file}: OpenAPI {document['openapi']}, {len(schemas)} schemas")
