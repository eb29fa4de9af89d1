"""Places outside in our time and later that classical ones do not stand for: doors, ruins, decks."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import buildings_modern, buildings_western, colour, land, plants, sky
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.town import skyline

GLASS, STEEL, LAMP = "#a9c6cf", "#7b858c", "#9fe8ea"


def _box(
    pen: Pen, x0: float, y0: float, x1: float, y1: float, paint: str, ink: float = 0.9
) -> None:
    pen.shape([(x0, y0), (x0, y1), (x1, y1), (x1, y0)], paint, ink, smooth=False)


def _pavement(stage: Stage, paint: str, far: str) -> None:
    land.ground(stage, paint, far)
    pen = stage.pen(0.3)
    for index in range(-5, 6):
        pen.stroke(
            [stage.floor(index * 0.26, 0.14), stage.floor(index * 0.26, 1.1)],
            0.9, opacity=0.4, start=0.4, end=0.9, smooth=False,
        )  # fmt: skip
    for step in (0.22, 0.34, 0.52, 0.78):
        pen.stroke(
            [stage.floor(-1.2, step), stage.floor(1.2, step)], 0.9, opacity=0.4, start=0.8, end=0.8
        )


def entrance(stage: Stage) -> None:
    """Before the doors of a modern building: glass, a canopy, steps."""
    sky.wash(stage)
    skyline(stage, 0.7)
    _pavement(stage, "#b9b3a8", "#c9c4b8")
    w, u = stage.width, min(stage.width, stage.height)
    foot, half = stage.horizon + stage.height * 0.05, u * 0.46
    pen, top = stage.pen(0.35), stage.horizon - u * 0.62
    _box(pen, w * 0.5 - half, foot, w * 0.5 + half, top, stage.tone("#c9c2b4", 0.35), 1.0)
    lit = stage.light.dark or stage.setting.daytime == "dusk"
    pane = stage.light.glow if lit else stage.tone(GLASS, 0.4)
    for row in range(2):
        for column in range(5):
            x = w * 0.5 - half + half * (0.12 + 0.38 * column)
            y = top + u * (0.06 + 0.15 * row)
            dark = colour.darker(stage.tone(GLASS, 0.4), 0.5)
            shown = pane if not lit or (column + row) % 3 else dark
            _box(pen, x, y + u * 0.1, x + half * 0.26, y, shown, 0.7)
    door = foot - u * 0.24
    _box(pen, w * 0.5 - u * 0.2, foot, w * 0.5 + u * 0.2, door, pane, 1.0)
    for x in (-0.1, 0.0, 0.1):
        pen.stroke(
            [(w * 0.5 + u * x, foot), (w * 0.5 + u * x, door)], 1.6, stage.tone(STEEL, 0.3),
            start=0.9, end=0.9, smooth=False,
        )  # fmt: skip
    _box(
        pen,
        w * 0.5 - u * 0.3,
        door,
        w * 0.5 + u * 0.3,
        door - u * 0.045,
        stage.tone("#5f6a72", 0.3),
    )
    for step in range(2):
        y, reach = foot + u * 0.03 * step, u * (0.26 + 0.05 * step)
        _box(
            pen, w * 0.5 - reach, y + u * 0.03, w * 0.5 + reach, y, stage.tone("#d3cdc0", 0.25), 0.8
        )
    plants.broadleaf(stage, w * 0.08, foot + u * 0.1, u * 0.44, 0.2, "#7f9a62")


def airlock(stage: Stage) -> None:
    """Before the gate of a city or a hull of science fiction."""
    sky.wash(stage)
    skyline(stage, 0.7)
    _pavement(stage, "#9aa4ac", "#b4bcc2")
    w, u = stage.width, min(stage.width, stage.height)
    foot, pen = stage.horizon + stage.height * 0.05, stage.pen(0.3)
    wall = stage.tone("#8d9aa6", 0.35)
    pen.shape(
        [
            (w * 0.5 - u * 0.62, foot, 0), (w * 0.5 - u * 0.5, foot - u * 0.5, 0.3),
            (w * 0.5 - u * 0.2, foot - u * 0.72), (w * 0.5 + u * 0.2, foot - u * 0.72),
            (w * 0.5 + u * 0.5, foot - u * 0.5, 0.3), (w * 0.5 + u * 0.62, foot, 0),
        ],
        wall,
        1.1,
    )  # fmt: skip
    pen.shape(
        [
            (w * 0.5 - u * 0.28, foot, 0), (w * 0.5 - u * 0.28, foot - u * 0.3, 0),
            (w * 0.5 - u * 0.16, foot - u * 0.44, 0), (w * 0.5 + u * 0.16, foot - u * 0.44, 0),
            (w * 0.5 + u * 0.28, foot - u * 0.3, 0), (w * 0.5 + u * 0.28, foot, 0),
        ],
        colour.darker(wall, 0.35),
        1.2,
    )  # fmt: skip
    pen.stroke([(w * 0.5, foot), (w * 0.5, foot - u * 0.44)], 2.0, start=0.9, end=0.9)
    for side in (-1.0, 1.0):
        x = w * 0.5 + side * u * 0.36
        stage.canvas.rect(x - u * 0.012, foot - u * 0.36, u * 0.024, u * 0.3, LAMP, 0.85)
        pen.stroke(
            [(w * 0.5 + side * u * 0.5, foot - u * 0.02), (w * 0.5 + side * u * 0.42, foot - u * 0.46)],
            1.2, start=0.8, end=0.8,
        )  # fmt: skip
    stage.canvas.rect(w * 0.5 - u * 0.1, foot - u * 0.56, u * 0.2, u * 0.03, LAMP, 0.85)


def ruins(stage: Stage) -> None:
    """A battlefield of our time or later: broken towers, smoke, craters."""
    sky.wash(stage)
    land.far_hills(stage)
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    land.ground(stage, "#968b7c", "#aaa296")
    land.smoke(stage, w * 0.2, stage.horizon, u * 0.36, 0.55)
    land.smoke(stage, w * 0.74, stage.horizon, u * 0.28, 0.65)
    pen = stage.pen(0.5)
    for index in range(6):
        x, wide = w * (0.02 + 0.17 * index), u * (0.1 + 0.05 * stage.rng.random())
        high = u * (0.16 + 0.3 * stage.rng.random())
        y, tone = stage.horizon + h * 0.02, stage.tone("#7f7a74", 0.5)
        pen.shape(
            [
                (x, y), (x, y - high), (x + wide * 0.25, y - high * 0.8), (x + wide * 0.4, y - high * 0.95),
                (x + wide * 0.6, y - high * 0.6), (x + wide * 0.8, y - high * 0.72), (x + wide, y - high * 0.4),
                (x + wide, y),
            ],
            tone,
            0.9,
            smooth=False,
        )  # fmt: skip
        for row in range(3):
            for column in range(2):
                wx, wy = x + wide * (0.18 + 0.34 * column), y - high * (0.16 + 0.16 * row)
                stage.canvas.rect(wx, wy, wide * 0.18, high * 0.09, colour.darker(tone, 0.5), 0.9)
    for x, t, size in ((0.2, 0.3, 0.13), (0.74, 0.2, 0.1), (0.56, 0.5, 0.16)):
        y = stage.horizon + (h - stage.horizon) * t
        ground = stage.tone("#7d7264", 0.2)
        stage.pen(0.2).disc(w * x, y, u * size, u * size * 0.22, colour.darker(ground, 0.3), 0.9)
    for x, t, size in ((0.1, 0.16, 0.07), (0.9, 0.24, 0.1), (0.36, 0.12, 0.05)):
        land.rock(stage, w * x, stage.horizon + (h - stage.horizon) * t, u * size, 0.25, "#8a837a")


def deck(stage: Stage) -> None:
    """The deck of a motor ship: rail, cabin, lifebelt."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    land.far_hills(stage)
    edge = stage.horizon + (h - stage.horizon) * 0.46
    land.water(stage, stage.horizon, edge + h * 0.03)
    pen = stage.pen(0.1)
    pen.shape(
        [(-20, edge), (w + 20, edge), (w + 20, h + 20), (-20, h + 20)],
        stage.tone("#b9a78a" if stage.setting.period == "modern" else "#93a0aa"),
        1.0,
        smooth=False,
    )
    for index in range(-6, 7):
        pen.stroke(
            [(w * 0.5 + index * w * 0.09, edge), (w * 0.5 + index * w * 0.22, h)],
            0.9, opacity=0.5, start=0.8, end=0.8, smooth=False,
        )  # fmt: skip
    white = stage.tone("#f1f3f2", 0.1)
    for y in (0.0, 0.05, 0.1):
        pen.stroke(
            [(-20, edge - u * y), (w + 20, edge - u * y)],
            2.4,
            white,
            start=0.9,
            end=0.9,
            smooth=False,
        )
    for index in range(9):
        x = w * index / 8
        pen.stroke([(x, edge + u * 0.01), (x, edge - u * 0.11)], 2.8, white, start=0.9, end=0.9)
    side = w * 0.84
    _box(pen, side, h * 0.78, w + 20, edge - u * 0.5, stage.tone("#e6e8e6", 0.1), 1.0)
    for x in (0.88, 0.95):
        pen.disc(w * x, edge - u * 0.28, u * 0.04, u * 0.04, stage.tone(GLASS, 0.1), 1.0)
    pen.disc(w * 0.2, edge - u * 0.05, u * 0.06, u * 0.06, "#d8603f", 1.0)
    pen.disc(w * 0.2, edge - u * 0.05, u * 0.035, u * 0.035, stage.tone("#6f9aa8", 0.1), 0.9)


