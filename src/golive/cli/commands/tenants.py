"""`golive tenants`: the tenants of a file, what each still lacks, and the list as a pipeline's matrix reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from golive.checks.verdict import ExitCode
from golive.cli.commands.envs import reasons
from golive.cli.output import PLACE, text_table
from golive.environment import chosen, read_tenants
from golive.kit.problems import ConfigurationProblem
from golive.report.text import counted, terminal_width

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from golive.environment import Tenant

EPILOG = """\b
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


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE", type=PLACE)
@choosing
@click.option("--json", "as_json", is_flag=True, help="Print the list for a pipeline's matrix.")
def command(file: Path, only: tuple[str, ...], shard: str, as_json: bool) -> int:
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
