"""Rooms of Europe and its fantasies before our time: hearth, sash windows, gothic arches."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch.furniture import candle, table, vessel
from generation.frames.sketch.room_shell import Finish
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.wall import Wall, books, flame, wall_of

PARLOUR = Finish("#c9bf9f", "#b3a888", "#8f6a48", "#7a5638", True)
STONE = Finish("#b9b2a4", "#a09a8d", "#8c8478", "#6b5a48")
PLAIN = Finish("#e2dac8", "#cfc5af", "#a08560", "#7a5a3e", True)


def room(stage: Stage) -> None:
    """A parlour: hearth, window with curtains, pictures, an armchair."""
    wall = wall_of(stage, PARLOUR)
    _paper(wall, "#bcae8a")
    wall.window(0.6, 0.2, 0.86, 0.68, (2, 4))
    wall.drapes(0.6, 0.2, 0.86, 0.68, "#8f4a42")
    hearth(wall, 0.27)
    wall.picture(0.17, 0.14, 0.2, 0.2)
    armchair(wall, 0.72, 1.1)


def bedroom(stage: Stage) -> None:
    """A bedchamber with a four-poster."""
    wall = wall_of(stage, PARLOUR)
    _paper(wall, "#b9b59c")
    wall.window(0.64, 0.2, 0.88, 0.66, (2, 4))
    wall.drapes(0.64, 0.2, 0.88, 0.66, "#5f6f80")
    for x in (0.06, 0.52):
        wall.slab(x, 0.2, x + 0.025, 1.08, "#6e4a2f")
    wall.face(
        [(0.03, 0.2), (0.58, 0.2), (0.56, 0.3), (0.3, 0.27), (0.05, 0.3)], "#8f4a42", 0.9, True
    )
    wall.slab(0.08, 0.5, 0.52, 0.8, "#7d5538")
    wall.face([(0.05, 0.78), (0.54, 0.78), (0.58, 1.06), (0.02, 1.06)], "#ece4d2")
    wall.face([(0.03, 0.9), (0.57, 0.9), (0.6, 1.1), (0.0, 1.1)], "#5f7f8a")
    wall.face([(0.12, 0.68), (0.28, 0.68), (0.29, 0.8), (0.11, 0.8)], "#fbf7ec", 0.8, True)
    wall.face([(0.32, 0.68), (0.48, 0.68), (0.49, 0.8), (0.31, 0.8)], "#fbf7ec", 0.8, True)


def study(stage: Stage) -> None:
    """A library: shelves to the ceiling, a desk, a globe."""
    wall = wall_of(stage, Finish("#9a8a6c", "#85765c", "#7d5a3c", "#5f4430", True))
    books(wall, 0.03, 0.1, 0.36, 1.0, 5)
    books(wall, 0.7, 0.1, 0.97, 1.0, 5)
    wall.window(0.43, 0.16, 0.63, 0.66, (2, 4))
    wall.drapes(0.43, 0.16, 0.63, 0.66, "#4f6a52")
    x, y = wall.room.at(0.52, 1.12)
    table(stage, x, y, wall.room.unit * 0.5, 0.2, "#6e4a2f")
    candle(stage, x + wall.room.unit * 0.15, y - wall.room.unit * 0.2, stage.unit * 2.8)
    wall.disc(0.44, 0.88, 0.05, "#7f9aa0")


def kitchen(stage: Stage) -> None:
    """A kitchen: range, pans, a dresser with plates, a table."""
    wall = wall_of(stage, PLAIN)
    wall.slab(0.06, 0.5, 0.42, 1.02, "#6d6660", 1.0)
    wall.slab(0.1, 0.62, 0.38, 0.98, "#2b2624", 0.9)
    flame(wall, 0.24, 0.96, 0.07)
    wall.slab(0.04, 0.44, 0.44, 0.51, "#8a7f70", 0.9)
    for index in range(4):
        x = 0.09 + index * 0.1
        wall.line([(x, 0.18), (x, 0.25)], 1.2)
        wall.disc(
            x,
            0.25 + 0.05 * wall.square,
            0.034 + 0.006 * (index % 2),
            ("#a8643c", "#6d6660")[index % 2],
        )
    wall.slab(0.56, 0.2, 0.92, 1.0, "#8a6240", 1.0)
    for row in range(3):
        y = 0.36 + row * 0.15
        for index in range(4):
            wall.disc(
                0.61 + index * 0.088,
                y - 0.035 * wall.square,
                0.034,
                ("#e9e4d6", "#8fa9b5")[(index + row) % 2],
                0.7,
            )
        wall.slab(0.57, y, 0.91, y + 0.015, "#6e4a2f", 0.6)
    x, y = wall.room.at(0.5, 1.2)
    table(stage, x, y, wall.room.unit * 0.56, 0.15, "#a07a50")
    vessel(
        stage,
        x + wall.room.unit * 0.1,
        y - wall.room.unit * 0.22,
        wall.room.unit * 0.1,
        "#c3b391",
        0.15,
    )


def hall(stage: Stage) -> None:
    """A great hall: arched windows, banners, a chandelier."""
    wall = wall_of(stage, STONE, 0.28)
    for x in (0.1, 0.42, 0.74):
        _arch(wall, x, 0.16, 0.16, 0.62)
    for x in (0.31, 0.63):
        wall.face(
            [(x, 0.2), (x + 0.07, 0.2), (x + 0.07, 0.55), (x + 0.035, 0.63), (x, 0.55)], "#8f3b31"
        )
    x, y = wall.room.at(0.5, 1.1)
    table(stage, x, y, wall.room.unit * 0.8, 0.25, "#6e4a2f")
    for share in (-0.28, 0.28):
        candle(stage, x + wall.room.unit * share, y - wall.room.unit * 0.32, stage.unit * 2.8)
    _chandelier(wall)


def palace(stage: Stage) -> None:
    """A throne room of kings and queens."""
    wall = wall_of(stage, Finish("#d8cba4", "#bfae86", "#a88a64", "#8a6a42"), 0.3)
    for x in (0.06, 0.8):
        _arch(wall, x, 0.16, 0.14, 0.6)
    wall.face(
        [(0.26, 0.1), (0.74, 0.1), (0.7, 0.24), (0.6, 0.3), (0.5, 0.26), (0.4, 0.3), (0.3, 0.24)],
        "#9c2f3a",
        1.0,
        True,
    )
    wall.slab(0.33, 0.24, 0.67, 1.0, "#7d2632", 0.8)
    for step in range(3):
        wall.slab(
            0.3 - 0.04 * step,
            0.98 + 0.035 * step,
            0.7 + 0.04 * step,
            1.02 + 0.035 * step,
            "#cfc5af",
        )
    wall.face(
        [
            (0.42, 0.98),
            (0.41, 0.44),
            (0.46, 0.36),
            (0.5, 0.3),
            (0.54, 0.36),
            (0.59, 0.44),
            (0.58, 0.98),
        ],
        "#c9972f",
        1.0,
    )
    wall.slab(0.44, 0.48, 0.56, 0.8, "#8f2f3a", 0.8)
    wall.slab(0.39, 0.8, 0.61, 0.9, "#c9972f", 0.9)
    w, h = stage.width, stage.height
    (x0, y0), (x1, _) = wall.room.at(0.42, 1.08), wall.room.at(0.58, 1.08)
    stage.pen(0.2).shape(
        [(x0, y0), (x1, y0), (w * 0.74, h * 1.02), (w * 0.26, h * 1.02)],
        stage.tone("#9c2f3a", 0.05),
        1.0,
        smooth=False,
    )
    _chandelier(wall)


def inn(stage: Stage) -> None:
    """A tavern: barrels, a counter with mugs, beams."""
    wall = wall_of(stage, Finish("#c7b48e", "#ad9a74", "#85623f", "#5f4430", True))
    for row in range(2):
        for index in range(3 - row):
            _barrel(wall, 0.12 + 0.13 * index + 0.065 * row, 0.9 - 0.2 * row * wall.square * 0.62)
    wall.window(0.62, 0.22, 0.86, 0.6, (3, 3), "#5f4430")
    for x, y, wide in ((0.3, 1.16, 0.36), (0.78, 1.2, 0.4)):
        tx, ty = wall.room.at(x, y)
        table(stage, tx, ty, wall.room.unit * wide, 0.2, "#6e4a2f")
        vessel(stage, tx, ty - wall.room.unit * wide * 0.4, wall.room.unit * 0.07, "#b5b0a2", 0.2)
    _chandelier(wall)


def church(stage: Stage) -> None:
    """A church: stained glass over the altar, benches."""
    wall = wall_of(stage, STONE, 0.3)
    _arch(wall, 0.36, 0.06, 0.28, 0.66, ("#b5483a", "#3f6f9a", "#d3b13c", "#4f8a5a"))
    for x in (0.08, 0.76):
        _arch(wall, x, 0.2, 0.16, 0.5, ("#3f6f9a", "#b5483a", "#6f5a8a", "#d3b13c"))
    wall.slab(0.34, 0.84, 0.66, 1.02, "#e9e4d6")
    wall.slab(0.49, 0.6, 0.51, 0.84, "#c9972f", 0.8)
    wall.slab(0.455, 0.66, 0.545, 0.69, "#c9972f", 0.8)
    for row in range(3):
        for side in (0.02, 0.6):
            wall.slab(
                side - 0.06 * row * (side < 0.5),
                1.12 + row * 0.16,
                side + 0.38 + 0.06 * row * (side > 0.5),
                1.2 + row * 0.18,
                "#6e4a2f",
            )


def cellar(stage: Stage) -> None:
    """A dungeon: stones, a barred window, chains."""
    wall = wall_of(stage, Finish("#8a857b", "#77726a", "#6d675f", "#4f4a44"))
    for row in range(6):
        for index in range(5):
            x = 0.2 * index + 0.1 * (row % 2)
            wall.slab(
                x,
                row / 6,
                min(1.0, x + 0.2),
                (row + 1) / 6,
                ("#8a857b", "#928d83", "#837e75")[(index + row * 2) % 3],
                0.6,
            )
    wall.window(0.4, 0.16, 0.6, 0.36, (5, 1), "#3a3735")
    for x in (0.16, 0.84):
        wall.line([(x, 0.34), (x, 0.62)], 3.0, "#4f4a44")
        wall.disc(x, 0.66, 0.03, "#4f4a44")
    wall.face([(0.06, 1.1), (0.4, 1.08), (0.44, 1.2), (0.1, 1.24)], "#b59a5a", 0.8, True)


def hearth(wall: Wall, x: float) -> None:
    """A fireplace with its mantel; `x` its middle."""
    wall.slab(x - 0.16, 0.48, x + 0.16, 1.02, "#b5a184", 1.0)
    wall.slab(x - 0.1, 0.6, x + 0.1, 1.02, "#2b2624", 0.9)
    flame(wall, x, 0.99, 0.055)
    wall.slab(x - 0.19, 0.43, x + 0.19, 0.49, "#d6c8ac", 0.9)
    for side in (-0.13, 0.13):
        px, py = wall.room.at(x + side, 0.43)
        candle(wall.stage, px, py, wall.stage.unit * 2.2)


def armchair(wall: Wall, x: float, y: float, paint: str = "#6f7f5a") -> None:
    """An armchair; (x, y) the middle of its foot."""
    k = wall.room.unit / wall.room.width  # as large in a wide room as in a narrow one
    q = wall.square * 0.62 * k
    back = ((-0.12, 0.1), (-0.13, 0.5), (0.0, 0.58), (0.13, 0.5), (0.12, 0.1))
    seat = (
        (-0.17, 0.0),
        (-0.18, 0.28),
        (-0.11, 0.3),
        (-0.1, 0.16),
        (0.1, 0.16),
        (0.11, 0.3),
        (0.18, 0.28),
        (0.17, 0.0),
    )
    for part in (back, seat):
        wall.face([(x + dx * k, y - dy * q) for dx, dy in part], paint, 1.0, True)


def _paper(wall: Wall, paint: str) -> None:
    """Striped wallpaper over a wainscot."""
    for index in range(11):
        x = 0.02 + index * 0.09
        wall.slab(x, 0.04, x + 0.03, 0.78, paint, 0)
    wall.slab(0.0, 0.78, 1.0, 1.0, "#8f6f4c", 0.8)
    for index in range(1, 8):
        wall.line([(index / 8, 0.8), (index / 8, 0.98)], 0.9, "#6e5436")


def _arch(
    wall: Wall, x: float, y: float, wide: float, high: float, glass: tuple[str, ...] = ()
) -> None:
    """A pointed window; `glass` colours its panes."""
    outline = [
        (x, y + high), (x, y + high * 0.34), (x + wide * 0.14, y + high * 0.14), (x + wide * 0.5, y),
        (x + wide * 0.86, y + high * 0.14), (x + wide, y + high * 0.34), (x + wide, y + high),
    ]  # fmt: skip
    (_, top), (_, low) = wall.room.at(x, y), wall.room.at(x, y + high)
    light = wall.stage.light
    sky = wall.stage.canvas.down(top, low, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1))
    line = wall.pen.shape([wall.room.at(*p) for p in outline], sky, 0, smooth=False)
    with wall.stage.canvas.clip(line):
        for row in range(5 if glass else 0):
            for column in range(3):
                paint = glass[(row + column * 2) % len(glass)]
                wall.slab(
                    x + wide * column / 3,
                    y + high * row / 5,
                    x + wide * (column + 1) / 3,
                    y + high * (row + 1) / 5,
                    paint,
                    0.8,
                )
    wall.pen.contour(line, 2.0)
    wall.line([(x + wide / 2, y), (x + wide / 2, y + high)], 1.4)
    if not glass:
        wall.line([(x, y + high * 0.55), (x + wide, y + high * 0.55)], 1.4)


def _barrel(wall: Wall, x: float, y: float) -> None:
    wall.disc(x, y, 0.062, "#8a5a33", 1.0)
    wall.disc(x, y, 0.046, "#a8743f", 0.8)


def _chandelier(wall: Wall) -> None:
    wall.line([(0.5, -0.2), (0.5, 0.04)], 1.6)
    wall.face(
        [(0.34, 0.05), (0.5, 0.1), (0.66, 0.05), (0.62, 0.09), (0.5, 0.14), (0.38, 0.09)],
        "#4a3a2a",
        0.9,
        True,
    )
    for x in (0.36, 0.45, 0.55, 0.64):
        px, py = wall.room.at(x, 0.055)
        candle(wall.stage, px, py, wall.stage.unit * 1.9)


WESTERN: dict[str, Callable[[Stage], None]] = {
    "room": room, "bedroom": bedroom, "study": study, "office": study, "kitchen": kitchen, "hall": hall,
    "palace": palace, "inn": inn, "shop": inn, "temple": church, "church": church, "prison": cellar,
}  # fmt: skip
