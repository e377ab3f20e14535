"""What commands have in common when they show or write something."""

from __future__ import annotations

import contextlib
import json
import os
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from golive.environment import github_actions
from golive.kit.files import write_whole
from golive.kit.problems import shown_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from golive.kit.problems import ConfigurationProblem


PLACE = click.Path(path_type=Path)
FILE = click.Path(path_type=Path, dir_okay=False)
FOLDER = click.Path(path_type=Path, file_okay=False)
"""What options and arguments take that name something on the disk."""

PORT = click.IntRange(0, 65535)

reports_option = click.option(
    "--reports",
    type=PLACE,
    default=Path("reports"),
    metavar="DIR",
    help="The folder of the runs (default: reports).",
)
"""Gives a command the option that says where the runs are."""

OTHERS = 0o077
"""What nobody else on this machine may do with the files of a run."""


@contextlib.contextmanager
def private_files() -> Iterator[int]:
    """Let nobody else read the files that are made inside; gives the umask that was there before."""
    umask = os.umask(OTHERS)
    try:
        yield umask
    finally:
        os.umask(umask)


def as_json(data: object) -> str:
    """Return the JSON that commands print and write, for programs and people."""
    return json.dumps(data, indent=2, ensure_ascii=False)


def write_named(file: Path, text: str) -> None:
    """Write a file that the user named; raises click.ClickException where it can't be written."""
    try:
        if file.exists() and not file.is_file():  # such as /dev/stdout
            file.write_text(text, encoding="utf-8")
        else:
            write_whole(file, text)
    except OSError as error:
        raise unwritable(file, error) from None


def unwritable(file: Path, error: OSError) -> click.ClickException:
    """Say that a file which the user named can't be written."""
    return click.ClickException(
        f"{shown_path(file)} can't be written: {error.strerror}. Name a file that you may write."
    )


def port_in_use(port: int, error: OSError) -> click.ClickException:
    """Say that a twin can't listen where it should."""
    return click.ClickException(
        f"port {port} can't be used: {error.strerror}. Choose another one with --port, or none."
    )


def text_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], width: int, *, gap: int = 0
) -> str:
    """Return a table of texts, as wide as this, with so many empty lines after each row; long cells are folded."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, gap, 0))
    for name in columns:
        table.add_column(name, overflow="fold")
    return _rendered(table, rows, width)


def table_of_numbers(columns: Sequence[str], rows: Iterable[Sequence[str]], width: int) -> str:
    """Return a table whose rows have a name first, and numbers after it."""
    table = Table(box=None, pad_edge=False)
    for name in columns:
        table.add_column(name, justify="left" if name == columns[0] else "right")
    return _rendered(table, rows, width)


def _rendered(table: Table, rows: Iterable[Sequence[str]], width: int) -> str:
    """Return a table as text without colours."""
    for row in rows:
        table.add_row(*row)
    out = StringIO()
    Console(file=out, width=width, highlight=False, markup=False, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip()


def annotate(problem: ConfigurationProblem) -> None:
    """Leave in the job what made a run impossible."""
    actions = github_actions()
    if actions is None:
        return
    from golive.report import github as job
    from golive.report.github import of_problem
    from golive.report.workflow_commands import commands

    for line in commands(of_problem(problem, actions.workspace), more="below"):
        click.echo(line)
    job.summary(actions, job.problem_page(problem))


def set_outputs(code: int, folder: Path) -> None:
    """Give the job the result of its step, and the folder with its report where that is there."""
    from golive.report.github import outputs

    outputs(github_actions(), code, shown_path(folder) if folder.is_dir() else "")
