"""How far a run reaches, and what the command line leaves of its requests: the choice that `--budget N` makes.

The reach is that of the kill matrix that golive ships: read at the end, when the results are there.

The exchanges that show most faults for their requests come first; what is left out is said by its checks.
What is chosen is made in turns: a turn plans with the numbers of requests that the exchanges took on the twin, and the
next one with what has really been spent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.checks.kill_matrix import WRITES, shipped
from golive.checks.reach import Known, Missing, Reach, reach
from golive.contract.outcomes import CouldNotTellError
from golive.exchanges.failures import OWN_LIMIT
from golive.exchanges.model import exchanges_in
from golive.exchanges.registry import Key, shown_key
from golive.pytest_plugin.fixtures import EXCHANGES, check_of
from golive.pytest_plugin.state import EXCHANGE_KEY, fixed
from golive.transport.budget import unclaimed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pytest

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
        whole=not run.part,
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


TINY = 0.01
"""What an exchange is worth that shows no fault alone: still made where there is room."""


def make_within(
    run: Run, needed: Mapping[str, list[Key]], make: Callable[[list[Key]], None]
) -> frozenset[str]:
    """Make what fits into the budget, and return the checks that it leaves out.

    `needed` are the exchanges that each check takes; `make` makes them, and what they need.
    """
    client = run.client
    if client is None:  # on a worker, which makes nothing
        return frozenset()
    budget = run.environment.safety.budget
    mode = mode_of(run.environment)
    faults = _faults(mode)
    closures = {check: EXCHANGES.with_needs(keys) for check, keys in needed.items()}
    asked = fixed(frozenset[Key]().union(*closures.values()))
    contract = run.services["contract"]
    run.made |= {
        key: result
        for key, result in unclaimed(EXCHANGES, asked, run.environment, contract).items()
        if key not in run.made
    }
    while True:
        chosen = _chosen(run, closures, faults, budget - client.requests)
        if not chosen:
            break
        _make(run, make, chosen)
    # What the environment does not claim costs nothing, and says so.
    spent, needs = client.requests >= budget, shipped().needs
    rest = [check for check in closures if spent or not needs.get(check, mode) <= mode]
    _make(run, make, [key for check in rest for key in closures[check]])
    return frozenset(check for check, keys in closures.items() if keys - run.made.keys())


def _make(run: Run, make: Callable[[list[Key]], None], keys: list[Key]) -> None:
    """Make exchanges; one for which the budget did not last is none, and may not be needed again."""
    make(keys)
    for key in [key for key, result in run.made.items() if _is_over_budget(result)]:
        del run.made[key]


def _faults(mode: frozenset[str]) -> dict[str, int]:
    """Return for each check the deciding faults that it can detect in this mode, each a bit of a number."""
    matrix, found, bit = shipped(), dict[str, int](), 0
    for group in matrix.groups:
        if not group.deciding:
            continue
        bits = ((1 << len(group.faults)) - 1) << bit
        bit += len(group.faults)
        for killer in group.by:
            if matrix.needs.get(killer.check, frozenset()) <= mode:
                # What a check of every answer detects in one of them, the check that takes this one brings.
                check = matrix.readers.get(killer.exchange, killer.check)
                found[check] = found.get(check, 0) | bits
    return found


def _chosen(
    run: Run, closures: Mapping[str, frozenset[Key]], faults: Mapping[str, int], left: int
) -> list[Key]:
    """Return exchanges that are not made yet and fit into so many requests, best first: by new faults a request."""
    groups: dict[frozenset[Key], int] = {}
    for check, keys in closures.items():
        groups[keys] = groups.get(keys, 0) | faults.get(check, 0)
    have, seen, chosen = set(run.made), 0, list[Key]()
    for keys in [keys for keys in groups if keys <= have]:
        seen |= groups.pop(keys)
    while True:
        best = max(
            (
                (((bits & ~seen).bit_count() + TINY) / max(cost, TINY), keys)
                for keys, bits in groups.items()
                if (cost := sum(map(_cost, keys - have))) <= left
            ),
            key=lambda one: one[0],
            default=None,
        )
        if best is None:
            return chosen
        keys = best[1]
        left -= sum(map(_cost, keys - have))
        chosen += sorted(keys - have)
        have |= keys
        for done in [one for one in groups if one <= have]:
            seen |= groups.pop(done)


def _cost(key: Key) -> int:
    """Return how many requests an exchange took on the twin; generated ones have a budget of their own."""
    if key[0] == EXCHANGE_KEY:
        return 0
    return shipped().requests.get(shown_key(key)) or EXCHANGES[key[0]].steps


def _is_over_budget(result: object) -> bool:
    return isinstance(result, CouldNotTellError) and result.cause.startswith(
        f"{OWN_LIMIT}: the budget"
    )


def deselect(run: Run, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the checks over budget, as a selection does."""
    left = [item for item in items if (known := check_of(item)) and known.id in run.over_budget]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
