"""What an overview holds: a row for each environment and tenant, and one verdict over them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from golive import __version__
from golive.checks.verdict import PRECEDENCE, TITLES, ExitCode
from golive.kit.json_text import utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Row:
    """An environment, or a tenant of it: its last run, and what the runs before it say.

    `key` is `ENVIRONMENT` or `ENVIRONMENT@NAME`; `run` is the last run's folder, empty without one. `nights` are the
    verdicts of the last runs, the oldest first; `since` is when the first of those in a row began that have the last
    one's verdict. `counts` says whether the row has a say in the verdict over all, `failed` are the
    last run's checks that failed, each with what it found in a sentence.
    """

    key: str
    code: ExitCode
    reason: str = ""
    next_step: str = ""
    tenant: str = ""
    run: str = ""
    harm: str = ""
    reach: int | None = None
    double: str = ""
    since: datetime | None = None
    nights: tuple[tuple[datetime, ExitCode], ...] = ()
    runs: int = 0
    failed: tuple[dict[str, str], ...] = ()
    counts: bool = True

    @property
    def verdict(self) -> str:
        """The verdict's name."""
        return TITLES[self.code]

    @property
    def in_a_row(self) -> int:
        """How many of the last runs have the last one's verdict."""
        return sum(self.since is not None and at >= self.since for at, _ in self.nights)

    def as_dict(self) -> dict[str, Any]:
        """Return the row as `summary.json` holds it."""
        environment, _, name = self.key.partition("@")
        return {
            "key": self.key,
            "environment": environment,
            "name": name,
            "tenant": self.tenant,
            "verdict": self.verdict,
            "exit_code": int(self.code),
            "harm": self.harm,
            "reason": self.reason,
            "next_step": self.next_step,
            "reach": self.reach,
            "since": utc(self.since) if self.since else None,
            "run": self.run,
            "runs": self.runs,
            "double": self.double,
            "counts": self.counts,
            "nights": [{"started": utc(at), "exit_code": int(code)} for at, code in self.nights],
            "failed": list(self.failed),
        }


@dataclass(frozen=True)
class Overview:
    """Rows, the worst first, and in sentences what was left out of them."""

    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()

    @property
    def code(self) -> ExitCode:
        """The one exit code over all rows, by the precedence of a run's; without a row nothing is proven."""
        return worst(row.code for row in self.rows if row.counts)

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows by their verdict, the worst first."""
        found = Counter(row.code for row in self.rows)
        return {TITLES[code]: found[code] for code in (*PRECEDENCE, ExitCode.GO) if found[code]}

    @property
    def meaning(self) -> str:
        """What the verdict is about, in a sentence."""
        said = ", ".join(f"{number} {verdict}" for verdict, number in self.counts.items())
        of = "1 tenant" if len(self.rows) == 1 else f"{len(self.rows)} tenants"
        if not self.rows:
            return "There is no run."
        if self.double:
            proves = "that the suite works, not that the APIs do"
            return f"{of}: {said}. Each asked {self.double}: it proves {proves}."
        return f"{of}: {said}."

    @property
    def double(self) -> str:
        """Who answered in place of the services in every run; empty where any asked a real deployment."""
        doubles = {row.double for row in self.rows}
        return doubles.pop() if len(doubles) == 1 else ""

    def as_dict(self) -> dict[str, Any]:
        """Return the overview as JSON can hold it (`schemas/overview.schema.json`)."""
        return {
            "schema_version": SCHEMA_VERSION,
            "golive_version": __version__,
            "verdict": TITLES[self.code],
            "exit_code": int(self.code),
            "meaning": self.meaning,
            "counts": self.counts,
            "left_out": list(self.left_out),
            "tenants": [row.as_dict() for row in self.rows],
        }


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code that comes first in the precedence of a run's; NOTHING PROVEN without any."""
    found = set(codes)
    if not found:
        return ExitCode.NOTHING_PROVEN
    return next((code for code in PRECEDENCE if code in found), ExitCode.GO)
