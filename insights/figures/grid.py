"""A drawing of rows × tiers: each cell shaded by its number, which is said in words on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from insights.drawing import Drawing, Rect, Shape, Text, fit
from insights.findings.corpus import TIERS
from insights.selectors import tier_label

WIDTH, LABEL, ROW, TOP = 900, 130, 62, 36
COLUMN = (WIDTH - LABEL) / len(TIERS)
_LINES = (36, 50)  # where the lines below the head stand


@dataclass(frozen=True)
class Below:
    text: str
    size: float = 11
    role: str = "ink"


@dataclass(frozen=True)
class Told:
    """A cell: `shade` from 0 to 1, none for a cell that has only words instead of a number."""

    head: str
    shade: float | None = None
    size: float = 16
    below: tuple[Below, ...] = ()


NOTHING = Told("—")


def grid(alt: str, rows: Sequence[tuple[str, Mapping[str, Told]]]) -> Drawing:
    """Each row's name and its cells by tier; `alt` says what the numbers are."""
    shapes: list[Shape] = []
    for index, tier in enumerate(TIERS):
        middle = LABEL + COLUMN * (index + 0.5)
        shapes.append(Text(middle, 22, tier_label(tier), 14, tier, "middle", True))
    for row, (name, cells) in enumerate(rows):
        y = TOP + row * ROW
        title = fit(name, 14, LABEL - 16)
        shapes.append(Text(LABEL - 14, y + ROW / 2 + 4, title, 14, "ink", "end"))
        for index, tier in enumerate(TIERS):
            shapes += _cell(cells[tier], LABEL + index * COLUMN, y)
    return Drawing(WIDTH, TOP + ROW * len(rows) + 6, alt, tuple(shapes))


def _cell(told: Told, x: float, y: float) -> list[Shape]:
    width, height, middle = round(COLUMN - 6, 1), ROW - 6, round(x + (COLUMN - 6) / 2, 1)
    shapes: list[Shape] = [Rect(round(x, 1), y, width, height, "band", 1, 6)]
    if told.shade is None:
        return [*shapes, Text(middle, y + height / 2 + 4, told.head, 13, "soft", "middle")]
    shade = Rect(round(x, 1), y, width, height, "accent", round(told.shade, 2), 6)
    shapes += [shade, Text(middle, y + 22, told.head, told.size, "ink", "middle", True)]
    return shapes + [
        Text(middle, y + at, line.text, line.size, line.role, "middle")
        for at, line in zip(_LINES, told.below, strict=False)
    ]
