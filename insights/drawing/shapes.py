"""The shapes that a chart is made of, in pixels from the top left."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

PALETTE = {
    "ink": "#1f1a17", "soft": "#6b625b", "line": "#e7dfd6", "card": "#ffffff",
    "accent": "#d9480f", "head": "#dc2626", "mid": "#d97706", "entry": "#0284c7",
    "all": "#57534e", "good": "#15803d", "bad": "#b91c1c", "band": "#f4ede4",
    "one": "#2563eb", "two": "#059669", "three": "#d97706", "four": "#dc2626",
}  # fmt: skip
"""Role → colour on paper; other roles are colours themselves, as #rrggbb."""


def colour(role: str) -> str:
    return PALETTE.get(role, role)


@dataclass(frozen=True)
class Line:
    kind: ClassVar[str] = "line"
    x1: float
    y1: float
    x2: float
    y2: float
    role: str = "line"
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True)
class Rect:
    kind: ClassVar[str] = "rect"
    x: float
    y: float
    width: float
    height: float
    role: str = "all"
    opacity: float = 1
    radius: float = 0
    title: str = ""


@dataclass(frozen=True)
class Circle:
    """`hollow` draws a ring; `href` opens what the point stands for, in a page only."""

    kind: ClassVar[str] = "circle"
    x: float
    y: float
    radius: float
    role: str = "all"
    hollow: bool = False
    href: str = ""
    title: str = ""


@dataclass(frozen=True)
class Path:
    """An open line through points."""

    kind: ClassVar[str] = "path"
    points: tuple[tuple[float, float], ...]
    role: str = "all"
    width: float = 2
    dashed: bool = False

    @property
    def written(self) -> str:
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


@dataclass(frozen=True)
class Text:
    """One line of text whose base line is at `y`; `anchor` is start, middle or end."""

    kind: ClassVar[str] = "text"
    x: float
    y: float
    text: str
    size: float = 12
    role: str = "ink"
    anchor: str = "start"
    bold: bool = False
    href: str = ""


Shape = Line | Rect | Circle | Path | Text


@dataclass(frozen=True)
class Drawing:
    """`label` says in words what is seen, for who does not see it."""

    width: int
    height: int
    label: str
    shapes: tuple[Shape, ...] = field(default=())


def width_of(text: str, size: float) -> float:
    """About how wide the text is: a Chinese character takes one em, a Latin one about half."""
    return size * sum(
        1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.56 for character in text
    )


def fit(text: str, size: float, room: float) -> str:
    """The text, cut with an ellipsis where it is wider than `room`."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text, size) + size > room:
        text = text[:-1]
    return text.rstrip() + "…"


def ticks(low: float, high: float, wanted: int = 5) -> Sequence[float]:
    """Round numbers from `low` to beyond `high`, about `wanted` of them."""
    span = max(high - low, 1e-9)
    step = 10.0 ** len(str(int(span)))
    while span / step < wanted:
        step /= 2 if str(step).lstrip("0.")[:1] in "12" else 2.5
    found = [low]
    while found[-1] < high - 1e-9:
        found.append(round(found[-1] + step, 6))
    return found
