"""Hair and beards in head space, as a part behind the head and a part in front of it."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.face import Face
from generation.frames.sketch.look import Look

GOLD = "#d8ab3c"


def _shine(look: Look) -> str:
    return colour.lighter(look.hair_paint, 0.22) if colour.luminance(look.hair_paint) < 0.5 else colour.darker(look.hair_paint, 0.18)


def _pen(pen: Pen, look: Look) -> Pen:
    return pen.inked(colour.darker(look.hair_paint, 0.6) if colour.luminance(look.hair_paint) > 0.3 else "#151112")


def _lock(pen: Pen, look: Look, points: list[Point], strands: int = 1) -> None:
    """A lock of hair: shape, contour, and strands along its length."""
    pen.shape(points, look.hair_paint, 0.85)
    if pen.detail < 0.6:
        return
    count = len(points) // 2
    for index in range(strands):
        share = (index + 1) / (strands + 1)
        pairs = zip(points[:count], points[::-1][:count], strict=True)
        middle = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairs]
        pen.stroke(middle, 0.7, _shine(look), opacity=0.8)


def behind(pen: Pen, look: Look, turn: float) -> None:
    """Hair that hangs behind the neck and the body."""
    pen = _pen(pen, look)
    if look.hair == "long" or (look.hair == "bun" and look.female):
        low = 1.35 if look.hair == "long" else 0.72
        wide = 0.56 if look.hair == "long" else 0.4
        _lock(pen, look, [(-0.44, -0.2), (-0.52, 0.3), (-wide, low), (-0.12, low + 0.12), (wide - 0.2, low), (0.42, 0.35), (0.4, -0.2)], 5)
    elif look.hair == "ponytail":
        _lock(pen, look, [(-0.2, -0.5), (-0.55, -0.62), (-0.78, -0.2), (-0.82, 0.45), (-0.7, 1.0), (-0.62, 0.5), (-0.5, 0.0), (-0.3, -0.3)], 3)
    elif look.hair == "topknot" and look.gender != "female" and look.age in ("youth", "adult"):
        _lock(pen, look, [(-0.4, -0.1), (-0.46, 0.3), (-0.4, 0.7), (0.2, 0.66), (0.36, 0.2), (0.3, -0.1)], 3)
    elif look.hair == "curly":
        _lock(pen, look, _cloud(0.0, 0.04, 0.56, 0.62, 11), 0)


def _cloud(x: float, y: float, rx: float, ry: float, lobes: int) -> list[Point]:
    from math import cos, pi, sin

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
        (-out * 0.93, 0.12, 0),
        (-out - 0.01, -0.12),
        (-out * 0.86, -0.4),
        (-0.1, -top),
        (out * 0.6 + s, -0.5),
        (out * 0.97 + s * 0.4, -0.2),
        (out * 0.9 + s * 0.2, 0.06, 0),
        (face.half * 0.84 + s, -0.1),
        (face.half * 0.6 + s, hairline + 0.03),
        (s * 2.0, hairline - 0.035),
        (-face.half * 0.62 + s, hairline + 0.03),
        (-face.half * 0.86, -0.06),
    ]
    pen.shape(points, look.hair_paint, 0.9)
    if pen.detail < 0.6:
        return
    for index in range(5):
        x = -0.26 + index * 0.13
        pen.stroke([(x + s * 1.4, hairline - 0.01), (x * 0.86 + s, -0.42), (x * 0.45 - 0.04, -top + 0.03)], 0.75, _shine(look), opacity=0.8)


def front(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    """Hair over the skull and what is tied on top; `covered` leaves out what headgear hides."""
    if look.hair == "bald":
        _bald(pen, look, face)
        return
    pen = _pen(pen, look)
    FRONT[look.hair](pen, look, face, turn, covered)


def _bald(pen: Pen, look: Look, face: Face) -> None:
    if look.clothes == "monk_robe" and look.species == "human" and pen.detail > 0.5:
        for row in range(2):
            for column in range(3):
                pen.disc(-0.08 + column * 0.09 + face.shift * 0.5, -0.41 + row * 0.055, 0.013, 0.011, colour.darker(look.skin_colour, 0.4))
    pen.stroke([(-0.2, -0.43), (-0.08, -0.465), (0.02, -0.47)], 1.2, colour.lighter(look.skin_colour, 0.7), opacity=0.8)


def _ribbon(pen: Pen, look: Look, x: float, y: float, wide: float) -> None:
    pen.shape([(x - wide, y - 0.035), (x + wide, y - 0.04), (x + wide, y + 0.03), (x - wide, y + 0.035)], look.secondary, 0.8)


def _topknot(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        pen.shape([(-0.1, -0.54), (-0.17, -0.68), (-0.1, -0.8), (0.05, -0.82), (0.14, -0.72), (0.1, -0.56)], look.hair_paint, 0.9)
        pen.stroke([(-0.06, -0.6), (-0.06, -0.72), (0.02, -0.78)], 0.7, _shine(look))
        _ribbon(pen, look, 0.0, -0.575, 0.125)
        pen.stroke([(-0.26, -0.6), (0.26, -0.66)], 1.8, GOLD, start=0.8, end=0.8)
    cap(pen, look, face, turn, -0.29)
    _sideburn(pen, look, face, 0.2)


def _sideburn(pen: Pen, look: Look, face: Face, low: float) -> None:
    x = -face.half
    _lock(pen, look, [(x - 0.045, -0.12), (x - 0.055, low * 0.5), (x - 0.02, low), (x + 0.02, low * 0.5), (x + 0.05, -0.1)], 0)


def _bun(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if look.female:
        if not covered:
            pen.shape([(-0.2, -0.5), (-0.36, -0.66), (-0.26, -0.86), (-0.02, -0.92), (0.18, -0.84), (0.22, -0.64), (0.12, -0.5)], look.hair_paint, 0.9)
            pen.stroke([(-0.24, -0.6), (-0.16, -0.78), (0.04, -0.84), (0.12, -0.7)], 0.7, _shine(look))
            pen.stroke([(-0.12, -0.56), (-0.04, -0.7), (0.06, -0.68)], 0.7, _shine(look))
            pen.stroke([(0.1, -0.6), (0.4, -0.78)], 1.6, GOLD, start=0.9, end=0.7)
            pen.disc(0.42, -0.79, 0.05, 0.05, look.secondary, 0.7)
            for drop in range(3):
                pen.disc(0.42, -0.71 + drop * 0.06, 0.016, 0.022, GOLD, 0.4)
            _ribbon(pen, look, -0.03, -0.545, 0.17)
        cap(pen, look, face, turn, -0.25)
        _lock(pen, look, [(-face.half - 0.05, -0.1), (-face.half - 0.08, 0.2), (-face.half - 0.02, 0.56), (-face.half + 0.02, 0.22), (-face.half + 0.06, -0.06)], 1)
        return
    if not covered:
        pen.disc(-0.02, -0.63, 0.16, 0.13, look.hair_paint, 0.9)
        pen.stroke([(-0.12, -0.64), (-0.02, -0.72), (0.1, -0.65)], 0.7, _shine(look))
        _ribbon(pen, look, -0.01, -0.545, 0.13)
    cap(pen, look, face, turn, -0.28)
    _sideburn(pen, look, face, 0.16)


def _long(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    cap(pen, look, face, turn, -0.22)
    for side in (-1.0, 1.0):
        x = side * (face.half + 0.01)
        low = 0.98 if side < 0 else 0.84
        _lock(pen, look, [(x - side * 0.05, -0.16), (x + side * 0.08, 0.12), (x + side * 0.11, 0.5), (x + side * 0.04, low), (x - side * 0.01, 0.5), (x - side * 0.03, 0.1)], 1)
    if not covered and look.female:
        pen.disc(-face.half * 0.9, -0.26, 0.05, 0.05, look.secondary, 0.7)


def _ponytail(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        _ribbon(pen, look, -0.2, -0.52, 0.1)
    cap(pen, look, face, turn, -0.25)
    x = face.shift
    if look.female:
        _lock(pen, look, [(x - 0.02, -0.5), (x - 0.22, -0.3), (x - 0.27, -0.1), (x - 0.14, -0.2), (x - 0.02, -0.26), (x + 0.14, -0.18), (x + 0.24, -0.12), (x + 0.18, -0.36)], 1)
    _sideburn(pen, look, face, 0.26)


def _short(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if covered:
        cap(pen, look, face, turn, -0.25)
        return
    s, out = 0.06 * turn, face.half + 0.06
    points: list[Point] = [
        (-out * 0.9, 0.1, 0), (-out - 0.02, -0.14), (-out * 0.92, -0.42), (-0.26, -0.6), (0.02 + s, -0.63), (0.26 + s, -0.56),
        (out * 0.95 + s, -0.34), (out * 0.96 + s, -0.08), (out * 0.84 + s, 0.0, 0), (face.half * 0.84 + s, -0.16, 0),
        (face.half * 0.52 + s, -0.2, 0), (0.1 + s, -0.33, 0), (0.02 + s, -0.2, 0), (-0.1 + s, -0.3, 0), (-0.2 + s, -0.19, 0), (-face.half * 0.8, -0.2, 0), (-face.half * 0.9, -0.02, 0),
    ]
    pen.shape(points, look.hair_paint, 0.9)
    if pen.detail > 0.6:
        for x in (-0.24, -0.08, 0.1, 0.26):
            pen.stroke([(x + s, -0.27), (x * 1.1 + s, -0.42), (x * 0.8 + 0.05, -0.56)], 0.75, _shine(look), opacity=0.8)


def _braid(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    cap(pen, look, face, turn, -0.23)
    x = -face.half - 0.04
    for step in range(6):
        y = 0.14 + step * 0.15
        pen.disc(x - 0.03 + step * 0.012, y, 0.085 - step * 0.006, 0.095, look.hair_paint, 0.8)
        if pen.detail > 0.6:
            pen.stroke([(x - 0.09, y - 0.03), (x - 0.02, y + 0.03), (x + 0.04, y - 0.03)], 0.6, _shine(look))
    _ribbon(pen, look, x + 0.04, 1.02, 0.06)
    _lock(pen, look, [(x, 1.05), (x - 0.03, 1.15), (x + 0.04, 1.24), (x + 0.1, 1.14), (x + 0.08, 1.05)], 0)


def _twin_buns(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    if not covered:
        for side in (-1.0, 1.0):
            pen.disc(side * 0.33, -0.54, 0.16, 0.15, look.hair_paint, 0.9)
            pen.stroke([(side * 0.33 - 0.08, -0.54), (side * 0.33, -0.62), (side * 0.33 + 0.08, -0.54)], 0.7, _shine(look))
            pen.stroke([(side * 0.22, -0.45), (side * 0.4, -0.4)], 3.2, look.secondary, start=0.9, end=0.9)
    cap(pen, look, face, turn, -0.22)
    x = face.shift
    fringe: list[Point] = [(x - 0.28, -0.34), (x - 0.26, -0.14, 0), (x - 0.13, -0.17), (x - 0.08, -0.12, 0), (x + 0.02, -0.16), (x + 0.08, -0.12, 0), (x + 0.16, -0.17), (x + 0.24, -0.14, 0), (x + 0.26, -0.34), (x, -0.42)]
    pen.shape(fringe, look.hair_paint, 0.5)
    _sideburn(pen, look, face, 0.24)


def _curly(pen: Pen, look: Look, face: Face, turn: float, covered: bool) -> None:
    s = 0.05 * turn
    top: list[Point] = [
        (-face.half - 0.12, 0.2), (-face.half - 0.17, 0.02), (-face.half - 0.12, -0.16), (-face.half - 0.13, -0.34), (-0.3, -0.54), (-0.12, -0.6), (0.06, -0.64),
        (0.24, -0.57), (face.half + 0.06, -0.4), (face.half + 0.12, -0.2), (face.half + 0.1, 0.02), (face.half + 0.06, 0.14), (face.half * 0.9 + s, -0.02), (face.half * 0.8 + s, -0.2), (0.16 + s, -0.26),
        (0.02 + s, -0.2), (-0.12, -0.27), (-0.24, -0.2), (-face.half * 0.9, -0.08), (-face.half * 0.94, 0.12),
    ]
    pen.shape(top, look.hair_paint, 0.9)
    if pen.detail > 0.6:
        for x, y in ((-0.3, -0.3), (-0.08, -0.42), (0.16, -0.4), (0.34, -0.2), (-0.42, 0.02)):
            pen.stroke([(x - 0.06, y), (x, y - 0.06), (x + 0.06, y), (x, y + 0.04)], 0.7, _shine(look), opacity=0.8)


def beard(pen: Pen, look: Look, face: Face, mouth_open: bool) -> None:
    """Moustache, short or long beard."""
    if look.beard == "none":
        return
    pen = _pen(pen, look)
    x, y = face.shift * 1.3, face.mouth_y
    if look.beard in ("long", "short"):
        low = 1.25 if look.beard == "long" else 0.6
        wide = face.jaw * (1.0 if look.beard == "short" else 0.86)
        tip = 0.02 if look.beard == "long" else wide * 0.5
        points: list[Point] = [
            (x - wide - 0.03, 0.2, 0), (x - wide, 0.42), (x - wide * 0.72, low * 0.72), (x - tip, low), (x + tip + 0.02, low - 0.01),
            (x + wide * 0.66, low * 0.7), (x + wide * 0.86, 0.4), (x + wide * 0.9, 0.22, 0), (x + wide * 0.56, y + 0.04), (x + 0.06, y + 0.085), (x - 0.06, y + 0.085), (x - wide * 0.6, y + 0.05),
        ]
        pen.shape(points, look.hair_paint, 0.8)
        if pen.detail > 0.6:
            for step in (-0.6, -0.25, 0.1, 0.45):
                pen.stroke([(x + wide * step, y + 0.13), (x + wide * step * 0.8, low * 0.68), (x + wide * step * 0.2, low - 0.06)], 0.7, _shine(look), opacity=0.85)
    wing = 0.2 if look.beard == "moustache" else 0.17
    for side in (-1.0, 1.0):
        tache: list[Point] = [(x + side * 0.008, y - 0.062), (x + side * wing * 0.6, y - 0.05), (x + side * wing, y + 0.05, 0), (x + side * wing * 0.5, y - 0.014), (x + side * 0.01, y - 0.026)]
        pen.shape(tache, look.hair_paint, 0.6)


HairStyle = Callable[[Pen, Look, Face, float, bool], None]
FRONT: dict[str, HairStyle] = {
    "bun": _bun,
    "topknot": _topknot,
    "long": _long,
    "ponytail": _ponytail,
    "short": _short,
    "braid": _braid,
    "twin_buns": _twin_buns,
    "curly": _curly,
}
