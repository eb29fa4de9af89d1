"""Towers of modern cities and of science fiction."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.stage import Stage


def tower_block(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    """A modern building with rows of windows."""
    pen = stage.pen(depth, 0.9)
    paint = ("#b9b5ac", "#a7b0b5", "#c2b6a3", "#9aa3a0")[int(stage.rng.random() * 4)]
    tone = stage.tone(paint, depth)
    pen.shape([(x, y), (x, y - high), (x + wide, y - high), (x + wide, y)], tone, 0.9, smooth=False)
    pen.shape(
        [(x + wide * 0.72, y), (x + wide * 0.72, y - high), (x + wide, y - high), (x + wide, y)],
        colour.darker(tone, 0.3),
        0,
        smooth=False,
        opacity=0.45,
    )
    lit = stage.light.dark or stage.setting.daytime == "dusk"
    columns, rows = 4, max(3, min(14, int(high / wide * 4)))
    for row in range(rows):
        for column in range(columns):
            glows = lit and stage.rng.random() < 0.55
            fill = (
                colour.mix(stage.light.glow, stage.light.haze, depth * 0.4)
                if glows
                else colour.darker(tone, 0.35)
            )
            wx, wy = x + wide * (0.1 + 0.21 * column), y - high * (0.95 - 0.9 * row / rows)
            stage.canvas.rect(wx, wy, wide * 0.13, high / rows * 0.5, fill, 0.9)


def spire(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    """A science-fiction tower: tapered hull, ring, light lines."""
    pen = stage.pen(depth)
    tone = stage.tone("#a3b0bd", depth)
    pen.shape(
        [
            (x - wide * 0.5, y, 0), (x - wide * 0.34, y - high * 0.5),
            (x - wide * 0.1, y - high * 0.92), (x, y - high, 0), (x + wide * 0.12, y - high * 0.9),
            (x + wide * 0.3, y - high * 0.5), (x + wide * 0.5, y, 0),
        ],
        tone,
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (x + wide * 0.06, y, 0), (x + wide * 0.05, y - high * 0.94),
            (x + wide * 0.3, y - high * 0.5), (x + wide * 0.5, y, 0),
        ],
        colour.darker(tone, 0.35),
        0,
        opacity=0.45,
    )  # fmt: skip
    for level in (0.34, 0.62):
        pen.disc(
            x,
            y - high * level,
            wide * (0.86 - level * 0.5),
            wide * 0.11,
            colour.mix(tone, "#ffffff", 0.2),
            0.9,
        )
    for row in range(7):
        ly = y - high * (0.08 + 0.1 * row)
        stage.canvas.rect(
            x - wide * 0.18,
            ly,
            wide * 0.26,
            max(1.0, high * 0.012),
            "#9fe8ea" if stage.light.dark else "#dff6f2",
            0.85,
        )
