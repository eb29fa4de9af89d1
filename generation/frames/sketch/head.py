"""A head put together: from what hangs behind it to what is worn on it."""

from __future__ import annotations

from generation.frames.sketch import (
    beards,
    colour,
    hair,
    hairstyles,
    headgear,
    muzzles,
    species,
    wounds,
)
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.face import EXPRESSIONS, draw_features
from generation.frames.sketch.kinds import kind_of
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face, face_of, outline_of


def draw_behind(pen: Pen, look: Look, turn: float) -> None:
    """What the body covers: long hair, hood, ears and horns. `pen` is in head space."""
    face = face_of(look, turn)
    headgear.behind(pen, look)
    hair.behind(pen, look, turn)
    species.behind(pen, look, face)


def draw_head(
    pen: Pen, look: Look, expression: object, turn: float, speaking: bool = False
) -> None:
    """Face, hair and headgear in head space; an unknown expression is neutral."""
    mood = EXPRESSIONS["neutral"]
    if isinstance(expression, str):
        mood = EXPRESSIONS.get(expression, mood)
    face = face_of(look, turn)
    covered = look.headgear in headgear.COVERING
    kind = kind_of(look.species)
    if kind.nose:
        _ear(pen, look, face)
    _skin(pen, look, face, turn)
    muzzles.over_face(pen, look, face)
    draw_features(pen, look, face, mood, turn, speaking)
    muzzles.over_features(pen, look, face, mood, speaking)
    wounds.on_face(pen, look, face)
    beards.beard(pen, look, face, speaking)
    if not kind.hairless:
        hairstyles.front(pen, look, face, turn, covered)
    wounds.over_hair(pen, look, face)
    headgear.front(pen, look, face, turn)
    if look.accessory == "glasses":
        _glasses(pen, face)


def _skin(pen: Pen, look: Look, face: Face, turn: float) -> None:
    line = pen.shape(outline_of(face, turn), look.skin_colour, 0)
    if pen.detail > 0.45:
        with pen.canvas.clip(line):
            shade = colour.darker(look.skin_colour, 0.35)
            # A soft core shadow on the side away from the light, and under the hairline.
            d, x = pen.shade, face.shift
            edge = [
                (d * 0.2 + x, -0.5), (d * 0.27 + x, -0.1), (d * 0.23 + x, 0.2), (d * 0.1 + x, 0.5),
            ]  # fmt: skip
            pen.shape([*edge, (d * 0.7, 0.5), (d * 0.7, -0.5)], shade, 0, opacity=0.2)
            pen.shape(
                [(-0.5, -0.5), (0.5, -0.5), (0.45, -0.16), (0.0, -0.25), (-0.45, -0.14)],
                shade,
                0,
                opacity=0.22,
            )
    pen.contour(line, 1.05)


def _ear(pen: Pen, look: Look, face: Face) -> None:
    x = -face.half * 0.98
    pen.shape(
        [
            (x + 0.03, -0.04), (x - 0.05, -0.05), (x - 0.07, 0.05), (x - 0.03, 0.16),
            (x + 0.03, 0.17),
        ],
        look.skin_colour,
        0.9,
    )  # fmt: skip
    if pen.detail > 0.6:
        pen.stroke([(x - 0.04, 0.0), (x - 0.015, 0.05), (x - 0.02, 0.11)], 0.6)
    if look.female and look.age != "child" and pen.detail > 0.5:
        pen.disc(x - 0.02, 0.215, 0.022, 0.034, look.secondary, 0.5)


def _glasses(pen: Pen, face: Face) -> None:
    s, y = face.shift, face.eye_y
    for side in (-1.0, 1.0):
        x = s + side * face.eye_x
        rim = [
            (x - 0.125, y - 0.085), (x + 0.125, y - 0.085), (x + 0.12, y + 0.09),
            (x - 0.12, y + 0.09),
        ]  # fmt: skip
        pen.shape(rim, "#ffffff", 1.1, opacity=0.16)
    pen.stroke([(s - 0.04, y - 0.01), (s + 0.04, y - 0.01)], 1.5, start=0.9, end=0.9)
    pen.stroke([(s - face.eye_x - 0.12, y - 0.03), (-face.half, y - 0.02)], 1.3, start=0.9, end=0.9)
