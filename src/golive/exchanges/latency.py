"""How long answers take."""

from __future__ import annotations

from statistics import quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from golive.exchanges.model import Exchange


def percentile_95(exchanges: Iterable[Exchange]) -> int:
    """Return the whole milliseconds within which 95 of 100 of these answers came; there must be one at least."""
    taken = [exchange.seconds * 1000 for exchange in exchanges]
    return round(quantiles([*taken, *taken], n=20, method="inclusive")[-1])
