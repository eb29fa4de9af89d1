"""Interiors: each kind of room as its shell and what stands in it."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.furniture import (
    candle,
    curtain,
    lattice,
    pillar,
    scroll,
    shelf,
    sofa,
    statue,
    table,
    vessel,
)
from generation.frames.sketch.modern_rooms import window_wall
from generation.frames.sketch.room_shell import FINISHES, Finish, build
from generation.frames.sketch.rooms_chinese import CHINESE
from generation.frames.sketch.rooms_future import FUTURE
from generation.frames.sketch.rooms_modern import MODERN
from generation.frames.sketch.rooms_western import WESTERN
from generation.frames.sketch.rooms_western import room as western_room
from generation.frames.sketch.shelters import cave, tent_inside
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.things import lantern


def hall(stage: Stage) -> None:
    """A great hall: screen, seat of honour, pillars, lanterns."""
    room = build(stage, FINISHES[stage.setting.period], 0.24)
    if stage.setting.period in ("modern", "scifi"):
        window_wall(stage, room)
        return
    x0, y0 = room.at(0.28, 0.26)
    x1, y1 = room.at(0.72, 0.98)
    pen = stage.pen(0.35)
    for index in range(4):
        left, right = x0 + (x1 - x0) * index / 4, x0 + (x1 - x0) * (index + 1) / 4
        pen.shape(
            [(left, y0), (right, y0), (right, y1), (left, y1)],
            stage.tone("#c9b48c", 0.3),
            1.0,
            smooth=False,
        )
        pen.shape(
            [
                (left + 4, y1 - (y1 - y0) * 0.2),
                ((left + right) / 2, y0 + (y1 - y0) * (0.35 + 0.1 * (index % 2))),
                (right - 4, y1 - (y1 - y0) * 0.24),
            ],
            stage.light.line(0.5),
            0,
            opacity=0.35,
        )
    seat_x, seat_y = room.at(0.5, 1.04)
    table(stage, seat_x, seat_y, room.unit * 0.42, 0.25)
    candle(stage, seat_x - room.unit * 0.14, seat_y - room.unit * 0.165, stage.unit * 2.6)
    candle(stage, seat_x + room.unit * 0.14, seat_y - room.unit * 0.165, stage.unit * 2.6)
    plaque_x, plaque_y = room.at(0.5, 0.11)
    pen.shape(
        [
            (plaque_x - room.width * 0.16, plaque_y - room.height * 0.06),
            (plaque_x + room.width * 0.16, plaque_y - room.height * 0.06),
            (plaque_x + room.width * 0.15, plaque_y + room.height * 0.07),
            (plaque_x - room.width * 0.15, plaque_y + room.height * 0.07),
        ],
        stage.tone("#2e2b33", 0.2),
        1.0,
        smooth=False,
    )  # fmt: skip
    _pillars(stage)
    for side in (0.12, 0.88):
        lx, ly = room.at(side, 0.22)
        lantern(stage, lx, ly, stage.unit * 3.2)


def _pillars(stage: Stage) -> None:
    w = stage.width
    for x, wide, depth in (
        (0.19, 0.035, 0.75),
        (0.81, 0.035, 0.75),
        (0.06, 0.06, 0.42),
        (0.94, 0.06, 0.42),
    ):
        pillar(stage, w * x, min(stage.width, stage.height) * wide * 1.3, depth)


def palace(stage: Stage) -> None:
    """A throne room."""
    room = build(stage, Finish("#d9bf8a", "#b98c5c", "#b3785a", "#8f3b31"), 0.3)
    if stage.setting.period == "scifi":
        window_wall(stage, room)
        return
    x, y = room.at(0.5, 1.0)
    pen, u = stage.pen(0.3), room.unit
    for step in range(3):
        half, sy = u * (0.4 - 0.06 * step), y + u * (0.1 - 0.045 * step)
        pen.shape(
            [
                (x - half, sy), (x + half, sy), (x + half, sy - u * 0.045),
                (x - half, sy - u * 0.045),
            ],
            stage.tone("#c9bfa8", 0.2),
            0.9,
            smooth=False,
        )  # fmt: skip
    _throne(stage, x, y, u)
    carpet: list[Point] = [
        (x - u * 0.14, y + u * 0.1), (x + u * 0.14, y + u * 0.1),
        (x + stage.width * 0.32, stage.height * 1.02),
        (x - stage.width * 0.32, stage.height * 1.02),
    ]  # fmt: skip
    pen.shape(carpet, stage.tone("#963c36", 0.05), 1.0, smooth=False)
    _pillars(stage)


def _throne(stage: Stage, x: float, y: float, u: float) -> None:
    """Screen and seat; (x, y) = middle of its foot, u = a length."""
    pen = stage.pen(0.3)
    screen: list[Point] = [
        (x - u * 0.34, y - u * 0.03, 0), (x - u * 0.34, y - u * 0.5, 0),
        (x - u * 0.16, y - u * 0.56), (x, y - u * 0.66), (x + u * 0.16, y - u * 0.56),
        (x + u * 0.34, y - u * 0.5, 0), (x + u * 0.34, y - u * 0.03, 0),
    ]  # fmt: skip
    pen.shape(screen, stage.tone("#a8432f", 0.25), 1.1)
    pen.stroke(
        [
            (x - u * 0.31, y - u * 0.06), (x - u * 0.31, y - u * 0.47), (x, y - u * 0.62),
            (x + u * 0.31, y - u * 0.47), (x + u * 0.31, y - u * 0.06),
        ],
        3.0,
        stage.tone("#d6a93c", 0.15),
        start=0.8,
        end=0.8,
        smooth=False,
    )  # fmt: skip
    pen.disc(x, y - u * 0.47, u * 0.07, u * 0.07, stage.tone("#d6a93c", 0.15), 0.9)
    _seat(stage, x, y, u)


def _seat(stage: Stage, x: float, y: float, u: float) -> None:
    pen = stage.pen(0.3)
    gold = stage.tone("#c9972f", 0.15)
    pen.shape(
        [
            (x - u * 0.17, y - u * 0.03, 0), (x - u * 0.18, y - u * 0.34),
            (x - u * 0.1, y - u * 0.4), (x, y - u * 0.44), (x + u * 0.1, y - u * 0.4),
            (x + u * 0.18, y - u * 0.34), (x + u * 0.17, y - u * 0.03, 0),
        ],
        gold,
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (x - u * 0.12, y - u * 0.1), (x - u * 0.12, y - u * 0.31), (x, y - u * 0.36),
            (x + u * 0.12, y - u * 0.31), (x + u * 0.12, y - u * 0.1),
        ],
        stage.tone("#b5483a", 0.15),
        0.8,
    )  # fmt: skip
    pen.shape(
        [
            (x - u * 0.2, y - u * 0.02), (x - u * 0.2, y - u * 0.13), (x + u * 0.2, y - u * 0.13),
            (x + u * 0.2, y - u * 0.02),
        ],
        gold,
        1.0,
        smooth=False,
    )  # fmt: skip
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (x + side * u * 0.15, y - u * 0.13), (x + side * u * 0.14, y - u * 0.22),
                (x + side * u * 0.22, y - u * 0.23), (x + side * u * 0.21, y - u * 0.13),
            ],
            gold,
            0.9,
        )  # fmt: skip
        vessel(stage, x + side * u * 0.42, y + u * 0.02, u * 0.14, "#8a7a4a", 0.25)


def room(stage: Stage) -> None:
    """A living room or bedchamber."""
    box = build(stage, FINISHES[stage.setting.period])
    if stage.setting.period in ("modern", "scifi"):
        window_wall(stage, box)
        sofa(stage, box)
        return
    lattice(stage, box, 0.54, 0.2, 0.34, 0.46)
    scroll(stage, box, 0.2, 0.18, 0.15, 0.5)
    x, y = box.at(0.27, 1.06)
    table(stage, x, y, box.unit * 0.34, 0.3)
    vessel(stage, x - box.unit * 0.08, y - box.unit * 0.135, box.unit * 0.1, "#7f9aa0")
    candle(stage, x + box.unit * 0.08, y - box.unit * 0.135, stage.unit * 2.4)
    curtain(stage, True)


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
    table(stage, x, y, box.unit * 0.46, 0.2)
    vessel(stage, x - box.unit * 0.12, y - box.unit * 0.185, box.unit * 0.08, "#d5cbb5")
    for lean in (-0.02, 0.0, 0.025):
        stage.pen(0.2).stroke(
            [
                (x - box.unit * 0.12, y - box.unit * 0.26),
                (x - box.unit * (0.12 - lean), y - box.unit * 0.36),
            ],
            1.4,
            start=0.9,
            end=0.3,
        )
    candle(stage, x + box.unit * 0.13, y - box.unit * 0.185, stage.unit * 2.6)


def inn(stage: Stage) -> None:
    """An inn or a restaurant: counter, jars, tables, lanterns."""
    box = build(
        stage,
        Finish("#d9c6a2", "#c0a67e", "#9a7654", "#6e4a33", True)
        if stage.setting.period in ("classical", "fantasy")
        else FINISHES[stage.setting.period],
    )
    lattice(stage, box, 0.62, 0.16, 0.28, 0.4)
    x0, y0 = box.at(0.06, 0.3)
    pen = stage.pen(0.35)
    for row in range(2):
        sy = y0 + box.height * 0.22 * (row + 1)
        for index in range(4):
            vessel(
                stage,
                x0 + box.unit * (0.06 + 0.11 * index),
                sy,
                box.unit * 0.075,
                ("#8c5c3f", "#6d6a62", "#a8835a")[(index + row) % 3],
                0.4,
            )
        pen.stroke(
            [(x0, sy), (x0 + box.unit * 0.46, sy)],
            3.0,
            stage.tone("#6e4a33", 0.3),
            start=0.9,
            end=0.9,
        )
    for x, y, wide, depth in ((0.28, 1.1, 0.32, 0.3), (0.78, 1.16, 0.36, 0.22)):
        tx, ty = box.at(x, y)
        table(stage, tx, ty, box.unit * wide, depth)
        vessel(stage, tx, ty - box.unit * wide * 0.4, box.unit * 0.06, "#b5b0a2", depth)
    for x in (0.16, 0.5, 0.84):
        lx, ly = box.at(x, 0.08)
        lantern(stage, lx, ly, stage.unit * 3.4)


def temple(stage: Stage) -> None:
    """A temple hall: altar, seated figure, incense."""
    box = build(stage, Finish("#c9a678", "#a98260", "#8d7963", "#7d3c33"), 0.28)
    x, y = box.at(0.5, 1.0)
    u, pen = box.unit, stage.pen(0.4)
    pen.disc(x, y - u * 0.5, u * 0.26, u * 0.28, stage.tone("#e3c88e", 0.3), 0.9)
    statue(stage, x, y - u * 0.18, u * 0.5)
    table(stage, x, y + u * 0.06, u * 0.56, 0.28, "#8a4a36", "#a8503f")
    vessel(stage, x, y - u * 0.17, u * 0.09, "#7d7a62")
    for lean in (-0.02, 0.0, 0.02):
        pen.stroke([(x, y - u * 0.26), (x + u * lean, y - u * 0.36)], 0.9, start=0.8, end=0.8)
    smoke = colour.mix(stage.light.haze, "#ffffff", 0.4)
    pen.stroke(
        [
            (x, y - u * 0.36), (x + u * 0.05, y - u * 0.52), (x - u * 0.04, y - u * 0.7),
            (x + u * 0.06, y - u * 0.9),
        ],
        5.0,
        smoke,
        opacity=0.4,
    )  # fmt: skip
    candle(stage, x - u * 0.2, y - u * 0.15, stage.unit * 3)
    candle(stage, x + u * 0.2, y - u * 0.15, stage.unit * 3)
    _pillars(stage)


def interior(stage: Stage) -> None:
    """The room that place, period and culture ask for; a living room where nobody knows it."""
    setting = stage.setting
    if setting.period == "scifi" and setting.place in FUTURE:
        FUTURE[setting.place](stage)
    elif setting.future and setting.place in MODERN:
        MODERN[setting.place](stage)
    elif setting.place in WESTERN and (setting.western or setting.place == "church"):
        WESTERN[setting.place](stage)
    elif setting.western and setting.place not in ("cave", "camp"):
        western_room(stage)
    elif not setting.future and setting.place in CHINESE:
        CHINESE[setting.place](stage)
    else:
        INTERIORS.get(setting.place, room)(stage)


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
    "classroom": study,
    "office": study,
    "corridor": hall,
    "church": temple,
    "hospital": room,
    "station": inn,
}
