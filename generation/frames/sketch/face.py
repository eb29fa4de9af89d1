"""Faces: proportions, features and expressions, in head space.

Head space: the head's centre is (0, 0), the crown y = -0.5, the chin y = 0.5, x towards the
side that the face is turned to.
"""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.kinds import kind_of
from generation.frames.sketch.look import Look
from generation.frames.sketch.visage import Face


@dataclass(frozen=True)
class Expression:
    """Offsets of the features; brow heights are positive upwards, in head heights."""

    inner: float = 0.0
    outer: float = 0.0
    open: float = 1.0  # eye opening, 1 = relaxed; 0 = closed, smiling
    iris: float = 1.0
    gaze: tuple[float, float] = (0.02, 0.0)
    mouth: str = "line"
    curve: float = 0.012  # corners of the mouth, positive upwards
    mark: str = ""


# The colour of the eyes of those who are not human.
IRIS = {
    "monkey": "#b5651d", "fox": "#b5651d", "wolf": "#c9971f", "tiger": "#c9971f", "lion": "#b5651d",
    "cat": "#5d9a3f", "owl": "#d08a1f", "eagle": "#c9971f", "gryphon": "#c9971f", "frog": "#b58a1f",
    "snake": "#c9971f", "dragon": "#c9971f", "demon": "#b3261e", "robot": "#35b6d6", "alien": "#1d2a33",
    "ghost": "#6d8a99",
}  # fmt: skip

EXPRESSIONS: dict[str, Expression] = {
    "neutral": Expression(),
    "happy": Expression(0.012, 0.012, 0.62, 1.0, (0.01, 0.0), "smile", 0.05, "blush"),
    "angry": Expression(-0.05, 0.045, 0.86, 0.9, (0.02, 0.0), "snarl", -0.045, "cross"),
    "sad": Expression(0.05, -0.03, 0.66, 1.0, (0.0, 0.02), "line", -0.045, "tear"),
    "surprised": Expression(0.06, 0.05, 1.4, 0.82, (0.01, 0.0), "round", 0.0),
    "afraid": Expression(0.06, -0.012, 1.3, 0.66, (0.02, 0.0), "wavy", -0.03, "sweat"),
    "determined": Expression(-0.036, 0.03, 0.8, 1.0, (0.02, -0.004), "firm", 0.0),
    "thoughtful": Expression(0.02, 0.0, 0.74, 1.0, (0.05, -0.02), "aside", 0.004),
}


def draw_features(
    pen: Pen, look: Look, face: Face, mood: Expression, turn: float, speaking: bool
) -> None:
    """Eyes, brows, nose, mouth and the marks of the expression."""
    if pen.detail < 0.3:
        _dots(pen, face)
        return
    if look.species == "human" and look.age in ("elder", "middle_aged") and pen.detail > 0.6:
        _wrinkles(pen, look, face)
    for side in (-1.0, 1.0):
        narrow = 1.0 - (0.14 * turn if side > 0 else 0.0)
        x = face.shift + side * face.eye_x * (1.0 - 0.1 * turn * (side > 0))
        _eye(pen, look, face, mood, x, side, narrow)
        _brow(pen, look, face, mood, x, side, narrow)
    kind = kind_of(look.species)
    if kind.nose:
        _nose(pen, look, face, turn)
    if kind.mouth:
        _mouth(pen, look, face, mood, speaking)
    _mark(pen, face, mood)
    if look.species == "human" and pen.detail > 0.55:
        _birthmark(pen, look, face)


def _dots(pen: Pen, face: Face) -> None:
    for side in (-1.0, 1.0):
        pen.disc(face.shift + side * face.eye_x, face.eye_y, 0.045, 0.06, pen.ink)
    x = face.shift
    pen.stroke([(x - 0.08, face.mouth_y), (x + 0.08, face.mouth_y)], 0.8)


