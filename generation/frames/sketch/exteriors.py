"""Exteriors: each place as layers from the sky to the foreground."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import buildings, nature
from generation.frames.sketch.stage import Stage


def _far_hills(stage: Stage) -> None:
    h = stage.height
    nature.ridge(stage, stage.horizon + h * 0.01, h * 0.16, "#7e93a0", 0.8, 4)
    nature.ridge(stage, stage.horizon + h * 0.015, h * 0.09, "#7b8f86", 0.6, 5)
    nature.mist(stage, stage.horizon, 0.05, 0.6)


def _skyline(stage: Stage, near: float = 0.55) -> None:
    w, u = stage.width, min(stage.width, stage.height)
    for depth, scale in ((0.85, 0.9), (near, 1.2)):
        for index in range(9):
            x = w * (index - 0.4 + 0.5 * stage.rng.random()) / 8
            if stage.setting.period == "scifi":
                buildings.spire(stage, x, stage.horizon + u * 0.01, u * 0.1 * scale, u * (0.28 + 0.4 * stage.rng.random()) * scale, depth)
            elif stage.setting.period == "modern":
                buildings.tower_block(stage, x, stage.horizon + u * 0.01, u * 0.13 * scale, u * (0.2 + 0.34 * stage.rng.random()) * scale, depth)
            elif index % 4 == 1 and depth > 0.8:
                buildings.pagoda(stage, x, stage.horizon, u * 0.3, depth)
            else:
                buildings.house(stage, x, stage.horizon + u * 0.012 * scale, u * 0.2 * scale, depth)
        nature.mist(stage, stage.horizon, 0.03, 0.4)


def plain(stage: Stage) -> None:
    """Open country."""
    nature.sky(stage)
    _far_hills(stage)
    nature.ground(stage, "#b5ac83", "#c3bf9f")
    nature.path_strip(stage, "#cdbd97", 0.4, 0.4)
    nature.broadleaf(stage, stage.width * 0.16, stage.horizon + stage.height * 0.07, stage.unit * 26, 0.4)
    nature.tufts(stage, 26, "#8a8f5e")


def field(stage: Stage) -> None:
    """Fields and a village."""
    nature.sky(stage)
    _far_hills(stage)
    nature.ground(stage, "#a9ab6f", "#c0bd8e")
    u = min(stage.width, stage.height)
    for x, depth, size in ((0.2, 0.5, 0.2), (0.38, 0.6, 0.16), (0.84, 0.48, 0.22)):
        if stage.setting.period == "modern":
            buildings.tower_block(stage, stage.width * x, stage.horizon + u * 0.02, u * size, u * size * 0.7, depth)
        else:
            buildings.house(stage, stage.width * x, stage.horizon + u * 0.02, u * size, depth)
    nature.broadleaf(stage, stage.width * 0.6, stage.horizon + u * 0.02, u * 0.2, 0.5)
    pen = stage.pen(0.2)
    for index in range(-9, 10):
        far, near = stage.floor(index * 0.35, 0.1), stage.floor(index * 0.21, 1.1)
        pen.stroke([far, near], 2.0, stage.tone("#8c9156", 0.2), opacity=0.7, start=0.2, end=0.9, smooth=False)
    nature.tufts(stage, 34, "#7f8a4e")


def forest(stage: Stage) -> None:
    """A wood: trunks in layers, light from above."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    nature.ridge(stage, stage.horizon + h * 0.01, h * 0.26, "#7d9079", 0.75, 6)
    nature.ground(stage, "#8d8a62", "#a5ab85")
    bamboo = stage.setting.seed % 3 == 0 and stage.setting.period == "classical"
    for depth, count, size in ((0.72, 9, 0.5), (0.5, 7, 0.75), (0.25, 4, 1.1)):
        foot = stage.horizon + (h - stage.horizon) * (1 - depth) * 0.34
        for index in range(count):
            x = w * (index + 0.2 + 0.6 * stage.rng.random()) / count
            if depth < 0.3 and 0.3 < x / w < 0.7:
                continue
            if bamboo:
                nature.bamboo(stage, x, foot, u * size * 0.9, depth)
            elif stage.rng.random() < 0.5:
                nature.pine(stage, x, foot, u * size * 0.62, depth)
            else:
                nature.broadleaf(stage, x, foot, u * size * 0.62, depth, "#6f8a5c")
        nature.mist(stage, foot, 0.06, 0.35)
    nature.path_strip(stage, "#b5a57f", 0.36, 0.5)
    nature.tufts(stage, 30, "#6f7d4e")
    nature.branch_frame(stage, True)


