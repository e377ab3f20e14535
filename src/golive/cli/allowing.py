"""The command that says whom the operator trusts: `golive hosts`."""

from __future__ import annotations

import click

HELP = {"help_option_names": ["-h", "--help"]}


@click.group(invoke_without_command=True, context_settings=HELP)
@click.pass_context
def hosts(context: click.Context) -> None:
    """Show the hosts that may get a real credential, or add one.

    Oracle's hosts and this machine always may. Others need an entry in your own list or in GOLIVE_ALLOWED_HOSTS:
    an environment file can't vouch for itself.
    """
    if context.invoked_subcommand is None:
        from golive.cli.hosts import shown

        click.echo(shown())


@hosts.command(name="add", context_settings=HELP)
@click.argument("words", metavar="HOST...", nargs=-1, required=True)
def add_hosts(words: tuple[str, ...]) -> None:
    """Add HOST, HOST:PORT, or sha256:DIGEST of a CA bundle to your own list."""
    from golive.cli.hosts import add

    click.echo(add(words))
