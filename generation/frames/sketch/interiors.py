"""Interiors: a box in one-point perspective and the furniture of each kind of room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.buildings import lantern, spire, tower_block
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.geometry import arc
from generation.frames.sketch.stage import Stage


@dataclass(frozen=True)
class Room:
    """The back wall of a room, px."""

    left: float
    right: float
    top: float
    bottom: float

    @property
    def width(self) -> float:
        """Width of the back wall."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height of the back wall."""
        return self.bottom - self.top

    def at(self, x: float, y: float) -> Point:
        """A point of the back wall, shares 0..1 from its upper left corner."""
        return self.left + self.width * x, self.top + self.height * y


@dataclass(frozen=True)
class Finish:
    """Materials of a room."""

    wall: str
    side: str
    floor: str
    beam: str
    boards: bool = False  # planks rather than tiles


FINISHES: dict[str, Finish] = {
    "classical": Finish("#e4d8bf", "#d3c4a6", "#b59a78", "#7c4a36"),
    "fantasy": Finish("#d9d3cf", "#c3bbc4", "#9c98a6", "#6a5578"),
    "modern": Finish("#e6e2d8", "#d6d0c4", "#b8956c", "#b3aa9b", True),
    "scifi": Finish("#c9d0d6", "#aeb8c1", "#8a959f", "#6d7b88"),
}


def build(stage: Stage, finish: Finish, high: float = 0.2) -> Room:
    """Walls, floor and ceiling; returns the back wall."""
    w, h = stage.width, stage.height
    narrow = 0.16 if w < h else 0.2
    room = Room(w * narrow, w * (1 - narrow), max(h * 0.04, stage.horizon - h * (0.16 + high)), stage.horizon + h * 0.15)
    pen = stage.pen(0.35)
    corner = {"lt": (room.left, room.top), "rt": (room.right, room.top), "lb": (room.left, room.bottom), "rb": (room.right, room.bottom)}
    spread = 0.34 * w
    floor_l, floor_r = (-spread, h * 1.04), (w + spread, h * 1.04)
    top_l, top_r = (-spread * 0.5, -h * 0.12), (w + spread * 0.5, -h * 0.12)
    back = stage.tone(finish.wall, 0.35)
    fill = stage.canvas.linear(0, room.top, 0, room.bottom, (0.0, colour.darker(back, 0.16), 1), (0.6, back, 1), (1.0, colour.darker(back, 0.06), 1))
    stage.canvas.rect(0, 0, w, h, colour.darker(stage.tone(finish.side, 0.1), 0.1))
    pen.shape([top_l, corner["lt"], corner["lb"], floor_l], stage.canvas.linear(0, 0, room.left, 0, (0.0, colour.darker(stage.tone(finish.side), 0.3), 1), (1.0, stage.tone(finish.side, 0.25), 1)), 0.9, smooth=False)
    pen.shape([top_r, corner["rt"], corner["rb"], floor_r], stage.canvas.linear(w, 0, room.right, 0, (0.0, colour.darker(stage.tone(finish.side), 0.36), 1), (1.0, stage.tone(finish.side, 0.25), 1)), 0.9, smooth=False)
    pen.shape([top_l, corner["lt"], corner["rt"], top_r], colour.darker(stage.tone(finish.beam, 0.15), 0.2), 0.9, smooth=False)
    pen.shape([corner["lt"], corner["rt"], corner["rb"], corner["lb"]], fill, 0.9, smooth=False)
    floor = stage.canvas.linear(0, room.bottom, 0, h, (0.0, stage.tone(finish.floor, 0.3), 1), (1.0, colour.darker(stage.tone(finish.floor), 0.14), 1))
    pen.shape([corner["lb"], corner["rb"], floor_r, floor_l], floor, 0.9, smooth=False)
    _floor_lines(stage, room, finish)
    return room


