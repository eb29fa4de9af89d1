"""Hats and crowns by the clothes they belong to: what is a cap in Luoyang is a bowler in London."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

GOLD, RED, BLACK = "#d8ab3c", "#b8352c", "#2a282d"


def hat(pen: Pen, look: Look, face: Face, turn: float) -> None:
    """The hat of the clothes' culture."""
    if look.eastern:
        if look.clothes == "monk_robe":
            _lotus(pen, look, face)
        elif look.hair == "braid" and not look.female:
            _skull_cap(pen, look, face)
        else:
            _scholar(pen, look, face)
    elif look.female:
        _bonnet(pen, look, face)
    elif look.age == "child" or look.clothes in ("shirt", "rags"):
        _flat_cap(pen, look, face)
    elif look.clothes == "coat":
        _top_hat(pen, look, face)
    elif look.clothes == "uniform":
        _peaked(pen, look, face)
    else:
        _felt(pen, look, face)


def crown(pen: Pen, look: Look, face: Face, turn: float) -> None:
    """The crown of the clothes' culture."""
    if not look.eastern:
        _points(pen, look, face)
    elif look.female:
        _phoenix(pen, look, face)
    elif look.clothes == "armour":
        _gilded(pen, look, face)
    else:
        _beaded(pen, look, face)


def _lotus(pen: Pen, look: Look, face: Face) -> None:
    """A monk's crown of five leaves."""
    s, out = face.shift * 0.5, face.half + 0.05
    pen.shape(
        [
            (-out, -0.2),
            (s, -0.28),
            (out + s * 0.5, -0.2),
            (out * 0.9 + s, -0.46),
            (s, -0.56),
            (-out * 0.9, -0.46),
        ],
        RED,
        0.9,
    )
    for share, high in ((-0.8, 0.66), (0.8, 0.66), (-0.42, 0.8), (0.42, 0.8), (0.0, 0.92)):
        x = share * out + s
        pen.shape(
            [
                (x - 0.11, -0.3),
                (x - 0.14, -high + 0.2),
                (x, -high, 0),
                (x + 0.14, -high + 0.2),
                (x + 0.11, -0.3),
            ],
            GOLD,
            0.9,
        )
        pen.disc(x, -high + 0.24, 0.04, 0.06, RED, 0.5)
    for side in (-1.0, 1.0):
        x = side * (out - 0.02) + s * 0.4
        pen.stroke([(x, -0.2), (x + side * 0.03, 0.2), (x, 0.6)], 2.6, GOLD, start=0.8, end=0.6)


def _skull_cap(pen: Pen, look: Look, face: Face) -> None:
    s, out = face.shift * 0.4, face.half + 0.06
    ink = pen.inked("#0f0e12")
    ink.shape(
        [
            (-out, -0.16, 0),
            (-out * 0.92, -0.44),
            (-0.1, -0.66),
            (s + 0.1, -0.66),
            (out * 0.95 + s, -0.42),
            (out + s * 0.5, -0.16, 0),
            (s, -0.25),
        ],
        BLACK,
        1.0,
    )
    for x in (-0.18, 0.0, 0.18):
        ink.stroke(
            [(s * 0.5 + x * 1.6, -0.26), (x + s * 0.5, -0.46), (s * 0.5, -0.65)], 0.8, "#5a5862"
        )
    pen.disc(s * 0.6, -0.69, 0.06, 0.06, RED, 0.8)
    pen.disc(s, -0.3, 0.045, 0.045, "#7fae8c", 0.7)


def _scholar(pen: Pen, look: Look, face: Face) -> None:
    """A square cap of cloth with two ribbons."""
    s, out, cloth = face.shift * 0.4, face.half + 0.05, colour.darker(look.primary, 0.42)
    for low in (0.36, 0.5):
        pen.shape(
            [
                (-out * 0.9, -0.3),
                (-out - 0.16, 0.0),
                (-out - 0.12, low),
                (-out - 0.02, low - 0.03),
                (-out * 0.8, -0.1),
            ],
            cloth,
            0.7,
        )
    pen.shape(
        [
            (-out, -0.18, 0),
            (-out * 0.96, -0.62),
            (-0.1, -0.76),
            (out * 0.9 + s, -0.64),
            (out + s * 0.5, -0.18, 0),
            (s, -0.26),
        ],
        cloth,
        1.0,
    )
    pen.shape(
        [
            (-out, -0.18),
            (s, -0.26),
            (out + s * 0.5, -0.18),
            (out + s * 0.4, -0.3),
            (s, -0.39),
            (-out, -0.3),
        ],
        look.secondary,
        0.8,
    )
    pen.stroke([(s * 1.2, -0.39), (s * 0.6, -0.74)], 0.9, colour.fold_of(cloth))
    pen.disc(s, -0.33, 0.04, 0.045, "#9fc3a8", 0.6)


