"""What makes a head not human: ears, horns and manes behind it, muzzles and beaks on it.

All in head space. Eyes and brows stay where a human's are, so that every expression is read.
"""

from __future__ import annotations

from collections.abc import Callable
from math import cos, radians, sin

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

SIDES = (-1.0, 1.0)
HORN, GOLD, PINK = "#e6d9b8", "#cda85a", "#eab9b4"


def behind(pen: Pen, look: Look, face: Face) -> None:
    """Ears, horns and manes behind the head."""
    draw = BEHIND.get(look.species)
    if draw is not None:
        draw(pen, look, face, look.coat)


def _mirrored(points: list[Point], side: float) -> list[Point]:
    return [(side * p[0], *p[1:]) for p in points]


def _pair(pen: Pen, points: list[Point], fill: str, ink: float = 0.95) -> None:
    for side in SIDES:
        pen.shape(_mirrored(points, side), fill, ink)


def _pointed(pen: Pen, fur: str, inner: str, high: float = 0.92) -> None:
    _pair(pen, [(0.1, -0.44, 0), (0.37, -high, 0), (0.44, -0.22, 0)], fur, 1.0)
    _pair(pen, [(0.2, -0.46, 0), (0.355, -high + 0.15, 0), (0.39, -0.3, 0)], inner, 0)


def _round(pen: Pen, fur: str, inner: str, size: float, x: float, y: float) -> None:
    for side in SIDES:
        pen.disc(side * x, y, size, size, fur, 0.95)
        pen.disc(side * x, y + size * 0.08, size * 0.6, size * 0.62, inner)


