"""The back wall of modern rooms and of science fiction."""

from __future__ import annotations

from generation.frames.sketch.buildings_modern import spire, tower_block
from generation.frames.sketch.room_shell import Room
from generation.frames.sketch.stage import Stage


def window_wall(stage: Stage, box: Room, dressed: bool = True) -> None:
    """A wide window on the city, and (`dressed`) what else is on the wall of that period."""
    x0, y0 = box.at(0.3, 0.14)
    x1, y1 = box.at(0.94, 0.7)
    pen, light = stage.pen(0.35), stage.light
    fill = stage.canvas.linear(0, y0, 0, y1, (0.0, light.sky_top, 1), (1.0, light.sky_low, 1))
    line = pen.shape([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, 0, smooth=False)
    with stage.canvas.clip(line):
        for index in range(6):
            bx = x0 + (x1 - x0) * index / 6
            high = (y1 - y0) * (0.3 + 0.5 * stage.rng.random())
            if stage.setting.period == "scifi":
                spire(stage, bx + 20, y1, (x1 - x0) * 0.12, high, 0.7)
            else:
                tower_block(stage, bx, y1, (x1 - x0) * 0.15, high, 0.7)
    pen.contour(line, 1.8)
    for step in (1, 2):
        px = x0 + (x1 - x0) * step / 3
        pen.stroke([(px, y0), (px, y1)], 2.0, stage.tone("#8b8f92", 0.3), start=0.9, end=0.9)
    if not dressed:
        return
    if stage.setting.period == "scifi":
        _console(stage, box)
    else:
        _picture(stage, box)


def _console(stage: Stage, box: Room) -> None:
    pen = stage.pen(0.35)
    for row in (0.82, 0.9):
        ax, ay = box.at(0.02, row)
        stage.canvas.rect(ax, ay, box.width * 0.96, stage.unit * 0.5, "#8fe3e6", 0.8)
    for side in (0.1, 0.2):
        ax, ay = box.at(side, 0.3)
        pen.shape(
            [
                (ax, ay), (ax + box.width * 0.07, ay),
                (ax + box.width * 0.07, ay + box.height * 0.34), (ax, ay + box.height * 0.34),
            ],
            "#2f4a57",
            1.0,
            smooth=False,
        )  # fmt: skip
        for row in range(5):
            stage.canvas.rect(
                ax + box.width * 0.01,
                ay + box.height * (0.04 + 0.055 * row),
                box.width * 0.05 * stage.rng.random(),
                stage.unit * 0.5,
                "#8fe3e6",
                0.9,
            )


def _picture(stage: Stage, box: Room) -> None:
    pen = stage.pen(0.35)
    px, py = box.at(0.08, 0.22)
    pen.shape(
        [
            (px, py), (px + box.width * 0.15, py), (px + box.width * 0.15, py + box.height * 0.24),
            (px, py + box.height * 0.24),
        ],
        stage.tone("#f4efe4", 0.2),
        1.3,
        smooth=False,
    )  # fmt: skip
    pen.disc(
        px + box.width * 0.075,
        py + box.height * 0.12,
        box.width * 0.045,
        box.height * 0.08,
        stage.tone("#c08a66", 0.3),
        0,
    )
