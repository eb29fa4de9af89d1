"""Things that characters carry: on the back, at the side or in the hand, in figure space."""

from __future__ import annotations

from math import cos, radians, sin

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Joint, Skeleton

WOOD, STEEL, GOLD, PAPER = "#8a5a33", "#b9c2c6", "#d0a23a", "#f3ead2"


def behind(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Worn on the back."""
    b = bones.body
    local = pen.at(bones.neck[0], bones.neck[1], bones.lean)
    kind = look.accessory
    if bones.pose.prop == "bed" and kind in ("sword", "bow", "gourd"):
        return
    if kind == "sword" and not _fights(bones):
        local = local.at(-0.1 * b, 0.75 * b, -34, b)
        local.shape(
            [(-0.08, -0.9), (0.08, -0.9), (0.07, 1.7), (-0.07, 1.7)],
            colour.darker(look.secondary, 0.35),
            0.9,
            smooth=False,
        )
        _hilt(local, look, -0.9)
    elif kind == "bow":
        local = local.at(-0.5 * b, 0.6 * b, -24, b)
        local.stroke(
            [(0.0, -1.7), (-0.42, -1.0), (-0.3, 0.0), (-0.42, 1.0), (0.0, 1.7)],
            4.2,
            WOOD,
            start=0.5,
            end=0.5,
        )
        local.stroke([(0.0, -1.7), (0.0, 1.7)], 0.7, start=0.8, end=0.8)
        local.shape(
            [(0.16, -0.9), (0.46, -0.9), (0.42, 0.8), (0.2, 0.8)], look.secondary, 0.9, smooth=False
        )
        for x in (0.2, 0.3, 0.4):
            local.stroke([(x, -0.9), (x, -1.35)], 1.0, WOOD, start=0.9, end=0.9)
            local.disc(x, -1.36, 0.05, 0.1, PAPER, 0.6)
    elif kind == "gourd":
        local = local.at(-0.72 * b, 0.3 * b, -14, b)
        local.disc(0.0, 0.3, 0.36, 0.4, "#c8893b", 0.95)
        local.disc(0.0, -0.28, 0.22, 0.24, "#c8893b", 0.95)
        local.stroke(
            [(-0.16, -0.02), (0.0, 0.03), (0.16, -0.02)], 3.0, look.secondary, start=0.9, end=0.9
        )
        local.shape([(-0.06, -0.48), (-0.05, -0.66), (0.06, -0.66), (0.06, -0.48)], WOOD, 0.8)
    elif kind == "bag" and bones.pose.prop != "bed":
        local = local.at(-0.66 * b, 1.5 * b, 6, b)
        local.shape([(-0.4, -0.26), (0.24, -0.3), (0.3, 0.4), (-0.36, 0.46)], "#9c7b4f", 0.95)


def _fights(bones: Skeleton) -> bool:
    return bones.pose.near_arm[1] < -100


def _hilt(pen: Pen, look: Look, y: float) -> None:
    pen.shape([(-0.24, y), (0.24, y), (0.2, y - 0.1), (-0.2, y - 0.1)], GOLD, 0.85)
    pen.shape(
        [(-0.055, y - 0.1), (0.055, y - 0.1), (0.055, y - 0.6), (-0.055, y - 0.6)],
        WOOD,
        0.85,
        smooth=False,
    )
    pen.disc(0.0, y - 0.65, 0.09, 0.08, GOLD, 0.8)
    pen.stroke([(0.0, y - 0.66), (0.16, y - 0.5), (0.14, y - 0.25)], 1.6, look.secondary)


def at_waist(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Straps and scarves over the clothes."""
    b, w = bones.body, look.width * bones.body
    local = pen.at(bones.neck[0], bones.neck[1], bones.lean)
    if look.accessory in ("bag", "gourd"):
        local.stroke(
            [(0.4 * w, 0.06 * b), (-0.1 * w, 0.9 * b), (-0.56 * w, 1.46 * b)],
            3.2,
            "#6e5232",
            start=0.9,
            end=0.9,
        )


def scarf(pen: Pen, look: Look, bones: Skeleton) -> None:
    """A scarf lies over collar and neck."""
    if look.accessory != "scarf":
        return
    b = bones.body
    local = pen.at(bones.neck[0], bones.neck[1], bones.lean, 0.5 * b + 0.5)
    paint = look.secondary
    local.shape(
        [(-0.3, 0.1), (-0.46, 0.5), (-0.5, 1.1, 0), (-0.22, 1.14, 0), (-0.18, 0.5), (-0.08, 0.16)],
        paint,
        0.95,
    )
    local.shape(
        [
            (-0.4, 0.14), (-0.38, -0.14), (0.0, -0.04), (0.38, -0.16), (0.42, 0.12), (0.1, 0.3),
            (-0.2, 0.28),
        ],
        paint,
        1.0,
    )  # fmt: skip
    local.stroke([(-0.34, 0.02), (0.0, 0.12), (0.34, 0.0)], 0.8, colour.fold_of(paint))
    for x in (-0.42, -0.34, -0.27):
        local.stroke([(x, 1.08), (x, 1.24)], 1.0, paint, start=0.8, end=0.5)


def in_hand(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Held in the near hand; drawn before the hand's sleeve."""
    draw = HELD.get(look.accessory)
    if draw is not None and bones.pose.prop != "bed":
        draw(pen, look, bones)


def _grip(bones: Skeleton) -> Joint:
    e, w = bones.near_elbow, bones.near_wrist
    reach = 0.24
    return w[0] + (w[0] - e[0]) * reach * 0.8, w[1] + (w[1] - e[1]) * reach * 0.8


def _sword(pen: Pen, look: Look, bones: Skeleton) -> None:
    if not _fights(bones):
        return
    x, y = _grip(bones)
    local = pen.at(x, y, 38, bones.body)
    local.shape(
        [(-0.1, -0.3), (0.1, -0.3), (0.09, -2.5), (0.0, -2.8, 0), (-0.09, -2.5)],
        STEEL,
        0.9,
        smooth=False,
    )
    local.stroke([(0.0, -0.4), (0.0, -2.5)], 0.6)
    local.shape([(-0.26, -0.22), (0.26, -0.22), (0.22, -0.34), (-0.22, -0.34)], GOLD, 0.9)
    local.shape(
        [(-0.06, -0.22), (0.06, -0.22), (0.06, 0.34), (-0.06, 0.34)], WOOD, 0.8, smooth=False
    )
    local.stroke([(0.0, 0.34), (-0.2, 0.6), (-0.3, 0.95)], 2.0, look.secondary)


def _pole(pen: Pen, look: Look, bones: Skeleton, turn: float) -> tuple[Pen, float]:
    x, y = _grip(bones)
    return pen.at(x, y, turn, bones.body), y / bones.body


def _staff(pen: Pen, look: Look, bones: Skeleton) -> None:
    fights = _fights(bones)
    local, y = _pole(pen, look, bones, 62 if fights else 3)
    low = 2.2 if fights else -y - 0.02
    top = low - 6.4 if not fights else -2.8
    paint = GOLD if look.species == "monkey" else WOOD
    rod = "#a8322a" if look.species == "monkey" else paint
    local.shape([(-0.085, top), (0.085, top), (0.085, low), (-0.085, low)], rod, 1.0, smooth=False)
    if look.species == "monkey":
        for start in (top, low - 0.5):
            local.shape(
                [(-0.11, start), (0.11, start), (0.11, start + 0.5), (-0.11, start + 0.5)],
                GOLD,
                0.9,
                smooth=False,
            )
    elif look.clothes == "monk_robe":
        local.disc(0.0, top - 0.3, 0.3, 0.34, None, 2.0)
        for side in (-1.0, 1.0):
            local.disc(side * 0.26, top - 0.12, 0.11, 0.13, None, 1.3)
        local.disc(0.0, top, 0.1, 0.1, GOLD, 0.8)
    else:
        local.disc(0.0, top, 0.15, 0.18, colour.darker(WOOD, 0.2), 0.9)


def _spear(pen: Pen, look: Look, bones: Skeleton) -> None:
    fights = _fights(bones)
    local, y = _pole(pen, look, bones, 70 if fights else 4)
    low = 2.4 if fights else -y - 0.02
    top = low - 7.0 if not fights else -3.6
    local.shape([(-0.065, top), (0.065, top), (0.065, low), (-0.065, low)], WOOD, 0.9, smooth=False)
    local.shape(
        [(-0.06, top), (-0.17, top - 0.3), (0.0, top - 0.95, 0), (0.17, top - 0.3), (0.06, top)],
        STEEL,
        0.95,
    )
    local.shape(
        [
            (-0.09, top), (-0.26, top + 0.42), (-0.08, top + 0.36), (0.0, top + 0.52),
            (0.1, top + 0.36), (0.26, top + 0.4), (0.09, top),
        ],
        look.secondary,
        0.8,
    )  # fmt: skip


def _fan(pen: Pen, look: Look, bones: Skeleton) -> None:
    x, y = _grip(bones)
    local = pen.at(x, y, 18, bones.body)
    ribs = [(0.82, turn) for turn in range(-64, 65, 16)]
    rim = [(sin(radians(t)) * r, -cos(radians(t)) * r) for r, t in ribs]
    neck = [(sin(radians(t)) * 0.26, -cos(radians(t)) * 0.26) for _, t in reversed(ribs)]
    local.shape([*rim, *neck], PAPER, 0.95, smooth=False)
    for px, py in rim:
        local.stroke([(0.0, 0.0), (px, py)], 0.8, WOOD, start=0.8, end=0.6)
    local.stroke([(a[0] * 0.9, a[1] * 0.9) for a in rim], 2.4, look.secondary, start=0.9, end=0.9)
    local.stroke([(0.0, 0.0), (0.05, 0.3), (0.0, 0.55)], 1.5, look.secondary)


def _book(pen: Pen, look: Look, bones: Skeleton) -> None:
    x, y = _grip(bones)
    local = pen.at(x, y, 8, bones.body)
    local.shape(
        [(-0.36, -0.72), (0.3, -0.78), (0.36, 0.12), (-0.3, 0.18)], "#3f5f7d", 1.0, smooth=False
    )
    local.shape(
        [(-0.2, -0.62), (-0.02, -0.635), (0.0, -0.1), (-0.18, -0.09)], PAPER, 0.7, smooth=False
    )
    for row in (-0.6, -0.35, -0.1):
        local.stroke([(0.2, row - 0.06), (0.32, row - 0.07)], 0.8, PAPER, start=0.8, end=0.8)


def _umbrella(pen: Pen, look: Look, bones: Skeleton) -> None:
    x, y = _grip(bones)
    if bones.pose.near_arm[1] < 150:
        _folded(pen.at(x, y, 14, bones.body), look)
        return
    base = pen.at(x, y, 6, bones.body)
    base.stroke([(0.0, 0.5), (0.0, -2.3)], 2.6, WOOD, start=0.9, end=0.9)
    local = pen.at(x + 0.42 * bones.body, y - 0.1 * bones.body, 4, bones.body)
    paint = look.secondary
    local.shape(
        [
            (-1.75, -1.5, 0), (-1.2, -2.05), (0.0, -2.5), (1.2, -2.05), (1.75, -1.5, 0),
            (1.2, -1.62), (0.6, -1.48), (0.0, -1.6), (-0.6, -1.48), (-1.2, -1.62),
        ],
        paint,
        1.1,
    )  # fmt: skip
    for px in (-1.1, -0.5, 0.0, 0.5, 1.1):
        local.stroke([(0.0, -2.46), (px * 0.7, -2.1), (px, -1.58)], 0.8, colour.fold_of(paint))
    local.disc(0.0, -2.52, 0.05, 0.09, WOOD, 0.8)


def _folded(pen: Pen, look: Look) -> None:
    """A closed umbrella, point down, where the arm is busy."""
    pen.stroke([(0.0, -0.4), (0.0, 2.3)], 2.4, WOOD, start=0.9, end=0.9)
    pen.shape(
        [(-0.1, 0.1), (-0.2, 0.7), (-0.04, 2.1, 0), (0.05, 2.1, 0), (0.2, 0.7), (0.1, 0.1)],
        look.secondary,
        0.95,
    )
    pen.stroke([(0.02, 0.2), (0.0, 2.0)], 0.8, colour.fold_of(look.secondary))
    pen.stroke([(0.0, -0.36), (-0.14, -0.5), (-0.2, -0.3)], 2.4, WOOD, start=0.9, end=0.9)


HELD = {
    "sword": _sword,
    "staff": _staff,
    "spear": _spear,
    "fan": _fan,
    "book": _book,
    "umbrella": _umbrella,
}
