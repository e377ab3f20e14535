"""`golive openapi`: the contract as one document, into a file or to standard output."""

from __future__ import annotations

from pathlib import Path

import click

from golive.cli.output import write_named
from golive.contract.document import Contract
from golive.contract.publishing import as_text, self_contained

ENDINGS = {".yaml": False, ".yml": False, ".json": True}


EPILOG = """\b
Exit codes: 0 written, 4 FILE can't be written or has another ending."""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, metavar="[FILE]")
@click.option("--api", default="messages", show_default=True, help="Which API, by its name.")
def command(file: str | None, api: str) -> None:
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
    document = self_contained(contract, folder)
    text = as_text(document, as_json=ENDINGS[ending])
    if file is None:
        click.echo(text, nl=False)
        return
    write_named(Path(file), text)
    schemas = document["components"]["schemas"]
    click.echo(f"{file}: OpenAPI {document['openapi']}, {len(schemas)} schemas")
