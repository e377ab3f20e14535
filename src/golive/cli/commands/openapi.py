"""`golive openapi`: the contract as one document, into a file or to standard output."""

from __future__ import annotations

from pathlib import Path

import click

from golive.contract.document import Contract
from golive.contract.publishing import as_text, self_contained
from golive.kit.files import resources, write_whole

ENDINGS = {".yaml": False, ".yml": False, ".json": True}


EPILOG = """\b
Exit codes: 0 written, 4 FILE can't be written or has another ending."""


@click.command(epilog=EPILOG)
@click.argument("file", required=False, metavar="[FILE]")
def command(file: str | None) -> None:
    """Write the contract as one OpenAPI 3.1 document, to make a client or a mock from.

    FILE ends in .yaml, .yml or .json; without it, YAML goes to standard output. Nothing is sent.
    """
    write(file)


def write(file: str | None) -> None:
    """Write the document; raises click's errors for a file that can't be written or has another ending."""
    ending = Path(file).suffix if file else ".yaml"
    if ending not in ENDINGS:
        raise click.UsageError(f"{file}: the name has to end in {', '.join(ENDINGS)}.")
    document = self_contained(Contract(resources() / "schemas"))
    text = as_text(document, as_json=ENDINGS[ending])
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        write_whole(Path(file), text)
    except OSError as error:
        raise click.ClickException(
            f"{file} can't be written: {error.strerror}. Name a file that you may write."
        ) from None
    known = document["components"]["schemas"]
    click.echo(f"{file}: OpenAPI {document['openapi']}, {len(known)} schemas")
