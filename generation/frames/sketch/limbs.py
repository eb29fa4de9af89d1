"""Arms, sleeves, hands, legs and feet in figure space."""

from __future__ import annotations

from math import atan2, degrees, hypot

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen, Point
from generation.frames.sketch.pose import Joint


def _unit(a: Joint, b: Joint) -> Joint:
    x, y = b[0] - a[0], b[1] - a[1]
    length = hypot(x, y) or 1.0
    return x / length, y / length


def tube(a: Joint, b: Joint, c: Joint, wa: float, wb: float, wc: float) -> list[Point]:
    """The outline of a bent limb through three joints with half widths at each."""
    u, v = _unit(a, b), _unit(b, c)
    m = _unit((0, 0), (u[0] + v[0] + 1e-6, u[1] + v[1]))
    left: list[Point] = [
        (a[0] - u[1] * wa, a[1] + u[0] * wa),
        ((a[0] + b[0]) / 2 - u[1] * (wa + wb) / 2, (a[1] + b[1]) / 2 + u[0] * (wa + wb) / 2),
        (b[0] - m[1] * wb, b[1] + m[0] * wb), (c[0] - v[1] * wc, c[1] + v[0] * wc, 0),
    ]  # fmt: skip
    right: list[Point] = [
        (c[0] + v[1] * wc, c[1] - v[0] * wc, 0), (b[0] + m[1] * wb, b[1] - m[0] * wb),
        ((a[0] + b[0]) / 2 + u[1] * (wa + wb) / 2, (a[1] + b[1]) / 2 - u[0] * (wa + wb) / 2),
        (a[0] + u[1] * wa, a[1] - u[0] * wa),
    ]  # fmt: skip
    top: Point = (a[0] - u[0] * wa * 0.8, a[1] - u[1] * wa * 0.8)
    return [top, *left, *right]


def narrow_sleeve(
    pen: Pen, s: Joint, e: Joint, w: Joint, width: float, cloth: str, cuff: str | None
) -> None:
    """A close-fitting sleeve with an optional cuff."""
    pen.shape(tube(s, e, w, 0.24 * width, 0.19 * width, 0.145 * width), cloth, 1.0)
    if pen.detail > 0.5:
        u = _unit(e, w)
        fold = colour.fold_of(cloth)
        pen.stroke(
            [(e[0] - u[1] * 0.16, e[1] + u[0] * 0.16), (e[0] + u[0] * 0.1, e[1] + u[1] * 0.1)],
            0.8,
            fold,
        )
        pen.stroke(
            [
                (e[0] + u[1] * 0.02, e[1] - u[0] * 0.02),
                (e[0] + u[0] * 0.2 + u[1] * 0.12, e[1] + u[1] * 0.2 - u[0] * 0.12),
            ],
            0.7,
            fold,
        )
    if cuff is not None:
        _cuff(pen, e, w, 0.17 * width, 0.2, cuff)


def _cuff(pen: Pen, e: Joint, w: Joint, half: float, length: float, paint: str) -> None:
    u = _unit(e, w)
    back = (w[0] - u[0] * length, w[1] - u[1] * length)
    pen.shape(
        [
            (back[0] - u[1] * half, back[1] + u[0] * half, 0),
            (w[0] - u[1] * half, w[1] + u[0] * half, 0),
            (w[0] + u[1] * half, w[1] - u[0] * half, 0),
            (back[0] + u[1] * half, back[1] - u[0] * half, 0),
        ],
        paint,
        0.9,
    )  # fmt: skip


def _hang(v: Joint, outward: float) -> Joint:
    """Where cloth hangs from a limb running along `v`: across the limb and with gravity."""
    side = (-v[1], v[0])
    if abs(v[0]) < 0.5 and v[1] > 0:
        side = (abs(v[1]) * outward, abs(v[0]))
    elif side[1] < 0:
        side = (-side[0], -side[1])
    weight = 0.25 if v[1] > 0.5 else 0.9 - 0.3 * abs(v[0])
    if v[1] < -0.45:
        side, weight = (side[0] * 0.5, 0.3), 0.6
    return _unit((0.0, 0.0), (side[0], side[1] + weight))


