"""Wounds in head space: a bandage round the forehead, blood on the face."""

from __future__ import annotations

from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face

LINEN, STAIN, BLOOD = "#f4efe3", "#b8483f", "#a3231f"


def on_face(pen: Pen, look: Look, face: Face) -> None:
    """Blood runs down over the features."""
    if look.wound != "blood":
        return
    s = face.shift
    pen.shape(
        [
            (s + 0.06, -0.3),
            (s + 0.18, -0.26),
            (s + 0.17, -0.08),
            (s + 0.2, 0.12, 0),
            (s + 0.13, 0.0),
            (s + 0.11, 0.2, 0),
            (s + 0.08, -0.04),
        ],
        BLOOD,
        0.5,
    )
    pen.stroke([(s - 0.24, 0.16), (s - 0.12, 0.22)], 2.6, BLOOD)


def over_hair(pen: Pen, look: Look, face: Face) -> None:
    """A bandage lies over the hair and under a hat."""
    if look.wound != "bandage":
        return
    s, out = face.shift * 0.6, face.half + 0.055
    pen.shape(
        [
            (-out, -0.12), (-out * 0.5 + s, -0.2), (s, -0.22), (out * 0.6 + s, -0.2), (out + s * 0.4, -0.12),
            (out + s * 0.4, -0.3), (out * 0.6 + s, -0.38), (s, -0.41), (-out * 0.5 + s, -0.385), (-out, -0.3),
        ],
        LINEN,
        0.9,
    )  # fmt: skip
    pen.stroke([(-out, -0.2), (s, -0.3), (out + s * 0.4, -0.22)], 0.8, "#b5ab98")
    pen.disc(s + 0.16, -0.29, 0.06, 0.045, STAIN)