def mountain(stage: Stage) -> None:
    """Peaks in mist and a ledge."""
    nature.sky(stage)
    h, w = stage.height, stage.width
    nature.ridge(stage, stage.horizon + h * 0.02, h * 0.4, "#8296a3", 0.85, 3)
    nature.mist(stage, stage.horizon - h * 0.06, 0.07, 0.75)
    nature.ridge(stage, stage.horizon + h * 0.03, h * 0.27, "#75897f", 0.6, 4)
    nature.mist(stage, stage.horizon, 0.06, 0.7)
    nature.ridge(stage, stage.horizon + h * 0.07, h * 0.13, "#6c7c66", 0.35, 5)
    nature.ground(stage, "#a39a80", "#b5b49c")
    nature.pine(stage, w * 0.12, stage.horizon + h * 0.14, stage.unit * 46, 0.2)
    nature.rock(stage, w * 0.9, stage.horizon + h * 0.16, stage.unit * 15, 0.2)
    nature.rock(stage, w * 0.72, stage.horizon + h * 0.12, stage.unit * 7, 0.35)
    nature.tufts(stage, 18, "#7c8058")


def river(stage: Stage) -> None:
    """A river bank with a willow, a bridge far off."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    _far_hills(stage)
    shore = stage.horizon + (h - stage.horizon) * 0.42
    nature.water(stage, stage.horizon, shore + h * 0.03)
    pen = stage.pen(0.5)
    bx, by = w * 0.66, stage.horizon + h * 0.03
    pen.shape([(bx - u * 0.24, by, 0), (bx, by - u * 0.1), (bx + u * 0.24, by, 0), (bx + u * 0.2, by + u * 0.01), (bx + u * 0.1, by - u * 0.02), (bx, by - u * 0.04), (bx - u * 0.1, by - u * 0.02), (bx - u * 0.2, by + u * 0.01)], stage.tone("#b0a794", 0.5), 1.0)
    buildings.boat(stage, w * 0.3, stage.horizon + h * 0.07, u * 0.09, 0.4)
    bank = [(-20, shore + h * 0.02), (w * 0.3, shore - h * 0.01), (w * 0.66, shore + h * 0.03), (w + 20, shore), (w + 20, h + 20), (-20, h + 20)]
    tone = stage.tone("#a7a479") if stage.setting.weather != "snow" else stage.tone("#e9edf0")
    stage.pen(0.2).shape(bank, tone, 1.0)
    nature.willow(stage, w * 0.9, shore + h * 0.06, u * 0.66, 0.15)
    nature.rock(stage, w * 0.12, shore + h * 0.04, u * 0.09, 0.2)
    saved = stage.horizon
    stage.horizon = shore
    nature.tufts(stage, 20, "#7f8a52")
    stage.horizon = saved


def sea(stage: Stage) -> None:
    """Shore and sea."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    shore = stage.horizon + (h - stage.horizon) * 0.5
    nature.water(stage, stage.horizon, shore + h * 0.04, "#6f9aa8")
    buildings.boat(stage, w * 0.72, stage.horizon + h * 0.03, u * 0.08, 0.55)
    pen = stage.pen(0.2)
    for row in range(3):
        y = stage.horizon + (shore - stage.horizon) * (0.35 + 0.27 * row)
        for index in range(5):
            x = w * (index + 0.5 * (row % 2)) / 4.4
            size = u * (0.05 + 0.03 * row)
            pen.stroke([(x - size, y + size * 0.2), (x, y - size * 0.4), (x + size * 0.5, y - size * 0.25), (x + size * 0.36, y - size * 0.05)], 1.6, stage.tone("#f4f4ee", 0.1))
    beach = [(-20, shore + h * 0.05), (w * 0.4, shore), (w + 20, shore + h * 0.03), (w + 20, h + 20), (-20, h + 20)]
    pen.shape(beach, stage.tone("#d8c79f"), 1.0)
    nature.rock(stage, w * 0.08, shore + h * 0.07, u * 0.13, 0.15, "#7f7a70")


def boat(stage: Stage) -> None:
    """On the deck of a boat."""
    nature.sky(stage)
    h, w = stage.height, stage.width
    _far_hills(stage)
    deck = stage.horizon + (h - stage.horizon) * 0.46
    nature.water(stage, stage.horizon, deck + h * 0.03)
    pen = stage.pen(0.1)
    pen.shape([(-20, deck + h * 0.02), (w * 0.5, deck - h * 0.015), (w + 20, deck + h * 0.02), (w + 20, h + 20), (-20, h + 20)], stage.tone("#a07d57"), 1.1)
    for index in range(-6, 7):
        pen.stroke([(w * 0.5 + index * w * 0.09, deck), (w * 0.5 + index * w * 0.22, h)], 1.0, opacity=0.6, start=0.8, end=0.8, smooth=False)
    for y in (0.0, 0.05):
        rail = deck - h * (0.035 + y)
        pen.stroke([(-20, rail + h * 0.035), (w * 0.5, rail), (w + 20, rail + h * 0.035)], 3.0, stage.tone("#6f4f38"), start=0.9, end=0.9)
    pen.shape([(w * 0.86, h), (w * 0.87, -20), (w * 0.9, -20), (w * 0.91, h)], stage.tone("#7a5a3e"), 1.0, smooth=False)
    pen.shape([(w * 0.88, h * 0.02), (w * 0.5, h * 0.06), (w * 0.46, h * 0.26), (w * 0.88, h * 0.34)], stage.tone("#e3d7bb", 0.1), 1.0)


