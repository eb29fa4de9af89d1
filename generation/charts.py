"""Charts of the cases and the alarm as numbers for an SVG template, drawn by the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from generation.features.cases.roi import Month

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 240, 84, 14, 30


@dataclass(frozen=True)
class Tick:
    at: float
    value: float
    label: str = ""


@dataclass(frozen=True)
class RateBar:
    """One month of the paying rate: a bar in pixels, with its counts."""

    label: str
    x: float
    y: float
    width: float
    height: float
    paying: int
    known: int
    value: float | None


@dataclass(frozen=True)
class RateChart:
    bars: tuple[RateBar, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int
    left: int
    right: int
    floor: float


def paying_chart(months: Sequence[dict[str, Any]]) -> RateChart:
    """The share of the creators known who paid in each month."""
    height, floor = 170, 170.0 - 34
    room = (WIDTH - LEFT - 16) / max(len(months), 1)
    plot = floor - 22
    bars = []
    for index, month in enumerate(months):
        share = month["paying"] / month["known"] if month["known"] else None
        tall = plot * (share or 0.0)
        bars.append(
            RateBar(
                label=month["month"],
                x=LEFT + index * room + room * 0.18,
                y=floor - tall,
                width=room * 0.64,
                height=tall,
                paying=month["paying"],
                known=month["known"],
                value=share,
            )
        )
    ticks = tuple(Tick(floor - plot * share, share) for share in (0.0, 0.5, 1.0))
    return RateChart(tuple(bars), ticks, WIDTH, height, LEFT, WIDTH - 16, floor)


@dataclass(frozen=True)
class BreakEvenChart:
    """The team's sum by month: a line, its 95 % band as a polygon, zero, and the month it is crossed."""

    line: str
    band: str
    ticks: tuple[Tick, ...]
    months: tuple[Tick, ...]
    zero: float
    crossing: float | None
    width: int
    height: int
    left: int
    right: int
    floor: float


def break_even_chart(months: Sequence[Month], crossing: float | None) -> BreakEvenChart:
    low = min(0.0, *(month.low for month in months))
    high = max(0.0, *(month.high for month in months))
    span = (high - low) or 1.0
    right, floor = WIDTH - 16, HEIGHT - BOTTOM
    last = months[-1].number or 1

    def x(number: float) -> float:
        return LEFT + (right - LEFT) * number / last

    def y(value: float) -> float:
        return TOP + (floor - TOP) * (high - value) / span

    upper = " ".join(f"{x(m.number):.1f},{y(m.high):.1f}" for m in months)
    lower = " ".join(f"{x(m.number):.1f},{y(m.low):.1f}" for m in reversed(months))
    return BreakEvenChart(
        line=" ".join(f"{x(m.number):.1f},{y(m.value):.1f}" for m in months),
        band=f"{upper} {lower}",
        ticks=tuple(Tick(y(value), value) for value in _round_steps(low, high)),
        months=tuple(Tick(x(number), number) for number in range(0, last + 1, max(1, last // 6))),
        zero=y(0.0),
        crossing=x(crossing) if crossing is not None and crossing <= last else None,
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=right,
        floor=floor,
    )


def _round_steps(low: float, high: float) -> list[float]:
    """Round numbers from low to high, five or so, zero among them."""
    raw = (high - low) / 5 or 1.0
    size = 10.0 ** (len(str(int(raw))) - 1)
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    first = int(low // step)
    steps = [number * step for number in range(first, int(high // step) + 1)]
    return [value for value in steps if low <= value <= high]