def _floor_lines(stage: Stage, room: Room, finish: Finish) -> None:
    pen, h, w = stage.pen(0.35, 0.8), stage.height, stage.width
    for index in range(-7, 8):
        bottom = (w * 0.5 + index * w * 0.24, h * 1.04)
        top = (w * 0.5 + index * room.width * 0.085, room.bottom)
        if room.left <= top[0] <= room.right:
            pen.stroke([top, bottom], 0.9, opacity=0.5, start=0.4, end=0.9, smooth=False)
    if finish.boards:
        return
    for step in range(1, 8):
        y = room.bottom + (h - room.bottom) * (step / 8) ** 1.7
        pen.stroke([(0, y), (w, y)], 0.8, opacity=0.42, start=0.8, end=0.8, smooth=False)


def lattice(stage: Stage, room: Room, x: float, y: float, wide: float, high: float) -> None:
    """A lattice window with what the daytime shows behind it; shares of the back wall."""
    x0, y0 = room.at(x, y)
    x1, y1 = room.at(x + wide, y + high)
    light, pen = stage.light, stage.pen(0.3)
    night = stage.setting.daytime == "night"
    fill = stage.canvas.linear(0, y0, 0, y1, (0.0, light.sky_top if night else colour.mix(light.sky_top, "#ffffff", 0.35), 1), (1.0, light.sky_low, 1))
    pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, 1.6, smooth=False)
    frame = stage.tone("#7c4a36", 0.2)
    for step in range(1, 5):
        px = x0 + (x1 - x0) * step / 5
        pen.stroke([(px, y0), (px, y1)], 1.3, frame, start=0.9, end=0.9)
    for step in range(1, 4):
        py = y0 + (y1 - y0) * step / 4
        pen.stroke([(x0, py), (x1, py)], 1.3, frame, start=0.9, end=0.9)
    if not night:
        beam = stage.canvas.linear(x0, y0, x0 - room.width * 0.3, stage.height, (0.0, light.glow, 0.34), (1.0, light.glow, 0.0))
        drop = stage.height - y1
        stage.pen().shape([(x0, y0), (x1, y0), (x1 - drop * 0.25, stage.height), (x0 - drop * 0.55, stage.height)], beam, 0, smooth=False)


def pillar(stage: Stage, x: float, wide: float, depth: float, paint: str = "#9c4336") -> None:
    """A round pillar from floor to ceiling."""
    h = stage.height
    foot = stage.horizon + (h - stage.horizon) * (1.0 - depth * 0.9)
    tone, pen = stage.tone(paint, depth * 0.5), stage.pen(depth * 0.6)
    half = wide / 2
    fill = stage.canvas.linear(x - half, 0, x + half, 0, (0.0, colour.lighter(tone, 0.2), 1), (0.45, tone, 1), (1.0, colour.darker(tone, 0.4), 1))
    pen.shape([(x - half, -10), (x + half, -10), (x + half, foot), (x - half, foot)], fill, 1.0, smooth=False)
    pen.shape([(x - half * 1.35, foot - wide * 0.2), (x + half * 1.35, foot - wide * 0.2), (x + half * 1.5, foot + wide * 0.16), (x - half * 1.5, foot + wide * 0.16)], stage.tone("#b9b2a2", depth * 0.5), 1.0)


def scroll(stage: Stage, room: Room, x: float, y: float, wide: float, high: float) -> None:
    """A hanging scroll with a landscape."""
    x0, y0 = room.at(x, y)
    x1, y1 = room.at(x + wide, y + high)
    pen = stage.pen(0.35)
    pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], stage.tone("#f1e8d3", 0.2), 0.9, smooth=False)
    w, h = x1 - x0, y1 - y0
    ink = stage.light.line(0.45)
    pen.shape([(x0 + w * 0.1, y0 + h * 0.6), (x0 + w * 0.36, y0 + h * 0.26), (x0 + w * 0.52, y0 + h * 0.46), (x0 + w * 0.7, y0 + h * 0.34), (x0 + w * 0.9, y0 + h * 0.62)], ink, 0, opacity=0.4)
    pen.stroke([(x0 + w * 0.16, y0 + h * 0.8), (x0 + w * 0.5, y0 + h * 0.76), (x0 + w * 0.86, y0 + h * 0.8)], 0.8, ink)
    for end in (y0, y1):
        pen.stroke([(x0 - w * 0.1, end), (x1 + w * 0.1, end)], 2.6, stage.tone("#6a3f2e", 0.2), start=0.9, end=0.9)


