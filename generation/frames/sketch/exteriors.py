"""Exteriors: each place as layers from the sky to the foreground."""

from __future__ import annotations

from collections.abc import Callable

from generation.frames.sketch import (
    buildings_classical,
    buildings_modern,
    buildings_western,
    colour,
    crowd,
    land,
    plants,
    sky,
    things,
)
from generation.frames.sketch.modern_places import FUTURE_OUTSIDE, MODERN_OUTSIDE, chapel
from generation.frames.sketch.stage import Stage
from generation.frames.sketch.town import city, courtyard, garden, gate, street


def plain(stage: Stage) -> None:
    """Open country."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#b5ac83", "#c3bf9f")
    land.path_strip(stage, "#cdbd97", 0.4, 0.4)
    plants.broadleaf(
        stage, stage.width * 0.16, stage.horizon + stage.height * 0.07, stage.unit * 26, 0.4
    )
    plants.tufts(stage, 26, "#8a8f5e")


def field(stage: Stage) -> None:
    """Fields and a village."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#a9ab6f", "#c0bd8e")
    u = min(stage.width, stage.height)
    for x, depth, size in ((0.2, 0.5, 0.2), (0.38, 0.6, 0.16), (0.84, 0.48, 0.22)):
        if stage.setting.period == "modern":
            buildings_modern.tower_block(
                stage, stage.width * x, stage.horizon + u * 0.02, u * size, u * size * 0.7, depth
            )
        else:
            house = buildings_western.house if stage.setting.western else buildings_classical.house
            house(stage, stage.width * x, stage.horizon + u * 0.02, u * size, depth)
    plants.broadleaf(stage, stage.width * 0.6, stage.horizon + u * 0.02, u * 0.2, 0.5)
    pen = stage.pen(0.2)
    for index in range(-9, 10):
        far, near = stage.floor(index * 0.35, 0.1), stage.floor(index * 0.21, 1.1)
        pen.stroke(
            [far, near],
            2.0,
            stage.tone("#8c9156", 0.2),
            opacity=0.7,
            start=0.2,
            end=0.9,
            smooth=False,
        )
    plants.tufts(stage, 34, "#7f8a4e")