def street(stage: Stage) -> None:
    """A street in perspective, houses on both sides."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    if stage.setting.period in ("modern", "scifi"):
        _skyline(stage, 0.7)
    else:
        _far_hills(stage)
        buildings.pagoda(stage, w * 0.53, stage.horizon + h * 0.01, u * 0.34, 0.75)
    nature.ground(stage, "#b9ad98", "#c9c2b2")
    _street_sides(stage)
    pen = stage.pen(0.3)
    for index in range(-3, 4):
        far, near = stage.floor(index * 0.2, 0.06), stage.floor(index * 0.2, 1.1)
        pen.stroke([far, near], 0.9, opacity=0.45, start=0.3, end=0.9, smooth=False)
    for step in (0.12, 0.2, 0.32, 0.5, 0.75):
        pen.stroke([stage.floor(-0.8, step), stage.floor(0.8, step)], 0.9, opacity=0.4, start=0.8, end=0.8)


def _street_sides(stage: Stage) -> None:
    u = min(stage.width, stage.height)
    for t in (0.14, 0.24, 0.42):
        depth = 0.75 - t * 1.1
        for side in (-1.0, 1.0):
            x, y = stage.floor(side * 0.86, t)
            wide = u * 1.5 * t
            if stage.setting.period == "modern":
                buildings.tower_block(stage, x - wide / 2, y, wide, wide * (1.3 + stage.rng.random()), depth)
            elif stage.setting.period == "scifi":
                buildings.spire(stage, x, y, wide * 0.7, wide * (1.9 + stage.rng.random()), depth)
            else:
                buildings.house(stage, x, y, wide, depth)
                lx, ly = stage.floor(side * 0.5, t)
                buildings.lantern(stage, lx, ly - wide * 0.34, wide * 0.05, depth)


def city(stage: Stage) -> None:
    """A city seen from a height."""
    nature.sky(stage)
    _skyline(stage)
    nature.ground(stage, "#b3aa98", "#c4beae")
    _street_sides(stage)


def gate(stage: Stage) -> None:
    """Before the city gate."""
    nature.sky(stage)
    _far_hills(stage)
    nature.ground(stage, "#bfb08f", "#cbc2a9")
    if stage.setting.period in ("modern", "scifi"):
        _skyline(stage)
    buildings.city_gate(stage, stage.width * 0.5, stage.horizon + stage.height * 0.04, min(stage.width, stage.height) * 0.95, 0.4)
    nature.path_strip(stage, "#cfc2a2", 0.5)
    nature.tufts(stage, 12, "#8a8f5e")


def courtyard(stage: Stage) -> None:
    """A courtyard: hall in the back, walls, a tree."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    nature.ground(stage, "#b9b09a", "#c9c3b2")
    pen = stage.pen(0.4)
    foot = stage.horizon + h * 0.05
    pen.shape([(-20, foot), (-20, foot - u * 0.26), (w + 20, foot - u * 0.26), (w + 20, foot)], stage.tone("#ddd3c0", 0.4), 0.9, smooth=False)
    pen.shape([(-20, foot - u * 0.26), (-20, foot - u * 0.3), (w + 20, foot - u * 0.3), (w + 20, foot - u * 0.26)], stage.tone("#6b7278", 0.4), 0.9, smooth=False)
    if stage.setting.period in ("modern", "scifi"):
        _skyline(stage, 0.6)
    else:
        buildings.house(stage, w * 0.5, foot + u * 0.01, u * 0.72, 0.38)
    nature.broadleaf(stage, w * 0.1, foot + h * 0.07, u * 0.62, 0.18, "#8a9a62")
    nature.rock(stage, w * 0.9, foot + h * 0.05, u * 0.1, 0.25)
    for index in range(-5, 6):
        pen.stroke([stage.floor(index * 0.26, 0.16), stage.floor(index * 0.26, 1.1)], 0.9, opacity=0.4, start=0.4, end=0.9, smooth=False)
    for step in (0.22, 0.34, 0.52, 0.78):
        pen.stroke([stage.floor(-1.2, step), stage.floor(1.2, step)], 0.9, opacity=0.4, start=0.8, end=0.8)