def _eye(
    pen: Pen, look: Look, face: Face, mood: Expression, x: float, side: float, narrow: float
) -> None:
    w, y = face.eye_w * narrow, face.eye_y
    h = face.eye_h * mood.open
    inner, outer = x - side * w, x + side * w
    tilt = (0.012 if look.female else 0.006) + face.slant
    tilt += 0.01 * (mood.outer > 0.02)
    if mood.mouth == "smile" and look.age != "elder":
        arch = [(inner, y + 0.012), (x, y - h * 0.95), (outer, y + 0.008)]
        pen.stroke(arch, 1.7 if look.female else 1.45, start=0.3, end=0.3)
        return
    upper = [
        (inner, y + 0.014), (x - side * w * 0.35, y - h * 0.92), (x + side * w * 0.4, y - h * 0.94),
        (outer, y - tilt),
    ]  # fmt: skip
    lower = [(x + side * w * 0.4, y + h * 0.7), (x - side * w * 0.35, y + h * 0.72)]
    white = pen.shape([*upper, *lower], "#fdfaf4", ink=0)
    with pen.canvas.clip(white):
        gaze_x, gaze_y = x + mood.gaze[0], y + mood.gaze[1] - 0.006
        size = min(face.eye_h * 1.02, w * 0.62) * mood.iris
        paint = IRIS.get(look.species, "#3d2a20")
        pen.disc(gaze_x, gaze_y, size, size * 1.08, paint)
        pen.disc(gaze_x, gaze_y, size * 0.5, size * 0.56, "#120d0b")
        pen.disc(gaze_x - size * 0.34, gaze_y - size * 0.4, size * 0.26, size * 0.26, "#ffffff")
    lid = 2.1 if look.female else 1.6
    reach = (outer + side * 0.02, y - tilt - (0.014 if look.female else 0.0))
    pen.stroke([*upper[:3], reach], lid, start=0.35, end=0.22)
    pen.stroke(
        [(x + side * w * 0.6, y + h * 0.52), (x, y + h * 0.78), (x - side * w * 0.5, y + h * 0.6)],
        0.55,
    )
    if pen.detail > 0.9 and look.age != "child":
        crease = [(inner + side * 0.01, y - h * 0.9), (x, y - h * 1.45), (outer, y - h * 0.7)]
        pen.stroke(crease, 0.5, opacity=0.7)


def _brow(
    pen: Pen, look: Look, face: Face, mood: Expression, x: float, side: float, narrow: float
) -> None:
    w = face.eye_w * 1.28 * narrow * face.brow_long
    y = face.eye_y - face.eye_h - 0.075
    rise = face.brow_rise
    paint = (
        look.hair_paint
        if look.hair_colour in ("white", "grey")
        else colour.mix(look.hair_paint, "#1d1614", 0.55)
    )
    bow = 0.022 if look.female else 0.012
    line = [
        (x - side * w * 0.86, y - mood.inner + 0.012),
        (x + side * w * 0.15, y - (mood.inner + mood.outer) / 2 - bow),
        (x + side * w, y - mood.outer - rise + 0.014),
    ]
    if look.hair_colour in ("white", "grey"):
        pen.stroke(line, face.brow * 1.9, colour.darker(paint, 0.5), start=0.7, end=0.2)
    pen.stroke(line, face.brow * 1.45, paint, start=0.75, end=0.12)


