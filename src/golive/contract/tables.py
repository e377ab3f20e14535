"""Tables of rows below `schemas/`: NAME.yaml, and one of that name in the folder of each API, read together.

Each is held against its JSON Schema. What is wrong with such a file is the suite's own fault: a SuiteError that names
the line. (A project's files are looked at before, see `golive.contract.project`.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from golive.contract.project_files import whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def files(folder: Path, name: str) -> list[Path]:
    """Return the files of the table `name` below a `schemas/` folder: the one of all APIs, then that of each."""
    return [folder / name, *sorted(folder.glob(f"*/{name}"))]


def tables(
    folder: Path, name: str, schema: str, key: str, own: Path | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of the table `name` below a `schemas/` folder and in those of its APIs, each with its file.

    Those of a project's `schemas` folder, `own`, come last.
    """
    theirs = [(own, one) for one in files(own, name) if one.is_file()] if own else []
    for root, file in (*((folder, one) for one in files(folder, name)), *theirs):
        shown = file.relative_to(root).as_posix()
        for row in whole(file, folder / schema, shown).get(key, []):
            yield shown, row
