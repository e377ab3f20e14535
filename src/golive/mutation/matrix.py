"""The kill matrix: every lie, who noticed it, and what the score is."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from golive import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.mutation.judge import Result

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Lie:
    """One lie and what became of it. `source` is `defect` or `mutant`."""

    id: str
    source: str
    area: str
    deciding: bool
    says: str
    noticed_by: tuple[str, ...] = ()
    as_advice_by: tuple[str, ...] = ()
    beside_the_point: tuple[str, ...] = ()
    crashed: tuple[str, ...] = ()
    missed_by: tuple[str, ...] = ()
    equivalent: str | None = None

    @classmethod
    def of(
        cls, lie_id: str, source: str, area: str, says: str, result: Result, *, deciding: bool
    ) -> Lie:
        """Make a lie from what became of it; what is listed as equivalent says why."""
        return cls(
            id=lie_id,
            source=source,
            area=area,
            deciding=deciding,
            says=says,
            noticed_by=tuple(result.noticed_by),
            as_advice_by=tuple(result.as_advice_by),
            beside_the_point=tuple(result.beside_the_point),
            crashed=tuple(result.crashed),
            missed_by=tuple(result.missed_by),
            equivalent=equivalents().get(lie_id),
        )

    @property
    def killed(self) -> bool:
        """Whether a check noticed it for the right reason, in its own column."""
        return bool(self.noticed_by) or (not self.deciding and bool(self.as_advice_by))

    @property
    def survived(self) -> bool:
        """Whether nobody noticed it although the contract forbids it."""
        return not self.killed and self.equivalent is None


@cache
def equivalents() -> dict[str, str]:
    """Return the mutants that violate nothing, each with the rule that says so."""
    from golive.kit.files import read_yaml

    return dict(
        read_yaml(files("golive.mutation").joinpath("equivalents.yaml"))["equivalents"] or {}
    )


@dataclass
class Matrix:
    """All that a proof learnt, complete or not."""

    checks: dict[str, bool] = field(default_factory=dict)
    lies: list[Lie] = field(default_factory=list)
    honest_runs: int = 0
    false_alarms: list[str] = field(default_factory=list)
    mutants_per_second: float = 0.0
    complete: bool = False

    def without_kill(self) -> list[str]:
        """Return the checks, deciding or not, that no lie made fail for its own reason."""
        killing = {one for lie in self.lies for one in (*lie.noticed_by, *lie.as_advice_by)}
        return [check for check in self.checks if check not in killing]

    @property
    def passed(self) -> bool:
        """Whether every lie was noticed by all who should, every check can fail, and honesty raised no alarm."""
        survived = any(lie.survived or lie.crashed or lie.missed_by for lie in self.lies)
        idle = any(self.checks[check] for check in self.without_kill())
        return self.complete and not survived and not idle and not self.false_alarms

    def score(self, source: str, *, deciding: bool) -> tuple[int, int, int]:
        """Return (killed, equivalent, all) for one source of lies and one column."""
        lies = [x for x in self.lies if x.source == source and x.deciding is deciding]
        killed = sum(lie.killed for lie in lies)
        equivalent = sum(lie.equivalent is not None and not lie.killed for lie in lies)
        return killed, equivalent, len(lies)

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
                    **dict(
                        zip(
                            ("killed", "equivalent", "all"),
                            self.score(source, deciding=deciding),
                            strict=True,
                        )
                    ),
                }
                for source in ("defect", "mutant")
                for deciding in (True, False)
            ],
            "mutants_per_second": round(self.mutants_per_second),
            "honest_runs": self.honest_runs,
            "false_alarms": self.false_alarms,
            "checks_without_kill": [
                {"id": check, "deciding": self.checks[check]} for check in self.without_kill()
            ],
            "lies": [_as_dict(lie) for lie in self.lies],
        }


def _as_dict(lie: Lie) -> dict[str, Any]:
    return {
        "id": lie.id,
        "source": lie.source,
        "area": lie.area,
        "column": "deciding" if lie.deciding else "advice",
        "says": lie.says,
        "killed": lie.killed,
        "survived": lie.survived,
        "noticed_by": list(lie.noticed_by),
        "as_advice_by": list(lie.as_advice_by),
        "beside_the_point": list(lie.beside_the_point),
        "crashed": list(lie.crashed),
        "missed_by": list(lie.missed_by),
        "equivalent": lie.equivalent,
    }


def areas(lies: Iterable[Lie]) -> dict[str, list[Lie]]:
    """Group lies by their area, in the order in which the areas first occur."""
    found: dict[str, list[Lie]] = {}
    for lie in lies:
        found.setdefault(lie.area, []).append(lie)
    return found
