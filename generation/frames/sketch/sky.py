"""The sky: its wash, sun and moon, stars and clouds."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage


def wash(stage: Stage) -> None:
    """The sky's wash with sun or moon, stars and clouds."""
    w, h, light = stage.width, stage.height, stage.light
    paint = stage.canvas.linear(
        0, 0, 0, stage.horizon, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1)
    )
    stage.canvas.rect(0, 0, w, h, paint)
    daytime, clear = stage.setting.daytime, stage.setting.weather in ("clear", "wind")
    x, y = (
        w * (0.22 + 0.56 * stage.rng.random()),
        stage.horizon * (0.16 + 0.16 * stage.rng.random()),
    )
    if daytime == "night":
        if clear:
            _stars(stage)
        _halo(stage, x, y, stage.unit * 34, "#dfe6f2", 0.42)
        stage.pen(0.5).disc(x, y, stage.unit * 7, stage.unit * 7, "#f4f0dc", 0.6)
        stage.pen().disc(
            x + stage.unit * 1.6,
            y - stage.unit * 0.8,
            stage.unit * 1.6,
            stage.unit * 1.3,
            "#e0dac0",
        )
    elif daytime in ("dawn", "dusk"):
        y = stage.horizon * (0.72 if daytime == "dusk" else 0.78)
        _halo(stage, x, y, stage.unit * 60, light.glow, 0.75)
        stage.pen(0.6).disc(
            x, y, stage.unit * 8, stage.unit * 8, "#ffe2b0" if daytime == "dawn" else "#ef7a4c", 0
        )
    elif clear:
        _halo(stage, x, y, stage.unit * 44, "#fff6dc", 0.8)
    if stage.setting.weather != "fog":
        for _ in range(4):
            cloud(
                stage,
                w * stage.rng.random(),
                stage.horizon * (0.12 + 0.6 * stage.rng.random()),
                stage.unit * (9 + 12 * stage.rng.random()),
            )


def _stars(stage: Stage) -> None:
    pen = stage.pen()
    for _ in range(46):
        x, y = stage.width * stage.rng.random(), stage.horizon * 0.85 * stage.rng.random()
        size = stage.unit * (0.12 + 0.22 * stage.rng.random())
        pen.shape(
            [(x - size, y), (x, y - size * 1.6), (x + size, y), (x, y + size * 1.6)],
            "#f3eed6",
            0,
            smooth=False,
            opacity=0.8,
        )


def _halo(stage: Stage, x: float, y: float, radius: float, paint: str, strength: float) -> None:
    fill = stage.canvas.radial(x, y, radius, (0.0, paint, strength), (1.0, paint, 0.0))
    stage.canvas.rect(x - radius, y - radius, radius * 2, radius * 2, fill)


def cloud(stage: Stage, x: float, y: float, size: float, opacity: float = 0.75) -> None:
    """A flat-based cloud in the manner of ink painting."""
    base = colour.mix(stage.light.sky_low, "#ffffff", 0.12 if stage.light.dark else 0.55)
    if stage.light.dark:
        base = colour.mix(stage.light.sky_top, stage.light.sky_low, 0.75)
    points: list[Point] = [
        (x - size * 1.7, y + size * 0.16), (x - size, y - size * 0.12),
        (x - size * 0.5, y - size * 0.4), (x, y - size * 0.26), (x + size * 0.5, y - size * 0.5),
        (x + size, y - size * 0.16), (x + size * 1.8, y + size * 0.14),
        (x + size * 0.4, y + size * 0.24), (x - size * 0.6, y + size * 0.22),
    ]  # fmt: skip
    stage.pen(0.8).shape(points, base, 0, opacity=opacity)
    ink = colour.mix(base, stage.light.ink, 0.35)
    stage.pen(0.8).stroke([points[0], points[1], points[2], points[3]], 0.8, ink, opacity=0.7)
    stage.pen(0.8).stroke([points[3], points[4], points[5], points[6]], 0.8, ink, opacity=0.7)


def puff(x: float, y: float, size: float) -> list[Point]:
    """A small round cloud, for whoever stands on one."""
    return [
        (x - size, y + size * 0.12), (x - size * 0.72, y - size * 0.16), (x - size * 0.3, y - size * 0.22),
        (x, y - size * 0.34), (x + size * 0.36, y - size * 0.2), (x + size * 0.76, y - size * 0.18),
        (x + size, y + size * 0.1), (x + size * 0.5, y + size * 0.24), (x - size * 0.5, y + size * 0.25),
    ]  # fmt: skip
