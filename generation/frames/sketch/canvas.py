"""The display list: shapes and ink in picture space, kept as SVG and rasterised once.

Coordinates are written as integers in tenths of a pixel under one scaling group; that keeps
the text small, fast to write and the same on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from generation.frames.sketch import geometry
from generation.frames.sketch.geometry import Array, Matrix

Point = Sequence[float]


def path(points: Array, close: bool = True) -> str:
    """SVG path data, in tenths of a pixel, of one polyline."""
    numbers = np.rint(points * 10).astype(np.int32).ravel().tolist()
    return "M" + str(numbers)[1:-1].replace(",", "") + ("Z" if close else "")


@dataclass
class Canvas:
    """A picture of `width` x `height` px in the making."""

    width: int
    height: int
    parts: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)

    def define(self, body: str) -> str:
        """Adds a definition (`{id}` stands for its name) and returns the name."""
        name = f"d{len(self.definitions)}"
        self.definitions.append(body.replace("{id}", name))
        return name

    def add(self, data: str, fill: str, opacity: float = 1.0) -> None:
        """One filled path from path data."""
        alpha = f' fill-opacity="{opacity:.3f}"' if opacity < 0.999 else ""
        self.parts.append(f'<path d="{data}" fill="{fill}"{alpha}/>')

    def linear(
        self, x1: float, y1: float, x2: float, y2: float, *stops: tuple[float, str, float]
    ) -> str:
        """A gradient paint between two points (px); stops are (offset, colour, opacity)."""
        at = " ".join(
            f'{key}="{value * 10:.0f}"'
            for key, value in (("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2))
        )
        body = f'<linearGradient id="{{id}}" gradientUnits="userSpaceOnUse" {at}>{_stops(stops)}</linearGradient>'
        return f"url(#{self.define(body)})"

    def down(self, top: float, bottom: float, *stops: tuple[float, str, float]) -> str:
        """A gradient paint straight down between two heights (px)."""
        return self.linear(0, top, 0, bottom, *stops)

    def radial(self, x: float, y: float, radius: float, *stops: tuple[float, str, float]) -> str:
        """A round gradient paint around a point (px); stops are (offset, colour, opacity)."""
        at = f'cx="{x * 10:.0f}" cy="{y * 10:.0f}" r="{radius * 10:.0f}"'
        body = f'<radialGradient id="{{id}}" gradientUnits="userSpaceOnUse" {at}>{_stops(stops)}</radialGradient>'
        return f"url(#{self.define(body)})"

    def rect(
        self, x: float, y: float, width: float, height: float, fill: str, opacity: float = 1.0
    ) -> None:
        """One filled rectangle (px)."""
        corners = np.array([(x, y), (x + width, y), (x + width, y + height), (x, y + height)])
        self.add(path(corners), fill, opacity)

    @contextmanager
    def group(self, attributes: str) -> Iterator[None]:
        """Everything added inside stands in one `<g>` with these attributes."""
        self.parts.append(f"<g {attributes}>")
        yield
        self.parts.append("</g>")

    @contextmanager
    def clip(self, points: Array) -> Iterator[None]:
        """Everything added inside is cut to the closed line."""
        name = self.define(f'<clipPath id="{{id}}"><path d="{path(points)}"/></clipPath>')
        with self.group(f'clip-path="url(#{name})"'):
            yield

    def svg(self, region: tuple[int, int, int, int] | None = None) -> str:
        """The picture as an SVG document: the whole, or a region (left, top, width, height, px)."""
        left, top, wide, high = region or (0, 0, self.width, self.height)
        box = f'viewBox="{left} {top} {wide} {high}" width="{wide}" height="{high}"'
        head = f'<svg xmlns="http://www.w3.org/2000/svg" {box}>'
        definitions = f"<defs>{''.join(self.definitions)}</defs>" if self.definitions else ""
        return f'{head}{definitions}<g transform="scale(0.1)">{"".join(self.parts)}</g></svg>'


def _stops(stops: Sequence[tuple[float, str, float]]) -> str:
    return "".join(
        f'<stop offset="{offset:.3f}" stop-color="{colour}" stop-opacity="{opacity:.3f}"/>'
        for offset, colour, opacity in stops
    )


@dataclass(frozen=True)
class Pen:
    """Draws in a local space onto a canvas; `line` is the ink width in px."""

    canvas: Canvas
    matrix: Matrix
    line: float
    ink: str = "#2b2422"
    detail: float = 1.0

    @property
    def scale(self) -> float:
        """Pixels per local unit."""
        a, b = self.matrix[0], self.matrix[1]
        return float(np.hypot(a, b))

    @property
    def steps(self) -> int:
        """Samples a knot: more for large figures, where facets would show."""
        if self.detail < 0.9:
            return 4 if self.detail < 0.75 else 6
        return 14 if self.scale > 260 else 8

    @property
    def shade(self) -> float:
        """The local x direction that lies away from the light (the light comes from the left)."""
        return (
            1.0 if self.matrix[0] * self.matrix[3] - self.matrix[1] * self.matrix[2] > 0 else -1.0
        )

    def at(
        self, x: float, y: float, turn: float = 0.0, scale: float = 1.0, mirror: bool = False
    ) -> Pen:
        """A pen in a space placed inside of this one (turn in degrees clockwise)."""
        inner = geometry.placed(x, y, turn, scale, mirror)
        return Pen(
            self.canvas, geometry.compose(self.matrix, inner), self.line, self.ink, self.detail
        )

    def inked(self, ink: str, line: float | None = None) -> Pen:
        """The same pen with another ink colour, and line width if given."""
        width = self.line if line is None else line
        return Pen(self.canvas, self.matrix, width, ink, self.detail)

    def to_picture(self, points: Sequence[Point] | Array) -> Array:
        """Local points in px."""
        return geometry.apply(
            self.matrix, np.array([(p[0], p[1]) for p in points], dtype=np.float64)
        )

    def outline(self, points: Sequence[Point], smooth: bool = True) -> Array:
        """A closed line through local points, in px."""
        steps = self.steps
        samples = (
            geometry.curve(points, closed=True, steps=steps)
            if smooth
            else np.array([(p[0], p[1]) for p in points], dtype=np.float64)
        )
        return geometry.apply(self.matrix, samples)

    def shape(
        self,
        points: Sequence[Point],
        fill: str | None,
        ink: float = 1.0,
        smooth: bool = True,
        opacity: float = 1.0,
    ) -> Array:
        """A closed shape: fill, then a contour of `ink` times the line width. Returns its line."""
        line = self.outline(points, smooth)
        if fill is not None:
            self.canvas.add(path(line), fill, opacity)
        if ink > 0:
            self.contour(line, ink)
        return line

    def contour(self, line: Array, ink: float = 1.0) -> None:
        """An ink contour along a closed line in px."""
        if len(line) < 12:
            line = _denser(line)
        outer, inner = geometry.ring(line, self.line * ink)
        self.canvas.add(path(outer) + path(inner), self.ink)

    def stroke(
        self,
        points: Sequence[Point],
        width: float = 1.0,
        colour: str | None = None,
        opacity: float = 1.0,
        start: float = 0.15,
        end: float = 0.1,
        smooth: bool = True,
    ) -> None:
        """A brush line through local points, `width` times the line width."""
        samples = (
            geometry.curve(points, closed=False, steps=max(5, self.steps - 2))
            if smooth
            else np.array([(p[0], p[1]) for p in points], dtype=np.float64)
        )
        line = geometry.apply(self.matrix, samples)
        body = geometry.stroke(line, self.line * width, start, end)
        self.canvas.add(path(body), colour or self.ink, opacity)

    def disc(
        self,
        x: float,
        y: float,
        rx: float,
        ry: float,
        fill: str | None,
        ink: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """An ellipse around a local point."""
        self.shape(geometry.arc(x, y, rx, ry, count=16), fill, ink, opacity=opacity)


def _denser(line: Array) -> Array:
    """Straight-edged outlines get samples near their corners, so that the contour keeps them."""
    following = np.roll(line, -1, 0)
    parts = [line + (following - line) * share for share in (0.0, 0.04, 0.5, 0.96)]
    return np.stack(parts, axis=1).reshape(-1, 2)
