"""A comparison for people: the most serious first, each change once, with what it touches and what to do."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from golive.drift.change import Severity
from golive.redaction import redact
from golive.reporting.words import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.drift.change import Change, Comparison
    from golive.drift.fingerprint import Fingerprint

FEW = 3
LABEL = 12
NARROWEST = 60


def as_text(first: Fingerprint, second: Fingerprint, found: Comparison) -> str:
    """Return the whole comparison as text, without a line feed at its end."""
    width = max(shutil.get_terminal_size((100, 24)).columns, NARROWEST)
    lines = [f"from {_run(first)}", f"to   {_run(second)}"]
    if first.golive_version != second.golive_version:
        lines.append(
            f"made by golive {first.golive_version} and {second.golive_version}: a difference may be golive's own"
        )
    for change in found.changes:
        lines += ["", *_change(change, second, width)]
    lines += ["", *[wrapped(line, width) for line in _counts(found)]]
    return redact("\n".join(lines))


def _run(one: Fingerprint) -> str:
    return f"{one.run} ({one.environment}, {one.started:%Y-%m-%d %H:%M} UTC)"


def _change(change: Change, second: Fingerprint, width: int) -> list[str]:
    where = "" if change.at in {"status", "media type", "body", "token", "lifetime"} else change.at
    where = "" if where.startswith(("keys:", "reason:")) else where
    head = " ".join(filter(None, (change.operation, where.replace("header:", "header "))))
    lines = [wrapped(f"{change.severity}: {head}: {change.sentence}", width)]
    facts = [("seen in", _some(change.situations))]
    if change.since:
        facts.append(("since", _since(change, second)))
    facts.append(("contract", _contract(change)))
    if change.checks:
        facts.append(("checks", _checks(change)))
    if change.proposed:
        where = f"schemas/{change.proposed.file}, {change.proposed.at}"
        facts.append(("proposed", f"{where}: {change.proposed.line}"))
    return lines + [
        wrapped(f"  {label:<{LABEL - 2}}{text}", width, hanging=LABEL) for label, text in facts
    ]


def _contract(change: Change) -> str:
    if change.basis == "unknown":
        return "does not know it" + (f"; nearest: schemas/{change.node}" if change.node else "")
    return f"{change.basis}" + (f", schemas/{change.node}" if change.node else "")


def _since(change: Change, second: Fingerprint) -> str:
    if change.unbroken:
        return f"every run looked at, back to {change.since}"
    return "this run" if change.since == second.run else f"{change.since}"


def _checks(change: Change) -> str:
    rest = len(change.checks) - len(change.noticed_by)
    if not change.noticed_by:
        return f"{_some(change.checks)} read it"
    found = f"{_some(change.noticed_by)} found something there"
    return found + (f"; {rest} more read it" if rest else "")


def _some(names: Sequence[str]) -> str:
    """Name some of many: the shortest names are the plainest situations."""
    shown = sorted(names, key=lambda name: (len(name), name))[:FEW]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _counts(found: Comparison) -> list[str]:
    compared = f"{found.compared} {_plural('situation', found.compared)} compared"
    if found.changes:
        counts = ", ".join(f"{found.count(one)} {one}" for one in Severity)
        lines = [f"{counts}; {compared}."]
    elif found.compared:
        lines = [f"No difference; {compared}."]
    else:
        lines = ["Nothing to compare: the two runs have no situation in common."]
    for names, which in ((found.only_first, "first"), (found.only_second, "second")):
        if names:
            lines.append(f"Asked in the {which} run only, so no change: {_some(names)}.")
    return lines


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