def table(stage: Stage, x: float, y: float, wide: float, depth: float, paint: str = "#8a5a3c", cloth: str | None = None) -> None:
    """A table seen from the front; (x, y) = middle of its foot line."""
    pen, tone = stage.pen(depth), stage.tone(paint, depth)
    half, high = wide / 2, wide * 0.36
    for side in (-1.0, 1.0):
        pen.shape([(x + side * half * 0.9, y - high), (x + side * half * 0.8, y - high), (x + side * half * 0.8, y), (x + side * half * 0.9, y)], colour.darker(tone, 0.15), 0.9, smooth=False)
    if cloth is not None:
        pen.shape([(x - half * 0.92, y - high), (x + half * 0.92, y - high), (x + half * 0.92, y - high * 0.25), (x - half * 0.92, y - high * 0.25)], stage.tone(cloth, depth), 0.9, smooth=False)
    pen.shape([(x - half * 0.9, y - high * 1.12), (x + half * 0.9, y - high * 1.12), (x + half, y - high * 0.92), (x - half, y - high * 0.92)], colour.lighter(tone, 0.12), 1.0, smooth=False)
    pen.shape([(x - half, y - high * 0.92), (x + half, y - high * 0.92), (x + half, y - high * 0.8), (x - half, y - high * 0.8)], tone, 0.9, smooth=False)


def vessel(stage: Stage, x: float, y: float, size: float, paint: str, depth: float = 0.3) -> None:
    """A jar, pot or vase standing on (x, y)."""
    stage.pen(depth).shape([(x - size * 0.3, y, 0), (x - size * 0.5, y - size * 0.5), (x - size * 0.2, y - size * 0.92), (x - size * 0.26, y - size * 1.06), (x + size * 0.26, y - size * 1.06), (x + size * 0.2, y - size * 0.92), (x + size * 0.5, y - size * 0.5), (x + size * 0.3, y, 0)], stage.tone(paint, depth), 0.9)


def candle(stage: Stage, x: float, y: float, size: float) -> None:
    """A candle with its light."""
    if stage.setting.daytime in ("night", "dusk"):
        fill = stage.canvas.radial(x, y - size, size * 9, (0.0, stage.light.glow, 0.55), (1.0, stage.light.glow, 0.0))
        stage.canvas.rect(x - size * 9, y - size * 10, size * 18, size * 18, fill)
    pen = stage.pen(0.2)
    pen.shape([(x - size * 0.16, y), (x + size * 0.16, y), (x + size * 0.14, y - size), (x - size * 0.14, y - size)], "#d9c7a0", 0.8, smooth=False)
    pen.shape([(x, y - size * 1.02), (x - size * 0.16, y - size * 1.26), (x, y - size * 1.62, 0), (x + size * 0.16, y - size * 1.26)], "#f3b548", 0.6)


def shelf(stage: Stage, room: Room, x: float, wide: float) -> None:
    """A bookcase on the back wall."""
    x0, y0 = room.at(x, 0.22)
    x1, y1 = room.at(x + wide, 1.0)
    pen, tone = stage.pen(0.35), stage.tone("#7d553a", 0.3)
    pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], colour.darker(tone, 0.3), 1.0, smooth=False)
    rows = 4
    for row in range(rows):
        top, low = y0 + (y1 - y0) * row / rows, y0 + (y1 - y0) * (row + 1) / rows
        bx = x0 + (x1 - x0) * 0.04
        while bx < x1 - (x1 - x0) * 0.1:
            thick = (x1 - x0) * (0.05 + 0.06 * stage.rng.random())
            tall = (low - top) * (0.55 + 0.3 * stage.rng.random())
            paint = ("#8f7b5d", "#6f7f86", "#a1785a", "#86806b", "#c3b391")[int(stage.rng.random() * 5)]
            pen.shape([(bx, low), (bx, low - tall), (bx + thick, low - tall), (bx + thick, low)], stage.tone(paint, 0.35), 0.7, smooth=False)
            bx += thick * 1.06
        pen.shape([(x0, low - (y1 - y0) * 0.012), (x1, low - (y1 - y0) * 0.012), (x1, low), (x0, low)], tone, 0.7, smooth=False)


