"""Things in the near hand that belong to the moment, not to the look; in the hand's space.

The hand is at (0, 0), y downwards, the unit is a body's scale.
"""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.pose import Skeleton

WOOD, STEEL, GOLD, PAPER = "#8a5a33", "#b9c2c6", "#d0a23a", "#f3ead2"


def in_hand(pen: Pen, thing: str, bones: Skeleton) -> None:
    """The thing in the near hand; nothing for unknown ones."""
    draw = THINGS.get(thing)
    if draw is None or bones.pose.prop == "bed":
        return
    e, w = bones.near_elbow, bones.near_wrist
    draw(pen.at(w[0] + (w[0] - e[0]) * 0.22, w[1] + (w[1] - e[1]) * 0.22, 0.0, bones.body))


def _letter(pen: Pen) -> None:
    pen.shape([(-0.1, -0.85), (0.6, -0.95), (0.66, 0.05), (-0.04, 0.15)], PAPER, 0.95, smooth=False)
    for x in (0.08, 0.24, 0.4):
        pen.stroke([(x, -0.74), (x + 0.04, -0.06)], 0.9, "#5f5348", start=0.7, end=0.5)
    pen.shape(
        [(0.44, -0.3), (0.58, -0.32), (0.59, -0.16), (0.45, -0.14)], "#b8352c", 0.5, smooth=False
    )


def _lantern(pen: Pen) -> None:
    (x, y), reach = pen.to_picture([(0.1, 0.75)])[0], pen.scale * 1.7
    glow = pen.canvas.radial(x, y, reach, (0.0, "#ffd88a", 0.55), (1.0, "#ffd88a", 0.0))
    pen.canvas.rect(x - reach, y - reach, reach * 2, reach * 2, glow)
    pen.stroke([(0.0, -0.1), (0.1, 0.3)], 1.6, WOOD, start=0.9, end=0.9)
    pen.disc(0.1, 0.72, 0.36, 0.4, "#c8452f", 1.0)
    for bulge in (-0.2, 0.2):
        pen.stroke([(0.1 + bulge * 0.7, 0.35), (0.1 + bulge, 0.72), (0.1 + bulge * 0.7, 1.08)], 0.7)
    pen.shape([(-0.08, 0.26), (0.28, 0.26), (0.28, 0.36), (-0.08, 0.36)], GOLD, 0.7, smooth=False)
    pen.stroke([(0.1, 1.12), (0.1, 1.45)], 2.4, GOLD)


def _torch(pen: Pen) -> None:
    pen.shape([(-0.07, 0.3), (-0.09, -0.7), (0.13, -0.7), (0.09, 0.3)], WOOD, 0.9, smooth=False)
    pen.shape(
        [
            (-0.22, -0.7),
            (-0.26, -1.0),
            (-0.04, -1.2),
            (0.02, -1.6, 0),
            (0.16, -1.15),
            (0.3, -1.0),
            (0.24, -0.7),
        ],
        "#e2762f",
        0.9,
    )
    pen.shape(
        [(-0.1, -0.72), (-0.1, -0.95), (0.03, -1.25, 0), (0.14, -0.95), (0.12, -0.72)],
        "#f6c453",
        0.5,
    )


def _cup(pen: Pen) -> None:
    pen.shape(
        [(-0.14, -0.3, 0), (-0.1, 0.02), (-0.02, 0.08), (0.16, 0.08), (0.26, 0.0), (0.3, -0.3, 0)],
        "#eef1ec",
        0.95,
    )
    pen.disc(0.08, -0.3, 0.22, 0.06, "#b98b4a", 0.8)
    pen.stroke([(-0.1, -0.12), (0.08, -0.08), (0.26, -0.12)], 1.6, "#4a78a0", start=0.8, end=0.8)


def _bowl(pen: Pen) -> None:
    pen.shape(
        [(-0.3, -0.28, 0), (-0.22, 0.04), (0.0, 0.14), (0.2, 0.14), (0.4, 0.02), (0.48, -0.28, 0)],
        "#e8dfc8",
        0.95,
    )
    pen.disc(0.09, -0.28, 0.39, 0.09, "#c9975a", 0.8)
    for x in (0.0, 0.18):
        pen.stroke([(x, -0.4), (x + 0.08, -0.6), (x - 0.02, -0.8)], 1.6, "#ffffff", opacity=0.8)


