"""Which checks found something in a run, and where: read from its summary, to stand beside a change."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from golive.drift.names import ITEM
from golive.environment.regular_files import MOST_BYTES, read_regular

if TYPE_CHECKING:
    from pathlib import Path

    from golive.drift.change import Change, Comparison

SUMMARY = "summary.json"
INDEX = re.compile(r"(?<=/)[0-9]+(?=/|$)")
PLACES = {"media type": "header:content-type"}


def noticed(folder: Path) -> dict[str, set[str]]:
    """Return the ids of the checks with findings in a run, by the place; empty without a summary."""
    try:
        checks = json.loads(read_regular(folder / SUMMARY, MOST_BYTES))["checks"]
        found: dict[str, set[str]] = {}
        for check in checks:
            for finding in check.get("findings", ()):
                at = str(finding["at"])
                place = at.lower() if at.startswith("header:") else INDEX.sub(ITEM, at)
                found.setdefault(place, set()).add(str(check["id"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # it adds to what the fingerprints say, and they do not need it
    return found


def with_noticed(found: Comparison, folder: Path) -> Comparison:
    """Return the comparison with the checks that found something at the place of each change.

    `folder` is the second run's; only checks count that read a situation which shows the change.
    """
    by_place = noticed(folder)
    changes = tuple(
        replace(one, noticed_by=tuple(sorted(by_place.get(_place(one), set()) & set(one.checks))))
        for one in found.changes
    )
    return replace(found, changes=changes)


def _place(change: Change) -> str:
    return PLACES.get(change.at, change.at)
