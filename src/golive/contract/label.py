"""How binding a statement is, how it is known and where it is said: the label of a check and of each finding.

A check's label is the strongest of what it demands. A finding that says nothing of its own inherits it; one
that does (a habit of Oracle's beside an RFC's clause, a guess about a shape) says why it stands by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """The contract's own keyword for the statement."""

    MUST = "must"
    SHOULD = "should"


class Basis(StrEnum):
    """How the statement is known."""

    STANDARD = "standard"
    DOCUMENTED = "documented"
    OBSERVED = "observed"
    INFERRED = "inferred"
    OWN = "own"  # a demand of the project that runs golive, and of nobody else


FIRM = frozenset({Basis.STANDARD, Basis.DOCUMENTED, Basis.OBSERVED, Basis.OWN})
"""The bases on which a violation may decide."""

ORACLES = frozenset({Basis.DOCUMENTED, Basis.OBSERVED})
"""The bases that hold for Oracle's service only."""


@dataclass(frozen=True)
class Label:
    """Level, basis and source with its clause (`RFC 6750 §3`); None stands for what the check says."""

    level: Level | None = None
    basis: Basis | None = None
    source: str | None = None

    def over(self, check: Label) -> Label:
        """Return this label with its gaps filled from the check's."""
        return Label(
            self.level or check.level, self.basis or check.basis, self.source or check.source
        )

    @property
    def decides(self) -> bool:
        """Whether a violation decides the verdict: a `must` that is not inferred."""
        return self.level is Level.MUST and self.basis in FIRM


GUESS = Label(basis=Basis.INFERRED)
"""The label of what golive only infers from the check's source."""


def standard(source: str, level: Level | None = None) -> Label:
    """Return the label of what an RFC demands; `source` names its clause."""
    return Label(level, Basis.STANDARD, source)


def documented(source: str, level: Level | None = None) -> Label:
    """Return the label of what an Oracle page says."""
    return Label(level, Basis.DOCUMENTED, source)


def observed(source: str, level: Level | None = None) -> Label:
    """Return the label of what was seen on the wire."""
    return Label(level, Basis.OBSERVED, source)


def inferred(source: str) -> Label:
    """Return the label of what golive only infers, from this source."""
    return Label(None, Basis.INFERRED, source)
