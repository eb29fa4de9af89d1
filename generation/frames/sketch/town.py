"""Streets, cities, gates and courtyards."""

from __future__ import annotations

from generation.frames.sketch import (
    buildings_classical,
    buildings_modern,
    buildings_western,
    land,
    plants,
    sky,
    things,
)
from generation.frames.sketch.stage import Stage


def skyline(stage: Stage, near: float = 0.55) -> None:
    w, u = stage.width, min(stage.width, stage.height)
    for depth, scale in ((0.85, 0.9), (near, 1.2)):
        for index in range(9):
            x = w * (index - 0.4 + 0.5 * stage.rng.random()) / 8
            if stage.setting.period == "scifi":
                buildings_modern.spire(
                    stage,
                    x,
                    stage.horizon + u * 0.01,
                    u * 0.1 * scale,
                    u * (0.28 + 0.4 * stage.rng.random()) * scale,
                    depth,
                )
            elif stage.setting.period == "modern":
                buildings_modern.tower_block(
                    stage,
                    x,
                    stage.horizon + u * 0.01,
                    u * 0.13 * scale,
                    u * (0.2 + 0.34 * stage.rng.random()) * scale,
                    depth,
                )
            elif stage.setting.western:
                if index == 4 and depth > 0.8:
                    buildings_western.church(stage, x, stage.horizon, u * 0.34, depth)
                else:
                    buildings_western.house(
                        stage, x, stage.horizon + u * 0.012 * scale, u * 0.2 * scale, depth
                    )
            elif index % 4 == 1 and depth > 0.8:
                buildings_classical.pagoda(stage, x, stage.horizon, u * 0.3, depth)
            else:
                buildings_classical.house(
                    stage, x, stage.horizon + u * 0.012 * scale, u * 0.2 * scale, depth
                )
        land.mist(stage, stage.horizon, 0.03, 0.4)


