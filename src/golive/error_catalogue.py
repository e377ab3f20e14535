"""The error contracts as data: `schemas/errors.yaml`, one valid request and one change a row.

A row is read, checked against its own JSON Schema and kept as it stands. How a change is made is in
`error_requests`, how an answer is judged in `error_judge`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.findings import SuiteError
from golive.verdict import Basis, Level

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = "errors.schema.json"


@dataclass(frozen=True)
class ErrorCase:
    """One row: the request `base` with one change is refused as `expect` says.

    `change` is the name of the change and its argument; `inferred` names the expectations that are only
    advice; `claims` are keys below an environment's `claims`.
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


@lru_cache(maxsize=4)
def load(folder: Path) -> tuple[ErrorCase, ...]:
    """Read every row below a `schemas/` folder; raises SuiteError naming the row that is wrong."""
    import yaml
    from jsonschema import Draft202012Validator

    file = folder / "errors.yaml"
    try:
        loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        _refuse_repeated_keys(file.name, node)
        rows: Any = None if node is None else loader.construct_document(node)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SuiteError(f"{file.name} can't be read: {error}") from None
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    for problem in Draft202012Validator(schema).iter_errors(rows):
        raise SuiteError(
            f"{file.name}: {_row_name(rows, problem.absolute_path)}: {problem.message}"
        )
    cases = tuple(_case(row) for row in rows["cases"])
    _refuse_twins(file.name, cases)
    return cases


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


def _row_name(rows: Any, path: Any) -> str:
    steps = list(path)
    try:
        return f"row {steps[1] + 1} ({rows['cases'][steps[1]]['id']})"
    except (IndexError, KeyError, TypeError):
        return "/".join(map(str, steps)) or "the whole file"


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
