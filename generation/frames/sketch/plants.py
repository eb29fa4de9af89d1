"""Trees, grass and the foliage of the foreground."""

from __future__ import annotations

from math import cos, pi, sin

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.stage import Stage


def tufts(stage: Stage, count: int, paint: str) -> None:
    """Dry brush marks, grass and stones, larger towards the viewer."""
    base = colour.mix(stage.tone(paint, 0.1), stage.light.ink, 0.3)
    for _ in range(count):
        t = stage.rng.random() ** 0.8
        x, y = (
            stage.width * stage.rng.random(),
            stage.horizon + (stage.height - stage.horizon) * (0.1 + 0.9 * t),
        )
        run = stage.unit * (3 + 16 * t)
        stage.pen(0.7 - 0.5 * t).stroke(
            [(x, y), (x + run * 0.5, y - stage.unit * 0.25), (x + run, y + stage.unit * 0.1)],
            1.6,
            base,
            opacity=0.28,
        )
    for _ in range(count):
        t = 0.06 + 0.94 * stage.rng.random() ** 1.2
        x, y = stage.width * stage.rng.random(), stage.horizon + (stage.height - stage.horizon) * t
        size = stage.unit * 4.6 * t
        pen = stage.pen(0.9 - 0.8 * t)
        ink = colour.mix(stage.tone(paint, 1 - t), stage.light.ink, 0.45)
        for lean in (-0.62, -0.3, 0.0, 0.34, 0.6):
            pen.stroke(
                [
                    (x, y),
                    (x + size * lean * 0.4, y - size * 0.6),
                    (x + size * lean, y - size * (1.0 - 0.3 * abs(lean))),
                ],
                0.95,
                ink,
                start=0.7,
                end=0.05,
            )
    near_grass(stage, paint)


def near_grass(stage: Stage, paint: str) -> None:
    """Dark blades in the lower corners: the foreground layer."""
    tone = colour.darker(stage.tone(paint), 0.42)
    pen, h, w = stage.pen(0.0, 1.1), stage.height, stage.width
    span = min(w, h)
    for side in (0.0, 1.0):
        for index in range(16):
            x = w * side + (1 - 2 * side) * span * (0.02 * index - 0.02)
            tall = span * (0.17 - 0.007 * index) * (0.7 + 0.5 * stage.rng.random())
            lean = (stage.rng.random() - 0.5) * tall * 0.9
            wide = span * 0.006
            blade: list[Point] = [
                (x - wide, h + 4), (x + lean * 0.4 - wide * 0.5, h - tall * 0.6),
                (x + lean, h - tall, 0), (x + lean * 0.4 + wide, h - tall * 0.55),
                (x + wide, h + 4),
            ]  # fmt: skip
            pen.shape(blade, tone, 0, opacity=0.9)


