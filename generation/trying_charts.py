"""Charts of an evaluation as numbers for an SVG template, drawn by the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from generation.evaluations.pages import ArmRow

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 720, 64, 24, 16, 44
HEIGHT = 380
ROW = 22
MOST_ROWS = 40


@dataclass(frozen=True)
class Tick:
    at: float
    value: float


@dataclass(frozen=True)
class Point:
    """An arm in pixels, with the limits of both numbers; `chance` of being on the front."""

    x: float
    y: float
    low_x: float
    high_x: float
    low_y: float
    high_y: float
    letter: str
    title: str
    chance: float
    on_front: bool
    baseline: bool
    label_y: float


@dataclass(frozen=True)
class FrontChart:
    points: tuple[Point, ...]
    line: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM


@dataclass(frozen=True)
class Bar:
    y: float
    x: float
    low: float
    high: float
    letter: str
    title: str
    label: str


@dataclass(frozen=True)
class RankChart:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    middle: float
    height: float
    width: int = WIDTH
    left: int = 250
    right: int = WIDTH - RIGHT


def front_chart(rows: Sequence[ArmRow]) -> FrontChart | None:
    """Score upwards, cost of an accepted result to the right; whiskers are 95 % intervals."""
    known = [
        row
        for row in rows
        if row.numbers["cost_per_accepted"]
        and row.numbers["cost_per_accepted"]["value"] is not None
        and row.score["value"] is not None
    ]
    if not known:
        return None
    costs = [row.numbers["cost_per_accepted"] for row in known]
    x_low = 0.0
    x_high = max(cost["high"] or cost["value"] for cost in costs) * 1.05 or 1.0
    y_low = min(row.score["low"] or row.score["value"] for row in known)
    y_high = max(row.score["high"] or row.score["value"] for row in known)
    y_low, y_high = max(0.0, y_low - 0.03), min(1.05, y_high + 0.03)
    width, floor = WIDTH - RIGHT, HEIGHT - BOTTOM

    def x(value: float) -> float:
        return LEFT + (width - LEFT) * (value - x_low) / ((x_high - x_low) or 1.0)

    def y(value: float) -> float:
        return TOP + (floor - TOP) * (y_high - value) / ((y_high - y_low) or 1.0)

    points = []
    for row, cost in zip(known, costs, strict=True):
        score = row.score
        points.append(
            Point(
                x=x(cost["value"]),
                y=y(score["value"]),
                low_x=x(cost["value"] if cost["low"] is None else cost["low"]),
                high_x=x(cost["value"] if cost["high"] is None else cost["high"]),
                low_y=y(score["value"] if score["low"] is None else max(score["low"], y_low)),
                high_y=y(score["value"] if score["high"] is None else min(score["high"], y_high)),
                letter=row.letter,
                title=f"{row.letter} {row.arm.version.template} · {row.arm.engine}",
                chance=row.numbers["on_front"],
                on_front=row.on_front,
                baseline=row.arm.baseline,
                label_y=y(score["value"]) - 9,
            )
        )
    points = _together(points)
    front = sorted((point for point in points if point.on_front), key=lambda point: point.x)
    return FrontChart(
        points=tuple(points),
        line=" ".join(f"{point.x:.1f},{point.y:.1f}" for point in front),
        x_ticks=tuple(Tick(x(value), value) for value in steps(x_low, x_high)),
        y_ticks=tuple(Tick(y(value), value) for value in steps(y_low, min(1.0, y_high))),
    )


def _together(points: list[Point]) -> list[Point]:
    """Letters of points that lie on each other are written once, side by side."""
    shown: list[Point] = []
    for point in points:
        near = next(
            (
                place
                for place, other in enumerate(shown)
                if other.letter and abs(other.x - point.x) < 9 and abs(other.y - point.y) < 9
            ),
            None,
        )
        if near is not None:
            other = shown[near]
            shown[near] = replace(other, letter=f"{other.letter} {point.letter}")
            point = replace(point, letter="")
        shown.append(point)
    return shown


def steps(low: float, high: float) -> list[float]:
    """Round numbers from low to high, five or so."""
    raw = (high - low) / 5 or 1.0
    size = 10.0 ** len(f"{int(raw)}") / 10 if raw >= 1 else 10.0
    while size > raw:
        size /= 10.0
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    first = int(low / step)
    values = [round(number * step, 10) for number in range(first, int(high / step) + 1)]
    return [value for value in values if low <= value <= high]


def rank_chart(rows: Sequence[ArmRow]) -> RankChart | None:
    """A row for each arm that was voted on, the strongest first; Elo with its interval."""
    known = [(row, row.rank) for row in rows if row.rank][:MOST_ROWS]
    if not known:
        return None
    lows = [_elo(rank["low"]) for _row, rank in known]
    highs = [_elo(rank["high"]) for _row, rank in known]
    low, high = min(lows) - 10, max(highs) + 10
    left, right = 250, WIDTH - RIGHT

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / ((high - low) or 1.0)

    bars = []
    for place, (row, rank) in enumerate(known):
        bars.append(
            Bar(
                y=TOP + ROW * place + ROW / 2,
                x=x(rank["elo"]),
                low=x(_elo(rank["low"])),
                high=x(_elo(rank["high"])),
                letter=row.letter,
                title=str(row.arm.version.template),
                label=f"{rank['rank_low']}–{rank['rank_high']}",
            )
        )
    height = TOP + ROW * len(known) + 34
    return RankChart(
        bars=tuple(bars),
        ticks=tuple(Tick(x(value), value) for value in steps(low, high)),
        middle=x(1000.0),
        height=height,
    )


def _elo(strength: float) -> float:
    return 1000.0 + 173.7178 * strength
