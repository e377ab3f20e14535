"""Files of rows that golive itself ships, such as `schemas/errors.yaml`: read, and held against their JSON Schema.

What is wrong with such a file is the suite's own fault, so it is a SuiteError and names the row.

The error contracts as data: `schemas/errors.yaml`, one valid request and one change a row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.label import Basis, Label, Level
from golive.contract.outcomes import SuiteError
from golive.kit.json_schema import keeps

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read_rows(file: Path, schema: Path, key: str) -> list[dict[str, Any]]:
    """Return the rows that stand below `key` in a YAML file, in their order.

    `schema` is the JSON Schema of the whole file. Raises SuiteError with the row and what is wrong with it.
    """
    import yaml

    from golive.kit.files import SAFE_LOADER

    try:
        loader = SAFE_LOADER(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        _refuse_repeated_keys(file.name, node)
        content: Any = None if node is None else loader.construct_document(node)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SuiteError(f"{file.name} can't be read: {error}") from None
    rules = json.loads(schema.read_text(encoding="utf-8"))
    if not keeps(rules, content):
        _explain(file.name, rules, content, key)
    rows: list[dict[str, Any]] = content[key]
    return rows


def _explain(name: str, rules: Any, content: Any, key: str) -> None:
    from jsonschema import Draft202012Validator

    for problem in Draft202012Validator(rules).iter_errors(content):
        where = _row_name(content, key, problem.absolute_path)
        raise SuiteError(f"{name}: {where}: {problem.message}")


def _refuse_repeated_keys(name: str, node: Any) -> None:
    """Refuse a key that stands twice in one mapping: YAML would silently keep only the last."""
    import yaml

    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated_keys(name, item)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                raise SuiteError(f"{name}:{key.start_mark.line + 1}: the key {word} stands twice")
            seen.add(word)
            _refuse_repeated_keys(name, value)


def _row_name(content: Any, key: str, path: Any) -> str:
    steps = list(path)
    try:
        return f"row {steps[1] + 1} ({content[key][steps[1]]['id']})"
    except (IndexError, KeyError, TypeError):
        return "/".join(map(str, steps)) or "the whole file"


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
