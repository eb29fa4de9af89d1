"""Mountains, ground, water, rocks, mist and smoke."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage


def ridge(
    stage: Stage,
    base: float,
    height: float,
    paint: str,
    depth: float,
    peaks: int,
    sharp: float = 1.0,
) -> None:
    """A mountain range whose foot fades into mist."""
    w, rng = stage.width, stage.rng
    points: list[Point] = [(-0.06 * w, base + height)]
    steps = peaks * 2
    for index in range(steps + 1):
        x = -0.06 * w + 1.12 * w * index / steps
        high = (
            height * (0.55 + 0.45 * rng.random())
            if index % 2
            else height * (0.12 + 0.3 * rng.random())
        )
        points.append((x + w * 0.03 * (rng.random() - 0.5), base - high))
    points.append((1.06 * w, base + height))
    tone, mist = stage.tone(paint, depth), stage.tone(paint, min(1.0, depth + 0.35))
    fill = stage.canvas.linear(0, base - height, 0, base, (0.0, tone, 1), (1.0, mist, 1))
    pen = stage.pen(depth)
    pen.shape(points, fill, 0)
    pen.stroke(points[1:-1], 1.2, start=0.5, end=0.5)
    for index in range(2, len(points) - 2, 2):
        x, y = points[index][0], points[index][1]
        for branch in (-1.0, 1.0):
            run = height * (0.16 + 0.2 * rng.random())
            pen.stroke(
                [
                    (x + branch * 2, y + height * 0.06),
                    (x + branch * run * 0.45, y + run * 0.7),
                    (x + branch * run * 0.55, y + run * 1.3),
                ],
                1.0,
                opacity=0.55,
            )


def mist(stage: Stage, y: float, depth: float, opacity: float = 0.7) -> None:
    """A band of mist."""
    paint, half = stage.light.haze, stage.height * depth
    fill = stage.canvas.linear(
        0, y - half, 0, y + half, (0.0, paint, 0.0), (0.5, paint, opacity), (1.0, paint, 0.0)
    )
    stage.canvas.rect(0, y - half, stage.width, half * 2, fill)


def ground(stage: Stage, paint: str, far: str | None = None) -> None:
    """The ground from the horizon to the lower edge, lighter in the distance."""
    near_tone, far_tone = stage.tone(paint), stage.tone(far or paint, 0.75)
    if stage.setting.weather == "snow":
        near_tone, far_tone = (
            stage.tone(colour.mix(paint, "#f4f6f8", 0.82)),
            stage.tone("#eef1f4", 0.6),
        )
    h = stage.height
    fill = stage.canvas.linear(
        0,
        stage.horizon,
        0,
        h,
        (0.0, far_tone, 1),
        (0.35, colour.mix(near_tone, far_tone, 0.4), 1),
        (1.0, near_tone, 1),
    )
    stage.canvas.rect(0, stage.horizon, stage.width, h - stage.horizon, fill)


def path_strip(stage: Stage, paint: str, wide: float = 0.34, bend: float = 0.0) -> None:
    """A road towards the horizon."""
    tone = stage.tone(paint, 0.12)
    line: list[Point] = []
    for t in (1.05, 0.6, 0.3, 0.12, 0.03):
        x, y = stage.floor(-wide / 2 + bend * (1 - t) / max(t, 0.2) * 0.2, t)
        line.append((x, y))
    for t in (0.03, 0.12, 0.3, 0.6, 1.05):
        x, y = stage.floor(wide / 2 + bend * (1 - t) / max(t, 0.2) * 0.2, t)
        line.append((x, y))
    stage.pen(0.4).shape(line, tone, 0.7)


def water(stage: Stage, top: float, bottom: float, paint: str = "#8fb0b8") -> None:
    """Water between two heights with ripples; it mirrors the sky."""
    far = colour.mix(stage.tone(paint, 0.5), stage.light.sky_low, 0.5)
    fill = stage.canvas.linear(0, top, 0, bottom, (0.0, far, 1), (1.0, stage.tone(paint, 0.0), 1))
    stage.canvas.rect(0, top, stage.width, bottom - top, fill)
    for index in range(26):
        share = (index / 26) ** 1.5
        y = top + (bottom - top) * share + stage.unit * 0.4
        x = stage.width * stage.rng.random()
        length = stage.unit * (5 + 26 * share) * (0.5 + stage.rng.random())
        pen = stage.pen(0.6 - 0.4 * share)
        tone = (
            colour.mix(stage.light.sky_low, "#ffffff", 0.3) if index % 3 else stage.light.line(0.5)
        )
        pen.stroke(
            [
                (x - length, y),
                (x, y - stage.unit * 0.5 * share),
                (x + length, y + stage.unit * 0.3 * share),
            ],
            1.0,
            tone,
            opacity=0.6,
        )


def smoke(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A column of smoke that the wind bends."""
    tone = stage.tone("#57504c", depth)
    for puff in range(7):
        share = puff / 6
        cx, cy = x + size * 0.5 * share**1.6, y - size * 1.5 * share
        radius = size * (0.13 + 0.3 * share)
        fill = stage.canvas.radial(
            cx,
            cy,
            radius,
            (0.0, tone, 0.5 - 0.25 * share),
            (0.6, tone, 0.3 - 0.14 * share),
            (1.0, tone, 0.0),
        )
        stage.canvas.rect(cx - radius, cy - radius, radius * 2, radius * 2, fill)
    pen = stage.pen(depth)
    pen.stroke(
        [
            (x - size * 0.08, y), (x - size * 0.02, y - size * 0.5),
            (x + size * 0.16, y - size * 0.9), (x + size * 0.1, y - size * 1.2),
            (x + size * 0.3, y - size * 1.4),
        ],
        1.0,
        opacity=0.5,
    )  # fmt: skip
    pen.stroke(
        [
            (x + size * 0.08, y), (x + size * 0.2, y - size * 0.5),
            (x + size * 0.44, y - size * 0.9), (x + size * 0.5, y - size * 1.3),
        ],
        1.0,
        opacity=0.4,
    )  # fmt: skip


def rock(
    stage: Stage, x: float, y: float, size: float, depth: float, paint: str = "#9a958a"
) -> None:
    """A rock with facets."""
    pen, tone = stage.pen(depth, 1.1), stage.tone(paint, depth)
    pen.shape(
        [
            (x - size, y, 0), (x - size * 0.82, y - size * 0.5, 0.4),
            (x - size * 0.3, y - size * 0.86, 0.3), (x + size * 0.24, y - size * 0.74, 0.3),
            (x + size * 0.8, y - size * 0.36, 0.4), (x + size, y, 0),
        ],
        tone,
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (x + size * 0.1, y - size * 0.74), (x + size * 0.78, y - size * 0.36),
            (x + size * 0.96, y), (x + size * 0.2, y),
        ],
        colour.darker(tone, 0.3),
        0,
        smooth=False,
        opacity=0.4,
    )  # fmt: skip
    pen.stroke(
        [
            (x - size * 0.28, y - size * 0.82),
            (x - size * 0.1, y - size * 0.4),
            (x - size * 0.3, y - size * 0.1),
        ],
        0.9,
    )


def far_hills(stage: Stage) -> None:
    h = stage.height
    ridge(stage, stage.horizon + h * 0.01, h * 0.16, "#7e93a0", 0.8, 4)
    ridge(stage, stage.horizon + h * 0.015, h * 0.09, "#7b8f86", 0.6, 5)
    mist(stage, stage.horizon, 0.05, 0.6)
