"""What commands have in common when they show or write something."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from golive.kit.files import write_whole
from golive.kit.problems import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import RenderableType


def reports_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that says where the runs are."""
    return click.option(
        "--reports",
        type=click.Path(path_type=Path),
        default=Path("reports"),
        metavar="DIR",
        help="The folder of the runs (default: reports).",
    )(command)


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


def as_plain_text(shown: RenderableType, width: int) -> str:
    """Return what rich shows, such as a table, as text of this width without colours."""
    out = StringIO()
    Console(file=out, width=width, highlight=False, markup=False, color_system=None).print(shown)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).rstrip()