def _nose(pen: Pen, look: Look, face: Face, turn: float) -> None:
    x, y = face.shift * 1.25, face.nose
    wide = (0.034 if look.female or look.age == "child" else 0.05) * face.nose_wide
    if face.nose_wide < 0.8:
        pen.stroke([(x - 0.02, y), (x + 0.01, y + 0.022), (x + 0.035, y)], 0.95, start=0.4, end=0.4)
        return
    if turn > 0.2 and look.age != "child":
        bridge = [
            (x - 0.012, face.eye_y + 0.03), (x + 0.02 * face.hook, y - 0.06),
            (x + 0.055 * face.hook, y - 0.008), (x + 0.02, y + 0.022),
        ]  # fmt: skip
        pen.stroke(bridge, 0.85, start=0.05, end=0.4)
    else:
        pen.stroke([(x - wide, y), (x - wide * 0.3, y + 0.02), (x + wide * 0.7, y + 0.004)], 0.8)
    pen.stroke([(x - wide * 0.9, y + 0.012), (x - wide * 0.4, y + 0.024)], 0.6)
    if pen.detail > 0.7:
        shade = [(x - 0.03, y + 0.03), (x + 0.05, y + 0.02), (x + 0.01, y + 0.062)]
        pen.shape(shade, colour.darker(look.skin_colour, 0.3), ink=0, opacity=0.3)


def _mouth(pen: Pen, look: Look, face: Face, mood: Expression, speaking: bool) -> None:
    x, y, c = face.shift * 1.15, face.mouth_y, mood.curve
    wide = (0.085 if look.female or look.age == "child" else 0.108) * face.mouth_wide
    kind = "talk" if speaking and mood.mouth in ("line", "firm", "aside") else mood.mouth
    lip = colour.mix(look.skin_colour, "#b0413a", 0.62 if look.female else 0.35)
    if kind in ("smile", "talk", "round", "wavy", "snarl"):
        _open_mouth(pen, kind, x, y, wide, c)
    else:
        x += 0.03 if kind == "aside" else 0.0
        pen.stroke(
            [(x - wide, y - c), (x, y + c * 0.35 + 0.006), (x + wide, y - c * 1.1)],
            1.15,
            start=0.35,
            end=0.3,
        )
        if kind == "firm":
            pen.stroke([(x - wide * 1.05, y + 0.014), (x - wide * 0.95, y - 0.012)], 0.8)
    if pen.detail > 0.7 and kind in ("line", "firm", "aside"):
        if look.female:
            pen.shape(
                [
                    (x - wide * 0.6, y + 0.01), (x, y + 0.014), (x + wide * 0.6, y + 0.008),
                    (x, y + 0.05),
                ],
                lip,
                ink=0,
                opacity=0.75,
            )  # fmt: skip
        else:
            pen.stroke([(x - wide * 0.4, y + 0.052), (x + wide * 0.4, y + 0.05)], 0.55, opacity=0.7)


def _open_mouth(pen: Pen, kind: str, x: float, y: float, wide: float, c: float) -> None:
    dark, tongue = "#5d211d", "#c8665c"
    if kind == "round":
        pen.disc(x, y + 0.025, 0.05, 0.066, dark, ink=0.9)
        return
    if kind == "smile":
        line = [
            (x - wide * 1.12, y - c * 0.7, 0), (x, y - 0.002), (x + wide * 1.12, y - c * 0.78, 0),
            (x + wide * 0.5, y + 0.062), (x - wide * 0.5, y + 0.064),
        ]  # fmt: skip
    elif kind == "snarl":
        line = [
            (x - wide, y + 0.03, 0), (x - wide * 0.4, y - 0.026), (x + wide * 0.5, y - 0.03),
            (x + wide, y + 0.026, 0), (x + wide * 0.4, y + 0.052), (x - wide * 0.4, y + 0.054),
        ]  # fmt: skip
    elif kind == "wavy":
        line = [
            (x - wide, y + 0.026, 0), (x - wide * 0.4, y - 0.012), (x + wide * 0.4, y - 0.008),
            (x + wide, y + 0.03, 0), (x + wide * 0.3, y + 0.05), (x - wide * 0.3, y + 0.044),
        ]  # fmt: skip
    else:
        line = [
            (x - wide * 0.8, y - 0.008, 0), (x, y - 0.018), (x + wide * 0.8, y - 0.01, 0),
            (x + wide * 0.4, y + 0.054), (x - wide * 0.4, y + 0.056),
        ]  # fmt: skip
    shape = pen.shape(line, dark, ink=0)
    with pen.canvas.clip(shape):
        teeth = 0.05 if kind == "snarl" else 0.014
        pen.shape(
            [
                (x - 0.2, y - 0.1), (x + 0.2, y - 0.1), (x + 0.2, y + teeth - 0.012),
                (x - 0.2, y + teeth - 0.012),
            ],
            "#fbf7ee",
            ink=0,
            smooth=False,
        )  # fmt: skip
        if kind != "snarl":
            pen.disc(x, y + 0.072, wide * 0.6, 0.034, tongue)
    pen.contour(shape, 0.95)


