"""`golive envs`: every environment, where it points, and what it still lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from golive.cli.output import text_table
from golive.cli.targets import with_stand_ins
from golive.environment import asked_in_short, available, load
from golive.kit.legible import with_escapes
from golive.kit.problems import ConfigurationProblem, MissingVariable
from golive.report.text import terminal_width

if TYPE_CHECKING:
    from pathlib import Path

    from golive.environment import Environment

STAND_IN = "not-set-yet"
"""Takes a missing variable's place, so that the rest of its environment can be shown."""


@click.command()
def command() -> None:
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
