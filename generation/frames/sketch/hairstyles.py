"""The styles of hair in front of the skull: what is tied on top and what falls beside the face."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.hair import cap, hair_pen, lock, shine
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

GOLD = "#d8ab3c"


def _topknot(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        pen.shape(
            [
                (-0.1, -0.54), (-0.17, -0.68), (-0.1, -0.8), (0.05, -0.82), (0.14, -0.72),
                (0.1, -0.56),
            ],
            look.hair_paint,
            0.9,
        )  # fmt: skip
        pen.stroke([(-0.06, -0.6), (-0.06, -0.72), (0.02, -0.78)], 0.7, shine(look))
        _ribbon(pen, look, 0.0, -0.575, 0.125)
        pen.stroke([(-0.26, -0.6), (0.26, -0.66)], 1.8, GOLD, start=0.8, end=0.8)
    cap(pen, look, face, turn, -0.29)
    _sideburn(pen, look, face, 0.2)


def _sideburn(pen: Pen, look: Look, face: Face, low: float) -> None:
    x = -face.half
    lock(
        pen,
        look,
        [
            (x - 0.045, -0.12), (x - 0.055, low * 0.5), (x - 0.02, low), (x + 0.02, low * 0.5),
            (x + 0.05, -0.1),
        ],
        0,
    )  # fmt: skip


def _bun(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if look.female:
        if not covered:
            pen.shape(
                [
                    (-0.2, -0.5), (-0.36, -0.66), (-0.26, -0.86), (-0.02, -0.92), (0.18, -0.84),
                    (0.22, -0.64), (0.12, -0.5),
                ],
                look.hair_paint,
                0.9,
            )  # fmt: skip
            pen.stroke(
                [(-0.24, -0.6), (-0.16, -0.78), (0.04, -0.84), (0.12, -0.7)], 0.7, shine(look)
            )
            pen.stroke([(-0.12, -0.56), (-0.04, -0.7), (0.06, -0.68)], 0.7, shine(look))
            pen.stroke([(0.1, -0.6), (0.4, -0.78)], 1.6, GOLD, start=0.9, end=0.7)
            pen.disc(0.42, -0.79, 0.05, 0.05, look.secondary, 0.7)
            for drop in range(3):
                pen.disc(0.42, -0.71 + drop * 0.06, 0.016, 0.022, GOLD, 0.4)
            _ribbon(pen, look, -0.03, -0.545, 0.17)
        cap(pen, look, face, turn, -0.25)
        lock(
            pen,
            look,
            [
                (-face.half - 0.05, -0.1), (-face.half - 0.08, 0.2), (-face.half - 0.02, 0.56),
                (-face.half + 0.02, 0.22), (-face.half + 0.06, -0.06),
            ],
            1,
        )  # fmt: skip
        return
    if not covered:
        pen.disc(-0.02, -0.63, 0.16, 0.13, look.hair_paint, 0.9)
        pen.stroke([(-0.12, -0.64), (-0.02, -0.72), (0.1, -0.65)], 0.7, shine(look))
        _ribbon(pen, look, -0.01, -0.545, 0.13)
    cap(pen, look, face, turn, -0.28)
    _sideburn(pen, look, face, 0.16)


def _long(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    cap(pen, look, face, turn, -0.22)
    for side in (-1.0, 1.0):
        x = side * (face.half + 0.01)
        low = 0.98 if side < 0 else 0.84
        lock(
            pen,
            look,
            [
                (x - side * 0.05, -0.16), (x + side * 0.08, 0.12), (x + side * 0.11, 0.5),
                (x + side * 0.04, low), (x - side * 0.01, 0.5), (x - side * 0.03, 0.1),
            ],
            1,
        )  # fmt: skip
    if not covered and look.female:
        pen.disc(-face.half * 0.9, -0.26, 0.05, 0.05, look.secondary, 0.7)


def _ponytail(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        _ribbon(pen, look, -0.2, -0.52, 0.1)
    cap(pen, look, face, turn, -0.25)
    x = face.shift
    if look.female:
        lock(
            pen,
            look,
            [
                (x - 0.02, -0.5), (x - 0.22, -0.3), (x - 0.27, -0.1), (x - 0.14, -0.2),
                (x - 0.02, -0.26), (x + 0.14, -0.18), (x + 0.24, -0.12), (x + 0.18, -0.36),
            ],
            1,
        )  # fmt: skip
    _sideburn(pen, look, face, 0.26)


def _short(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if covered:
        cap(pen, look, face, turn, -0.25)
        return
    s, out = 0.06 * turn, face.half + 0.06
    points: list[Point] = [
        (-out * 0.9, 0.1, 0), (-out - 0.02, -0.14), (-out * 0.92, -0.42), (-0.26, -0.6),
        (0.02 + s, -0.63), (0.26 + s, -0.56), (out * 0.95 + s, -0.34), (out * 0.96 + s, -0.08),
        (out * 0.84 + s, 0.0, 0), (face.half * 0.84 + s, -0.16, 0), (face.half * 0.52 + s, -0.2, 0),
        (0.1 + s, -0.33, 0), (0.02 + s, -0.2, 0), (-0.1 + s, -0.3, 0), (-0.2 + s, -0.19, 0),
        (-face.half * 0.8, -0.2, 0), (-face.half * 0.9, -0.02, 0),
    ]  # fmt: skip
    pen.shape(points, look.hair_paint, 0.9)
    if pen.detail > 0.6:
        for x in (-0.24, -0.08, 0.1, 0.26):
            pen.stroke(
                [(x + s, -0.27), (x * 1.1 + s, -0.42), (x * 0.8 + 0.05, -0.56)],
                0.75,
                shine(look),
                opacity=0.8,
            )


def _braid(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    cap(pen, look, face, turn, -0.23)
    x = -face.half - 0.04
    for step in range(6):
        y = 0.14 + step * 0.15
        pen.disc(x - 0.03 + step * 0.012, y, 0.085 - step * 0.006, 0.095, look.hair_paint, 0.8)
        if pen.detail > 0.6:
            pen.stroke(
                [(x - 0.09, y - 0.03), (x - 0.02, y + 0.03), (x + 0.04, y - 0.03)], 0.6, shine(look)
            )
    _ribbon(pen, look, x + 0.04, 1.02, 0.06)
    lock(
        pen,
        look,
        [(x, 1.05), (x - 0.03, 1.15), (x + 0.04, 1.24), (x + 0.1, 1.14), (x + 0.08, 1.05)],
        0,
    )


def _twin_buns(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        for side in (-1.0, 1.0):
            pen.disc(side * 0.33, -0.54, 0.16, 0.15, look.hair_paint, 0.9)
            pen.stroke(
                [(side * 0.33 - 0.08, -0.54), (side * 0.33, -0.62), (side * 0.33 + 0.08, -0.54)],
                0.7,
                shine(look),
            )
            pen.stroke(
                [(side * 0.22, -0.45), (side * 0.4, -0.4)], 3.2, look.secondary, start=0.9, end=0.9
            )
    cap(pen, look, face, turn, -0.22)
    x = face.shift
    fringe: list[Point] = [
        (x - 0.28, -0.34), (x - 0.26, -0.14, 0), (x - 0.13, -0.17), (x - 0.08, -0.12, 0),
        (x + 0.02, -0.16), (x + 0.08, -0.12, 0), (x + 0.16, -0.17), (x + 0.24, -0.14, 0),
        (x + 0.26, -0.34), (x, -0.42),
    ]  # fmt: skip
    pen.shape(fringe, look.hair_paint, 0.5)
    _sideburn(pen, look, face, 0.24)


def _curly(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    s = 0.05 * turn
    top: list[Point] = [
        (-face.half - 0.12, 0.2), (-face.half - 0.17, 0.02), (-face.half - 0.12, -0.16),
        (-face.half - 0.13, -0.34), (-0.3, -0.54), (-0.12, -0.6), (0.06, -0.64), (0.24, -0.57),
        (face.half + 0.06, -0.4), (face.half + 0.12, -0.2), (face.half + 0.1, 0.02),
        (face.half + 0.06, 0.14), (face.half * 0.9 + s, -0.02), (face.half * 0.8 + s, -0.2),
        (0.16 + s, -0.26), (0.02 + s, -0.2), (-0.12, -0.27), (-0.24, -0.2),
        (-face.half * 0.9, -0.08), (-face.half * 0.94, 0.12),
    ]  # fmt: skip
    pen.shape(top, look.hair_paint, 0.9)
    if pen.detail > 0.6:
        for x, y in ((-0.3, -0.3), (-0.08, -0.42), (0.16, -0.4), (0.34, -0.2), (-0.42, 0.02)):
            pen.stroke(
                [(x - 0.06, y), (x, y - 0.06), (x + 0.06, y), (x, y + 0.04)],
                0.7,
                shine(look),
                opacity=0.8,
            )


def _bald(pen: Pen, look: Look, face: Face) -> None:
    if look.clothes == "monk_robe" and look.species == "human" and pen.detail > 0.5:
        for row in range(2):
            for column in range(3):
                pen.disc(
                    -0.08 + column * 0.09 + face.shift * 0.5,
                    -0.41 + row * 0.055,
                    0.013,
                    0.011,
                    colour.darker(look.skin_colour, 0.4),
                )
    pen.stroke(
        [(-0.2, -0.43), (-0.08, -0.465), (0.02, -0.47)],
        1.2,
        colour.lighter(look.skin_colour, 0.7),
        opacity=0.8,
    )


def front(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    """Hair over the skull and what is tied on top; `covered` leaves out what headgear hides."""
    if look.hair == "bald":
        _bald(pen, look, face)
        return
    pen = hair_pen(pen, look)
    FRONT[look.hair](pen, look, face, turn, covered)


def _ribbon(pen: Pen, look: Look, x: float, y: float, wide: float) -> None:
    pen.shape(
        [(x - wide, y - 0.035), (x + wide, y - 0.04), (x + wide, y + 0.03), (x - wide, y + 0.035)],
        look.secondary,
        0.8,
    )


HairStyle = Callable[[Pen, Look, Face, float, bool], None]


FRONT: dict[str, HairStyle] = {
    "bun": _bun,
    "topknot": _topknot,
    "long": _long,
    "ponytail": _ponytail,
    "short": _short,
    "braid": _braid,
    "twin_buns": _twin_buns,
    "curly": _curly,
}
