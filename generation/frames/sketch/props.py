"""Things that a pose needs: seats, desks, mounts and beds."""

from __future__ import annotations

from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.figure import figure_pen, skeleton_of
from generation.frames.sketch.framings import Placed
from generation.frames.sketch.geometry import compose, placed
from generation.frames.sketch.riding import draw_mount
from generation.frames.sketch.sky import puff
from generation.frames.sketch.stage import Stage

WOOD, DARK = "#8a5a3c", "#6a4530"


def behind(stage: Stage, one: Placed, alone: bool) -> None:
    """What the figure sits on or rides."""
    bones = skeleton_of(one.look, one.stand)
    prop = bones.pose.prop
    pen = figure_pen(stage.canvas, one.stand)
    if prop in ("seat", "desk"):
        _stool(pen, bones.pelvis[1] + 0.42 * bones.body, bones.body * max(1.0, one.look.width))
    elif prop == "mount":
        _mount(pen, bones.pelvis[1] + 0.3 * bones.body, one)
    elif prop == "bed" and (stage.setting.interior or not one.stand.lying):
        _bed(pen, one, _half(stage, one, alone))


def before(stage: Stage, one: Placed, alone: bool) -> None:
    """What stands between the figure and the viewer."""
    bones = skeleton_of(one.look, one.stand)
    prop = bones.pose.prop
    pen = figure_pen(stage.canvas, one.stand)
    if prop == "cloud":
        _cloud(pen, bones.body)
    elif prop == "desk":
        _desk(pen, bones.far_wrist[1] + 0.16 * bones.body, bones.body)
    elif prop == "bed" and not one.stand.lying:
        _quilt(pen, bones.neck[1] + 1.3 * bones.body, _half(stage, one, alone))


def _half(stage: Stage, one: Placed, alone: bool) -> float:
    """Half the width of a bed in head heights: beside others it stays inside of the box."""
    if alone:
        return 2.6
    return min(2.4, max(0.9, one.box[2] * stage.width / one.stand.unit * 0.55))


def _quilt(pen: Pen, top: float, half: float) -> None:
    """The blanket over somebody in bed, seen from above."""
    waves = ((-1.0, 0.1), (-0.5, -0.12), (0.0, 0.0), (0.5, -0.1), (1.0, 0.1))
    edge = [(half * x, top + y) for x, y in waves]
    pen.shape([(-half * 1.1, 0.6, 0), *edge, (half * 1.1, 0.6, 0)], "#b9a98f", 1.1)
    band = [(x, y + 0.3) for x, y in reversed(edge)]
    pen.shape([*edge, *band], "#efe6d2", 0.9)
    for x in (-0.6 * half, -0.15 * half, 0.33 * half, 0.7 * half):
        pen.stroke(
            [(x, top + 0.6), (x * 1.1 + 0.1, top + 1.6), (x * 1.2, top + 2.6)], 0.9, "#8d7f68"
        )


def _bed(pen: Pen, one: Placed, half: float) -> None:
    if not one.stand.lying:
        # The camera looks down on the pillow.
        head = skeleton_of(one.look, one.stand).head
        pen.shape(
            [
                (-half * 0.7, head[1] - 0.7), (half * 0.7, head[1] - 0.75), (half * 0.74, head[1] + 0.75), (-half * 0.74, head[1] + 0.8),
            ],
            "#efe6d2",
            1.0,
        )  # fmt: skip
        x = -half * 0.5
        pen.stroke([(x, head[1] - 0.3), (x + 0.2, head[1] + 0.2), (x - 0.1, head[1] + 0.5)], 0.9)
        return
    stand = one.stand
    flat = Pen(
        pen.canvas,
        placed(stand.x, stand.ground, 0.0, stand.unit, stand.left),
        pen.line,
        pen.ink,
        pen.detail,
    )
    flat.shape([(-3.9, -0.3), (3.9, -0.3), (3.9, 0.34), (-3.9, 0.34)], WOOD, 1.0, smooth=False)
    flat.shape([(-3.95, -0.52), (3.95, -0.52), (4.0, -0.16), (-4.0, -0.16)], "#e6dcc4", 0.9)
    flat.shape([(-3.85, -0.5), (-3.8, -1.0), (-2.5, -1.0), (-2.4, -0.5)], "#efe6d2", 0.9)


def _stool(pen: Pen, top: float, size: float) -> None:
    half = 0.72 * size
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (side * half * 0.95, top), (side * half * 0.75, top), (side * half * 0.8, -0.02),
                (side * half, -0.02),
            ],
            DARK,
            0.9,
            smooth=False,
        )  # fmt: skip
    pen.shape(
        [
            (-half * 1.1, top), (half * 1.1, top), (half * 1.1, top + 0.2 * size),
            (-half * 1.1, top + 0.2 * size),
        ],
        WOOD,
        1.0,
        smooth=False,
    )  # fmt: skip


def _desk(pen: Pen, top: float, size: float) -> None:
    left, right = -1.0 * size, 2.3 * size
    for x in (left + 0.12, right - 0.3 * size):
        pen.shape(
            [(x, top), (x + 0.2 * size, top), (x + 0.2 * size, -0.02), (x, -0.02)],
            DARK,
            0.9,
            smooth=False,
        )
    pen.shape(
        [(left, top), (right, top), (right, top + 0.26 * size), (left, top + 0.26 * size)],
        WOOD,
        1.0,
        smooth=False,
    )
    pen.shape(
        [
            (0.5 * size, top - 0.06), (1.6 * size, top - 0.06), (1.7 * size, top + 0.02),
            (0.4 * size, top + 0.02),
        ],
        "#f6f1e2",
        0.8,
        smooth=False,
    )  # fmt: skip
    pen.shape(
        [
            (1.8 * size, top), (1.8 * size, top - 0.3 * size), (2.05 * size, top - 0.3 * size),
            (2.05 * size, top),
        ],
        "#7f9aa0",
        0.8,
    )  # fmt: skip


def _mount(pen: Pen, back: float, one: Placed) -> None:
    """The mount, as high as the rider's seat."""
    mount = one.stand.mount
    if mount is None:
        return
    size = -back * (0.98 if mount.pose == "ride" else 1.04)
    local = pen.at(0.1, 0.0, 0, size)
    if one.stand.short and mount.pose == "ride":
        squeezed = compose(local.matrix, (0.7, 0.0, 0.0, 1.0, 0.0, 0.0))
        local = Pen(local.canvas, squeezed, local.line, local.ink, local.detail)
    draw_mount(local, mount, one.look.seed)


def _cloud(pen: Pen, size: float) -> None:
    for x, y, wide in ((-1.0, 0.1, 0.9), (0.9, 0.12, 0.8), (0.0, -0.06, 1.2), (-0.2, 0.3, 1.3)):
        pen.shape(puff(x * size, (y + 0.1) * size, wide * size), "#f6f4ee", 1.0)
