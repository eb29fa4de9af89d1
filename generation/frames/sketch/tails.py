"""Tails and wings: what is seen behind the body of one who is not human, in figure space."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.kinds import kind_of
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Skeleton


def behind(pen: Pen, look: Look, bones: Skeleton) -> None:
    """The tail of the character's kind; none for human beings, seated or lying ones."""
    draw = TAILS.get(kind_of(look.species).tail)
    if draw is None or bones.pose.prop in ("bed", "mount"):
        return
    b = bones.body
    draw(pen.at(bones.pelvis[0] - 0.3 * b, bones.pelvis[1] + 0.2 * b, 0.0, b), look.coat)


def _thin(pen: Pen, coat: str) -> None:
    line = [(0.2, 0.0), (-0.7, 0.5), (-1.3, 0.1), (-1.35, -0.7), (-0.95, -1.0)]
    pen.stroke(line, 7.5, "#2b2422", start=0.9, end=0.7)
    pen.stroke(line, 5.0, coat, start=0.95, end=0.75)


def _tuft(pen: Pen, coat: str) -> None:
    line = [(0.2, 0.0), (-0.8, 0.3), (-1.2, 0.9), (-1.1, 1.4)]
    pen.stroke(line, 5.5, "#2b2422", start=0.9, end=0.7)
    pen.stroke(line, 3.2, coat, start=0.95, end=0.8)
    pen.shape(
        [(-1.2, 1.2), (-1.4, 1.7), (-1.1, 2.1, 0), (-0.85, 1.7), (-1.0, 1.2)],
        colour.darker(coat, 0.5),
        0.9,
    )


def _brush(pen: Pen, coat: str) -> None:
    tail: list[Point] = [
        (0.1, -0.1),
        (-0.7, 0.3),
        (-1.3, -0.2),
        (-1.75, -1.0),
        (-1.5, -1.5, 0),
        (-1.15, -1.0),
        (-0.9, -0.5),
        (-0.2, -0.35),
    ]
    pen.shape(tail, coat, 1.0)
    pen.shape(
        [(-1.66, -0.85), (-1.75, -1.1), (-1.5, -1.5, 0), (-1.2, -1.05), (-1.4, -1.1)],
        "#f8ecdc",
        0.8,
    )


def _short(pen: Pen, coat: str) -> None:
    pen.disc(-0.35, 0.1, 0.26, 0.24, colour.lighter(coat, 0.25), 0.9)


def _thick(pen: Pen, coat: str) -> None:
    pen.shape(
        [(0.2, -0.2), (-0.6, 0.2), (-1.2, 0.8), (-1.7, 1.0, 0), (-1.2, 1.3), (-0.5, 1.0), (0.2, 0.6)],
        colour.darker(coat, 0.12),
        1.0,
    )  # fmt: skip


TAILS = {"thin": _thin, "tuft": _tuft, "brush": _brush, "short": _short, "thick": _thick}
