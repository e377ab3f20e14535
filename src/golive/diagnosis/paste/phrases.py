"""Finds what HTTP and OAuth libraries say in their own words: why no answer came, or the status and URL of one.

The words are data, `phrases.yaml`; what they mean are fields of `causes.yaml`. Those of `named_errors.yaml` come first.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from golive.diagnosis.causes import errors
from golive.kit.files import shipped

LONGEST_LINE = 4_000
"""Characters of a line that are searched; what a library says stands at its beginning."""


def knowledge() -> dict[str, Any]:
    """Return `phrases.yaml` as `schemas/phrases.schema.json` describes it."""
    return shipped("golive.diagnosis.paste", "phrases.yaml")


def words_of_library(library: str | None) -> dict[str, str]:
    """Return where this library sets things, none where it is not known."""
    found: dict[str, str] = knowledge()["libraries"].get(library, {})
    return found


@cache
def _compiled(part: str) -> tuple[tuple[re.Pattern[str], dict[str, Any]], ...]:
    rows = (_phrase(row) for row in errors()) if part == "phrases" else ()
    return tuple((re.compile(row["pattern"]), row) for row in (*rows, *knowledge()[part]))


def _phrase(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of `named_errors.yaml` as one of `phrases`."""
    own = {"library": row.get("library"), "pattern": row["words"], "first": row.get("first")}
    return own | {"fields": {"kind": row["id"]}}


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return a pattern of `patterns` by its name."""
    return re.compile(knowledge()["patterns"][name]["pattern"])


def failure_in(text: str) -> dict[str, Any]:
    """Return the fields of the first phrase that says why no usable answer came; empty where there is none.

    `behind` is the text that comes after the last of its kind.
    """
    return _found("phrases", text)


def status_in(text: str) -> dict[str, Any]:
    """Return `status`, and perhaps `url` and `method`, of a one-line error; empty where there is none."""
    found = _found("statuses", text)
    if "path" in found:
        found["url"] = f"https://{found.pop('host')}{found.pop('path')}"
    return found


def without_status(text: str) -> str:
    """Return a text without what only reports a status."""
    for one, _ in _compiled("statuses"):
        text = one.sub(" ", text)
    return text


def signs_in(text: str) -> dict[str, Any]:
    """Return the fields of every sign in a text; the first row that gives a field counts."""
    found: dict[str, Any] = {}
    for pattern, row in _compiled("signs"):
        if not row["fields"].keys() <= found.keys() and (match := pattern.search(text)):
            found = row["fields"] | match.groupdict() | found
    return found


def _found(part: str, text: str) -> dict[str, Any]:
    lines = "\n".join(line[:LONGEST_LINE] for line in text.split("\n"))
    for pattern, row in _compiled(part):
        if match := pattern.search(lines):
            groups = {k: v.rstrip(".,;") for k, v in match.groupdict().items() if v}
            if "status" in groups:
                groups |= {"status": int(groups["status"])}
            first = {"first": True} if row.get("first") else {}
            behind = lines[[*pattern.finditer(lines)][-1].end() :].partition("\n")[2]
            others = _others(pattern, lines)
            return {
                **row.get("fields", {}),
                **groups,
                **others,
                **first,
                "library": row["library"],
                "behind": behind,
            }
    return {}


def _others(pattern: re.Pattern[str], lines: str) -> dict[str, Any]:
    """Return the hosts for which a text reports the same failure, where they are several."""
    found = pattern.finditer(lines) if "host" in pattern.groupindex else ()
    hosts = sorted({each["host"] for each in found if each["host"]})
    return {"failing": "several", "failing_hosts": ", ".join(hosts[:4])} if len(hosts) > 1 else {}
