"""Onlookers as silhouettes."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage


def person_shape(x: float, y: float, size: float, period: str, seed: float) -> list[Point]:
    """The silhouette of one onlooker, feet at (x, y)."""
    wide = size * (0.15 + 0.04 * seed)
    if period in ("modern", "scifi"):
        return [
            (x - wide * 0.7, y, 0), (x - wide * 0.9, y - size * 0.5),
            (x - wide * 1.2, y - size * 0.74), (x - wide * 0.5, y - size * 0.84),
            (x - wide * 0.55, y - size * 0.95), (x, y - size * (1.0 + 0.05 * seed)),
            (x + wide * 0.55, y - size * 0.95), (x + wide * 0.5, y - size * 0.84),
            (x + wide * 1.2, y - size * 0.74), (x + wide * 0.9, y - size * 0.5),
            (x + wide * 0.7, y, 0),
        ]  # fmt: skip
    return [
        (x - wide * 1.3, y, 0), (x - wide * 1.25, y - size * 0.4),
        (x - wide * 1.15, y - size * 0.74), (x - wide * 0.42, y - size * 0.83),
        (x - wide * 0.5, y - size * 0.94), (x - wide * 0.2, y - size * 1.0),
        (x, y - size * (1.03 + 0.08 * seed)), (x + wide * 0.2, y - size * 1.0),
        (x + wide * 0.5, y - size * 0.94), (x + wide * 0.42, y - size * 0.83),
        (x + wide * 1.15, y - size * 0.74), (x + wide * 1.25, y - size * 0.4),
        (x + wide * 1.3, y, 0),
    ]  # fmt: skip


def crowd(stage: Stage, ground: float, size: float, depth: float, count: int) -> None:
    """Onlookers as silhouettes in two rows behind the characters."""
    pen = stage.pen(depth, 0.9)
    period = stage.setting.period
    for row in (0, 1):
        y = ground - size * 0.16 * (1 - row)
        for index in range(count):
            x = stage.width * (index + 0.5 * row + 0.4 * stage.rng.random()) / count
            tone = stage.tone(
                ("#8b857a", "#7a7f80", "#948a7d", "#80796f")[int(stage.rng.random() * 4)],
                depth + 0.12 * (1 - row),
            )
            height = size * (0.9 + 0.14 * stage.rng.random())
            pen.shape(person_shape(x, y, height, period, stage.rng.random()), tone, 0.7)
            head_y = y - height * 0.92
            pen.disc(
                x,
                head_y,
                height * 0.055,
                height * 0.065,
                colour.mix(tone, stage.tone("#e0c8ae", depth), 0.55),
                0,
            )
