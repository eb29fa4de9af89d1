"""Classical buildings: houses, pagodas, the city gate."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage

WALL, TIMBER, TILE, VERMILION, STONE = "#ded3bd", "#7a5238", "#6b7278", "#a5483a", "#aaa496"


def curved_roof(
    stage: Stage, x: float, y: float, wide: float, high: float, depth: float, tile: str = TILE
) -> None:
    """A roof with upturned eaves; (x, y) is the middle of the eaves' line."""
    pen, tone = stage.pen(depth, 1.1), stage.tone(tile, depth)
    half = wide / 2
    if stage.setting.weather == "snow":
        tone = colour.mix(tone, "#ffffff", 0.7)
    points: list[Point] = [
        (x - half * 1.12, y - high * 0.2, 0), (x - half * 0.8, y - high * 0.18),
        (x - half * 0.52, y - high * 0.6), (x - half * 0.44, y - high, 0),
        (x + half * 0.44, y - high, 0), (x + half * 0.52, y - high * 0.6),
        (x + half * 0.8, y - high * 0.18), (x + half * 1.12, y - high * 0.2, 0),
        (x + half * 0.86, y + high * 0.06), (x, y + high * 0.08),
        (x - half * 0.86, y + high * 0.06),
    ]  # fmt: skip
    pen.shape(points, tone, 1.0)
    for index in range(-4, 5):
        top, low = x + half * 0.42 * index / 4, x + half * 0.84 * index / 4
        pen.stroke(
            [
                (top, y - high * 0.94),
                ((top * 1.3 + low * 0.7) / 2, y - high * 0.5),
                (low, y + high * 0.02),
            ],
            0.8,
            opacity=0.6,
        )
    pen.stroke(
        [(x - half * 0.46, y - high), (x + half * 0.46, y - high)],
        3.0,
        colour.darker(tone, 0.3),
        start=0.9,
        end=0.9,
    )
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (x + side * half * 0.4, y - high),
                (x + side * half * 0.5, y - high * 1.24),
                (x + side * half * 0.5, y - high),
            ],
            colour.darker(tone, 0.3),
            0.6,
        )


def _window(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    lit = stage.setting.daytime in ("night", "dusk")
    fill = (
        colour.mix(stage.light.glow, stage.light.haze, depth * 0.5)
        if lit
        else stage.tone("#c9bfa4", depth)
    )
    pen = stage.pen(depth, 0.8)
    pen.shape([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], fill, 0.9, smooth=False)
    for step in (1, 2):
        pen.stroke(
            [(x + wide * step / 3, y), (x + wide * step / 3, y + high)], 0.7, start=0.8, end=0.8
        )
        pen.stroke(
            [(x, y + high * step / 3), (x + wide, y + high * step / 3)], 0.7, start=0.8, end=0.8
        )


def house(stage: Stage, x: float, y: float, wide: float, depth: float, wall: str = WALL) -> None:
    """A classical house: platform, pillars, lattice windows, curved roof; (x, y) = middle of its foot."""
    pen, high = stage.pen(depth), wide * 0.42
    half = wide / 2
    pen.shape(
        [
            (x - half * 0.86, y), (x + half * 0.86, y), (x + half * 0.86, y - high),
            (x - half * 0.86, y - high),
        ],
        stage.tone(wall, depth),
        0.9,
        smooth=False,
    )  # fmt: skip
    _window(stage, x - half * 0.7, y - high * 0.72, wide * 0.18, high * 0.4, depth)
    _window(stage, x + half * 0.34, y - high * 0.72, wide * 0.18, high * 0.4, depth)
    pen.shape(
        [
            (x - half * 0.2, y), (x + half * 0.2, y), (x + half * 0.2, y - high * 0.8),
            (x - half * 0.2, y - high * 0.8),
        ],
        stage.tone(TIMBER, depth),
        0.9,
        smooth=False,
    )  # fmt: skip
    pen.stroke([(x, y), (x, y - high * 0.8)], 0.9, start=0.8, end=0.8)
    for share in (-0.86, -0.28, 0.28, 0.86):
        px, thick = x + half * share, wide * 0.016
        pen.shape(
            [(px - thick, y), (px + thick, y), (px + thick, y - high), (px - thick, y - high)],
            stage.tone(VERMILION, depth),
            0.8,
            smooth=False,
        )
    curved_roof(stage, x, y - high * 0.96, wide, wide * 0.26, depth)
    pen.shape(
        [
            (x - half * 0.96, y), (x + half * 0.96, y), (x + half, y + wide * 0.05),
            (x - half, y + wide * 0.05),
        ],
        stage.tone(STONE, depth),
        0.9,
        smooth=False,
    )  # fmt: skip


def pagoda(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A tower of five storeys."""
    pen = stage.pen(depth)
    for level in range(5):
        wide, foot = size * (0.42 - 0.055 * level), y - size * 0.19 * level
        pen.shape(
            [
                (x - wide * 0.36, foot), (x + wide * 0.36, foot),
                (x + wide * 0.34, foot - size * 0.15), (x - wide * 0.34, foot - size * 0.15),
            ],
            stage.tone("#c9a98b", depth),
            0.8,
            smooth=False,
        )  # fmt: skip
        _window(stage, x - wide * 0.08, foot - size * 0.12, wide * 0.16, size * 0.08, depth)
        curved_roof(stage, x, foot - size * 0.13, wide, size * 0.065, depth)
    pen.stroke([(x, y - size * 0.94), (x, y - size * 1.12)], 1.6, start=0.9, end=0.3)


def city_gate(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A city wall with its gate and gate tower."""
    pen, high = stage.pen(depth), wide * 0.34
    w = stage.width
    brick = stage.tone("#9b9384", depth)
    pen.shape(
        [(-0.1 * w, y), (-0.1 * w, y - high * 0.8), (1.1 * w, y - high * 0.8), (1.1 * w, y)],
        brick,
        0.9,
        smooth=False,
    )
    step = wide * 0.07
    for index in range(int(1.2 * w / step) + 1):
        bx = -0.1 * w + index * step
        pen.shape(
            [
                (bx, y - high * 0.8), (bx, y - high * 0.9), (bx + step * 0.6, y - high * 0.9),
                (bx + step * 0.6, y - high * 0.8),
            ],
            brick,
            0.8,
            smooth=False,
        )  # fmt: skip
    pen.shape(
        [
            (x - wide * 0.36, y), (x - wide * 0.33, y - high), (x + wide * 0.33, y - high),
            (x + wide * 0.36, y),
        ],
        stage.tone("#a79e8d", depth),
        1.0,
        smooth=False,
    )  # fmt: skip
    arch: list[Point] = [
        (x - wide * 0.12, y, 0), (x - wide * 0.12, y - high * 0.44),
        (x - wide * 0.07, y - high * 0.64), (x, y - high * 0.7), (x + wide * 0.07, y - high * 0.64),
        (x + wide * 0.12, y - high * 0.44), (x + wide * 0.12, y, 0),
    ]  # fmt: skip
    pen.shape(arch, colour.darker(brick, 0.6), 1.0)
    for row in range(4):
        for column in range(6):
            bx = x - wide * 0.33 + wide * 0.11 * (column + 0.5 * (row % 2))
            if abs(bx - x) > wide * 0.15:
                pen.stroke(
                    [
                        (bx, y - high * (0.2 + row * 0.2)),
                        (bx + wide * 0.05, y - high * (0.2 + row * 0.2)),
                    ],
                    0.7,
                    opacity=0.6,
                    start=0.7,
                    end=0.7,
                )
    house(stage, x, y - high, wide * 0.54, depth)
