"""`golive envs`, `golive tenants`, `golive hosts`: what may be asked, what it lacks, who may get a credential.

`golive tenants` also prints its list as a pipeline's matrix reads it; `golive hosts add` says whom to trust.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.output import PLACE, text_table
from golive.cli.targets import with_stand_ins
from golive.environment import asked_in_short, available, chosen, load, read_tenants
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
from golive.kit.invisible import with_escapes
from golive.kit.problems import ConfigurationProblem, MissingVariable, Problem, counted, shown_path
from golive.report.text import terminal_width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from golive.environment import Environment, Tenant


STAND_IN = "not-set-yet"
"""Takes a missing variable's place, so that the rest of its environment can be shown."""


@click.command()
def envs_command() -> None:
    """List the environments, and what each still lacks."""
    rows = [(with_escapes(path.stem), *_cells(path)) for path in available()]
    columns = ("environment", "what and where", "usable")
    click.echo(text_table(columns, rows, terminal_width(least=80), gap=1))


def _cells(path: Path) -> tuple[str, str]:
    try:
        return _where(load(path)), "yes"
    except ConfigurationProblem as wrong:
        lacking = with_stand_ins(path, wrong, STAND_IN)
        return _where(lacking) if lacking else with_escapes(str(path)), reasons(wrong)


def _where(environment: Environment) -> str:
    tenant = "(not set)" if environment.tenant == STAND_IN else environment.tenant
    lines = [
        environment.title,
        f"tenant  {tenant}",
        f"token   {asked_in_short(environment.token.url)}",
    ]
    for label, api in environment.labelled_apis():
        lines.append(f"{label:7} {asked_in_short(api.base_url)}")
    lines += [f"way     {way}" for way in environment.way]
    return "\n".join(lines)


def reasons(wrong: ConfigurationProblem) -> str:
    """Name the missing variables in short, and say everything else in full."""
    missing = [each.variable for each in wrong.problems if isinstance(each, MissingVariable)]
    others = [str(each) for each in wrong.problems if not isinstance(each, MissingVariable)]
    lines = ["no, not set:", *dict.fromkeys(missing)] if missing else ["no"]
    return "\n".join([*lines, *others])


TENANTS_EPILOG = """\b
Exit codes: 0 every tenant can be run (with --json: the file is in order),
4 one lacks something, or the file or an option is wrong."""


def choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that choose among the tenants of a file."""
    command = click.option(
        "--shard", default="", metavar="I/N", help="The I-th of N parts of them, such as 3/10."
    )(command)
    return click.option(
        "--only", multiple=True, metavar="NAME", help="This tenant alone; repeatable."
    )(command)


@click.command(epilog=TENANTS_EPILOG)
@click.argument("file", metavar="FILE", type=PLACE)
@choosing
@click.option("--json", "as_json", is_flag=True, help="Print the list for a pipeline's matrix.")
def tenants_command(file: Path, only: tuple[str, ...], shard: str, as_json: bool) -> int:
    """List the tenants of FILE (YAML or CSV), and what each still lacks; nothing is sent.

    With --json it is one line, an array of {"TENANT": …, "ENVIRONMENT": …}, which a matrix of GitHub or GitLab and
    Argo's withParam take as it is; its length and order are those of a Kubernetes indexed Job.
    """
    tenants = chosen(read_tenants(file), only, shard)
    if as_json:
        rows = [{"TENANT": one.name, "ENVIRONMENT": one.environment} for one in tenants]
        click.echo(json.dumps(rows, separators=(",", ":")))
        return ExitCode.GO
    lacking = {one.key: found for one in tenants if (found := _lacks(one))}
    cells = [(t.name, t.environment, t.tenant, lacking.get(t.key, "yes")) for t in tenants]
    columns = ("tenant", "environment", "id", "usable")
    click.echo(text_table(columns, cells, terminal_width(least=80)))
    usable = len(tenants) - len(lacking)
    click.echo(f"\n{counted(len(tenants), 'tenant')}, {usable} of them can be run")
    return ExitCode.CONFIGURATION if lacking else ExitCode.GO


def _lacks(tenant: Tenant) -> str:
    try:
        tenant.environment_now()
    except ConfigurationProblem as wrong:
        return reasons(wrong)
    return ""


@click.group("hosts", invoke_without_command=True)
@click.pass_context
def hosts_command(context: click.Context) -> None:
    """Show the hosts that may get a real credential, or add one.

    Oracle's hosts and this machine always may. Others need an entry in your own list or in GOLIVE_ALLOWED_HOSTS:
    an environment file can't vouch for itself.
    """
    if context.invoked_subcommand is None:
        click.echo(shown())


@hosts_command.command(name="add")
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
