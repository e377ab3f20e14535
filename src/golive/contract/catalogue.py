"""The error contracts, `schemas/errors.yaml` and those of each API: one valid request and one change a row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from golive.contract.document import Contract
from golive.contract.label import Basis, Label, Level
from golive.contract.operations import OPENAPI
from golive.contract.outcomes import SuiteError
from golive.contract.project import own_schemas
from golive.contract.project_rules import TOKEN_BASES
from golive.contract.tables import tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from golive.contract.operations import Operation


NAME, SCHEMA = "errors.yaml", "errors.schema.json"
SPREAD = 9
"""Where access rules are spread, each is tried at one operation in so many, and each operation by one rule in so many.

As many as there are operations: a Latin square.
"""

REFUSAL, NOT_IMPLEMENTED = "4xx", 501
ACCESS = "access"
"""The area of the rules about who may ask."""

BY_ANOTHER_WAY = "without-token-by"
"""The change to a request without a token that goes by another way than the usual one."""

RESPELLED = (("token", "other-tenant-in-capitals"), ("token", "other-tenant-encoded"))
"""The changes that present a token at a path in another spelling."""

OF_A_BODY = frozenset({"remove-member", "set-member", "json-body", "raw-body"})
"""Changes of a request's body."""


@dataclass(frozen=True)
class ErrorCase:
    """One row: the request `base` with one change is refused as `expect` says.

    `change` is the name of the change and its argument; `inferred` names the expectations that are only
    advice; `claims` are keys below an environment's `claims`. `oracle` is what Oracle's own hosts were seen or
    documented to answer beside that, and nobody else need. `operation` is what the base asks for, None of the token
    endpoint. `thorough`: it is left out where the access rules are spread over the operations; another row asks much
    the same. `elsewhere`: there it is left out as well if one of these operations is asked, which then meets its rule.
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
    operation: Operation | None = None
    thorough: bool = False
    elsewhere: tuple[Operation, ...] = ()

    @property
    def label(self) -> Label:
        """The row's own label."""
        return Label(self.level, self.basis, self.source)

    def allows(self, wanted: Any, status: int) -> bool:
        """Return whether an answer has the status that is wanted: one, one of several, or a class (`4xx`).

        A method that a server has nowhere is answered 501 as well as 405 (RFC 9110 §9.1, §15.6.2). A path in
        another spelling may be answered with where its resource is, which shows nothing.
        """
        named = (*_listed(wanted), *self._beside(wanted))
        return status in named or f"{status // 100}xx" in named

    def wanted_statuses(self, wanted: Any) -> str:
        """Return in words which statuses are allowed."""
        return " or ".join(map(str, (*_listed(wanted), *self._beside(wanted))))

    def _beside(self, wanted: Any) -> tuple[int | str, ...]:
        if self.change[0] == BY_ANOTHER_WAY or self.change in RESPELLED:
            return "3xx", NOT_IMPLEMENTED
        other_method = self.change[0] == "method" or self.change == ("form-in-query", "GET")
        return (NOT_IMPLEMENTED,) if other_method and REFUSAL in _listed(wanted) else ()

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


def _listed(wanted: Any) -> list[Any]:
    return wanted if isinstance(wanted, list) else [wanted]


def _weaker(label: Label, *, guess: bool) -> Label:
    return replace(label, basis=Basis.INFERRED) if guess else label


def load(folder: Path) -> tuple[ErrorCase, ...]:
    """Read every row below a `schemas/` folder; raises SuiteError naming the row that is wrong.

    To golive's own the project in the current folder adds its rows; ConfigurationProblem where those are wrong.
    """
    return _load(folder, own_schemas(folder))


@lru_cache(maxsize=4)
def _load(folder: Path, own: Path | None) -> tuple[ErrorCase, ...]:
    operations = {one.name: one for one in Contract(folder).operations.values()}
    cases: list[ErrorCase] = []
    for name, row in tables(folder, NAME, SCHEMA, "cases", own):
        case = _case(row, operations.get(row["base"]))
        if case.base not in TOKEN_BASES:
            _refuse_unfitting(name, case, operations)
        cases.append(case)
        _refuse_twins(name, cases)
    described = {file.parent.name for file in folder.glob(f"*/{OPENAPI}")}
    known = [one for one in operations.values() if one.folder in described]
    rules = [rule for _, rule in tables(folder, NAME, SCHEMA, "access")]
    whole = _with_most_rules(cases)
    made = (*cases, *_of_rules(rules, known, cases, whole))
    return tuple(replace(one, elsewhere=_elsewhere(one, rules, whole, made)) for one in made)