def forest(stage: Stage) -> None:
    """A wood: trunks in layers, light from above."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    land.ridge(stage, stage.horizon + h * 0.01, h * 0.26, "#7d9079", 0.75, 6)
    land.ground(stage, "#8d8a62", "#a5ab85")
    bamboo = stage.setting.seed % 3 == 0 and stage.setting.period == "classical"
    for depth, count, size in ((0.72, 9, 0.5), (0.5, 7, 0.75), (0.25, 4, 1.1)):
        foot = stage.horizon + (h - stage.horizon) * (1 - depth) * 0.34
        for index in range(count):
            x = w * (index + 0.2 + 0.6 * stage.rng.random()) / count
            if depth < 0.3 and 0.3 < x / w < 0.7:
                continue
            if bamboo:
                plants.bamboo(stage, x, foot, u * size * 0.9, depth)
            elif stage.rng.random() < 0.5:
                plants.pine(stage, x, foot, u * size * 0.62, depth)
            else:
                plants.broadleaf(stage, x, foot, u * size * 0.62, depth, "#6f8a5c")
        land.mist(stage, foot, 0.06, 0.35)
    land.path_strip(stage, "#b5a57f", 0.36, 0.5)
    plants.tufts(stage, 30, "#6f7d4e")
    plants.branch_frame(stage, True)


def mountain(stage: Stage) -> None:
    """Peaks in mist and a ledge."""
    sky.wash(stage)
    h, w = stage.height, stage.width
    land.ridge(stage, stage.horizon + h * 0.02, h * 0.4, "#8296a3", 0.85, 3)
    land.mist(stage, stage.horizon - h * 0.06, 0.07, 0.75)
    land.ridge(stage, stage.horizon + h * 0.03, h * 0.27, "#75897f", 0.6, 4)
    land.mist(stage, stage.horizon, 0.06, 0.7)
    land.ridge(stage, stage.horizon + h * 0.07, h * 0.13, "#6c7c66", 0.35, 5)
    land.ground(stage, "#a39a80", "#b5b49c")
    plants.pine(stage, w * 0.12, stage.horizon + h * 0.14, stage.unit * 46, 0.2)
    land.rock(stage, w * 0.9, stage.horizon + h * 0.16, stage.unit * 15, 0.2)
    land.rock(stage, w * 0.72, stage.horizon + h * 0.12, stage.unit * 7, 0.35)
    plants.tufts(stage, 18, "#7c8058")


def river(stage: Stage) -> None:
    """A river bank with a willow, a bridge far off."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    land.far_hills(stage)
    shore = stage.horizon + (h - stage.horizon) * 0.42
    land.water(stage, stage.horizon, shore + h * 0.03)
    pen = stage.pen(0.5)
    bx, by = w * 0.66, stage.horizon + h * 0.03
    pen.shape(
        [
            (bx - u * 0.24, by, 0), (bx, by - u * 0.1), (bx + u * 0.24, by, 0),
            (bx + u * 0.2, by + u * 0.01), (bx + u * 0.1, by - u * 0.02), (bx, by - u * 0.04),
            (bx - u * 0.1, by - u * 0.02), (bx - u * 0.2, by + u * 0.01),
        ],
        stage.tone("#b0a794", 0.5),
        1.0,
    )  # fmt: skip
    things.boat(stage, w * 0.3, stage.horizon + h * 0.07, u * 0.09, 0.4)
    bank = [
        (-20, shore + h * 0.02), (w * 0.3, shore - h * 0.01), (w * 0.66, shore + h * 0.03),
        (w + 20, shore), (w + 20, h + 20), (-20, h + 20),
    ]  # fmt: skip
    tone = stage.tone("#a7a479") if stage.setting.weather != "snow" else stage.tone("#e9edf0")
    stage.pen(0.2).shape(bank, tone, 1.0)
    plants.willow(stage, w * 0.9, shore + h * 0.06, u * 0.66, 0.15)
    land.rock(stage, w * 0.12, shore + h * 0.04, u * 0.09, 0.2)
    saved = stage.horizon
    stage.horizon = shore
    plants.tufts(stage, 20, "#7f8a52")
    stage.horizon = saved


