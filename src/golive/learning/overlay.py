"""What was learnt as files of a project's `schemas` folder: rows that add to golive's own, each with how it was seen.

A file that is there keeps every row that the project demands itself (`own`); a row that was observed is replaced by the
newer one. To write the same lessons twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from golive.contract.mapping import MAPPING, check_mapping
from golive.contract.project_files import Reading
from golive.kit.files import write_whole
from golive.kit.problems import ConfigurationProblem

if TYPE_CHECKING:
    from pathlib import Path

    from golive.learning.lessons import Lessons

HEAD = """\
# Where this deployment has what the checks read, as far as runs showed it. Written by golive learn: a row with
# x-basis own is kept, one with observed is written again. Delete a row to have golive look where it assumes.
"""


def write(folder: Path, found: Lessons) -> bool:
    """Write the mapping into a `schemas` folder; returns whether that changed anything.

    Raises ConfigurationProblem where the file that is there is wrong, and OSError.
    """
    file = folder / MAPPING
    before = _rows(folder, found)
    rows = {**before, **{k: v for k, v in found.rows().items() if not _is_own(before.get(k))}}
    if not rows or rows == before:
        return False
    text = yaml.safe_dump({"roles": rows}, sort_keys=False, allow_unicode=True, width=110)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(file, HEAD + text)
    return True


def _is_own(row: dict[str, Any] | None) -> bool:
    return row is not None and row["x-basis"] == "own"


def _rows(folder: Path, found: Lessons) -> dict[str, dict[str, Any]]:
    """Return the rows that are there; raises ConfigurationProblem where they are wrong."""
    readings = check_mapping(folder, found.contract.folder)
    problems = [problem for one in readings for problem in one.problems]
    if problems:
        raise ConfigurationProblem(problems)
    return Reading(folder / MAPPING).content["roles"] if readings else {}
