"""Text as outlines and speech balloons: the SVG needs no font where it is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from generation.frames.errors import FrameError
from generation.frames.sketch.canvas import Canvas, Pen
from generation.frames.sketch.figure import skeleton_of
from generation.frames.sketch.framings import Placed
from generation.frames.sketch.geometry import IDENTITY, arc

SIMPLIFIED = 2  # index of the Simplified Chinese face in the collection
WEIGHT = 500  # the variable font's default is Thin
NO_BREAK_BEFORE = frozenset("，。！？；：、”’）》」』…—,.!?;:)\"'")
QUOTES = " \n\u3000“”‘’「」『』\"'"
# The font draws these as wide as a Chinese character; between Latin letters they are narrow.
NARROW = {"’": "'", "‘": "'", "“": '"', "”": '"'}


class FontMissingError(FrameError):
    """The CJK font package is not installed."""

    code = "font_missing"


def font_path() -> Path:
    """The CJK font collection inside of its package; FontMissingError where absent."""
    spec = find_spec("manimgx_fonts_cjk")
    folder = Path(spec.origin).parent if spec is not None and spec.origin else None
    found = sorted(folder.glob("*.ttc")) if folder is not None else []
    if not found:
        raise FontMissingError(
            "the package manimgx-fonts-cjk with its CJK font is not installed; install the requirements"
        )
    return found[0]


@dataclass(frozen=True)
class _Face:
    characters: Mapping[int, str]
    glyphs: object
    em: int


@lru_cache(maxsize=1)
def _face() -> _Face:
    font = TTFont(font_path(), fontNumber=SIMPLIFIED, lazy=True)
    return _Face(
        font.getBestCmap(), font.getGlyphSet(location={"wght": WEIGHT}), font["head"].unitsPerEm
    )


@dataclass(frozen=True)
class Glyph:
    """One character's outline, recorded in font units, and its advance in em."""

    outline: DecomposingRecordingPen
    advance: float


@lru_cache(maxsize=4096)
def glyph(character: str) -> Glyph:
    """The outline of one character; characters that the font lacks show its missing-glyph box."""
    face = _face()
    name = face.characters.get(ord(character), ".notdef")
    shape = face.glyphs[name]  # type: ignore[index]
    pen = DecomposingRecordingPen(face.glyphs)
    shape.draw(pen)
    return Glyph(pen, shape.width / face.em)


def measure(text: str, size: float) -> float:
    """Width of one line, px."""
    return sum(glyph(c).advance for c in text) * size


def write(canvas: Canvas, text: str, x: float, y: float, size: float, fill: str) -> None:
    """One line of text from its left end on the baseline (px)."""
    scale = size * 10 / _face().em
    for character in text:
        one = glyph(character)
        out = SVGPathPen(None, ntos=lambda value: str(round(value)))
        one.outline.replay(TransformPen(out, (scale, 0, 0, -scale, x * 10, y * 10)))
        commands = out.getCommands()
        if commands:
            canvas.add(commands, fill)
        x += one.advance * size


def wrap(text: str, size: float, width: float) -> list[str]:
    """Lines no wider than `width` px; closing punctuation never starts a line."""
    lines, line, used = [], "", 0.0
    for character in " ".join(text.split()):
        advance = glyph(character).advance * size
        if line and used + advance > width and character not in NO_BREAK_BEFORE:
            cut = line.rfind(" ") if character.isascii() and character.isalnum() else -1
            head, tail = (line[:cut], line[cut + 1 :]) if cut > 0 else (line, "")
            lines.append(head.rstrip())
            line, used = tail, measure(tail, size)
        line += character
        used += advance
    return [*lines, line] if line else lines


MOST_LINES = 4


def said(speech: str) -> str:
    """What stands in a balloon: without the marks around it, with narrow ones in a Latin text."""
    bare = speech.strip(QUOTES)
    if sum(c.isascii() for c in bare) * 2 > len(bare):
        bare = "".join(NARROW.get(c, c) for c in bare)
    return bare


def balloons(canvas: Canvas, people: Sequence[Placed], text: Mapping[str, str]) -> None:
    """A balloon for each speaker in the picture: over the heads, below them where that is full.

    Four lines are shown; a longer speech ends in an ellipsis. No balloon lies over a head or over
    another balloon.
    """
    size = min(canvas.width, canvas.height) * 0.034
    heads = [_head_of(one) for one in people]
    top, low = canvas.height * 0.03, canvas.height * 0.975
    # Read from the first to the last who speaks, as the text has them.
    spoken = {who: order for order, who in enumerate(text)}
    for one in sorted(people, key=lambda one: spoken.get(one.look.id, len(spoken))):
        speech = said(text.get(one.look.id, ""))
        if not speech:
            continue
        lines = _shortened(wrap(speech, size, canvas.width * (0.6 if len(speech) > 40 else 0.5)))
        wide = max(measure(line, size) for line in lines) + size * 1.8
        high = size * (1.42 * len(lines) + 1.1)
        x = min(max(one.stand.x - wide / 2, size), canvas.width - wide - size)
        above = all(
            right < x or left > x + wide or crown > top + high + size * 0.4
            for left, crown, right in heads
        )
        y = top if above else low - high
        if above:
            top += high + size * 0.8
        else:
            low -= high + size * 0.8
        _balloon(canvas, (x, y, wide, high), one, above)
        for row, line in enumerate(lines):
            write(canvas, line, x + size * 0.9, y + size * (1.42 * row + 1.6), size, "#221c1a")


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][:-1] + "…"]


def _head_of(one: Placed) -> tuple[float, float, float]:
    """Left, crown and right of a head with what is worn on it, px."""
    bones, stand = skeleton_of(one.look, one.stand), one.stand
    side = -1.0 if stand.left else 1.0
    x, reach = stand.x + side * bones.head[0] * stand.unit, 0.62 * one.look.head * stand.unit
    if stand.lying:
        return (
            stand.x - 3.5 * stand.unit,
            stand.ground - 1.8 * stand.unit,
            stand.x + 3.5 * stand.unit,
        )
    return x - reach, stand.ground + (bones.head[1] - 0.72 * one.look.head) * stand.unit, x + reach


def _balloon(
    canvas: Canvas, box: tuple[float, float, float, float], one: Placed, above: bool
) -> None:
    x, y, wide, high = box
    pen = Pen(canvas, IDENTITY, max(2.0, canvas.width * 0.003))
    left, crown, right = _head_of(one)
    mouth_x, mouth_y = (left + right) / 2, crown + 1.0 * one.stand.unit * one.look.head
    foot = min(max(mouth_x, x + wide * 0.2), x + wide * 0.8)
    drop = min(canvas.height * 0.045, abs(mouth_y - (y + high if above else y)) * 0.5)
    round_ = min(high * 0.3, canvas.width * 0.028)
    west, east, north, south = x + round_, x + wide - round_, y + round_, y + high - round_
    corners = [
        arc(west, north, round_, round_, 180, 270, 8),
        arc(east, north, round_, round_, 270, 360, 8),
        arc(east, south, round_, round_, 0, 90, 8),
        arc(west, south, round_, round_, 90, 180, 8),
    ]
    edge, way = (y + high, 1.0) if above else (y, -1.0)
    tip = (foot + (mouth_x - foot) * 0.4, edge + way * drop)
    tail = [(foot + way * wide * 0.05, edge), tip, (foot - way * wide * 0.03, edge)]
    corners.insert(3 if above else 1, tail)
    pen.shape([point for part in corners for point in part], "#fffdf7", 1.2, smooth=False)
