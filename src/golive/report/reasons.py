"""Why a run came to its verdict: each reason a sentence with the number of checks it explains and the next step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from golive.checks.verdict import ExitCode, Outcome
from golive.kit.problems import counted
from golive.report.causes import found_in
from golive.report.groups import by_cause, grouped
from golive.report.reach import not_tested, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from golive.contract.harm import Harm
    from golive.report.causes import Entry
    from golive.report.groups import Cause
    from golive.report.summary import Data, Summary

MOST = 3
"""Reasons that stand on the first screen."""

UNSAID = "Look at the suite's own log and report it to the maintainers of the suite; it says nothing about the API."


@dataclass(frozen=True)
class Reason:
    """`checks` are the ids of those that it explains, the first the one that says most; `harm` only of a finding."""

    sentence: str
    next_step: str
    checks: tuple[str, ...] = ()
    harm: Harm | None = None

    @property
    def explains(self) -> str:
        """How many checks it explains, in words; empty where it is about none."""
        return counted(len(self.checks), "check") if self.checks else ""


def reasons(data: Summary) -> list[Reason]:
    """Return all reasons, the first one first; a GO has none."""
    return [] if data["exit_code"] == ExitCode.GO else list(_reasons(data))


def of_entry(entry: Entry) -> Reason:
    """Return what an entry says as a reason."""
    root, also = entry.root, [one["id"] for one in (*entry.others, *entry.left_open)]
    return Reason(entry.sentence, entry.finding["next_step"], (root["id"], *also), entry.harm)


def _reasons(data: Summary) -> Iterator[Reason]:
    if diagnosis := data["diagnosis"]:
        yield Reason(diagnosis["cause"], diagnosis["cure"])
    for problem in data.get("problems", []):
        yield Reason(problem, "")
    for fault in data["internal_errors"]:
        yield Reason(f"The suite itself failed: {fault}", UNSAID)
    found = found_in(data["checks"])
    yield from map(of_entry, found.failed)
    for test in data.get("project_tests", []):
        if test["outcome"] == Outcome.FAILED:
            yield Reason(f"{test['nodeid']}: {test['cause']}", "")
    if data["exit_code"] == ExitCode.NOTHING_PROVEN:
        yield from _unproven(data["proofs"])
    yield from _left_open(one for one in found.rest if one["deciding"])
    for entry in data["known_deviations"]:
        if entry["stale"]:
            step = f"Delete the entry at {entry['place']}."
            yield Reason(f"{entry['check']}: {entry['words']}", step, (entry["check"],))


def _left_open(deciding: Iterable[Data]) -> Iterator[Reason]:
    """Yield why deciding checks have no verdict, what keeps most of them first; one reason has one next step."""
    causes = by_cause(deciding, Outcome.INTERNAL_ERROR, Outcome.COULD_NOT_TELL)
    alike = grouped(causes, lambda one: (one.outcome, one.why)).items()

    def first(one: tuple[object, list[Cause]]) -> tuple[bool, int]:
        return one[1][0].follows, -sum(len(cause.ids) for cause in one[1])

    for (outcome, why), members in sorted(alike, key=first):
        ids = tuple(name for one in members for name in one.ids)
        outcome_words = f"{outcome[0].upper()}{outcome[1:]}"
        yield Reason(f"{outcome_words}: {why.rstrip('.')}.", members[0].next_step, ids)


def _unproven(proofs: list[Data]) -> Iterator[Reason]:
    lacking = [one for one in proofs if one["lacking"]]
    nothing = [one["operation"] for one in proofs if one.get("unproven") and one not in lacking]
    if nothing:
        step = "Name test data for which it answers with content, or take it out of `claims.operations`."
        yield Reason(f"{', '.join(nothing)}: nothing is proven against a real success.", step)
    for one in lacking:
        demand = f"{one['demanded']} are demanded"
        step = "Look at what kept its checks from a success, or correct `demands`."
        yield Reason(f"{one['operation']}: {one['proofs']} proofs, and {demand}.", step)


def tested(data: Summary) -> list[str]:
    """Say in sentences what was asked and what was not; none where no check was made."""
    if not data["checks"]:
        return []
    asked_nothing = (Outcome.NOT_CLAIMED, Outcome.NOT_SEEN)
    without = (Outcome.COULD_NOT_TELL, *asked_nothing, Outcome.INTERNAL_ERROR)
    judged = sum(one["outcome"] not in without for one in data["checks"])
    number, writing = counted(data["requests"], "request"), len(data.get("written", []))
    wrote = f"{writing} of them writing" if writing else "none of them writing"
    said = f"Tested: {judged} of {counted(len(data['checks']), 'check')} were decided, from {number}, {wrote}"
    proven = [one["operation"] for one in data["proofs"] if one["proofs"]]
    found = [f"{said}; proven against a real success: {', '.join(proven) or 'no operation'}."]
    if reach := data.get("reach"):
        found.append(f"This run {sentence(reach)}.")
        found += [words] if (words := not_tested(reach)) else []
    return found
