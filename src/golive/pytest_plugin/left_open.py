"""What a run left open, and what it could decide since a service taught where its answers have what checks read."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.kit.problems import counted
from golive.report.text import some

if TYPE_CHECKING:
    from golive.pytest_plugin.state import Run

NAMED = 3


def left_open(run: Run) -> list[str]:
    """Say how many deciding checks could not be decided, of what, and in their own words why."""
    unclear = [one for one in run.results if one["outcome"] == Outcome.COULD_NOT_TELL]
    unsettled = [one for one in unclear if one["deciding"] and one["unsettled_shape"]]
    places = defaultdict[str, Counter[str]](Counter)
    for result in unsettled:
        places[result["cause"]][(result["operations"] or [result["area"]])[0]] += 1
    reasons = sorted(places.items(), key=lambda one: -one[1].total())
    said = [f"{why} ({_counted(where)})" for why, where in reasons[:NAMED]]
    if rest := reasons[NAMED:]:
        more = sum((where for _, where in rest), Counter[str]())
        said.append(f"other reasons ({_counted(more)})")
    return [f"{open_checks(len(unsettled))} open: {'; '.join(said)}."] if said else []


def learnt_places(run: Run) -> list[str]:
    """Say on which learnt places the verdict rests, and how many checks they made decide since the run before."""
    contract = run.services.get("contract")
    if contract is None or not (learnt := contract.mapping.learnt):
        return []
    seen = sorted({one.source.partition(":")[0] for one in learnt})
    number = counted(len(learnt), "place")
    said = f"Answers were read by {number} of schemas/mapping.yaml ({some(seen, NAMED)})"
    decided = len(_open_before(run) & {one["id"] for one in run.results if _decides(one)})
    if decided:
        which = "1 check decides" if decided == 1 else f"{decided} checks decide"
        said += f": {which} now that remained open in the run before"
    return [f"{said}."]


def _decides(result: dict[str, Any]) -> bool:
    return result["deciding"] and result["outcome"] in (Outcome.PASSED, Outcome.FAILED)


def _open_before(run: Run) -> set[str]:
    """Return the ids of the checks that could not tell in the run of this environment and tenant before this one."""
    from golive.drift.runs import Runs
    from golive.report.html.render import summary_of

    if run.folder is None:
        return set()
    for folder in reversed(Runs(run.folder.parent).of(run.environment.name)):
        data = None if folder.name == run.folder.name else summary_of(folder)
        if data and data["environment"].get("tenant") == run.environment.tenant:
            return {one["id"] for one in data["checks"] if one["outcome"] == Outcome.COULD_NOT_TELL}
    return set()


def _counted(places: Counter[str]) -> str:
    return ", ".join(f"{place} {number}" for place, number in places.most_common())


def open_checks(number: int) -> str:
    """Return the beginning of a sentence about so many deciding checks that could not tell."""
    return "1 deciding check remains" if number == 1 else f"{number} deciding checks remain"
