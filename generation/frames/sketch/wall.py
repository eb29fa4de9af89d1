"""A room's back wall as a drawing board: shares of the wall, so that one room suits both formats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.room_shell import Finish, Room, build
from generation.frames.sketch.stage import Stage

Spot = tuple[float, float]


@dataclass(frozen=True)
class Wall:
    """The back wall: (0, 0) its upper left corner, (1, 1) its lower right; y beyond 1 is floor."""

    stage: Stage
    room: Room

    @property
    def pen(self) -> Pen:
        """Ink of things at the wall."""
        return self.stage.pen(0.32)

    @property
    def square(self) -> float:
        """The share of the height that is as long as one share of the width."""
        return self.room.width / self.room.height

    def tone(self, paint: str, depth: float = 0.28) -> str:
        """A colour under the room's light."""
        return self.stage.tone(paint, depth)

    def slab(
        self, x0: float, y0: float, x1: float, y1: float, paint: str, ink: float = 0.9
    ) -> None:
        """A rectangle."""
        self.face([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], paint, ink)

    def face(
        self, points: Sequence[Spot], paint: str, ink: float = 0.9, smooth: bool = False
    ) -> None:
        """A closed shape."""
        self.pen.shape([self.room.at(*p) for p in points], self.tone(paint), ink, smooth=smooth)

    def line(self, points: Sequence[Spot], width: float = 1.0, paint: str | None = None) -> None:
        """A line."""
        tone = self.tone(paint) if paint is not None else None
        self.pen.stroke(
            [self.room.at(*p) for p in points], width, tone, start=0.9, end=0.9, smooth=False
        )

    def disc(self, x: float, y: float, size: float, paint: str, ink: float = 0.9) -> None:
        """A circle; `size` is a share of the wall's shorter side."""
        px, py = self.room.at(x, y)
        reach = size * self.room.unit
        self.pen.disc(px, py, reach, reach, self.tone(paint), ink)

    def glow(self, x: float, y: float, size: float, strength: float = 0.5) -> None:
        """Light around a lamp or a fire, where it is dark."""
        if self.stage.setting.daytime not in ("night", "dusk"):
            return
        px, py = self.room.at(x, y)
        reach = size * self.room.width
        light = self.stage.light.glow
        fill = self.stage.canvas.radial(px, py, reach, (0.0, light, strength), (1.0, light, 0.0))
        self.stage.canvas.rect(px - reach, py - reach, reach * 2, reach * 2, fill)

    def window(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        panes: tuple[int, int] = (2, 3),
        frame: str = "#efe9dc",
    ) -> None:
        """A window with what the hour shows behind it."""
        (ax, ay), (bx, by) = self.room.at(x0, y0), self.room.at(x1, y1)
        light = self.stage.light
        fill = self.stage.canvas.down(ay, by, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1))
        self.pen.shape([(ax, ay), (bx, ay), (bx, by), (ax, by)], fill, 0.8, smooth=False)
        if self.stage.setting.weather in ("rain", "storm", "snow"):
            rng = self.stage.rng
            for _ in range(10):
                px, py = ax + (bx - ax) * rng.random(), ay + (by - ay) * rng.random() * 0.9
                if self.stage.setting.weather == "snow":
                    self.pen.disc(px, py, self.stage.unit * 0.35, self.stage.unit * 0.35, "#ffffff")
                else:
                    self.pen.stroke(
                        [(px, py), (px - 0.1 * (bx - ax) * 0.3, min(by, py + (by - ay) * 0.12))],
                        0.9,
                        "#dfe8ec",
                    )
        for step in range(1, panes[0]):
            px = x0 + (x1 - x0) * step / panes[0]
            self.line([(px, y0), (px, y1)], 1.6, frame)
        for step in range(1, panes[1]):
            py = y0 + (y1 - y0) * step / panes[1]
            self.line([(x0, py), (x1, py)], 1.6, frame)
        self.line([(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)], 2.6, frame)

    def drapes(self, x0: float, y0: float, x1: float, y1: float, paint: str) -> None:
        """Curtains at both sides of a window."""
        wide = (x1 - x0) * 0.26
        for edge, side in ((x0, 1.0), (x1, -1.0)):
            self.face(
                [
                    (edge - side * wide * 0.5, y0 - 0.03),
                    (edge + side * wide, y0 - 0.03),
                    (edge + side * wide * 0.5, (y0 + y1) / 2),
                    (edge + side * wide * 0.7, y1 + 0.08),
                    (edge - side * wide * 0.5, y1 + 0.08),
                ],
                paint,
                0.9,
                smooth=True,
            )
        self.line([(x0 - wide, y0 - 0.04), (x1 + wide, y0 - 0.04)], 2.4, "#6e5436")

    def picture(self, x: float, y: float, wide: float, high: float, paint: str = "#8fa3a0") -> None:
        """A framed picture of a landscape."""
        self.slab(x, y, x + wide, y + high, "#8a6a3e", 1.0)
        inset = 0.12
        a, b, c, d = (
            x + wide * inset,
            y + high * inset,
            x + wide * (1 - inset),
            y + high * (1 - inset),
        )
        self.slab(a, b, c, d, paint, 0.6)
        self.face(
            [
                (a, d),
                (a, b + (d - b) * 0.6),
                (a + (c - a) * 0.4, b + (d - b) * 0.3),
                (a + (c - a) * 0.7, b + (d - b) * 0.6),
                (c, b + (d - b) * 0.5),
                (c, d),
            ],
            "#6f8060",
            0.5,
        )

    def door(self, x: float, wide: float, paint: str = "#7d5a3e", top: float = 0.28) -> None:
        """A door of panels."""
        self.slab(x, top, x + wide, 1.0, paint, 1.0)
        for row in (0.1, 0.55):
            y0 = top + (1 - top) * row
            self.slab(x + wide * 0.16, y0, x + wide * 0.84, y0 + (1 - top) * 0.34, paint, 0.6)
        self.disc(x + wide * 0.88, top + (1 - top) * 0.52, wide * 0.05, "#d0a23a", 0.6)


