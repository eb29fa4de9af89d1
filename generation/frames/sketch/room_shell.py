"""The shell of a room: a box in one-point perspective, its materials, floor, panels and beams."""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
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

    @property
    def unit(self) -> float:
        """A length for furniture that suits wide and narrow rooms."""
        return min(self.width, self.height * 1.25)

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
    room = Room(
        w * narrow,
        w * (1 - narrow),
        max(h * 0.04, stage.horizon - h * (0.16 + high)),
        stage.horizon + h * 0.15,
    )
    _planes(stage, room, finish)
    _floor_lines(stage, room, finish)
    _side_panels(stage, room, finish)
    _beams(stage, room, finish)
    return room


def _planes(stage: Stage, room: Room, finish: Finish) -> None:
    w, h = stage.width, stage.height
    pen = stage.pen(0.35)
    lt, rt = (room.left, room.top), (room.right, room.top)
    lb, rb = (room.left, room.bottom), (room.right, room.bottom)
    spread = 0.34 * w
    floor_l, floor_r = (-spread, h * 1.04), (w + spread, h * 1.04)
    top_l, top_r = (-spread * 0.5, -h * 0.12), (w + spread * 0.5, -h * 0.12)
    back = stage.tone(finish.wall, 0.35)
    fill = stage.canvas.down(
        room.top,
        room.bottom,
        (0.0, colour.darker(back, 0.16), 1),
        (0.6, back, 1),
        (1.0, colour.darker(back, 0.06), 1),
    )
    stage.canvas.rect(0, 0, w, h, colour.darker(stage.tone(finish.side, 0.1), 0.1))
    side = stage.tone(finish.side, 0.25)
    for edge, wall in ((0.0, [top_l, lt, lb, floor_l]), (float(w), [top_r, rt, rb, floor_r])):
        dark = colour.darker(stage.tone(finish.side), 0.3 if edge == 0 else 0.36)
        wash = stage.canvas.linear(edge, 0, wall[1][0], 0, (0.0, dark, 1), (1.0, side, 1))
        pen.shape(wall, wash, 0.9, smooth=False)
    pen.shape(
        [top_l, lt, rt, top_r],
        colour.darker(stage.tone(finish.beam, 0.15), 0.2),
        0.9,
        smooth=False,
    )
    pen.shape([lt, rt, rb, lb], fill, 0.9, smooth=False)
    floor = stage.canvas.down(
        room.bottom,
        h,
        (0.0, stage.tone(finish.floor, 0.3), 1),
        (1.0, colour.darker(stage.tone(finish.floor), 0.14), 1),
    )
    pen.shape([lb, rb, floor_r, floor_l], floor, 0.9, smooth=False)


def _side_panels(stage: Stage, room: Room, finish: Finish) -> None:
    """Panels of the side walls in perspective, with a rail along the floor."""
    w, h, pen = stage.width, stage.height, stage.pen(0.3)
    far_top, far_low = room.top + room.height * 0.2, room.bottom - room.height * 0.12
    for side in (-1.0, 1.0):
        back, edge = (room.left, 0.0) if side < 0 else (room.right, w)
        reach = edge - back

        def at(share: float, level: float, back: float = back, reach: float = reach) -> Point:
            grow = 1.0 + share * 0.9
            middle = stage.horizon - h * 0.1
            far = far_top + (far_low - far_top) * level
            return back + reach * share, middle + (far - middle) * grow

        for start, end in ((0.08, 0.34), (0.42, 0.8), (0.9, 1.6)):
            panel = [at(start, 0.0), at(end, 0.0), at(end, 1.0), at(start, 1.0)]
            pen.shape(
                panel,
                colour.lighter(stage.tone(finish.side, 0.15), 0.12),
                0.9,
                smooth=False,
                opacity=0.55,
            )
            middle = (start + end) / 2
            pen.stroke([at(middle, 0.0), at(middle, 1.0)], 0.8, start=0.8, end=0.8, opacity=0.7)
            pen.stroke([at(start, 0.5), at(end, 0.5)], 0.8, start=0.8, end=0.8, opacity=0.7)
    rail = stage.tone(finish.beam, 0.25)
    pen.shape(
        [
            (room.left, room.bottom), (room.right, room.bottom),
            (room.right, room.bottom - room.height * 0.045),
            (room.left, room.bottom - room.height * 0.045),
        ],
        rail,
        0.8,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (room.left, room.top), (room.right, room.top),
            (room.right, room.top + room.height * 0.035),
            (room.left, room.top + room.height * 0.035),
        ],
        rail,
        0.8,
        smooth=False,
    )  # fmt: skip


def _beams(stage: Stage, room: Room, finish: Finish) -> None:
    """Ceiling beams that run across."""
    pen, w = stage.pen(0.25), stage.width
    for share in (0.3, 0.68):
        y = room.top * (1 - share)
        thick = stage.unit * (1.4 + 2.2 * share)
        x = room.left * (1 - share)
        pen.shape(
            [(x, y), (w - x, y), (w - x, y - thick), (x, y - thick)],
            stage.tone(finish.beam, 0.1),
            0.9,
            smooth=False,
        )


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