def _with_most_rules(rows: Iterable[ErrorCase]) -> str:
    """Return the name of the operation that has most of the rules about who may ask as rows of its own."""
    named = Counter(one.base for one in rows if one.area == ACCESS).most_common(1)
    return named[0][0] if named else ""


def _elsewhere(
    case: ErrorCase, rules: Iterable[dict[str, Any]], whole: str, made: Iterable[ErrorCase]
) -> tuple[Operation, ...]:
    """Return the other operations that meet the rule of a case where rules are spread.

    None where that case is to be met all the same, as its rule names its operation or is one for each.
    """
    changes = [
        next(iter(rule["change"].items()))
        for rule in rules
        if rule.get("thorough") is not False and whole not in rule.get("at", ())
    ]
    if case.base != whole or case.change not in changes:
        return ()
    same = [one for one in made if one.change == case.change and one.base != whole]
    return tuple(one.operation for one in same if one.operation and not one.thorough)


def _of_rules(
    rules: Iterable[dict[str, Any]],
    operations: list[Operation],
    rows: list[ErrorCase],
    whole: str,
) -> Iterator[ErrorCase]:
    """Yield a case for each rule about who may ask at each operation, but for those that have a row of their own.

    Spread, a rule is tried at the operations that it names, or at some, or at each where it says so; the operation
    `whole` meets every one.
    """
    taken = [(case.base, case.change) for case in rows]
    # Those that read stand together, so that environments that may not write meet a square as well.
    places = {one.name: at for at, one in enumerate(sorted(operations, key=lambda one: one.writes))}
    for number, rule in enumerate(rules):
        for operation in operations:
            denied = operation.description.get("x-golive-denied")
            row = {
                **{key: value for key, value in rule.items() if key not in {"rule", "who", "at"}},
                "id": f"{operation.name}-{rule['rule']}",
                "statement": f"{denied or operation.operation_id + ' is refused'} {rule['who']}.",
                "area": ACCESS,
                "base": operation.name,
            }
            case = _case(row, operation)
            # Nothing is posted to a tenant that the environment does not name: see the lock of the client.
            if case.change[0] == "tenant" and operation.writes:
                continue
            if (case.base, case.change) not in taken:
                met = (number + places[operation.name]) % SPREAD == 1
                named = operation.name in rule["at"] if "at" in rule else met
                kept = named or operation.name == whole or rule.get("thorough") is False
                yield replace(case, thorough=not kept)


def _refuse_unfitting(name: str, case: ErrorCase, operations: Mapping[str, Operation]) -> None:
    """Refuse a row whose base is no operation's name, or that changes a body which the operation does not take."""
    if case.operation is None:
        known = ", ".join(sorted({*operations, *TOKEN_BASES}))
        raise SuiteError(
            f"{name}: {case.id}: no operation has the x-golive-name {case.base}. There are: {known}"
        )
    if case.operation.body is None and case.change[0] in OF_A_BODY:
        raise SuiteError(f"{name}: {case.id}: a request of {case.base} has no body to change")


def _case(row: dict[str, Any], operation: Operation | None) -> ErrorCase:
    """Return a row, whose keys are those of the class, with its words as what they mean."""
    whole = {
        **_known(row),
        "change": next(iter(row["change"].items())),
        "level": Level(row["level"]),
        "claims": tuple(row.get("claims", ())),
        "oracle": Habit(**_known(row["oracle"])) if "oracle" in row else None,
    }
    return ErrorCase(**whole, operation=operation)


def _known(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "inferred": frozenset(row.get("inferred", ())), "basis": Basis(row["basis"])}


def _refuse_twins(name: str, cases: list[ErrorCase]) -> None:
    """Refuse the last of these rows where an earlier one has its id or makes its request."""
    last = cases[-1]
    for case in cases[:-1]:
        if case.id == last.id:
            raise SuiteError(f"{name}: two rows have the id {case.id}")
        if (case.base, case.change) == (last.base, last.change):
            raise SuiteError(f"{name}: {case.id} and {last.id} make the same request")
