"""Rooms of our time: office, classroom, hospital, kitchen, bedroom, shop, station."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch.modern_rooms import window_wall
from generation.frames.sketch.room_shell import FINISHES, Finish
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.wall import Wall, books, wall_of

HOME = FINISHES["modern"]
TILED = Finish("#e9edec", "#d5dcda", "#b9c2c0", "#c7cdcb")
OFFICE = Finish("#dfe3e4", "#c7cdcf", "#8f969a", "#b5bbbd")


def office(stage: Stage) -> None:
    """An office: a window on the city, desks with screens, files."""
    wall = wall_of(stage, OFFICE)
    window_wall(stage, wall.room, False)
    for x in (0.14, 0.52):
        desk(wall, x, 1.14)
        screen(wall, x + 0.16, 0.9)
    books(wall, 0.02, 0.34, 0.2, 1.0, 4, "#9aa3a6")


def classroom(stage: Stage) -> None:
    """A classroom: blackboard, teacher's desk, rows of desks, a clock."""
    wall = wall_of(stage, Finish("#e6e3d3", "#d3d0bd", "#a98f6c", "#b3aa9b", True))
    wall.slab(0.12, 0.22, 0.88, 0.68, "#8a6240", 1.0)
    wall.slab(0.14, 0.25, 0.86, 0.65, "#3f5f4f", 0.8)
    for row, share in ((0.32, 0.5), (0.41, 0.66), (0.5, 0.36)):
        wall.line([(0.2, row), (0.2 + share * 0.6, row)], 1.3, "#dfe8dc")
    wall.disc(0.5, 0.1, 0.035, "#f6f3ea", 1.0)
    wall.line([(0.5, 0.1), (0.5, 0.075)], 1.2)
    wall.line([(0.5, 0.1), (0.517, 0.1)], 1.2)
    wall.face([(0.36, 0.8), (0.64, 0.8), (0.64, 1.06), (0.36, 1.06)], "#a87c4f")
    for row, (y, wide) in enumerate(((1.2, 0.2), (1.46, 0.28))):
        for side in (-1, 0, 1):
            x = 0.5 + side * (0.42 + 0.16 * row) - wide / 2
            desk(wall, x, y, wide, "#b98f5c")


def hospital(stage: Stage) -> None:
    """A ward: bed, drip, curtain, a cross on the wall."""
    wall = wall_of(stage, TILED)
    wall.window(0.62, 0.18, 0.9, 0.6, (2, 2), "#ffffff")
    wall.slab(0.44, 0.14, 0.54, 0.16 + 0.1 * wall.square, "#ffffff", 0.9)
    cross = 0.1 * wall.square
    wall.slab(0.48, 0.16, 0.5, 0.14 + cross, "#c0392f", 0)
    wall.slab(0.455, 0.13 + cross * 0.55, 0.525, 0.15 + cross * 0.75, "#c0392f", 0)
    wall.slab(0.04, 0.62, 0.1, 1.02, "#b5bfc2")
    wall.face([(0.08, 0.78), (0.5, 0.78), (0.56, 1.02), (0.06, 1.02)], "#f4f6f4")
    wall.face([(0.2, 0.82), (0.52, 0.82), (0.58, 1.06), (0.16, 1.06)], "#9fc3cf")
    wall.face([(0.1, 0.7), (0.22, 0.7), (0.23, 0.8), (0.09, 0.8)], "#ffffff", 0.8, True)
    wall.line([(0.6, 0.3), (0.6, 1.04)], 1.8, "#8f9a9d")
    wall.face([(0.57, 0.3), (0.63, 0.3), (0.63, 0.42), (0.6, 0.46), (0.57, 0.42)], "#d7ecf2", 0.8)
    wall.line([(0.6, 0.46), (0.52, 0.8)], 0.9, "#9fb5bd")
    wall.face([(0.92, 0.06), (1.0, 0.06), (1.0, 1.0), (0.94, 1.0), (0.96, 0.5)], "#a9cfc4", 0.9)


