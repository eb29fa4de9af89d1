"""Caves and tents from inside."""

from __future__ import annotations

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Point
from generation.frames.sketch.furniture import table
from generation.frames.sketch.geometry import arc
from generation.frames.sketch.room_shell import Finish, build
from generation.frames.sketch.stage import Stage


def cave(stage: Stage) -> None:
    """A cave with its mouth of light."""
    w, h, canvas = stage.width, stage.height, stage.canvas
    rock = stage.tone("#6d675f")
    canvas.rect(
        0,
        0,
        w,
        h,
        canvas.down(
            0,
            h,
            (0.0, colour.darker(rock, 0.5), 1),
            (0.5, rock, 1),
            (1.0, colour.darker(rock, 0.25), 1),
        ),
    )
    x, y = w * 0.6, stage.horizon + h * 0.02
    mouth = [
        (x + px * w * 0.24, y + py * h * 0.2)
        for px, py in (
            (-1.0, 1.0), (-0.9, 0.0), (-0.5, -0.7), (0.1, -1.0), (0.7, -0.6), (1.0, 0.2),
            (0.9, 1.0),
        )
    ]  # fmt: skip
    pen = stage.pen(0.2, 1.2)
    glow = canvas.radial(
        x, y, w * 0.8, (0.0, stage.light.sky_low, 0.75), (1.0, stage.light.sky_low, 0.0)
    )
    canvas.rect(0, 0, w, h, glow)
    pen.shape(
        mouth,
        canvas.down(
            y - h * 0.2,
            y + h * 0.2,
            (0.0, stage.light.sky_top, 1),
            (1.0, stage.light.sky_low, 1),
        ),
        1.2,
    )
    floor = [
        (-20, h + 20), (-20, stage.horizon + h * 0.2), (w * 0.3, stage.horizon + h * 0.17),
        (w * 0.62, stage.horizon + h * 0.19), (w + 20, stage.horizon + h * 0.16), (w + 20, h + 20),
    ]  # fmt: skip
    pen.shape(
        floor,
        canvas.down(
            stage.horizon + h * 0.16,
            h,
            (0.0, colour.lighter(rock, 0.18), 1),
            (1.0, colour.darker(rock, 0.3), 1),
        ),
        1.0,
    )
    _stone_frame(stage, rock, x)


def _stone_frame(stage: Stage, rock: str, mouth: float) -> None:
    """Stalactites, shorter before the mouth at that x, and the dark walls of the foreground."""
    w, h, pen = stage.width, stage.height, stage.pen(0.2, 1.2)
    for index in range(13):
        sx = w * (index + 0.5 * stage.rng.random()) / 12
        length = (
            h * (0.07 + 0.2 * stage.rng.random()) * (1.15 if abs(sx - mouth) > w * 0.25 else 0.5)
        )
        wide = w * (0.03 + 0.03 * stage.rng.random())
        pen.shape(
            [
                (sx - wide, -20), (sx - wide * 0.3, length * 0.6), (sx, length, 0),
                (sx + wide * 0.35, length * 0.55), (sx + wide, -20),
            ],
            colour.darker(rock, 0.35 + 0.2 * stage.rng.random()),
            1.0,
        )  # fmt: skip
    for side in (-1.0, 1.0):
        edge = 0.0 if side < 0 else w
        wall: list[Point] = [
            (edge + side * 30, -20), (edge - side * w * 0.17, h * 0.12),
            (edge - side * w * 0.08, h * 0.36), (edge - side * w * 0.15, h * 0.56),
            (edge - side * w * 0.06, h * 0.8), (edge - side * w * 0.12, h + 20),
            (edge + side * 30, h + 20),
        ]  # fmt: skip
        pen.shape(wall, colour.darker(rock, 0.55), 1.1)


def tent_inside(stage: Stage) -> None:
    """Inside of an army tent: canvas folds and a map table."""
    box = build(stage, Finish("#cdb994", "#b7a27c", "#8d7a5c", "#8a6f4a", True))
    pen = stage.pen(0.4)
    for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0):
        top, low = box.at(0.5 + (share - 0.5) * 0.3, 0.0), box.at(share, 1.0)
        pen.stroke([top, low], 1.0, opacity=0.7)
    x, y = box.at(0.5, 1.1)
    table(stage, x, y, box.width * 0.6, 0.2, cloth="#9c4336")
    for index in range(4):
        sx, sy = box.at(0.86 + index * 0.04, 1.0)
        pen.stroke(
            [(sx, sy), (sx + 4, sy - box.height * 0.8)],
            1.6,
            stage.tone("#7a5238", 0.3),
            start=0.9,
            end=0.9,
        )
        pen.shape(
            arc(sx + 4, sy - box.height * 0.84, stage.unit * 0.8, stage.unit * 2.2, count=8),
            stage.tone("#b9c2c6", 0.2),
            0.8,
        )