def campsite(stage: Stage) -> None:
    """Tents of today round a fire, a wood behind."""
    sky.wash(stage)
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    land.far_hills(stage)
    land.ground(stage, "#a3a877", "#b8bb92")
    for x in (0.06, 0.22, 0.8, 0.95):
        plants.pine(stage, w * x, stage.horizon + h * 0.02, u * 0.34, 0.5)
    for x, t, size, paint in ((0.74, 0.14, 0.2, "#d07a3e"), (0.2, 0.2, 0.24, "#3f8f8a")):
        y, pen = stage.horizon + (h - stage.horizon) * t, stage.pen(0.3)
        tone = stage.tone(paint, 0.25)
        pen.shape(
            [
                (w * x - u * size, y, 0), (w * x - u * size * 0.7, y - u * size * 0.6),
                (w * x, y - u * size * 0.84), (w * x + u * size * 0.7, y - u * size * 0.6),
                (w * x + u * size, y, 0),
            ],
            tone,
            1.0,
        )  # fmt: skip
        pen.shape(
            [
                (w * x - u * size * 0.34, y, 0), (w * x, y - u * size * 0.66, 0),
                (w * x + u * size * 0.34, y, 0),
            ],
            colour.darker(tone, 0.5),
            0.9,
        )  # fmt: skip
    plants.tufts(stage, 24, "#7f8a4e")


