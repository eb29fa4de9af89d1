"""Lanterns, tents, banners and boats."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.stage import Stage

TIMBER = "#7a5238"


def lantern(stage: Stage, x: float, y: float, size: float, depth: float = 0.2) -> None:
    """A red paper lantern on its cord."""
    pen = stage.pen(depth)
    if stage.setting.daytime in ("night", "dusk"):
        fill = stage.canvas.radial(
            x, y, size * 5, (0.0, stage.light.glow, 0.6), (1.0, stage.light.glow, 0.0)
        )
        stage.canvas.rect(x - size * 5, y - size * 5, size * 10, size * 10, fill)
    pen.stroke([(x, y - size * 2.2), (x, y - size)], 0.8, start=0.8, end=0.8)
    red = "#c8452f" if stage.setting.daytime in ("night", "dusk") else stage.tone("#b8463a", depth)
    pen.disc(x, y, size, size * 0.9, red, 1.0)
    for bulge in (-0.5, 0.0, 0.5):
        pen.stroke(
            [
                (x + size * bulge * 0.6, y - size * 0.86),
                (x + size * bulge * 1.1, y),
                (x + size * bulge * 0.6, y + size * 0.86),
            ],
            0.7,
            opacity=0.7,
        )
    for end in (-1.0, 1.0):
        pen.shape(
            [
                (x - size * 0.4, y + end * size * 0.82), (x + size * 0.4, y + end * size * 0.82),
                (x + size * 0.4, y + end * size), (x - size * 0.4, y + end * size),
            ],
            stage.tone("#c99b3c", depth),
            0.7,
            smooth=False,
        )  # fmt: skip
    pen.stroke([(x, y + size), (x, y + size * 1.8)], 2.2, red, start=0.8, end=0.4)


def tent(
    stage: Stage, x: float, y: float, size: float, depth: float, paint: str = "#b9a98a"
) -> None:
    """A round army tent with a pennant."""
    pen, tone = stage.pen(depth), stage.tone(paint, depth)
    pen.shape(
        [
            (x - size, y, 0), (x - size * 0.92, y - size * 0.5, 0.3), (x, y - size * 1.25, 0),
            (x + size * 0.92, y - size * 0.5, 0.3), (x + size, y, 0),
        ],
        tone,
        1.0,
    )  # fmt: skip
    pen.shape(
        [(x - size * 0.2, y), (x, y - size * 0.78), (x + size * 0.22, y)],
        colour.darker(tone, 0.6),
        0.9,
        smooth=False,
    )
    pen.stroke(
        [(x - size * 0.92, y - size * 0.5), (x, y - size * 0.4), (x + size * 0.92, y - size * 0.5)],
        0.9,
    )
    banner(stage, x, y - size * 1.2, size * 0.7, depth, "#9c4336")


def banner(stage: Stage, x: float, y: float, size: float, depth: float, paint: str) -> None:
    """A flag on a pole."""
    pen = stage.pen(depth)
    pen.stroke([(x, y), (x, y - size * 1.4)], 1.8, stage.tone(TIMBER, depth), start=0.9, end=0.9)
    pen.shape(
        [
            (x, y - size * 1.38), (x + size * 0.5, y - size * 1.44), (x + size, y - size * 1.28, 0),
            (x + size * 0.76, y - size * 1.08, 0), (x + size * 0.96, y - size * 0.86, 0),
            (x + size * 0.5, y - size * 0.92), (x, y - size * 0.84),
        ],
        stage.tone(paint, depth),
        0.9,
    )  # fmt: skip


def boat(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A boat with a mat roof, a sail in science fiction's place."""
    pen = stage.pen(depth)
    pen.shape(
        [
            (x - size, y - size * 0.22, 0), (x - size * 0.5, y - size * 0.08),
            (x + size * 0.5, y - size * 0.08), (x + size, y - size * 0.26, 0),
            (x + size * 0.66, y + size * 0.1), (x - size * 0.7, y + size * 0.1),
        ],
        stage.tone("#6f4f38", depth),
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (x - size * 0.4, y - size * 0.08, 0), (x - size * 0.38, y - size * 0.3),
            (x, y - size * 0.42), (x + size * 0.34, y - size * 0.3),
            (x + size * 0.36, y - size * 0.08, 0),
        ],
        stage.tone("#b59a66", depth),
        0.9,
    )  # fmt: skip
    pen.stroke(
        [(x + size * 0.6, y - size * 0.1), (x + size * 0.66, y - size * 1.1)],
        1.3,
        start=0.9,
        end=0.9,
    )
