"""A drawing as a PNG, with a Chinese font that comes with the program."""

import io
import math
from functools import lru_cache
from importlib.resources import files
from pathlib import Path as FilePath

from PIL import Image, ImageDraw, ImageFont

from insights.drawing.shapes import Circle, Drawing, Line, Path, Rect, Shape, Text, colour

SCALE = 2
"""Pixels of the file to a pixel of the drawing, for print and for dense screens."""
_FINER = 2  # drawn finer and made smaller: the drawing library does not smooth edges
_UNIT = SCALE * _FINER
_SIMPLIFIED = 2  # the font collection's face with Simplified Chinese forms
_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}
_TITLE = 40


@lru_cache(maxsize=64)
def _font(size: int, bold: bool) -> ImageFont.FreeTypeFont:
    path = FilePath(str(files("manimgx_fonts_cjk") / "NotoSansCJK-VF.otf.ttc"))
    font = ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
    font.set_variation_by_axes([650 if bold else 420])
    return font


def png(drawing: Drawing, title: str = "") -> bytes:
    """PNG bytes, `SCALE` times the drawing's size, on white; `title` stands above the drawing."""
    top = _TITLE if title else 0
    size = (drawing.width * _UNIT, (drawing.height + top) * _UNIT)
    picture = Image.new("RGB", size, colour("card"))
    pen = ImageDraw.Draw(picture, "RGBA")
    for shape in drawing.shapes:
        _draw(pen, shape, top)
    if title:
        _draw(pen, Text(16, 26, title, 16, bold=True), 0)
    small = picture.reduce(_FINER)
    stream = io.BytesIO()
    small.quantize(colors=128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        stream, "PNG", dpi=(96 * SCALE, 96 * SCALE)
    )
    return stream.getvalue()


def _draw(pen: ImageDraw.ImageDraw, shape: Shape, top: int) -> None:
    paint = colour(shape.role)
    if isinstance(shape, Line):
        _polyline(
            pen, [(shape.x1, shape.y1), (shape.x2, shape.y2)], paint, shape.width, shape.dashed, top
        )
    elif isinstance(shape, Path):
        _polyline(pen, list(shape.points), paint, shape.width, shape.dashed, top)
    elif isinstance(shape, Rect):
        box = (
            *_at(shape.x, shape.y, top),
            *_at(shape.x + shape.width, shape.y + shape.height, top),
        )
        pen.rounded_rectangle(box, shape.radius * _UNIT, fill=_clear(paint, shape.opacity))
    elif isinstance(shape, Circle):
        x, y = _at(shape.x, shape.y, top)
        reach = shape.radius * _UNIT
        box = (x - reach, y - reach, x + reach, y + reach)
        if shape.hollow:
            pen.ellipse(box, fill=colour("card"), outline=paint, width=round(1.6 * _UNIT))
        else:
            pen.ellipse(box, fill=paint)
    else:
        font = _font(round(shape.size * _UNIT), shape.bold)
        pen.text(_at(shape.x, shape.y, top), shape.text, paint, font, _ANCHORS[shape.anchor])


def _at(x: float, y: float, top: int) -> tuple[float, float]:
    return x * _UNIT, (y + top) * _UNIT


def _clear(paint: str, opacity: float) -> tuple[int, int, int, int]:
    red, green, blue = (int(paint[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue, round(255 * opacity)


def _polyline(
    pen: ImageDraw.ImageDraw,
    points: list[tuple[float, float]],
    paint: str,
    width: float,
    dashed: bool,
    top: int,
) -> None:
    placed = [_at(x, y, top) for x, y in points]
    thick = max(1, round(width * _UNIT))
    if not dashed:
        pen.line(placed, fill=paint, width=thick, joint="curve")
        return
    for (x1, y1), (x2, y2) in zip(placed, placed[1:], strict=False):
        length = math.hypot(x2 - x1, y2 - y1)
        step, dash = 9 * _UNIT, 5 * _UNIT
        for number in range(math.ceil(length / step)):
            start, end = number * step / length, min(1.0, (number * step + dash) / length)
            pen.line(
                [
                    (x1 + (x2 - x1) * start, y1 + (y2 - y1) * start),
                    (x1 + (x2 - x1) * end, y1 + (y2 - y1) * end),
                ],
                fill=paint,
                width=thick,
            )
