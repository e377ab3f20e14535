"""Writing into somebody's own folder: all or nothing, and never over a file that is there.

`.gitignore` is the one file that may be there already: missing lines are added at its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.kit.problems import ConfigurationProblem, Problem, shown_path
from golive.scaffold.environments import environment_texts
from golive.scaffold.pipelines import example, pipeline_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from golive.scaffold.answers import Answers

IGNORE = ".gitignore"
IGNORED = (".env", ".venv/", "reports/")
ALWAYS = ("environments/twin.yaml", ".env.example")
"""What is written whatever the answers are."""

CURE = "Move it away, or start in another folder. Nothing was written."


@dataclass(frozen=True)
class Written:
    """What was written: new files, and the lines added to `.gitignore` (none where it had them)."""

    files: tuple[str, ...]
    ignored: tuple[str, ...]


def plan(answers: Answers) -> dict[str, str]:
    """Return the text of each new file by its path, relative to the folder."""
    environments = environment_texts(answers)
    return {
        **{f"environments/{name}.yaml": text for name, text in environments.items()},
        ".env.example": example(environments),
        **pipeline_texts(answers, environments),
    }


def refuse_to_overwrite(folder: Path, paths: Iterable[str]) -> None:
    """Raise ConfigurationProblem that names each of these files that is there already."""
    in_the_way = [path for path in paths if _is_there(folder / path)]
    if in_the_way:
        raise ConfigurationProblem(
            Problem(shown_path(folder / path), None, "", "the file is already there.", CURE)
            for path in in_the_way
        )


def write(folder: Path, texts: Mapping[str, str]) -> Written:
    """Write these files below the folder, and see that git ignores what it must not hold.

    Raises ConfigurationProblem that names every file in the way, or the one that can't be written; nothing is
    left behind then.
    """
    refuse_to_overwrite(folder, texts)
    made: list[Path] = []
    current = folder
    try:
        lines = _missing_lines(folder / IGNORE)
        for path, text in texts.items():
            current = folder / path
            _make_folder(current.parent, made)
            with current.open("x", encoding="utf-8", newline="\n") as file:
                made.append(current)
                file.write(text)
            if current.suffix == ".sh":
                current.chmod(0o755)
        current = folder / IGNORE
        if lines:
            _add_lines(current, lines)
    except (OSError, UnicodeDecodeError) as error:
        for one in reversed(made):
            one.rmdir() if one.is_dir() else one.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"this can't be written: {why.rstrip('.')}."
        cure = "Choose a folder in which you may write. Nothing was left behind."
        problem = Problem(shown_path(current), None, "", message, cure)
        raise ConfigurationProblem([problem]) from None
    return Written(tuple(texts), tuple(lines))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it, and note which are new, the outermost first."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    folder.mkdir()
    made.append(folder)


def _missing_lines(path: Path) -> list[str]:
    present = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    known = {line.strip().strip("/") for line in present}
    return [line for line in IGNORED if line.strip("/") not in known]


def _add_lines(path: Path, lines: list[str]) -> None:
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    separator = "" if not before or before.endswith("\n") else "\n"
    with path.open("a", encoding="utf-8", newline="\n") as file:
        file.write(separator + "".join(f"{line}\n" for line in lines))
