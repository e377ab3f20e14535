"""Files that are there whole or not at all: whoever reads a run folder while a run ends finds no half of one."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


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