def _mark(pen: Pen, face: Face, mood: Expression) -> None:
    if pen.detail < 0.6:
        return
    x = face.shift
    if mood.mark == "blush":
        for side in (-1.0, 1.0):
            pen.disc(x + side * 0.2, face.eye_y + 0.14, 0.06, 0.032, "#e0786a", opacity=0.34)
    elif mood.mark == "tear":
        drop_x, drop_y = x - face.eye_x - 0.02, face.eye_y + 0.075
        pen.shape(
            [
                (drop_x, drop_y, 0), (drop_x + 0.026, drop_y + 0.06), (drop_x, drop_y + 0.085),
                (drop_x - 0.026, drop_y + 0.06),
            ],
            "#a9d3ea",
            ink=0.6,
        )  # fmt: skip
    elif mood.mark == "sweat":
        drop_x, drop_y = x - 0.27, face.eye_y - 0.15
        pen.shape(
            [
                (drop_x, drop_y, 0), (drop_x + 0.026, drop_y + 0.06), (drop_x, drop_y + 0.085),
                (drop_x - 0.026, drop_y + 0.06),
            ],
            "#a9d3ea",
            ink=0.6,
        )  # fmt: skip
    elif mood.mark == "cross":
        for side in (-1.0, 1.0):
            pen.stroke(
                [(x + side * 0.018, face.eye_y - 0.1), (x + side * 0.024, face.eye_y - 0.03)], 0.7
            )


def _birthmark(pen: Pen, look: Look, face: Face) -> None:
    """What tells apart two people of one age: a mole, freckles, a scar."""
    x, y = face.shift, face.eye_y
    if face.mark == "mole":
        pen.disc(x - 0.15, face.mouth_y - 0.06, 0.02, 0.02, "#3a2620")
    elif face.mark == "freckles":
        for dx, dy in (
            (-0.22, 0.1),
            (-0.15, 0.13),
            (-0.2, 0.16),
            (0.14, 0.12),
            (0.2, 0.1),
            (0.19, 0.16),
        ):
            pen.disc(x + dx, y + dy, 0.012, 0.011, colour.darker(look.skin_colour, 0.35))
    elif face.mark == "scar":
        pen.stroke([(x - 0.25, y - 0.14), (x - 0.19, y + 0.02), (x - 0.2, y + 0.2)], 1.3, "#a8503f")


def _wrinkles(pen: Pen, look: Look, face: Face) -> None:
    x, y = face.shift, face.eye_y
    for side in (-1.0, 1.0):
        fold = [
            (x + side * 0.085, face.nose - 0.005),
            (x + side * 0.135, face.mouth_y - 0.03),
            (x + side * 0.13, face.mouth_y + 0.04),
        ]
        pen.stroke(fold, 0.6, opacity=0.75)
        if look.age == "elder":
            pen.stroke([(x + side * 0.24, y + 0.02), (x + side * 0.3, y + 0.05)], 0.5, opacity=0.7)
            pen.stroke([(x + side * 0.1, y + 0.09), (x + side * 0.2, y + 0.105)], 0.5, opacity=0.7)
    if look.age == "elder":
        pen.stroke([(x - 0.16, y - 0.22), (x, y - 0.235), (x + 0.16, y - 0.222)], 0.5, opacity=0.6)
