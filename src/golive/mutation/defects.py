"""The whole suite against the twin with one defect at a time, and against the fault-free twin with other seeds.

Each run is a process forked after everything was imported, several side by side. What a run found comes back
as plain data; `defects.yaml` says which checks detect a defect for its own reason, and at which place.
"""

from __future__ import annotations

import gc
import multiprocessing
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.kit.problems import did_you_mean
from golive.mutation.judge import Result, matches
from golive.mutation.record import run_pytest
from golive.redaction import REDACTOR
from golive.twin import DEFECT_FACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

SHARED = (
    "jsonschema",
    "jsonschema_rs",
    "golive.transport.client",
    "golive.contract.document",
    "golive.diagnosis.preflight",
    "golive.transport.api",
    "golive.pytest_plugin",
    "golive.twin.app",
    "golive.twin.serving",
)
"""What every run needs, imported once, before the processes part."""

INJECTED = tuple(name for name, facts in DEFECT_FACTS.items() if not facts.needs_unusual_input)
"""The defects that the fixed suites must detect; generated requests find the others."""

ROWS = "src/golive/mutation/defects.yaml"
FOUND = frozenset({Outcome.FAILED, Outcome.ADVICE})


@dataclass(frozen=True)
class DefectRun:
    """What one run gave: its exit code and each check's result."""

    name: str
    exit_code: int
    results: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class _Taker:
    """A plug-in that keeps the run's results before the session's state is gone."""

    def __init__(self) -> None:
        self.results: list[dict[str, Any]] = []
        self.faults: list[str] = []

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        from golive.pytest_plugin.state import RUN

        run = session.config.stash[RUN]
        self.results, self.faults = run.results, run.faults


def run_once(name: str, *options: str) -> DefectRun:
    """Run the whole suite in this process with these options."""
    REDACTOR.clear()  # the secrets of the twin before are nobody's any more, and each costs a search
    taker = _Taker()
    code = run_pytest(("--env=twin", *options), taker)
    return DefectRun(name, code, taker.results, taker.faults)


def _defect(name: str) -> DefectRun:
    return run_once(name, "--keep-going", f"--defect={name}")


def _seed(seed: int) -> DefectRun:
    return run_once(f"seed {seed}", f"--twin-seed={seed}")


def run_on_workers() -> DefectRun:
    """Run the whole suite on the fault-free twin with two workers."""
    return run_once("two workers", "-n", "2")


def defect_runs(names: list[str], jobs: int) -> Iterator[DefectRun]:
    """Yield the run of each defect as it ends."""
    yield from _side_by_side(_defect, names, jobs)


def honest_runs(seeds: list[int], jobs: int) -> Iterator[DefectRun]:
    """Yield a run on the fault-free twin for each seed as it ends."""
    yield from _side_by_side(_seed, seeds, jobs)


def _side_by_side(work: Any, names: list[Any], jobs: int) -> Iterator[DefectRun]:
    preload()
    context = multiprocessing.get_context("fork")
    with context.Pool(jobs, initializer=_leave_signals_to_the_parent) as pool:
        yield from pool.imap_unordered(work, names)


def _leave_signals_to_the_parent() -> None:
    """Let Ctrl-C end the parent, which ends its children: they have nothing of their own to save."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # a run in the parent may have changed it


def preload() -> None:
    """Import what the children would otherwise import one by one, and make what takes each of them long."""
    from importlib import import_module

    from golive.twin.keys import make_rsa_keys
    from golive.twin.names import PRODUCTION_CLOUD

    for name in SHARED:
        import_module(name)
    make_rsa_keys([PRODUCTION_CLOUD], ["system-rs384"])
    gc.freeze()  # what is here now stays: no child need look through it for garbage


@cache
def expectations() -> dict[str, dict[str, Any]]:
    """Return for each defect the checks that detect it for its own reason, and at which places."""
    from golive.kit.files import read_yaml

    return dict(read_yaml(files("golive.mutation").joinpath("defects.yaml")))


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
        if one["id"] not in expected["by"] or not right:
            result.failed_elsewhere.append(one["id"])
        elif any(not finding["advice"] for finding in right):
            result.detected_by.append(one["id"])
        else:
            result.advised_by.append(one["id"])
    by_a_check = {*result.detected_by, *result.advised_by}
    result.missed_by = [check for check in expected["by"] if check not in by_a_check]
    if result.missed_by or not by_a_check:
        result.why = list(_reasons(run, row, unseen=not by_a_check))
    return result


def _reasons(run: DefectRun, row: dict[str, Any] | None, *, unseen: bool) -> Iterator[str]:
    """Say what a row of `defects.yaml` and a run don't agree about; of a defect that is `unseen`, all that failed."""
    if row is None:
        yield f"no row in {ROWS}"
    by, at = (row["by"], row["at"]) if row else ([], [])
    known = {one["id"] for one in run.results}
    for name in (name for name in by if known and name not in known):
        yield f"no such check: {name} ({did_you_mean(name, known) or '`golive checks` lists them'})"
    for one in run.results:
        if one["outcome"] not in FOUND or not (unseen or one["id"] in by):
            continue
        places = list(dict.fromkeys(finding["at"] for finding in one["findings"]))
        failed = f"check {one['id']} failed at {', '.join(places)}"
        if one["id"] not in by:
            yield f"{failed}, the row does not name it" if row else failed
        elif not any(matches(place, tuple(at)) for place in places):
            yield f"{failed}, the row says {', '.join(at)}"
