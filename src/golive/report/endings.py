"""A run folder from its first moment: whatever becomes of the run, its files say so.

`begin` leaves a summary and a JUnit file that say INTERRUPTED until the run replaces them, so that a run that
is killed looks like what it is. `end` is for ends that the run itself could not write: a refusal before its
start, an interrupt before its first hook, a failure after its last.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from golive import __version__
from golive.checks.verdict import MEANINGS, TITLES, ExitCode, Outcome
from golive.kit.files import write_whole
from golive.redaction import redact
from golive.report import junit
from golive.report import markdown as overview
from golive.report.allure_files import properties

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

SUMMARY = "summary.json"
ALLURE = "allure-results/environment.properties"
UNFINISHED = "The run has not ended yet, or was killed before it could say how it ended."


def begin(
    folder: Path, name: str, environment: Mapping[str, Any] | None = None, *, twin: bool = False
) -> None:
    """Write a summary that says INTERRUPTED and is not finished; raises OSError.

    `name` is the environment's; `environment` is its section of the summary, once its file has been read.
    """
    write_whole(folder / SUMMARY, _text(_begun(name, environment, twin=twin)))


def begin_junit(folder: Path, name: str) -> None:
    """Write a JUnit file that says INTERRUPTED; raises OSError."""
    write_whole(folder / junit.NAME, junit.verdict_alone(_begun(name, None, twin=False)))


def is_finished(folder: Path) -> bool:
    """Tell whether the run has said in its summary how it ended."""
    data = _told(folder)
    return data is not None and data.get("finished", True) is not False


def exit_code_in(folder: Path) -> int | None:
    """Return the exit code that the summary of a run folder names, None without one."""
    data = _told(folder)
    return data["exit_code"] if data else None


def end(folder: Path, name: str, code: int, problems: Iterable[str] = ()) -> None:
    """Let every file of a run folder say that the run ended with this code; raises OSError.

    What the run had learnt stays. A file that can't be written is taken away rather than left to say
    something else.
    """
    data = _told(folder) or _begun(name, None, twin=False)
    known = data.get("problems", [])
    data |= {
        "verdict": TITLES[ExitCode(code)],
        "exit_code": int(code),
        "meaning": MEANINGS[ExitCode(code)],
        "ended": _now(),
        "problems": list(dict.fromkeys([*known, *map(redact, problems)])),
    }
    data.pop("finished", None)
    cases = folder / junit.NAME
    makers = pages(folder, data) | {cases: lambda: junit.with_verdict(cases, data)}
    if (folder / ALLURE).exists():
        makers[folder / ALLURE] = lambda: properties(data)
    _write_files(makers)


def pages(folder: Path, data: dict[str, Any]) -> dict[Path, Callable[[], str]]:
    """Return what makes the text of each file that tells of a run what `summary.json` does."""
    from golive.report.html import render

    return {
        folder / SUMMARY: lambda: _text(data),
        folder / overview.NAME: lambda: redact(overview.overview(data)),
        folder / render.NAME: lambda: render.text(folder, data),
    }


def _write_files(makers: Mapping[Path, Callable[[], str]]) -> None:
    """Write each of these files, or take it away; raises the OSError of the first that could not be written."""
    first: OSError | None = None
    for file, make in makers.items():
        try:
            write_whole(file, make())
        except OSError as error:
            first = first or error
            remove(file)
    if first is not None:
        raise first


def remove(file: Path) -> None:
    """Take a file away that says what is no longer so, if it is there."""
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return  # a folder of that name, or a file system that takes nothing any more


def _begun(name: str, environment: Mapping[str, Any] | None, *, twin: bool) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "golive_version": __version__,
        "verdict": TITLES[ExitCode.INTERRUPTED],
        "exit_code": int(ExitCode.INTERRUPTED),
        "meaning": UNFINISHED,
        "finished": False,
        "part": "",
        "twin": twin,
        "environment": {"name": name} if environment is None else dict(environment),
        "started": _now(),
        "ended": _now(),
        "counts": dict.fromkeys(map(str, Outcome), 0),
        "requests": 0,
        "token_requests": 0,
        "repeated_requests": 0,
        "written": [],
        "response_times": [],
        "walk": [],
        "diagnosis": None,
        "proofs": [],
        "known_deviations": [],
        "internal_errors": [],
        "checks": [],
    }


def _told(folder: Path) -> dict[str, Any] | None:
    """Return the folder's own summary, which this very process has written."""
    try:
        data = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return data if isinstance(data, dict) and "exit_code" in data else None


def _text(data: Mapping[str, Any]) -> str:
    return redact(json.dumps(data, indent=2, ensure_ascii=False) + "\n")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
