"""Faces that are not human: markings under the features; muzzles, beaks and snouts on them."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.face import Expression
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

SIDES = (-1.0, 1.0)
DARK, BEAK, CREAM = "#33211d", "#e2a13a", "#f8ecdc"


def over_face(pen: Pen, look: Look, face: Face) -> None:
    """Markings and muzzles between the face and its features."""
    draw = MARKINGS.get(look.species)
    if draw is not None:
        draw(pen, look, face)


def over_features(pen: Pen, look: Look, face: Face, mood: Expression, speaking: bool) -> None:
    """Noses, beaks, fangs and whiskers on top of the features."""
    draw = NOSES.get(look.species)
    if draw is not None:
        wide_open = speaking or mood.mouth in ("smile", "round", "snarl", "wavy")
        draw(pen, look, face, wide_open)


def _monkey(pen: Pen, look: Look, face: Face) -> None:
    s = face.shift
    pen.shape(
        [
            (-0.42, -0.1), (-0.46, 0.2), (-0.36, 0.42), (-0.1, 0.56), (0.2, 0.55), (0.4 + s, 0.4),
            (0.45, 0.16), (0.42 + s, -0.2), (0.2, -0.5), (-0.2, -0.5),
        ],
        look.coat,
        0.9,
    )  # fmt: skip
    heart: list[Point] = [
        (s, -0.14), (s + 0.15, -0.23), (s + 0.3, -0.12), (s + 0.3, 0.1), (s + 0.23, 0.34),
        (s + 0.1, 0.47), (s - 0.1, 0.47), (s - 0.24, 0.34), (s - 0.32, 0.1), (s - 0.31, -0.12),
        (s - 0.15, -0.23),
    ]  # fmt: skip
    pen.shape(heart, look.skin_colour, 0.7)
    pen.disc(s, 0.3, 0.2, 0.15, colour.lighter(look.skin_colour, 0.35), 0.4)


def _fox(pen: Pen, look: Look, face: Face) -> None:
    s = face.shift
    pen.shape(
        [
            (s - 0.36, 0.16), (s - 0.16, 0.06), (s, 0.16), (s + 0.16, 0.06), (s + 0.34, 0.16),
            (s + 0.14, 0.44), (s, 0.52), (s - 0.14, 0.44),
        ],
        CREAM,
        0.5,
    )  # fmt: skip


def _muzzle(pen: Pen, look: Look, face: Face) -> None:
    """Two cheeks of a light muzzle."""
    light = colour.lighter(look.coat, 0.5)
    for side in SIDES:
        pen.disc(face.shift + side * 0.09, 0.31, 0.13, 0.115, light, 0.45)
    pen.disc(face.shift, 0.42, 0.1, 0.07, light, 0.3)


def _striped(pen: Pen, look: Look, face: Face) -> None:
    _muzzle(pen, look, face)
    dark, s = colour.darker(look.coat, 0.75), face.shift
    for side in SIDES:
        for y in (-0.12, 0.06, 0.22):
            pen.shape(
                [(side * 0.36 + s * 0.3, y - 0.035, 0), (side * 0.2 + s, y + 0.02, 0), (side * 0.36 + s * 0.3, y + 0.045, 0)],
                dark,
                0,
            )  # fmt: skip
    for y in (-0.4, -0.32, -0.24):
        pen.stroke([(s - 0.1, y), (s, y + 0.025), (s + 0.1, y)], 2.4, dark)
    pen.stroke([(s, -0.44), (s, -0.22)], 2.2, dark)


def _dog(pen: Pen, look: Look, face: Face) -> None:
    s, light = face.shift, colour.lighter(look.coat, 0.55)
    pen.shape([(s - 0.07, -0.46), (s + 0.07, -0.46), (s + 0.09, 0.0), (s - 0.09, 0.0)], light, 0)
    pen.shape(
        [
            (s - 0.2, 0.24),
            (s - 0.08, 0.1),
            (s + 0.1, 0.1),
            (s + 0.22, 0.24),
            (s + 0.18, 0.46),
            (s - 0.16, 0.46),
        ],
        light,
        0.6,
    )


def _long_nose(pen: Pen, look: Look, face: Face) -> None:
    """The long nose of horses, oxen and deer."""
    s, light = face.shift, colour.lighter(look.coat, 0.35)
    if look.species == "horse":
        pen.shape(
            [(s - 0.07, -0.46), (s + 0.06, -0.46), (s + 0.05, 0.1), (s - 0.04, 0.1)], "#f4ece0", 0
        )
        pen.shape(
            [
                (s - 0.1, -0.56),
                (s + 0.14, -0.54),
                (s + 0.1, -0.22, 0),
                (s - 0.02, -0.3),
                (s - 0.12, -0.2, 0),
            ],
            colour.darker(look.coat, 0.6),
            0.8,
        )
    pen.shape(
        [
            (s - 0.25, 0.3),
            (s - 0.17, 0.12),
            (s + 0.19, 0.12),
            (s + 0.27, 0.3),
            (s + 0.2, 0.52),
            (s - 0.18, 0.52),
        ],
        light,
        0.9,
    )
    for side in SIDES:
        pen.disc(s + 0.01 + side * 0.11, 0.22, 0.035, 0.028, DARK)


def _sheep(pen: Pen, look: Look, face: Face) -> None:
    s = face.shift
    wool: list[Point] = [
        (s - 0.34, -0.2),
        (s - 0.42, -0.36),
        (s - 0.26, -0.46),
        (s - 0.16, -0.6),
        (s + 0.02, -0.54),
        (s + 0.18, -0.6),
        (s + 0.28, -0.46),
        (s + 0.42, -0.36),
        (s + 0.34, -0.2),
        (s + 0.18, -0.26),
        (s, -0.18),
        (s - 0.18, -0.26),
    ]
    pen.shape(wool, "#fbf6ea", 0.9)
    _muzzle(pen, look, face)


def _owl(pen: Pen, look: Look, face: Face) -> None:
    for side in SIDES:
        pen.disc(
            face.shift + side * face.eye_x,
            face.eye_y,
            0.19,
            0.2,
            colour.lighter(look.coat, 0.6),
            0.7,
        )


def _shell(pen: Pen, look: Look, face: Face) -> None:
    """Scales of turtles, snakes, fish and dragons."""
    s, dark = face.shift, colour.darker(look.coat, 0.3)
    for x, y in (
        (-0.14, -0.36),
        (0.02, -0.4),
        (0.18, -0.36),
        (-0.24, -0.24),
        (0.28, -0.24),
        (0.03, -0.28),
    ):
        pen.stroke([(s + x - 0.06, y), (s + x, y + 0.045), (s + x + 0.06, y)], 0.8, dark)
    pen.shape(
        [(s - 0.24, 0.26), (s, 0.18), (s + 0.26, 0.26), (s + 0.16, 0.48), (s - 0.14, 0.48)],
        colour.lighter(look.coat, 0.4),
        0.4,
    )


def _robot(pen: Pen, look: Look, face: Face) -> None:
    s = face.shift
    pen.shape(
        [(s - 0.3, -0.12, 0), (s + 0.3, -0.12, 0), (s + 0.28, 0.17, 0), (s - 0.28, 0.17, 0)],
        "#26323b",
        0.9,
        smooth=False,
    )
    pen.shape(
        [(s - 0.17, 0.25, 0), (s + 0.17, 0.25, 0), (s + 0.15, 0.43, 0), (s - 0.15, 0.43, 0)],
        colour.lighter(look.coat, 0.45),
        0.7,
        smooth=False,
    )
    for x in (-0.3, 0.3):
        pen.disc(s * 0.5 + x, -0.3, 0.025, 0.025, colour.darker(look.coat, 0.5))


def _spirit(pen: Pen, look: Look, face: Face) -> None:
    pen.disc(
        face.shift, -0.28, 0.045, 0.06, "#8fb7d6" if look.species == "spirit" else "#6d8a99", 0.5
    )


Marking = Callable[[Pen, Look, Face], None]
MARKINGS: dict[str, Marking] = {
    "monkey": _monkey, "fox": _fox, "wolf": _fox, "rabbit": _muzzle, "mouse": _muzzle, "cat": _muzzle,
    "lion": _muzzle, "bear": _muzzle, "tiger": _striped, "dog": _dog, "horse": _long_nose,
    "ox": _long_nose, "deer": _long_nose, "sheep": _sheep, "owl": _owl, "turtle": _shell,
    "snake": _shell, "fish": _shell, "dragon": _shell, "robot": _robot, "spirit": _spirit,
    "ghost": _spirit,
}  # fmt: skip


def _pig(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s, snout = face.shift * 1.3, colour.darker(look.coat, 0.12)
    pen.disc(s + 0.03, 0.19, 0.19, 0.14, snout, 1.0)
    for side in SIDES:
        pen.disc(s + 0.03 + side * 0.065, 0.19, 0.03, 0.05, "#6d3a34")


def _small_nose(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s = face.shift * 1.1
    paint = "#d88a86" if look.species in ("rabbit", "mouse", "cat", "sheep") else DARK
    wide = {"mouse": 0.075, "bear": 0.09, "lion": 0.085, "tiger": 0.085}.get(look.species, 0.06)
    pen.shape([(s - wide, 0.19), (s + wide, 0.19), (s, 0.19 + wide * 1.05)], paint, 0.6)
    if look.species in ("bear", "sheep"):
        return
    for side in SIDES:
        for lift in (-0.04, 0.01, 0.06):
            pen.stroke(
                [(s + side * 0.12, 0.29 + lift * 0.4), (s + side * 0.5, 0.27 + lift * 1.6)], 0.6
            )
    if look.species in ("rabbit", "mouse") and not wide_open:
        pen.shape(
            [(s - 0.045, 0.36, 0), (s + 0.045, 0.36, 0), (s + 0.04, 0.44, 0), (s - 0.04, 0.44, 0)],
            "#fffaf4",
            0.6,
            smooth=False,
        )


def _dog_nose(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s = face.shift * 1.2
    pen.shape(
        [(s - 0.1, 0.14), (s, 0.11), (s + 0.1, 0.14), (s + 0.04, 0.24), (s - 0.04, 0.24)], DARK, 0.6
    )
    if look.species == "dog" and wide_open:
        pen.shape(
            [(s - 0.02, 0.38), (s + 0.1, 0.37), (s + 0.1, 0.52), (s + 0.04, 0.56), (s - 0.01, 0.5)],
            "#e0788a",
            0.8,
        )
    if look.species == "wolf":
        for x in (-0.1, 0.08):
            pen.shape(
                [(s + x - 0.025, 0.36, 0), (s + x + 0.025, 0.36, 0), (s + x, 0.45, 0)],
                "#fffaf0",
                0.6,
            )


def _beak(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    """A beak to the turned side; it opens to speak."""
    s = face.shift * 1.4
    drop = 0.13 if wide_open else 0.03
    low = colour.darker(BEAK, 0.22)
    if look.species == "duck":
        pen.shape(
            [
                (s - 0.14, 0.3),
                (s + 0.1, 0.31),
                (s + 0.38, 0.34 + drop),
                (s + 0.1, 0.42 + drop * 0.8),
                (s - 0.1, 0.4),
            ],
            low,
            0.9,
        )
        pen.shape(
            [
                (s - 0.16, 0.2),
                (s, 0.1),
                (s + 0.14, 0.2),
                (s + 0.44, 0.3),
                (s + 0.36, 0.37),
                (s, 0.34),
                (s - 0.14, 0.32),
            ],
            BEAK,
            1.0,
        )
    elif look.species == "owl":
        pen.shape([(s - 0.07, 0.27), (s + 0.08, 0.27), (s + 0.01, 0.36 + drop, 0)], low, 0.8)
        pen.shape(
            [
                (s - 0.09, 0.14),
                (s + 0.1, 0.14),
                (s + 0.07, 0.27),
                (s + 0.01, 0.36, 0),
                (s - 0.06, 0.27),
            ],
            BEAK,
            0.9,
        )
    else:
        hook = 0.09 if look.species in ("eagle", "gryphon") else 0.0
        pen.shape(
            [
                (s - 0.08, 0.28),
                (s + 0.12, 0.29),
                (s + 0.28, 0.34 + drop, 0),
                (s + 0.02, 0.4 + drop * 0.6),
            ],
            low,
            0.9,
        )
        pen.shape(
            [
                (s - 0.1, 0.28),
                (s - 0.08, 0.14),
                (s + 0.1, 0.1),
                (s + 0.34, 0.22),
                (s + 0.42, 0.31 + hook, 0),
                (s + 0.26, 0.31),
                (s + 0.1, 0.31),
            ],
            BEAK,
            1.0,
        )
    pen.disc(s + 0.04, 0.19, 0.018, 0.014, DARK)


def _dragon(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s = face.shift * 1.3
    pen.shape(
        [(s - 0.17, 0.16), (s - 0.1, 0.08), (s + 0.12, 0.08), (s + 0.2, 0.16), (s + 0.16, 0.27), (s - 0.13, 0.27)],
        colour.lighter(look.coat, 0.2),
        0.9,
    )  # fmt: skip
    for side in SIDES:
        pen.disc(s + 0.02 + side * 0.08, 0.18, 0.03, 0.025, "#33423c")
        pen.stroke(
            [(s + side * 0.16, 0.24), (s + side * 0.5, 0.3), (s + side * 0.62, 0.62), (s + side * 0.74, 0.56)],
            1.6,
            "#cda85a",
        )  # fmt: skip


def _nostrils(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s = face.shift * 1.3
    for side in SIDES:
        pen.disc(s + side * 0.035, 0.2, 0.014, 0.018, DARK)
    if look.species == "snake" and wide_open:
        pen.stroke(
            [(s, 0.4), (s + 0.02, 0.56), (s - 0.04, 0.66)], 1.4, "#c0392f", start=0.8, end=0.4
        )
        pen.stroke([(s + 0.02, 0.56), (s + 0.08, 0.65)], 1.2, "#c0392f", start=0.8, end=0.4)


def _fangs(pen: Pen, look: Look, face: Face, wide_open: bool) -> None:
    s = face.shift * 1.3
    for side in SIDES:
        pen.shape(
            [(s + side * 0.05, face.mouth_y, 0), (s + side * 0.1, face.mouth_y, 0), (s + side * 0.085, face.mouth_y + 0.085, 0)],
            "#fffaf0",
            0.6,
        )  # fmt: skip


Nose = Callable[[Pen, Look, Face, bool], None]
NOSES: dict[str, Nose] = {
    "pig": _pig, "fox": _dog_nose, "dog": _dog_nose, "wolf": _dog_nose, "rabbit": _small_nose,
    "mouse": _small_nose, "cat": _small_nose, "tiger": _small_nose, "lion": _small_nose,
    "bear": _small_nose, "sheep": _small_nose, "bird": _beak, "duck": _beak, "owl": _beak,
    "eagle": _beak, "gryphon": _beak, "dragon": _dragon, "frog": _nostrils, "snake": _nostrils,
    "turtle": _nostrils, "fish": _nostrils, "alien": _nostrils, "insect": _nostrils, "demon": _fangs,
}  # fmt: skip
