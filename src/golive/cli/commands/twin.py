"""`golive twin`: the twin by itself, for people with curl or Postman."""

from __future__ import annotations

import shlex
import threading
from typing import TYPE_CHECKING, Any

import click

from golive.cli.output import FILE, FOLDER, PORT, port_in_use, write_named
from golive.kit.signals import treat_endings_as_interrupt
from golive.twin import DEFECTS, SCENARIOS, Twin
from golive.twin.defects import MOST_TENANTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TWIN_TOKEN_LIFETIME = 570
"""Seconds; what the twin grants by default (contract-facts §4.1)."""


@click.command()
@click.option("--port", type=PORT, default=0, help="Port; 0: a free one.")
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
    "--tenants",
    type=click.IntRange(0, MOST_TENANTS),
    default=0,
    metavar="N",
    help="Further tenants, with an account each; the seed decides their ids and secrets.",
)
@click.option(
    "--list",
    "listed",
    type=FILE,
    metavar="FILE.csv",
    help="Write the further tenants into FILE, as `golive run --tenants` reads it.",
)
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
    type=FOLDER,
    help="Serve the places that FOLDER/mapping.yaml names, as `golive learn` writes it.",
)
@click.option("--defect", "defects", multiple=True, help="A fault to inject; repeatable.")
@click.option(
    "--variables",
    type=FILE,
    metavar="FILE",
    help="Write the accounts as shell variables into FILE (CLIENT_ID, CLIENT_SECRET), once it listens.",
)
@click.option(
    "--scenario", metavar="NAME|FILE", help="A bad day: one of `--scenarios`, or a TOML file."
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

            served_as = places_of(Contract(), folder)
        serve(latency=latency / 1000, served_as=served_as, **settings)


def serve(
    *, port: int, variables: Path | None = None, listed: Path | None = None, **settings: Any
) -> None:
    """Start a twin, say how to use it, and stop it on Ctrl-C or SIGTERM.

    `settings` are those of `golive.twin.Twin`. `variables` is a file for its accounts, `listed` one for its tenants.
    Raises click.ClickException when the port is taken or one is wrong.
    """
    from golive.twin.server import announcement

    treat_endings_as_interrupt()
    # Files of hundreds of accounts stay of use when a twin is started again.
    stable = settings["seed"] if settings["tenants"] else None
    try:
        twin = Twin(port=port, accounts_seed=stable, **settings).start()
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise port_in_use(port, error) from None
    try:
        if variables is not None:
            write_named(variables, shell_variables(twin))
        if listed is not None:
            write_named(listed, list_of_tenants(twin))
        click.echo(announcement(twin))
        click.echo("Press Ctrl-C to stop it.")
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("The twin has stopped.")
    finally:
        twin.stop()


def shell_variables(twin: Twin) -> str:
    """Return the accounts of a running twin with a secret as assignments of a POSIX shell, the main one's twice."""
    known = {}
    for name, account in twin.accounts.items():
        if account.client_secret is not None:
            for start in ("GOLIVE_", "") if name == "system" else (_variable(name, ""),):
                known[f"{start}CLIENT_ID"] = account.client_id
                known[f"{start}CLIENT_SECRET"] = account.client_secret
    return "".join(f"{name}={shlex.quote(value)}\n" for name, value in known.items())


def list_of_tenants(twin: Twin) -> str:
    """Return the further tenants of a running twin as a file of tenants, whose environment is called standalone."""
    both = ("CLIENT_ID", "CLIENT_SECRET")
    rows = [("name", "tenant", "environment", *(f"variables.GOLIVE_{one}" for one in both))]
    for name, tenant in twin.tenants.items():
        rows.append((name, tenant, "standalone", *(_variable(name, one) for one in both)))
    return "".join(",".join(row) + "\n" for row in rows)


def _variable(account: str, end: str) -> str:
    return f"GOLIVE_{account.upper().replace('-', '_')}_{end}"


def as_list(sentences: Mapping[str, str]) -> str:
    """Return names, each with its sentence, one a line."""
    longest = max(map(len, sentences))
    return "\n".join(f"{name:<{longest}}  {sentence}" for name, sentence in sentences.items())
