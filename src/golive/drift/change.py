"""One thing that differs between two runs, how serious it is, and which line of schema it suggests."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


class Severity(StrEnum):
    """How serious a change is, the most serious first.

    Breaking: a client that got on with the answers of the first run may fail on those of the second.
    Visible: such a client still works, and a person or a careful client sees the difference. Cosmetic: what
    nobody should rely on.
    """

    BREAKING = "breaking"
    VISIBLE = "visible"
    COSMETIC = "cosmetic"

    @property
    def rank(self) -> int:
        """0 for the most serious."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Proposal:
    """A line that `golive learn` would write: the file below `schemas/`, the place in it, and the line."""

    file: str
    at: str
    line: str


@dataclass(frozen=True)
class Change:
    """What changed in some situations of one operation.

    `at` is `status`, `media type`, `body`, `header:NAME`, `keys`, `lifetime`, `reason:KIND` or a path in the
    body (in `token header` and `token claims` with these words before it). `before` and `after` are words
    of a fingerprint; empty stands for absent. `basis` says how the contract knows the place (`unknown`: not at
    all), `node` is the schema node, `checks` are the ids of the checks that read one of the situations and
    `detected_by` those of them that found something at this place in the second run. `since`
    is the name of the earliest run that shows it; `unbroken` says whether that was the earliest run looked at.
    """

    severity: Severity
    kind: str
    operation: str
    at: str
    before: str
    after: str
    sentence: str
    basis: str = "unknown"
    node: str = ""
    proposed: Proposal | None = None
    situations: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    detected_by: tuple[str, ...] = ()
    since: str | None = None
    unbroken: bool = False

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two changes the same one, whatever situations show it."""
        return self.kind, self.operation, self.at, self.before, self.after

    def as_dict(self) -> dict[str, Any]:
        """Return the change as JSON can hold it (`schemas/drift.schema.json`)."""
        own = (
            "severity",
            "kind",
            "operation",
            "at",
            "before",
            "after",
            "sentence",
            "basis",
            "node",
        )
        return {
            **{name: str(getattr(self, name)) for name in own},
            "proposal": asdict(self.proposed) if self.proposed else None,
            "situations": list(self.situations),
            "checks": list(self.checks),
            "noticed_by": list(self.detected_by),
            "since": {"run": self.since, "in_all_runs": self.unbroken} if self.since else None,
        }


@dataclass(frozen=True)
class Comparison:
    """Every change from one run to another, and what only one of the two asked."""

    changes: tuple[Change, ...]
    compared: int
    only_first: tuple[str, ...] = ()
    only_second: tuple[str, ...] = ()
    keys: frozenset[tuple[str, ...]] = field(default_factory=frozenset)

    def at_least(self, severity: Severity) -> bool:
        """Whether some change is as serious as this, or more."""
        return any(one.severity.rank <= severity.rank for one in self.changes)

    def count(self, severity: Severity) -> int:
        """How many changes have this severity."""
        return sum(one.severity is severity for one in self.changes)


def grouped(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Put what is the same change in several situations into one, the most serious first."""
    found: dict[tuple[str, ...], Change] = {}
    for one in changes:
        known = found.get(one.key)
        if known is None:
            found[one.key] = one
            continue
        worse = min(known, one, key=lambda each: each.severity.rank)
        situations = tuple(sorted({*known.situations, *one.situations}))
        checks = tuple(sorted({*known.checks, *one.checks}))
        found[one.key] = replace(worse, situations=situations, checks=checks)
    return tuple(sorted(found.values(), key=lambda one: (one.severity.rank, *one.key)))
