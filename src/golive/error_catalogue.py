"""The error contracts as data: `schemas/errors.yaml`, one valid request and one change a row.

A row is read, checked against its own JSON Schema and kept as it stands. How a change is made is in
`error_requests`, how an answer is judged in `error_judge`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.findings import SuiteError
from golive.label import Label
from golive.rows import read_rows
from golive.verdict import Basis, Level

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCHEMA = "errors.schema.json"


@dataclass(frozen=True)
class ErrorCase:
    """One row: the request `base` with one change is refused as `expect` says.

    `change` is the name of the change and its argument; `inferred` names the expectations that are only
    advice; `claims` are keys below an environment's `claims`. `oracle` is what Oracle's own hosts were seen or
    documented to answer beside that, and nobody else need.
    """

    id: str
    statement: str
    area: str
    base: str
    change: tuple[str, Any]
    expect: dict[str, Any]
    inferred: frozenset[str]
    level: Level
    basis: Basis
    source: str
    claims: tuple[str, ...] = ()
    oracle: Habit | None = None

    @property
    def label(self) -> Label:
        """The row's own label."""
        return Label(self.level, self.basis, self.source)

    def demands(self, *, of_oracle: bool) -> Iterator[tuple[str, Any, Label]]:
        """Yield each expectation, what is wanted, and how that is known; of Oracle's hosts also the habits."""
        for name, wanted in self.expect.items():
            yield name, wanted, _weaker(self.label, guess=name in self.inferred)
        if of_oracle and self.oracle:
            known = Label(self.level, self.oracle.basis, self.oracle.source)
            for name, wanted in self.oracle.expect.items():
                yield name, wanted, _weaker(known, guess=name in self.oracle.inferred)


@dataclass(frozen=True)
class Habit:
    """What Oracle's own hosts answer beside what a row demands of every server, and how that is known."""

    expect: dict[str, Any]
    inferred: frozenset[str]
    basis: Basis
    source: str


def _weaker(label: Label, *, guess: bool) -> Label:
    return replace(label, basis=Basis.INFERRED) if guess else label


@lru_cache(maxsize=4)
def load(folder: Path) -> tuple[ErrorCase, ...]:
    """Read every row below a `schemas/` folder; raises SuiteError naming the row that is wrong."""
    file = folder / "errors.yaml"
    cases = tuple(_case(row) for row in read_rows(file, folder / SCHEMA, "cases"))
    _refuse_twins(file.name, cases)
    return cases


def _case(row: dict[str, Any]) -> ErrorCase:
    return ErrorCase(
        id=row["id"],
        statement=row["statement"],
        area=row["area"],
        base=row["base"],
        change=next(iter(row["change"].items())),
        expect=row["expect"],
        inferred=frozenset(row.get("inferred", ())),
        level=Level(row["level"]),
        basis=Basis(row["basis"]),
        source=row["source"],
        claims=tuple(row.get("claims", ())),
        oracle=_habit(row["oracle"]) if "oracle" in row else None,
    )


def _habit(given: dict[str, Any]) -> Habit:
    return Habit(
        expect=given["expect"],
        inferred=frozenset(given.get("inferred", ())),
        basis=Basis(given["basis"]),
        source=given["source"],
    )


def _refuse_twins(name: str, cases: tuple[ErrorCase, ...]) -> None:
    ids: set[str] = set()
    changes: dict[str, str] = {}
    for case in cases:
        change = json.dumps([case.base, *case.change], sort_keys=True, default=str)
        if case.id in ids:
            raise SuiteError(f"{name}: two rows have the id {case.id}")
        if change in changes:
            raise SuiteError(f"{name}: {changes[change]} and {case.id} make the same request")
        ids.add(case.id)
        changes[change] = case.id
