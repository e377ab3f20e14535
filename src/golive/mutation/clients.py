"""Clients with a bad habit each, and which checks of clients detect it; the good ones must be free of findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from golive.client.habits import OF_ANY_HABIT, good_clients, habits, judged
from golive.client.judging import rules
from golive.mutation.judge import Result
from golive.mutation.matrix import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from golive.client.habits import Habit
    from golive.client.judging import Judged
    from golive.contract.document import Contract
    from golive.mutation.matrix import Matrix

    Progress = Callable[[str, int, int], None]


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
