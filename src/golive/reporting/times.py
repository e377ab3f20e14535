"""How long answers took, by operation."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from golive.drift.situation import operation_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.exchange import Exchange


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
