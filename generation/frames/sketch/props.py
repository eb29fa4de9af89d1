"""Things that a pose needs: seats, desks, mounts and beds."""

from __future__ import annotations

from generation.frames.sketch.camera import Placed
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.figure import figure_pen
from generation.frames.sketch.geometry import placed
from generation.frames.sketch.pose import pose_of, skeleton
from generation.frames.sketch.stage import Stage

WOOD, DARK = "#8a5a3c", "#6a4530"


def behind(stage: Stage, one: Placed, alone: bool) -> None:
    """What the figure sits on or rides."""
    prop = pose_of(one.stand.pose, one.look).prop
    pen = figure_pen(stage.canvas, one.stand)
    bones = skeleton(one.look, pose_of(one.stand.pose, one.look))
    if prop in ("seat", "desk"):
        _stool(pen, bones.pelvis[1] + 0.42 * bones.body, bones.body * max(1.0, one.look.width))
    elif prop == "mount":
        _horse(pen, bones.pelvis[1], bones.body)
    elif prop == "bed":
        _bed(pen, one, _half(stage, one, alone))


def before(stage: Stage, one: Placed, alone: bool) -> None:
    """What stands between the figure and the viewer."""
    prop = pose_of(one.stand.pose, one.look).prop
    pen = figure_pen(stage.canvas, one.stand)
    bones = skeleton(one.look, pose_of(one.stand.pose, one.look))
    if prop == "desk":
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
        head = skeleton(one.look, pose_of("lie", one.look)).head
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
    for x in (-3.5, 3.1):
        flat.shape([(x, -0.4), (x + 0.4, -0.4), (x + 0.4, 0.0), (x, 0.0)], DARK, 0.9, smooth=False)
    flat.shape([(-3.9, -0.95), (3.9, -0.95), (3.9, -0.35), (-3.9, -0.35)], WOOD, 1.0, smooth=False)
    flat.shape([(-3.8, -1.1), (3.8, -1.1), (3.85, -0.8), (-3.85, -0.8)], "#e6dcc4", 0.9)
    flat.shape([(-3.7, -1.05), (-3.6, -1.4), (-2.6, -1.4), (-2.5, -1.05)], "#efe6d2", 0.9)


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


def _horse(pen: Pen, saddle: float, size: float) -> None:
    local = pen.at(0.1, saddle + 0.35 * size, 0, size)
    ground = -(saddle + 0.35 * size) / size
    coat = "#8d6a4c"
    for x, sway in ((-1.25, -0.1), (-0.95, 0.16), (1.0, 0.1), (1.3, 0.4)):
        local.shape(
            [
                (x - 0.17, 0.5), (x - 0.1 + sway * 0.4, ground * 0.55 + 0.3),
                (x - 0.12 + sway * 0.2, ground, 0), (x + 0.14 + sway * 0.2, ground, 0),
                (x + 0.12 + sway * 0.4, ground * 0.55 + 0.3), (x + 0.2, 0.5),
            ],
            coat,
            0.95,
        )  # fmt: skip
    local.shape(
        [(-1.6, -0.1), (-1.95, 0.3), (-2.0, 1.3), (-1.75, 0.8), (-1.55, 0.3)], "#3a2a22", 0.9
    )
    body = [
        (-1.6, 0.0), (-1.2, -0.25), (0.0, -0.1), (0.9, -0.3), (1.5, -1.1), (1.75, -1.75),
        (2.0, -1.95), (2.25, -1.75), (2.85, -1.2), (2.8, -0.95), (2.5, -0.95), (2.1, -1.05),
        (1.8, -0.2), (1.6, 0.55), (0.9, 0.85), (-0.6, 0.9), (-1.4, 0.75),
    ]  # fmt: skip
    local.shape(body, coat, 1.1)
    local.shape(
        [(1.0, -0.35), (1.35, -1.2), (1.7, -1.85), (1.85, -1.9), (1.6, -1.1), (1.2, -0.3)],
        "#3a2a22",
        0.8,
    )
    local.shape([(1.85, -1.85), (1.92, -2.2), (2.06, -1.86)], coat, 0.8)
    local.disc(2.2, -1.45, 0.06, 0.07, "#1d1512")
    local.stroke([(2.7, -1.15), (1.6, -0.7), (0.7, -0.55)], 1.3, DARK, start=0.8, end=0.8)
    local.shape([(-0.6, -0.24), (0.6, -0.3), (0.7, 0.3), (-0.65, 0.35)], "#9c4336", 0.95)
