"""Buildings of Europe: cottages, town houses, manors, a church, a castle gate."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.stage import Stage

WALLS = ("#d8cbb0", "#c7a98a", "#b98a6c", "#cfc9bb")
ROOFS = ("#8a4f3c", "#6d6a72", "#7d5a45")


def _rect(
    stage: Stage,
    x0: float,
    y0: float,
    x1: float,
    y1: float,
    paint: str,
    depth: float,
    ink: float = 0.9,
) -> None:
    stage.pen(depth).shape(
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1)], stage.tone(paint, depth), ink, smooth=False
    )


def _pane(stage: Stage, x: float, y: float, wide: float, high: float, depth: float) -> None:
    lit = stage.setting.daytime in ("night", "dusk")
    glass = (
        colour.mix(stage.light.glow, stage.light.haze, depth * 0.5)
        if lit
        else stage.tone("#8fa9b5", depth)
    )
    pen = stage.pen(depth, 0.8)
    pen.shape(
        [(x, y), (x + wide, y), (x + wide, y + high), (x, y + high)], glass, 1.1, smooth=False
    )
    frame = stage.tone("#f1ece0", depth)
    pen.stroke([(x + wide / 2, y), (x + wide / 2, y + high)], 1.2, frame, start=0.9, end=0.9)
    pen.stroke([(x, y + high / 2), (x + wide, y + high / 2)], 1.2, frame, start=0.9, end=0.9)


def _roof(stage: Stage, points: list[tuple[float, float]], paint: str, depth: float) -> None:
    tone = stage.tone(paint, depth)
    if stage.setting.weather == "snow":
        tone = colour.mix(tone, "#ffffff", 0.7)
    stage.pen(depth, 1.1).shape(points, tone, 1.0, smooth=False)


def house(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A cottage or a town house with a gable; (x, y) = middle of its foot."""
    pick = stage.rng.random()
    wall, roof = WALLS[int(pick * 4)], ROOFS[int(pick * 9) % 3]
    half, high = wide * 0.42, wide * 0.46
    _rect(stage, x + half * 0.42, y - high * 1.75, x + half * 0.62, y - high, "#9a6a55", depth)
    _rect(stage, x - half, y - high, x + half, y, wall, depth)
    _roof(
        stage,
        [
            (x - half * 1.16, y - high * 0.96),
            (x - half * 0.72, y - high * 1.66),
            (x + half * 0.72, y - high * 1.66),
            (x + half * 1.16, y - high * 0.96),
        ],
        roof,
        depth,
    )
    pen = stage.pen(depth)
    for row in (0.3, 0.6):
        yy = y - high * (0.96 + 0.7 * row)
        pen.stroke(
            [(x - half * (1.1 - 0.42 * row), yy), (x + half * (1.1 - 0.42 * row), yy)],
            0.7,
            opacity=0.5,
        )
    _roof(
        stage,
        [
            (x - half * 0.42, y - high * 0.98),
            (x, y - high * 1.6),
            (x + half * 0.42, y - high * 0.98),
        ],
        roof,
        depth,
    )
    _pane(stage, x - half * 0.14, y - high * 1.22, half * 0.28, high * 0.22, depth)
    for side in (-0.78, 0.42):
        _pane(stage, x + half * side, y - high * 0.72, half * 0.36, high * 0.36, depth)
    _rect(stage, x - half * 0.17, y - high * 0.62, x + half * 0.17, y, "#5f4a38", depth)
    pen.disc(x + half * 0.1, y - high * 0.3, half * 0.03, half * 0.03, stage.tone("#d0a23a", depth))