def wide_sleeve(
    pen: Pen,
    s: Joint,
    e: Joint,
    w: Joint,
    width: float,
    cloth: str,
    cuff: str,
    hang: float,
    outward: float,
) -> None:
    """A hanging classical sleeve: its mouth falls from the wrist with gravity.

    `outward` is the x direction away from the trunk, for arms that hang straight down.
    """
    u, v = _unit(s, e), _unit(e, w)
    if v[1] < -0.45:
        # On a raised forearm the sleeve slips to the elbow and hangs from there.
        w = (e[0] + (w[0] - e[0]) * 0.62, e[1] + (w[1] - e[1]) * 0.62)
        hang *= 0.75
    fall = _hang(v, outward)
    across = (-v[1], v[0]) if -v[1] * fall[0] + v[0] * fall[1] > 0 else (v[1], -v[0])
    upper = (-u[1], u[0]) if -u[1] * fall[0] + u[0] * fall[1] > 0 else (u[1], -u[0])
    low = (w[0] + fall[0] * hang, w[1] + fall[1] * hang)
    high = (w[0] - across[0] * 0.15 * width, w[1] - across[1] * 0.15 * width)
    sag = (
        e[0] + upper[0] * 0.2 * width + fall[0] * hang * 0.45,
        e[1] + upper[1] * 0.2 * width + fall[1] * hang * 0.45,
    )
    shape: list[Point] = [
        (s[0] - u[0] * 0.22 * width, s[1] - u[1] * 0.22 * width),
        (
            s[0] - upper[0] * 0.25 * width + u[0] * 0.06,
            s[1] - upper[1] * 0.25 * width + u[1] * 0.06,
        ),
        (e[0] - upper[0] * 0.2 * width, e[1] - upper[1] * 0.2 * width),
        (high[0], high[1], 0),
        (low[0], low[1], 0),
        sag,
        (s[0] + upper[0] * 0.3 * width + u[0] * 0.2, s[1] + upper[1] * 0.3 * width + u[1] * 0.2),
    ]
    line = pen.shape(shape, cloth, 0)
    with pen.canvas.clip(line):
        _mouth_band(pen, (high, low), v, fall, cuff)
    if pen.detail > 0.5:
        fold = colour.fold_of(cloth)
        inner = (low[0] - v[0] * 0.3, low[1] - v[1] * 0.3)
        pen.stroke([e, _middle(e, sag), _middle(sag, inner)], 0.85, fold)
        pen.stroke([(e[0] + v[0] * 0.2, e[1] + v[1] * 0.2), _middle(w, sag)], 0.7, fold)
    pen.contour(line, 1.0)


def _middle(a: Joint, b: Joint) -> Joint:
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2


def _mouth_band(pen: Pen, mouth: tuple[Joint, Joint], v: Joint, fall: Joint, paint: str) -> None:
    """The coloured edge along a sleeve's mouth, which runs between two points."""
    band, grown = 0.2, 0.3
    (hx, hy), (lx, ly) = mouth
    back, ahead = (v[0] * band, v[1] * band), (v[0] * grown, v[1] * grown)
    over = (fall[0] * grown, fall[1] * grown)
    corners = [
        (hx - back[0] - over[0], hy - back[1] - over[1]),
        (hx + ahead[0] - over[0], hy + ahead[1] - over[1]),
        (lx + ahead[0] + over[0], ly + ahead[1] + over[1]),
        (lx - back[0] + over[0], ly - back[1] + over[1]),
    ]  # fmt: skip
    pen.shape(corners, paint, 0.7, smooth=False)


def hand(pen: Pen, e: Joint, w: Joint, kind: str, size: float, skin: str, mirror: bool) -> None:
    """A hand at the wrist along the forearm; `size` is its length."""
    if pen.detail < 0.3:
        pen.disc(w[0], w[1], size * 0.4, size * 0.4, skin, 0.6)
        return
    turn = degrees(atan2(w[1] - e[1], w[0] - e[0])) - 90
    local = pen.at(w[0], w[1], turn, size, mirror)
    HANDS.get(kind, _relaxed)(local, skin)


