"""The runs before this one: the summaries in the folders beside it, of the same environment.

The summaries are input: another version, a full disk or a person's hand may have made them. What does not have
the form of a summary is passed over, and named.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from golive.kit.files import MOST_BYTES, read_regular, resources

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from golive.report.summary import Summary

MOST = 12


def summary_of(folder: Path) -> Summary | None:
    """Return what a run folder's `summary.json` holds, None where it is not one that can be read."""
    try:
        content = read_regular(folder / "summary.json", MOST_BYTES)
        if len(content) > MOST_BYTES:
            return None
        data: Summary = json.loads(content.decode("utf-8"))
        return data if _form().is_valid(data) else None
    except (OSError, ValueError, RecursionError, OverflowError):
        return None


@cache
def _form() -> Any:
    import jsonschema_rs

    rules = resources() / "schemas" / "summary.schema.json"
    return jsonschema_rs.validator_for(
        json.loads(rules.read_text(encoding="utf-8")), validate_formats=True
    )


def runs_before(folder: Path, data: Summary) -> tuple[list[Summary], list[str]]:
    """Return the summaries of the last runs of this environment, this one the last, oldest first.

    Besides, the names of the folders among them whose summary can't be read.
    """
    own = folder.resolve()
    name = data["environment"]["name"]
    found = [data]
    unread: list[str] = []
    # The youngest first, as the folders' names have it: of hundreds of nights only the last are read.
    for other in sorted(_others(own, f"{name}-"), reverse=True):
        if len(found) == MOST or len(unread) == MOST:
            break
        summary = summary_of(other)
        if summary is None and other.name[len(name) + 1 :][:1].isdigit():
            unread.append(other.name)
        elif summary is None:
            continue  # of another environment, whose name begins with this one's
        elif summary["environment"]["name"] == name and summary["started"] <= data["started"]:
            found.append(summary)
    return sorted(found, key=lambda one: str(one["started"])), unread


def _others(own: Path, start: str) -> Iterator[Path]:
    for other in own.parent.iterdir():
        is_run = other.name.startswith(start) and not other.is_symlink() and other.is_dir()
        if is_run and other.resolve() != own:
            yield other
