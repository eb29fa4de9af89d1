"""What stands and hangs in rooms."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.room_shell import Room
from generation.frames.sketch.stage import Stage


def lattice(stage: Stage, room: Room, x: float, y: float, wide: float, high: float) -> None:
    """A lattice window with what the daytime shows behind it; shares of the back wall."""
    x0, y0 = room.at(x, y)
    x1, y1 = room.at(x + wide, y + high)
    light, pen = stage.light, stage.pen(0.3)
    night = stage.setting.daytime == "night"
    fill = stage.canvas.linear(
        0,
        y0,
        0,
        y1,
        (0.0, light.sky_top if night else colour.mix(light.sky_top, "#ffffff", 0.35), 1),
        (1.0, light.sky_low, 1),
    )
    pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, 1.6, smooth=False)
    frame = stage.tone("#7c4a36", 0.2)
    for step in range(1, 5):
        px = x0 + (x1 - x0) * step / 5
        pen.stroke([(px, y0), (px, y1)], 1.3, frame, start=0.9, end=0.9)
    for step in range(1, 4):
        py = y0 + (y1 - y0) * step / 4
        pen.stroke([(x0, py), (x1, py)], 1.3, frame, start=0.9, end=0.9)
    if not night:
        beam = stage.canvas.linear(
            x0,
            y0,
            x0 - room.width * 0.3,
            stage.height,
            (0.0, light.glow, 0.34),
            (1.0, light.glow, 0.0),
        )
        drop = stage.height - y1
        stage.pen().shape(
            [
                (x0, y0), (x1, y0), (x1 - drop * 0.25, stage.height),
                (x0 - drop * 0.55, stage.height),
            ],
            beam,
            0,
            smooth=False,
        )  # fmt: skip


def pillar(stage: Stage, x: float, wide: float, depth: float, paint: str = "#9c4336") -> None:
    """A round pillar from floor to ceiling."""
    h = stage.height
    foot = stage.horizon + (h - stage.horizon) * (1.0 - depth * 0.9)
    tone, pen = stage.tone(paint, depth * 0.5), stage.pen(depth * 0.6)
    half = wide / 2
    fill = stage.canvas.linear(
        x - half,
        0,
        x + half,
        0,
        (0.0, colour.lighter(tone, 0.2), 1),
        (0.45, tone, 1),
        (1.0, colour.darker(tone, 0.4), 1),
    )
    pen.shape(
        [(x - half, -10), (x + half, -10), (x + half, foot), (x - half, foot)],
        fill,
        1.0,
        smooth=False,
    )
    pen.shape(
        [
            (x - half * 1.35, foot - wide * 0.2), (x + half * 1.35, foot - wide * 0.2),
            (x + half * 1.5, foot + wide * 0.16), (x - half * 1.5, foot + wide * 0.16),
        ],
        stage.tone("#b9b2a2", depth * 0.5),
        1.0,
    )  # fmt: skip


def scroll(stage: Stage, room: Room, x: float, y: float, wide: float, high: float) -> None:
    """A hanging scroll with a landscape."""
    x0, y0 = room.at(x, y)
    x1, y1 = room.at(x + wide, y + high)
    pen = stage.pen(0.35)
    pen.shape(
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)], stage.tone("#f1e8d3", 0.2), 0.9, smooth=False
    )
    w, h = x1 - x0, y1 - y0
    ink = stage.light.line(0.45)
    pen.shape(
        [
            (x0 + w * 0.1, y0 + h * 0.6), (x0 + w * 0.36, y0 + h * 0.26),
            (x0 + w * 0.52, y0 + h * 0.46), (x0 + w * 0.7, y0 + h * 0.34),
            (x0 + w * 0.9, y0 + h * 0.62),
        ],
        ink,
        0,
        opacity=0.4,
    )  # fmt: skip
    pen.stroke(
        [
            (x0 + w * 0.16, y0 + h * 0.8),
            (x0 + w * 0.5, y0 + h * 0.76),
            (x0 + w * 0.86, y0 + h * 0.8),
        ],
        0.8,
        ink,
    )
    for end in (y0, y1):
        pen.stroke(
            [(x0 - w * 0.1, end), (x1 + w * 0.1, end)],
            2.6,
            stage.tone("#6a3f2e", 0.2),
            start=0.9,
            end=0.9,
        )


def table(
    stage: Stage,
    x: float,
    y: float,
    wide: float,
    depth: float,
    paint: str = "#8a5a3c",
    cloth: str | None = None,
) -> None:
    """A table seen from the front; (x, y) = middle of its foot line."""
    pen, tone = stage.pen(depth), stage.tone(paint, depth)
    half, high = wide / 2, wide * 0.36
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (x + side * half * 0.9, y - high), (x + side * half * 0.8, y - high),
                (x + side * half * 0.8, y), (x + side * half * 0.9, y),
            ],
            colour.darker(tone, 0.15),
            0.9,
            smooth=False,
        )  # fmt: skip
    if cloth is not None:
        pen.shape(
            [
                (x - half * 0.92, y - high), (x + half * 0.92, y - high),
                (x + half * 0.92, y - high * 0.25), (x - half * 0.92, y - high * 0.25),
            ],
            stage.tone(cloth, depth),
            0.9,
            smooth=False,
        )  # fmt: skip
    pen.shape(
        [
            (x - half * 0.9, y - high * 1.12), (x + half * 0.9, y - high * 1.12),
            (x + half, y - high * 0.92), (x - half, y - high * 0.92),
        ],
        colour.lighter(tone, 0.12),
        1.0,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (x - half, y - high * 0.92), (x + half, y - high * 0.92), (x + half, y - high * 0.8),
            (x - half, y - high * 0.8),
        ],
        tone,
        0.9,
        smooth=False,
    )  # fmt: skip


def vessel(stage: Stage, x: float, y: float, size: float, paint: str, depth: float = 0.3) -> None:
    """A jar, pot or vase standing on (x, y)."""
    stage.pen(depth).shape(
        [
            (x - size * 0.3, y, 0), (x - size * 0.5, y - size * 0.5),
            (x - size * 0.2, y - size * 0.92), (x - size * 0.26, y - size * 1.06),
            (x + size * 0.26, y - size * 1.06), (x + size * 0.2, y - size * 0.92),
            (x + size * 0.5, y - size * 0.5), (x + size * 0.3, y, 0),
        ],
        stage.tone(paint, depth),
        0.9,
    )  # fmt: skip


def candle(stage: Stage, x: float, y: float, size: float) -> None:
    """A candle with its light."""
    if stage.setting.daytime in ("night", "dusk"):
        fill = stage.canvas.radial(
            x, y - size, size * 9, (0.0, stage.light.glow, 0.55), (1.0, stage.light.glow, 0.0)
        )
        stage.canvas.rect(x - size * 9, y - size * 10, size * 18, size * 18, fill)
    pen = stage.pen(0.2)
    pen.shape(
        [
            (x - size * 0.16, y), (x + size * 0.16, y), (x + size * 0.14, y - size),
            (x - size * 0.14, y - size),
        ],
        "#d9c7a0",
        0.8,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (x, y - size * 1.02), (x - size * 0.16, y - size * 1.26), (x, y - size * 1.62, 0),
            (x + size * 0.16, y - size * 1.26),
        ],
        "#f3b548",
        0.6,
    )  # fmt: skip


def shelf(stage: Stage, room: Room, x: float, wide: float) -> None:
    """A bookcase on the back wall."""
    x0, y0 = room.at(x, 0.22)
    x1, y1 = room.at(x + wide, 1.0)
    pen, tone = stage.pen(0.35), stage.tone("#7d553a", 0.3)
    pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour.darker(tone, 0.3), 1.0, smooth=False)
    rows = 4
    for row in range(rows):
        top, low = y0 + (y1 - y0) * row / rows, y0 + (y1 - y0) * (row + 1) / rows
        bx = x0 + (x1 - x0) * 0.04
        while bx < x1 - (x1 - x0) * 0.1:
            thick = (x1 - x0) * (0.05 + 0.06 * stage.rng.random())
            tall = (low - top) * (0.55 + 0.3 * stage.rng.random())
            paint = ("#8f7b5d", "#6f7f86", "#a1785a", "#86806b", "#c3b391")[
                int(stage.rng.random() * 5)
            ]
            pen.shape(
                [(bx, low), (bx, low - tall), (bx + thick, low - tall), (bx + thick, low)],
                stage.tone(paint, 0.35),
                0.7,
                smooth=False,
            )
            bx += thick * 1.06
        pen.shape(
            [(x0, low - (y1 - y0) * 0.012), (x1, low - (y1 - y0) * 0.012), (x1, low), (x0, low)],
            tone,
            0.7,
            smooth=False,
        )


def curtain(stage: Stage, right: bool) -> None:
    edge, side = (stage.width, -1.0) if right else (0.0, 1.0)
    h, w = stage.height, min(stage.width, stage.height)
    tone, pen = stage.tone("#a8756a", 0.05), stage.pen(0.1)
    pen.shape(
        [
            (edge, -10, 0), (edge + side * w * 0.2, -10, 0), (edge + side * w * 0.17, h * 0.3),
            (edge + side * w * 0.07, h * 0.52), (edge + side * w * 0.1, h * 0.8),
            (edge + side * w * 0.12, h + 10, 0), (edge, h + 10, 0),
        ],
        colour.darker(tone, 0.12),
        1.0,
    )  # fmt: skip
    for share in (0.25, 0.5, 0.75):
        pen.stroke(
            [
                (edge + side * w * 0.2 * share, 0),
                (edge + side * w * 0.16 * share, h * 0.3),
                (edge + side * w * 0.07 * share, h * 0.52),
            ],
            0.9,
        )


def sofa(stage: Stage, box: Room) -> None:
    x, y = box.at(0.34, 1.08)
    u, pen = box.unit, stage.pen(0.25)
    tone = stage.tone("#7f8c86", 0.25)
    pen.shape(
        [
            (x - u * 0.3, y - u * 0.06), (x - u * 0.29, y - u * 0.26), (x + u * 0.29, y - u * 0.26),
            (x + u * 0.3, y - u * 0.06),
        ],
        tone,
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (x - u * 0.34, y), (x - u * 0.35, y - u * 0.16), (x - u * 0.26, y - u * 0.17),
            (x - u * 0.25, y - u * 0.11), (x + u * 0.25, y - u * 0.11),
            (x + u * 0.26, y - u * 0.17), (x + u * 0.35, y - u * 0.16), (x + u * 0.34, y),
        ],
        colour.lighter(tone, 0.14),
        1.0,
    )  # fmt: skip
    lx, ly = box.at(0.9, 1.05)
    pen.stroke([(lx, ly), (lx, ly - u * 0.6)], 1.8, start=0.9, end=0.9)
    if stage.light.dark or stage.setting.daytime == "dusk":
        fill = stage.canvas.radial(
            lx, ly - u * 0.6, u * 0.6, (0.0, stage.light.glow, 0.6), (1.0, stage.light.glow, 0.0)
        )
        stage.canvas.rect(lx - u * 0.6, ly - u * 1.2, u * 1.2, u * 1.2, fill)
    pen.shape(
        [
            (lx - u * 0.06, ly - u * 0.72), (lx + u * 0.06, ly - u * 0.72),
            (lx + u * 0.1, ly - u * 0.57), (lx - u * 0.1, ly - u * 0.57),
        ],
        stage.tone("#e7d5ab", 0.1),
        1.0,
        smooth=False,
    )  # fmt: skip


def statue(stage: Stage, x: float, y: float, size: float) -> None:
    """A seated figure on a lotus; (x, y) = middle of its foot."""
    pen, gold = stage.pen(0.35), stage.tone("#c79a3d", 0.3)
    for index in range(-3, 4):
        px = x + size * 0.13 * index
        pen.shape(
            [
                (px - size * 0.08, y), (px, y - size * 0.14, 0), (px + size * 0.08, y),
                (px, y + size * 0.04),
            ],
            stage.tone("#d6a59a", 0.3),
            0.8,
        )  # fmt: skip
    legs: list[Point] = [
        (x - size * 0.42, y - size * 0.06), (x - size * 0.4, y - size * 0.18),
        (x - size * 0.14, y - size * 0.24), (x + size * 0.14, y - size * 0.24),
        (x + size * 0.4, y - size * 0.18), (x + size * 0.42, y - size * 0.06), (x, y - size * 0.02),
    ]  # fmt: skip
    trunk: list[Point] = [
        (x - size * 0.2, y - size * 0.16), (x - size * 0.3, y - size * 0.4),
        (x - size * 0.26, y - size * 0.62), (x - size * 0.08, y - size * 0.7),
        (x + size * 0.08, y - size * 0.7), (x + size * 0.26, y - size * 0.62),
        (x + size * 0.3, y - size * 0.4), (x + size * 0.2, y - size * 0.16),
    ]  # fmt: skip
    pen.shape(trunk, gold, 1.0)
    pen.shape(legs, gold, 1.0)
    for side in (-1.0, 1.0):
        pen.stroke(
            [
                (x + side * size * 0.24, y - size * 0.6),
                (x + side * size * 0.22, y - size * 0.36),
                (x + side * size * 0.04, y - size * 0.26),
            ],
            1.0,
        )
        pen.disc(x + side * size * 0.125, y - size * 0.82, size * 0.026, size * 0.06, gold, 0.8)
    _calm_face(stage, x, y, size, gold)


def _calm_face(stage: Stage, x: float, y: float, size: float, gold: str) -> None:
    pen = stage.pen(0.35)
    pen.disc(x, y - size * 0.83, size * 0.12, size * 0.15, gold, 1.0)
    pen.disc(x, y - size * 0.97, size * 0.1, size * 0.06, stage.tone("#3c4a5c", 0.3), 0.8)
    for side in (-1.0, 1.0):
        pen.stroke(
            [
                (x + side * size * 0.07, y - size * 0.84),
                (x + side * size * 0.045, y - size * 0.83),
                (x + side * size * 0.02, y - size * 0.84),
            ],
            0.8,
        )
    pen.stroke(
        [
            (x - size * 0.03, y - size * 0.755),
            (x, y - size * 0.75),
            (x + size * 0.03, y - size * 0.755),
        ],
        0.8,
    )
    pen.stroke(
        [
            (x - size * 0.2, y - size * 0.62),
            (x, y - size * 0.45),
            (x + size * 0.1, y - size * 0.26),
        ],
        1.0,
    )