def manor(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A country house: three gables, rows of windows, steps."""
    half, high = wide / 2, wide * 0.42
    for share in (-0.6, 0.66):
        _rect(
            stage,
            x + half * share - half * 0.05,
            y - high * 1.66,
            x + half * share + half * 0.05,
            y - high,
            "#9a6a55",
            depth,
        )
    _rect(stage, x - half, y - high, x + half, y, "#cdbb98", depth)
    _roof(
        stage,
        [
            (x - half * 1.06, y - high),
            (x - half * 0.86, y - high * 1.42),
            (x + half * 0.86, y - high * 1.42),
            (x + half * 1.06, y - high),
        ],
        "#6d6a72",
        depth,
    )
    for share in (-0.68, 0.0, 0.68):
        cx = x + half * share
        _roof(
            stage,
            [(cx - half * 0.22, y - high), (cx, y - high * 1.5), (cx + half * 0.22, y - high)],
            "#7d5a45",
            depth,
        )
        for row in (0.86, 0.44):
            if share or row > 0.5:
                _pane(stage, cx - half * 0.09, y - high * row, half * 0.18, high * 0.28, depth)
    for share in (-0.36, 0.3):
        for row in (0.86, 0.44):
            _pane(stage, x + half * share, y - high * row, half * 0.1, high * 0.26, depth)
    _rect(stage, x - half * 0.1, y - high * 0.46, x + half * 0.1, y, "#5f4a38", depth)
    _rect(stage, x - half * 0.2, y - high * 0.03, x + half * 0.2, y + high * 0.04, "#b5ac9a", depth)


def church(stage: Stage, x: float, y: float, size: float, depth: float) -> None:
    """A church with its steeple."""
    _rect(stage, x - size * 0.1, y - size * 0.34, x + size * 0.4, y, "#bdb5a6", depth)
    _roof(
        stage,
        [
            (x - size * 0.14, y - size * 0.33),
            (x, y - size * 0.54),
            (x + size * 0.34, y - size * 0.54),
            (x + size * 0.44, y - size * 0.33),
        ],
        "#6d6a72",
        depth,
    )
    _rect(stage, x - size * 0.24, y - size * 0.6, x - size * 0.04, y, "#c7bfb0", depth)
    _roof(
        stage,
        [
            (x - size * 0.27, y - size * 0.6),
            (x - size * 0.14, y - size * 1.1),
            (x - size * 0.01, y - size * 0.6),
        ],
        "#5f6a72",
        depth,
    )
    pen = stage.pen(depth)
    pen.stroke(
        [(x - size * 0.14, y - size * 1.1), (x - size * 0.14, y - size * 1.22)],
        1.6,
        start=0.9,
        end=0.9,
    )
    pen.stroke(
        [(x - size * 0.17, y - size * 1.18), (x - size * 0.11, y - size * 1.18)],
        1.6,
        start=0.9,
        end=0.9,
    )
    for share in (0.08, 0.24):
        _pane(stage, x + size * share, y - size * 0.26, size * 0.06, size * 0.16, depth)
    _pane(stage, x - size * 0.17, y - size * 0.48, size * 0.06, size * 0.14, depth)


def castle(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A castle: curtain wall, two round towers, the gate between them."""
    high = wide * 0.34
    brick = "#a59d90"
    _rect(stage, -0.1 * stage.width, y - high * 0.72, stage.width * 1.1, y, brick, depth)
    step = wide * 0.06
    for index in range(int(1.2 * stage.width / step) + 1):
        bx = -0.1 * stage.width + index * step
        _rect(stage, bx, y - high * 0.82, bx + step * 0.55, y - high * 0.71, brick, depth, 0.8)
    for side in (-1.0, 1.0):
        cx = x + side * wide * 0.25
        _rect(stage, cx - wide * 0.1, y - high * 1.2, cx + wide * 0.1, y, "#b0a899", depth, 1.0)
        _roof(
            stage,
            [
                (cx - wide * 0.13, y - high * 1.18),
                (cx, y - high * 1.8),
                (cx + wide * 0.13, y - high * 1.18),
            ],
            "#7d4f45",
            depth,
        )
        _pane(stage, cx - wide * 0.02, y - high * 0.95, wide * 0.04, high * 0.2, depth)
        stage.pen(depth).shape(
            [
                (cx, y - high * 1.8),
                (cx, y - high * 2.0),
                (cx + wide * 0.09, y - high * 1.94),
                (cx, y - high * 1.88),
            ],
            stage.tone("#9c2f3a", depth),
            0.8,
            smooth=False,
        )
    _rect(stage, x - wide * 0.15, y - high, x + wide * 0.15, y, "#aaa294", depth, 1.0)
    gate = [
        (x - wide * 0.1, y, 0),
        (x - wide * 0.1, y - high * 0.5),
        (x, y - high * 0.74, 0),
        (x + wide * 0.1, y - high * 0.5),
        (x + wide * 0.1, y, 0),
    ]
    stage.pen(depth).shape(gate, stage.tone("#3f3630", depth), 1.0)


def row(stage: Stage, x: float, y: float, wide: float, depth: float) -> None:
    """A narrow town house of three storeys in a street's row."""
    pick = stage.rng.random()
    half, high = wide * 0.46, wide * (1.15 + 0.35 * pick)
    _rect(stage, x - half, y - high, x + half, y, WALLS[int(pick * 4)], depth, 1.0)
    _roof(
        stage,
        [(x - half * 1.08, y - high), (x, y - high - wide * 0.42), (x + half * 1.08, y - high)],
        ROOFS[int(pick * 9) % 3],
        depth,
    )
    for level in range(2):
        for side in (-0.62, 0.2):
            _pane(
                stage,
                x + half * side,
                y - high * (0.92 - 0.32 * level),
                half * 0.42,
                high * 0.18,
                depth,
            )
    _rect(stage, x - half * 0.7, y - high * 0.3, x - half * 0.14, y, "#5f4a38", depth)
    _pane(stage, x + half * 0.1, y - high * 0.28, half * 0.66, high * 0.2, depth)
    awning = ("#9c4a42", "#4f6f5a", "#56708f")[int(pick * 7) % 3]
    stage.pen(depth).shape(
        [
            (x - half, y - high * 0.34),
            (x + half, y - high * 0.34),
            (x + half * 1.1, y - high * 0.27),
            (x - half * 1.1, y - high * 0.27),
        ],
        stage.tone(awning, depth),
        0.9,
        smooth=False,
    )
