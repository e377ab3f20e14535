"""The files of a run folder, from its first moment: whatever becomes of the run, they say so.

`begin` leaves a summary and a JUnit file that say INTERRUPTED until the run replaces them, so that a run that
is killed looks like what it is. `results.jsonl` has one line for each check, written when the check ends; a later
line replaces an earlier one of the same `nodeid`, and the members are those of `checks` in
`schemas/summary.schema.json`. `end` is for ends that the run itself could not write: a refusal before its start,
an interrupt before its first hook, a failure after its last.
"""

from __future__ import annotations

import contextlib
import errno
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from golive.checks.verdict import MEANINGS, TITLES, ExitCode
from golive.kit.files import no_detour, write_whole
from golive.kit.json_text import utc
from golive.kit.problems import shown_path
from golive.redaction import redact
from golive.report import junit, markdown
from golive.report.summary import SUMMARY, Data, Summary, as_json, begun, in_file, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

RESULTS = "results.jsonl"
ALLURE = "allure-results/environment.properties"
CURES = {
    errno.ENOSPC: "Make room on the disk and run again.",
    errno.EDQUOT: "Make room below your quota and run again.",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f) and run again.",
}
OTHER_CURE = "Choose a folder in which you may write and run again."


def begin(folder: Path, name: str, environment: Data | None = None, *, twin: bool = False) -> None:
    """Make the folder and write a summary that says INTERRUPTED and is not finished; raises OSError (see `begun`).

    Before the environment's file has been read, a JUnit file says so, too.
    """
    folder.mkdir(parents=True, exist_ok=True)
    data = begun(name, environment, twin=twin)
    write_whole(folder / SUMMARY, as_json(data))
    if environment is None:
        write_whole(folder / junit.NAME, junit.verdict_alone(data))


def append(folder: Path, result: Data) -> None:
    """Add a result to `results.jsonl`; raises OSError."""
    with open(folder / RESULTS, "a", encoding="utf-8", opener=no_detour) as file:
        file.write(redact(json.dumps(in_file(result))) + "\n")


def forget_results(folder: Path) -> None:
    """Take `results.jsonl` away, once the summary says all that is in it."""
    (folder / RESULTS).unlink(missing_ok=True)


def is_finished(folder: Path) -> bool:
    """Return whether the run has said in its summary how it ended."""
    data = _own_summary(folder)
    return data is not None and data.get("finished", True) is not False


def exit_code_in(folder: Path) -> int | None:
    """Return the exit code that the summary of a run folder names, None without one."""
    data = _own_summary(folder)
    return data["exit_code"] if data else None


def is_of_a_session(folder: Path) -> bool:
    """Return whether the run came as far as a verdict of its own: its summary is one of a whole session."""
    data = _own_summary(folder)
    return data is not None and "double" in data


def end(folder: Path, name: str, code: int, problems: Iterable[str] = ()) -> None:
    """Let every file of a run folder say that the run ended with this code; what the run had learnt stays."""
    data = _own_summary(folder) or begun(name)
    data["verdict"] = TITLES[ExitCode(code)]
    data["exit_code"] = int(code)
    data["meaning"] = MEANINGS[ExitCode(code)]
    data["ended"] = utc(datetime.now(UTC))
    data["problems"] = list(dict.fromkeys([*data.get("problems", []), *map(redact, problems)]))
    data.pop("finished", None)
    cases = folder / junit.NAME
    makers = pages(folder, data) | {cases: lambda: junit.with_verdict(cases, data)}
    if (folder / ALLURE).exists():
        from golive.report.allure import properties

        makers[folder / ALLURE] = lambda: properties(data)
    write_or_remove(makers)


def pages(folder: Path, data: Summary) -> dict[Path, Callable[[], str]]:
    """Return the function that makes each file of a run from its summary."""
    from golive.report.html import render

    return {
        folder / SUMMARY: lambda: as_json(data),
        folder / markdown.NAME: lambda: redact(markdown.overview(data)),
        folder / render.NAME: lambda: render.text(folder, data),
    }


def write_or_remove(makers: Mapping[Path, Callable[[], str]]) -> list[Exception]:
    """Write each of these files; one that can't be made is taken away rather than left to say what is no longer so.

    Returns what kept files from being written.
    """
    found: list[Exception] = []
    for file, make in makers.items():
        try:
            write_whole(file, make())
        except Exception as error:
            if isinstance(error, OSError):
                error.filename = error.filename or str(file)
            found.append(error)
            # A folder may have that name, or the file system take nothing any more.
            with contextlib.suppress(OSError):
                file.unlink(missing_ok=True)
    return found


def _own_summary(folder: Path) -> Summary | None:
    """Return the folder's own summary, which this very process has written."""
    try:
        data: Summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        return whole(data) if isinstance(data, dict) and "exit_code" in data else None
    except (OSError, ValueError):
        return None


def unwritable(what: str, error: OSError) -> str:
    """Say that something can't be written, why, and what to do."""
    cure = CURES.get(error.errno or 0, OTHER_CURE)
    return f"{what} can't be written: {error.strerror or error}. {cure}"


def unwritable_folder(folder: Path, error: OSError) -> str:
    """Explain why the run folder can't be written to, and what to do."""
    return unwritable(f"the run folder {shown_path(folder)}", error)


def named(error: OSError) -> str:
    """Name the file of an error by its last part."""
    name = error.filename
    return Path(name).name.removesuffix(".part") if isinstance(name, str) else "a report"
