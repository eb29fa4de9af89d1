"""Rooms of old China beside hall and study: kitchen, bedchamber, shop, gaol."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch.furniture import candle, lattice, vessel
from generation.frames.sketch.room_shell import FINISHES, Finish
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.wall import flame, wall_of

RED, WOOD = "#a5483a", "#7a5238"


def kitchen(stage: Stage) -> None:
    """A kitchen: brick stove with a great pan, jars, hanging food."""
    wall = wall_of(stage, Finish("#d3c4a6", "#bfae8e", "#9a7f5f", "#6e4a33"))
    lattice(stage, wall.room, 0.6, 0.16, 0.3, 0.36)
    wall.face([(0.06, 1.04), (0.06, 0.66), (0.5, 0.66), (0.5, 1.04)], "#a3907a", 1.0)
    wall.slab(0.04, 0.62, 0.52, 0.68, "#8a7a66", 0.9)
    wall.face([(0.2, 1.04), (0.2, 0.86), (0.28, 0.8), (0.36, 0.86), (0.36, 1.04)], "#2b2624", 0.9)
    flame(wall, 0.28, 1.02, 0.05)
    wall.face([(0.14, 0.62), (0.42, 0.62), (0.36, 0.54), (0.2, 0.54)], "#3a3735", 0.9, True)
    for x, y in ((0.22, 0.44), (0.3, 0.4), (0.34, 0.46)):
        wall.disc(x, y, 0.035, "#f4f1ea", 0)
    for index in range(3):
        x, y = wall.room.at(0.64 + index * 0.13, 1.06)
        vessel(
            stage,
            x,
            y,
            wall.room.unit * (0.17 - 0.02 * index),
            ("#8c5c3f", "#6d6a62", "#a8835a")[index],
        )
    for index in range(4):
        x = 0.1 + index * 0.1
        wall.line([(x, 0.0), (x, 0.16)], 1.1)
        wall.face(
            [(x - 0.02, 0.16), (x + 0.02, 0.16), (x + 0.01, 0.32), (x - 0.01, 0.32)],
            ("#b5483a", "#d8a23c")[index % 2],
            0.8,
        )


def bedroom(stage: Stage) -> None:
    """A bedchamber: canopied bed, dressing table with a mirror."""
    wall = wall_of(stage, FINISHES["classical"])
    for x in (0.08, 0.58):
        wall.slab(x, 0.16, x + 0.025, 1.06, RED)
    wall.slab(0.05, 0.12, 0.64, 0.2, RED)
    wall.slab(0.1, 0.2, 0.58, 0.84, "#8f6f5a", 0.8)
    wall.face(
        [(0.1, 0.2), (0.24, 0.2), (0.15, 0.52), (0.19, 0.98), (0.1, 0.98)], "#d9a9a0", 0.9, True
    )
    wall.face(
        [(0.6, 0.2), (0.46, 0.2), (0.55, 0.52), (0.51, 0.98), (0.6, 0.98)], "#d9a9a0", 0.9, True
    )
    wall.face([(0.1, 0.82), (0.6, 0.82), (0.62, 0.98), (0.08, 0.98)], "#e6dcc4")
    wall.face([(0.16, 0.78), (0.56, 0.78), (0.58, 0.88), (0.14, 0.88)], "#9c4a5a", 0.9, True)
    wall.slab(0.08, 0.96, 0.62, 1.06, WOOD)
    wall.slab(0.72, 0.78, 0.96, 0.82, WOOD)
    for x in (0.73, 0.93):
        wall.slab(x, 0.82, x + 0.02, 1.04, WOOD, 0.7)
    wall.disc(0.84, 0.64, 0.055, "#cfd8d6")
    x, y = wall.room.at(0.93, 0.78)
    candle(stage, x, y, stage.unit * 2.2)


def shop(stage: Stage) -> None:
    """A shop or an apothecary: a wall of drawers and the counter."""
    wall = wall_of(stage, Finish("#d9c6a2", "#c0a67e", "#9a7654", "#6e4a33", True))
    wall.slab(0.08, 0.12, 0.92, 0.74, WOOD, 1.0)
    for row in range(5):
        for index in range(9):
            x, y = 0.1 + index * 0.09, 0.15 + row * 0.115
            wall.slab(x, y, x + 0.08, y + 0.1, "#9a6f48", 0.7)
            wall.disc(x + 0.04, y + 0.05, 0.008, "#d0a23a", 0)
    wall.slab(0.14, 0.86, 0.86, 1.16, "#8a5a3c", 1.0)
    wall.slab(0.1, 0.82, 0.9, 0.87, "#a87850")


def prison(stage: Stage) -> None:
    """A gaol: wooden bars, straw."""
    wall = wall_of(stage, Finish("#8f8676", "#7d7566", "#77695a", "#4f4238"))
    wall.window(0.42, 0.08, 0.6, 0.24, (4, 1), "#3f352c")
    wall.face(
        [(0.1, 1.12), (0.5, 1.04), (0.86, 1.1), (0.9, 1.26), (0.14, 1.28)], "#b59a5a", 0.8, True
    )
    for index in range(9):
        x = 0.02 + index * 0.118
        wall.slab(x, 0.0, x + 0.035, 1.04, "#6a4a34", 0.9)
    for y in (0.3, 0.72):
        wall.slab(0.0, y, 1.0, y + 0.05, "#5a3f2c", 0.9)


CHINESE: dict[str, Callable[[Stage], None]] = {
    "kitchen": kitchen, "bedroom": bedroom, "shop": shop, "prison": prison,
}  # fmt: skip