def street(stage: Stage) -> None:
    """A street in perspective, houses on both sides."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    if stage.setting.period in ("modern", "scifi"):
        skyline(stage, 0.7)
    else:
        land.far_hills(stage)
        if stage.setting.western:
            buildings_western.church(stage, w * 0.5, stage.horizon + h * 0.01, u * 0.3, 0.75)
        else:
            buildings_classical.pagoda(stage, w * 0.53, stage.horizon + h * 0.01, u * 0.34, 0.75)
    land.ground(stage, "#b9ad98", "#c9c2b2")
    _street_sides(stage)
    pen = stage.pen(0.3)
    for index in range(-3, 4):
        far, near = stage.floor(index * 0.2, 0.06), stage.floor(index * 0.2, 1.1)
        pen.stroke([far, near], 0.9, opacity=0.45, start=0.3, end=0.9, smooth=False)
    for step in (0.12, 0.2, 0.32, 0.5, 0.75):
        pen.stroke(
            [stage.floor(-0.8, step), stage.floor(0.8, step)], 0.9, opacity=0.4, start=0.8, end=0.8
        )


def _street_sides(stage: Stage) -> None:
    u = min(stage.width, stage.height)
    for t in (0.14, 0.24, 0.42):
        depth = 0.75 - t * 1.1
        for side in (-1.0, 1.0):
            x, y = stage.floor(side * 0.86, t)
            wide = u * 1.5 * t
            if stage.setting.period == "modern":
                buildings_modern.tower_block(
                    stage, x - wide / 2, y, wide, wide * (1.3 + stage.rng.random()), depth
                )
            elif stage.setting.period == "scifi":
                buildings_modern.spire(
                    stage, x, y, wide * 0.7, wide * (1.9 + stage.rng.random()), depth
                )
            elif stage.setting.western:
                buildings_western.row(stage, x, y, wide, depth)
            else:
                buildings_classical.house(stage, x, y, wide, depth)
                lx, ly = stage.floor(side * 0.5, t)
                things.lantern(stage, lx, ly - wide * 0.34, wide * 0.05, depth)


def city(stage: Stage) -> None:
    """A city seen from a height."""
    sky.wash(stage)
    skyline(stage)
    land.ground(stage, "#b3aa98", "#c4beae")
    _street_sides(stage)


def gate(stage: Stage) -> None:
    """Before the city gate."""
    sky.wash(stage)
    land.far_hills(stage)
    land.ground(stage, "#bfb08f", "#cbc2a9")
    if stage.setting.period in ("modern", "scifi"):
        skyline(stage)
    draw = buildings_western.castle if stage.setting.western else buildings_classical.city_gate
    draw(
        stage,
        stage.width * 0.5,
        stage.horizon + stage.height * 0.04,
        min(stage.width, stage.height) * 0.95,
        0.4,
    )
    land.path_strip(stage, "#cfc2a2", 0.5)
    plants.tufts(stage, 12, "#8a8f5e")


def garden(stage: Stage) -> None:
    """A garden: lawn, hedges, rose trees, the house behind them."""
    if not stage.setting.western:
        courtyard(stage)
        return
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    land.ground(stage, "#9fb06a", "#b5bf8a")
    foot = stage.horizon + h * 0.03
    buildings_western.manor(stage, w * 0.56, foot, u * 0.62, 0.5)
    pen = stage.pen(0.35)
    hedge = [
        (-20, foot + u * 0.05),
        (-20, foot - u * 0.06),
        (w * 0.34, foot - u * 0.08),
        (w * 0.36, foot + u * 0.05),
    ]
    pen.shape(hedge, stage.tone("#6f8a4e", 0.35), 1.0, smooth=False)
    hedge = [
        (w * 0.72, foot + u * 0.05),
        (w * 0.74, foot - u * 0.08),
        (w + 20, foot - u * 0.06),
        (w + 20, foot + u * 0.05),
    ]
    pen.shape(hedge, stage.tone("#6f8a4e", 0.35), 1.0, smooth=False)
    land.path_strip(stage, "#d8c9a0", 0.3, 0.2)
    for x, size in ((0.1, 0.34), (0.92, 0.4)):
        ty = foot + h * 0.07
        plants.broadleaf(stage, w * x, ty, u * size, 0.2, "#7f9a56")
        for dx, dy in ((-0.1, -0.7), (0.08, -0.82), (0.16, -0.58), (-0.02, -0.56)):
            stage.pen(0.2).disc(
                w * x + u * size * dx, ty + u * size * dy, u * 0.018, u * 0.018, "#c0394a", 0.8
            )
    plants.tufts(stage, 26, "#7f9a4e")


def courtyard(stage: Stage) -> None:
    """A courtyard: hall in the back, walls, a tree."""
    sky.wash(stage)
    h, w, u = stage.height, stage.width, min(stage.width, stage.height)
    land.ground(stage, "#b9b09a", "#c9c3b2")
    pen = stage.pen(0.4)
    foot = stage.horizon + h * 0.05
    pen.shape(
        [(-20, foot), (-20, foot - u * 0.26), (w + 20, foot - u * 0.26), (w + 20, foot)],
        stage.tone("#ddd3c0", 0.4),
        0.9,
        smooth=False,
    )
    pen.shape(
        [
            (-20, foot - u * 0.26), (-20, foot - u * 0.3), (w + 20, foot - u * 0.3),
            (w + 20, foot - u * 0.26),
        ],
        stage.tone("#6b7278", 0.4),
        0.9,
        smooth=False,
    )  # fmt: skip
    if stage.setting.period in ("modern", "scifi"):
        skyline(stage, 0.6)
    elif stage.setting.western:
        buildings_western.manor(stage, w * 0.5, foot + u * 0.01, u * 0.8, 0.38)
    else:
        buildings_classical.house(stage, w * 0.5, foot + u * 0.01, u * 0.72, 0.38)
    plants.broadleaf(stage, w * 0.1, foot + h * 0.07, u * 0.62, 0.18, "#8a9a62")
    land.rock(stage, w * 0.9, foot + h * 0.05, u * 0.1, 0.25)
    for index in range(-5, 6):
        pen.stroke(
            [stage.floor(index * 0.26, 0.16), stage.floor(index * 0.26, 1.1)],
            0.9,
            opacity=0.4,
            start=0.4,
            end=0.9,
            smooth=False,
        )
    for step in (0.22, 0.34, 0.52, 0.78):
        pen.stroke(
            [stage.floor(-1.2, step), stage.floor(1.2, step)], 0.9, opacity=0.4, start=0.8, end=0.8
        )
