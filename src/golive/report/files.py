"""The files of a run folder: each result as it comes, and what is said where a file can't be written.

`results.jsonl` has one line for each check, written when the check ends, so that a run that is killed leaves
all that it had learnt. A later line replaces an earlier one of the same `nodeid`. The members are those of
`checks` in `schemas/summary.schema.json`.
"""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from golive.kit.files import no_detour
from golive.kit.problems import shown_path
from golive.redaction import redact
from golive.report.summary import MEMBERS

if TYPE_CHECKING:
    from collections.abc import Mapping

RESULTS = "results.jsonl"
CURES = {
    errno.ENOSPC: "Make room on the disk and run again.",
    errno.EDQUOT: "Make room below your quota and run again.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f) and run again.",
}
OTHER_CURE = "Choose a folder in which you may write and run again."


def append(folder: Path, result: Mapping[str, Any]) -> None:
    """Add a result to `results.jsonl`; raises OSError."""
    line = json.dumps({name: result[name] for name in MEMBERS if name in result})
    with open(folder / RESULTS, "a", encoding="utf-8", opener=no_detour) as file:
        file.write(redact(line) + "\n")


def ready(folder: Path) -> None:
    """Make the folder and see that files can be written in it; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    probe = folder / f"{RESULTS}.part"
    probe.write_text("")
    probe.unlink()


def unwritable(what: str, error: OSError) -> str:
    """Say that something can't be written, why, and what to do."""
    cure = CURES.get(error.errno or 0, OTHER_CURE)
    return f"{what} can't be written: {error.strerror or error}. {cure}"


def unwritable_folder(folder: Path, error: OSError) -> str:
    """Say that a run folder can't be used; files end where the system says no, not golive."""
    return unwritable(f"the run folder {shown_path(folder)}", error)


def named(error: OSError) -> str:
    """Name the file of an error by its last part."""
    name = error.filename
    return Path(name).name.removesuffix(".part") if isinstance(name, str) else "a report"
