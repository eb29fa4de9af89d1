"""Charts as numbers for an SVG template: drawn by the server, so they print and work offline."""

from collections.abc import Sequence
from dataclasses import dataclass

from insights.selectors import TierPrevalence

WIDTH, LABEL, ROW, TOP = 640, 96, 40, 8
PLOT = WIDTH - LABEL - 150  # room for the numbers at the right


@dataclass(frozen=True)
class Bar:
    """One row: a bar of the value with its interval, in the chart's own units (pixels)."""

    label: str
    tier: str
    y: float
    middle: float
    width: float
    low: float
    high: float
    value: float | None
    low_value: float | None
    high_value: float | None
    successes: int
    n: int
    shown: bool


@dataclass(frozen=True)
class BarChart:
    bars: tuple[Bar, ...]
    width: int
    height: int
    left: int
    plot: int
    ticks: tuple[tuple[float, int], ...]
    axis_y: float


def prevalence_chart(rows: Sequence[TierPrevalence]) -> BarChart:
    """Share of those asked who raised it, with its interval; below n = 5 only counts are shown."""
    bars = []
    for position, row in enumerate(rows):
        estimate = row.estimate
        y = TOP + position * ROW
        shown = estimate.publishable and estimate.value is not None
        low, high = estimate.low or 0.0, estimate.high or 0.0
        bars.append(
            Bar(
                label=row.label,
                tier=row.tier,
                y=y + 8,
                middle=y + ROW / 2,
                width=PLOT * (estimate.value or 0.0),
                low=LABEL + PLOT * low,
                high=LABEL + PLOT * high,
                value=estimate.value,
                low_value=estimate.low,
                high_value=estimate.high,
                successes=len(row.raised),
                n=estimate.n,
                shown=shown,
            )
        )
    axis = TOP + len(rows) * ROW + 4
    ticks = tuple((LABEL + PLOT * share / 100, share) for share in (0, 25, 50, 75, 100))
    return BarChart(tuple(bars), WIDTH, int(axis + 22), LABEL, PLOT, ticks, axis)
