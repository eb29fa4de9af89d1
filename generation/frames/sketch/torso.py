"""The upper body: chest, collar, belt and what the cut of the clothes shows there."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.garments import GOLD, STEEL, cut_of
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Skeleton


def neck(pen: Pen, look: Look, bones: Skeleton) -> None:
    """The neck between collar and head."""
    b = bones.body
    wide = (0.15 if look.female else 0.19) * (0.5 * b + 0.5) * (1.15 if look.build in ("strong", "stout") else 1.0)
    x, y = bones.neck
    hx, hy = bones.head
    skin = look.hair_paint if look.species == "monkey" else look.skin_colour
    pen.shape([(hx - wide, hy + 0.1, 0), (x - wide * 1.05, y - 0.02), (x - wide * 1.5, y + 0.26, 0), (x + wide * 1.5, y + 0.26, 0), (x + wide * 1.05, y - 0.02), (hx + wide, hy + 0.1, 0)], skin, 0.95)
    if pen.detail > 0.4:
        pen.shape([(hx - wide, hy + 0.3), (hx - wide, y - 0.02), (hx + wide * 0.4, y + 0.02), (hx + wide, hy + 0.45)], colour.darker(skin, 0.35), 0, opacity=0.3)


def draw_torso(pen: Pen, look: Look, bones: Skeleton) -> None:
    """Chest and waist with collar, in the space of the trunk."""
    b, w = bones.body, look.width * bones.body
    local = pen.at(bones.neck[0], bones.neck[1], bones.lean)
    length = (1.72 if cut_of(look).sash else 2.02) * b
    waist = 0.44 * w * {"stout": 1.42, "strong": 1.04}.get(look.build, 1.0) * (0.84 if look.female else 1.0)
    chest = 0.66 * w
    outline: list[Point] = [
        (-0.18 * b, -0.08 * b), (-0.46 * w, 0.06 * b), (-0.76 * w, 0.2 * b), (-0.8 * w, 0.4 * b), (-chest, 0.8 * b), (-waist, length * 0.76), (-waist * 1.04, length * 0.98, 0),
        (waist * 0.98, length * 0.98, 0), (waist * 0.94, length * 0.76), (chest * 0.92, 0.8 * b), (0.7 * w, 0.4 * b), (0.66 * w, 0.2 * b), (0.42 * w, 0.05 * b), (0.18 * b, -0.08 * b),
    ]
    line = local.shape(outline, look.primary, 0)
    with local.canvas.clip(line):
        if local.detail > 0.35:
            d = local.shade
            local.shape([(d * 0.34 * w, 0.0), (d * 0.2 * w, length * 0.5), (d * 0.26 * w, length), (d * 1.2 * w, length), (d * 1.2 * w, 0.0)], "#1c1512", 0, smooth=False, opacity=0.15)
        COLLARS[cut_of(look).collar](local, look, b, w, length)
    local.contour(line, 1.0)
    _standing_collar(local, look, b)
    _belt(local, look, b, waist, length)


def _standing_collar(pen: Pen, look: Look, b: float) -> None:
    """The collar where it climbs the neck, outside of the trunk's outline."""
    kind = cut_of(look).collar
    if kind not in ("cross", "monk", "lapel"):
        return
    paint = {"cross": look.secondary, "monk": look.primary}.get(kind, "#f4f1ea")
    rise = -0.22 if kind == "cross" else -0.16
    for side in (-1.0, 1.0):
        neck_side: list[Point] = [(side * 0.2 * b, rise * b, 0), (side * 0.3 * b, rise * 0.7 * b), (side * 0.4 * b, 0.06 * b, 0), (side * 0.22 * b, 0.2 * b, 0), (side * 0.17 * b, -0.02 * b)]
        pen.shape(neck_side, paint, 0.85)


