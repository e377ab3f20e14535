"""The proof itself: a fault-free run, its mutants, the twin's defects, clients, and fault-free runs of other seeds."""

from __future__ import annotations

import time
from itertools import chain
from typing import TYPE_CHECKING, Any

from golive.checks.verdict import Outcome
from golive.client.habits import OF_ANY_HABIT, good_clients, habits, judged
from golive.client.judging import rules
from golive.contract.outcomes import NOT_CLAIMED
from golive.contract.requirements import load
from golive.contract.validation import judged_twice
from golive.exchanges.model import exchanges_in
from golive.exchanges.registry import shown_key
from golive.mutation.defects import (
    INJECTED,
    expectations,
    honest_runs,
    judged_defects,
    run_on_workers,
    whole_ones,
)
from golive.mutation.judge import Result, judge_mutant
from golive.mutation.matrix import Fault, Matrix
from golive.mutation.record import Recording, record
from golive.mutation.refusals import refusal_mutants, token_mutants
from golive.mutation.responses import success_mutants
from golive.twin import DEFECT_FACTS, DEFECTS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from golive.exchanges.registry import Key
    from golive.mutation.judge import Mutant
    from golive.mutation.record import Case

    Progress = Callable[[str, int, int], None]
    from collections.abc import Callable

    from golive.client.habits import Habit
    from golive.client.judging import Judged
    from golive.contract.document import Contract
    from golive.mutation.matrix import Matrix


def let_clients_work(matrix: Matrix, contract: Contract, progress: Progress) -> None:
    """Fill in what the checks say of each client; what a row does not name must find nothing."""
    checks = {rule.check.id: rule.check for rule in rules()}
    matrix.client_checks = {name: check.deciding for name, check in checks.items()}
    for good in good_clients():
        matrix.false_alarms += [
            f"client «{good.name}»: {one.check.id} {one.found}"
            for one in judged(good, contract)
            if one.found
        ]
    for done, habit in enumerate(habits(), 1):
        check = checks[habit.by[0]]
        found = judged(habit, contract)
        result = result_of(habit, found)
        matrix.false_alarms += [
            f"client «{habit.name}», which does nothing against it: {one.check.id} {one.found}"
            for one in found
            if one.check.id in result.failed_elsewhere
        ]
        fault = Fault.of(
            habit.name, "client", check.area, habit.says, result, deciding=check.deciding
        )
        matrix.clients.append(fault)
        progress("clients", done, len(habits()))


def result_of(habit: Habit, found: list[Judged]) -> Result:
    """Return what became of a habit: only checks that its row names have detected it."""
    result = Result()
    for one in found:
        if one.found is None:
            continue
        name, advised = one.check.id, not one.check.deciding or one.found.advice
        if name not in (*habit.by, *habit.also, *OF_ANY_HABIT):
            result.failed_elsewhere.append(name)
        elif name in habit.by:
            (result.advised_by if advised else result.detected_by).append(name)
    detected = {*result.detected_by, *result.advised_by}
    result.missed_by = [name for name in habit.by if name not in detected]
    return result


def prove(
    matrix: Matrix,
    seeds: int,
    jobs: int,
    progress: Progress,
    defects: list[str],
    *,
    mutants: bool = True,
    workers: bool = True,
    clients: bool = True,
) -> None:
    """Fill the matrix; what was learnt before an interruption stays in it.

    `progress` is called with (phase, done, all); `workers`: one more fault-free run is made on two of them. Both
    validators judge every instance of the mutants and of the fault-free runs. Raises SuiteError where there is no
    fault-free run.
    """
    recording = record()
    matrix.checks = {case.check.id: case.check.deciding for case in recording.cases}
    _learn_of_runs(matrix, recording)
    rows = load(recording.contract.folder, with_project=False)
    matrix.requirements = {row.id: row.checks for row in rows if row.checks}
    if mutants:
        _mutants(matrix, recording, progress)
    if defects:
        _defects(matrix, defects, jobs, progress)
    if clients:
        let_clients_work(matrix, recording.contract, progress)
    _fault_free(matrix, seeds, jobs, progress, workers=workers)
    matrix.complete = mutants and clients and set(defects) == set(INJECTED)