def wall_of(stage: Stage, finish: Finish, high: float = 0.2) -> Wall:
    """A room's shell and its back wall."""
    return Wall(stage, build(stage, finish, high))


def flame(wall: Wall, x: float, y: float, size: float) -> None:
    """A fire with its light; (x, y) the middle of its foot."""
    wall.glow(x, y, size * 7, 0.6)
    high = size * wall.square
    room, pen = wall.room, wall.pen
    for share, paint in ((1.0, "#e2762f"), (0.55, "#f6c453")):
        points = [
            room.at(x + dx * size * share, y - dy * high * share)
            for dx, dy in (
                (-0.6, 0.0),
                (-0.66, 0.5),
                (-0.2, 0.8),
                (0.0, 1.6),
                (0.24, 0.9),
                (0.66, 0.6),
                (0.6, 0.0),
            )
        ]
        pen.shape(points, paint, 0.7)


def books(
    wall: Wall, x0: float, y0: float, x1: float, y1: float, rows: int = 4, frame: str = "#6f4c33"
) -> None:
    """A bookcase."""
    wall.slab(x0, y0, x1, y1, colour.darker(frame, 0.25), 1.0)
    rng = wall.stage.rng
    step = (y1 - y0) / rows
    for row in range(rows):
        low, x = y0 + step * (row + 1), x0 + (x1 - x0) * 0.04
        while x < x1 - (x1 - x0) * 0.1:
            thick = (x1 - x0) * (0.07 + 0.07 * rng.random())
            tall = step * (0.55 + 0.3 * rng.random())
            paint = ("#8c4a3c", "#4f6a78", "#a1785a", "#6d7350", "#c3b391", "#57486b")[
                int(rng.random() * 6)
            ]
            wall.slab(x, low - tall, min(x + thick, x1 - 0.01), low, paint, 0.6)
            x += thick * 1.05
        wall.slab(x0, low - 0.012, x1, low, frame, 0.6)
