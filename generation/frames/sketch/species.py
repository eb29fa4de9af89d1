"""What makes a head not human: ears, muzzles, horns, whiskers, in head space."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.face import Face
from generation.frames.sketch.look import Look


def behind(pen: Pen, look: Look, face: Face) -> None:
    """Ears, horns and manes behind the head."""
    draw = BEHIND.get(look.species)
    if draw is not None:
        fur = look.hair_paint if look.species == "monkey" else look.skin_colour
        draw(pen, look, face, fur)


def _monkey(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in (-1.0, 1.0):
        pen.disc(side * (face.half + 0.08), 0.02, 0.13, 0.15, fur, 0.9)
        pen.disc(side * (face.half + 0.08), 0.02, 0.075, 0.09, look.skin_colour)


def _pig(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * 0.26, -0.34), (side * 0.5, -0.5), (side * 0.74, -0.22),
                (side * 0.68, 0.14), (side * 0.5, -0.06), (side * 0.34, -0.12),
            ],
            fur,
            1.0,
        )  # fmt: skip
        pen.shape(
            [
                (side * 0.42, -0.36), (side * 0.62, -0.22), (side * 0.62, 0.0),
                (side * 0.48, -0.16),
            ],
            colour.darker(fur, 0.3),
            0,
        )  # fmt: skip


def _fox(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [(side * 0.12, -0.46, 0), (side * 0.36, -0.96, 0), (side * 0.42, -0.28, 0)],
            fur,
            1.0,
        )
        pen.shape(
            [(side * 0.22, -0.5, 0), (side * 0.34, -0.8, 0), (side * 0.37, -0.36, 0)],
            "#f3dcc0",
            0,
        )


def _rabbit(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * 0.08, -0.44), (side * 0.1, -1.0), (side * 0.22, -1.26),
                (side * 0.32, -1.0), (side * 0.28, -0.44),
            ],
            fur,
            1.0,
        )  # fmt: skip
        pen.shape(
            [
                (side * 0.15, -0.56), (side * 0.17, -0.98), (side * 0.22, -1.1),
                (side * 0.26, -0.96), (side * 0.23, -0.56),
            ],
            "#eab9b4",
            0,
        )  # fmt: skip


def _dragon(pen: Pen, look: Look, face: Face, fur: str) -> None:
    _antlers(pen)
    mane: list[Point] = [
        (-0.2, -0.5), (-0.5, -0.5), (-0.46, -0.3), (-0.66, -0.16), (-0.5, 0.0), (-0.68, 0.24),
        (-0.46, 0.3), (-0.5, 0.56), (-0.2, 0.4),
    ]  # fmt: skip
    pen.shape(mane, look.hair_paint, 0.9)


def _demon(pen: Pen, look: Look, face: Face, fur: str) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * 0.16, -0.46, 0), (side * 0.34, -0.62), (side * 0.36, -0.92, 0),
                (side * 0.5, -0.64), (side * 0.36, -0.36, 0),
            ],
            "#e6d9b8",
            0.95,
        )  # fmt: skip
        pen.shape(
            [(side * 0.32, -0.1, 0), (side * 0.62, -0.2, 0), (side * 0.36, 0.12, 0)],
            look.skin_colour,
            0.9,
        )


def _antlers(pen: Pen) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * 0.14, -0.44, 0), (side * 0.26, -0.72), (side * 0.22, -1.02, 0),
                (side * 0.34, -0.8), (side * 0.54, -0.96, 0), (side * 0.42, -0.68),
                (side * 0.28, -0.4, 0),
            ],
            "#cda85a",
            0.95,
        )  # fmt: skip


Behind = Callable[[Pen, Look, Face, str], None]
BEHIND: dict[str, Behind] = {
    "monkey": _monkey,
    "pig": _pig,
    "fox": _fox,
    "rabbit": _rabbit,
    "dragon": _dragon,
    "demon": _demon,
}


def over_face(pen: Pen, look: Look, face: Face, turn: float) -> None:
    """Patches and muzzles between the face and its features."""
    s = face.shift
    kind = look.species
    if kind == "monkey":
        fur = look.hair_paint
        pen.shape(
            [
                (-0.42, -0.1), (-0.46, 0.2), (-0.36, 0.42), (-0.1, 0.56), (0.2, 0.55),
                (0.4 + s, 0.4), (0.45, 0.16), (0.42 + s, -0.2), (0.2, -0.5), (-0.2, -0.5),
            ],
            fur,
            0.9,
        )  # fmt: skip
        heart: list[Point] = [
            (s, -0.14), (s + 0.15, -0.23), (s + 0.3, -0.12), (s + 0.3, 0.1), (s + 0.23, 0.34),
            (s + 0.1, 0.47), (s - 0.1, 0.47), (s - 0.24, 0.34), (s - 0.32, 0.1), (s - 0.31, -0.12),
            (s - 0.15, -0.23),
        ]  # fmt: skip
        pen.shape(heart, look.skin_colour, 0.7)
        pen.disc(s, 0.3, 0.2, 0.15, colour.lighter(look.skin_colour, 0.35), 0.4)
    elif kind == "fox":
        pen.shape(
            [
                (s - 0.34, 0.16), (s - 0.16, 0.08), (s, 0.2), (s + 0.16, 0.08), (s + 0.32, 0.16),
                (s + 0.12, 0.42), (s, 0.5), (s - 0.12, 0.42),
            ],
            "#f8ecdc",
            0.5,
        )  # fmt: skip
    elif kind == "rabbit":
        pen.disc(s, 0.3, 0.15, 0.12, "#fffaf4", 0.4)
    elif kind == "spirit":
        pen.disc(s, -0.28, 0.045, 0.06, "#8fb7d6", 0.5)


def over_features(pen: Pen, look: Look, face: Face) -> None:
    """Snouts, noses, fangs and whiskers on top of the features."""
    s, kind = face.shift * 1.3, look.species
    if kind == "pig":
        snout = colour.darker(look.skin_colour, 0.12)
        pen.disc(s + 0.03, 0.19, 0.17, 0.125, snout, 1.0)
        for side in (-1.0, 1.0):
            pen.disc(s + 0.03 + side * 0.06, 0.19, 0.028, 0.045, "#6d3a34")
    elif kind in ("fox", "rabbit"):
        pen.shape(
            [(s - 0.05, 0.2), (s + 0.05, 0.2), (s, 0.255)],
            "#33211d" if kind == "fox" else "#d88a86",
            0.5,
        )
        for side in (-1.0, 1.0):
            for lift in (-0.02, 0.03):
                pen.stroke([(s + side * 0.1, 0.27), (s + side * 0.42, 0.25 + lift * 2)], 0.45)
    elif kind == "dragon":
        pen.shape(
            [
                (s - 0.17, 0.16), (s - 0.1, 0.08), (s + 0.12, 0.08), (s + 0.2, 0.16),
                (s + 0.16, 0.27), (s - 0.13, 0.27),
            ],
            colour.lighter(look.skin_colour, 0.2),
            0.9,
        )  # fmt: skip
        for side in (-1.0, 1.0):
            pen.disc(s + 0.02 + side * 0.08, 0.18, 0.03, 0.025, "#33423c")
            pen.stroke(
                [
                    (s + side * 0.16, 0.24), (s + side * 0.5, 0.3), (s + side * 0.62, 0.62),
                    (s + side * 0.74, 0.56),
                ],
                1.3,
                "#cda85a",
            )  # fmt: skip
    elif kind == "demon":
        for side in (-1.0, 1.0):
            pen.shape(
                [
                    (s + side * 0.05, face.mouth_y, 0),
                    (s + side * 0.1, face.mouth_y, 0),
                    (s + side * 0.085, face.mouth_y + 0.085, 0),
                ],
                "#fffaf0",
                0.6,
            )