def _relaxed(pen: Pen, skin: str) -> None:
    pen.shape(
        [
            (-0.24, -0.12), (-0.3, 0.3), (-0.26, 0.72), (-0.1, 0.98), (0.1, 0.95), (0.22, 0.6),
            (0.27, 0.2), (0.2, -0.12),
        ],
        skin,
        0.85,
    )  # fmt: skip
    pen.shape([(0.2, 0.08), (0.36, 0.34), (0.34, 0.62), (0.24, 0.6), (0.16, 0.36)], skin, 0.7)
    if pen.detail > 0.6:
        for x in (-0.14, 0.0, 0.1):
            pen.stroke([(x * 1.1, 0.56), (x, 0.92)], 0.5)


def _fist(pen: Pen, skin: str) -> None:
    pen.shape(
        [
            (-0.24, -0.1), (-0.36, 0.22), (-0.3, 0.56), (0.0, 0.64), (0.28, 0.54), (0.32, 0.2),
            (0.22, -0.1),
        ],
        skin,
        0.85,
    )  # fmt: skip
    if pen.detail > 0.6:
        for x in (-0.17, 0.0, 0.16):
            pen.stroke([(x, 0.34), (x * 1.05, 0.6)], 0.5)
        pen.stroke([(-0.28, 0.3), (0.0, 0.26), (0.16, 0.36)], 0.6)


def _open(pen: Pen, skin: str) -> None:
    fingers: list[Point] = [
        (-0.22, -0.12), (-0.32, 0.26), (-0.42, 0.74), (-0.33, 0.8), (-0.22, 0.46, 0), (-0.2, 0.98),
        (-0.1, 1.0), (-0.06, 0.5, 0), (0.03, 1.02), (0.13, 0.99), (0.1, 0.48, 0), (0.25, 0.84),
        (0.33, 0.78), (0.26, 0.34, 0), (0.5, 0.4), (0.54, 0.3), (0.28, 0.02), (0.2, -0.12),
    ]  # fmt: skip
    pen.shape(fingers, skin, 0.8)


def _point(pen: Pen, skin: str) -> None:
    _fist(pen, skin)
    pen.shape(
        [(-0.28, 0.44), (-0.24, 1.05), (-0.14, 1.1), (-0.07, 1.02), (-0.06, 0.44)], skin, 0.75
    )


def _hold(pen: Pen, skin: str) -> None:
    pen.shape(
        [
            (-0.22, -0.1), (-0.3, 0.3), (-0.18, 0.62), (0.1, 0.66), (0.3, 0.5), (0.3, 0.16),
            (0.2, -0.1),
        ],
        skin,
        0.85,
    )  # fmt: skip
    pen.shape([(0.14, 0.1), (0.34, 0.26), (0.36, 0.52), (0.24, 0.5)], skin, 0.7)


HANDS = {"relaxed": _relaxed, "fist": _fist, "open": _open, "point": _point, "hold": _hold}


def shoe(pen: Pen, knee: Joint, ankle: Joint, size: float, paint: str, boot: bool) -> None:
    """A shoe at the ankle, toes to the facing side; a boot covers the lower shin."""
    flat = knee[1] < ankle[1] - 0.4
    turn = 0.0 if flat else degrees(atan2(ankle[1] - knee[1], ankle[0] - knee[0])) - 90
    local = pen.at(ankle[0], ankle[1], turn, size)
    if boot:
        local.shape(
            [(-0.2, -0.75), (-0.2, 0.02), (0.2, 0.02), (0.2, -0.75)], paint, 0.9, smooth=False
        )
    local.shape(
        [(-0.22, -0.1), (-0.25, 0.17, 0), (0.56, 0.17, 0), (0.52, 0.02), (0.2, -0.12)], paint, 0.9
    )
    local.stroke(
        [(-0.25, 0.13), (0.56, 0.13)], 0.9, colour.fold_of(paint), start=0.7, end=0.7, smooth=False
    )