def hall(stage: Stage) -> None:
    """A great hall: screen, seat of honour, pillars, lanterns."""
    room = build(stage, FINISHES[stage.setting.period], 0.24)
    if stage.setting.period in ("modern", "scifi"):
        _modern_back(stage, room)
        return
    x0, y0 = room.at(0.28, 0.26)
    x1, y1 = room.at(0.72, 0.98)
    pen = stage.pen(0.35)
    for index in range(4):
        left, right = x0 + (x1 - x0) * index / 4, x0 + (x1 - x0) * (index + 1) / 4
        pen.shape([(left, y0), (right, y0), (right, y1), (left, y1)], stage.tone("#c9b48c", 0.3), 1.0, smooth=False)
        pen.shape([(left + 4, y1 - (y1 - y0) * 0.2), ((left + right) / 2, y0 + (y1 - y0) * (0.35 + 0.1 * (index % 2))), (right - 4, y1 - (y1 - y0) * 0.24)], stage.light.line(0.5), 0, opacity=0.35)
    seat_x, seat_y = room.at(0.5, 1.04)
    table(stage, seat_x, seat_y, room.width * 0.3, 0.25)
    candle(stage, seat_x - room.width * 0.12, seat_y - room.width * 0.12, stage.unit * 2.6)
    candle(stage, seat_x + room.width * 0.12, seat_y - room.width * 0.12, stage.unit * 2.6)
    plaque_x, plaque_y = room.at(0.5, 0.11)
    pen.shape([(plaque_x - room.width * 0.16, plaque_y - room.height * 0.06), (plaque_x + room.width * 0.16, plaque_y - room.height * 0.06), (plaque_x + room.width * 0.15, plaque_y + room.height * 0.07), (plaque_x - room.width * 0.15, plaque_y + room.height * 0.07)], stage.tone("#2e2b33", 0.2), 1.0, smooth=False)
    _pillars(stage)
    for side in (0.12, 0.88):
        lx, ly = room.at(side, 0.22)
        lantern(stage, lx, ly, stage.unit * 3.2)


def _pillars(stage: Stage) -> None:
    w = stage.width
    for x, wide, depth in ((0.19, 0.035, 0.75), (0.81, 0.035, 0.75), (0.06, 0.06, 0.42), (0.94, 0.06, 0.42)):
        pillar(stage, w * x, min(stage.width, stage.height) * wide * 1.3, depth)