def _bonnet(pen: Pen, look: Look, face: Face) -> None:
    s, out = face.shift * 0.5, face.half
    straw = "#e2cd9a"
    pen.shape(
        [
            (-out - 0.2, 0.1, 0),
            (-out - 0.24, -0.3),
            (-0.2, -0.72),
            (0.2 + s, -0.7),
            (out + 0.2 + s, -0.34),
            (out + 0.14 + s, 0.06, 0),
            (out * 0.98 + s, -0.16),
            (s, -0.36),
            (-out * 0.98, -0.16),
        ],
        straw,
        1.0,
    )
    pen.stroke(
        [(-out - 0.12, -0.1), (-0.14, -0.54), (0.14 + s, -0.52), (out + 0.1 + s, -0.14)],
        4.2,
        look.secondary,
        start=0.8,
        end=0.8,
    )
    pen.stroke(
        [(-out - 0.1, 0.06), (-out * 0.7, 0.42), (s, 0.6)], 2.0, look.secondary, start=0.8, end=0.7
    )
    for side in (-1.0, 1.0):
        pen.shape([(s, 0.58), (s + side * 0.2, 0.48), (s + side * 0.2, 0.7)], look.secondary, 0.8)


def _flat_cap(pen: Pen, look: Look, face: Face) -> None:
    s, out, cloth = face.shift * 0.5, face.half + 0.06, colour.darker(look.secondary, 0.3)
    pen.shape(
        [
            (-out, -0.2, 0),
            (-out - 0.08, -0.42),
            (-0.14, -0.62),
            (0.24 + s, -0.6),
            (out + 0.12 + s, -0.4),
            (out + s, -0.22, 0),
            (s, -0.28),
        ],
        cloth,
        1.0,
    )
    pen.shape(
        [
            (-0.08 + s, -0.27),
            (out * 0.6 + s, -0.33),
            (out + 0.22 + s, -0.2),
            (out * 0.7 + s, -0.16),
            (0.08 + s, -0.2),
        ],
        colour.darker(cloth, 0.2),
        0.9,
    )
    pen.disc(s * 0.5, -0.62, 0.04, 0.03, cloth, 0.7)


def _top_hat(pen: Pen, look: Look, face: Face) -> None:
    s, cloth = face.shift * 0.4, colour.darker(look.primary, 0.45)
    pen.shape(
        [(-0.36, -0.3, 0), (-0.4, -0.98, 0), (s, -1.03), (0.44 + s, -0.98, 0), (0.38 + s, -0.3, 0)],
        cloth,
        1.0,
    )
    pen.shape(
        [
            (-0.37, -0.32),
            (-0.375, -0.48),
            (s, -0.45),
            (0.4 + s, -0.48),
            (0.39 + s, -0.32),
            (s, -0.28),
        ],
        look.secondary,
        0.8,
    )
    pen.shape(
        [
            (-0.6, -0.27),
            (-0.38, -0.33),
            (s, -0.3),
            (0.42 + s, -0.33),
            (0.64 + s, -0.28),
            (0.3 + s, -0.2),
            (-0.28, -0.19),
        ],
        cloth,
        1.0,
    )
    pen.stroke([(-0.3, -0.9), (-0.28, -0.56)], 1.2, colour.lighter(cloth, 0.4))


def _peaked(pen: Pen, look: Look, face: Face) -> None:
    s, out, cloth = face.shift * 0.5, face.half + 0.06, colour.darker(look.primary, 0.2)
    pen.shape(
        [
            (-out, -0.26, 0),
            (-out - 0.1, -0.52),
            (s, -0.68),
            (out + 0.12 + s, -0.5),
            (out + s, -0.26, 0),
        ],
        cloth,
        1.0,
    )
    pen.shape(
        [
            (-out, -0.2),
            (s, -0.27),
            (out + s * 0.5, -0.2),
            (out + s * 0.5, -0.33),
            (s, -0.41),
            (-out, -0.33),
        ],
        look.secondary,
        0.8,
    )
    pen.shape(
        [(-0.2 + s, -0.23), (0.2 + s, -0.25), (out + 0.1 + s, -0.12), (0.1 + s, -0.1)], BLACK, 0.9
    )
    pen.disc(s, -0.46, 0.055, 0.055, GOLD, 0.7)


def _felt(pen: Pen, look: Look, face: Face) -> None:
    cloth, s = colour.darker(look.primary, 0.3), face.shift * 0.4
    pen.shape(
        [
            (-0.4, -0.32, 0),
            (-0.36, -0.66),
            (-0.1, -0.76),
            (0.04 + s, -0.7),
            (0.2 + s, -0.76),
            (0.38 + s, -0.64),
            (0.42 + s, -0.32, 0),
        ],
        cloth,
        1.0,
    )
    pen.shape(
        [(-0.4, -0.3), (-0.39, -0.42), (s, -0.39), (0.41 + s, -0.42), (0.42 + s, -0.3), (s, -0.27)],
        look.secondary,
        0.7,
    )
    pen.shape(
        [
            (-0.64, -0.24),
            (-0.4, -0.34),
            (s, -0.31),
            (0.42 + s, -0.34),
            (0.68 + s, -0.25),
            (0.3 + s, -0.19),
            (-0.3, -0.18),
        ],
        cloth,
        1.0,
    )


