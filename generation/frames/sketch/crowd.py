"""Onlookers: small people of the place and time, without faces, paler than who is in the story."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.stage import Setting, Stage

CLOTHES = ("#7f8f9a", "#9a8468", "#8a7a8f", "#7d8f78", "#a38a7a", "#6f7d8a", "#98907a")
HAIR = ("#3a322e", "#4a3f38", "#3f3733", "#8a857e")
STRAW, FELT = "#cdb27a", "#4f4a4a"


def person_shape(x: float, y: float, size: float, period: str, seed: float) -> list[Point]:
    """The silhouette of one far figure, feet at (x, y)."""
    wide = size * (0.15 + 0.04 * seed)
    low = 0.7 if period in ("modern", "scifi") else 1.3
    return [
        (x - wide * low, y, 0), (x - wide * 1.05, y - size * 0.42), (x - wide * 1.1, y - size * 0.72),
        (x - wide * 0.42, y - size * 0.82), (x - wide * 0.5, y - size * 0.93), (x, y - size * 1.02),
        (x + wide * 0.5, y - size * 0.93), (x + wide * 0.42, y - size * 0.82),
        (x + wide * 1.1, y - size * 0.72), (x + wide * 1.05, y - size * 0.42), (x + wide * low, y, 0),
    ]  # fmt: skip


def crowd(stage: Stage, ground: float, size: float, depth: float, count: int) -> None:
    """Onlookers in two loose rows behind the characters, thinner in the middle."""
    rng = stage.rng
    for row in (0, 1):
        y = ground - size * 0.13 * (1 - row)
        far = depth + 0.14 * (1 - row)
        for index in range(count):
            x = (index + 0.5 * row + 0.5 * rng.random()) / count
            build, pick = rng.random(), rng.random()
            if row == 1 and 0.3 < x < 0.7 and pick < 0.5:
                continue
            high = size * (0.84 + 0.2 * build) * (0.7 if pick > 0.92 else 1.0)
            onlooker(stage, stage.width * x, y, high, far, pick, rng.random())


def onlooker(
    stage: Stage, x: float, y: float, size: float, depth: float, pick: float, turn: float
) -> None:
    """One onlooker with feet at (x, y); `pick` and `turn` (0..1) choose clothes, hair and hat."""
    pen = stage.pen(depth, 0.85)
    setting = stage.setting
    cloth = stage.tone(CLOTHES[int(pick * 97) % len(CLOTHES)], depth)
    skin = stage.tone("#e5cbb0", depth)
    woman = turn > 0.55
    wide = size * (0.13 + 0.03 * pick)
    _legs(pen, x, y, size, wide, setting, woman, stage.tone("#5a5452", depth))
    low = 0.0 if _robed(setting, woman) else 0.44
    flare = 1.5 if _robed(setting, woman) else 0.85
    body: list[Point] = [
        (x - wide * flare, y - size * low, 0), (x - wide * 0.86, y - size * 0.5),
        (x - wide * 1.12, y - size * 0.7), (x - wide * 0.3, y - size * 0.81), (x + wide * 0.3, y - size * 0.81),
        (x + wide * 1.12, y - size * 0.7), (x + wide * 0.86, y - size * 0.5), (x + wide * flare, y - size * low, 0),
    ]  # fmt: skip
    pen.shape(body, cloth, 0.8)
    for side in (-1.0, 1.0):
        arm = [
            (x + side * wide * 0.95, y - size * 0.7),
            (x + side * wide * 1.35, y - size * 0.52),
            (x + side * wide * (1.1 - 0.8 * (turn > 0.8)), y - size * 0.4),
        ]
        pen.stroke(arm, 3.4, colour.darker(cloth, 0.2), start=0.9, end=0.7)
    head_y, radius = y - size * 0.885, size * 0.072
    hair = stage.tone(HAIR[int(turn * 83) % len(HAIR)], depth)
    if woman and not setting.future:
        pen.disc(x, head_y - radius * 1.25, radius * 0.55, radius * 0.5, hair, 0.6)
    pen.disc(x, head_y, radius * 0.92, radius * 1.12, skin, 0.7)
    _hair(pen, x, head_y, radius, hair, woman)
    if pick < 0.34 and not (woman and setting.culture == "china"):
        _hat(pen, x, head_y, radius, setting, stage, depth)
    elif setting.culture == "china" and not setting.future and not woman:
        pen.disc(x, head_y - radius * 1.3, radius * 0.34, radius * 0.36, hair, 0.5)


def _robed(setting: Setting, woman: bool) -> bool:
    if setting.future:
        return False
    return woman or setting.culture != "west"


def _legs(
    pen: Pen,
    x: float,
    y: float,
    size: float,
    wide: float,
    setting: Setting,
    woman: bool,
    paint: str,
) -> None:
    if _robed(setting, woman):
        return
    for side in (-0.42, 0.42):
        pen.shape(
            [(x + side * wide - wide * 0.34, y, 0), (x + side * wide - wide * 0.36, y - size * 0.5), (x + side * wide + wide * 0.36, y - size * 0.5), (x + side * wide + wide * 0.34, y, 0)],
            paint,
            0.6,
        )  # fmt: skip


def _hair(pen: Pen, x: float, y: float, r: float, paint: str, woman: bool) -> None:
    low = 1.5 if woman else 0.1
    pen.shape(
        [
            (x - r * 1.0, y + r * low), (x - r * 1.1, y - r * 0.4), (x, y - r * 1.35), (x + r * 1.1, y - r * 0.4),
            (x + r * 1.0, y + r * low), (x + r * 0.72, y - r * 0.3), (x, y - r * 0.62), (x - r * 0.72, y - r * 0.3),
        ],
        paint,
        0,
    )  # fmt: skip


def _hat(
    pen: Pen, x: float, y: float, r: float, setting: Setting, stage: Stage, depth: float
) -> None:
    if setting.future:
        return
    if setting.culture == "west":
        felt = stage.tone(FELT, depth)
        pen.shape(
            [
                (x - r * 0.8, y - r * 0.8),
                (x - r * 0.75, y - r * 2.1),
                (x + r * 0.75, y - r * 2.1),
                (x + r * 0.8, y - r * 0.8),
            ],
            felt,
            0.7,
            smooth=False,
        )
        pen.stroke(
            [(x - r * 1.5, y - r * 0.8), (x + r * 1.5, y - r * 0.8)], 3.0, felt, start=0.9, end=0.9
        )
        return
    pen.shape(
        [
            (x - r * 2.0, y - r * 0.5, 0),
            (x, y - r * 1.8, 0),
            (x + r * 2.0, y - r * 0.5, 0),
            (x, y - r * 0.3),
        ],
        stage.tone(STRAW, depth),
        0.7,
    )