def _phone(pen: Pen) -> None:
    pen.shape(
        [(-0.06, 0.1), (-0.02, -0.62), (0.34, -0.6), (0.3, 0.12)], "#26282d", 0.9, smooth=False
    )
    pen.shape(
        [(0.0, 0.02), (0.03, -0.54), (0.29, -0.53), (0.25, 0.04)], "#cfe3ea", 0.4, smooth=False
    )


def _flower(pen: Pen) -> None:
    pen.stroke([(0.0, 0.3), (0.06, -0.3), (0.2, -0.7)], 2.0, "#5f8a4e", start=0.8, end=0.6)
    for x, y in ((0.08, -0.76), (0.32, -0.78), (0.2, -0.94), (0.14, -0.62), (0.3, -0.64)):
        pen.disc(x, y, 0.13, 0.13, "#dd6f8a", 0.7)
    pen.disc(0.21, -0.76, 0.08, 0.08, "#f0c75e", 0.6)


def _money(pen: Pen) -> None:
    for x, y in ((0.0, 0.0), (0.34, 0.02), (0.17, -0.18)):
        pen.shape(
            [
                (x - 0.2, y - 0.12),
                (x - 0.1, y - 0.06),
                (x, y - 0.16),
                (x + 0.1, y - 0.06),
                (x + 0.2, y - 0.12),
                (x + 0.12, y + 0.06),
                (x - 0.12, y + 0.06),
            ],
            "#d6dadb",
            0.9,
        )


def _peach(pen: Pen) -> None:
    pen.shape(
        [(0.1, -0.5, 0), (-0.16, -0.24), (-0.1, 0.06), (0.1, 0.12), (0.32, 0.04), (0.36, -0.24)],
        "#eaa08a",
        0.95,
    )
    pen.shape([(0.1, -0.46), (0.36, -0.62), (0.5, -0.5), (0.3, -0.4)], "#6f9a56", 0.8)
    pen.stroke([(0.1, -0.44), (0.04, -0.2), (0.1, 0.06)], 0.8)


def _sword(pen: Pen) -> None:
    local = pen.at(0.0, 0.0, 26)
    local.shape(
        [(-0.09, -0.3), (0.09, -0.3), (0.08, -2.2), (0.0, -2.5, 0), (-0.08, -2.2)],
        STEEL,
        0.9,
        smooth=False,
    )
    local.shape([(-0.26, -0.2), (0.26, -0.2), (0.22, -0.32), (-0.22, -0.32)], GOLD, 0.9)
    local.shape([(-0.06, -0.2), (0.06, -0.2), (0.06, 0.34), (-0.06, 0.34)], WOOD, 0.8, smooth=False)


def _gun(pen: Pen) -> None:
    pen.shape(
        [(-0.12, -0.2), (0.9, -0.26), (0.92, -0.06), (0.14, 0.0), (0.1, 0.32), (-0.14, 0.3)],
        "#39434b",
        0.95,
        smooth=False,
    )
    pen.stroke([(0.2, -0.15), (0.84, -0.18)], 1.2, "#8fe3e6", start=0.8, end=0.8)


def _book(pen: Pen) -> None:
    pen.shape(
        [(-0.34, -0.5), (0.1, -0.4), (0.54, -0.54), (0.52, 0.04), (0.1, 0.16), (-0.32, 0.06)],
        PAPER,
        0.95,
        smooth=False,
    )
    pen.stroke([(0.1, -0.4), (0.1, 0.14)], 0.9, start=0.8, end=0.8)
    for row in (-0.32, -0.18, -0.04):
        pen.stroke([(-0.26, row - 0.06), (0.02, row)], 0.7, "#7d7264", start=0.7, end=0.7)
        pen.stroke([(0.18, row), (0.46, row - 0.08)], 0.7, "#7d7264", start=0.7, end=0.7)


THINGS: dict[str, Callable[[Pen], None]] = {
    "letter": _letter, "lantern": _lantern, "torch": _torch, "cup": _cup, "bowl": _bowl, "phone": _phone,
    "flower": _flower, "money": _money, "peach": _peach, "sword": _sword, "gun": _gun, "book": _book,
}  # fmt: skip