def chapel(stage: Stage) -> None:
    """Before a church."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#a9b078", "#bcc095")
    u = min(stage.width, stage.height)
    foot = stage.horizon + stage.height * 0.04
    buildings_western.church(stage, stage.width * 0.5, foot, u * 0.8, 0.35)
    land.path_strip(stage, "#cfc2a2", 0.4)
    plants.broadleaf(stage, stage.width * 0.1, foot + u * 0.08, u * 0.4, 0.25)
    plants.tufts(stage, 20, "#8a8f5e")


def colony(stage: Stage) -> None:
    """Fields of science fiction: glass domes over green."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#97a37c", "#b3ba98")
    w, u = stage.width, min(stage.width, stage.height)
    for x, size in ((0.2, 0.16), (0.84, 0.2), (0.52, 0.11)):
        y, pen = stage.horizon + u * 0.03, stage.pen(0.45)
        pen.shape(
            [
                (w * x - u * size, y, 0), (w * x - u * size * 0.75, y - u * size * 0.66),
                (w * x, y - u * size), (w * x + u * size * 0.75, y - u * size * 0.66),
                (w * x + u * size, y, 0),
            ],
            stage.tone("#bfe0dc", 0.4),
            1.0,
        )  # fmt: skip
        stage.pen(0.5).disc(
            w * x, y - u * size * 0.2, u * size * 0.6, u * size * 0.2, "#7f9a62", 0.5
        )
    buildings_modern.spire(stage, w * 0.36, stage.horizon + u * 0.02, u * 0.08, u * 0.5, 0.6)
    plants.tufts(stage, 26, "#7f8a4e")


Exterior = Callable[[Stage], None]
MODERN_OUTSIDE: dict[str, Exterior] = {
    "gate": entrance, "palace": entrance, "prison": entrance, "battlefield": ruins, "boat": deck,
    "camp": campsite, "church": chapel, "hospital": entrance, "office": entrance, "classroom": entrance,
    "station": entrance, "hall": entrance,
}  # fmt: skip
FUTURE_OUTSIDE: dict[str, Exterior] = {
    **MODERN_OUTSIDE, "gate": airlock, "palace": airlock, "prison": airlock, "hospital": airlock,
    "office": airlock, "station": airlock, "hall": airlock, "classroom": airlock, "field": colony,
}  # fmt: skip
