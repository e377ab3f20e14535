"""Finding an environment file by its name or path."""

from __future__ import annotations

import re
from pathlib import Path

from golive.environment.names import NAMED_BY_THE_RULE, is_environment_name
from golive.problems import ConfigurationProblem, Problem, did_you_mean, shown_path
from golive.resources import resources

_SUFFIXES = (".yaml", ".yml")
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 180


def available() -> list[Path]:
    """Give the environment files that have a name, sorted by it.

    Those in `./environments` come before golive's own of the same name.
    """
    by_name: dict[str, Path] = {}
    for folder in (resources() / "environments", Path.cwd() / "environments"):
        if folder.is_dir():
            by_name |= {path.stem: path for path in folder.iterdir() if path.suffix in _SUFFIXES}
    return [by_name[name] for name in sorted(by_name)]


def find(name_or_path: str) -> Path:
    """Give the file of an environment's name (`sandbox`) or path (`mine/sandbox.yaml`).

    Raises ConfigurationProblem when there is none, with the names that there are.
    """
    by_name = {path.stem: path for path in available() if is_environment_name(path.stem)}
    if name_or_path in by_name:
        return by_name[name_or_path]
    path = Path(name_or_path)
    if is_environment_name(path.stem) and path.is_file():
        return path
    looks_like_path = path.suffix in _SUFFIXES or path.name != name_or_path
    what = "file" if looks_like_path else "environment"
    hint = did_you_mean(path.stem, by_name)
    listed = f"There are {', '.join(by_name)}; a path to a file will do as well."
    shown = shown_path(path) if looks_like_path else name_or_path or '""'
    message = f"there is no such {what}."
    if looks_like_path and path.is_dir():
        message = "this is a folder."
    elif name_or_path and not is_environment_name(path.stem):
        shown = f'"{name_or_path}"'
        message = f"an environment's name has {NAMED_BY_THE_RULE}."
    elif name_or_path and path.exists() and not path.is_dir():
        message = "this is no regular file (a pipe or a device)."
    raise ConfigurationProblem([Problem(shown, None, "", message, f"{hint} {listed}".strip())])


def safe_name(name_or_path: str) -> str:
    """Give the name that an environment's file has or, where there is none, one that a folder may have."""
    safe = _UNSAFE.sub("-", Path(name_or_path).name)[:_LONGEST_NAME]
    stem = safe.removesuffix(".yaml").removesuffix(".yml")
    return stem.strip(".-") or "environment"
