"""What pytest has kept of earlier runs, beside them: input like everything of the past.

pytest reads it without looking at its form, and a file of another form would end every run before it begins.
"""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 20_000_000
"""Bytes; no list of golive's checks comes near it."""

FORMS = {"lastfailed": dict, "nodeids": list, "stepwise": dict}


def take_damage_away(cache: Path) -> None:
    """Remove from pytest's cache each file that does not hold what pytest keeps there."""
    for name, form in FORMS.items():
        file = cache / "v" / "cache" / name
        try:
            if not file.exists() or _is_good(file, form):
                continue
        except (OSError, ValueError, RecursionError):
            pass
        with contextlib.suppress(OSError):
            file.unlink()


def _is_good(file: Path, form: type) -> bool:
    if not file.is_file() or file.stat().st_size > LARGEST:
        return False
    kept = json.loads(file.read_text(encoding="utf-8"))
    names = kept if form is list or file.name == "lastfailed" else ()
    return isinstance(kept, form) and all(isinstance(name, str) for name in names)
