"""Moustaches and beards in head space."""

from __future__ import annotations

from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.hair import hair_pen, shine
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face


def beard(pen: Pen, look: Look, face: Face, mouth_open: bool) -> None:
    """Moustache, short or long beard."""
    if look.beard == "none":
        return
    pen = hair_pen(pen, look)
    x, y = face.shift * 1.3, face.mouth_y
    if look.beard in ("long", "short"):
        low = 1.25 if look.beard == "long" else 0.6
        wide = face.jaw * (1.0 if look.beard == "short" else 0.86)
        tip = 0.02 if look.beard == "long" else wide * 0.5
        points: list[Point] = [
            (x - wide - 0.03, 0.2, 0), (x - wide, 0.42), (x - wide * 0.72, low * 0.72),
            (x - tip, low), (x + tip + 0.02, low - 0.01), (x + wide * 0.66, low * 0.7),
            (x + wide * 0.86, 0.4), (x + wide * 0.9, 0.22, 0), (x + wide * 0.56, y + 0.04),
            (x + 0.06, y + 0.085), (x - 0.06, y + 0.085), (x - wide * 0.6, y + 0.05),
        ]  # fmt: skip
        pen.shape(points, look.hair_paint, 0.8)
        if pen.detail > 0.6:
            for step in (-0.6, -0.25, 0.1, 0.45):
                pen.stroke(
                    [
                        (x + wide * step, y + 0.13),
                        (x + wide * step * 0.8, low * 0.68),
                        (x + wide * step * 0.2, low - 0.06),
                    ],
                    0.7,
                    shine(look),
                    opacity=0.85,
                )
    wing = 0.2 if look.beard == "moustache" else 0.17
    for side in (-1.0, 1.0):
        tache: list[Point] = [
            (x + side * 0.008, y - 0.062), (x + side * wing * 0.6, y - 0.05),
            (x + side * wing, y + 0.05, 0), (x + side * wing * 0.5, y - 0.014),
            (x + side * 0.01, y - 0.026),
        ]  # fmt: skip
        pen.shape(tache, look.hair_paint, 0.6)
