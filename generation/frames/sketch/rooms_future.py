"""Rooms of science fiction: a ship's bridge, cabins, a laboratory."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch.room_shell import Finish
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.wall import Wall, wall_of

HULL = Finish("#8f9dab", "#76848f", "#5f6c78", "#4f5c68")
LIGHT, SCREEN = "#8fe3e6", "#1f3442"


def bridge(stage: Stage) -> None:
    """A ship's bridge: a viewport on the stars and a planet, consoles, the captain's chair."""
    wall = wall_of(stage, HULL, 0.22)
    outline = [(0.06, 0.62), (0.14, 0.14), (0.86, 0.14), (0.94, 0.62)]
    line = wall.pen.shape([wall.room.at(*p) for p in outline], "#0d1524", 0, smooth=False)
    with stage.canvas.clip(line):
        _space(wall)
    wall.pen.contour(line, 2.6)
    for x in (0.34, 0.66):
        wall.line([(x, 0.14), (x + (x - 0.5) * 0.12, 0.62)], 2.4, "#4f5c68")
    for x0, x1 in ((0.02, 0.36), (0.64, 0.98)):
        wall.face([(x0, 1.08), (x0 + 0.03, 0.78), (x1 - 0.03, 0.72), (x1, 1.02)], "#5f6c78", 1.0)
        wall.face(
            [(x0 + 0.05, 0.94), (x0 + 0.07, 0.8), (x1 - 0.06, 0.76), (x1 - 0.04, 0.9)], SCREEN, 0.8
        )
        for row in range(3):
            y = 0.82 + row * 0.035
            wall.line(
                [(x0 + 0.09, y), (x0 + 0.12 + 0.12 * stage.rng.random(), y - 0.01)], 1.4, LIGHT
            )
    wall.face(
        [(0.42, 1.12), (0.41, 0.8), (0.44, 0.68), (0.56, 0.68), (0.59, 0.8), (0.58, 1.12)],
        "#39444f",
        1.0,
        True,
    )
    wall.slab(0.0, 0.02, 1.0, 0.045, LIGHT, 0)


def cabin(stage: Stage) -> None:
    """A cabin or a corridor: a hatch, a porthole, strips of light."""
    wall = wall_of(stage, Finish("#c9d0d6", "#aeb8c1", "#8a959f", "#6d7b88"), 0.16)
    wall.face(
        [(0.34, 1.0), (0.34, 0.34), (0.4, 0.2), (0.6, 0.2), (0.66, 0.34), (0.66, 1.0)],
        "#7d8b98",
        1.2,
    )
    wall.line([(0.5, 0.2), (0.5, 1.0)], 2.0)
    wall.slab(0.43, 0.56, 0.57, 0.6, "#e0a33c", 0.8)
    wall.disc(0.17, 0.4, 0.1, "#4f5c68", 1.0)
    wall.disc(0.17, 0.4, 0.078, "#0d1524", 0.8)
    wall.disc(0.15, 0.37, 0.01, "#ffffff", 0)
    wall.disc(0.2, 0.43, 0.007, "#ffffff", 0)
    wall.slab(0.74, 0.28, 0.94, 0.62, SCREEN, 1.0)
    for row in range(5):
        y = 0.34 + row * 0.05
        wall.line([(0.77, y), (0.8 + 0.12 * stage.rng.random(), y)], 1.6, LIGHT)
    for x in (0.02, 0.97):
        wall.slab(x, 0.1, x + 0.012, 0.98, LIGHT, 0)


def laboratory(stage: Stage) -> None:
    """A laboratory or a sick bay: a glass tank, a bench, panels."""
    wall = wall_of(stage, Finish("#d5dde0", "#b9c5ca", "#93a0a6", "#8592a0"))
    wall.face(
        [(0.1, 0.92), (0.1, 0.3), (0.16, 0.22), (0.28, 0.22), (0.34, 0.3), (0.34, 0.92)],
        "#8fd0cc",
        1.0,
    )
    wall.slab(0.08, 0.9, 0.36, 1.02, "#5f6c78")
    wall.slab(0.46, 0.24, 0.92, 0.6, SCREEN, 1.0)
    wall.line(
        [(0.5, 0.44), (0.58, 0.44), (0.61, 0.32), (0.65, 0.54), (0.69, 0.44), (0.88, 0.44)],
        1.8,
        LIGHT,
    )
    wall.slab(0.44, 0.8, 0.96, 0.86, "#eef3f4")
    wall.slab(0.48, 0.86, 0.92, 1.08, "#8592a0")


def _space(wall: Wall) -> None:
    rng = wall.stage.rng
    for _ in range(46):
        wall.disc(
            rng.random(), 0.1 + 0.56 * rng.random(), 0.002 + 0.003 * rng.random(), "#ffffff", 0
        )
    wall.disc(0.72, 0.56, 0.2, "#c0643c", 0.9)
    wall.disc(0.67, 0.5, 0.05, "#a8522f", 0)
    wall.disc(0.78, 0.6, 0.036, "#d8805a", 0)


FUTURE: dict[str, Callable[[Stage], None]] = {
    "bridge": bridge, "corridor": cabin, "room": cabin, "bedroom": cabin, "hospital": laboratory,
    "study": laboratory, "office": bridge, "station": bridge,
}  # fmt: skip
