"""`golive hosts`: whom the credential may be sent to, and who says so; `golive hosts add` says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.environment.operator import (
    ALLOWED_HOSTS,
    SYSTEM_LIST,
    is_entry,
    operator_of,
    process_variables,
    users_list,
)
from golive.environment.secret import Secret, proxy_address
from golive.environment.urls import HOST_RULES
from golive.kit.files import append_lines
from golive.kit.problems import ConfigurationProblem, Problem, shown_path

if TYPE_CHECKING:
    from collections.abc import Iterator


@click.group("hosts", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Show the hosts that may get a real credential, or add one.

    Oracle's hosts and this machine always may. Others need an entry in your own list or in GOLIVE_ALLOWED_HOSTS:
    an environment file can't vouch for itself.
    """
    if context.invoked_subcommand is None:
        click.echo(shown())


@command.command(name="add")
@click.argument("words", metavar="HOST...", nargs=-1, required=True)
def add_hosts(words: tuple[str, ...]) -> None:
    """Add HOST, HOST:PORT, or sha256:DIGEST of a CA bundle to your own list."""
    click.echo(add(words))


def shown() -> str:
    """Return every host, proxy and CA bundle that is allowed, each with who allows it."""
    rows = [*_rows()]
    width = max(len(what) for what, _ in rows)
    return "\n".join(f"{what:<{width}}  {who}" for what, who in rows)


def _rows() -> Iterator[tuple[str, str]]:
    variables = process_variables()
    operator = operator_of(variables)
    for rule in HOST_RULES:
        yield rule.host, f"Oracle's, {rule.cloud} cloud ({rule.source})"
    yield "127.0.0.1, ::1, localhost", "this machine, on any port"
    for entry in operator.entries:
        yield entry.text, entry.place
    for proxy in dict.fromkeys(operator.proxies):
        yield proxy_address(Secret(proxy)) or "", "the proxy of this process (its environment)"
    for bundle in dict.fromkeys(operator.bundles):
        yield str(bundle), "certificates of this process (its environment)"
    yield "", f"more: `golive hosts add HOST`, {ALLOWED_HOSTS}, or {SYSTEM_LIST}"


def add(words: tuple[str, ...]) -> str:
    """Add entries to the user's own list and say what was done; raises ConfigurationProblem."""
    variables = process_variables()
    path = users_list(variables)
    if path is None:
        message = "this user has no folder for a list (HOME and XDG_CONFIG_HOME are not set)."
        raise ConfigurationProblem.of("golive hosts", message, f"Set {ALLOWED_HOSTS} instead.")
    wrong = [word for word in words if not is_entry(word)]
    if wrong:
        message = "this is not a host."
        cure = "Give HOST, HOST:PORT, or sha256:DIGEST of a CA bundle; no URL and no *."
        raise ConfigurationProblem(Problem(f'"{word}"', None, "", message, cure) for word in wrong)
    known = {
        entry.text for entry in operator_of(variables).entries if entry.place == shown_path(path)
    }
    new = [word for word in dict.fromkeys(map(str.casefold, words)) if word not in known]
    try:
        if new:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        append_lines(path, new)
    except (OSError, UnicodeDecodeError) as error:
        message = f"the list can't be written ({type(error).__name__})."
        raise ConfigurationProblem.of(path, message, f"Set {ALLOWED_HOSTS} instead.") from None
    lines = [f"added {word}" for word in new]
    lines += [f"{word} was there already" for word in words if word.casefold() in known]
    return "\n".join([*lines, f"in {shown_path(path)}"])
