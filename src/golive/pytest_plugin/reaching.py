"""How far this run reaches, by the kill matrix that golive ships: read at the end, when the results are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.kill_matrix import WRITES, shipped
from golive.checks.reach import Known, Missing, Reach, reach
from golive.exchanges.model import exchanges_in

if TYPE_CHECKING:
    from golive.environment import Environment
    from golive.pytest_plugin.state import Run
    from golive.report.summary import Data


def mode_of(environment: Environment) -> frozenset[str]:
    """Return what the environment lets a run do: the names of its APIs, and `WRITES`."""
    return frozenset({*environment.apis, *([WRITES] if environment.may_write else [])})


def reach_of(run: Run) -> Reach | None:
    """Return how far the run reaches, None where no check of it has ended, or where a client is judged."""
    if not run.results or run.of_client:
        return None
    known = Known(
        results={result["id"]: result for result in run.results},
        answers={one.name for one in exchanges_in(run.made.values())},
        mode=mode_of(run.environment),
        over_budget=run.over_budget,
    )
    return reach(shipped(), known)


def reach_data(run: Run) -> Data | None:
    """Return the reach as it stands in `summary.json`, with the mode and what is demanded."""
    found = reach_of(run)
    if found is None:
        return None
    mode = mode_of(run.environment)
    return {
        "mode": {WRITES: WRITES in mode, "apis": sorted(mode - {WRITES})},
        "demanded": run.environment.demands.get("reach"),
        **found.as_dict(),
        "missing": [_with_cure(one, run.environment) for one in found.missing],
        "answers": sorted({one.name for one in exchanges_in(run.made.values())}),
    }


def _with_cure(one: Missing, environment: Environment) -> dict[str, object]:
    """Return what is missing with what would ask it, where that may be another thing than its key."""
    left_out = one.obstacle.key == "safety.access_rules"
    return one.as_dict() | ({"cure": environment.asks_all_by} if left_out else {})


def lacks_reach(run: Run) -> bool:
    """Whether the run reaches less far than its environment demands."""
    demanded = run.environment.demands.get("reach")
    if demanded is None:  # the usual case costs nothing
        return False
    found = reach_of(run)
    return found is not None and found.lacks(demanded)
