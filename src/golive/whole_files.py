"""A file that is there whole or not at all: whoever reads a run folder while a run ends finds no half of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_whole(file: Path, text: str) -> Path:
    """Write the text beside the file, then put it in its place; raises OSError and leaves nothing then."""
    part = file.with_name(f"{file.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        return part.replace(file)
    finally:
        part.unlink(missing_ok=True)
