"""Buildings, furniture of the street, vehicles and crowds, by period."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage

WALL, TIMBER, TILE, VERMILION, STONE = "#ded3bd", "#7a5238", "#6b7278", "#a5483a", "#aaa496"


def curved_roof(stage: Stage, x: float, y: float, wide: float, high: float, depth: float, tile: str = TILE) -> None:
    """A roof with upturned eaves; (x, y) is the middle of the eaves' line."""
    pen, tone = stage.pen(depth, 1.1), stage.tone(tile, depth)
    half = wide / 2
    if stage.setting.weather == "snow":
        tone = colour.mix(tone, "#ffffff", 0.7)
    points: list[Point] = [(x - half * 1.12, y - high * 0.2, 0), (x - half * 0.8, y - high * 0.18), (x - half * 0.52, y - high * 0.6), (x - half * 0.44, y - high, 0), (x + half * 0.44, y - high, 0), (x + half * 0.52, y - high * 0.6), (x + half * 0.8, y - high * 0.18), (x + half * 1.12, y - high * 0.2, 0), (x + half * 0.86, y + high * 0.06), (x, y + high * 0.08), (x - half * 0.86, y + high * 0.06)]
    pen.shape(points, tone, 1.0)
    for index in range(-4, 5):
        top, low = x + half * 0.42 * index / 4, x + half * 0.84 * index / 4
        pen.stroke([(top, y - high * 0.94), ((top * 1.3 + low * 0.7) / 2, y - high * 0.5), (low, y + high * 0.02)], 0.8, opacity=0.6)
    pen.stroke([(x - half * 0.46, y - high), (x + half * 0.46, y - high)], 3.0, colour.darker(tone, 0.3), start=0.9, end=0.9)
    for side in (-1.0, 1.0):
        pen.shape([(x + side * half * 0.4, y - high), (x + side * half * 0.5, y - high * 1.24), (x + side * half * 0.5, y - high)], colour.darker(tone, 0.3), 0.6)