def palace(stage: Stage) -> None:
    """A throne room."""
    room = build(stage, Finish("#d9bf8a", "#b98c5c", "#b3785a", "#8f3b31"), 0.3)
    if stage.setting.period == "scifi":
        _modern_back(stage, room)
        return
    x, y = room.at(0.5, 1.0)
    pen, u = stage.pen(0.3), room.width
    for step in range(3):
        half, sy = u * (0.4 - 0.06 * step), y + u * (0.1 - 0.045 * step)
        pen.shape([(x - half, sy), (x + half, sy), (x + half, sy - u * 0.045), (x - half, sy - u * 0.045)], stage.tone("#c9bfa8", 0.2), 0.9, smooth=False)
    back: list[Point] = [(x - u * 0.2, y - u * 0.03), (x - u * 0.22, y - u * 0.44), (x - u * 0.12, y - u * 0.52), (x, y - u * 0.6), (x + u * 0.12, y - u * 0.52), (x + u * 0.22, y - u * 0.44), (x + u * 0.2, y - u * 0.03)]
    pen.shape(back, stage.tone("#c9972f", 0.2), 1.1)
    pen.shape([(x - u * 0.13, y - u * 0.06), (x - u * 0.14, y - u * 0.38), (x, y - u * 0.46), (x + u * 0.14, y - u * 0.38), (x + u * 0.13, y - u * 0.06)], stage.tone("#9c3a32", 0.2), 0.9)
    pen.shape([(x - u * 0.18, y - u * 0.02), (x - u * 0.18, y - u * 0.17), (x + u * 0.18, y - u * 0.17), (x + u * 0.18, y - u * 0.02)], stage.tone("#b98a2c", 0.2), 1.0, smooth=False)
    carpet: list[Point] = [(x - u * 0.14, y + u * 0.1), (x + u * 0.14, y + u * 0.1), (x + stage.width * 0.32, stage.height * 1.02), (x - stage.width * 0.32, stage.height * 1.02)]
    pen.shape(carpet, stage.tone("#963c36", 0.05), 1.0, smooth=False)
    _pillars(stage)


def room(stage: Stage) -> None:
    """A living room or bedchamber."""
    box = build(stage, FINISHES[stage.setting.period])
    if stage.setting.period in ("modern", "scifi"):
        _modern_back(stage, box)
        _sofa(stage, box)
        return
    lattice(stage, box, 0.54, 0.2, 0.34, 0.46)
    scroll(stage, box, 0.2, 0.18, 0.15, 0.5)
    x, y = box.at(0.27, 1.06)
    table(stage, x, y, box.width * 0.34, 0.3)
    vessel(stage, x - box.width * 0.08, y - box.width * 0.135, box.width * 0.1, "#7f9aa0")
    candle(stage, x + box.width * 0.08, y - box.width * 0.135, stage.unit * 2.4)
    _curtain(stage, True)


def _curtain(stage: Stage, right: bool) -> None:
    edge, side = (stage.width, -1.0) if right else (0.0, 1.0)
    h, w = stage.height, min(stage.width, stage.height)
    tone, pen = stage.tone("#a8756a", 0.05), stage.pen(0.1)
    pen.shape([(edge, -10, 0), (edge + side * w * 0.2, -10, 0), (edge + side * w * 0.17, h * 0.3), (edge + side * w * 0.07, h * 0.52), (edge + side * w * 0.1, h * 0.8), (edge + side * w * 0.12, h + 10, 0), (edge, h + 10, 0)], colour.darker(tone, 0.12), 1.0)
    for share in (0.25, 0.5, 0.75):
        pen.stroke([(edge + side * w * 0.2 * share, 0), (edge + side * w * 0.16 * share, h * 0.3), (edge + side * w * 0.07 * share, h * 0.52)], 0.9)


