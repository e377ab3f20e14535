"""The runs before this one: the summaries in the folders beside it, of the same environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

MOST = 12
LARGEST = 50_000_000
"""Bytes; a file this large is no summary of golive's."""


def summary_of(folder: Path) -> dict[str, Any] | None:
    """Return what a run folder's `summary.json` holds, None where it is not one that can be read."""
    file = folder / "summary.json"
    try:
        if file.stat().st_size > LARGEST:
            return None
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) and data.get("schema_version") == 1 else None


def runs_before(folder: Path, data: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the summaries of the last runs of this environment, this one the last, oldest first."""
    own = folder.resolve()
    name = data["environment"]["name"]
    found = [data]
    # The youngest first, as the folders' names have it: of hundreds of nights only the last are read.
    for other in sorted(own.parent.glob(f"{name}-*"), reverse=True):
        if len(found) == MOST:
            break
        if other.is_symlink() or other.resolve() == own:
            continue
        summary = summary_of(other)
        same = summary is not None and summary["environment"]["name"] == name
        if summary and same and summary["started"] <= data["started"]:
            found.append(summary)
    return sorted(found, key=lambda one: str(one["started"]))
