"""The upper body: chest, collar, belt and what the cut of the clothes shows there."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.collars import COLLARS
from generation.frames.sketch.garments import GOLD, cut_of
from generation.frames.sketch.kinds import kind_of
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Skeleton


def neck(pen: Pen, look: Look, bones: Skeleton) -> None:
    """The neck between collar and head."""
    b = bones.body
    wide = (
        (0.15 if look.female else 0.19)
        * (0.5 * b + 0.5)
        * (1.15 if look.build in ("strong", "stout") else 1.0)
    )
    x, y = bones.neck
    hx, hy = bones.head
    skin = look.coat if kind_of(look.species).hairless else look.skin_colour
    pen.shape(
        [
            (hx - wide, hy + 0.1, 0), (x - wide * 1.05, y - 0.02), (x - wide * 1.5, y + 0.26, 0),
            (x + wide * 1.5, y + 0.26, 0), (x + wide * 1.05, y - 0.02), (hx + wide, hy + 0.1, 0),
        ],
        skin,
        0.95,
    )  # fmt: skip
    if pen.detail > 0.4:
        pen.shape(
            [
                (hx - wide, hy + 0.3), (hx - wide, y - 0.02), (hx + wide * 0.4, y + 0.02),
                (hx + wide, hy + 0.45),
            ],
            colour.darker(skin, 0.35),
            0,
            opacity=0.3,
        )  # fmt: skip


def draw_torso(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Chest and waist with collar, in the space of the trunk."""
    b, w = bones.body, look.width * bones.body
    local = pen.at(bones.neck[0], bones.neck[1], bones.lean)
    length = (1.72 if cut_of(look).sash else 2.02) * b
    waist = (
        0.44
        * w
        * {"stout": 1.42, "strong": 1.04}.get(look.build, 1.0)
        * (0.84 if look.female else 1.0)
    )
    chest = 0.66 * w
    outline: list[Point] = [
        (-0.18 * b, -0.08 * b), (-0.46 * w, 0.06 * b), (-0.76 * w, 0.2 * b), (-0.8 * w, 0.4 * b),
        (-chest, 0.8 * b), (-waist, length * 0.76), (-waist * 1.04, length * 0.98, 0),
        (waist * 0.98, length * 0.98, 0), (waist * 0.94, length * 0.76), (chest * 0.92, 0.8 * b),
        (0.7 * w, 0.4 * b), (0.66 * w, 0.2 * b), (0.42 * w, 0.05 * b), (0.18 * b, -0.08 * b),
    ]  # fmt: skip
    line = local.shape(outline, look.primary, 0)
    with local.canvas.clip(line):
        if local.detail > 0.35:
            d = local.shade
            local.shape(
                [
                    (d * 0.34 * w, 0.0), (d * 0.2 * w, length * 0.5), (d * 0.26 * w, length),
                    (d * 1.2 * w, length), (d * 1.2 * w, 0.0),
                ],
                "#1c1512",
                0,
                smooth=False,
                opacity=0.15,
            )  # fmt: skip
        COLLARS[cut_of(look).collar](local, look, b, w, length)
    local.contour(line, 1.0)
    _standing_collar(local, look, b)
    _belt(local, look, b, waist, length)


def _standing_collar(pen: Pen, look: Look, b: float) -> None:
    """The collar where it climbs the neck, outside of the trunk's outline."""
    kind = cut_of(look).collar
    if kind not in ("cross", "monk", "lapel"):
        return
    paint = "#f4f1ea" if kind == "lapel" else look.secondary
    rise = -0.22 if kind == "cross" else -0.16
    for side in (-1.0, 1.0):
        neck_side: list[Point] = [
            (side * 0.2 * b, rise * b, 0), (side * 0.3 * b, rise * 0.7 * b),
            (side * 0.4 * b, 0.06 * b, 0), (side * 0.22 * b, 0.2 * b, 0),
            (side * 0.17 * b, -0.02 * b),
        ]  # fmt: skip
        pen.shape(neck_side, paint, 0.85)


def _belt(pen: Pen, look: Look, b: float, waist: float, length: float) -> None:
    cut = cut_of(look)
    y = length * (0.95 if cut.sash else 0.78)
    if cut.sash:
        deep = 0.3 * b if look.clothes == "hanfu" else 0.22 * b
        paint = look.secondary
        pen.shape(
            [
                (-waist * 1.05, y - deep * 0.5, 0), (0.0, y - deep * 0.4),
                (waist, y - deep * 0.5, 0), (waist, y + deep * 0.5, 0), (0.0, y + deep * 0.62),
                (-waist * 1.05, y + deep * 0.5, 0),
            ],
            paint,
            0.95,
        )  # fmt: skip
        if look.clothes in ("robe", "hanfu", "rags", "dress"):
            x = 0.16 * waist
            for shift, low in ((0.0, 1.35), (0.16, 1.1)):
                pen.shape(
                    [
                        (x + shift * b, y), (x + (shift + 0.1) * b, y + 0.6 * b),
                        (x + (shift + 0.07) * b, y + low * b, 0),
                        (x + (shift - 0.09) * b, y + low * b, 0),
                        (x + (shift - 0.06) * b, y + 0.6 * b),
                    ],
                    paint,
                    0.8,
                )  # fmt: skip
            pen.disc(x + 0.05 * b, y, 0.12 * b, 0.1 * b, paint, 0.85)
        elif cut.collar == "plate":
            pen.disc(0.0, y, 0.17 * b, 0.17 * b, GOLD, 0.9)
        return
    if look.clothes in ("shirt", "uniform", "jacket", "suit"):
        low = length * 0.97
        pen.stroke([(-waist * 1.04, low), (waist, low)], 1.4, start=0.8, end=0.8)
        if look.clothes == "uniform":
            pen.shape(
                [
                    (-waist * 1.06, y, 0), (waist, y, 0), (waist, y + 0.16 * b, 0),
                    (-waist * 1.06, y + 0.16 * b, 0),
                ],
                "#3a2c22",
                0.9,
            )  # fmt: skip
            pen.shape(
                [
                    (-0.1 * b, y - 0.02), (0.1 * b, y - 0.02), (0.1 * b, y + 0.18 * b),
                    (-0.1 * b, y + 0.18 * b),
                ],
                GOLD,
                0.8,
                smooth=False,
            )  # fmt: skip