def _modern_back(stage: Stage, box: Room) -> None:
    x0, y0 = box.at(0.3, 0.14)
    x1, y1 = box.at(0.94, 0.7)
    pen, light = stage.pen(0.35), stage.light
    fill = stage.canvas.linear(0, y0, 0, y1, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1))
    line = pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, 0, smooth=False)
    with stage.canvas.clip(line):
        for index in range(6):
            bx = x0 + (x1 - x0) * index / 6
            high = (y1 - y0) * (0.3 + 0.5 * stage.rng.random())
            if stage.setting.period == "scifi":
                spire(stage, bx + 20, y1, (x1 - x0) * 0.12, high, 0.7)
            else:
                tower_block(stage, bx, y1, (x1 - x0) * 0.15, high, 0.7)
    pen.contour(line, 1.8)
    for step in (1, 2):
        px = x0 + (x1 - x0) * step / 3
        pen.stroke([(px, y0), (px, y1)], 2.0, stage.tone("#8b8f92", 0.3), start=0.9, end=0.9)
    if stage.setting.period == "scifi":
        for row in (0.82, 0.9):
            ax, ay = box.at(0.02, row)
            stage.canvas.rect(ax, ay, box.width * 0.96, stage.unit * 0.5, "#8fe3e6", 0.8)
        for side in (0.1, 0.2):
            ax, ay = box.at(side, 0.3)
            pen.shape([(ax, ay), (ax + box.width * 0.07, ay), (ax + box.width * 0.07, ay + box.height * 0.34), (ax, ay + box.height * 0.34)], "#2f4a57", 1.0, smooth=False)
            for row in range(5):
                stage.canvas.rect(ax + box.width * 0.01, ay + box.height * (0.04 + 0.055 * row), box.width * 0.05 * stage.rng.random(), stage.unit * 0.5, "#8fe3e6", 0.9)
        return
    px, py = box.at(0.08, 0.22)
    pen.shape([(px, py), (px + box.width * 0.15, py), (px + box.width * 0.15, py + box.height * 0.24), (px, py + box.height * 0.24)], stage.tone("#f4efe4", 0.2), 1.3, smooth=False)
    pen.disc(px + box.width * 0.075, py + box.height * 0.12, box.width * 0.045, box.height * 0.08, stage.tone("#c08a66", 0.3), 0)


def _sofa(stage: Stage, box: Room) -> None:
    x, y = box.at(0.34, 1.08)
    u, pen = box.width, stage.pen(0.25)
    tone = stage.tone("#7f8c86", 0.25)
    pen.shape([(x - u * 0.3, y - u * 0.06), (x - u * 0.29, y - u * 0.26), (x + u * 0.29, y - u * 0.26), (x + u * 0.3, y - u * 0.06)], tone, 1.0)
    pen.shape([(x - u * 0.34, y), (x - u * 0.35, y - u * 0.16), (x - u * 0.26, y - u * 0.17), (x - u * 0.25, y - u * 0.11), (x + u * 0.25, y - u * 0.11), (x + u * 0.26, y - u * 0.17), (x + u * 0.35, y - u * 0.16), (x + u * 0.34, y)], colour.lighter(tone, 0.14), 1.0)
    lx, ly = box.at(0.9, 1.05)
    pen.stroke([(lx, ly), (lx, ly - u * 0.6)], 1.8, start=0.9, end=0.9)
    if stage.light.dark or stage.setting.daytime == "dusk":
        fill = stage.canvas.radial(lx, ly - u * 0.6, u * 0.6, (0.0, stage.light.glow, 0.6), (1.0, stage.light.glow, 0.0))
        stage.canvas.rect(lx - u * 0.6, ly - u * 1.2, u * 1.2, u * 1.2, fill)
    pen.shape([(lx - u * 0.06, ly - u * 0.72), (lx + u * 0.06, ly - u * 0.72), (lx + u * 0.1, ly - u * 0.57), (lx - u * 0.1, ly - u * 0.57)], stage.tone("#e7d5ab", 0.1), 1.0, smooth=False)


def study(stage: Stage) -> None:
    """A scholar's study or an office."""
    box = build(stage, FINISHES[stage.setting.period])
    shelf(stage, box, 0.04, 0.36)
    if stage.setting.period in ("modern", "scifi"):
        lattice(stage, box, 0.52, 0.18, 0.4, 0.46)
    else:
        lattice(stage, box, 0.6, 0.24, 0.3, 0.4)
        scroll(stage, box, 0.45, 0.2, 0.11, 0.46)
    x, y = box.at(0.66, 1.1)
    table(stage, x, y, box.width * 0.46, 0.2)
    vessel(stage, x - box.width * 0.12, y - box.width * 0.185, box.width * 0.08, "#d5cbb5")
    for lean in (-0.02, 0.0, 0.025):
        stage.pen(0.2).stroke([(x - box.width * 0.12, y - box.width * 0.26), (x - box.width * (0.12 - lean), y - box.width * 0.36)], 1.4, start=0.9, end=0.3)
    candle(stage, x + box.width * 0.13, y - box.width * 0.185, stage.unit * 2.6)