def _cross(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    inner = "#f6f1e6" if colour.luminance(look.secondary) < 0.75 else colour.mix(look.primary, "#ffffff", 0.7)
    pen.shape([(-0.34 * b, -0.2), (0.34 * b, -0.2), (0.0, 0.75 * b)], inner, 0.8, smooth=False)
    pen.shape([(-0.26 * b, -0.2), (0.26 * b, -0.2), (0.0, 0.46 * b)], look.skin_colour, 0.7, smooth=False)
    band = 0.17 * b
    pen.shape([(0.24 * b, -0.1), (0.24 * b + band, -0.04), (-0.14 * b + band * 0.7, 1.02 * b), (-0.2 * b, 0.8 * b)], look.secondary, 0.85, smooth=False)
    end = (0.4 * w, length * 0.94)
    pen.shape([(-0.24 * b - band, -0.06), (-0.22 * b, -0.12), (end[0], end[1] - band * 0.6), (end[0] - band * 0.4, end[1] + band * 0.9)], look.secondary, 0.9, smooth=False)
    if pen.detail > 0.5:
        fold = colour.fold_of(look.primary)
        pen.stroke([(-0.62 * w, 0.5 * b), (-0.3 * w, 0.9 * b), (-0.1 * w, 1.3 * b)], 0.85, fold)
        pen.stroke([(0.56 * w, 0.5 * b), (0.4 * w, 0.8 * b)], 0.8, fold)


def _monk(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape([(-0.26 * b, -0.1), (0.26 * b, -0.1), (0.04, 0.55 * b)], look.skin_colour, 0.8, smooth=False)
    for side in (-1.0, 1.0):
        pen.shape([(side * 0.3 * b, -0.1), (side * 0.16 * b, -0.1), (-0.02 * side * b, 0.66 * b), (side * 0.12 * b, 0.72 * b)], colour.fold_of(look.primary), 0.7, smooth=False)
    # The kasaya crosses one shoulder.
    pen.shape([(-0.9 * w, -0.1), (-0.36 * w, -0.06), (0.62 * w, length * 0.7), (0.7 * w, length + 0.2), (-0.9 * w, length + 0.2)], look.secondary, 0.95, smooth=False)
    dark = colour.fold_of(look.secondary)
    for share in (0.25, 0.5, 0.75):
        pen.stroke([(-0.9 * w + share * 0.5 * w, 0.0), (-0.3 * w + share * 0.7 * w, length)], 0.8, dark)
    for row in (0.55, 1.05, 1.55):
        pen.stroke([(-0.9 * w, row * b), (0.5 * w, (row + 0.25) * b)], 0.7, dark)


def _lapel(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape([(-0.3 * b, -0.1), (0.32 * b, -0.1), (0.04 * b, 1.15 * b)], "#f4f1ea", 0.8, smooth=False)
    pen.shape([(-0.07 * b, 0.12 * b), (0.09 * b, 0.12 * b), (0.12 * b, 0.3 * b), (0.08 * b, 1.1 * b), (-0.04 * b, 1.1 * b), (-0.08 * b, 0.3 * b)], look.secondary, 0.85, smooth=False)
    for side in (-1.0, 1.0):
        x = 0.02 * b
        pen.shape([(x + side * 0.2 * b, -0.12 * b), (x + side * 0.44 * b, 0.04 * b), (x + side * 0.5 * b, 0.5 * b), (x + side * 0.38 * b, 0.52 * b), (x + side * 0.02, 1.2 * b)], colour.darker(look.primary, 0.08) if side > 0 else look.primary, 1.0, smooth=False)
    pen.stroke([(0.03 * b, 1.2 * b), (0.06 * b, length)], 0.9, colour.fold_of(look.primary))
    for row in (1.36, 1.66):
        pen.disc(0.0, row * b, 0.045 * b, 0.045 * b, colour.fold_of(look.primary))
    pen.stroke([(-0.5 * w, 0.62 * b), (-0.26 * w, 0.6 * b)], 0.8, colour.fold_of(look.primary))


def _button(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    fold = colour.fold_of(look.primary)
    pen.shape([(-0.32 * b, -0.1), (0.32 * b, -0.1), (0.24 * b, 0.24 * b), (0.02 * b, 0.3 * b), (-0.24 * b, 0.24 * b)], look.secondary, 0.95)
    pen.shape([(-0.07 * b, 0.2 * b), (0.11 * b, 0.2 * b), (0.11 * b, length), (-0.07 * b, length)], look.secondary if look.clothes == "jacket" else look.primary, 0.8, smooth=False)
    for row in range(4):
        pen.disc(0.02 * b, (0.5 + row * 0.4) * b, 0.05 * b, 0.05 * b, GOLD if look.clothes == "uniform" else fold, 0.4)
    for side in (-1.0, 1.0):
        x = side * 0.4 * w
        pen.shape([(x - 0.17 * w, 0.62 * b), (x + 0.17 * w, 0.62 * b), (x + 0.17 * w, 0.8 * b), (x, 0.88 * b), (x - 0.17 * w, 0.8 * b)], look.primary, 0.7, smooth=False)
        if look.clothes == "uniform":
            pen.shape([(side * 0.42 * w, 0.1 * b), (side * 0.82 * w, 0.18 * b), (side * 0.84 * w, 0.3 * b), (side * 0.44 * w, 0.22 * b)], look.secondary, 0.8, smooth=False)


def _round(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    deep = 0.34 * b if look.clothes == "dress" else 0.24 * b
    pen.shape([(-0.3 * b, -0.1), (0.3 * b, -0.1), (0.22 * b, deep * 0.7), (0.0, deep), (-0.22 * b, deep * 0.7)], look.skin_colour, 0.0)
    pen.stroke([(-0.3 * b, -0.02), (-0.22 * b, deep * 0.75), (0.0, deep + 0.03), (0.22 * b, deep * 0.75), (0.3 * b, -0.02)], 4.2, look.secondary, start=0.8, end=0.8)
    pen.stroke([(-0.33 * b, 0.0), (-0.25 * b, deep * 0.8), (0.0, deep + 0.1 * b), (0.25 * b, deep * 0.8), (0.33 * b, 0.0)], 0.8)
    if look.clothes == "shirt":
        pen.shape([(-0.9 * w, 0.92 * b), (0.9 * w, 0.92 * b), (0.9 * w, 1.16 * b), (-0.9 * w, 1.16 * b)], look.secondary, 0.7, smooth=False)
    if pen.detail > 0.5:
        fold = colour.fold_of(look.primary)
        pen.stroke([(-0.6 * w, 0.55 * b), (-0.4 * w, 0.9 * b)], 0.8, fold)
        pen.stroke([(0.3 * w, 1.3 * b), (0.1 * w, 1.6 * b)], 0.8, fold)


def _plate(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape([(-0.34 * b, -0.1), (0.34 * b, -0.1), (0.26 * b, 0.2 * b), (-0.26 * b, 0.2 * b)], look.secondary, 0.9)
    fold = colour.fold_of(look.primary)
    for row in range(5):
        y = (0.5 + row * 0.3) * b
        for column in range(-4, 5):
            x = (column + 0.5 * (row % 2)) * 0.24 * w
            if pen.detail > 0.6:
                pen.stroke([(x - 0.12 * w, y), (x, y + 0.14 * b), (x + 0.12 * w, y)], 0.75, fold)
    for side in (-1.0, 1.0):
        pen.disc(side * 0.32 * w, 0.66 * b, 0.25 * w, 0.27 * b, STEEL, 0.95)
        pen.disc(side * 0.32 * w, 0.66 * b, 0.15 * w, 0.16 * b, GOLD, 0.7)
    pen.stroke([(0.0, 0.2 * b), (0.0, 1.2 * b)], 1.6, GOLD, start=0.8, end=0.8)


def _belt(pen: Pen, look: Look, b: float, waist: float, length: float) -> None:
    cut = cut_of(look)
    y = length * (0.95 if cut.sash else 0.78)
    if cut.sash:
        deep = 0.3 * b if look.clothes == "hanfu" else 0.22 * b
        paint = look.secondary
        pen.shape([(-waist * 1.05, y - deep * 0.5, 0), (0.0, y - deep * 0.4), (waist, y - deep * 0.5, 0), (waist, y + deep * 0.5, 0), (0.0, y + deep * 0.62), (-waist * 1.05, y + deep * 0.5, 0)], paint, 0.95)
        if look.clothes in ("robe", "hanfu", "rags", "dress"):
            x = 0.16 * waist
            for shift, low in ((0.0, 1.35), (0.16, 1.1)):
                pen.shape([(x + shift * b, y), (x + (shift + 0.1) * b, y + 0.6 * b), (x + (shift + 0.07) * b, y + low * b, 0), (x + (shift - 0.09) * b, y + low * b, 0), (x + (shift - 0.06) * b, y + 0.6 * b)], paint, 0.8)
            pen.disc(x + 0.05 * b, y, 0.12 * b, 0.1 * b, paint, 0.85)
        elif cut.collar == "plate":
            pen.disc(0.0, y, 0.17 * b, 0.17 * b, GOLD, 0.9)
        return
    if look.clothes in ("shirt", "uniform", "jacket", "suit"):
        low = length * 0.97
        pen.stroke([(-waist * 1.04, low), (waist, low)], 1.4, start=0.8, end=0.8)
        if look.clothes == "uniform":
            pen.shape([(-waist * 1.06, y, 0), (waist, y, 0), (waist, y + 0.16 * b, 0), (-waist * 1.06, y + 0.16 * b, 0)], "#3a2c22", 0.9)
            pen.shape([(-0.1 * b, y - 0.02), (0.1 * b, y - 0.02), (0.1 * b, y + 0.18 * b), (-0.1 * b, y + 0.18 * b)], GOLD, 0.8, smooth=False)


COLLARS = {"cross": _cross, "monk": _monk, "lapel": _lapel, "button": _button, "round": _round, "plate": _plate}
