"""The calibration curve as numbers for an SVG template, drawn by the server."""

from dataclasses import dataclass

from generation.features.calibration import Calibration

SIZE, LEFT, TOP, ROOM = 320, 52, 12, 230


@dataclass(frozen=True)
class Point:
    """What was said (x) and what came true (y) in pixels, with the interval and n."""

    x: float
    y: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class CalibrationChart:
    points: tuple[Point, ...]
    width: int
    height: int
    left: int
    right: int
    top: int
    floor: int
    ticks: tuple[tuple[float, float, int], ...]


def calibration_chart(found: Calibration) -> CalibrationChart:
    """Points on the diagonal are true to their word; below it the team was too sure."""
    floor = TOP + ROOM

    def across(share: float) -> float:
        return LEFT + ROOM * share

    def down(share: float) -> float:
        return floor - ROOM * share

    points = tuple(
        Point(
            x=across(item.said),
            y=down(item.came_true.value),
            low=down(item.came_true.low or 0.0),
            high=down(1.0 if item.came_true.high is None else item.came_true.high),
            n=item.came_true.n,
        )
        for item in found.bins
        if item.said is not None and item.came_true.value is not None
    )
    ticks = tuple((across(share / 100), down(share / 100), share) for share in (0, 50, 100))
    return CalibrationChart(
        points, LEFT + ROOM + 36, floor + 40, LEFT, LEFT + ROOM, TOP, floor, ticks
    )