def sea(stage: Stage) -> None:
    """Shore and sea."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    shore = stage.horizon + (h - stage.horizon) * 0.5
    land.water(stage, stage.horizon, shore + h * 0.04, "#6f9aa8")
    things.boat(stage, w * 0.72, stage.horizon + h * 0.03, u * 0.08, 0.55)
    pen = stage.pen(0.2)
    for row in range(3):
        y = stage.horizon + (shore - stage.horizon) * (0.35 + 0.27 * row)
        for index in range(5):
            x = w * (index + 0.5 * (row % 2)) / 4.4
            size = u * (0.05 + 0.03 * row)
            pen.stroke(
                [
                    (x - size, y + size * 0.2), (x, y - size * 0.4),
                    (x + size * 0.5, y - size * 0.25), (x + size * 0.36, y - size * 0.05),
                ],
                1.6,
                stage.tone("#f4f4ee", 0.1),
            )  # fmt: skip
    beach = [
        (-20, shore + h * 0.05), (w * 0.4, shore), (w + 20, shore + h * 0.03), (w + 20, h + 20),
        (-20, h + 20),
    ]  # fmt: skip
    pen.shape(beach, stage.tone("#d8c79f"), 1.0)
    land.rock(stage, w * 0.08, shore + h * 0.07, u * 0.13, 0.15, "#7f7a70")


def boat(stage: Stage) -> None:
    """On the deck of a boat."""
    sky.wash(stage)
    h, w = stage.height, stage.width
    land.far_hills(stage)
    deck = stage.horizon + (h - stage.horizon) * 0.46
    land.water(stage, stage.horizon, deck + h * 0.03)
    pen = stage.pen(0.1)
    pen.shape(
        [
            (-20, deck + h * 0.02), (w * 0.5, deck - h * 0.015), (w + 20, deck + h * 0.02),
            (w + 20, h + 20), (-20, h + 20),
        ],
        stage.tone("#a07d57"),
        1.1,
    )  # fmt: skip
    for index in range(-6, 7):
        pen.stroke(
            [(w * 0.5 + index * w * 0.09, deck), (w * 0.5 + index * w * 0.22, h)],
            1.0,
            opacity=0.6,
            start=0.8,
            end=0.8,
            smooth=False,
        )
    for y in (0.0, 0.05):
        rail = deck - h * (0.035 + y)
        pen.stroke(
            [(-20, rail + h * 0.035), (w * 0.5, rail), (w + 20, rail + h * 0.035)],
            3.0,
            stage.tone("#6f4f38"),
            start=0.9,
            end=0.9,
        )
    pen.shape(
        [(w * 0.86, h), (w * 0.87, -20), (w * 0.9, -20), (w * 0.91, h)],
        stage.tone("#7a5a3e"),
        1.0,
        smooth=False,
    )
    sail = [
        (w * 0.88, h * 0.01, 0), (w * 0.62, h * 0.03), (w * 0.5, h * 0.08, 0), (w * 0.53, h * 0.18),
        (w * 0.47, h * 0.29, 0), (w * 0.66, h * 0.33), (w * 0.88, h * 0.36, 0),
    ]  # fmt: skip
    pen.shape(sail, stage.tone("#e3d7bb", 0.1), 1.0)
    for share in (0.2, 0.4, 0.6, 0.8):
        pen.stroke(
            [
                (w * 0.88, h * (0.01 + 0.35 * share)),
                (w * (0.5 + 0.02 * (share > 0.3)), h * (0.08 + 0.21 * share)),
            ],
            1.6,
            stage.tone("#8a6a45", 0.1),
            start=0.8,
            end=0.8,
        )


def battlefield(stage: Stage) -> None:
    """A battlefield: smoke, banners, spears, armies in the distance."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#a2906f", "#b9ad95")
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    land.smoke(stage, w * 0.2, stage.horizon, u * 0.36, 0.55)
    land.smoke(stage, w * 0.74, stage.horizon, u * 0.28, 0.65)
    for depth, count, t in ((0.75, 26, 0.04), (0.5, 14, 0.13)):
        foot = stage.horizon + (h - stage.horizon) * t
        for index in range(count):
            x = w * (index + stage.rng.random()) / count
            size = u * (0.05 + 0.35 * t)
            pen = stage.pen(depth)
            pen.stroke([(x, foot), (x + size * 0.3, foot - size * 1.9)], 1.2, start=0.8, end=0.3)
            pen.shape(
                crowd.person_shape(x, foot, size, "classical", stage.rng.random()),
                stage.tone("#6f6459", depth),
                0.7,
            )
            if index % 7 == 3:
                things.banner(stage, x, foot, size * 1.6, depth, "#9c4336")
    for x, size in ((0.1, 0.3), (0.88, 0.36)):
        things.banner(stage, w * x, stage.horizon + h * 0.2, u * size, 0.2, "#8f3b31")
    plants.tufts(stage, 16, "#84774f")


