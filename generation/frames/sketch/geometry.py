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


def placed(
    x: float, y: float, turn: float = 0.0, scale: float = 1.0, mirror: bool = False
) -> Matrix:
    """Move to (x, y), turned by `turn` degrees clockwise on screen, scaled, mirrored in x."""
    c, s = cos(radians(turn)) * scale, sin(radians(turn)) * scale
    side = -1.0 if mirror else 1.0
    return (c * side, s * side, -s, c, x, y)


def apply(matrix: Matrix, points: Array) -> Array:
    """`points` (n, 2) through the affine map."""
    a, b, c, d, e, f = matrix
    return points @ np.array(((a, b), (c, d))) + np.array((e, f))


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
    count = len(points)
    padded = np.empty((count + 2, 2))
    padded[1:-1] = [(p[0], p[1]) for p in points]
    padded[0], padded[-1] = (padded[count], padded[1]) if closed else (padded[1], padded[count])
    tangents = 0.5 * (padded[2:] - padded[:-2])
    for index, p in enumerate(points):
        if len(p) > 2:
            tangents[index] *= p[2]
    spans = count if closed else count - 1
    controls = np.empty((4, spans, 2))
    controls[0], controls[1] = padded[1 : spans + 1], tangents[:spans]
    controls[2] = padded[2 : spans + 2]
    controls[3, : count - 1] = tangents[1:]
    if closed:
        controls[3, -1] = tangents[0]
    samples = (_basis(steps) @ controls.reshape(4, -1)).reshape(steps, spans, 2)
    line = samples.transpose(1, 0, 2).reshape(-1, 2)
    return line if closed else np.concatenate((line, padded[count : count + 1]))


def normals(points: Array, closed: bool) -> Array:
    """Unit normals at each sample."""
    along = np.empty_like(points)
    along[1:-1] = points[2:] - points[:-2]
    if closed:
        along[0], along[-1] = points[1] - points[-1], points[0] - points[-2]
    else:
        along[0], along[-1] = points[1] - points[0], points[-1] - points[-2]
    across = np.empty_like(points)
    length = np.hypot(along[:, 0], along[:, 1]) + 1e-9
    np.divide(-along[:, 1], length, out=across[:, 0])
    np.divide(along[:, 0], length, out=across[:, 1])
    return across


def area(points: Array) -> float:
    """Signed area of a closed line (positive clockwise on screen)."""
    x, y = points[:, 0], points[:, 1]
    open_area = x[:-1] @ y[1:] - x[1:] @ y[:-1]
    return float(0.5 * (open_area + x[-1] * y[0] - x[0] * y[-1]))


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
    x: float,
    y: float,
    rx: float,
    ry: float,
    start: float = 0.0,
    end: float = 360.0,
    count: int = 20,
) -> list[tuple[float, float]]:
    """Points on an ellipse from `start` to `end` degrees (0 = right, 90 = down)."""
    closed = abs(end - start) >= 360
    turns = np.radians(np.linspace(start, end, count, endpoint=not closed))
    return [(x + rx * cos(t), y + ry * sin(t)) for t in turns]