def pine(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A pine of the ink painters: bent trunk, flat pads of needles."""
    pen = stage.pen(depth, 1.1)
    trunk, leaf = stage.tone("#6b5139", depth), stage.tone("#55705a", depth)
    lean = size * 0.14 * (stage.rng.random() - 0.5) * 2
    pen.shape(
        [
            (x - size * 0.1, y + size * 0.01, 0), (x - size * 0.03 + lean * 0.3, y - size * 0.5),
            (x + lean, y - size), (x + lean + size * 0.03, y - size),
            (x + size * 0.05 + lean * 0.4, y - size * 0.5), (x + size * 0.11, y + size * 0.01, 0),
        ],
        trunk,
        0.9,
    )  # fmt: skip
    for index in range(6):
        level = 0.42 + index * 0.115
        side = -1.0 if index % 2 else 1.0
        reach = size * (0.46 - index * 0.05)
        cx, cy = x + lean * level + side * reach * 0.45, y - size * level
        if index == 5:
            cx = x + lean
        snow = stage.setting.weather == "snow"
        fill = colour.mix(leaf, "#ffffff", 0.7) if snow else leaf
        pad: list[Point] = [
            (cx - reach * 0.62, cy + reach * 0.06), (cx - reach * 0.4, cy - reach * 0.14),
            (cx - reach * 0.1, cy - reach * 0.24), (cx + reach * 0.24, cy - reach * 0.18),
            (cx + reach * 0.6, cy + reach * 0.04), (cx, cy + reach * 0.12),
        ]  # fmt: skip
        pen.shape(pad, fill, 0.85)
        for step in (-0.3, 0.0, 0.3):
            pen.stroke(
                [
                    (cx + step * reach, cy + reach * 0.06),
                    (cx + step * reach * 1.1, cy - reach * 0.1),
                ],
                0.7,
                opacity=0.7,
            )


def broadleaf(
    stage: Stage, x: float, y: float, size: float, depth: float, leaf: str = "#7d9463"
) -> None:
    """A leafy tree: forked trunk and a crown in clumps."""
    pen = stage.pen(depth, 1.1)
    trunk = stage.tone("#6f563f", depth)
    pen.shape(
        [
            (x - size * 0.11, y + size * 0.01, 0), (x - size * 0.035, y - size * 0.42),
            (x - size * 0.16, y - size * 0.62), (x - size * 0.1, y - size * 0.62),
            (x, y - size * 0.48), (x + size * 0.13, y - size * 0.64),
            (x + size * 0.18, y - size * 0.62), (x + size * 0.045, y - size * 0.4),
            (x + size * 0.12, y + size * 0.01, 0),
        ],
        trunk,
        0.9,
    )  # fmt: skip
    fill = stage.tone(leaf, depth)
    if stage.setting.weather == "snow":
        fill = colour.mix(fill, "#ffffff", 0.55)
    for dx, dy, r in ((-0.24, 0.64, 0.22), (0.24, 0.66, 0.22), (0.0, 0.84, 0.3)):
        cx, cy, radius = x + size * dx, y - size * dy, size * r
        clump: list[Point] = []
        for index in range(22):
            turn = 2 * pi * index / 22
            out = radius * (1.03 if index % 2 else 0.9) * (0.95 + 0.1 * stage.rng.random())
            clump.append((cx + out * cos(turn) * 1.12, cy + out * sin(turn) * 0.86))
        pen.shape(clump, fill, 0.85)
        pen.shape(
            [
                (cx - radius * 0.7, cy + radius * 0.5), (cx + radius * 0.1, cy + radius * 0.2),
                (cx + radius * 0.95, cy + radius * 0.1), (cx + radius * 0.5, cy + radius * 0.7),
            ],
            colour.darker(fill, 0.3),
            0,
            opacity=0.4,
        )  # fmt: skip
        for step in range(5):
            lx, ly = cx + radius * (step - 2) * 0.3, cy - radius * (0.1 + 0.3 * stage.rng.random())
            pen.stroke(
                [(lx - radius * 0.12, ly), (lx, ly - radius * 0.09), (lx + radius * 0.12, ly)],
                0.8,
                opacity=0.55,
            )


def willow(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A willow by the water."""
    pen = stage.pen(depth, 1.0)
    pen.shape(
        [
            (x - size * 0.1, y, 0), (x - size * 0.05, y - size * 0.4),
            (x + size * 0.04, y - size * 0.76), (x + size * 0.08, y - size * 0.74),
            (x + size * 0.02, y - size * 0.4), (x + size * 0.12, y, 0),
        ],
        stage.tone("#6f563f", depth),
        0.9,
    )  # fmt: skip
    leaf = stage.tone("#8fa568", depth)
    for index in range(30):
        reach = (index - 14.5) / 14.5
        top = (x + size * 0.05, y - size * 0.78)
        arch = (
            x + size * reach * 0.4,
            y - size * (1.0 - 0.2 * abs(reach) + 0.05 * stage.rng.random()),
        )
        end = (x + size * reach * 0.58, y - size * (0.16 + 0.34 * stage.rng.random()))
        tone = leaf if index % 3 else colour.darker(leaf, 0.2)
        pen.stroke(
            [
                top,
                arch,
                ((arch[0] + end[0] * 2) / 3 + size * reach * 0.06, (arch[1] + end[1]) / 2),
                end,
            ],
            3.2,
            tone,
            start=0.2,
            end=0.15,
            opacity=0.9,
        )


def bamboo(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A bamboo stem with leaves."""
    pen = stage.pen(depth, 1.0)
    tone, lean = stage.tone("#7f9a66", depth), size * 0.08 * (stage.rng.random() - 0.5)
    wide = size * 0.016
    pen.shape(
        [
            (x - wide, y), (x + lean - wide * 0.7, y - size), (x + lean + wide * 0.7, y - size),
            (x + wide, y),
        ],
        tone,
        0.7,
        smooth=False,
    )  # fmt: skip
    for index in range(1, 7):
        at = index / 7
        jx, jy = x + lean * at, y - size * at
        pen.stroke([(jx - wide * 1.3, jy), (jx + wide * 1.3, jy)], 1.0, start=0.8, end=0.8)
        if index > 2:
            side = -1.0 if index % 2 else 1.0
            for drop in (0.0, 0.5, 1.0):
                tip = (jx + side * size * (0.1 + 0.03 * drop), jy + size * (0.02 + 0.06 * drop))
                pen.stroke(
                    [(jx, jy), ((jx + tip[0]) / 2, (jy + tip[1]) / 2 - size * 0.02), tip],
                    4.0,
                    tone,
                    start=0.1,
                    end=0.05,
                )


def branch_frame(stage: Stage, right: bool, leaf: str = "#4f6653") -> None:
    """Dark foliage of the foreground in an upper corner: it frames the picture."""
    pen = stage.pen(0.0, 1.2)
    side = 1.0 if right else -1.0
    edge = stage.width if right else 0.0
    tone = colour.darker(stage.tone(leaf), 0.35)
    span = min(stage.width, stage.height)
    for index in range(5):
        y = stage.height * 0.01 + index * span * 0.055
        tip = (edge - side * span * (0.52 - index * 0.09), y + span * (0.07 + 0.02 * index))
        pen.stroke(
            [(edge, y), ((edge + tip[0]) / 2, y - span * 0.01), tip], 2.6, tone, start=0.9, end=0.1
        )
        for step in range(5):
            share = 0.2 + step * 0.19
            x0, y0 = edge + (tip[0] - edge) * share, y + (tip[1] - y) * share
            for lift in (-1.0, 1.0):
                pen.shape(
                    [
                        (x0, y0), (x0 - side * span * 0.03, y0 + lift * span * 0.022),
                        (x0 - side * span * 0.075, y0 + lift * span * 0.026),
                        (x0 - side * span * 0.03, y0 + lift * span * 0.006),
                    ],
                    tone,
                    0,
                )  # fmt: skip