def camp(stage: Stage) -> None:
    """An army camp or a modern campsite."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#aca07a", "#bdb698")
    w, h, u = stage.width, stage.height, min(stage.width, stage.height)
    for x, t, size, depth in (
        (0.66, 0.06, 0.07, 0.65),
        (0.4, 0.09, 0.09, 0.55),
        (0.86, 0.16, 0.14, 0.4),
        (0.14, 0.22, 0.19, 0.28),
    ):
        things.tent(stage, w * x, stage.horizon + (h - stage.horizon) * t, u * size, depth)
    fx, fy = w * 0.58, stage.horizon + (h - stage.horizon) * 0.26
    if stage.setting.daytime in ("night", "dusk"):
        glow = stage.canvas.radial(fx, fy, u * 0.4, (0.0, "#ffb45c", 0.6), (1.0, "#ffb45c", 0.0))
        stage.canvas.rect(fx - u * 0.4, fy - u * 0.4, u * 0.8, u * 0.8, glow)
    pen = stage.pen(0.2)
    pen.shape(
        [
            (fx - u * 0.03, fy), (fx - u * 0.035, fy - u * 0.04), (fx - u * 0.01, fy - u * 0.06),
            (fx, fy - u * 0.11, 0), (fx + u * 0.02, fy - u * 0.05), (fx + u * 0.035, fy - u * 0.03),
            (fx + u * 0.03, fy),
        ],
        "#ef8f3c",
        0.9,
    )  # fmt: skip
    pen.stroke(
        [(fx - u * 0.05, fy + u * 0.01), (fx + u * 0.05, fy - u * 0.005)], 3.0, start=0.8, end=0.8
    )
    pen.stroke(
        [(fx - u * 0.05, fy - u * 0.005), (fx + u * 0.05, fy + u * 0.012)], 3.0, start=0.8, end=0.8
    )
    plants.tufts(stage, 18, "#84804f")


def sky_place(stage: Stage) -> None:
    """Among the clouds."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    stage.canvas.rect(
        0,
        stage.horizon,
        w,
        h,
        stage.canvas.linear(
            0,
            stage.horizon,
            0,
            h,
            (0.0, stage.light.sky_low, 1),
            (1.0, stage.tone("#dfe6ea", 0.2), 1),
        ),
    )
    if stage.setting.western:
        buildings_western.castle(stage, w * 0.6, stage.horizon - h * 0.01, u * 0.5, 0.75)
    elif not stage.setting.future:
        buildings_classical.house(stage, w * 0.7, stage.horizon - h * 0.02, u * 0.34, 0.7)
        buildings_classical.pagoda(stage, w * 0.26, stage.horizon, u * 0.4, 0.75)
    for row in range(7):
        y = stage.horizon + (h - stage.horizon) * (row / 6.5) ** 1.3
        for _ in range(3):
            sky.cloud(
                stage,
                w * stage.rng.random(),
                y,
                u * (0.14 + 0.05 * row) * (0.8 + 0.4 * stage.rng.random()),
                0.95,
            )


def desert(stage: Stage) -> None:
    """Dunes; in science fiction the plain of another planet."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    red = stage.setting.period == "scifi"
    sand = "#b8704c" if red else "#d3b983"
    land.ridge(stage, stage.horizon + h * 0.02, h * 0.1, "#9a6a55" if red else "#c3a878", 0.7, 3)
    land.ground(stage, sand, "#c98a66" if red else "#dfcda0")
    pen = stage.pen(0.3)
    for row in range(3):
        y = stage.horizon + (h - stage.horizon) * (0.14 + 0.2 * row)
        dune = [
            (-20, y + u * 0.06),
            (w * (0.2 + 0.2 * row), y - u * 0.05),
            (w * (0.5 + 0.16 * row), y + u * 0.02),
            (w + 20, y - u * 0.02),
            (w + 20, y + u * 0.2),
            (-20, y + u * 0.2),
        ]
        pen.shape(dune, colour.darker(stage.tone(sand, 0.3 - 0.1 * row), 0.05 * row), 0.9)
    land.rock(
        stage, w * 0.14, stage.horizon + h * 0.1, u * 0.1, 0.25, "#8a5f4a" if red else "#a3906c"
    )


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
    "hall": courtyard,
    "room": courtyard,
    "study": courtyard,
    "garden": garden,
    "desert": desert,
    "bridge": city,
    "station": street,
    "shop": street,
    "hospital": street,
    "office": street,
    "classroom": courtyard,
    "church": field,
    "prison": gate,
    "kitchen": courtyard,
    "bedroom": courtyard,
    "corridor": courtyard,
}


def exterior(stage: Stage) -> None:
    """The place as the setting's time and culture have it; open country where nobody knows it."""
    setting = stage.setting
    later = {"modern": MODERN_OUTSIDE, "scifi": FUTURE_OUTSIDE}.get(setting.period, {})
    drawn = later.get(setting.place)
    if drawn is None and setting.place == "church":
        drawn = chapel
    (drawn or EXTERIORS.get(setting.place, plain))(stage)
