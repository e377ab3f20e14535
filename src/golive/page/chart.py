"""Bars of numbers as inline SVG: drawn here, readable as the table that always stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH = 700
LABEL = 200
NUMBER = 150
ROW = 26


@dataclass(frozen=True)
class Bar:
    """One row of a chart: its label, the bar's length, a mark further right, and what is written there.

    `y` and `text_y` are where the row lies; all lengths are in the units of the SVG's own `viewBox`.
    """

    label: str
    length: float
    mark: float
    words: str
    y: int
    text_y: int


@dataclass(frozen=True)
class Chart:
    """Bars in one scale, and the size of the drawing."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    left: int


def chart(rows: Sequence[tuple[str, float, float, str]]) -> Chart:
    """Lay out rows of (label, value, mark, words); value and mark are not negative and in one unit."""
    most = max((max(value, mark) for _, value, mark, _ in rows), default=0) or 1
    scale = (WIDTH - LABEL - NUMBER) / most
    bars = tuple(
        Bar(label, round(value * scale, 1), round(mark * scale, 1), words, n * ROW, n * ROW + 17)
        for n, (label, value, mark, words) in enumerate(rows)
    )
    return Chart(bars, WIDTH, max(len(rows), 1) * ROW, LABEL)
