"""What is worn on the head, in head space."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour, hats
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

GOLD = "#d8ab3c"
STEEL = "#9aa3a8"
GAUZE = "#23232b"
STRAW = "#d9bd7c"

# Headgear that hides what is tied on top of the head.
COVERING = frozenset({"helmet", "official_cap", "straw_hat", "hood", "hat"})


def behind(pen: Pen, look: Look) -> None:
    """The part that lies behind the head."""
    if look.headgear == "hood":
        pen.shape(
            [
                (-0.5, 0.5), (-0.56, 0.0), (-0.5, -0.42), (-0.16, -0.7), (0.24, -0.66),
                (0.48, -0.36), (0.5, 0.1), (0.44, 0.5), (0.0, 0.72),
            ],
            colour.darker(look.primary, 0.35),
            1.0,
        )  # fmt: skip
    elif look.headgear == "straw_hat":
        pen.disc(0.02, -0.2, 0.86, 0.14, colour.darker(STRAW, 0.35), 0.8)
    elif look.headgear == "headband":
        for low in (0.42, 0.62):
            pen.shape(
                [
                    (-0.34, -0.24), (-0.6, 0.0), (-0.66, low), (-0.56, low - 0.04), (-0.5, 0.04),
                    (-0.32, -0.16),
                ],
                look.secondary,
                0.7,
            )  # fmt: skip


def front(pen: Pen, look: Look, face: Face, turn: float) -> None:
    """The part in front of hair and forehead."""
    draw = GEAR.get(look.headgear)
    if draw is not None:
        draw(pen, look, face, turn)


def _helmet(pen: Pen, look: Look, face: Face, turn: float) -> None:
    out, s = face.half + 0.09, face.shift * 0.5
    plume = [
        (0.0, -0.7), (-0.1, -0.92), (-0.34, -1.02), (-0.52, -0.86), (-0.46, -0.6), (-0.36, -0.74),
        (-0.18, -0.8),
    ]  # fmt: skip
    pen.shape(plume, look.secondary, 0.9)
    pen.shape(
        [
            (-out, 0.2, 0), (-out - 0.02, -0.2), (-out * 0.7, -0.54), (0.0, -0.68),
            (out * 0.72 + s, -0.54), (out + s * 0.6, -0.2), (out + s * 0.5, 0.16, 0),
            (out * 0.82 + s, 0.14, 0), (out * 0.8 + s, -0.18, 0), (s, -0.24),
            (-out * 0.72, -0.18, 0), (-out * 0.74, 0.2, 0),
        ],
        STEEL,
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (-out * 0.98, -0.2), (s, -0.27), (out + s * 0.5, -0.2), (out * 0.94 + s, -0.3),
            (s, -0.37), (-out * 0.94, -0.3),
        ],
        GOLD,
        0.8,
    )  # fmt: skip
    pen.stroke([(-0.02, -0.66), (s * 0.8, -0.38)], 1.1, colour.darker(STEEL, 0.5))
    pen.disc(0.0, -0.7, 0.05, 0.05, GOLD, 0.8)


def _official(pen: Pen, look: Look, face: Face, turn: float) -> None:
    s, out = face.shift * 0.4, face.half + 0.05
    light = pen.inked("#0f0e12")
    for side in (-1.0, 1.0):
        light.shape(
            [
                (side * 0.34, -0.34), (side * 0.62, -0.43), (side * 0.92, -0.37),
                (side * 0.94, -0.3), (side * 0.62, -0.27), (side * 0.34, -0.28),
            ],
            GAUZE,
            0.8,
        )  # fmt: skip
    light.shape(
        [(-0.24, -0.5, 0), (-0.22, -0.76), (0.0, -0.84), (0.24 + s, -0.76), (0.26 + s, -0.5, 0)],
        GAUZE,
        0.9,
    )
    light.shape(
        [
            (-out, -0.14, 0), (-out, -0.4), (-out * 0.6, -0.57), (s, -0.6), (out * 0.66 + s, -0.57),
            (out + s, -0.38), (out + s * 0.6, -0.16, 0), (s, -0.26),
        ],
        GAUZE,
        1.0,
    )  # fmt: skip
    light.stroke([(-out, -0.2), (s, -0.32), (out + s * 0.6, -0.22)], 0.9, "#55545f")
    pen.disc(s, -0.45, 0.055, 0.05, look.secondary, 0.6)


def _straw(pen: Pen, look: Look, face: Face, turn: float) -> None:
    pen.shape(
        [
            (-0.88, -0.16, 0), (-0.4, -0.5), (0.0, -0.86, 0), (0.42, -0.5), (0.9, -0.18, 0),
            (0.4, -0.12), (-0.4, -0.1),
        ],
        STRAW,
        1.0,
    )  # fmt: skip
    dark = colour.darker(STRAW, 0.45)
    for share in (0.3, 0.62):
        pen.stroke(
            [
                (-0.88 * share, -0.86 + 0.7 * share),
                (0.0, -0.82 + 0.76 * share),
                (0.9 * share, -0.86 + 0.68 * share),
            ],
            0.7,
            dark,
        )
    if pen.detail > 0.6:
        for x in (-0.6, -0.3, 0.0, 0.3, 0.6):
            pen.stroke([(0.0, -0.84), (x, -0.14)], 0.5, dark, opacity=0.8)
    pen.stroke([(-0.36, -0.12), (-0.3, 0.3), (0.04, 0.55)], 0.9, look.secondary)


def _hood(pen: Pen, look: Look, face: Face, turn: float) -> None:
    s, out = face.shift * 0.5, face.half
    cloth = look.primary
    pen.shape(
        [
            (-0.44, 0.52, 0), (-0.54, 0.1), (-0.5, -0.36), (-0.2, -0.66), (0.2 + s, -0.64),
            (0.5 + s, -0.34), (0.52 + s * 0.6, 0.1), (0.42 + s, 0.52, 0), (out + s * 0.6, 0.2),
            (out * 0.94 + s, -0.2), (s * 1.4, -0.4), (-out * 0.94, -0.2), (-out + 0.01, 0.2),
        ],
        cloth,
        1.0,
    )  # fmt: skip
    pen.stroke(
        [
            (-out - 0.06, 0.3), (-out - 0.03, -0.2), (s, -0.49), (out + s + 0.03, -0.2),
            (out + s, 0.3),
        ],
        2.4,
        look.secondary,
        start=0.6,
        end=0.6,
    )  # fmt: skip
    pen.stroke([(-0.2, -0.6), (-0.36, -0.3), (-0.42, 0.1)], 0.8, colour.fold_of(cloth))


def _headband(pen: Pen, look: Look, face: Face, turn: float) -> None:
    s, out = face.shift * 0.6, face.half + 0.05
    monkey = look.species == "monkey"
    paint = GOLD if monkey else look.secondary
    pen.shape(
        [
            (-out, -0.14), (-out * 0.5 + s, -0.24), (s, -0.265), (out * 0.6 + s, -0.24),
            (out + s * 0.4, -0.15), (out + s * 0.4, -0.24), (out * 0.6 + s, -0.33), (s, -0.355),
            (-out * 0.5 + s, -0.335), (-out, -0.24),
        ],
        paint,
        0.9,
    )  # fmt: skip
    if monkey:
        for side in (-1.0, 1.0):
            pen.stroke([(s, -0.3), (s + side * 0.07, -0.42), (s + side * 0.02, -0.48)], 1.6, GOLD)
    else:
        pen.disc(s, -0.31, 0.045, 0.045, look.primary, 0.7)


Gear = Callable[[Pen, Look, Face, float], None]
GEAR: dict[str, Gear] = {
    "crown": hats.crown,
    "helmet": _helmet,
    "official_cap": _official,
    "straw_hat": _straw,
    "hood": _hood,
    "headband": _headband,
    "hat": hats.hat,
}
