"""Drawings of a few marks that go out as SVG (on a page or by itself), and as a PNG of the same marks.

A mark says what it is (`role`: ink, grid, head, bar…), not its colour: a page's stylesheet colours
it in light and dark, a file that leaves the house carries the colours of paper.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from PIL import Image, ImageColor, ImageDraw, ImageFont

Point = tuple[float, float]

COLOURS = {
    "ink": "#1f1a17", "soft": "#6b625b", "grid": "#e7dfd6", "head": "#dc2626", "mid": "#d97706",
    "entry": "#0284c7", "all": "#57534e", "accent": "#d9480f", "good": "#15803d", "other": "#7c3aed",
}  # fmt: skip
PAPER = "#ffffff"
BAND_OPACITY = 0.16
SCALE = 2
_FONT = "NotoSansCJK-VF.otf.ttc"
_SIMPLIFIED = 2  # the face of the collection; Han characters differ by region
_WEIGHT = 450
_STACK = (
    "Inter, 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)


@dataclass(frozen=True)
class Line:
    points: tuple[Point, ...]
    role: str = "ink"
    width: float = 1.6
    dashed: bool = False


@dataclass(frozen=True)
class Area:
    """A filled outline; a band is see-through, so that what lies behind it is seen."""

    points: tuple[Point, ...]
    role: str = "all"
    band: bool = True


@dataclass(frozen=True)
class Text:
    at: Point
    text: str
    role: str = "ink"
    anchor: str = "start"
    size: int = 12


Mark = Line | Area | Text


@dataclass
class Figure:
    """`label` says in words what is drawn, for who cannot see it."""

    width: int
    height: int
    label: str
    marks: list[Mark] = field(default_factory=list)

    def line(self, points: Iterable[Point], role: str = "ink", **look: float | bool) -> None:
        self.marks.append(Line(tuple(points), role, **look))  # type: ignore[arg-type]

    def area(self, points: Iterable[Point], role: str = "all", *, band: bool = True) -> None:
        self.marks.append(Area(tuple(points), role, band))

    def box(self, x: float, y: float, width: float, height: float, role: str) -> None:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.area(corners, role, band=False)

    def text(
        self, x: float, y: float, text: object, role: str = "ink", *, anchor: str = "start",
        size: int = 12,
    ) -> None:  # fmt: skip
        self.marks.append(Text((x, y), str(text), role, anchor, size))

    def whisker(self, low: float, high: float, y: float, role: str = "ink") -> None:
        self.line([(low, y), (high, y)], role)
        for x in (low, high):
            self.line([(x, y - 5), (x, y + 5)], role)

    def upright(self, x: float, top: float, bottom: float, role: str = "ink") -> None:
        self.line([(x, top), (x, bottom)], role)
        for y in (top, bottom):
            self.line([(x - 4, y), (x + 4, y)], role)

    @property
    def inline(self) -> SafeString:
        """SVG for a page, coloured by its stylesheet."""
        return self._svg(SafeString(""), SafeString(' class="pj-chart pj-plot"'))

    def svg(self) -> str:
        """SVG as a file, with the colours of paper."""
        style = "".join(
            f".l-{role}{{stroke:{colour}}}.f-{role}{{fill:{colour}}}"
            for role, colour in COLOURS.items()
        )
        style += f".band{{fill-opacity:{BAND_OPACITY}}}text{{font-family:{_STACK}}}"
        head = format_html(
            '<style>{}</style><rect width="100%" height="100%" fill="{}"/>',
            mark_safe(style),  # noqa: S308  our own constants
            PAPER,
        )
        return '<?xml version="1.0" encoding="UTF-8"?>\n' + self._svg(head, SafeString(""))

    def _svg(self, head: SafeString, attributes: SafeString) -> SafeString:
        return format_html(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" '
            'role="img" aria-label="{}"{}>{}{}</svg>',
            self.width, self.height, self.width, self.height, self.label, attributes, head,
            format_html_join("", "{}", ((_element(mark),) for mark in self.marks)),
        )  # fmt: skip

    def png(self) -> bytes:
        """The same marks as a picture, twice the size."""
        picture = Image.new("RGB", (self.width * SCALE, self.height * SCALE), PAPER)
        for mark in self.marks:
            picture = _painted(picture, mark)
        buffer = BytesIO()
        picture.save(buffer, "PNG", optimize=True)
        return buffer.getvalue()


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _element(mark: Mark) -> SafeString:
    if isinstance(mark, Line):
        return format_html(
            '<polyline class="l-{}" points="{}" fill="none" stroke-width="{}"{}/>',
            mark.role, _path(mark.points), f"{mark.width:g}",
            SafeString(' stroke-dasharray="4 3"' if mark.dashed else ""),
        )  # fmt: skip
    if isinstance(mark, Area):
        return format_html(
            '<polygon class="f-{}{}" points="{}"/>',
            mark.role, " band" if mark.band else "", _path(mark.points),
        )  # fmt: skip
    return format_html(
        '<text class="f-{}" x="{}" y="{}" text-anchor="{}" font-size="{}">{}</text>',
        mark.role, f"{mark.at[0]:.1f}", f"{mark.at[1]:.1f}", mark.anchor, mark.size, mark.text,
    )  # fmt: skip


@lru_cache(maxsize=8)
def _font(size: int) -> ImageFont.FreeTypeFont:
    path = str(files("manimgx_fonts_cjk") / _FONT)
    font = ImageFont.truetype(path, size * SCALE, index=_SIMPLIFIED)
    font.set_variation_by_axes([_WEIGHT])
    return font


def _painted(picture: Image.Image, mark: Mark) -> Image.Image:
    colour = ImageColor.getrgb(COLOURS[mark.role])
    draw = ImageDraw.Draw(picture)
    if isinstance(mark, Text):
        anchor = {"start": "ls", "middle": "ms", "end": "rs"}[mark.anchor]
        at = (mark.at[0] * SCALE, mark.at[1] * SCALE)
        draw.text(at, mark.text, fill=colour, font=_font(mark.size), anchor=anchor)
        return picture
    points = [(x * SCALE, y * SCALE) for x, y in mark.points]
    if isinstance(mark, Line):
        width = max(1, round(mark.width * SCALE))
        for start, end in _dashes(points) if mark.dashed else [(points[:-1], points[1:])]:
            for first, second in zip(start, end, strict=True):
                draw.line([first, second], fill=colour, width=width)
        return picture
    if not mark.band:
        draw.polygon(points, fill=colour)
        return picture
    over = picture.copy()
    ImageDraw.Draw(over).polygon(points, fill=colour)
    return Image.blend(picture, over, BAND_OPACITY)


def _dashes(points: Sequence[Point]) -> list[tuple[list[Point], list[Point]]]:
    """Pieces of 8 pixels with gaps of 6 along straight stretches."""
    found = []
    for (x, y), (to_x, to_y) in zip(points, points[1:], strict=False):
        length = max(((to_x - x) ** 2 + (to_y - y) ** 2) ** 0.5, 1e-9)
        step = 0.0
        while step < length:
            a, b = step / length, min(1.0, (step + 8) / length)
            start = (x + (to_x - x) * a, y + (to_y - y) * a)
            found.append(([start], [(x + (to_x - x) * b, y + (to_y - y) * b)]))
            step += 14
    return found