def battlefield(stage: Stage) -> None:
    """A battlefield: smoke, banners, spears, armies in the distance."""
    nature.sky(stage)
    _far_hills(stage)
    nature.ground(stage, "#a2906f", "#b9ad95")
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    for x in (0.2, 0.75):
        for puff in range(4):
            pen = stage.pen(0.6)
            pen.disc(w * x + u * 0.05 * puff, stage.horizon - u * (0.05 + 0.09 * puff), u * (0.05 + 0.03 * puff), u * (0.05 + 0.024 * puff), stage.tone("#5c5652", 0.45), 0, opacity=0.42)
    for depth, count, t in ((0.75, 26, 0.04), (0.5, 14, 0.13)):
        foot = stage.horizon + (h - stage.horizon) * t
        for index in range(count):
            x = w * (index + stage.rng.random()) / count
            size = u * (0.05 + 0.35 * t)
            pen = stage.pen(depth)
            pen.stroke([(x, foot), (x + size * 0.3, foot - size * 1.9)], 1.2, start=0.8, end=0.3)
            pen.shape(buildings.person_shape(x, foot, size, "classical", stage.rng.random()), stage.tone("#6f6459", depth), 0.7)
            if index % 7 == 3:
                buildings.banner(stage, x, foot, size * 1.6, depth, "#9c4336")
    for x, size in ((0.1, 0.3), (0.88, 0.36)):
        buildings.banner(stage, w * x, stage.horizon + h * 0.2, u * size, 0.2, "#8f3b31")
    nature.tufts(stage, 16, "#84774f")


def camp(stage: Stage) -> None:
    """An army camp or a modern campsite."""
    nature.sky(stage)
    _far_hills(stage)
    nature.ground(stage, "#aca07a", "#bdb698")
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    for x, t, size, depth in ((0.66, 0.06, 0.07, 0.65), (0.4, 0.09, 0.09, 0.55), (0.86, 0.16, 0.14, 0.4), (0.14, 0.22, 0.19, 0.28)):
        buildings.tent(stage, w * x, stage.horizon + (h - stage.horizon) * t, u * size, depth)
    fx, fy = w * 0.58, stage.horizon + (h - stage.horizon) * 0.26
    if stage.setting.daytime in ("night", "dusk"):
        glow = stage.canvas.radial(fx, fy, u * 0.4, (0.0, "#ffb45c", 0.6), (1.0, "#ffb45c", 0.0))
        stage.canvas.rect(fx - u * 0.4, fy - u * 0.4, u * 0.8, u * 0.8, glow)
    pen = stage.pen(0.2)
    pen.shape([(fx - u * 0.03, fy), (fx - u * 0.035, fy - u * 0.04), (fx - u * 0.01, fy - u * 0.06), (fx, fy - u * 0.11, 0), (fx + u * 0.02, fy - u * 0.05), (fx + u * 0.035, fy - u * 0.03), (fx + u * 0.03, fy)], "#ef8f3c", 0.9)
    pen.stroke([(fx - u * 0.05, fy + u * 0.01), (fx + u * 0.05, fy - u * 0.005)], 3.0, start=0.8, end=0.8)
    pen.stroke([(fx - u * 0.05, fy - u * 0.005), (fx + u * 0.05, fy + u * 0.012)], 3.0, start=0.8, end=0.8)
    nature.tufts(stage, 18, "#84804f")


def sky_place(stage: Stage) -> None:
    """Among the clouds."""
    nature.sky(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    stage.canvas.rect(0, stage.horizon, w, h, stage.canvas.linear(0, stage.horizon, 0, h, (0.0, stage.light.sky_low, 1), (1.0, stage.tone("#dfe6ea", 0.2), 1)))
    if stage.setting.period in ("fantasy", "classical"):
        buildings.house(stage, w * 0.7, stage.horizon - h * 0.02, u * 0.34, 0.7)
        buildings.pagoda(stage, w * 0.26, stage.horizon, u * 0.4, 0.75)
    for row in range(7):
        y = stage.horizon + (h - stage.horizon) * (row / 6.5) ** 1.3
        for _ in range(3):
            nature.cloud(stage, w * stage.rng.random(), y, u * (0.14 + 0.05 * row) * (0.8 + 0.4 * stage.rng.random()), 0.95)


def front(stage: Stage) -> None:
    """The outside of a house, for halls and rooms seen from without."""
    courtyard(stage)


Exterior = Callable[[Stage], None]
EXTERIORS: dict[str, Exterior] = {
    "plain": plain,
    "field": field,
    "forest": forest,
    "mountain": mountain,
    "river": river,
    "sea": sea,
    "boat": boat,
    "street": street,
    "city": city,
    "gate": gate,
    "courtyard": courtyard,
    "battlefield": battlefield,
    "camp": camp,
    "sky": sky_place,
    "palace": gate,
    "cave": mountain,
    "inn": street,
    "temple": courtyard,
    "hall": front,
    "room": front,
    "study": front,
}