def inn(stage: Stage) -> None:
    """An inn or a restaurant: counter, jars, tables, lanterns."""
    box = build(stage, Finish("#d9c6a2", "#c0a67e", "#9a7654", "#6e4a33", True) if stage.setting.period in ("classical", "fantasy") else FINISHES[stage.setting.period])
    lattice(stage, box, 0.62, 0.16, 0.28, 0.4)
    x0, y0 = box.at(0.06, 0.3)
    pen = stage.pen(0.35)
    for row in range(2):
        sy = y0 + box.height * 0.22 * (row + 1)
        for index in range(4):
            vessel(stage, x0 + box.width * (0.06 + 0.11 * index), sy, box.width * 0.075, ("#8c5c3f", "#6d6a62", "#a8835a")[(index + row) % 3], 0.4)
        pen.stroke([(x0, sy), (x0 + box.width * 0.46, sy)], 3.0, stage.tone("#6e4a33", 0.3), start=0.9, end=0.9)
    for x, y, wide, depth in ((0.28, 1.1, 0.32, 0.3), (0.78, 1.16, 0.36, 0.22)):
        tx, ty = box.at(x, y)
        table(stage, tx, ty, box.width * wide, depth)
        vessel(stage, tx, ty - box.width * wide * 0.4, box.width * 0.06, "#b5b0a2", depth)
    for x in (0.16, 0.5, 0.84):
        lx, ly = box.at(x, 0.08)
        lantern(stage, lx, ly, stage.unit * 3.4)


def temple(stage: Stage) -> None:
    """A temple hall: altar, seated figure, incense."""
    box = build(stage, Finish("#c9a678", "#a98260", "#8d7963", "#7d3c33"), 0.28)
    x, y = box.at(0.5, 1.0)
    u, pen = box.width, stage.pen(0.4)
    pen.disc(x, y - u * 0.5, u * 0.26, u * 0.28, stage.tone("#e3c88e", 0.3), 0.9)
    gold = stage.tone("#c79a3d", 0.35)
    pen.shape([(x - u * 0.24, y - u * 0.2), (x - u * 0.2, y - u * 0.4), (x - u * 0.1, y - u * 0.47), (x + u * 0.1, y - u * 0.47), (x + u * 0.2, y - u * 0.4), (x + u * 0.24, y - u * 0.2), (x, y - u * 0.14)], gold, 1.0)
    pen.disc(x, y - u * 0.55, u * 0.075, u * 0.1, gold, 1.0)
    pen.disc(x, y - u * 0.655, u * 0.03, u * 0.03, gold, 0.9)
    pen.stroke([(x - u * 0.03, y - u * 0.55), (x - u * 0.012, y - u * 0.545)], 1.0)
    pen.stroke([(x + u * 0.012, y - u * 0.545), (x + u * 0.03, y - u * 0.55)], 1.0)
    table(stage, x, y + u * 0.06, u * 0.56, 0.28, "#8a4a36", "#a8503f")
    vessel(stage, x, y - u * 0.17, u * 0.09, "#7d7a62")
    for lean in (-0.02, 0.0, 0.02):
        pen.stroke([(x, y - u * 0.26), (x + u * lean, y - u * 0.36)], 0.9, start=0.8, end=0.8)
    smoke = colour.mix(stage.light.haze, "#ffffff", 0.4)
    pen.stroke([(x, y - u * 0.36), (x + u * 0.05, y - u * 0.52), (x - u * 0.04, y - u * 0.7), (x + u * 0.06, y - u * 0.9)], 5.0, smoke, opacity=0.4)
    candle(stage, x - u * 0.2, y - u * 0.15, stage.unit * 3)
    candle(stage, x + u * 0.2, y - u * 0.15, stage.unit * 3)
    _pillars(stage)


