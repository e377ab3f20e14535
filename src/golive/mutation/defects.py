"""The suites against the twin with one defect at a time, and against the fault-free twin with other seeds.

`defects.yaml` says which checks detect a defect for its own reason, and at which place. No other check can count as
having detected it, so a run may leave the others out; only a whole one shows what else fails, and that nothing crashes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.kit.files import shipped
from golive.kit.problems import did_you_mean
from golive.mutation.judge import Result, matches
from golive.mutation.record import ANSWERS, run_pytest
from golive.mutation.runs import run_all
from golive.pytest_plugin.fixtures import check_of
from golive.pytest_plugin.selecting import with_twin
from golive.pytest_plugin.state import RUN
from golive.redaction import REDACTOR
from golive.twin import DEFECT_FACTS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    import pytest

    from golive.pytest_plugin.state import Run

INJECTED = tuple(name for name, facts in DEFECT_FACTS.items() if not facts.needs_unusual_input)
"""The defects that the fixed suites must detect; generated requests find the others."""

ROWS = "src/golive/mutation/defects.yaml"
FOUND = frozenset({Outcome.FAILED, Outcome.ADVICE})
WHOLE = 10
"""Of so many defects one is run with every check."""


@dataclass(frozen=True)
class DefectRun:
    """What one run gave: its exit code and each check's result."""

    name: str
    exit_code: int
    results: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def whole_ones(defects: list[str]) -> frozenset[str]:
    """Return those of the defects that are run with every check: of all one in `WHOLE`, else each."""
    return frozenset(defects[::WHOLE] if set(defects) == set(INJECTED) else defects)


def judged_defects(
    defects: list[str], jobs: int, whole: Container[str]
) -> Iterator[tuple[str, Result]]:
    """Yield what became of each defect as its run ends.

    Those that are not among `whole` are run with the checks that their rows name; where that does not come to what the
    row says (a defect of every third answer needs as many as a run has), a whole run decides.
    """
    again: list[str] = []
    for run in defect_runs(defects, jobs, whole):
        result = judge(run)
        if run.name not in whole and (result.missed_by or result.crashed):
            again.append(run.name)
        else:
            yield run.name, result
    if again:
        for run in defect_runs(again, jobs):
            yield run.name, judge(run)


def defect_runs(
    names: list[str], jobs: int, whole: Container[str] | None = None
) -> Iterator[DefectRun]:
    """Yield the run of each defect as it ends: a whole one where it is among `whole`, or where there is no `whole`."""
    begin = partial(_with_defect, frozenset(names) if whole is None else whole)
    yield from run_all(names, begin, _ended, jobs)


def _with_defect(whole: Container[str], name: str, session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    run.environment = with_twin(run.environment, [name], None)
    run.keep_going = True
    if name not in whole:
        named = [item for item in session.items if _is_named(item, name)]
        # What reads every answer of a run needs all of them.
        if named and not any(ANSWERS in getattr(item, "fixturenames", ()) for item in named):
            session.items[:] = named


def _is_named(item: pytest.Item, defect: str) -> bool:
    """Return whether a test is a check that the row of the defect names."""
    check = check_of(item)
    row = expectations().get(defect, {"by": []})
    return check is not None and any(names(one, check.id) for one in row["by"])


def honest_runs(seeds: list[int], jobs: int) -> Iterator[DefectRun]:
    """Yield a run on the fault-free twin for each seed as it ends."""
    yield from run_all([f"seed {seed}" for seed in seeds], _with_seed, _ended, jobs)


def _with_seed(name: str, session: pytest.Session) -> None:
    run = session.config.stash[RUN]
    run.environment = with_twin(run.environment, [], int(name.removeprefix("seed ")))


def _ended(name: str, run: Run, code: int) -> DefectRun:
    return DefectRun(name, code, run.results, run.faults)


class _Taker:
    """A plug-in that keeps the run's state, which is gone at the end of the session."""

    run: Run

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.run = session.config.stash[RUN]


def run_on_workers() -> DefectRun:
    """Run the whole suite on the fault-free twin with two workers."""
    REDACTOR.clear()
    taker = _Taker()
    code = run_pytest(("--env=twin", "-n", "2"), taker)
    return _ended("two workers", taker.run, code)


def expectations() -> dict[str, dict[str, Any]]:
    """Return for each defect the checks that detect it for its own reason, and at which places."""
    return shipped("golive.mutation", "defects.yaml")


def judge(run: DefectRun) -> Result:
    """Say which checks detected the defect for its own reason, and which failed for another one."""
    row = expectations().get(run.name)
    expected = row or {"by": [], "at": []}
    result = Result(crashed=list(run.faults))
    for one in run.results:
        if one["outcome"] == Outcome.INTERNAL_ERROR:
            result.crashed.append(one["id"])
        if one["outcome"] not in FOUND:
            continue
        right = [f for f in one["findings"] if matches(f["at"], tuple(expected["at"]))]
        if not right or not any(names(check, one["id"]) for check in expected["by"]):
            result.failed_elsewhere.append(one["id"])
            continue
        result.places += [(one["id"], f["at"], f["exchange"]["name"]) for f in right]
        if any(not finding["advice"] for finding in right):
            result.detected_by.append(one["id"])
        else:
            result.advised_by.append(one["id"])
    by_a_check = [*result.detected_by, *result.advised_by]
    result.missed_by = [
        check for check in expected["by"] if not any(names(check, one) for one in by_a_check)
    ]
    if result.missed_by or not by_a_check:
        result.why = list(_reasons(run, row, unseen=not by_a_check))
    return result


def _reasons(run: DefectRun, row: dict[str, Any] | None, *, unseen: bool) -> Iterator[str]:
    """Say what a row of `defects.yaml` and a run don't agree about; of a defect that is `unseen`, all that failed."""
    if row is None:
        yield f"no row in {ROWS}"
    by, at = (row["by"], row["at"]) if row else ([], [])
    known = [one["id"] for one in run.results]
    for name in by:
        if known and not any(names(name, one) for one in known):
            cure = did_you_mean(name, known) or "`golive checks` lists them"
            yield f"no such check: {name} ({cure})"
    for one in run.results:
        named = any(names(check, one["id"]) for check in by)
        if one["outcome"] not in FOUND or not (unseen or named):
            continue
        places = list(dict.fromkeys(finding["at"] for finding in one["findings"]))
        failed = f"check {one['id']} failed at {', '.join(places)}"
        if not named:
            yield f"{failed}, the row does not name it" if row else failed
        elif not any(matches(place, tuple(at)) for place in places):
            yield f"{failed}, the row says {', '.join(at)}"


def names(check: str, one: str) -> bool:
    """Return whether a name in a table is that of a check: `*-RULE` is that of a rule at each operation.

    `ONE | OTHER` is either: of two checks that compare what is asked for several times, one meets each third answer.
    """
    return any(
        one.endswith(name[1:]) if name.startswith("*") else one == name
        for name in check.split(" | ")
    )