def _points(pen: Pen, look: Look, face: Face) -> None:
    s = face.shift * 0.7
    pen.shape(
        [
            (-0.27 + s, -0.42, 0), (-0.36 + s, -0.72, 0), (-0.2 + s, -0.6, 0), (-0.13 + s, -0.82, 0),
            (-0.04 + s, -0.63, 0), (0.03 + s, -0.9, 0), (0.1 + s, -0.63, 0), (0.2 + s, -0.81, 0),
            (0.26 + s, -0.6, 0), (0.4 + s, -0.7, 0), (0.32 + s, -0.41, 0), (0.03 + s, -0.37),
        ],
        GOLD,
        0.95,
    )  # fmt: skip
    pen.disc(0.03 + s, -0.5, 0.05, 0.06, look.secondary, 0.7)
    for side in (-1.0, 1.0):
        pen.disc(0.03 + s + side * 0.17, -0.5, 0.03, 0.035, RED, 0.5)
    pen.stroke(
        [(-0.26 + s, -0.45), (0.03 + s, -0.405), (0.31 + s, -0.44)], 0.8, colour.darker(GOLD, 0.5)
    )


def _beaded(pen: Pen, look: Look, face: Face) -> None:
    """An emperor's board with strings of beads before the forehead."""
    s, out = face.shift * 0.5, face.half + 0.03
    pen.shape(
        [
            (-out * 0.86, -0.3, 0),
            (-out * 0.8, -0.6),
            (out * 0.8 + s, -0.6),
            (out * 0.86 + s, -0.3, 0),
            (s, -0.38),
        ],
        BLACK,
        0.9,
    )
    pen.stroke(
        [(-out * 0.86, -0.36), (s, -0.44), (out * 0.86 + s, -0.36)], 3.0, GOLD, start=0.9, end=0.9
    )
    pen.shape(
        [(-0.5, -0.62), (-0.44, -0.74), (0.5 + s, -0.76), (0.56 + s, -0.64), (s, -0.58)],
        BLACK,
        1.0,
        smooth=False,
    )
    pen.stroke([(-0.5, -0.62), (s, -0.58), (0.56 + s, -0.64)], 2.0, GOLD, start=0.9, end=0.9)
    for index in range(6):
        x = 0.02 + s + 0.09 * (index - 2)
        pen.stroke([(x, -0.6), (x, -0.2)], 0.7)
        for drop in range(3):
            pen.disc(
                x, -0.5 + drop * 0.13, 0.026, 0.03, ("#f1ece0", RED, look.secondary)[drop], 0.45
            )
    pen.stroke([(-out * 0.86, -0.5), (-out - 0.16, -0.5)], 2.2, GOLD, start=0.9, end=0.8)


def _gilded(pen: Pen, look: Look, face: Face) -> None:
    """A general's gilded crown on the topknot, with two pheasant plumes."""
    s = face.shift * 0.5
    for side in (-1.0, 1.0):
        line = [
            (s + side * 0.1, -0.62),
            (s + side * 0.34, -1.1),
            (s + side * 0.72, -1.3),
            (s + side * 1.0, -1.1),
        ]
        pen.stroke(line, 5.0, "#2b2422", start=0.9, end=0.4)
        pen.stroke(line, 3.0, look.secondary, start=0.95, end=0.4)
    pen.shape(
        [
            (-0.24 + s, -0.42, 0),
            (-0.3 + s, -0.66),
            (-0.12 + s, -0.6),
            (s, -0.82, 0),
            (0.12 + s, -0.6),
            (0.3 + s, -0.66),
            (0.24 + s, -0.42, 0),
        ],
        GOLD,
        0.95,
    )
    pen.disc(s, -0.55, 0.05, 0.06, RED, 0.7)


def _phoenix(pen: Pen, look: Look, face: Face) -> None:
    """A phoenix crown with pendants at both sides."""
    s, out = face.shift * 0.6, face.half
    pen.shape(
        [
            (-0.34 + s, -0.36, 0),
            (-0.42 + s, -0.62),
            (-0.2 + s, -0.72),
            (s, -0.94, 0),
            (0.2 + s, -0.72),
            (0.42 + s, -0.62),
            (0.34 + s, -0.36, 0),
            (s, -0.44),
        ],
        GOLD,
        0.95,
    )
    for x, y in ((-0.22, -0.56), (0.22, -0.56), (0.0, -0.7), (0.0, -0.52)):
        pen.disc(s + x, y, 0.05, 0.055, RED if x == 0 else "#5f9aa0", 0.6)
    for side in (-1.0, 1.0):
        x = side * (out + 0.05) + s * 0.4
        pen.stroke([(s + side * 0.36, -0.5), (x, -0.3), (x, 0.12)], 1.0, GOLD, start=0.9, end=0.9)
        for drop in range(3):
            pen.disc(x, -0.14 + drop * 0.12, 0.03, 0.034, GOLD, 0.5)