def cave(stage: Stage) -> None:
    """A cave with its mouth of light."""
    w, h, canvas = stage.width, stage.height, stage.canvas
    rock = stage.tone("#6d675f")
    canvas.rect(0, 0, w, h, canvas.linear(0, 0, 0, h, (0.0, colour.darker(rock, 0.5), 1), (0.5, rock, 1), (1.0, colour.darker(rock, 0.25), 1)))
    x, y = w * 0.6, stage.horizon + h * 0.02
    mouth = [(x + px * w * 0.24, y + py * h * 0.2) for px, py in ((-1.0, 1.0), (-0.9, 0.0), (-0.5, -0.7), (0.1, -1.0), (0.7, -0.6), (1.0, 0.2), (0.9, 1.0))]
    pen = stage.pen(0.2, 1.2)
    glow = canvas.radial(x, y, w * 0.8, (0.0, stage.light.sky_low, 0.75), (1.0, stage.light.sky_low, 0.0))
    canvas.rect(0, 0, w, h, glow)
    pen.shape(mouth, canvas.linear(0, y - h * 0.2, 0, y + h * 0.2, (0.0, stage.light.sky_top, 1), (1.0, stage.light.sky_low, 1)), 1.2)
    floor = [(-20, h + 20), (-20, stage.horizon + h * 0.2), (w * 0.3, stage.horizon + h * 0.17), (w * 0.62, stage.horizon + h * 0.19), (w + 20, stage.horizon + h * 0.16), (w + 20, h + 20)]
    pen.shape(floor, canvas.linear(0, stage.horizon + h * 0.16, 0, h, (0.0, colour.lighter(rock, 0.18), 1), (1.0, colour.darker(rock, 0.3), 1)), 1.0)
    for index in range(13):
        sx = w * (index + 0.5 * stage.rng.random()) / 12
        length = h * (0.07 + 0.2 * stage.rng.random()) * (1.15 if abs(sx - x) > w * 0.25 else 0.5)
        wide = w * (0.03 + 0.03 * stage.rng.random())
        pen.shape([(sx - wide, -20), (sx - wide * 0.3, length * 0.6), (sx, length, 0), (sx + wide * 0.35, length * 0.55), (sx + wide, -20)], colour.darker(rock, 0.35 + 0.2 * stage.rng.random()), 1.0)
    for side in (-1.0, 1.0):
        edge = 0.0 if side < 0 else w
        wall: list[Point] = [(edge + side * 30, -20), (edge - side * w * 0.17, h * 0.12), (edge - side * w * 0.08, h * 0.36), (edge - side * w * 0.15, h * 0.56), (edge - side * w * 0.06, h * 0.8), (edge - side * w * 0.12, h + 20), (edge + side * 30, h + 20)]
        pen.shape(wall, colour.darker(rock, 0.55), 1.1)


def tent_inside(stage: Stage) -> None:
    """Inside of an army tent: canvas folds and a map table."""
    box = build(stage, Finish("#cdb994", "#b7a27c", "#8d7a5c", "#8a6f4a", True))
    pen = stage.pen(0.4)
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        top, low = box.at(0.5 + (share - 0.5) * 0.3, 0.0), box.at(share, 1.0)
        pen.stroke([top, low], 1.0, opacity=0.7)
    x, y = box.at(0.5, 1.1)
    table(stage, x, y, box.width * 0.6, 0.2, cloth="#9c4336")
    for index in range(4):
        sx, sy = box.at(0.86 + index * 0.04, 1.0)
        pen.stroke([(sx, sy), (sx + 4, sy - box.height * 0.8)], 1.6, stage.tone("#7a5238", 0.3), start=0.9, end=0.9)
        pen.shape(arc(sx + 4, sy - box.height * 0.84, stage.unit * 0.8, stage.unit * 2.2, count=8), stage.tone("#b9c2c6", 0.2), 0.8)


Interior = Callable[[Stage], None]
INTERIORS: dict[str, Interior] = {
    "hall": hall,
    "palace": palace,
    "room": room,
    "study": study,
    "inn": inn,
    "temple": temple,
    "cave": cave,
    "camp": tent_inside,
}
