"""Hair in head space: what hangs behind the head, and the cap of hair on the skull."""

from __future__ import annotations

from math import cos, pi, sin

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face


def shine(look: Look) -> str:
    return (
        colour.lighter(look.hair_paint, 0.22)
        if colour.luminance(look.hair_paint) < 0.5
        else colour.darker(look.hair_paint, 0.18)
    )


def hair_pen(pen: Pen, look: Look) -> Pen:
    return pen.inked(
        colour.darker(look.hair_paint, 0.6)
        if colour.luminance(look.hair_paint) > 0.3
        else "#151112"
    )


def lock(pen: Pen, look: Look, points: list[Point], strands: int = 1) -> None:
    """A lock of hair: shape, contour, and strands along its length."""
    pen.shape(points, look.hair_paint, 0.85)
    if pen.detail < 0.6:
        return
    count = len(points) // 2
    for index in range(strands):
        share = (index + 1) / (strands + 1)
        pairs = zip(points[:count], points[::-1][:count], strict=True)
        middle = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairs]
        pen.stroke(middle, 0.7, shine(look), opacity=0.8)


def behind(pen: Pen, look: Look, turn: float) -> None:
    """Hair that hangs behind the neck and the body."""
    pen = hair_pen(pen, look)
    if look.hair == "long" or (look.hair == "bun" and look.female):
        low = 1.35 if look.hair == "long" else 0.72
        wide = 0.56 if look.hair == "long" else 0.4
        lock(
            pen,
            look,
            [
                (-0.44, -0.2), (-0.52, 0.3), (-wide, low), (-0.12, low + 0.12), (wide - 0.2, low),
                (0.42, 0.35), (0.4, -0.2),
            ],
            5,
        )  # fmt: skip
    elif look.hair == "ponytail":
        lock(
            pen,
            look,
            [
                (-0.2, -0.5), (-0.55, -0.62), (-0.78, -0.2), (-0.82, 0.45), (-0.7, 1.0),
                (-0.62, 0.5), (-0.5, 0.0), (-0.3, -0.3),
            ],
            3,
        )  # fmt: skip
    elif look.hair == "topknot" and look.gender != "female" and look.age in ("youth", "adult"):
        lock(
            pen,
            look,
            [(-0.4, -0.1), (-0.46, 0.3), (-0.4, 0.7), (0.2, 0.66), (0.36, 0.2), (0.3, -0.1)],
            3,
        )
    elif look.hair == "curly":
        lock(pen, look, _cloud(0.0, 0.04, 0.56, 0.62, 11), 0)


def _cloud(x: float, y: float, rx: float, ry: float, lobes: int) -> list[Point]:
    points: list[Point] = []
    for index in range(lobes * 2):
        turn = pi * index / lobes
        out = 1.0 if index % 2 else 0.86
        points.append((x + rx * out * cos(turn), y + ry * out * sin(turn)))
    return points


def cap(pen: Pen, look: Look, face: Face, turn: float, hairline: float = -0.25) -> None:
    """The hair on the skull down to the hairline, with strands combed back."""
    s = 0.05 * turn
    top = 0.575 if look.age != "child" else 0.59
    out = face.half + 0.065
    points: list[Point] = [
        (-out * 0.93, 0.12, 0), (-out - 0.01, -0.12), (-out * 0.86, -0.4), (-0.1, -top),
        (out * 0.6 + s, -0.5), (out * 0.97 + s * 0.4, -0.2), (out * 0.9 + s * 0.2, 0.06, 0),
        (face.half * 0.84 + s, -0.1), (face.half * 0.6 + s, hairline + 0.03),
        (s * 2.0, hairline - 0.035), (-face.half * 0.62 + s, hairline + 0.03),
        (-face.half * 0.86, -0.06),
    ]  # fmt: skip
    pen.shape(points, look.hair_paint, 0.9)
    if pen.detail < 0.6:
        return
    for index in range(5):
        x = -0.26 + index * 0.13
        pen.stroke(
            [(x + s * 1.4, hairline - 0.01), (x * 0.86 + s, -0.42), (x * 0.45 - 0.04, -top + 0.03)],
            0.75,
            shine(look),
            opacity=0.8,
        )
