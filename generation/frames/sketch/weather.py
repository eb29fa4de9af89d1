"""Rain, snow, fog and wind."""

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
    if kind == "rain":
        tone = colour.mix(stage.light.haze, "#ffffff", 0.5)
        for _ in range(count):
            x, y, length = (
                w * rng.random() * 1.1,
                h * rng.random(),
                stage.unit * (6 + 8 * rng.random()),
            )
            pen.stroke(
                [(x, y), (x - length * 0.22, y + length)], 0.8, tone, opacity=0.55, smooth=False
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
