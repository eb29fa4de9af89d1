"""Four-legged animals from the side: horses under riders, dogs and cattle beside people.

Space of a beast: the ground at y = 0, the back at about y = -1, it looks towards +x.
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point


@dataclass(frozen=True)
class Beast:
    """Measures of a four-legged animal; its back is 1 high."""

    coat: str
    long: float = 1.5  # from chest to rump
    deep: float = 0.42  # of the trunk
    leg: float = 0.13  # half width of a leg
    neck: float = 0.62  # how high the head is above the back
    reach: float = 0.5  # how far the head is before the chest
    head: float = 0.26
    muzzle: float = 0.4
    ear: str = "point"  # point, drop, round, long, tall
    tail: str = "hair"  # hair, up, thin, tuft
    mane: bool = False
    horns: bool = False
    ruff: bool = False  # a lion's mane


BEASTS: dict[str, Beast] = {
    "horse": Beast("#9a6a44", mane=True),
    "ox": Beast("#7d5a42", 1.7, 0.56, 0.15, 0.12, 0.5, 0.3, 0.34, "long", "thin", False, True),
    "donkey": Beast("#9a9188", 1.45, 0.44, 0.12, 0.5, 0.44, 0.26, 0.34, "tall", "thin", True),
    "lion": Beast("#d6a552", 1.7, 0.5, 0.17, 0.24, 0.3, 0.36, 0.22, "round", "tuft", ruff=True),
    "dog": Beast("#c79a62", 1.3, 0.42, 0.11, 0.42, 0.2, 0.27, 0.2, "drop", "up"),
    "wolf": Beast("#8d9097", 1.5, 0.42, 0.12, 0.26, 0.42, 0.3, 0.36, "point", "hair"),
    "cat": Beast("#d99a52", 1.4, 0.4, 0.12, 0.32, 0.26, 0.34, 0.14, "point", "up"),
    "tiger": Beast("#e0953f", 1.7, 0.5, 0.17, 0.16, 0.36, 0.36, 0.2, "round", "up"),
    "sheep": Beast("#ece4d4", 1.4, 0.6, 0.1, 0.26, 0.26, 0.27, 0.24, "drop", "thin"),
    "deer": Beast("#c08a56", 1.35, 0.38, 0.09, 0.66, 0.34, 0.22, 0.26, "long", "thin", False, True),
    "pig": Beast("#e6b2a6", 1.6, 0.62, 0.12, 0.0, 0.4, 0.32, 0.2, "drop", "thin"),
}


def beast(pen: Pen, kind: str, coat: str | None = None, gallop: bool = False) -> None:
    """One animal; unknown kinds are drawn as dogs."""
    b = BEASTS.get(kind, BEASTS["dog"])
    paint = coat or b.coat
    half, dark = b.long / 2, colour.darker(paint, 0.18)
    sway = 0.34 if gallop else 0.05
    hair = colour.darker(paint, 0.6)
    belly = -1.0 + b.deep
    _tail(pen, b, hair, paint)
    for x, step in ((-half + 0.2, -sway), (half - 0.12, sway)):
        _leg(pen, x + 0.1, -step, belly, b.leg * 0.92, dark)
    trunk: list[Point] = [
        (-half - 0.08, -0.72), (-half + 0.1, -1.0), (0.0, -0.96), (half - 0.2, -1.04), (half + 0.06, -0.84),
        (half, belly + 0.02), (half * 0.4, belly + 0.08), (-half * 0.4, belly), (-half - 0.02, belly - 0.04),
    ]  # fmt: skip
    pen.shape(trunk, paint, 1.0)
    for x, step in ((-half + 0.1, sway * 0.7), (half - 0.06, -sway * 0.6)):
        _leg(pen, x, step, belly - 0.06, b.leg, paint)
    _head(pen, b, half, paint, hair)
    if kind == "tiger" and pen.detail > 0.3:
        for share in (-0.7, -0.4, -0.1, 0.2, 0.5):
            x = half * share
            pen.shape(
                [(x - 0.05, -0.99, 0), (x + 0.02, -0.7, 0), (x + 0.05, -0.99, 0)], "#3a2a20", 0
            )


def _leg(pen: Pen, x: float, step: float, top: float, half: float, paint: str) -> None:
    pen.shape(
        [
            (x - half * 1.3, top - 0.12), (x - half + step * 0.5, top * 0.5), (x - half + step, -0.02, 0),
            (x + half + step, -0.02, 0), (x + half + step * 0.5, top * 0.5), (x + half * 1.4, top - 0.12),
        ],
        paint,
        0.95,
    )  # fmt: skip
    pen.shape(
        [(x - half * 1.1 + step, -0.1, 0), (x - half * 1.2 + step, 0.0, 0), (x + half * 1.4 + step, 0.0, 0), (x + half * 1.1 + step, -0.1, 0)],
        colour.darker(paint, 0.6),
        0.6,
    )  # fmt: skip


def _tail(pen: Pen, b: Beast, hair: str, paint: str) -> None:
    x = -b.long / 2
    if b.tail == "hair":
        pen.shape(
            [
                (x + 0.05, -0.95),
                (x - 0.3, -0.85),
                (x - 0.42, -0.4),
                (x - 0.34, -0.1, 0),
                (x - 0.2, -0.5),
                (x, -0.75),
            ],
            hair,
            0.9,
        )
    elif b.tail == "up":
        line = [(x + 0.08, -0.85), (x - 0.3, -0.95), (x - 0.42, -1.3), (x - 0.24, -1.45)]
        pen.stroke(line, 6.0, "#2b2422", start=0.9, end=0.7)
        pen.stroke(line, 4.0, paint, start=0.95, end=0.7)
    else:
        pen.stroke(
            [(x + 0.02, -0.86), (x - 0.2, -0.7), (x - 0.2, -0.4)],
            2.0,
            colour.darker(paint, 0.4),
            start=0.8,
            end=0.6,
        )
        if b.tail == "tuft":
            pen.disc(x - 0.2, -0.32, 0.09, 0.16, hair, 0.8)


def _head(pen: Pen, b: Beast, half: float, paint: str, hair: str) -> None:
    hx, hy = half + b.reach, -0.98 - b.neck
    size = b.head
    neck: list[Point] = [
        (half - 0.3, -1.0), (hx - size * 0.9, hy - size * 0.3), (hx, hy + size * 0.5), (half + 0.06, -0.66), (half - 0.2, -0.7),
    ]  # fmt: skip
    pen.shape(neck, paint, 0.95)
    if b.mane:
        pen.shape(
            [
                (half - 0.36, -1.02),
                (hx - size * 1.2, hy - size * 0.2),
                (hx - size * 0.6, hy - size * 1.1),
                (hx - size * 0.3, hy - size * 0.6),
                (half - 0.1, -0.94),
            ],
            hair,
            0.85,
        )
    if b.ruff:
        pen.disc(
            hx - size * 0.5,
            hy + size * 0.3,
            size * 1.5,
            size * 1.6,
            colour.darker(paint, 0.45),
            1.0,
        )
    if b.horns:
        for lean in (0.0, 0.12):
            pen.stroke(
                [
                    (hx - 0.08 + lean, hy - size * 0.7),
                    (hx - 0.12 + lean, hy - size * 1.5),
                    (hx + 0.06 + lean, hy - size * 2.0),
                ],
                2.4,
                "#d8c9a0",
                start=0.9,
                end=0.4,
            )
    _ear(pen, b.ear, hx - size * 0.4, hy - size * 0.6, size, paint)
    skull: list[Point] = [
        (hx - size, hy), (hx - size * 0.6, hy - size * 0.8), (hx + size * 0.3, hy - size * 0.7),
        (hx + size * 0.5 + b.muzzle, hy + size * 0.1), (hx + size * 0.5 + b.muzzle, hy + size * 0.62),
        (hx + size * 0.2, hy + size * 0.72), (hx - size * 0.6, hy + size * 0.66),
    ]  # fmt: skip
    pen.shape(skull, paint, 1.0)
    pen.disc(hx + size * 0.18, hy - size * 0.14, size * 0.13, size * 0.15, "#1d1512")
    pen.disc(hx + size * 0.44 + b.muzzle, hy + size * 0.16, size * 0.13, size * 0.11, "#1d1512")
    pen.stroke(
        [(hx + size * 0.5 + b.muzzle, hy + size * 0.44), (hx + size * 0.2, hy + size * 0.44)], 0.8
    )


def _ear(pen: Pen, kind: str, x: float, y: float, size: float, paint: str) -> None:
    if kind == "drop":
        pen.shape(
            [
                (x, y),
                (x - size * 0.6, y + size * 0.3),
                (x - size * 0.5, y + size * 1.2),
                (x, y + size * 0.7),
            ],
            colour.darker(paint, 0.3),
            0.9,
        )
    elif kind == "round":
        pen.disc(x, y, size * 0.3, size * 0.3, paint, 0.9)
    elif kind == "long":
        pen.shape(
            [
                (x, y),
                (x - size * 0.9, y - size * 0.2),
                (x - size * 0.8, y + size * 0.2),
                (x, y + size * 0.3),
            ],
            paint,
            0.9,
        )
    else:
        pen.shape(
            [
                (x - size * 0.3, y + size * 0.1, 0),
                (x - size * 0.15, y - size * (1.5 if kind == "tall" else 0.8), 0),
                (x + size * 0.3, y, 0),
            ],
            paint,
            0.9,
        )
