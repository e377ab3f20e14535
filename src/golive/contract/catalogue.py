"""Tables of rows below `schemas/`, and the first of them: the error contracts, one valid request and one change a row.

A table is `schemas/NAME.yaml` and one of that name in the folder of each API; they are read together. Each is held
against its JSON Schema. What is wrong with such a file is the suite's own fault: a SuiteError that names the row.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.document import Contract
from golive.contract.label import Basis, Label, Level
from golive.contract.outcomes import SuiteError
from golive.kit.json_schema import keeps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from golive.contract.operations import Operation


def files(folder: Path, name: str) -> list[Path]:
    """Return the files of the table `name` below a `schemas/` folder: the one of all APIs, then that of each."""
    return [folder / name, *sorted(folder.glob(f"*/{name}"))]


def tables(folder: Path, name: str, schema: str, key: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the rows of the table `name` below a `schemas/` folder and in those of its APIs, each with its file."""
    for file in files(folder, name):
        shown = file.relative_to(folder).as_posix()
        for row in read_rows(file, folder / schema, key, shown):
            yield shown, row


def read_rows(file: Path, schema: Path, key: str, name: str = "") -> list[dict[str, Any]]:
    """Return the rows that stand below `key` in a YAML file, in their order.

    `schema` is the JSON Schema of the whole file. Raises SuiteError with the file as it is called (`name`, or else its
    last part), the row and what is wrong with it.
    """
    name = name or file.name
    import yaml

    from golive.kit.files import SAFE_LOADER

    try:
        loader = SAFE_LOADER(file.read_text(encoding="utf-8"))
        node = loader.get_single_node()
        _refuse_repeated_keys(name, node)
        content: Any = None if node is None else loader.construct_document(node)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SuiteError(f"{name} can't be read: {error}") from None
    rules = json.loads(schema.read_text(encoding="utf-8"))
    if not keeps(rules, content):
        _explain(name, rules, content, key)
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


NAME, SCHEMA = "errors.yaml", "errors.schema.json"
TOKEN_BASES = frozenset({"token", "token-jwt"})
"""The bases that are no operation of an API: a token request with Basic, and one with a signed assertion."""

OF_A_BODY = frozenset({"remove-member", "set-member", "json-body", "raw-body"})
"""Changes of a request's body."""


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
    operations = {one.name: one for one in Contract(folder).operations.values()}
    cases: list[ErrorCase] = []
    for name, row in tables(folder, NAME, SCHEMA, "cases"):
        case = _case(row)
        if case.base not in TOKEN_BASES:
            _refuse_unfitting(name, case, operations)
        cases.append(case)
        _refuse_twins(name, cases)
    return tuple(cases)


def _refuse_unfitting(name: str, case: ErrorCase, operations: Mapping[str, Operation]) -> None:
    """Refuse a row whose base is no operation's name, or that changes a body which the operation does not take."""
    base = operations.get(case.base)
    if base is None:
        known = ", ".join(sorted({*operations, *TOKEN_BASES}))
        raise SuiteError(
            f"{name}: {case.id}: no operation has the x-golive-name {case.base}. There are: {known}"
        )
    if base.body is None and case.change[0] in OF_A_BODY:
        raise SuiteError(f"{name}: {case.id}: a request of {case.base} has no body to change")


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


def _refuse_twins(name: str, cases: list[ErrorCase]) -> None:
    """Refuse the last of these rows where an earlier one has its id or makes its request."""
    last = cases[-1]
    for case in cases[:-1]:
        if case.id == last.id:
            raise SuiteError(f"{name}: two rows have the id {case.id}")
        if (case.base, case.change) == (last.base, last.change):
            raise SuiteError(f"{name}: {case.id} and {last.id} make the same request")