def corridor(stage: Stage) -> None:
    """A corridor with doors, benches and lamps."""
    wall = wall_of(stage, TILED, 0.14)
    wall.slab(0.3, 0.2, 0.7, 1.0, "#cfd8d6", 0.9)
    wall.slab(0.32, 0.24, 0.495, 1.0, "#9fb0ae", 0.9)
    wall.slab(0.505, 0.24, 0.68, 1.0, "#9fb0ae", 0.9)
    for x in (0.36, 0.55):
        wall.slab(x, 0.36, x + 0.09, 0.56, "#e6f0f0", 0.8)
    wall.slab(0.4, 0.1, 0.6, 0.16, "#3f8a6a", 0.8)
    for y in (-0.06, -0.3):
        wall.slab(0.4 + y * 0.2, y, 0.6 - y * 0.2, y + 0.03, "#ffffff", 0.8)
    for x in (0.03, 0.76):
        wall.slab(x, 0.84, x + 0.22, 0.9, "#5f7f8a")
        wall.slab(x, 0.66, x + 0.22, 0.76, "#6f8f9a")
        for leg in (0.02, 0.18):
            wall.slab(x + leg, 0.9, x + leg + 0.02, 1.06, "#4f5a5f", 0.6)


def kitchen(stage: Stage) -> None:
    """A kitchen: units, stove, extractor, refrigerator, a table."""
    wall = wall_of(stage, Finish("#e6e2d8", "#d6d0c4", "#b5a58c", "#b3aa9b"))
    for row in range(3):
        for index in range(7):
            x = 0.06 + index * 0.1
            wall.slab(
                x,
                0.42 + row * 0.08,
                x + 0.1,
                0.5 + row * 0.08,
                ("#e9efee", "#dbe5e3")[(index + row) % 2],
                0.4,
            )
    wall.slab(0.06, 0.16, 0.3, 0.4, "#b98f5c")
    wall.slab(0.31, 0.16, 0.42, 0.4, "#b98f5c")
    wall.face(
        [(0.46, 0.36), (0.7, 0.36), (0.64, 0.26), (0.64, 0.08), (0.52, 0.08), (0.52, 0.26)],
        "#b5bfc2",
    )
    wall.slab(0.06, 0.68, 0.76, 0.72, "#f4f1ea")
    wall.slab(0.06, 0.72, 0.76, 1.0, "#a87c4f")
    for x in (0.24, 0.42, 0.58):
        wall.line([(x, 0.74), (x, 0.98)], 1.0)
    wall.slab(0.5, 0.655, 0.68, 0.68, "#33383a")
    wall.slab(0.52, 0.57, 0.62, 0.655, "#8f9a9d")
    wall.slab(0.13, 0.56, 0.19, 0.68, "#c0564a", 0.8)
    wall.slab(0.8, 0.24, 0.97, 1.02, "#dfe6e8", 1.0)
    wall.line([(0.8, 0.52), (0.97, 0.52)], 1.4)
    wall.line([(0.825, 0.34), (0.825, 0.46)], 2.0, "#8f9a9d")
    desk(wall, 0.28, 1.22, 0.44, "#a87c4f")


def bedroom(stage: Stage) -> None:
    """A bedroom: bed, bedside lamp, window, wardrobe."""
    wall = wall_of(stage, HOME)
    wall.window(0.56, 0.16, 0.86, 0.6, (2, 1), "#f4f1ea")
    wall.drapes(0.56, 0.16, 0.86, 0.6, "#7f95a3")
    wall.slab(0.02, 0.18, 0.2, 1.02, "#a87c4f", 1.0)
    wall.line([(0.11, 0.2), (0.11, 1.0)], 1.2)
    wall.slab(0.28, 0.6, 0.82, 0.86, "#8a6240")
    wall.face([(0.3, 0.82), (0.8, 0.82), (0.86, 1.14), (0.24, 1.14)], "#f1ece0")
    wall.face([(0.28, 0.92), (0.82, 0.92), (0.88, 1.18), (0.22, 1.18)], "#7f95a3")
    for x in (0.33, 0.58):
        wall.face(
            [(x, 0.72), (x + 0.18, 0.72), (x + 0.19, 0.84), (x - 0.01, 0.84)], "#ffffff", 0.8, True
        )
    wall.slab(0.88, 0.82, 0.99, 1.04, "#8a6240")
    wall.glow(0.935, 0.66, 0.5)
    wall.face([(0.9, 0.72), (0.97, 0.72), (0.955, 0.6), (0.915, 0.6)], "#f0d9a0")
    wall.line([(0.935, 0.72), (0.935, 0.82)], 2.0)