def _learn_of_runs(matrix: Matrix, recording: Recording) -> None:
    """Fill in what the shipped kill matrix has beside the faults."""
    cases = sorted(recording.cases, key=lambda case: (len(case.needs), case.check.id), reverse=True)
    matrix.needs = {case.check.id: case.needs for case in cases}
    matrix.read_all = {case.check.id for case in cases if case.reads_all}
    matrix.readers = {
        one.name: case.check.id
        for case in cases  # the last one that takes an answer is the one that needs least
        for one in exchanges_in(recording.made[key] for key in case.exchanges.values())
    }
    # An error case has a check of its own; those that gather many pass without this one.
    matrix.readers |= {name: name for name in matrix.readers.keys() & matrix.needs.keys()}
    matrix.requests = {
        shown_key(key): len(list(exchanges_in([made]))) for key, made in recording.made.items()
    }


def mutants_of(recording: Recording) -> list[Mutant]:
    """Return every mutant of a recording."""
    return [
        *success_mutants(recording),
        *token_mutants(recording),
        *refusal_mutants(recording),
        *recording.own_faults,
    ]


@judged_twice()
def _mutants(matrix: Matrix, recording: Recording, progress: Progress) -> None:
    progress("making mutants", 0, 0)
    made = mutants_of(recording)
    readers: dict[Key, list[Case]] = {}
    start = time.process_time()
    for done, mutant in enumerate(made, 1):
        if mutant.key not in readers:
            readers[mutant.key] = recording.readers(mutant.key)
        result = judge_mutant(recording, mutant, readers[mutant.key])
        said = mutant.violation
        matrix.faults.append(
            Fault.of(mutant.id, "mutant", mutant.area, said, result, deciding=mutant.deciding)
        )
        if done % 100 == 0 or done == len(made):
            progress("mutants", done, len(made))
    matrix.mutants_per_second = len(made) / (time.process_time() - start)


# Not judged twice: what the faster validator missed of a defect would be a defect that goes undetected.
def _defects(matrix: Matrix, names: list[str], jobs: int, progress: Progress) -> None:
    for done, (name, result) in enumerate(judged_defects(names, jobs, whole_ones(names)), 1):
        facts = DEFECT_FACTS[name]
        deciding = not facts.is_advice and not expectations().get(name, {}).get("advice", False)
        said = DEFECTS[name]
        matrix.faults.append(Fault.of(name, "defect", facts.area, said, result, deciding=deciding))
        progress("defects", done, len(names))


@judged_twice()
def _fault_free(
    matrix: Matrix, seeds: int, jobs: int, progress: Progress, *, workers: bool
) -> None:
    on_workers = (run_on_workers() for _ in range(workers))
    runs = chain(honest_runs(list(range(2, seeds + 2)), jobs), on_workers)
    for done, run in enumerate(runs, 1):
        alarms = [one for one in run.results if one["outcome"] != Outcome.PASSED]
        matrix.honest_runs = done
        matrix.false_alarms += [f"{run.name}: {_alarm(one)}" for one in alarms]
        matrix.false_alarms += [f"{run.name}: {fault}" for fault in run.faults]
        progress("fault-free runs", done, seeds + workers)


def _alarm(result: Mapping[str, Any]) -> str:
    """Return which check did not pass, and why where it could not even run."""
    said = f"{result['id']} {result['outcome']}"
    if result["outcome"] != Outcome.NOT_CLAIMED:
        return said
    key = result["reason"].removeprefix(NOT_CLAIMED)
    return f"{said}: environments/twin.yaml, with which faults are injected, lacks its {key}"
