"""What became of the mutants of the twin's source: how many were found, and what is known of those that were not.

`source_mutants.yaml` lists what went undetected by the mutant's key, in three groups: `equivalent` (it breaks nothing
that the contract says), `rule without a check` (it breaks something that no check holds) and `hole` (it breaks a
rule whose check does not see it), each with the reason.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from golive.kit.files import shipped
from golive.mutation.source.runs import SourceRun

if TYPE_CHECKING:
    from pathlib import Path

TARGET, LEAST = 0.9, 100
"""The share of the mutants that are not equivalent which must be found, and of how many it is demanded.

Of fewer, chance says more than the suites do."""

FOUND = ("detected", "advice only", "no GO")
CLASSES = ("equivalent", "rule without a check", "hole")
LISTED = "src/golive/mutation/source_mutants.yaml"
_NORMAL = 1.959964  # the 97.5 % quantile of the normal distribution


@cache
def listed() -> dict[str, tuple[str, str]]:
    """Return key of each listed mutant -> (its class, the reason)."""
    groups = shipped("golive.mutation", "source_mutants.yaml")
    return {
        key: (name, reason) for name in CLASSES for key, reason in (groups.get(name) or {}).items()
    }


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's formula; (0, 1) where nothing was drawn."""
    if not of:
        return 0.0, 1.0
    share, z = hits / of, _NORMAL
    middle = share + z * z / (2 * of)
    reach = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return max(0.0, (middle - reach) / (1 + z * z / of)), min(
        1.0, (middle + reach) / (1 + z * z / of)
    )


@dataclass
class SourceScore:
    """The runs so far, of `wanted` mutants out of `known` ones."""

    wanted: int
    known: int
    runs: list[SourceRun] = field(default_factory=list)

    def count(self, *ended: str) -> int:
        """Return how many runs ended like that."""
        return sum(run.ended in ended for run in self.runs)

    def unfound(self, name: str | None) -> list[SourceRun]:
        """Return what was not detected of one class; None stands for what is not listed."""
        found = [run for run in self.runs if run.ended in ("undetected", "timed out")]
        return [run for run in found if listed().get(run.key, (None,))[0] == name]

    @property
    def judged(self) -> int:
        """How many mutants break the contract and could be run: neither broken nor equivalent."""
        return len(self.runs) - self.count("broken") - len(self.unfound("equivalent"))

    @property
    def found(self) -> int:
        """How many of them were found: by a deciding check, as advice, or by a verdict other than GO."""
        return self.count(*FOUND)

    @property
    def passed(self) -> bool:
        """Whether every mutant that was not detected is listed, and the target, where it is demanded, is met."""
        enough = self.judged < LEAST or self.found >= TARGET * self.judged
        return enough and not self.unfound(None) and len(self.runs) == self.wanted

    def outdated(self) -> list[SourceRun]:
        """Return what is listed as not detected, and was."""
        found = (run for run in self.runs if run.ended in FOUND)
        return [run for run in found if run.key in listed()]


def kept(file: Path) -> list[SourceRun]:
    """Return the runs that a file of results holds, none where there is no file; raises OSError and ValueError."""
    if not file.exists():
        return []
    found: list[SourceRun] = []
    for line in file.read_text("utf-8").splitlines():
        entry: dict[str, Any] = json.loads(line)
        found.append(SourceRun(**{**entry, "by": tuple(entry["by"])}))
    return found


def as_line(run: SourceRun) -> str:
    """Return a run as a line of such a file."""
    return json.dumps(asdict(run), ensure_ascii=False) + "\n"
