"""Folders of runs: found and ordered by their names, without being read, and named on a command line.

One is called after its environment (of a file of tenants, after `ENVIRONMENT@TENANT`) and its time (UTC).
"""

from __future__ import annotations

import re
from pathlib import Path

from golive.kit.problems import ConfigurationProblem, did_you_mean, shown_path

NAME = re.compile(
    r"(?P<environment>[A-Za-z0-9_][A-Za-z0-9._-]*(?:@[A-Za-z0-9._-]+)?)-(?P<time>[0-9]{8}T[0-9]{6}Z)(-(?P<number>[0-9]+))?"
)


def environment_of(folder: str) -> str:
    """Return the environment that a folder of this name is called after, empty where it is no run's."""
    match = NAME.fullmatch(folder)
    return match["environment"] if match else ""


def time_of(folder: Path) -> tuple[str, int]:
    """Return the time in a folder's name and, where several runs began in that second, which it is."""
    match = NAME.fullmatch(folder.name)
    return (match["time"], int(match["number"] or 1)) if match else ("", 0)


def run_folders(reports: Path, environment: str | None = None) -> list[Path]:
    """Return the folders of runs below `reports`, or those of an environment, the oldest first; links are none."""
    if not reports.is_dir():
        return []
    known = {path: environment_of(path.name) for path in reports.iterdir()}
    found = [path for path, name in known.items() if name and environment in (None, name)]
    return sorted((path for path in found if path.is_dir() and not path.is_symlink()), key=time_of)


def named(word: str, reports: Path, *, what: str = "run", hint: str = "") -> Path:
    """Return the folder that a word means, by its path or by its name below `reports`.

    Raises ConfigurationProblem where there is none: with the hint, or with the name that was probably meant.
    """
    for folder in (Path(word), reports / word):
        if folder.is_dir():
            return folder
    below = f"Give the path of a run's folder, or its name below {shown_path(reports)}."
    hint = hint or did_you_mean(word, [path.name for path in run_folders(reports)])
    raise ConfigurationProblem.of(word, f"there is no such {what}.", hint or below)