def shop(stage: Stage) -> None:
    """A shop or a café: shelves of goods, a counter, lamps."""
    wall = wall_of(stage, HOME)
    for row in range(4):
        y = 0.3 + row * 0.15
        for index in range(9):
            x = 0.05 + index * 0.062
            paint = ("#c0564a", "#d3a13c", "#5f8f7a", "#4f7a9a", "#e9e4d6")[(index * 2 + row) % 5]
            wall.slab(x, y - 0.1, x + 0.045, y, paint, 0.6)
        wall.slab(0.04, y, 0.62, y + 0.018, "#a87c4f", 0.7)
    wall.window(0.68, 0.2, 0.96, 0.72, (2, 1), "#5f6a6d")
    wall.slab(0.5, 0.84, 0.98, 1.16, "#8a6240", 1.0)
    wall.slab(0.48, 0.8, 1.0, 0.85, "#d8c39a")
    for x in (0.3, 0.7):
        wall.line([(x, -0.1), (x, 0.06)], 1.4)
        wall.glow(x, 0.1, 0.4)
        wall.face(
            [(x - 0.05, 0.12), (x + 0.05, 0.12), (x + 0.02, 0.05), (x - 0.02, 0.05)], "#3f4a4d"
        )


def station(stage: Stage) -> None:
    """A platform or a train from inside: doors, line map, seats."""
    wall = wall_of(stage, Finish("#dfe4e6", "#c3cbcf", "#8a9296", "#9aa5aa"), 0.16)
    wall.slab(0.06, 0.06, 0.94, 0.14, "#f4f6f6")
    wall.line([(0.1, 0.1), (0.9, 0.1)], 3.0, "#c0392f")
    for index in range(7):
        wall.disc(0.12 + index * 0.125, 0.1, 0.012, "#ffffff", 0.8)
    for x in (0.36, 0.51):
        wall.slab(x, 0.22, x + 0.14, 1.0, "#aeb9be", 1.0)
        wall.slab(x + 0.025, 0.3, x + 0.115, 0.66, "#33414a", 0.9)
    for x in (0.04, 0.7):
        wall.slab(x, 0.26, x + 0.26, 0.58, "#33414a", 0.9)
        wall.slab(x, 0.72, x + 0.26, 0.84, "#3f7f9a")
        wall.slab(x, 0.84, x + 0.26, 0.93, "#4f8fab")
    for x in (0.3, 0.7):
        wall.line([(x, -0.1), (x, 1.1)], 2.6, "#e0c45a")


def prison(stage: Stage) -> None:
    """A cell or an interrogation room."""
    wall = wall_of(stage, Finish("#a9aeae", "#949a9a", "#7d8384", "#858b8c"))
    wall.window(0.38, 0.12, 0.62, 0.32, (6, 1), "#4a4f50")
    wall.slab(0.08, 0.24, 0.28, 1.0, "#6d7678", 1.0)
    wall.slab(0.13, 0.34, 0.23, 0.44, "#33383a", 0.8)
    desk(wall, 0.4, 1.16, 0.44, "#8a9091")
    wall.line([(0.62, -0.1), (0.62, 0.3)], 1.4)
    wall.glow(0.62, 0.36, 0.5)
    wall.face([(0.56, 0.38), (0.68, 0.38), (0.64, 0.29), (0.6, 0.29)], "#3f4a4d")


def desk(wall: Wall, x: float, y: float, wide: float = 0.34, paint: str = "#b0875a") -> None:
    """A plain table; `y` its foot line."""
    q = wall.square * 0.62
    top = y - 0.3 * q * wide / 0.34
    for leg in (x + 0.01, x + wide - 0.03):
        wall.slab(leg, top, leg + 0.02, y, "#5f6a6d", 0.7)
    wall.slab(x, top - 0.03, x + wide, top + 0.02, paint, 0.9)


def screen(wall: Wall, x: float, y: float) -> None:
    """A monitor standing on `y`."""
    q = wall.square * 0.62
    wall.slab(x + 0.05, y - 0.05 * q, x + 0.08, y, "#4a4f50", 0.7)
    wall.slab(x, y - 0.27 * q, x + 0.13, y - 0.05 * q, "#2f3538", 0.9)
    wall.slab(x + 0.008, y - 0.25 * q, x + 0.122, y - 0.07 * q, "#9fd0de", 0.5)


MODERN: dict[str, Callable[[Stage], None]] = {
    "office": office, "study": office, "classroom": classroom, "hospital": hospital, "corridor": corridor,
    "kitchen": kitchen, "bedroom": bedroom, "shop": shop, "inn": shop, "station": station, "prison": prison,
}  # fmt: skip
