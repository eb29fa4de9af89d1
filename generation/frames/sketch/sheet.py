"""Character sheets: the fixed look of one character on one page."""

from __future__ import annotations

from collections.abc import Mapping

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Canvas, Pen
from generation.frames.sketch.figure import INK, Stand, detail_of, draw_figure, line_of
from generation.frames.sketch.geometry import IDENTITY, placed
from generation.frames.sketch.head import draw_behind, draw_head
from generation.frames.sketch.lettering import measure, write
from generation.frames.sketch.look import Look, look_of
from generation.frames.sketch.panel import Panel, checked_size

PAPER = "#f4eee0"


def character_sheet(person: Mapping[str, object], *, size: tuple[int, int] = (1080, 1080)) -> Panel:
    """Front view, close-up of the face, colour swatches and name of one of `cast`.

    `size` is (width, height) in px, each 64 to 8192; else BadSizeError.
    """
    width, height = checked_size(size)
    look = look_of(person)
    canvas = Canvas(width, height)
    canvas.rect(0, 0, width, height, PAPER)
    side = min(width, height)
    canvas.rect(0, height * 0.86, width, height * 0.14, colour.darker(PAPER, 0.06))
    unit = min(height * 0.78 / 7.6, width * 0.5 / 3.4)
    draw_figure(canvas, look, Stand(width * 0.3, height * 0.9, unit, False, turn=0.0))
    _close_up(canvas, look, width, height)
    _swatches(canvas, look, width, height)
    name = look.name or look.id
    letters = side * 0.06
    letters = min(letters, letters * width * 0.4 / max(1.0, measure(name, letters)))
    write(canvas, name, width * 0.55, height * 0.1, letters, INK)
    return Panel(width, height, canvas.svg(), (look.id,))


def _close_up(canvas: Canvas, look: Look, width: int, height: int) -> None:
    unit = min(width, height) * 0.3
    x, y = width * 0.74, height * 0.44
    frame = placed(x, y)
    corners = Pen(canvas, frame, line_of(unit), INK)
    half = min(width * 0.21, height * 0.28)
    box = corners.shape(
        [(-half, -half * 1.05), (half, -half * 1.05), (half, half), (-half, half)],
        colour.mix(look.primary, PAPER, 0.8),
        0,
        smooth=False,
    )
    with canvas.clip(box):
        pen = Pen(
            canvas, placed(x, y + unit * 0.04, 0, unit * 0.98), line_of(unit), INK, detail_of(unit)
        )
        draw_behind(pen, look, 0.0)
        pen.shape(
            [
                (-0.17, 0.2), (-0.2, 0.62), (-0.7, 0.85), (-0.8, 1.4), (0.8, 1.4), (0.7, 0.85),
                (0.2, 0.62), (0.17, 0.2),
            ],
            look.primary,
            1.0,
        )  # fmt: skip
        pen.shape(
            [(-0.16, 0.2), (-0.19, 0.62), (0.0, 0.86), (0.19, 0.62), (0.16, 0.2)],
            look.skin_colour,
            0.9,
        )
        for edge in (-1.0, 1.0):
            pen.shape(
                [
                    (edge * 0.18, 0.56), (edge * 0.28, 0.66), (edge * 0.06, 1.1),
                    (-edge * 0.04, 0.96),
                ],
                look.secondary,
                0.9,
            )  # fmt: skip
        draw_head(pen, look, "neutral", 0.0)
    corners.contour(box, 1.0)


def _swatches(canvas: Canvas, look: Look, width: int, height: int) -> None:
    side = min(width, height) * 0.085
    pen = Pen(canvas, IDENTITY, max(1.5, side * 0.03), INK)
    paints = (look.primary, look.secondary, look.hair_paint, look.skin_colour)
    for index, paint in enumerate(paints):
        x, y = width * 0.55 + index * side * 1.2, height * 0.77
        pen.shape(
            [(x, y), (x + side, y), (x + side, y + side), (x, y + side)], paint, 1.0, smooth=False
        )
        write(canvas, paint, x, y + side * 1.32, side * 0.24, INK)
