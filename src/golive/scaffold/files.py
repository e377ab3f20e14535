"""Writing into somebody's own folder: what is missing, all of it or nothing, and never over a file that is there.

`.gitignore` alone is added to: missing lines, at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.kit.files import append_lines
from golive.kit.problems import ConfigurationProblem
from golive.scaffold.texts import environment_texts, example, pipeline_texts, template

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from golive.scaffold.texts import Answers

IGNORE = ".gitignore"
IGNORED = (".env", ".venv/", "reports/")
EXAMPLE, BESIDE = ".env.example", ".env.golive.example"
"""Where the variables are listed, and where instead if a repository has a file of that name for its own."""

OWN_CHECK = "suites/own/test_example.py"
EDITOR = ".vscode/settings.json"
MARK = "GOLIVE_"


@dataclass(frozen=True)
class Written:
    """What was written, what was there and kept, and the lines added to `.gitignore` (none where it had them).

    `lacking` are the lines of variables that the kept list of variables does not name, `example` where it is.
    """

    files: tuple[str, ...]
    kept: tuple[str, ...]
    ignored: tuple[str, ...]
    example: str = EXAMPLE
    lacking: tuple[str, ...] = ()


def plan(answers: Answers) -> dict[str, str]:
    """Return the text of each file by its path, relative to the folder."""
    environments = environment_texts(answers)
    return {
        **{f"environments/{name}.yaml": text for name, text in environments.items()},
        EXAMPLE: example(environments),
        OWN_CHECK: template("suites/test_example.py"),
        EDITOR: template("vscode/settings.json"),
        **pipeline_texts(answers, environments),
    }


def write(folder: Path, texts: Mapping[str, str]) -> Written:
    """Write those of these files that are not there yet, and see that git ignores what it must not hold.

    What is there stays as it is, to the byte. Raises ConfigurationProblem that names the file that can't be written;
    nothing new is left behind then.
    """
    made: list[Path] = []
    current = folder
    try:
        texts, named = _beside_a_foreign_example(folder, texts)
        kept = tuple(path for path in texts if _is_there(folder / path))
        lacking = _lacking(folder / named, texts.get(named, "")) if named in kept else []
        current = folder / IGNORE
        lines = _missing_lines(current)
        new = {path: text for path, text in texts.items() if path not in kept}
        for path, text in new.items():
            current = folder / path
            _make_folder(current.parent, made)
            with current.open("x", encoding="utf-8", newline="\n") as file:
                made.append(current)
                file.write(text)
        current = folder / IGNORE
        append_lines(current, lines)
    except (OSError, UnicodeDecodeError) as error:
        for one in reversed(made):
            one.rmdir() if one.is_dir() else one.unlink(missing_ok=True)
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"this can't be written: {why.rstrip('.')}."
        cure = "Choose a folder in which you may write. Nothing was left behind."
        raise ConfigurationProblem.of(current, message, cure) from None
    return Written(tuple(new), kept, tuple(lines), named, tuple(lacking))


def _beside_a_foreign_example(folder: Path, texts: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Give the list of variables another name where the repository has one of its own, and return that name."""
    if EXAMPLE in texts and _is_there(folder / EXAMPLE) and MARK not in _text(folder / EXAMPLE):
        return {BESIDE if path == EXAMPLE else path: text for path, text in texts.items()}, BESIDE
    return dict(texts), EXAMPLE


def _lacking(file: Path, wanted: str) -> list[str]:
    """Return the lines of a list of variables that name one of which the file that is there says nothing."""
    there = _text(file)
    lines = [line for line in wanted.splitlines() if re.match(rf"(# )?{MARK}\w+=", line)]
    return [line for line in lines if line.removeprefix("# ").partition("=")[0] not in there]


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""


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
