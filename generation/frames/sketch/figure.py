"""One character drawn whole: the order of the parts, from the back to the front."""

from __future__ import annotations

from dataclasses import dataclass

from generation.frames.sketch import accessory, garments, head, held, tails, torso
from generation.frames.sketch.canvas import Canvas, Pen
from generation.frames.sketch.geometry import placed
from generation.frames.sketch.look import Look
from generation.frames.sketch.pose import Skeleton, pose_of
from generation.frames.sketch.pose import skeleton as joints
from generation.frames.sketch.riding import Mount

INK = "#2b2422"


@dataclass(frozen=True)
class Stand:
    """Where and how a figure stands in the picture; px, y downwards."""

    x: float
    ground: float
    unit: float  # px of an adult's head
    left: bool  # faces to the left
    pose: str = "stand"
    expression: str = "neutral"
    turn: float = 0.7  # 0 = frontal, 1 = three-quarter view
    speaking: bool = False
    lying: bool = False  # drawn lengthwise on its back
    close: bool = False  # somebody stands right beside it
    thing: str = ""  # what the near hand holds for the moment
    mount: Mount | None = None
    short: bool = False  # the mount is seen more from the front: several ride in one frame
    indoors: bool = False


def detail_of(unit: float) -> float:
    """How much detail figures of that size can carry, 0..1."""
    return max(0.15, min(1.0, unit / 110))


def line_of(unit: float) -> float:
    """Ink width in px for figures of that size."""
    return max(1.1, min(6.4, 0.7 + unit * 0.024))


def draw_figure(canvas: Canvas, look: Look, stand: Stand) -> Skeleton:
    """Draws the character and returns its joints in figure space."""
    bones = skeleton_of(look, stand)
    pen = figure_pen(canvas, stand)
    head_pen = pen.at(bones.head[0], bones.head[1], bones.tilt, look.head)
    tails.behind(pen, look, bones)
    accessory.behind(pen, look, bones)
    head.draw_behind(head_pen, look, stand.turn)
    garments.sleeve(pen, look, bones, near=False)
    garments.legs(pen, look, bones)
    torso.neck(pen, look, bones)
    garments.skirt(pen, look, bones)
    torso.draw_torso(pen, look, bones)
    accessory.at_waist(pen, look, bones)
    accessory.scarf(pen, look, bones)
    head.draw_head(head_pen, look, stand.expression, stand.turn, stand.speaking)
    accessory.in_hand(pen, look, bones)
    held.in_hand(pen, stand.thing, bones)
    garments.sleeve(pen, look, bones, near=True)
    return bones


def skeleton_of(look: Look, stand: Stand) -> Skeleton:
    """The joints of a character as it stands."""
    return joints(look, pose_of(stand.pose, look, stand.close, stand.indoors))


def figure_pen(canvas: Canvas, stand: Stand) -> Pen:
    """The pen of figure space for a stand."""
    if stand.lying:
        side = 1.0 if stand.left else -1.0
        middle = stand.x - side * 3.2 * stand.unit
        matrix = placed(middle, stand.ground - 0.85 * stand.unit, 90 * side, stand.unit, stand.left)
    else:
        matrix = placed(stand.x, stand.ground, 0.0, stand.unit, stand.left)
    return Pen(canvas, matrix, line_of(stand.unit), INK, detail_of(stand.unit))
