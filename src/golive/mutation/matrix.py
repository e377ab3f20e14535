"""The kill matrix: every fault, which checks detected it, and what the score is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from golive import __version__
from golive.checks.kill_matrix import Group, Killer, KillMatrix, grouped
from golive.kit.files import shipped
from golive.mutation.defects import names
from golive.mutation.judge import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.checks.kill_matrix import Source

SCHEMA_VERSION = 1
CONTRADICTIONS = "src/golive/mutation/contradictions.yaml"
COUNTED = ("killed", "equivalent", "all")
IN_AN_ITEM = re.compile(r"/[^/]+/\d+(/|$)")


@dataclass(kw_only=True)
class Fault(Result):
    """One fault and what became of it. `source` is `defect`, `mutant` or `client`: a bad habit of a client."""

    id: str
    source: Source
    area: str
    deciding: bool
    says: str
    equivalent: str | None = None

    @classmethod
    def of(
        cls, name: str, source: Source, area: str, says: str, result: Result, *, deciding: bool
    ) -> Fault:
        """Make a fault from what became of it; what is listed as equivalent says why."""
        return cls(
            id=name, source=source, area=area, deciding=deciding, says=says,
            equivalent=equivalents().get(name), **vars(result),
        )  # fmt: skip

    @property
    def killed(self) -> bool:
        """Whether a check detected it for the right reason, in its own column."""
        return bool(self.detected_by) or (not self.deciding and bool(self.advised_by))

    @property
    def killers(self) -> list[str]:
        """The checks that detected it in its own column."""
        return self.detected_by if self.deciding else [*self.detected_by, *self.advised_by]

    @property
    def in_items(self) -> bool:
        """Whether it shows in the items of a list alone."""
        return bool(self.places) and all(IN_AN_ITEM.match(at) for _, at, _ in self.places)

    @property
    def undetected(self) -> bool:
        """Whether no check detected it although the contract forbids it."""
        return not self.killed and self.equivalent is None


def equivalents() -> dict[str, str]:
    """Return the mutants that violate nothing, each with the rule that says so."""
    return shipped("golive.mutation", "equivalents.yaml")["equivalents"] or {}


def contradictions() -> dict[str, str]:
    """Return the id of each requirement that checks hold -> a fault that contradicts its statement."""
    return shipped("golive.mutation", "contradictions.yaml")


@dataclass
class Matrix:
    """All that a proof learnt, complete or not.

    `needs`, `readers`, `requests` and `read_all` (the checks that take every answer of a run) are for the kill matrix
    that golive ships. `checks` are the ids of all, with whether they decide, `client_checks` those of clients, whose
    faults are `clients`; `requirements` the ids of those that
    checks hold, with these.
    """

    checks: dict[str, bool] = field(default_factory=dict)
    client_checks: dict[str, bool] = field(default_factory=dict)
    requirements: dict[str, tuple[str, ...]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    clients: list[Fault] = field(default_factory=list)
    honest_runs: int = 0
    false_alarms: list[str] = field(default_factory=list)
    mutants_per_second: float = 0.0
    complete: bool = False
    needs: dict[str, frozenset[str]] = field(default_factory=dict)
    readers: dict[str, str] = field(default_factory=dict)
    requests: dict[str, int] = field(default_factory=dict)
    read_all: set[str] = field(default_factory=set)

    def without_kill(self) -> list[str]:
        """Return the checks, deciding or not, that no fault made fail for its own reason."""
        killing = {
            one for fault in self.everything for one in (*fault.detected_by, *fault.advised_by)
        }
        return [check for check in (self.checks | self.client_checks) if check not in killing]

    def unheld(self) -> list[str]:
        """Return the requirements whose checks are not known to detect a fault that contradicts them, each with why."""
        faults = {fault.id: fault for fault in self.faults}
        found = []
        for row, checks in self.requirements.items():
            name = contradictions().get(row)
            fault = faults.get(name or "")
            detecting = (*fault.detected_by, *fault.advised_by) if fault else ()
            if any(names(check, one) for check in checks for one in detecting):
                continue
            why = f"no check of its row detects {name}" if fault else f"no such fault: {name}"
            found.append(f"{row}: {why if name else f'no fault in {CONTRADICTIONS}'}")
        return found

    @property
    def everything(self) -> list[Fault]:
        """The faults of the deployment, then those of clients."""
        return [*self.faults, *self.clients]

    @property
    def clean(self) -> bool:
        """Whether all checks that should detected each fault, and none was a false positive."""
        faults = self.everything
        return not self.false_alarms and not any(
            fault.undetected or fault.crashed or fault.missed_by for fault in faults
        )

    @property
    def passed(self) -> bool:
        """Whether the matrix is clean, every fault was injected and every deciding check can fail."""
        idle = any((self.checks | self.client_checks)[check] for check in self.without_kill())
        return self.complete and self.clean and not idle and not self.unheld()

    def score(self, source: str, *, deciding: bool) -> tuple[int, int, int]:
        """Return (killed, equivalent, all) for one source of faults and one column."""
        faults = [x for x in self.everything if x.source == source and x.deciding is deciding]
        killed = sum(fault.killed for fault in faults)
        equivalent = sum(fault.equivalent is not None and not fault.killed for fault in faults)
        return killed, equivalent, len(faults)

    def for_runs(self) -> KillMatrix:
        """Return what a run's reach is calculated from; a fault that is equivalent to none is not in it."""
        return KillMatrix(
            __version__,
            self.needs,
            self.readers,
            self.requests,
            grouped(
                Group(
                    fault.source,
                    fault.area,
                    fault.deciding,
                    fault.in_items,
                    tuple(self._killers(fault)),
                    (fault.id,),
                )
                for fault in self.faults
                if fault.killed or fault.equivalent is None
            ),
        )

    def _killers(self, fault: Fault) -> list[Killer]:
        # What only a run with a defect asked, such as a question put again, is no way to detect it that others have;
        # where there is no other, the check itself puts it.
        asked = {"", *self.readers}
        found = []
        for check in fault.killers:
            seen = {where for name, _, where in fault.places if name == check} & asked
            found += [Killer(check, where) for where in (seen if check in self.read_all else ("",))]
        return found or [Killer(check) for check in fault.killers]

    def as_dict(self) -> dict[str, Any]:
        """Return the matrix as it stands in the JSON file."""
        return {
            "schema_version": SCHEMA_VERSION,
            "golive_version": __version__,
            "complete": self.complete,
            "passed": self.passed,
            "scores": [
                {
                    "source": source,
                    "column": "deciding" if deciding else "advice",
                    **dict(zip(COUNTED, self.score(source, deciding=deciding), strict=True)),
                }
                for source in ("defect", "mutant", *(["client"] if self.clients else []))
                for deciding in (True, False)
            ],
            "mutants_per_second": round(self.mutants_per_second),
            "honest_runs": self.honest_runs,
            "false_alarms": self.false_alarms,
            "checks_without_kill": [
                {"id": check, "deciding": (self.checks | self.client_checks)[check]}
                for check in self.without_kill()
            ],
            "requirements_without_fault": self.unheld() if self.complete else [],
            "lies": [_as_dict(fault) for fault in self.everything],
        }


def _as_dict(fault: Fault) -> dict[str, Any]:
    return {
        "id": fault.id,
        "source": fault.source,
        "area": fault.area,
        "column": "deciding" if fault.deciding else "advice",
        "says": fault.says,
        "killed": fault.killed,
        "survived": fault.undetected,
        "noticed_by": fault.detected_by,
        "as_advice_by": fault.advised_by,
        "beside_the_point": fault.failed_elsewhere,
        "crashed": fault.crashed,
        "missed_by": fault.missed_by,
        "why": fault.why,
        "equivalent": fault.equivalent,
    }


def areas(faults: Iterable[Fault]) -> dict[str, list[Fault]]:
    """Group faults by their area, in the order in which the areas first occur."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.area, []).append(fault)
    return found
