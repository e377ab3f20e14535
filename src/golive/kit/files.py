"""Files that are there whole or not at all: a reader of a run folder never finds half a file, even while a run ends.

Where golive's data files are, in a checkout and in an installed wheel alike.
The YAML files that golive itself ships: read by libyaml where it is there, which is ten times as fast.
Reading a file that a stranger may have put there: a regular one, and not more of it than makes sense.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.resources.abc import Traversable


NO_DETOUR = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


def no_detour(path: str, flags: int) -> int:
    """Open a file that is to be written: no link is followed, and no pipe holds anybody up; raises OSError."""
    return os.open(path, flags | NO_DETOUR, 0o600)


def write_whole(file: Path, text: str) -> Path:
    """Write the text beside the file, then put it in its place; raises OSError and leaves nothing then."""
    write_together({file: text})
    return file


def write_together(texts: Mapping[Path, str]) -> None:
    """Write all of these files in one step: none is put in its place before all are written.

    Raises OSError, with the file's name in it, and leaves every file as it was then.
    """
    parts = {file: file.with_name(f"{file.name}.part") for file in texts}
    file = None
    try:
        for file, part in parts.items():
            with open(part, "w", encoding="utf-8", opener=no_detour) as opened:
                opened.write(texts[file])
        for file, part in parts.items():
            part.replace(file)
    except OSError as error:
        error.filename = str(file)
        raise
    finally:
        for part in parts.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


@cache
def resources() -> Path:
    """Give the folder that holds conftest.py, suites/, schemas/ and environments/.

    The checkout wins when this file is in one. Raises FileNotFoundError when golive was installed
    without its data files.
    """
    return _resources_of(Path(__file__).resolve().parents[1])


def _resources_of(package: Path) -> Path:
    """Find the folder for golive's package in this folder."""
    checkout = package.parents[1]
    bundle = package / "bundle"
    for folder in (checkout, bundle):
        if (folder / "conftest.py").is_file() and (folder / "schemas").is_dir():
            return folder
    message = f"golive's data files are neither in {checkout} nor in {bundle}; install golive again"
    raise FileNotFoundError(message)


def own_folder(name: str) -> Path | None:
    """Give the folder of this name (`suites`, `schemas`) of the project in the current folder.

    None where it is not there, and where the current folder is golive's own.
    """
    folder = os.path.join(os.getcwd(), name)  # noqa: PTH109, PTH118 - asked for each check of a run
    if not os.path.isdir(folder):  # noqa: PTH112
        return None
    return found if (found := Path(folder)) != resources() / name else None


SAFE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BASE_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def read_yaml(file: Traversable) -> Any:
    """Return what the file holds; raises OSError, ValueError and yaml.YAMLError."""
    return yaml.load(file.read_text(encoding="utf-8"), SAFE_LOADER)  # noqa: S506 - both are safe


@cache
def shipped(package: str, name: str) -> dict[str, Any]:
    """Return a YAML file of a package of golive, read once."""
    return dict(read_yaml(files(package).joinpath(name)))


def repeated_keys(node: yaml.Node | None) -> Iterator[tuple[str, int]]:
    """Yield each key that stands once more in one mapping, with its line: YAML would silently keep only the last."""
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from repeated_keys(item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                yield word, key.start_mark.line + 1
            seen.add(word)
            yield from repeated_keys(value)


MOST_BYTES = 50_000_000
"""More than any file has that golive itself wrote."""


class NotRegularError(OSError):
    """What stands at the path is a pipe, a device or a socket."""


def read_regular(path: Path, most: int) -> bytes:
    """Return the file's bytes, at most one more than `most`.

    Raises NotRegularError for what is neither a file nor a folder, and OSError as `open` does.
    """
    # Without O_NONBLOCK, opening a pipe waits for somebody to write into it.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        kind = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(kind):
            raise NotRegularError(errno.EINVAL, "it is not a regular file")
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most + 1)
    finally:
        os.close(descriptor)


class UnreadableError(Exception):
    """A file can't be read as text: what is wrong and the cure, both sentences, and the line where one is known."""

    def __init__(self, message: str, cure: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.cure = cure
        self.line = line


def read_text(path: Path, most: int) -> str:
    """Return the text of a regular file in UTF-8 of at most so many bytes, without a byte order mark.

    Raises UnreadableError.
    """
    try:
        content = read_regular(path, most)
    except FileNotFoundError:
        raise UnreadableError("there is no such file.") from None
    except IsADirectoryError:
        raise UnreadableError("this is a folder, not a file.") from None
    except NotRegularError:
        message = "this is not a regular file (a pipe or a device)."
        raise UnreadableError(message, "Write it into a file of its own.") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UnreadableError(f"the file can't be read ({why}).") from None
    if len(content) > most:
        raise UnreadableError(f"the file is larger than {most // 1024} KiB.", "Shorten it.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UnreadableError("this line is not UTF-8 text.", "Save it as UTF-8.", line) from None


def append_lines(file: Path, lines: Iterable[str]) -> None:
    """Add lines at the end of a text file, which may lack a last line feed, or not be there; raises OSError.

    Raises UnicodeDecodeError where the file is not UTF-8.
    """
    text = "".join(f"{line}\n" for line in lines)
    if text:
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        gap = "" if not before or before.endswith("\n") else "\n"
        with file.open("a", encoding="utf-8", newline="\n") as opened:
            opened.write(gap + text)
