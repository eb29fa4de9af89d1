"""Curves and ink lines as point arrays of shape (n, 2), y downwards."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import cos, radians, sin

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def compose(outer: Matrix, inner: Matrix) -> Matrix:
    """The affine map that applies `inner` first, then `outer` (SVG order a b c d e f)."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        a * g + c * h,
        b * g + d * h,
        a * i + c * j,
        b * i + d * j,
        a * k + c * m + e,
        b * k + d * m + f,
    )


def placed(x: float, y: float, turn: float = 0.0, scale: float = 1.0, mirror: bool = False) -> Matrix:
    """Move to (x, y), turned by `turn` degrees clockwise on screen, scaled, mirrored in x."""
    c, s = cos(radians(turn)) * scale, sin(radians(turn)) * scale
    side = -1.0 if mirror else 1.0
    return (c * side, s * side, -s, c, x, y)


def apply(matrix: Matrix, points: Array) -> Array:
    """`points` (n, 2) through the affine map."""
    a, b, c, d, e, f = matrix
    x, y = points[:, 0], points[:, 1]
    return np.stack((a * x + c * y + e, b * x + d * y + f), axis=1)


@lru_cache(maxsize=16)
def _basis(steps: int) -> Array:
    t = np.arange(steps) / steps
    t2, t3 = t * t, t * t * t
    return np.stack((2 * t3 - 3 * t2 + 1, t3 - 2 * t2 + t, -2 * t3 + 3 * t2, t3 - t2), axis=1)


def curve(points: Sequence[Sequence[float]], closed: bool, steps: int = 6) -> Array:
    """A smooth line through `points`, (n, 2) samples.

    Cardinal spline (Catmull-Rom tangents). A third number 0 on a point makes it a corner:
    its tangent is zero, so the line runs straight into it.
    """
    knots = np.array([(p[0], p[1]) for p in points], dtype=np.float64)
    smooth = np.array([p[2] if len(p) > 2 else 1.0 for p in points])[:, None]
    if closed:
        tangents = 0.5 * (np.roll(knots, -1, 0) - np.roll(knots, 1, 0)) * smooth
        ends, end_tangents = np.roll(knots, -1, 0), np.roll(tangents, -1, 0)
    else:
        padded = np.concatenate((knots[:1], knots, knots[-1:]))
        full = 0.5 * (padded[2:] - padded[:-2]) * smooth
        tangents, ends, end_tangents = full[:-1], knots[1:], full[1:]
        knots = knots[:-1]
    controls = np.stack((knots, tangents, ends, end_tangents), axis=1)
    samples = np.einsum("sk,nkd->nsd", _basis(steps), controls).reshape(-1, 2)
    return samples if closed else np.concatenate((samples, ends[-1:]))


def normals(points: Array, closed: bool) -> Array:
    """Unit normals at each sample."""
    if closed:
        along = np.roll(points, -1, 0) - np.roll(points, 1, 0)
    else:
        along = np.gradient(points, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])[:, None] + 1e-9
    unit = along / length
    return np.stack((-unit[:, 1], unit[:, 0]), axis=1)


def area(points: Array) -> float:
    """Signed area of a closed line (positive clockwise on screen)."""
    x, y = points[:, 0], points[:, 1]
    return float(0.5 * np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))


# Light falls from the upper left, so lines on the lower right side are heavier.
LIGHT = np.array((0.5, 0.86))


def ring(points: Array, width: float) -> tuple[Array, Array]:
    """An ink contour around a closed line: outer and inner edge, heavier away from the light."""
    outward = normals(points, closed=True) * (-1.0 if area(points) > 0 else 1.0)
    half = width * (0.5 + 0.32 * (outward @ LIGHT))[:, None]
    return points + outward * half, (points - outward * half)[::-1]


@lru_cache(maxsize=64)
def _pressure(count: int, start: float, end: float) -> Array:
    t = np.linspace(0.0, 1.0, count)
    body = np.sin(np.pi * np.clip(t * 0.92 + 0.04, 0, 1)) ** 0.6
    return (np.maximum(body, start * (1 - t) + end * t) * 0.5)[:, None]


def stroke(points: Array, width: float, start: float = 0.15, end: float = 0.1) -> Array:
    """A brush line along an open curve as a closed outline; `start`/`end` are pressures 0..1."""
    side = normals(points, closed=False) * (_pressure(len(points), start, end) * width)
    return np.concatenate((points + side, (points - side)[::-1]))


def arc(
    x: float, y: float, rx: float, ry: float, start: float = 0.0, end: float = 360.0, count: int = 20
) -> list[tuple[float, float]]:
    """Points on an ellipse from `start` to `end` degrees (0 = right, 90 = down)."""
    closed = abs(end - start) >= 360
    turns = np.radians(np.linspace(start, end, count, endpoint=not closed))
    return [(x + rx * cos(t), y + ry * sin(t)) for t in turns]