def _window(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    lit = stage.setting.daytime in ("night", "dusk")
    fill = colour.mix(stage.light.glow, stage.light.haze, depth * 0.5) if lit else stage.tone("#c9bfa4", depth)
    pen = stage.pen(depth, 0.8)
    pen.shape([(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], fill, 0.9, smooth=False)
    for step in (1, 2):
        pen.stroke([(x + wide * step / 3, y), (x + wide * step / 3, y + high)], 0.7, start=0.8, end=0.8)
        pen.stroke([(x, y + high * step / 3), (x + wide, y + high * step / 3)], 0.7, start=0.8, end=0.8)


def house(stage: Stage, x: float, y: float, wide: float, depth: float, wall: str = WALL) -> None:
    """A classical house: platform, pillars, lattice windows, curved roof; (x, y) = middle of its foot."""
    pen, high = stage.pen(depth), wide * 0.42
    half = wide / 2
    pen.shape([(x - half * 0.86, y), (x + half * 0.86, y), (x + half * 0.86, y - high), (x - half * 0.86, y - high)], stage.tone(wall, depth), 0.9, smooth=False)
    _window(stage, x - half * 0.7, y - high * 0.72, wide * 0.18, high * 0.4, depth)
    _window(stage, x + half * 0.34, y - high * 0.72, wide * 0.18, high * 0.4, depth)
    pen.shape([(x - half * 0.2, y), (x + half * 0.2, y), (x + half * 0.2, y - high * 0.8), (x - half * 0.2, y - high * 0.8)], stage.tone(TIMBER, depth), 0.9, smooth=False)
    pen.stroke([(x, y), (x, y - high * 0.8)], 0.9, start=0.8, end=0.8)
    for share in (-0.86, -0.28, 0.28, 0.86):
        px, thick = x + half * share, wide * 0.016
        pen.shape([(px - thick, y), (px + thick, y), (px + thick, y - high), (px - thick, y - high)], stage.tone(VERMILION, depth), 0.8, smooth=False)
    curved_roof(stage, x, y - high * 0.96, wide, wide * 0.26, depth)
    pen.shape([(x - half * 0.96, y), (x + half * 0.96, y), (x + half, y + wide * 0.05), (x - half, y + wide * 0.05)], stage.tone(STONE, depth), 0.9, smooth=False)


def pagoda(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A tower of five storeys."""
    pen = stage.pen(depth)
    for level in range(5):
        wide, foot = size * (0.42 - 0.055 * level), y - size * 0.19 * level
        pen.shape([(x - wide * 0.36, foot), (x + wide * 0.36, foot), (x + wide * 0.34, foot - size * 0.15), (x - wide * 0.34, foot - size * 0.15)], stage.tone("#c9a98b", depth), 0.8, smooth=False)
        _window(stage, x - wide * 0.08, foot - size * 0.12, wide * 0.16, size * 0.08, depth)
        curved_roof(stage, x, foot - size * 0.13, wide, size * 0.065, depth)
    pen.stroke([(x, y - size * 0.94), (x, y - size * 1.12)], 1.6, start=0.9, end=0.3)


def city_gate(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A city wall with its gate and gate tower."""
    pen, high = stage.pen(depth), wide * 0.34
    w = stage.width
    brick = stage.tone("#9b9384", depth)
    pen.shape([(-0.1 * w, y), (-0.1 * w, y - high * 0.8), (1.1 * w, y - high * 0.8), (1.1 * w, y)], brick, 0.9, smooth=False)
    step = wide * 0.07
    for index in range(int(1.2 * w / step) + 1):
        bx = -0.1 * w + index * step
        pen.shape([(bx, y - high * 0.8), (bx, y - high * 0.9), (bx + step * 0.6, y - high * 0.9), (bx + step * 0.6, y - high * 0.8)], brick, 0.8, smooth=False)
    pen.shape([(x - wide * 0.36, y), (x - wide * 0.33, y - high), (x + wide * 0.33, y - high), (x + wide * 0.36, y)], stage.tone("#a79e8d", depth), 1.0, smooth=False)
    arch: list[Point] = [(x - wide * 0.12, y, 0), (x - wide * 0.12, y - high * 0.44), (x - wide * 0.07, y - high * 0.64), (x, y - high * 0.7), (x + wide * 0.07, y - high * 0.64), (x + wide * 0.12, y - high * 0.44), (x + wide * 0.12, y, 0)]
    pen.shape(arch, colour.darker(brick, 0.6), 1.0)
    for row in range(4):
        for column in range(6):
            bx = x - wide * 0.33 + wide * 0.11 * (column + 0.5 * (row % 2))
            if abs(bx - x) > wide * 0.15:
                pen.stroke([(bx, y - high * (0.2 + row * 0.2)), (bx + wide * 0.05, y - high * (0.2 + row * 0.2))], 0.7, opacity=0.6, start=0.7, end=0.7)
    house(stage, x, y - high, wide * 0.54, depth)


def tower_block(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    """A modern building with rows of windows."""
    pen = stage.pen(depth, 0.9)
    paint = ("#b9b5ac", "#a7b0b5", "#c2b6a3", "#9aa3a0")[int(stage.rng.random() * 4)]
    tone = stage.tone(paint, depth)
    pen.shape([(x, y), (x, y - high), (x + wide, y - high), (x + wide, y)], tone, 0.9, smooth=False)
    pen.shape([(x + wide * 0.72, y), (x + wide * 0.72, y - high), (x + wide, y - high), (x + wide, y)], colour.darker(tone, 0.3), 0, smooth=False, opacity=0.45)
    lit = stage.light.dark or stage.setting.daytime == "dusk"
    columns, rows = 4, max(3, min(14, int(high / wide * 4)))
    for row in range(rows):
        for column in range(columns):
            glows = lit and stage.rng.random() < 0.55
            fill = colour.mix(stage.light.glow, stage.light.haze, depth * 0.4) if glows else colour.darker(tone, 0.35)
            wx, wy = x + wide * (0.1 + 0.21 * column), y - high * (0.95 - 0.9 * row / rows)
            stage.canvas.rect(wx, wy, wide * 0.13, high / rows * 0.5, fill, 0.9)


def spire(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    """A science-fiction tower: tapered hull, ring, light lines."""
    pen = stage.pen(depth)
    tone = stage.tone("#a3b0bd", depth)
    pen.shape([(x - wide * 0.5, y), (x - wide * 0.34, y - high * 0.5), (x - wide * 0.1, y - high * 0.92), (x, y - high, 0), (x + wide * 0.12, y - high * 0.9), (x + wide * 0.3, y - high * 0.5), (x + wide * 0.5, y)], tone, 1.0)
    pen.shape([(x + wide * 0.06, y), (x + wide * 0.05, y - high * 0.94), (x + wide * 0.3, y - high * 0.5), (x + wide * 0.5, y)], colour.darker(tone, 0.35), 0, opacity=0.45)
    for level in (0.34, 0.62):
        pen.disc(x, y - high * level, wide * (0.86 - level * 0.5), wide * 0.11, colour.mix(tone, "#ffffff", 0.2), 0.9)
    for row in range(7):
        ly = y - high * (0.08 + 0.1 * row)
        stage.canvas.rect(x - wide * 0.18, ly, wide * 0.26, max(1.0, high * 0.012), "#9fe8ea" if stage.light.dark else "#dff6f2", 0.85)


def lantern(stage: Stage, x: float, y: float, size: float, depth: float = 0.2) -> None:
    """A red paper lantern on its cord."""
    pen = stage.pen(depth)
    if stage.setting.daytime in ("night", "dusk"):
        fill = stage.canvas.radial(x, y, size * 5, (0.0, stage.light.glow, 0.6), (1.0, stage.light.glow, 0.0))
        stage.canvas.rect(x - size * 5, y - size * 5, size * 10, size * 10, fill)
    pen.stroke([(x, y - size * 2.2), (x, y - size)], 0.8, start=0.8, end=0.8)
    red = "#c8452f" if stage.setting.daytime in ("night", "dusk") else stage.tone("#b8463a", depth)
    pen.disc(x, y, size, size * 0.9, red, 1.0)
    for bulge in (-0.5, 0.0, 0.5):
        pen.stroke([(x + size * bulge * 0.6, y - size * 0.86), (x + size * bulge * 1.1, y), (x + size * bulge * 0.6, y + size * 0.86)], 0.7, opacity=0.7)
    for end in (-1.0, 1.0):
        pen.shape([(x - size * 0.4, y + end * size * 0.82), (x + size * 0.4, y + end * size * 0.82), (x + size * 0.4, y + end * size), (x - size * 0.4, y + end * size)], stage.tone("#c99b3c", depth), 0.7, smooth=False)
    pen.stroke([(x, y + size), (x, y + size * 1.8)], 2.2, red, start=0.8, end=0.4)


def tent(stage: Stage, x: float, y: float, size: float, depth: float, paint: str = "#b9a98a") -> None:
    """A round army tent with a pennant."""
    pen, tone = stage.pen(depth), stage.tone(paint, depth)
    pen.shape([(x - size, y, 0), (x - size * 0.92, y - size * 0.5, 0.3), (x, y - size * 1.25, 0), (x + size * 0.92, y - size * 0.5, 0.3), (x + size, y, 0)], tone, 1.0)
    pen.shape([(x - size * 0.2, y), (x, y - size * 0.78), (x + size * 0.22, y)], colour.darker(tone, 0.6), 0.9, smooth=False)
    pen.stroke([(x - size * 0.92, y - size * 0.5), (x, y - size * 0.4), (x + size * 0.92, y - size * 0.5)], 0.9)
    banner(stage, x, y - size * 1.2, size * 0.7, depth, "#9c4336")


def banner(stage: Stage, x: float, y: float, size: float, depth: float, paint: str) -> None:
    """A flag on a pole."""
    pen = stage.pen(depth)
    pen.stroke([(x, y), (x, y - size * 1.4)], 1.8, stage.tone(TIMBER, depth), start=0.9, end=0.9)
    pen.shape([(x, y - size * 1.38), (x + size * 0.5, y - size * 1.44), (x + size, y - size * 1.28, 0), (x + size * 0.76, y - size * 1.08, 0), (x + size * 0.96, y - size * 0.86, 0), (x + size * 0.5, y - size * 0.92), (x, y - size * 0.84)], stage.tone(paint, depth), 0.9)


def boat(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A boat with a mat roof, a sail in science fiction's place."""
    pen = stage.pen(depth)
    pen.shape([(x - size, y - size * 0.22, 0), (x - size * 0.5, y - size * 0.08), (x + size * 0.5, y - size * 0.08), (x + size, y - size * 0.26, 0), (x + size * 0.66, y + size * 0.1), (x - size * 0.7, y + size * 0.1)], stage.tone("#6f4f38", depth), 1.0)
    pen.shape([(x - size * 0.4, y - size * 0.08, 0), (x - size * 0.38, y - size * 0.3), (x, y - size * 0.42), (x + size * 0.34, y - size * 0.3), (x + size * 0.36, y - size * 0.08, 0)], stage.tone("#b59a66", depth), 0.9)
    pen.stroke([(x + size * 0.6, y - size * 0.1), (x + size * 0.66, y - size * 1.1)], 1.3, start=0.9, end=0.9)


def person_shape(x: float, y: float, size: float, period: str, seed: float) -> list[Point]:
    """The silhouette of one onlooker, feet at (x, y)."""
    wide = size * (0.15 + 0.04 * seed)
    if period in ("modern", "scifi"):
        return [(x - wide * 0.7, y, 0), (x - wide * 0.9, y - size * 0.5), (x - wide * 1.2, y - size * 0.74), (x - wide * 0.5, y - size * 0.84), (x - wide * 0.55, y - size * 0.95), (x, y - size * (1.0 + 0.05 * seed)), (x + wide * 0.55, y - size * 0.95), (x + wide * 0.5, y - size * 0.84), (x + wide * 1.2, y - size * 0.74), (x + wide * 0.9, y - size * 0.5), (x + wide * 0.7, y, 0)]
    return [(x - wide * 1.3, y, 0), (x - wide * 1.25, y - size * 0.4), (x - wide * 1.15, y - size * 0.74), (x - wide * 0.42, y - size * 0.83), (x - wide * 0.5, y - size * 0.94), (x - wide * 0.2, y - size * 1.0), (x, y - size * (1.03 + 0.08 * seed)), (x + wide * 0.2, y - size * 1.0), (x + wide * 0.5, y - size * 0.94), (x + wide * 0.42, y - size * 0.83), (x + wide * 1.15, y - size * 0.74), (x + wide * 1.25, y - size * 0.4), (x + wide * 1.3, y, 0)]


def crowd(stage: Stage, ground: float, size: float, depth: float, count: int) -> None:
    """Onlookers as silhouettes in two rows behind the characters."""
    pen = stage.pen(depth, 0.9)
    period = stage.setting.period
    for row in (0, 1):
        y = ground - size * 0.16 * (1 - row)
        for index in range(count):
            x = stage.width * (index + 0.5 * row + 0.4 * stage.rng.random()) / count
            tone = stage.tone(("#8b857a", "#7a7f80", "#948a7d", "#80796f")[int(stage.rng.random() * 4)], depth + 0.12 * (1 - row))
            height = size * (0.9 + 0.14 * stage.rng.random())
            pen.shape(person_shape(x, y, height, period, stage.rng.random()), tone, 0.7)
            head_y = y - height * 0.92
            pen.disc(x, head_y, height * 0.055, height * 0.065, colour.mix(tone, stage.tone("#e0c8ae", depth), 0.55), 0)
