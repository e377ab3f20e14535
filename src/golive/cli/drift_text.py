"""A comparison for people: the most serious first, each change once, with what it touches and what to do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from golive.drift.change import Severity
from golive.kit.problems import counted
from golive.redaction import redact
from golive.report.groups import grouped
from golive.report.text import labelled, some, terminal_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from golive.drift.change import Change, Comparison
    from golive.drift.fingerprint import Fingerprint

PATH = re.compile(r"#/paths/[^/]+/[a-z]+(?=/)")
FEW = 3


def as_text(first: Fingerprint, second: Fingerprint, found: Comparison) -> str:
    """Return the whole comparison as text, without a line feed at its end."""
    width = terminal_width()
    lines = [f"from {_run(first)}", f"to   {_run(second)}"]
    if first.golive_version != second.golive_version:
        lines.append(
            f"made by golive {first.golive_version} and {second.golive_version}: a difference may be golive's own"
        )
    if first.tenant and second.tenant and first.tenant != second.tenant:
        lines.append(
            f"two tenants, {first.tenant} and {second.tenant}: a difference may be one between their domains"
        )
    for alike in _alike(found.changes):
        lines += ["", *_changes(alike, second, width)]
    lines += ["", *[wrapped(line, width) for line in _counts(found)]]
    return redact("\n".join(lines))


def _run(one: Fingerprint) -> str:
    return f"{one.run} ({one.environment}, {one.started:%Y-%m-%d %H:%M} UTC)"


def _alike(changes: Sequence[Change]) -> list[list[Change]]:
    """Put what is the same in several operations together: it mostly has one cause."""
    alike = grouped(changes, lambda one: (one.severity, one.at, one.sentence, one.since))
    return list(alike.values())


def _changes(alike: Sequence[Change], second: Fingerprint, width: int) -> list[str]:
    """Return the lines of one change, or of one that several operations show."""
    change = alike[0]
    operations = ", ".join(dict.fromkeys(one.operation for one in alike))
    situations = {name for one in alike for name in one.situations}
    where = "" if change.at in {"status", "media type", "body", "token", "lifetime"} else change.at
    where = "" if where.startswith(("keys:", "reason:")) else where
    head = " ".join(filter(None, (operations, where.replace("header:", "header "))))
    lines = [wrapped(f"{change.severity}: {head}: {change.sentence}", width)]
    facts = [("seen in", _some(sorted(situations)))]
    if change.since:
        facts.append(("since", _since(change, second)))
    facts.append(("contract", _contract(alike)))
    if change.checks:
        facts.append(("checks", _checks(alike)))
    for one in dict.fromkeys(each.proposed for each in alike if each.proposed):
        at = one.at or "top level"  # of a schema that others refer to as a whole
        facts.append(("proposed", f"schemas/{one.file}, {at}: {one.line}"))
    return lines + [labelled(label, text, width) for label, text in facts]


def _contract(alike: Sequence[Change]) -> str:
    """Say how the contract knows the place, and where it says so; an operation is named, not its path."""
    nodes = {
        f"schemas/{PATH.sub(rf', {one.operation}', one.node)}": None for one in alike if one.node
    }
    more = len(nodes) - 1
    where = next(iter(nodes), "") + (f" and {more} more" if more > 0 else "")
    if alike[0].basis == "unknown":
        return "does not know it" + (f"; nearest: {where}" if where else "")
    bases = " or ".join(dict.fromkeys(one.basis for one in alike))
    return bases + (f": {where}" if where else "")


def _since(change: Change, second: Fingerprint) -> str:
    if change.unbroken:
        return f"every run looked at, back to {change.since}"
    return "this run" if change.since == second.run else f"{change.since}"


def _checks(alike: Sequence[Change]) -> str:
    reading = sorted({name for one in alike for name in one.checks})
    noticing = sorted({name for one in alike for name in one.detected_by})
    rest = len(reading) - len(noticing)
    if not noticing:
        return f"{_some(reading)} read it"
    found = f"{_some(noticing)} found something there"
    return found + (f"; {rest} more read it" if rest else "")


def _some(names: Sequence[str]) -> str:
    """Name some of many: the shortest names are the plainest situations."""
    return some(sorted(names, key=lambda name: (len(name), name)), FEW)


def _counts(found: Comparison) -> list[str]:
    compared = f"{counted(found.compared, 'situation')} compared"
    if found.changes:
        counts = ", ".join(f"{found.count(one)} {one}" for one in Severity)
        lines = [f"{counts}, counted for each operation; {compared}."]
    elif found.compared:
        lines = [f"No difference; {compared}."]
    else:
        lines = ["Nothing to compare: the two runs have no situation in common."]
    for names, which in ((found.only_first, "first"), (found.only_second, "second")):
        if names:
            lines.append(f"Asked in the {which} run only, so no change: {_some(names)}.")
    return lines