def _monkey(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in SIDES:
        pen.disc(side * (face.half + 0.08), 0.02, 0.13, 0.15, fur, 0.9)
        pen.disc(side * (face.half + 0.08), 0.02, 0.075, 0.09, look.skin_colour)


def _pig(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(
        pen,
        [(0.22, -0.38), (0.5, -0.56), (0.82, -0.2), (0.74, 0.2), (0.54, -0.04), (0.32, -0.12)],
        fur,
        1.0,
    )
    _pair(
        pen, [(0.44, -0.38), (0.68, -0.2), (0.67, 0.04), (0.5, -0.14)], colour.darker(fur, 0.25), 0
    )


def _fox(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(
        pen, [(0.3, 0.0), (0.62, 0.24, 0), (0.4, 0.24), (0.46, 0.4, 0), (0.2, 0.4)], "#f8ecdc", 0.8
    )
    _pointed(pen, fur, "#f3dcc0", 0.98)


def _rabbit(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(pen, [(0.06, -0.4), (0.08, -1.0), (0.22, -1.3), (0.34, -1.0), (0.3, -0.4)], fur, 1.0)
    _pair(pen, [(0.14, -0.52), (0.16, -0.98), (0.22, -1.13), (0.27, -0.96), (0.23, -0.52)], PINK, 0)


def _mouse(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _round(pen, fur, PINK, 0.27, 0.42, -0.46)


def _cat(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pointed(pen, fur, PINK, 0.84)


def _dog(pen: Pen, look: Look, face: Face, fur: str) -> None:
    dark = colour.darker(fur, 0.32)
    _pair(
        pen,
        [(0.22, -0.42), (0.46, -0.46), (0.6, -0.1), (0.56, 0.3), (0.42, 0.34), (0.36, 0.0)],
        dark,
        1.0,
    )


def _wolf(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(
        pen,
        [(0.3, -0.1), (0.6, 0.06, 0), (0.42, 0.16), (0.56, 0.34, 0), (0.2, 0.46)],
        colour.lighter(fur, 0.3),
        0.9,
    )
    _pointed(pen, fur, colour.darker(fur, 0.4), 0.96)


def _big_cat(pen: Pen, look: Look, face: Face, fur: str) -> None:
    if look.species == "lion":
        mane: list[Point] = []
        for index in range(18):
            angle = index * 20.0
            reach = 0.78 if index % 2 else 0.62
            mane.append(_around(angle, reach, 0.05))
        pen.shape(mane, colour.darker(fur, 0.42), 1.0)
    _round(pen, fur, colour.darker(fur, 0.4), 0.15, 0.33, -0.42)


def _around(angle: float, reach: float, y: float) -> Point:
    return cos(radians(angle)) * reach, sin(radians(angle)) * reach + y


def _bear(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _round(pen, fur, colour.darker(fur, 0.35), 0.16, 0.34, -0.42)


def _ox(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(pen, [(0.3, -0.22), (0.66, -0.3), (0.72, -0.12), (0.5, 0.0), (0.32, -0.06)], fur, 0.95)
    _pair(
        pen,
        [(0.18, -0.4), (0.46, -0.5), (0.6, -0.72), (0.54, -0.98, 0), (0.44, -0.72), (0.2, -0.56)],
        HORN,
        0.95,
    )


def _horse(pen: Pen, look: Look, face: Face, fur: str) -> None:
    mane = [
        (0.1, -0.62),
        (-0.3, -0.6),
        (-0.56, -0.2),
        (-0.58, 0.4),
        (-0.4, 0.9),
        (-0.2, 0.4),
        (-0.2, -0.3),
    ]
    pen.shape(mane, colour.darker(fur, 0.6), 0.95)
    _pair(pen, [(0.12, -0.46, 0), (0.2, -0.84, 0), (0.34, -0.42, 0)], fur, 0.95)


def _sheep(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(
        pen,
        [(0.32, -0.16), (0.64, -0.12), (0.66, 0.02), (0.36, 0.06)],
        colour.darker(fur, 0.2),
        0.9,
    )
    _pair(
        pen,
        [(0.26, -0.4), (0.5, -0.56), (0.66, -0.36), (0.58, -0.16), (0.5, -0.26), (0.48, -0.38)],
        HORN,
        0.95,
    )


def _deer(pen: Pen, look: Look, face: Face, fur: str) -> None:
    antlers(pen, "#a47a4c")
    _pair(pen, [(0.3, -0.24), (0.64, -0.34), (0.6, -0.14), (0.34, -0.06)], fur, 0.9)


def _crest(pen: Pen, look: Look, face: Face, fur: str) -> None:
    pen.shape(
        [(0.06, -0.4), (0.02, -0.72), (-0.12, -0.86, 0), (-0.12, -0.7), (-0.3, -0.76, 0), (-0.24, -0.58),
         (-0.4, -0.56, 0), (-0.24, -0.36)],
        colour.darker(fur, 0.22),
        0.95,
    )  # fmt: skip


def _owl(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(pen, [(0.12, -0.46, 0), (0.4, -0.74, 0), (0.42, -0.2, 0)], fur, 1.0)


def _eagle(pen: Pen, look: Look, face: Face, fur: str) -> None:
    ruff: list[Point] = [
        (-0.4, -0.3),
        (-0.56, 0.0, 0),
        (-0.46, 0.08),
        (-0.58, 0.34, 0),
        (-0.44, 0.4),
        (-0.4, 0.62, 0),
        (0.0, 0.5),
        (0.4, 0.62, 0),
        (0.44, 0.36),
        (0.56, 0.3, 0),
        (0.44, 0.06),
        (0.5, -0.1, 0),
        (0.4, -0.3),
    ]
    pen.shape(ruff, "#f4efe2" if look.species == "eagle" else colour.darker(fur, 0.2), 0.9)
    if look.species == "gryphon":
        _pointed(pen, fur, colour.darker(fur, 0.35), 0.86)


def _frog(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in SIDES:
        pen.disc(side * 0.22 + face.shift * 0.6, -0.42, 0.17, 0.17, fur, 1.0)


def _fish(pen: Pen, look: Look, face: Face, fur: str) -> None:
    pen.shape(
        [(-0.1, -0.36), (-0.3, -0.84, 0), (0.04, -0.72), (0.24, -0.88, 0), (0.2, -0.4)],
        colour.darker(fur, 0.25),
        0.95,
    )
    _pair(
        pen,
        [(0.3, -0.06, 0), (0.66, -0.2, 0), (0.58, 0.06), (0.64, 0.28, 0), (0.3, 0.2, 0)],
        colour.darker(fur, 0.25),
        0.9,
    )


def _snake(pen: Pen, look: Look, face: Face, fur: str) -> None:
    hood: list[Point] = [
        (-0.3, -0.4),
        (-0.56, -0.1),
        (-0.54, 0.4),
        (-0.3, 0.7),
        (0.3, 0.7),
        (0.54, 0.4),
        (0.56, -0.1),
        (0.3, -0.4),
    ]
    pen.shape(hood, colour.darker(fur, 0.28), 1.0)


def _insect(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in SIDES:
        pen.stroke(
            [(side * 0.12, -0.44), (side * 0.2, -0.74), (side * 0.4, -0.9)],
            1.8,
            colour.darker(fur, 0.5),
            start=0.9,
            end=0.8,
        )
        pen.disc(side * 0.41, -0.92, 0.06, 0.06, colour.darker(fur, 0.4), 0.8)


def _dragon(pen: Pen, look: Look, face: Face, fur: str) -> None:
    antlers(pen, GOLD)
    mane: list[Point] = [
        (-0.2, -0.5), (-0.5, -0.56, 0), (-0.46, -0.3), (-0.72, -0.2, 0), (-0.5, 0.0), (-0.76, 0.24, 0),
        (-0.46, 0.3), (-0.56, 0.66, 0), (-0.2, 0.4),
    ]  # fmt: skip
    pen.shape(mane, "#b5503a", 0.95)
    _pair(pen, [(0.34, -0.06, 0), (0.66, -0.16, 0), (0.4, 0.12, 0)], fur, 0.9)


def _robot(pen: Pen, look: Look, face: Face, fur: str) -> None:
    pen.stroke([(0.0, -0.5), (0.0, -0.78)], 2.0, start=0.9, end=0.9)
    pen.disc(0.0, -0.82, 0.07, 0.07, look.secondary, 0.9)
    _pair(
        pen,
        [(0.36, -0.12, 0), (0.52, -0.12, 0), (0.52, 0.16, 0), (0.36, 0.16, 0)],
        colour.darker(fur, 0.3),
        0.95,
    )


def _alien(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in SIDES:
        pen.stroke([(side * 0.14, -0.48), (side * 0.22, -0.78)], 2.0, fur, start=0.9, end=0.8)
        pen.disc(side * 0.23, -0.82, 0.075, 0.075, fur, 0.9)


def _demon(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _pair(
        pen,
        [(0.16, -0.46, 0), (0.34, -0.62), (0.36, -0.92, 0), (0.5, -0.64), (0.36, -0.36, 0)],
        HORN,
        0.95,
    )
    _pair(pen, [(0.32, -0.1, 0), (0.62, -0.2, 0), (0.36, 0.12, 0)], look.skin_colour, 0.9)


def antlers(pen: Pen, paint: str) -> None:
    """A pair of branched horns."""
    _pair(
        pen,
        [
            (0.14, -0.44, 0), (0.26, -0.72), (0.22, -1.02, 0), (0.34, -0.8), (0.54, -0.96, 0),
            (0.42, -0.68), (0.28, -0.4, 0),
        ],
        paint,
        0.95,
    )  # fmt: skip


Behind = Callable[[Pen, Look, Face, str], None]
BEHIND: dict[str, Behind] = {
    "monkey": _monkey, "pig": _pig, "fox": _fox, "rabbit": _rabbit, "mouse": _mouse, "cat": _cat,
    "dog": _dog, "wolf": _wolf, "tiger": _big_cat, "lion": _big_cat, "bear": _bear, "ox": _ox,
    "horse": _horse, "sheep": _sheep, "deer": _deer, "bird": _crest, "duck": _crest, "owl": _owl,
    "eagle": _eagle, "gryphon": _eagle, "frog": _frog, "fish": _fish, "snake": _snake,
    "insect": _insect, "dragon": _dragon, "robot": _robot, "alien": _alien, "demon": _demon,
}  # fmt: skip
