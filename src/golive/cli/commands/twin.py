"""`golive twin`: the twin by itself, for people with curl or Postman."""

from __future__ import annotations

import shlex
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from golive.cli.output import write_named
from golive.kit.signals import treat_endings_as_interrupt
from golive.twin import DEFECTS, SCENARIOS, Twin

if TYPE_CHECKING:
    from collections.abc import Mapping

TWIN_TOKEN_LIFETIME = 570
"""Seconds; what the twin grants by default (contract-facts §4.1)."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port; 0: a free one.")
@click.option(
    "--latency", type=click.FloatRange(0), default=0, help="Milliseconds before an answer."
)
@click.option(
    "--token-lifetime",
    type=click.IntRange(1),
    default=TWIN_TOKEN_LIFETIME,
    show_default=True,
    help="Seconds; what `expires_in` says.",
)
@click.option("--clock-offset", type=float, default=0, help="Seconds that its clock is ahead.")
@click.option("--seed", type=int, default=1, show_default=True, help="Decides the messages.")
@click.option(
    "--token-form",
    type=click.Choice(["jws", "jwe"]),
    default="jws",
    show_default=True,
    help="Its access tokens: signed, or encrypted as well.",
)
@click.option(
    "--as",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Serve the places that FOLDER/mapping.yaml names, as `golive learn` writes it.",
)
@click.option("--defect", "defects", multiple=True, help="A fault to inject; repeatable.")
@click.option(
    "--variables",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the main account as shell variables into FILE (CLIENT_ID, CLIENT_SECRET), once it listens.",
)
@click.option(
    "--scenario",
    metavar="NAME|FILE",
    help="A bad day: one of `--scenarios`, or a TOML file.",
)
@click.option("--scenarios", is_flag=True, help="List the bad days that have a name, and exit.")
@click.option("--list-defects", is_flag=True, help="List the faults that it can inject, and exit.")
def command(
    latency: float, list_defects: bool, scenarios: bool, folder: Path | None, **settings: Any
) -> None:
    """Run the twin by itself, for curl and Postman, until Ctrl-C."""
    if list_defects or scenarios:
        click.echo(as_list(DEFECTS if list_defects else SCENARIOS))
    else:
        served_as = None
        if folder is not None:
            from golive.contract.document import Contract
            from golive.contract.served import served_as as places_of
            from golive.kit.files import resources

            served_as = places_of(Contract(resources() / "schemas"), folder)
        serve(latency=latency / 1000, served_as=served_as, **settings)


def serve(*, port: int, variables: Path | None = None, **settings: Any) -> None:
    """Start a twin, say how to use it, and stop it on Ctrl-C or SIGTERM.

    `settings` are those of `golive.twin.Twin`. `variables` is a file for its main account.
    Raises click.ClickException when the port is taken or one is wrong.
    """
    from golive.twin.server import announcement

    treat_endings_as_interrupt()
    try:
        twin = Twin(port=port, **settings).start()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(
            f"port {port} can't be used: {error.strerror}. Choose another one with --port, or none."
        ) from None
    try:
        if variables is not None:
            write_named(variables, shell_variables(twin))
        click.echo(announcement(twin))
        click.echo("Press Ctrl-C to stop it.")
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The twin has stopped.")
    finally:
        twin.stop()


def shell_variables(twin: Twin) -> str:
    """Return the main account of a running twin as assignments of a POSIX shell."""
    account = twin.accounts["system"]
    known = {"CLIENT_ID": account.client_id, "CLIENT_SECRET": account.client_secret or ""}
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in known.items())


def as_list(sentences: Mapping[str, str]) -> str:
    """Return names, each with its sentence, one a line."""
    longest = max(map(len, sentences))
    return "\n".join(f"{name:<{longest}}  {sentence}" for name, sentence in sentences.items())
