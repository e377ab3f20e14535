"""`summary.json`: all that a run learnt, for machines; see `schemas/summary.schema.json`.

How long answers took, by operation.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from golive import __version__
from golive.checks.verdict import TITLES, ExitCode, Outcome
from golive.drift.observation import operation_of
from golive.exchanges.model import Exchange
from golive.redaction import redact
from golive.report.meaning import meaning

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.pytest_plugin.state import Run


SCHEMA_VERSION = 1
MEMBERS = (
    "id",
    "statement",
    "area",
    "level",
    "basis",
    "source",
    "outcome",
    "deciding",
    "against_success",
    "nodeid",
    "line",
    "seconds",
    "findings",
    "cause",
    "next_step",
    "reason",
    "deviation",
    "operations",
    "proves",
)


def summary(run: Run, verdict: ExitCode) -> dict[str, Any]:
    """Return the summary as plain data, with nothing secret in it."""
    counts = Counter(result["outcome"] for result in run.results)
    diagnosis = run.walk.diagnosis if run.walk else None
    data: dict[str, Any] = {
        "schema_version": SCHEMA_VERSION,
        "golive_version": __version__,
        "verdict": TITLES[verdict],
        "exit_code": int(verdict),
        "meaning": meaning(run, verdict),
        "part": run.part,
        "twin": run.environment.needs_twin or run.twin is not None,
        "double": run.double,
        "environment": run.environment.redacted(),
        "started": _utc(run.started),
        "ended": _utc(datetime.now(UTC)),
        "counts": {str(outcome): counts[outcome] for outcome in Outcome},
        "requests": run.client.requests if run.client else 0,
        "token_requests": run.client.token_requests if run.client else 0,
        "repeated_requests": run.client.repeated if run.client else 0,
        "written": list(run.services["api"].written) if "api" in run.services else [],
        "visibility": list(run.services["api"].visibility) if "api" in run.services else [],
        "response_times": times([made for made in run.made.values() if isinstance(made, Exchange)]),
        "walk": [
            {
                "stage": stage.name,
                "ok": stage.ok,
                "stops": stage.stops,
                "detail": redact(stage.detail),
            }
            for stage in (run.walk.stages if run.walk else [])
        ],
        "diagnosis": diagnosis.as_dict() if diagnosis else None,
        "proofs": [one.as_dict() for one in run.proofs],
        "known_deviations": [one.as_dict() for one in run.deviations],
        "internal_errors": list(dict.fromkeys(run.faults)),
        "checks": [
            {name: result[name] for name in MEMBERS if name in result}
            for result in sorted(run.results, key=lambda one: (one["area"], one["id"]))
        ],
    }
    return data


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def times(exchanges: Iterable[Exchange]) -> list[dict[str, Any]]:
    """Return answers, median, 95th percentile and slowest, in whole milliseconds, by operation."""
    by_operation: dict[str, list[float]] = {}
    for exchange in exchanges:
        by_operation.setdefault(operation_of(exchange), []).append(exchange.seconds * 1000)
    return [
        {
            "operation": operation,
            "answers": len(taken),
            "median": round(median(taken)),
            "p95": round(quantiles([*taken, *taken], n=20, method="inclusive")[-1]),
            "slowest": round(max(taken)),
        }
        for operation, taken in sorted(by_operation.items())
    ]
