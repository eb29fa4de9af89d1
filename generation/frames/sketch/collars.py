"""What the cut of the clothes shows on the chest: collars, lapels, buttons, plates."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.garments import GOLD, STEEL
from generation.frames.sketch.look import Look


def _cross(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    inner = (
        "#f6f1e6"
        if colour.luminance(look.secondary) < 0.75
        else colour.mix(look.primary, "#ffffff", 0.7)
    )
    pen.shape([(-0.34 * b, -0.2), (0.34 * b, -0.2), (0.0, 0.75 * b)], inner, 0.8, smooth=False)
    pen.shape(
        [(-0.26 * b, -0.2), (0.26 * b, -0.2), (0.0, 0.46 * b)], look.skin_colour, 0.7, smooth=False
    )
    band = 0.17 * b
    pen.shape(
        [
            (0.24 * b, -0.1), (0.24 * b + band, -0.04), (-0.14 * b + band * 0.7, 1.02 * b),
            (-0.2 * b, 0.8 * b),
        ],
        look.secondary,
        0.85,
        smooth=False,
    )  # fmt: skip
    end = (0.4 * w, length * 0.94)
    pen.shape(
        [
            (-0.24 * b - band, -0.06), (-0.22 * b, -0.12), (end[0], end[1] - band * 0.6),
            (end[0] - band * 0.4, end[1] + band * 0.9),
        ],
        look.secondary,
        0.9,
        smooth=False,
    )  # fmt: skip
    if pen.detail > 0.5:
        fold = colour.fold_of(look.primary)
        pen.stroke([(-0.62 * w, 0.5 * b), (-0.3 * w, 0.9 * b), (-0.1 * w, 1.3 * b)], 0.85, fold)
        pen.stroke([(0.56 * w, 0.5 * b), (0.4 * w, 0.8 * b)], 0.8, fold)


def _monk(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape(
        [(-0.26 * b, -0.1), (0.26 * b, -0.1), (0.04, 0.55 * b)], look.skin_colour, 0.8, smooth=False
    )
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * 0.3 * b, -0.1), (side * 0.16 * b, -0.1), (-0.02 * side * b, 0.66 * b),
                (side * 0.12 * b, 0.72 * b),
            ],
            colour.fold_of(look.primary),
            0.7,
            smooth=False,
        )  # fmt: skip
    # The kasaya crosses one shoulder.
    pen.shape(
        [
            (-0.9 * w, -0.1), (-0.36 * w, -0.06), (0.62 * w, length * 0.7), (0.7 * w, length + 0.2),
            (-0.9 * w, length + 0.2),
        ],
        look.secondary,
        0.95,
        smooth=False,
    )  # fmt: skip
    dark = colour.fold_of(look.secondary)
    for share in (0.25, 0.5, 0.75):
        pen.stroke(
            [(-0.9 * w + share * 0.5 * w, 0.0), (-0.3 * w + share * 0.7 * w, length)], 0.8, dark
        )
    for row in (0.55, 1.05, 1.55):
        pen.stroke([(-0.9 * w, row * b), (0.5 * w, (row + 0.25) * b)], 0.7, dark)


def _lapel(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape(
        [
            (-0.34 * b, -0.1), (0.36 * b, -0.1), (0.3 * b, 0.6 * b), (0.04 * b, 1.3 * b),
            (-0.24 * b, 0.6 * b),
        ],
        "#f4f1ea",
        0.8,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (-0.3 * b, 0.5 * b), (0.0, 0.78 * b), (0.34 * b, 0.5 * b), (0.3 * b, 0.9 * b),
            (0.04 * b, 1.3 * b), (-0.2 * b, 0.9 * b),
        ],
        look.secondary,
        0.8,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (-0.07 * b, 0.12 * b), (0.09 * b, 0.12 * b), (0.12 * b, 0.3 * b), (0.08 * b, 1.1 * b),
            (-0.04 * b, 1.1 * b), (-0.08 * b, 0.3 * b),
        ],
        look.secondary,
        0.85,
        smooth=False,
    )  # fmt: skip
    for side in (-1.0, 1.0):
        x = 0.02 * b
        pen.shape(
            [
                (x + side * 0.2 * b, -0.12 * b), (x + side * 0.44 * b, 0.04 * b),
                (x + side * 0.5 * b, 0.5 * b), (x + side * 0.38 * b, 0.52 * b),
                (x + side * 0.02, 1.2 * b),
            ],
            colour.darker(look.primary, 0.08) if side > 0 else look.primary,
            1.0,
            smooth=False,
        )  # fmt: skip
    pen.stroke([(0.03 * b, 1.2 * b), (0.06 * b, length)], 0.9, colour.fold_of(look.primary))
    for row in (1.36, 1.66):
        pen.disc(0.0, row * b, 0.045 * b, 0.045 * b, colour.fold_of(look.primary))
    square: list[Point] = [
        (-0.56 * w, 0.66 * b), (-0.5 * w, 0.5 * b), (-0.42 * w, 0.58 * b), (-0.34 * w, 0.48 * b),
        (-0.3 * w, 0.64 * b),
    ]  # fmt: skip
    pen.shape(square, look.secondary, 0.8, smooth=False)


def _button(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    fold = colour.fold_of(look.primary)
    pen.shape(
        [
            (-0.32 * b, -0.1), (0.32 * b, -0.1), (0.24 * b, 0.24 * b), (0.02 * b, 0.3 * b),
            (-0.24 * b, 0.24 * b),
        ],
        look.secondary,
        0.95,
    )  # fmt: skip
    pen.shape(
        [(-0.07 * b, 0.2 * b), (0.11 * b, 0.2 * b), (0.11 * b, length), (-0.07 * b, length)],
        look.secondary if look.clothes == "jacket" else look.primary,
        0.8,
        smooth=False,
    )
    for row in range(4):
        pen.disc(
            0.02 * b,
            (0.5 + row * 0.4) * b,
            0.05 * b,
            0.05 * b,
            GOLD if look.clothes == "uniform" else fold,
            0.4,
        )
    for side in (-1.0, 1.0):
        x = side * 0.4 * w
        pen.shape(
            [
                (x - 0.17 * w, 0.62 * b), (x + 0.17 * w, 0.62 * b), (x + 0.17 * w, 0.8 * b),
                (x, 0.88 * b), (x - 0.17 * w, 0.8 * b),
            ],
            look.primary,
            0.7,
            smooth=False,
        )  # fmt: skip
        if look.clothes == "uniform":
            pen.shape(
                [
                    (side * 0.42 * w, 0.1 * b), (side * 0.82 * w, 0.18 * b),
                    (side * 0.84 * w, 0.3 * b), (side * 0.44 * w, 0.22 * b),
                ],
                look.secondary,
                0.8,
                smooth=False,
            )  # fmt: skip


def _round(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    deep = 0.34 * b if look.clothes == "dress" else 0.24 * b
    pen.shape(
        [
            (-0.3 * b, -0.1), (0.3 * b, -0.1), (0.22 * b, deep * 0.7), (0.0, deep),
            (-0.22 * b, deep * 0.7),
        ],
        look.skin_colour,
        0.0,
    )  # fmt: skip
    pen.stroke(
        [
            (-0.3 * b, -0.02), (-0.22 * b, deep * 0.75), (0.0, deep + 0.03),
            (0.22 * b, deep * 0.75), (0.3 * b, -0.02),
        ],
        4.2,
        look.secondary,
        start=0.8,
        end=0.8,
    )  # fmt: skip
    pen.stroke(
        [
            (-0.33 * b, 0.0), (-0.25 * b, deep * 0.8), (0.0, deep + 0.1 * b),
            (0.25 * b, deep * 0.8), (0.33 * b, 0.0),
        ],
        0.8,
    )  # fmt: skip
    if look.clothes == "dress":
        for side in (-1.0, 1.0):
            lobe = [
                (side * 0.04 * b, deep + 0.02), (side * 0.24 * b, deep * 0.74),
                (side * 0.33 * b, -0.06 * b), (side * 0.56 * b, 0.06 * b),
                (side * 0.5 * b, deep * 1.2), (side * 0.2 * b, deep * 1.75),
            ]  # fmt: skip
            pen.shape(lobe, look.secondary, 0.9)
    if look.clothes == "shirt":
        pen.shape(
            [(-0.9 * w, 0.92 * b), (0.9 * w, 0.92 * b), (0.9 * w, 1.16 * b), (-0.9 * w, 1.16 * b)],
            look.secondary,
            0.7,
            smooth=False,
        )
    if pen.detail > 0.5:
        fold = colour.fold_of(look.primary)
        pen.stroke([(-0.6 * w, 0.55 * b), (-0.4 * w, 0.9 * b)], 0.8, fold)
        pen.stroke([(0.3 * w, 1.3 * b), (0.1 * w, 1.6 * b)], 0.8, fold)


def _plate(pen: Pen, look: Look, b: float, w: float, length: float) -> None:
    pen.shape(
        [(-0.34 * b, -0.1), (0.34 * b, -0.1), (0.26 * b, 0.2 * b), (-0.26 * b, 0.2 * b)],
        look.secondary,
        0.9,
    )
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


Collar = Callable[[Pen, Look, float, float, float], None]
COLLARS: dict[str, Collar] = {
    "cross": _cross,
    "monk": _monk,
    "lapel": _lapel,
    "button": _button,
    "round": _round,
    "plate": _plate,
}
