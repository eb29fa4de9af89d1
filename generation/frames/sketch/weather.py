"""Rain, snow, fog, wind and thunderstorms."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.geometry import arc
from generation.frames.sketch.land import mist
from generation.frames.sketch.stage import Stage


def fall(stage: Stage, front: bool) -> None:
    """Rain, snow, fog or wind; `front` is the layer before the characters."""
    kind, rng, w, h = stage.setting.weather, stage.rng, stage.width, stage.height
    pen = stage.pen(0.3)
    count = 26 if front else 70
    if kind == "storm" and not front:
        _lightning(stage)
    if kind in ("rain", "storm"):
        heavy = 1.0 if kind == "rain" else 1.7
        slant = 0.22 if kind == "rain" else 0.5
        tone = colour.mix(stage.light.haze, "#ffffff", 0.5)
        for _ in range(round(count * heavy)):
            x, y, length = (
                w * rng.random() * 1.2,
                h * rng.random(),
                stage.unit * (6 + 8 * rng.random()),
            )
            pen.stroke(
                [(x, y), (x - length * slant, y + length)],
                0.8 * heavy,
                tone,
                opacity=0.55,
                smooth=False,
            )
    elif kind == "snow":
        for _ in range(count):
            size = stage.unit * (0.3 + 0.5 * rng.random()) * (1.5 if front else 1.0)
            x, y = w * rng.random(), h * rng.random()
            pen.shape(arc(x, y, size, size, count=6), "#ffffff", 0, opacity=0.85)
    elif kind == "fog":
        # Only behind the characters: mist over them would wash out the colours that tell them apart.
        for index in range(0 if front else 4):
            mist(stage, h * (0.35 + 0.2 * index + 0.08 * rng.random()), 0.1, 0.55)
    elif kind == "wind" and not front:
        for _ in range(9):
            x, y, length = (
                w * rng.random(),
                h * rng.random() * 0.85,
                stage.unit * (14 + 14 * rng.random()),
            )
            pen.stroke(
                [
                    (x, y), (x + length * 0.5, y - stage.unit * 1.2), (x + length, y),
                    (x + length * 1.1, y - stage.unit * 2),
                    (x + length * 1.02, y - stage.unit * 2.4),
                ],
                0.9,
                colour.mix(stage.light.haze, "#ffffff", 0.4),
                opacity=0.7,
            )  # fmt: skip


def _lightning(stage: Stage) -> None:
    w, h, rng = stage.width, stage.height, stage.rng
    x = w * (0.2 + 0.6 * rng.random())
    points = [(x, -10.0)]
    for step in range(1, 6):
        points.append((x + w * 0.09 * (rng.random() - 0.5) * 2, stage.horizon * step / 5.4))
    glow = stage.canvas.radial(x, h * 0.12, w * 0.7, (0.0, "#eef2ff", 0.6), (1.0, "#eef2ff", 0.0))
    stage.canvas.rect(0, 0, w, stage.horizon, glow)
    stage.pen(0.1).stroke(points, 4.0, "#fdfdf0", start=0.9, end=0.3, smooth=False)
    fork = [
        points[3],
        (points[3][0] + w * 0.09, points[3][1] + h * 0.05),
        (points[3][0] + w * 0.12, points[3][1] + h * 0.11),
    ]
    stage.pen(0.1).stroke(fork, 2.4, "#fdfdf0", start=0.9, end=0.2, smooth=False)
