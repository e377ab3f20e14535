"""A file of tenants as a table: CSV with commas or semicolons, its first line the names of the columns."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

from golive.environment.source import Source
from golive.kit.files import UnreadableError, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from golive.environment.source import Data

LISTS = {"claims.operations"}
"""Columns whose cells are lists: words with spaces between them."""

NESTED = ("variables", "claims")
LONGEST_CELL = 2000


def read_table(file: Path, most: int) -> Source:
    """Read a CSV file of at most so many bytes as what the same file in YAML would hold.

    Raises ConfigurationProblem when nothing sensible can be made of it. An empty cell is a key that is not there.
    """
    source = Source(file)
    try:
        text = read_text(file, most)
    except UnreadableError as error:
        source.problem("", str(error), error.cure, line=error.line)
        raise source.stop() from None
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Data] = []
    try:
        columns = [cell.strip() for cell in next(reader, [])]
        _check_columns(source, columns)
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                _note_lines(source, len(rows), line, columns)
                rows.append(_row(source, columns, cells, line))
    except csv.Error:
        message = "from here on this is not CSV: a quotation mark is not closed, or not doubled."
        source.problem(
            "", message, "Close it, and double those within a cell.", line=reader.line_num
        )
    source.data = {"tenants": rows}
    if not rows and not source.problems:
        source.problem("", "the file has no tenants.", "Write a line for each, below the columns.")
    if source.problems:
        raise source.stop()
    return source


def _check_columns(source: Source, columns: list[str]) -> None:
    cure = "The first line names them: name, tenant, environment, variables.GOLIVE_NAME, claims.operations."
    for name in sorted({name for name in columns if columns.count(name) > 1}):
        source.problem(name, "the column is there twice.", "Keep one of the two.", line=1)
    if "name" not in columns or "tenant" not in columns:
        source.problem("", "the columns name and tenant are not both there.", cure, line=1)
    if "" in columns:
        source.problem("", "a column has no name.", cure, line=1)
    if source.problems:
        raise source.stop()


def _note_lines(source: Source, number: int, line: int, columns: Iterable[str]) -> None:
    at = f"tenants[{number}]"
    source.lines |= dict.fromkeys([at, *(f"{at}.{name}" for name in columns)], line)


def _row(source: Source, columns: list[str], cells: list[str], line: int) -> Data:
    if len(cells) > len(columns):
        message = f"the line has {len(cells)} cells, and there are {len(columns)} columns."
        source.problem(
            "", message, "Put a cell that holds the delimiter in quotation marks.", line=line
        )
    row: dict[str, Data] = {}
    for name, cell in zip(columns, map(str.strip, cells), strict=False):
        if not cell:
            continue
        if len(cell) > LONGEST_CELL:
            source.problem(name, "the cell is too long.", "Shorten it.", line=line)
        value: Data = [*re.split(r"[\s|]+", cell)] if name in LISTS else cell
        parent, dot, member = name.partition(".")
        if dot and parent in NESTED:
            inner = row.setdefault(parent, {})
            if isinstance(inner, dict):
                inner[member] = value
        else:
            row[name] = value
    return row
